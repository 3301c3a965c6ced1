"""Planted places: the share that a scan each day finds, after how many days, and how many other places it names meanwhile. Needs no database.

A council's year of 1,000 events at 400 places. From day 330 on, three neighbouring places have so many more events over 21 days. Each day is scanned as a
council would (99 shuffles; found is: p 0.01 or less, and at least half of the planted places in it) until it is found or 35 days have passed. The peers are
what is done without a scan: the five places with most events in the last 30 days, looked at each day; and a record, a place that has more events in 30 days
than any place had on any day before. They find when they name one of the three. What else was named until then is named for nothing.
"""

import sys
from collections.abc import Iterator
from datetime import timedelta
from statistics import mean, median

import numpy as np
from numpy.typing import NDArray

from atlas_analysis.hotspots import scan
from bench.measuring import last_line, table
from bench.scan_worlds import DAYS, FIRST, World, a_search, hits, world

QUICK = "--quick" in sys.argv
STRENGTHS = (8, 12, 20)  # events planted over 21 days
EACH = 2 if QUICK else 67
START, SPELL, BUSIEST = 330, 21, 5

Find = tuple[int | None, int]  # days until found, and other places named until then


def upto(made: World, day: int) -> World:
    """What is known at the end of a day."""
    known = made.days <= day
    return World(made.points, made.places[known], made.days[known], made.planted)


def by_scan(made: World, seed: int) -> Find:
    """Scan each day."""
    others = set[str]()
    for day in range(START, DAYS):
        found = scan(*upto(made, day).tables(), a_search(seed, 99, last_day=FIRST + timedelta(days=day)))
        if hits(found, made.planted, 0.0101):
            return day - START, len(others)
        for cluster in found.found(0.0101):
            if not {f"p{place}" for place in made.planted} & set(cluster.best.places):
                others.add(cluster.best.centre)
    return None, len(others)


def counts(made: World, first: int) -> Iterator[NDArray[np.int64]]:
    """Events at each place in the last 30 days, day after day."""
    for day in range(first, DAYS):
        yield np.bincount(made.places[(made.days <= day) & (made.days > day - 30)], minlength=len(made.points))


def by_count(made: World) -> Find:
    """Name the busiest five each day."""
    others = set[int]()
    for day, count in enumerate(counts(made, START)):
        named = set(np.argsort(-count, kind="stable")[:BUSIEST].tolist())
        if made.planted & named:
            return day, len(others)
        others |= named
    return None, len(others)


def by_record(made: World) -> Find:
    """Name a place when it has more than any had before."""
    record, others = 0, set[int]()
    for day, count in enumerate(counts(made, 30), 30 - START):
        named = set(np.flatnonzero(count > record).tolist()) if day >= 0 else set()
        if made.planted & named:
            return day, len(others)
        others |= named
        record = max(record, int(count.max()))
    return None, len(others)


def main() -> None:
    """Plant, look each day, and say when it was found."""
    rows, delays, shares = [], list[int](), dict[str, list[bool]]()
    for strength in STRENGTHS:
        worlds = [world(1_000, 400, 900 * strength + n, planted=strength, at=3, last=SPELL, end=START + SPELL) for n in range(EACH)]
        ways = {
            "a scan each day": [by_scan(made, n) for n, made in enumerate(worlds)],
            "the busiest five": [by_count(made) for made in worlds],
            "a record": [by_record(made) for made in worlds],
        }
        for way, finds in ways.items():
            took = [days for days, _ in finds if days is not None]
            middle = f"{median(took):.0f}" if took else "-"
            rows.append((strength, EACH, way, f"{len(took) / EACH:.2f}", middle, f"{mean(others for _, others in finds):.2f}"))
            shares.setdefault(way, []).extend(days is not None for days, _ in finds)
            delays += took if way == "a scan each day" else []
    table(("events planted", "worlds", "way", "found", "days, middle", "other places named"), rows)
    last_line(
        planted=EACH * len(STRENGTHS), found=mean(shares["a scan each day"]), median_delay_days=median(delays) if delays else DAYS,
        found_by_busiest_five=mean(shares["the busiest five"]), found_by_record=mean(shares["a record"]),
    )  # fmt: skip


main()
