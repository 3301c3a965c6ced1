"""A whole profile from the database at a council's size and a region's: reading the rows, and counting. `python3 run.py bench profile_rows`, after `run.py demo --once`.

The region is the fictional authority made 20 times as large, as one authority. `bench profile` measures the counting alone, from rows that were invented.
"""

import sys
import time
from datetime import date, timedelta

from bench.large import LARGE, copy_of, fictional_authority, own_copy
from bench.measuring import last_line, peak_megabytes, table, the_cluster
from bench.multiply import multiply

TIMES = 2 if "--quick" in sys.argv else 20
NAME, LARGER = "bench_profile_rows", "bench_profile_rows_large"
cluster = the_cluster()
fictional_authority(cluster, "profile_rows")
own_copy(cluster, NAME)

import django  # noqa: E402

django.setup()

from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.profile.commands import run_profile  # noqa: E402
from atlas.profile.facts import facts_of  # noqa: E402
from atlas.profile.making import made  # noqa: E402
from atlas.profile.models import AnalysisRun  # noqa: E402


def whole(name: str) -> list[float]:
    """One profile of half a year: children, rows, seconds of reading and of counting, and the peak of memory."""
    for alias in connections:
        connections[alias].close()
        connections[alias].close_pool()  # type: ignore[attr-defined]
        connections[alias].settings_dict["NAME"] = name
    kept = (
        cluster.sql(name, "SELECT from_on, until_on FROM profile_analysisrun WHERE state = 'finished' ORDER BY asked_at DESC LIMIT 1")
        .strip()
        .split("|")
    )
    first, after = (date.fromisoformat(part) for part in kept)
    head, now = Post.objects.select_related("user", "team__agency").get(user__username="head.of.service"), timezone.now()
    run = run_profile(from_on=first, last_on=after - timedelta(days=1), living_here=None, by=head, at=now)
    with acting_as(head, now):
        AnalysisRun.objects.filter(pk=run.pk).update(state=AnalysisRun.State.RUNNING)
        began = time.perf_counter()
        facts = facts_of(run.pk, first, after)
        read = time.perf_counter() - began
    began, worked = time.perf_counter(), time.process_time()
    made(facts, run.authority.name, None)
    counted, cpu = time.perf_counter() - began, time.process_time() - worked
    return [len(facts.of("child")), sum(len(rows) for rows in facts.rows.values()), read, counted, cpu, peak_megabytes()]


def main() -> None:
    """Both sizes."""
    whole(NAME)  # compiled
    small = whole(NAME)
    copy_of(cluster, NAME, LARGER)
    multiply(cluster, LARGER, LARGE, TIMES - 1)
    large = whole(LARGER)
    lines = [
        [name, *(f"{one:,.1f}" if isinstance(one, float) else f"{one:,}" for one in figures)]
        for name, figures in (("council", small), (f"{TIMES} ×", large))
    ]
    table(["size", "children told of", "rows", "reading s", "counting s", "of it CPU s", "peak MB"], lines)
    last_line(council_s=small[2] + small[3], region_s=large[2] + large[3], region_children=large[0], region_rows=large[1])


main()
