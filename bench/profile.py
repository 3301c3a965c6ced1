"""The local profile: how long the whole document takes at a council's and a region's size; and Fernleigh's year: after how many days each planted place is told, and
whether a year in which the days are shuffled tells of anything beyond the stated rate. No peer makes such a document; the scan's own peers are in `bench scan`.
"""

import random
import sys
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from statistics import median

import django
import pyarrow as pa

from bench.measuring import last_line, table

QUICK = "--quick" in sys.argv
django.setup()

from atlas.profile.facts import Facts  # noqa: E402
from atlas.profile.making import made  # noqa: E402
from atlas.profile.rules import LONGEST_WINDOW, SEED, SHUFFLES  # noqa: E402
from atlas_analysis.hotspots import Search, scan  # noqa: E402
from demo.calibration import PLACES  # noqa: E402
from demo.make import plan  # noqa: E402
from demo.mentions import lying  # noqa: E402

NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)
TOLD_ONCE_IN = 365  # days of looking: chance alone tells of one as strong no oftener
FIRST_LOOK = 28  # days into the year
Mention = tuple[str, date]


def facts_of(children: int, episodes: int, places: int) -> Facts:
    """An area of that size in which nothing changes: half a year, and the half before it."""
    draw, until = random.Random(SEED), NOW.date()
    begins = until - timedelta(days=364)
    rows: dict[str, list[dict[str, object]]] = {
        kind: [] for kind in ("child", "episode", "interview", "answer", "mention", "place", "item", "action")
    }
    for number in range(children):
        rows["child"].append({
            "child": f"c{number}", "is_ours": True, "lives_here": True, "years": draw.randrange(10, 18), "sex": draw.choice("FM"), "ethnicity": draw.choice("WWWBAM"),
            "is_disabled": draw.random() < 0.2, "is_disability_asked": True, "is_looked_after": draw.random() < 0.3, "level": draw.choice([0, 1, 2, 3, None]), "was": 1,
            "is_harmed": False, "types": ["criminal"], "plan_on": until - timedelta(days=draw.randrange(90)),
        })  # fmt: skip
        rows["item"].append({"child": f"c{number}", "kind": "indicator", "code": draw.choice(["missing", "school", "things"])})
    for number in range(places):
        rows["place"].append({"place": f"p{number}", "name": f"Place {number}", "type": "park", "easting": 650_000 + 600 * (number % 40),
                              "northing": 340_000 + 600 * (number // 40), "on": begins, "is_answered_for": True})  # fmt: skip
    for number in range(episodes):
        of, on, talk = f"c{draw.randrange(children)}", begins + timedelta(days=draw.randrange(364)), f"i{number}"
        rows["episode"].append(
            {"child": of, "on": on, "hour": draw.randrange(24), "hours": draw.expovariate(0.1), "is_elsewhere": False, "grade": "MED"}
        )
        rows["interview"].append(
            {"child": of, "interview": talk, "on": on, "held_on": on, "is_offered": True, "timeliness": draw.choice(["in_time", "late"])}
        )
        for question, codes in (("push", "P01 P02 P07"), ("pull", "L01 L02"), ("with", "W01 W02"), ("help", "nothing police")):
            rows["answer"].append({"interview": talk, "on": on, "question": question, "code": draw.choice(codes.split())})
        rows["mention"].append({"child": of, "interview": talk, "on": on, "place": f"p{draw.randrange(places)}", "settled": "place"})
    return Facts(rows, until - timedelta(days=182), until)


def document(children: int, episodes: int, places: int) -> tuple[float, int]:
    """Processor seconds of one whole document, once warm, and how many tables it has."""
    facts = facts_of(children, episodes, places)
    began = time.process_time()
    profile = made(facts, "Fernleigh", 75_000)
    return time.process_time() - began, sum(len(section["tables"]) for section in profile.content["sections"])


def told(mentions: list[Mention], start: date, days: Iterable[int]) -> dict[str, int]:
    """Looking each day at what was said by then: by place, on which day of the year it was first told."""
    where = {words: position for words, _, position in lying()}
    first: dict[str, int] = {}
    for day in days:
        known = [(words, on) for words, on in mentions if on < start + timedelta(days=day)]
        named = sorted({words for words, _ in known})
        if len(named) < 2 or len(known) < 20:
            continue
        ground = pa.table(
            {"place": named, "easting": [where[words][0] for words in named], "northing": [where[words][1] for words in named]}
        )
        events = pa.table({"place": [words for words, _ in known], "day": pa.array([on for _, on in known], pa.date32())})
        search = Search(
            first_day=start,
            last_day=start + timedelta(days=day - 1),
            seed=SEED,
            longest=min(LONGEST_WINDOW, day // 2),
            replicates=SHUFFLES,
            least_events=6,
        )
        for cluster in scan(events, ground, search).clusters:
            if (cluster.recurrence_days or 0) >= TOLD_ONCE_IN:
                first.setdefault(cluster.best.centre, day)
    return first


def looked_back(mentions: list[Mention], start: date) -> set[str]:
    """Looking back on the whole year: the middles of what chance makes in fewer than 5 of 100 such years."""
    where = {words: position for words, _, position in lying()}
    named = sorted({words for words, _ in mentions})
    ground = pa.table({"place": named, "easting": [where[words][0] for words in named], "northing": [where[words][1] for words in named]})
    events = pa.table({"place": [words for words, _ in mentions], "day": pa.array([on for _, on in mentions], pa.date32())})
    last = max(on for _, on in mentions)
    search = Search(first_day=start, last_day=last, seed=SEED, unit=7, longest=26, looking_back=True, replicates=SHUFFLES, least_events=6)
    return {cluster.best.centre for cluster in scan(events, ground, search).found()}


def main() -> None:
    """Measure both."""
    document(60, 100, 10)  # compiled
    council, tables = document(300, 780, 60)
    region, _ = document(*((1_000, 3_000, 200) if QUICK else (3_600, 9_400, 700)))
    _, _, episodes, start, _, _ = plan("after", 1, NOW)
    mentions = sorted((one.place[0], one.held_at.date()) for one in episodes if one.place and one.held_at and one.held_at < NOW)
    begins = start.date()
    looks = range(FIRST_LOOK, 365, 7 if QUICK else 1)
    found = told(mentions, begins, looks)
    back = looked_back(mentions, begins)
    rows, delays = [], []
    for name, _, share, until in PLACES:
        starts = round(share * 365)
        when = found.get(name)
        delays.append(when - starts if when is not None else None)
        rows.append(
            (
                name,
                sum(words == name for words, _ in mentions),
                starts,
                round(until * 365),
                when,
                delays[-1],
                "yes" if name in back else "no",
            )
        )
    table(("planted place", "interviews", "starts, day", "ends, day", "told, day", "delay, days", "found looking back"), rows)
    others = sorted(set(found) - {name for name, *_ in PLACES})
    draw, shuffles, alarms = random.Random(SEED), 2 if QUICK else 10, 0
    for _ in range(shuffles):
        days = [on for _, on in mentions]
        draw.shuffle(days)
        alarms += len(told([(words, day) for (words, _), day in zip(mentions, days, strict=True)], begins, looks))
    expected = shuffles * len(looks) / TOLD_ONCE_IN
    figures = {
        "council_s": council, "region_s": region, "tables": tables, "mentions": len(mentions), "planted": len(PLACES), "found": sum(one is not None for one in delays),
        "found_back": sum(name in back for name, *_ in PLACES), "median_delay_days": median(one for one in delays if one is not None), "others": len(others),
        "others_back": len(back - {name for name, *_ in PLACES}), "shuffled": shuffles, "false_alarms": alarms, "stated": expected,
    }  # fmt: skip
    called = (
        "a council's document, CPU s", "a region's document, CPU s", "tables in it", "mentions in the year", "planted places", "of them told while it went on",
        "of them found looking back", "days until told, the middle", "other places told", "other places found looking back", "shuffled years", "places told in them",
        "to be told in them by the stated rate",
    )  # fmt: skip
    table(("what", "figure"), [(name, f"{value:.2f}") for name, value in zip(called, figures.values(), strict=True)])
    last_line(**figures)


if __name__ == "__main__":
    main()
