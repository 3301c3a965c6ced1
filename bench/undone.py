"""What somebody did by mistake, undone from the screen's own verbs (protection.md table C, C8): `python3 run.py bench undone [TIMES]` (25 unless said; `--quick`: 2).

Two records said to be one child; a record set aside to be erased, restored on its 29th day; a child, with tasks, given to the wrong worker, twice over; a
police file of another day taken in. Before and after, as six posts find it: which children, open episodes and interviews, running clocks, and whose each open task is.
The floor is that all is as it was. No peer: nothing else undoes these.
"""

import csv
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.measuring import last_line, own_database, table, the_cluster

TIMES = 2 if "--quick" in sys.argv else next((int(word) for word in sys.argv[1:] if word.isdigit()), 25)
NAME = "bench_undone"
own_database(NAME, the_cluster())

from django.db import connections  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.allocation.commands import record_allocation  # noqa: E402
from atlas.children.models import Child  # noqa: E402
from atlas.chronology.moments import Moment  # noqa: E402
from atlas.clocks.models import Clock  # noqa: E402
from atlas.config.settings import database  # noqa: E402
from atlas.feeds.commands.delivery import File, undo_delivery  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.linkage.commands import take_back_pair  # noqa: E402
from atlas.missing.commands.back import record_return  # noqa: E402
from atlas.missing.commands.report import Report, report_missing  # noqa: E402
from atlas.missing.models import Episode, ReturnInterview  # noqa: E402
from atlas.oversight.commands import reassign_work  # noqa: E402
from atlas.retention.commands import restore_record  # noqa: E402
from atlas.tasks.models import Task  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories import NOW  # noqa: E402
from tests.feeds.test_deliveries import GOOD, HEADER, take  # noqa: E402
from tests.linkage.given import decided, pair_of, searched, twice  # noqa: E402
from tests.retention.given import LATER, due_child, every_class_decided, forecast_made, keepers, set_aside  # noqa: E402
from tests.tasks.test_tick import service  # noqa: E402

GIVEN = keepers()
WORLD = GIVEN.world
OTHER, THIRD = (factories.post("practitioner", of=WORLD.worker.team, line_manager=WORLD.manager) for _ in range(2))
POSTS = (WORLD.worker, WORLD.manager, WORLD.coordinator, GIVEN.privacy, OTHER, THIRD)


def login(who: str) -> None:
    """Let this process speak as another login of the service."""
    given, connection = database(os.environ[{"app": "DATABASE_URL", "tick": "DATABASE_TICK_URL"}[who]]), connections["default"]
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict.update({key: given[key] for key in ("USER", "PASSWORD")})


def stands(at: datetime) -> list[Any]:
    """What each post finds now."""
    found = []
    for post in POSTS:
        with acting_as(post, at):
            found.append((
                set(Child.objects.values_list("pk", "born_on")), set(Episode.objects.exclude(state="withdrawn").values_list("pk", "state")),
                set(ReturnInterview.objects.exclude(state="closed").values_list("pk", "state")), set(Clock.objects.filter(outcome="running").values_list("pk", "due_at")),
                sorted(map(str, Task.objects.filter(state="open").values_list("child_id", "name", "owner_post_id", "owner_team_id"))),
            ))  # fmt: skip
    return found


@dataclass(frozen=True)
class Undone:
    """One thing that was done and undone. `of`: how many records it was done to; `changed`: whether it did anything; `as_it_was`: whether all is as before."""

    kind: str
    of: int
    changed: bool
    as_it_was: bool
    seconds: float


def undone(kind: str, of: int, do: Callable[[], Any], undo: Callable[[Any], Any], at: datetime) -> Undone:
    """Do it, see that something has changed, undo it, and compare."""
    before, began = stands(at), time.perf_counter()
    done = do()
    changed = stands(at) != before
    undo(done)
    return Undone(kind, of, changed, stands(at) == before, time.perf_counter() - began)


