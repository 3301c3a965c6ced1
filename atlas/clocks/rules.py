"""Amounts of time, and the time limits that law, guidance or the partnership sets. Pure: a start goes in, a deadline comes out.

Elapsed hours are counted in UTC, so 72 hours over the October change are still 72 hours. A limit in working days, calendar
days or months ends at 23:59:59 London time of its day; the day of the start is day 0. Sources: process-and-data.md section 2.1.
"""

import calendar as months_of_the_year
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from django.db.models import TextChoices

from atlas.chronology.moments import LONDON, Moment, Precision, day_words, end_of_day, when_words
from atlas.clocks.calendar import add_working_days, is_working_day


class Rank(StrEnum):
    """What stands behind a time limit."""

    LAW = "law"
    STATUTORY_GUIDANCE = "statutory guidance"
    NATIONAL_GUIDANCE = "national guidance"
    LOCAL = "local"


class MissedReason(TextChoices):
    """Why a time limit was missed. Atlas's own list, built from practice (process-and-data.md 2.1)."""

    FAMILY_ASKED = "family_asked", "The child or family asked for another time"
    CHILD_MISSING = "child_missing", "The child was missing again"
    CHILD_NOT_REACHED = "not_reached", "The child could not be reached"
    POLICE_ASKED = "police_asked", "The police asked us to wait"
    HEALTH = "health", "The child was too ill or in hospital"
    OUT_OF_AREA = "out_of_area", "The child lives too far away to be met in time"
    TOLD_LATE = "told_late", "We were told late"
    NO_WORKER = "no_worker", "There was no worker to do it"
    WAITING = "waiting", "Waiting for another agency"
    OTHER = "other", "Another reason"


class Amount(Protocol):
    """An amount of time that can be counted from a start."""

    @property
    def words(self) -> str: ...

    def after(self, start: datetime) -> datetime:
        """The deadline (UTC) of a start (aware)."""
        ...


@dataclass(frozen=True)
class Hours:
    """Elapsed hours. Nothing lengthens them: no night, no weekend, no change of the clocks."""

    count: int

    @property
    def words(self) -> str:
        """The amount as staff say it."""
        return f"{self.count} hours"

    def after(self, start: datetime) -> datetime:
        """The instant (UTC) that many elapsed hours later."""
        return start.astimezone(UTC) + timedelta(hours=self.count)


@dataclass(frozen=True)
class WorkingDays:
    """Working days of England. An event on a day that is none counts the next working day as 1."""

    count: int

    @property
    def words(self) -> str:
        """The amount as staff say it."""
        return f"{self.count} working day{'s' if self.count != 1 else ''}"

    def after(self, start: datetime) -> datetime:
        """The last second (UTC) of the last working day."""
        return end_of_day(add_working_days(start.astimezone(LONDON).date(), self.count))


@dataclass(frozen=True)
class CalendarDays:
    """Calendar days; a week is seven."""

    count: int

    @property
    def words(self) -> str:
        """The amount as staff say it."""
        return f"{self.count} calendar days"

    def after(self, start: datetime) -> datetime:
        """The last second (UTC) of the last day."""
        return end_of_day(start.astimezone(LONDON).date() + timedelta(days=self.count))


@dataclass(frozen=True)
class Months:
    """Calendar months: the same day number, or the month's last day where it has no such day."""

    count: int

    @property
    def words(self) -> str:
        """The amount as staff say it."""
        return f"{self.count} calendar months"

    def after(self, start: datetime) -> datetime:
        """The last second (UTC) of the day in the last month."""
        day = start.astimezone(LONDON).date()
        years, month = divmod(day.month - 1 + self.count, 12)
        year, month = day.year + years, month + 1
        return end_of_day(date(year, month, min(day.day, months_of_the_year.monthrange(year, month)[1])))


