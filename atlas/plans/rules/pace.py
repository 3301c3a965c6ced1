"""A change of pace: facts of the chronology set beside the child's own past. Never a score, and no rank of children.

Pure: entries go in, sentences that name their facts come out; without one of the facts that a sentence cites, it says something else or is gone.
What counts as a change is Atlas's own default, not law; how often it speaks where nothing changed is measured (`bench pace`), since what speaks too
often is not read. Source: capabilities.md row 46; protection.md 3.6; practice.md 5.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from atlas.design.words import how_long

REPORTED, RETURNED = "reported_missing", "returned"
NEW_COMPANY, FAR = ("new_company", "found_with_adult"), "found_out_of_area"
SCHOOL = ("suspended", "excluded", "away_from_school")
RECENT, BEFORE = timedelta(days=28), timedelta(days=84)  # the last four weeks, and the twelve before them
AT_LEAST = 3  # so many episodes before their pace says anything
LONG = timedelta(hours=12)


@dataclass(frozen=True)
class Told:
    """One entry, as a change of pace is read from it. `about`: the record that it belongs to, so that a return finds its report."""

    id: UUID
    kind: str
    at: datetime
    about: UUID | None = None


@dataclass(frozen=True)
class Pattern:
    """One change of pace: what kind, in words with its numbers, and the entries that show it."""

    key: str
    words: str
    cited: tuple[UUID, ...]


def patterns(entries: Sequence[Told], at: datetime) -> tuple[Pattern, ...]:
    """The changes of pace at a moment, from the entries up to it."""
    past = sorted((one for one in entries if one.at <= at), key=lambda one: one.at)
    found = (_closer(past, at), _longer(past, at), _further(past, at), _company(past, at), _school(past, at))
    return tuple(one for one in found if one is not None)


def _split(entries: Sequence[Told], kinds: "tuple[str, ...]", at: datetime) -> tuple[list[Told], list[Told]]:
    """Those of the last four weeks, and those of the twelve weeks before."""
    of = [one for one in entries if one.kind in kinds]
    recent = [one for one in of if at - one.at <= RECENT]
    return recent, [one for one in of if RECENT < at - one.at <= RECENT + BEFORE]


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _closer(entries: Sequence[Told], at: datetime) -> Pattern | None:
    recent, before = _split(entries, (REPORTED,), at)
    # More often in four weeks than in all the twelve before. Half as much says it of every child who goes missing often, steady as they are.
    if len(recent) < AT_LEAST or len(recent) <= len(before):
        return None
    earlier = f"{_times(len(before))} in the 12 weeks before" if before else "not at all in the 12 weeks before"
    return Pattern("closer", f"Missing {_times(len(recent))} in the last four weeks; {earlier}.", tuple(one.id for one in recent))


def _spans(entries: Sequence[Told]) -> list[tuple[timedelta, Told, Told]]:
    gone = {one.about: one for one in entries if one.kind == REPORTED and one.about}
    return [(one.at - gone[one.about].at, gone[one.about], one) for one in entries if one.kind == RETURNED and one.about in gone]


def _longer(entries: Sequence[Told], at: datetime) -> Pattern | None:
    spans = [one for one in _spans(entries) if at - one[2].at <= RECENT + BEFORE]
    if len(spans) < AT_LEAST or at - spans[-1][2].at > RECENT:
        return None
    last, usual = spans[-1], median(span.total_seconds() for span, *_ in spans[:-1])
    if last[0] < LONG or last[0].total_seconds() <= 2 * usual or last[0] <= max(span for span, *_ in spans[:-1]):
        return None
    words = (
        f"Away for {how_long(last[0])} the last time, longer than ever in 16 weeks; {how_long(timedelta(seconds=usual))} was usual before."
    )
    return Pattern("longer", words, tuple(entry.id for _, *both in spans for entry in both))


def _further(entries: Sequence[Told], at: datetime) -> Pattern | None:
    recent, before = _split(entries, (FAR,), at)
    if not recent or before:
        return None
    return Pattern("further", "Found out of the area in the last four weeks; not in the 12 weeks before.", tuple(one.id for one in recent))


def _company(entries: Sequence[Told], at: datetime) -> Pattern | None:
    recent, before = _split(entries, NEW_COMPANY, at)
    if len(recent) < 2 or before:
        return None
    return Pattern(
        "company",
        f"New company noted {_times(len(recent))} in the last four weeks; none in the 12 weeks before.",
        tuple(one.id for one in recent),
    )


def _school(entries: Sequence[Told], at: datetime) -> Pattern | None:
    recent, before = _split(entries, SCHOOL, at)
    if len(recent) < 2 or before:  # each has been asked about by itself (EV-16 to EV-18)
        return None
    words = f"School is being lost: noted {_times(len(recent))} in the last four weeks, and not in the 12 weeks before."
    return Pattern("school", words, tuple(one.id for one in recent))
