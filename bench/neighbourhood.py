"""A child's neighbourhood from the database (performance.md section 7): two links, 500 points, as a manager reads it, under row security; and the picture of it.

Everything is made by commands: 24 children around one, each tied to 20 adults or places, some of them in common. No peer: the goal is 20 ms (p95) for the
reading. Beside it what the picture takes, a way of four links, and how much of it is shut where one in ten children is shut to the reader.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from statistics import median
from typing import Any

from bench.measuring import last_line, own_database, p95, table, the_cluster

QUICK = "--quick" in sys.argv
FRIENDS, EACH, TIMES = (8, 6, 60) if QUICK else (24, 20, 300)
cluster = the_cluster()
own_database("bench_neighbourhood", cluster)

from atlas.connections.commands import block_worker, record_person_of_concern  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.gate.models import BlockSource  # noqa: E402
from atlas.network.picture import picture_of  # noqa: E402
from atlas.network.queries import key_of, links_around, way_between  # noqa: E402
from atlas.places.commands import PlaceGiven, record_place  # noqa: E402
from tests.connections.test_ties import privacy_officer  # noqa: E402
from tests.factories import NOW  # noqa: E402
from tests.meetings.given import grounds, person_given  # noqa: E402
from tests.network.given import Linked, another_child, linked  # noqa: E402

LATER = NOW + timedelta(days=1)


def made() -> tuple[Linked, list[Any]]:
    """The child, the children around, and to whom and what these are tied."""
    there = linked()
    by = there.world.manager
    friends = [another_child(there.world, f"Friend{number:02} Sample") for number in range(FRIENDS)]
    for at, friend in enumerate(friends):
        there.tie(there.world.child, friend)
        for number in range(EACH):
            name = f"Adult {at:02}-{number:02}"
            if number % 2:
                end: Any = record_person_of_concern(given=replace(person_given(), name=name), by=by, at=NOW)
            else:
                end = record_place(given=PlaceGiven(f"A shop, {name}", "shop", grounds()), by=by, at=NOW)
            there.tie(friend, end)
            if number < 2 and at:
                there.tie(friends[at - 1], end)
    return there, friends


def timed(act: Callable[[Any], Any], by: Any) -> tuple[float, float, Any]:
    """Milliseconds (p95, and the median) of an act, each in a transaction of its own, as a page has it."""
    taken: list[float] = []
    gave: Any = None
    for _ in range(TIMES):
        with acting_as(by, LATER) as subject:
            act(subject) if not taken else None
            began = time.perf_counter()
            gave = act(subject)
            taken.append(1000 * (time.perf_counter() - began))
    return p95(taken), median(taken), gave


there, friends = made()
by, child, day = there.world.manager, there.world.child, LATER.date()
reading, usual, links = timed(lambda subject: links_around(subject, key_of(child)), by)
drawing, _, picture = timed(lambda _: picture_of(child, links, day, day - timedelta(days=91)), by)
with acting_as(by, LATER) as asked:
    far = next(link.end for link in links_around(asked, key_of(friends[-1]), 1) if link.other_child_id is None)
going, _, way = timed(lambda subject: way_between(subject, key_of(child), key_of(far), day), by)
assert way is not None
officer, shut = privacy_officer(there.world), friends[: max(FRIENDS // 10, 1)]
for one in shut:
    block_worker(child=one, user=by.user, source=BlockSource.MANAGER, by=officer, at=LATER)
with acting_as(by, LATER) as asked:
    left = links_around(asked, key_of(child))
leaked = sum(one.pk in {link.child_id, link.other_child_id} for link in left for one in shut)
rows = (
    ("points", len(picture.points)), ("links", len(links)), ("reading, ms (p95; goal 20)", f"{reading:.1f}"), ("reading, ms (median)", f"{usual:.1f}"),
    ("drawing, ms (p95)", f"{drawing:.1f}"),
    (f"a way ({len(way)} links), ms (p95)", f"{going:.1f}"), ("links once some are shut", len(left)), ("of them about one who is shut (goal 0)", leaked),
)  # fmt: skip
table(("what", "figure"), rows)
last_line(
    points=len(picture.points),
    links=len(links),
    reading_ms=reading,
    median_ms=usual,
    drawing_ms=drawing,
    way_ms=going,
    left=len(left),
    leaked=leaked,
)
raise SystemExit(bool(leaked))
