"""One size of `bench feed`, in a process of its own: prints its figures as one JSON object."""

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.measuring import own_database, peak_megabytes, sign_in_as, the_cluster

EPISODES_A_CHILD = 3
cluster = the_cluster()
own_database("bench_feed", cluster)

from django.apps import apps  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.models import Model  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.children.models import Child  # noqa: E402
from atlas.feeds.commands.delivery import File, commit_delivery, receive_delivery  # noqa: E402
from atlas.people.models import Name, Person  # noqa: E402
from bench.multiply import copy_rows  # noqa: E402
from bench.police_file import write_file  # noqa: E402
from tests.factories import NOW, feed_post, post, team  # noqa: E402
from tests.world import World, make_world  # noqa: E402

# The tables that a historic report leaves rows in, in the order in which their keys point at each other.
WRITTEN = (
    "feeds.Delivery", "feeds.Row", "chronology.Entry", "missing.Episode", "missing.StatusChange", "missing.PoliceGrade",
    "clocks.Clock", "missing.ReturnInterview", "gate.Act",
)  # fmt: skip


def make_children(world: World, count: int) -> None:
    """So many children, each with a name of its own, by the superuser from one that commands made."""
    for model, own in ((Person, "id"), (Child, "person_id"), (Name, "id")):
        changes = {own: f"md5(t.{own}::text || n)::uuid"}
        if model is Name:
            changes |= {"person_id": "md5(t.person_id::text || n)::uuid", "surname": "'Example' || n", "key": "'ashby example' || n"}
        if model is Child:
            changes |= {"name": "'Ashby Example' || n"}
        where = f"t.{'person_id' if model is not Person else 'id'} = '{world.child.pk}'"
        copy_rows(cluster, "bench_feed", model, count, changes, where)
    cluster.sql("bench_feed", "VACUUM ANALYZE")


def ours(world: World, officer: Post, rows: int) -> tuple[float, float, float]:
    """Seconds to receive, to take, and the peak of memory."""
    feed = feed_post(world.authority)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "northmarch.csv"
        faults = write_file(path, rows, max(1, rows // EPISODES_A_CHILD))
        start = time.perf_counter()
        delivery = receive_delivery(
            file=File(path, path.name), layout="northmarch", authority=world.authority, carried_by=feed, as_at=NOW, is_historic=True,
            by=officer, at=NOW,
        )  # fmt: skip
        received = time.perf_counter()
        commit_delivery(delivery=delivery, by=officer, at=NOW)
        taken = time.perf_counter()
    states = cluster.sql("bench_feed", "SELECT state || ' ' || count(*) FROM feeds_row GROUP BY state ORDER BY 1").split("\n")
    assert [line for line in states if line] == [f"applied {rows - faults}", f"quarantined {faults}"], states
    assert cluster.sql("bench_feed", "SELECT count(*) FROM missing_episode").strip() == str(rows - faults)
    return received - start, taken - received, peak_megabytes()


def bare() -> tuple[float, int]:
    """Seconds of `bulk_create` for the very rows that ours wrote, and how many rows they are."""
    sign_in_as(cluster, "postgres")
    before = {label: set(_ids(apps.get_model(label), "bench_feed_bare")) for label in WRITTEN}
    written = {label: [row for row in _all(apps.get_model(label)) if row.pk not in before[label]] for label in WRITTEN}
    _use("bench_feed_bare")
    start = time.perf_counter()
    for label in WRITTEN:
        apps.get_model(label)._default_manager.bulk_create(written[label], batch_size=500)
    return time.perf_counter() - start, sum(map(len, written.values()))


def _all(model: type[Model]) -> Iterable[Model]:
    return list(model._base_manager.all())


def _ids(model: type[Model], name: str) -> Iterable[Any]:
    found = cluster.sql(name, f"SELECT {model._meta.pk.column} FROM {model._meta.db_table}").split()
    return [model._meta.pk.to_python(one) for one in found]


def _use(name: str) -> None:
    connection: Any = connections["default"]
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name


def one_size(rows: int) -> dict[str, float]:
    """Both, on databases that start the same."""
    world = make_world()
    make_children(world, max(1, rows // EPISODES_A_CHILD))
    officer = post("data_officer", of=team("Data"))
    connections["default"].close()
    connections["default"].close_pool()  # type: ignore[attr-defined]
    cluster.copy("bench_feed", "bench_feed_bare")
    receive_s, take_s, megabytes = ours(world, officer, rows)
    bare_s, count = bare()
    return {"receive": receive_s, "take": take_s, "megabytes": megabytes, "bare": bare_s, "rows": count}


if __name__ == "__main__":
    print(json.dumps(one_size(int(sys.argv[1]))))
