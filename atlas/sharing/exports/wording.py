"""The invisible mark of an export: of several ways to say the same, which one is said follows from the export's own secret. Pure.

Facts are never touched: the same child, the same times, the same outcome stand in every copy. What differs is how a heading, a
code, a date and the sentence about each row are worded, and how rows of the same week are ordered. Each choice is drawn from the
secret and from what it is about (a keyed hash), so that any two exports differ in most places: a random code, in which a few
sentences tell thousands of exports apart, and a few misread words change nothing. Source: protection.md section 4.7 (*Export*).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from hmac import new as keyed
from typing import Any

from atlas.chronology.moments import LONDON, MONTHS, Moment, Precision

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Value = Moment | date | str | None

# Sentences that stand around the rows; each says the same in four ways.
OPENING = (
    (
        "This export was made for one recipient and one purpose, both named above.",
        "One recipient and one purpose, both given above, are what this export was made for.",
        "It was made for the recipient named above, and for the purpose given there alone.",
        "Its one recipient and its one purpose stand above; it was made for nothing else.",
    ),
    (
        "Do not pass it on: ask the person who exported it.",
        "If somebody else needs it, ask whoever exported it; it must not be passed on.",
        "It may not be given to anybody else without asking the person who exported it.",
        "Whoever else needs to know asks the exporter, so please hand it to nobody.",
    ),
    (
        "That a child is not listed does not mean that nothing is known.",
        "A child who is missing from the list may still be known.",
        "From a child’s absence here nothing follows about what is known.",
        "The list is not complete, and says nothing about children who are not in it.",
    ),
)
CLOSING = (
    (
        "Destroy it when the purpose has been met.",
        "Once its purpose has been met, destroy every copy.",
        "When it is no longer needed for the purpose above, it is to be destroyed.",
        "Keep it no longer than the purpose asks, then destroy it.",
    ),
    (
        "Tell the exporter at once if it is lost or seen by somebody else.",
        "If it is lost, or somebody else has seen it, the exporter must hear of it at once.",
        "A loss, or a look by somebody else, is reported to the exporter straight away.",
        "Report to the exporter without delay that it was lost or that others saw it.",
    ),
)


@dataclass(frozen=True, eq=False)
class Saying:
    """How one column is said: ways to head it, ways to say it in a sentence ({} holds the value), and ways to say each code."""

    key: str
    headings: tuple[str, ...]
    clauses: tuple[str, ...] = ()
    codes: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Wording:
    """The choices of one export. `mark`: its secret, at least 16 bytes."""

    mark: bytes

    def pick(self, slot: str, ways: int) -> int:
        """Which of so many ways is taken at this place; as likely one as the other over all exports."""
        return int.from_bytes(keyed(self.mark, slot.encode(), sha256).digest()[:8], "big") % ways

    def rank(self, anchor: str) -> bytes:
        """Where a row stands among the rows of its week."""
        return keyed(self.mark, f"rank {anchor}".encode(), sha256).digest()

    def heading(self, saying: Saying) -> str:
        """The heading of a column."""
        return saying.headings[self.pick(f"heading {saying.key}", len(saying.headings))]

    def code(self, saying: Saying, value: str) -> str:
        """A code in words, the same throughout the export."""
        ways = (saying.codes or {}).get(value)
        return ways[self.pick(f"code {saying.key} {value}", len(ways))] if ways else value

    def dates(self) -> int:
        """The way in which dates stand in the table."""
        return self.pick("dates", len(TABLE_DATES))

    def around(self, name: str, sentences: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
        """The sentences before or after the rows."""
        return tuple(ways[self.pick(f"{name} {place}", len(ways))] for place, ways in enumerate(sentences))

    def in_words(self, name: str, anchor: Saying, value: Value, others: Sequence[tuple[Saying, Value]]) -> str:
        """One row as a sentence: about whom, then each column that is said in words, what dates the row first or last."""
        key = canonical(value)
        first = self._clause(anchor, value, key)
        rest = [self._clause(saying, said, key) for saying, said in others if saying.clauses and said not in (None, "")]
        clauses = [first, *rest] if self.pick(f"first {key}", 2) == 0 else [*rest, first]
        return f"{name}: {'; '.join(clauses)}."

    def _clause(self, saying: Saying, value: Value, anchor: str) -> str:
        """A clause with a date of its own is worded by that date, another by the date of its row: each can be read alone."""
        own = canonical(value) if isinstance(value, Moment | date) else anchor
        way = saying.clauses[self.pick(f"clause {saying.key} {own}", len(saying.clauses))]
        if isinstance(value, Moment | date):
            return way.format(self.date(saying.key, value))
        said = self.code(saying, str(value))
        return way.format(said[:1].lower() + said[1:] if saying.codes else said)

    def date(self, key: str, value: Moment | date) -> str:
        """A date inside a sentence."""
        ways = dates_in_words(value)
        return ways[self.pick(f"date {key} {canonical(value)}", len(ways))]


def canonical(value: Value) -> str:
    """A date and time as a leak is compared by: 2026-05-02T14:00 in London, or the day alone; empty for anything else."""
    if isinstance(value, Moment):
        if value.at is None or value.precision is Precision.UNKNOWN:
            return ""
        local = value.at.astimezone(LONDON)
        return f"{local:%Y-%m-%d}" if value.precision is Precision.DATE else f"{local:%Y-%m-%dT%H:%M}"
    return value.isoformat() if isinstance(value, date) else ""


def week_of(anchor: str) -> str:
    """The week in which rows are tied, of a canonical date; all that have none are tied too."""
    return date.fromisoformat(anchor[:10]).strftime("%G-%V") if anchor else ""


def dates_in_words(value: Moment | date) -> tuple[str, ...]:
    """A date inside a sentence in several ways; one alone where it is not known."""
    about = ""
    local: Any = value
    if isinstance(value, Moment):
        if value.at is None or value.precision is Precision.UNKNOWN:
            return ("at a time not known",)
        about = "about " if value.precision is Precision.ABOUT else ""
        local = value.at.astimezone(LONDON)
        if value.precision is Precision.DATE:
            local = local.date()
    day = f"{local.day} {MONTHS[local.month - 1]} {local.year}"
    weekday = WEEKDAYS[local.weekday()]
    if not isinstance(local, datetime):
        return (f"on {day}", f"on {weekday} {day}", f"on the {local.day}{_th(local.day)} of {MONTHS[local.month - 1]} {local.year}")
    clock = f"{about}{local:%H:%M}"
    return (f"on {day} at {clock}", f"on {day}, {clock}", f"at {clock} on {day}", f"on {weekday} {day} at {clock}")


def _th(day: int) -> str:
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


# How a date stands in a table; one way throughout an export. A workbook holds the date itself, and shows it so.
TABLE_DATES = ("{d} {month} {y}", "{d:02} {mon} {y}", "{d:02}/{m:02}/{y}", "{y}-{m:02}-{d:02}")
TABLE_FORMATS = ("d mmmm yyyy", "dd mmm yyyy", "dd/mm/yyyy", "yyyy-mm-dd")


def date_in_table(value: Moment | date, way: int) -> str:
    """A date as a cell: with its time where that is known."""
    local: Any = value
    clock = ""
    if isinstance(value, Moment):
        if value.at is None or value.precision is Precision.UNKNOWN:
            return "not known"
        local = value.at.astimezone(LONDON)
        clock = "" if value.precision is Precision.DATE else f" {local:%H:%M}"
        clock += " (about)" if value.precision is Precision.ABOUT else ""
    month = MONTHS[local.month - 1]
    return TABLE_DATES[way].format(d=local.day, m=local.month, y=local.year, month=month, mon=month[:3]) + clock