@dataclass(frozen=True)
class Deadline:
    """When something is due (UTC): two instants that are the same where the start is known to the minute."""

    earliest: datetime
    latest: datetime

    @property
    def words(self) -> str:
        """As staff read it: one London time, or "between … and …"."""
        if self.earliest == self.latest:
            return when_words(self.latest)
        return f"between {when_words(self.earliest)} and {when_words(self.latest)}"


@dataclass(frozen=True)
class TimeLimit:
    """A rule: what must be done within which time of what, who says so, and when the rule holds."""

    key: str
    name: str
    allowed: Amount
    rank: Rank
    source: str
    starts: str
    stops: str
    valid_from: date
    pause: str = "Nothing pauses it"
    valid_until: date | None = None

    @property
    def version(self) -> str:
        """A short name that never changes for this rule: stored with every clock that it judged."""
        return f"{self.key}@{self.valid_from.isoformat()}:{self.allowed.words.replace(' ', '-')}"

    def due(self, start: Moment) -> Deadline | None:
        """The deadline of a start; None where the start is not known at all."""
        if start.earliest is None or start.latest is None:
            return None
        return Deadline(self.allowed.after(start.earliest), self.allowed.after(start.latest))

    def explain(self, start: Moment) -> str:
        """Why it is due then, in plain words: the rule, its rank and source, the start, and what a change of clocks or a
        bank holiday did to it.
        """
        deadline = self.due(start)
        rule = f"{self.name}: {self.allowed.words} ({self.rank}: {self.source})."
        if deadline is None:
            return f"{rule} It has no deadline yet, because the time of the start is not known."
        return f"{rule} {_sentence(self, start, deadline)}{_aside(self.allowed, start, deadline)}"

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def _sentence(limit: TimeLimit, start: Moment, deadline: Deadline) -> str:
    return f"{limit.allowed.words.capitalize()} from {start.words()} is {deadline.words}."


def _aside(allowed: Amount, start: Moment, deadline: Deadline) -> str:
    if start.earliest is None:
        return ""
    if isinstance(allowed, Hours):
        before, after = (instant.astimezone(LONDON).utcoffset() for instant in (start.earliest, deadline.earliest))
        if before != after:
            return f" The clocks changed meanwhile; {allowed.words} are {allowed.words}."
    if isinstance(allowed, WorkingDays):
        first, last = start.earliest.astimezone(LONDON).date(), deadline.latest.astimezone(LONDON).date()
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        skipped = [day_words(day) for day in days if day.weekday() < 5 and not is_working_day(day)]
        if skipped:
            return f" Bank holidays are not counted: {', '.join(skipped)}."
    return ""


def rule_on(limits: Iterable[TimeLimit], key: str, day: date) -> TimeLimit:
    """The version of a rule that holds on a day. Raises LookupError where none does."""
    for limit in limits:
        if limit.key == key and limit.holds_on(day):
            return limit
    raise LookupError(f"There is no time limit “{key}” in force on {day_words(day)}.")


def is_no_looser(local: TimeLimit, national: TimeLimit, sample: datetime) -> bool:
    """Whether a local limit is at least as strict as the national one, counted from a sample start. A looser one is refused."""
    return local.allowed.after(sample) <= national.allowed.after(sample)


def hours_between_days(start: Moment, end: Moment, limit: Hours) -> str:
    """Judge hours where only days are known: `in time`, `late`, or `not known` where the true times could make it either.

    For 72 hours: 0 to 2 days apart is in time, 4 or more is late, 3 is not known (process-and-data.md 2.1).
    """
    if start.earliest is None or start.latest is None or end.earliest is None or end.latest is None:
        return "not known"
    if end.latest - start.earliest <= timedelta(hours=limit.count):
        return "in time"
    return "late" if end.earliest - start.latest > timedelta(hours=limit.count) else "not known"


__all__ = [
    "CalendarDays", "Deadline", "Hours", "MissedReason", "Months", "Precision", "Rank", "TimeLimit", "WorkingDays", "hours_between_days",
    "is_no_looser", "rule_on",
]  # fmt: skip
