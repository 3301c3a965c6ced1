"""The police's half of the last fortnight: Northmarch's own daily file, with differences planted in it, and the day's comparison."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from atlas.agencies.models import Authority, Post
from atlas.feeds.commands import delivery as feeds
from atlas.missing.jobs import compare_authority
from atlas.missing.rules.agreement import LOOKS_BACK, Differs
from demo import files
from demo.people import Invented
from demo.year import Planned

WRITTEN_BEFORE = timedelta(hours=26)  # the file of yesterday, so that everybody has had a day
JITTER = 20  # minutes by which two honest records of one moment stand apart
KINDS = (Differs.RETURN, Differs.ONLY_COUNCIL, Differs.START, Differs.GRADE, Differs.BACK_COUNCIL, Differs.TYPE)


@dataclass(frozen=True)
class Plant:
    """One difference that was planted: about whom (the number in the main case system), and in what."""

    child: str
    reported: datetime
    differs: Differs


def police_rows(
    episodes: Sequence[Planned], unknown: Sequence[Invented], random: Random, now: datetime, every: int
) -> tuple[list[dict[str, object]], list[Plant]]:
    """What Northmarch writes of these episodes, as it stood a day ago; every so-many-th with a difference, the kinds in turn.

    `unknown`: children of whom the police alone have an episode.
    """
    written, first = now - WRITTEN_BEFORE, now - LOOKS_BACK.time + timedelta(hours=12)
    known = sorted((one for one in episodes if not one.comes_by_file and first < one.reported < written), key=lambda one: one.reported)
    rows: list[dict[str, object]] = []
    plants: list[Plant] = []
    for number, episode in enumerate(known):
        differs = _kind(episode, number, len(plants), every, written)
        if differs is not None:
            plants.append(Plant(episode.child.council, episode.reported, differs))
        rows += [_row(episode, f"NM/{80000 + number}/26", differs, random, written)] if differs is not Differs.ONLY_COUNCIL else []
    for number, child in enumerate(unknown):
        went = written - timedelta(hours=30 + 2 * number)
        alone = Planned(child, went, went + timedelta(minutes=40), went + timedelta(hours=1), went + timedelta(hours=6), "MED")
        rows.append(_row(alone, f"NM/{89000 + number}/26", None, random, written))
        plants.append(Plant(child.council, alone.reported, Differs.ONLY_POLICE))
    return rows, plants


def _kind(episode: Planned, number: int, planted: int, every: int, written: datetime) -> Differs | None:
    """The difference that this episode is given, if any: one that can be, and that everybody has had a day to put right."""
    if episode.returned is None:
        return Differs.BACK_POLICE if episode.reported < written - timedelta(hours=2) else None
    if number % every != 1 or max(episode.returned, episode.told) > written - timedelta(hours=26):
        return None
    return KINDS[planted % len(KINDS)]


def _row(episode: Planned, reference: str, differs: Differs | None, random: Random, written: datetime) -> dict[str, object]:
    """One line: honest within some minutes, but for what was planted."""
    back = episode.returned + timedelta(minutes=random.randrange(JITTER)) if episode.returned else None
    said = replace(episode, reported=episode.reported + timedelta(minutes=random.randrange(JITTER)), returned=back)
    said = replace(said, returned=back if back and back < written else None)
    if differs is Differs.START:
        said = replace(said, reported=said.reported - timedelta(hours=3), last_seen=said.last_seen - timedelta(hours=3))
    elif differs is Differs.RETURN:
        said = replace(said, returned=(said.returned or written) + timedelta(hours=5), return_precision="minute")
    elif differs is Differs.GRADE:
        said = replace(said, grade="LOW" if episode.grade == "HIGH" else "HIGH")
    elif differs is Differs.BACK_COUNCIL:
        said = replace(said, returned=None)
    elif differs is Differs.BACK_POLICE:
        said = replace(said, returned=written - timedelta(hours=1))
    row = files.northmarch_row(reference, said.child.forename, said.child.surname, said.child.born_on, said.child.sex, said)
    return row | ({"Status": "Cancelled"} if differs is Differs.TYPE else {})


def deliver_yesterday(rows: list[dict[str, object]], authority: Authority, feed: Post, officer: Post, now: datetime) -> None:
    """Northmarch's file of yesterday is received and taken."""
    at = now - WRITTEN_BEFORE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "northmarch-daily.csv"
        files.write_rows(path, rows)
        given = feeds.receive_delivery(
            file=feeds.File(path, path.name), layout="northmarch", authority=authority, carried_by=feed, as_at=at, by=officer, at=at
        )
        feeds.commit_delivery(delivery=given, by=officer, at=at)


def compare_today(authority: Authority, feed: Post, now: datetime) -> None:
    """The day's comparison."""
    compare_authority(authority, feed, now)
