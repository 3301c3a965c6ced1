"""Hidden and absent (protection.md table A, A7): the whole answer of a search for a hidden child, and of one for nobody, timed by turns.

Each search types another name and date of birth; the hidden children's are those of children who are there and hidden. No peer: the figures
to reach are a gap of the medians of at most 5 % (goal 2 %, and Welch's test with p above 0.01) and answers of the same bytes.
"""

import gc
import math
import random
import re
import statistics
import sys
import time
from datetime import date, timedelta
from typing import Any

from bench.measuring import last_line, own_database, table, the_cluster

QUICK = "--quick" in sys.argv
SEARCHES, CHILDREN, WARM = (200, 50, 20) if QUICK else (2000, 200, 100)
FRESH = re.compile(rb'value="[\w-]{36}"|name="csrfmiddlewaretoken" value="[^"]*"|value="[^"]*"')


def welch(one: list[float], other: list[float]) -> tuple[float, float]:
    """(t, p) of Welch's test that both have the same mean. With hundreds of measurements Student's distribution is the normal one."""
    error = math.sqrt(statistics.variance(one) / len(one) + statistics.variance(other) / len(other))
    t = (statistics.fmean(one) - statistics.fmean(other)) / error
    return t, math.erfc(abs(t) / math.sqrt(2))


def trimmed(taken: list[float]) -> list[float]:
    """Without the slowest twentieth: what else the machine did."""
    return sorted(taken)[: round(len(taken) * 0.95)]


def made() -> tuple[Any, list[Any]]:
    """A police officer who searches, and hidden children nobody of whose list searches."""
    from atlas.agencies.models import AgencyKind
    from tests import factories
    from tests.factories import NOW
    from tests.world import make_world

    make_world()
    officer = factories.post("police_officer", of=factories.team("Unit", of=factories.agency("Northmarch Police", AgencyKind.POLICE)))
    children = [factories.child(f"Rowan Hidden{number:04}", date(2010, 1, 1) + timedelta(days=number)) for number in range(CHILDREN)]
    for number in range(CHILDREN):  # as many whom anybody finds, so that the tables hold more than the hidden
        factories.child(f"Alder Known{number:04}", date(2011, 1, 1) + timedelta(days=number))
    for child in children:
        factories.guard(child, "hidden", at=NOW - timedelta(days=1))
    return officer, children


def typed(name: str, born_on: date) -> dict[str, str]:
    """What is sent."""
    return {"name": name, "born_on_0": str(born_on.day), "born_on_1": str(born_on.month), "born_on_2": str(born_on.year)}


def main() -> None:
    """Search by turns, in random order, and print how far the two lie apart."""
    own_database("bench_search", the_cluster())
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.utils import timezone

    from tests.factories import NOW, begin_session

    setup_test_environment()
    setattr(timezone, "now", lambda: NOW)  # noqa: B010  (the doors alone read the clock, and there it stands still)
    officer, children = made()
    client, dice = Client(), random.Random(7)
    begin_session(client, officer, NOW)
    taken: dict[str, list[float]] = {"hidden": [], "absent": []}
    bodies: set[bytes] = set()
    turns = ["hidden", "absent"] * (SEARCHES + WARM)
    dice.shuffle(turns)
    gc.disable()
    for turn, which in enumerate(turns):
        number = dice.randrange(CHILDREN)
        name = f"Rowan Hidden{number:04}" if which == "hidden" else f"Rowan Absent{number:04}"
        sent = typed(name, date(2010, 1, 1) + timedelta(days=number))
        start = time.perf_counter()
        answer = client.post("/find_child/", sent)
        took = time.perf_counter() - start
        assert answer.status_code == 200
        if turn >= 2 * WARM:
            taken[which].append(took)
            bodies.add(FRESH.sub(b"", bytes(answer.content)))
        if turn % 100 == 0:
            gc.collect()
    report(taken, len(bodies), len(children))


def report(taken: dict[str, list[float]], bodies: int, children: int) -> None:
    """Print medians, gap and Welch's test; with all searches, and without the slowest twentieth of each."""
    hidden, absent = (statistics.median(taken[which]) * 1000 for which in ("hidden", "absent"))
    gap = abs(hidden - absent) / absent * 100
    t, p = welch(taken["hidden"], taken["absent"])
    t_trimmed, p_trimmed = welch(trimmed(taken["hidden"]), trimmed(taken["absent"]))
    table(
        ("what", "figure"),
        (
            ("hidden children", children), ("searches for a hidden child", len(taken["hidden"])), ("searches for nobody", len(taken["absent"])),
            ("median, hidden (ms)", round(hidden, 3)), ("median, absent (ms)", round(absent, 3)), ("gap of the medians (%)", round(gap, 2)),
            ("Welch t, p", f"{t:.2f}, {p:.3f}"), ("the same without the slowest 5 %", f"{t_trimmed:.2f}, {p_trimmed:.3f}"),
            ("different answers, what was typed apart", bodies),
        ),
    )  # fmt: skip
    last_line(
        searches=len(taken["hidden"]),
        gap_percent=gap,
        welch_t=t,
        welch_p=p,
        trimmed_p=p_trimmed,
        bodies=bodies,
        hidden_ms=hidden,
        absent_ms=absent,
    )


if __name__ == "__main__":
    main()
