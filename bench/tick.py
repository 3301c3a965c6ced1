"""Tick over 100,000 running clocks, 1 % of them overdue; and every timeliness measure over 100,000 episodes by plain queries.

Rows are multiplied by SQL from command-made ones, as the owner of the tables never could in service; invariants are
checked after. Peer: one bare UPDATE … RETURNING of the same overdue rows, and one bare COUNT over the same episodes.
"""

import sys
import time
from datetime import timedelta

from bench.measuring import last_line, own_database, p95, seconds, sign_in_as, table, the_cluster

QUICK = "--quick" in sys.argv
SIZE = 10_000 if QUICK else 100_000
cluster = the_cluster()
own_database("bench_tick", cluster)

from django.db import connection  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.oversight.queries import counts, returned_episodes  # noqa: E402
from atlas.tick import tick  # noqa: E402
from tests.factories import NOW, post, team  # noqa: E402
from tests.missing.test_spine import COMPLETE, returned  # noqa: E402
from tests.world import make_world  # noqa: E402


def multiply() -> tuple[object, Post]:
    """One child's year, many times: the same rows with other ids, by the superuser (row security would not let the service)."""
    from atlas.chronology.moments import Moment
    from atlas.missing.commands.talk import record_interview

    world = make_world()
    interview = returned(world)
    held = NOW + timedelta(hours=40)
    record_interview(interview=interview, conversation=COMPLETE, held_at=Moment(held), by=world.interviewer, at=held)
    service = post("tick", of=team("Systems"))
    Post.objects.filter(pk=service.pk).update(is_service=True)
    copy = _copies("bench_tick")
    copy("missing_episode", "id = gen_random_uuid(), reference = 'B' || n, returned_at = returned_at - (n || ' minutes')::interval * 4")
    cluster.sql("bench_tick", _INTERVIEWS)
    copy("clocks_clock", "id = gen_random_uuid(), outcome = 'running', stopped_at = NULL, stopped_by_id = NULL, about_id = gen_random_uuid(), "
         "due_at = due_at + (n || ' minutes')::interval, due_latest_at = due_latest_at + (n || ' minutes')::interval")  # fmt: skip
    cluster.sql("bench_tick", "ANALYZE")
    return world, service


_INTERVIEWS = """
INSERT INTO missing_returninterview
SELECT (json_populate_record(i, json_build_object('id', gen_random_uuid(), 'episode_id', e.id))).*
FROM missing_returninterview i CROSS JOIN missing_episode e
WHERE e.reference LIKE 'B%' AND i.id = (SELECT id FROM missing_returninterview LIMIT 1)
"""


def _copies(name: str):  # type: ignore[no-untyped-def]
    def copy(source: str, changes: str) -> None:
        pairs = [change.split(" = ", 1) for change in changes.split(", ")]
        built = ", ".join(f"'{column.strip()}', {value}" for column, value in pairs)
        statement = (
            f"INSERT INTO {source} SELECT (json_populate_record(t, json_build_object({built}))).* "
            f"FROM {source} t, generate_series(1, {SIZE}) n WHERE t.id = (SELECT id FROM {source} LIMIT 1)"
        )
        cluster.sql(name, statement)

    return copy


world, service = multiply()
overdue_at = NOW + timedelta(hours=77) + timedelta(minutes=SIZE // 100)
rows: list[list[object]] = []

sign_in_as(cluster, "atlas_tick")
start = time.perf_counter()
done = tick(by=service, at=overdue_at)
first = time.perf_counter() - start
assert tick(by=service, at=overdue_at).overdue == 0
again = seconds(lambda: tick(by=service, at=overdue_at), 5)
bare = seconds(
    lambda: cluster.sql(
        "bench_tick",
        f"UPDATE clocks_clock SET overdue_noticed_at = now() WHERE outcome = 'running' AND due_latest_at < '{overdue_at.isoformat()}'",
    )
)
rows.append([f"tick, {SIZE:,} running clocks, {done.overdue:,} overdue", f"{first:.2f} s", f"{done.overdue / first:,.0f} a second"])
rows.append(["tick again, nothing due", f"{1000 * again:.1f} ms", ""])
rows.append(["peer: one bare UPDATE of the same rows", f"{bare:.2f} s", ""])

sign_in_as(cluster, "atlas_app")
at = NOW + timedelta(days=10)
taken = []
with acting_as(world.coordinator, at) as subject:  # type: ignore[attr-defined]
    episodes = returned_episodes(subject, world.authority, NOW - timedelta(days=4000), at)  # type: ignore[attr-defined]
    for _ in range(3 if QUICK else 10):
        taken.append(seconds(lambda: counts(episodes)))
    found = counts(episodes)["ours"]["returned"]
    bare_count = seconds(lambda: connection.cursor().execute("SELECT count(*) FROM missing_episode"), 5)
rows.append([f"every timeliness measure, {found:,} episodes, through the gate", f"{1000 * p95(taken):.0f} ms p95", ""])
rows.append(["peer: SELECT count(*) of the same table, through the gate", f"{1000 * bare_count:.0f} ms", ""])

assert done.overdue > 0 and done.climbed >= done.overdue
assert found == SIZE + 1, found
table(["what", "took", "rate"], rows)
last_line(
    clocks=SIZE, overdue=done.overdue, tick_s=first, idle_ms=1000 * again, bare_s=bare, measures_ms=1000 * p95(taken), episodes=found,
    bare_count_ms=1000 * bare_count,
)  # fmt: skip
