"""Planted places: the share that a scan each day finds, and after how many days. Needs no database.

A council's year of 1,000 events at 400 places. From day 330 on, three neighbouring places have so many more events over 21 days. Each day is scanned as a
council would (99 shuffles; found is: p 0.01 or less, and at least half of the planted places in it) until it is found or 35 days have passed. The peer is
what is done without a scan: the five places with most events in the last 30 days, looked at each day; it finds when it names one of the three (it names
five each day, whether anything is there or not).
"""

import sys
from datetime import timedelta
from statistics import median

import numpy as np

from atlas_analysis.hotspots import scan
from bench.measuring import last_line, table
from bench.scan_worlds import DAYS, FIRST, World, a_search, hits, world

QUICK = "--quick" in sys.argv
STRENGTHS = (8, 12, 20)  # events planted over 21 days
EACH = 2 if QUICK else 67
START, SPELL, BUSIEST = 330, 21, 5


def upto(made: World, day: int) -> World:
    """What is known at the end of a day."""
    known = made.days <= day
    return World(made.points, made.places[known], made.days[known], made.planted)


def found_by_scan(made: World, seed: int) -> int | None:
    """Days from the beginning of the spell until a scan finds it."""
    for day in range(START, DAYS):
        search = a_search(seed, 99, last_day=FIRST + timedelta(days=day))
        if hits(scan(*upto(made, day).tables(), search), made.planted, 0.0101):
            return day - START
    return None


def found_by_count(made: World) -> int | None:
    """Days until one of the planted places is among the busiest of the last 30 days, and was not on the day before the spell."""
    for day in range(START - 1, DAYS):
        recent = (made.days <= day) & (made.days > day - 30)
        counts = np.bincount(made.places[recent], minlength=len(made.points))
        if made.planted & set(np.argsort(-counts, kind="stable")[:BUSIEST].tolist()):
            return day - START if day >= START else None
    return None


def main() -> None:
    """Plant, look each day, and say when it was found."""
    rows, delays, planted, all_counted = [], list[int](), 0, list[int]()
    for strength in STRENGTHS:
        worlds = [world(1_000, 400, 900 * strength + n, planted=strength, at=3, last=SPELL, end=START + SPELL) for n in range(EACH)]
        took = [days for days in (found_by_scan(made, n) for n, made in enumerate(worlds)) if days is not None]
        counted = [days for days in map(found_by_count, worlds) if days is not None]
        planted += EACH
        delays += took
        all_counted += counted
        rows.append((strength, EACH, f"{len(took) / EACH:.2f}", f"{median(took):.0f}" if took else "-", f"{len(counted) / EACH:.2f}",
                     f"{median(counted):.0f}" if counted else "-"))  # fmt: skip
    table(("events planted", "worlds", "found by the scan", "days, middle", "by the busiest five", "days, middle"), rows)
    last_line(
        planted=planted, found=len(delays) / planted, median_delay_days=median(delays) if delays else DAYS,
        found_by_count=len(all_counted) / planted,
    )  # fmt: skip


main()