def one_child_in_two(number: int) -> Undone:
    """Two records are said to be of one child, who is then shut to whoever may see one of them alone; and the decision is taken back."""
    born = date(2010, 1, 1) + timedelta(days=number)
    one, other = twice(f"Kacper Wójcik{number}", f"Kacper Wojcik{number}", born, born)
    record_allocation(child=one, post=WORLD.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    factories.guard(other, "restricted", WORLD.coordinator)
    searched(WORLD)
    return undone(
        "one child in two records", 1, lambda: decided(WORLD, pair_of(WORLD, one), "same"),
        lambda pair: take_back_pair(pair=pair, because="They are cousins.", by=WORLD.coordinator, at=NOW), NOW,
    )  # fmt: skip


def erased() -> Undone:
    """A record set aside, and restored on its 29th day. One: of so few records no more may go in thirty days."""
    due_child()
    every_class_decided(GIVEN)
    forecast_made(GIVEN, service(), login)

    def restore(run: Any) -> None:
        with acting_as(GIVEN.head, LATER):
            record = run.records.get()
        restore_record(record=record, reason="The family asked for it", by=GIVEN.head, at=LATER + timedelta(days=29))

    return undone("a record to be erased", 1, lambda: set_aside(GIVEN), restore, LATER)


def given_to_the_wrong_one(number: int) -> Undone:
    """A child with a task goes to one worker, from there to another, and back."""
    child = factories.child(f"Linden Holt{number}")
    record_allocation(child=child, post=WORLD.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    at = NOW + timedelta(minutes=1)
    episode = report_missing(child=child, report=Report(reported=Moment(NOW), worry="Not home"), by=WORLD.coordinator, at=NOW)
    record_return(episode=episode, returned_at=Moment(at), by=WORLD.coordinator, at=at)
    with acting_as(WORLD.worker, at):
        Task.objects.filter(child=child, state="open").update(owner_post=WORLD.worker)

    def give(holder: Post, to: Post) -> None:
        reassign_work(child=child, holder=holder, to=to, by=WORLD.manager, at=at)

    def do() -> None:
        give(WORLD.worker, OTHER)
        give(OTHER, THIRD)

    return undone("a child given to the wrong worker", 1, do, lambda _: give(THIRD, WORLD.worker), at)


def taken_in(folder: Path) -> Undone:
    """A police file of as many children, taken in and undone."""
    for number in range(TIMES):
        factories.child(f"Rowan Vale{number}", date(2011, 3, 4))
    path = folder / "reports.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER, *([f"NM/{number}", "Rowan", f"Vale{number}", *GOOD[3:]] for number in range(TIMES))])
    officer = factories.post("data_officer", of=factories.team("Data"))
    return undone(
        "reports of a police file", TIMES, lambda: take(File(path, path.name), "northmarch", WORLD),
        lambda delivery: undo_delivery(delivery=delivery, by=officer, at=NOW), NOW + timedelta(minutes=5),
    )  # fmt: skip


def main() -> None:
    """Each kind, as often as was said."""
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        rows = [
            *(one_child_in_two(number) for number in range(TIMES)), *(given_to_the_wrong_one(number) for number in range(TIMES)),
            taken_in(Path(folder)), erased(),
        ]  # fmt: skip
    kinds = {row.kind: [one for one in rows if one.kind == row.kind] for row in rows}
    told = [
        [
            kind,
            sum(one.of for one in of),
            sum(one.changed for one in of),
            sum(one.as_it_was for one in of),
            len(of),
            round(max(one.seconds for one in of), 1),
        ]
        for kind, of in kinds.items()
    ]
    table(["what was undone", "times", "changed something", "as it was", "of", "longest s"], told)
    last_line(
        kinds=len(kinds), times=sum(row.of for row in rows), unchanged=sum(not row.changed for row in rows), otherwise=sum(not row.as_it_was for row in rows),
        seconds=time.monotonic() - began,
    )  # fmt: skip


main()
