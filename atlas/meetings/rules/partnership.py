"""What each agency does of what is asked of it: shares with intervals, small numbers unsaid, and which falls behind the others by more than chance. Pure.

No league: the order is that of the names. A difference is a reason to ask, and no finding about a person. Intervals: Wilson (1927). Compared with all others together
(Fisher's exact test, one-sided), at a level shared out among all that is compared. Product default, not law. Source: practice.md 6.5, issue on meetings.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import comb

from atlas_analysis.rates.shares import SMALL, left_unsaid, wilson_interval

FALSE_ALARMS = 0.05  # the chance, when no agency falls behind, that any is named at all


@dataclass(frozen=True)
class CountedOf:
    """So many of an agency in a month. `month` None: the agency serves here, and nothing more is said by it."""

    agency: str
    kind: str
    month: date | None
    measure: str
    outcome: str
    many: int


@dataclass(frozen=True)
class MeasureOf:
    """What is counted, and how it may have come out; the first of these is what is asked for."""

    key: str
    words: str
    outcomes: tuple[tuple[str, str], ...]

    @property
    def keys(self) -> list[str]:
        """The keys of how it may have come out."""
        return [key for key, _ in self.outcomes]


YES_NO = (("yes", "Yes"), ("no", "No"))
MEASURES = (
    MeasureOf("attended", "Somebody who could decide was there", YES_NO),
    MeasureOf("answered", "The invitation was answered", YES_NO),
    MeasureOf("before", "What they know came before the meeting", YES_NO),
    MeasureOf("actions", "Agency actions", (("in_time", "done in time"), ("refused", "not taken on"), ("late", "late, or not done"))),
    MeasureOf("asks", "The front door’s questions were answered in time", YES_NO),
)
CHALLENGES = MeasureOf(
    "challenges", "Challenges put to them",
    (("week", "open for under a week"), ("month", "open for one to four weeks"), ("longer", "open for longer"), ("ended", "ended")),
)  # fmt: skip
NEEDED_KINDS = {"health": "Health", "housing": "Housing"}


def share_words(count: int, of: int, *, is_hidden: bool) -> str:
    """A share as it may be said: "12 of 40 (30 %; 18 % to 45 %)"; where it is small, no more than that it is."""
    if of < SMALL:
        return "too few to say" if of else "none"
    if is_hidden and count < SMALL:
        return f"fewer than {SMALL} of {of} (at most {wilson_interval(SMALL - 1, of)[1]:.0%})"
    if is_hidden:
        few = of - count < SMALL
        return f"all but fewer than {SMALL} of {of} (at least {wilson_interval(of - SMALL + 1, of)[0]:.0%})" if few else "not said"
    low, high = wilson_interval(count, of)
    return f"{count} of {of} ({count / of:.0%}; {low:.0%} to {high:.0%})"


@dataclass(frozen=True)
class LineOf:
    """One measure of one agency: how it came out in all, and by month."""

    words: str
    shares: list[tuple[str, str]]
    months: list[tuple[date, str]]


@dataclass(frozen=True)
class AgencySaid:
    """One agency, with what is said of it."""

    name: str
    lines: list[LineOf]


def agencies_said(rows: Sequence[CountedOf], months: Sequence[date]) -> list[AgencySaid]:
    """Every agency by name, with its lines; health and housing are named also where none serves here."""
    names = {row.agency: row.kind for row in rows}
    of: dict[str, list[CountedOf]] = defaultdict(list)
    for row in rows:
        of[row.agency].append(row)
    said = [AgencySaid(name, [_line(of[name], measure, months) for measure in (*MEASURES, CHALLENGES)]) for name in sorted(names)]
    missing = [AgencySaid(f"{words}: no agency is recorded here", []) for kind, words in NEEDED_KINDS.items() if kind not in names.values()]
    return said + missing


def _line(rows: Iterable[CountedOf], measure: MeasureOf, months: Sequence[date]) -> LineOf:
    cells: Counter[tuple[date, str]] = Counter()
    for row in rows:
        if row.measure == measure.key and row.month is not None:
            cells[row.month, row.outcome] += row.many
    table = [[cells[month, key] for key in measure.keys] for month in months]
    totals = [sum(column) for column in zip(*table, strict=True)] if table else [0] * len(measure.keys)
    hidden, marks = left_unsaid([totals])[0], left_unsaid(table)
    shown = measure.outcomes if measure.outcomes != YES_NO else YES_NO[:1]
    shares = [(words, share_words(totals[at], sum(totals), is_hidden=hidden[at])) for at, (_, words) in enumerate(shown)]
    by_month = [
        (month, share_words(row[0], sum(row), is_hidden=mark[0])) for month, row, mark in zip(months, table, marks, strict=True) if sum(row)
    ]
    return LineOf(measure.words, shares if sum(totals) else [], by_month if measure is not CHALLENGES else [])


@dataclass(frozen=True)
class Behind:
    """An agency that does less of something than the others by more than chance would have it."""

    agency: str
    measure: str
    words: str


def behind(rows: Sequence[CountedOf]) -> list[Behind]:
    """Which agencies fall behind all others together, in what. With none falling behind, the chance of naming any is at most `FALSE_ALARMS`."""
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for measure in MEASURES:
        tally: dict[str, tuple[int, int]] = {}
        for row in rows:
            if row.measure == measure.key:
                held, of = tally.get(row.agency, (0, 0))
                tally[row.agency] = held + row.many * (row.outcome == measure.keys[0]), of + row.many
        counts[measure.key] = {name: pair for name, pair in tally.items() if pair[1] >= SMALL}
    compared = sum(len(tally) for tally in counts.values() if len(tally) > 1)
    found = []
    for measure in MEASURES:
        tally = counts[measure.key]
        all_held, all_of = (sum(pair[at] for pair in tally.values()) for at in (0, 1))
        for name, (held, of) in sorted(tally.items()):
            if len(tally) > 1 and lower_tail(held, of, all_held, all_of) < FALSE_ALARMS / compared:
                hidden = left_unsaid([[held, of - held]])[0][0]
                found.append(Behind(name, measure.words, share_words(held, of, is_hidden=hidden)))
    return found


def lower_tail(held: int, of: int, all_held: int, all_of: int) -> float:
    """The chance that so few or fewer of `of` are held, were they drawn from all alike (hypergeometric)."""
    least = max(0, of - (all_of - all_held))
    return sum(comb(all_held, k) * comb(all_of - all_held, of - k) for k in range(least, held + 1)) / comb(all_of, of)
