"""Amounts of time, and the time limits that law, guidance or the partnership sets. Pure: a start goes in, a deadline comes out.

Elapsed hours are counted in UTC, so 72 hours over the October change are still 72 hours. A limit in working days, calendar
days or months ends at 23:59:59 London time of its day; the day of the start is day 0. Sources: process-and-data.md section 2.1.
"""

import calendar as months_of_the_year
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import ClassVar

from django.db.models import TextChoices

from atlas.chronology.moments import Moment, Precision, day_words, end_of_day, start_of_day, when_words
from atlas.clocks.calendar import FIRST_YEAR, Override, add_working_days, is_working_day, named_bank_holidays
from atlas.design.words import how_long
from atlas.gate.days import day_of

# The source of what no national document says and Atlas sets, until a partnership does.
PRODUCT_DEFAULT = "Atlas product default (2026), not law; a partnership may set its own"


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


@dataclass(frozen=True)
class Amount(ABC):
    """An amount of time that can be counted from a start: 1 or more of its unit."""

    count: int
    unit: ClassVar[str]

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"A time limit allows 1 {self.unit} or more.")

    @property
    def words(self) -> str:
        """The amount as staff say it: "72 hours", "1 working day"."""
        return f"{self.count} {self.unit}{'s' if self.count != 1 else ''}"

    @abstractmethod
    def after(self, start: datetime, overrides: Iterable[Override] = ()) -> datetime:
        """The deadline (UTC) of a start (aware). `overrides`: a partnership's own rows for bank holidays."""


@dataclass(frozen=True)
class Hours(Amount):
    """Elapsed hours. Nothing lengthens them: no night, no weekend, no change of the clocks."""

    unit = "hour"

    def after(self, start: datetime, overrides: Iterable[Override] = ()) -> datetime:
        """The instant (UTC) that many elapsed hours later."""
        return start.astimezone(UTC) + timedelta(hours=self.count)


@dataclass(frozen=True)
class WorkingDays(Amount):
    """Working days of England. An event on a day that is none counts the next working day as 1.

    Some councils treat what comes on such a day as received on the next working day, which is then day 0: for these
    `receipt_waits` is True (process-and-data.md 2.1). Never the national reading, since it is the looser one.
    """

    unit = "working day"
    receipt_waits: bool = False

    @property
    def words(self) -> str:
        """The amount as staff say it."""
        return super().words + (" (receipt waits)" if self.receipt_waits else "")

    def after(self, start: datetime, overrides: Iterable[Override] = ()) -> datetime:
        """The last second (UTC) of the last working day. Raises ValueError, in words, outside the calendar of bank holidays."""
        day, overrides = day_of(start), tuple(overrides)
        if self.receipt_waits and not is_working_day(day, overrides):
            day = add_working_days(day, 1, overrides)
        return end_of_day(add_working_days(day, self.count, overrides))


@dataclass(frozen=True)
class CalendarDays(Amount):
    """Calendar days; a week is seven."""

    unit = "calendar day"

    def after(self, start: datetime, overrides: Iterable[Override] = ()) -> datetime:
        """The last second (UTC) of the last day."""
        return end_of_day(day_of(start) + timedelta(days=self.count))


@dataclass(frozen=True)
class Months(Amount):
    """Calendar months: the same day number, or the month's last day where it has no such day."""

    unit = "calendar month"

    def after(self, start: datetime, overrides: Iterable[Override] = ()) -> datetime:
        """The last second (UTC) of the day in the last month."""
        day = day_of(start)
        years, month = divmod(day.month - 1 + self.count, 12)
        year, month = day.year + years, month + 1
        return end_of_day(date(year, month, min(day.day, months_of_the_year.monthrange(year, month)[1])))


AMOUNTS: dict[str, type[Amount]] = {kind.unit: kind for kind in (Hours, WorkingDays, CalendarDays, Months)}
MOST_LOCALLY = 366  # of any unit: a slip of the finger must not send a deadline past the calendar of bank holidays


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
    """A rule: what must be done within which time of what, who says so, and when the rule holds.

    A local one names its authority and the rule that it stands instead of, which its words always say beside it.
    """

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
    authority: str = ""
    authority_code: str = ""
    instead_of: "TimeLimit | None" = None

    @property
    def version(self) -> str:
        """A short name that never changes for this rule: stored with every clock that it judged."""
        name = f"{self.key}@{self.valid_from.isoformat()}:{self.allowed.words.replace(' ', '-')}"
        return f"{name}:{self.authority_code}" if self.authority_code else name

    @property
    def rule_words(self) -> str:
        """What it allows and who says so; a local one with the rule that it stands instead of."""
        if self.instead_of is None:
            return f"{self.allowed.words} ({self.rank}: {self.source})"
        beside = "otherwise" if self.instead_of.rank is Rank.LOCAL else "nationally"
        return f"{self.authority} allows {self.allowed.words} ({self.source}); {beside} {self.instead_of.rule_words}"

    def due(self, start: Moment, overrides: Iterable[Override] = ()) -> Deadline | None:
        """The deadline of a start; None where the start is not known at all.

        `overrides`: a partnership's own rows for bank holidays. Raises ValueError, in words, outside their calendar.
        """
        if start.earliest is None or start.latest is None:
            return None
        overrides = tuple(overrides)
        return Deadline(self.allowed.after(start.earliest, overrides), self.allowed.after(start.latest, overrides))

    def explain(self, start: Moment, overrides: Iterable[Override] = ()) -> str:
        """Why it is due then, in plain words: the rule, its rank and source, the start, and what a change of clocks or a
        bank holiday did to it.
        """
        overrides = tuple(overrides)
        deadline = self.due(start, overrides)
        rule = f"{self.name}: {self.rule_words}."
        if deadline is None:
            return f"{rule} It has no deadline yet, because the time of the start is not known."
        sentence = f"{self.allowed.words.capitalize()} from {start.words()} is {deadline.words}."
        return " ".join((rule, sentence, *_asides(self.allowed, start, deadline, overrides)))

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def _asides(allowed: Amount, start: Moment, deadline: Deadline, overrides: tuple[Override, ...]) -> Iterator[str]:
    if start.earliest is None or start.latest is None:
        return
    days = _days(start.earliest, deadline.latest)
    if isinstance(allowed, Hours):
        for day in days:
            if words := _change_of_clocks(day):
                yield f"{words}, and {allowed.words} are {allowed.words}."
    if isinstance(allowed, WorkingDays):
        skipped = [day_words(day) for day in days[1:] if day.weekday() < 5 and not is_working_day(day, overrides)]
        if skipped:
            yield f"Bank holidays are not counted: {', '.join(skipped)}."
        if counted := [day_words(day) for day in days[1:] if day in named_bank_holidays() and is_working_day(day, overrides)]:
            yield f"No bank holiday any more, and counted: {', '.join(counted)}."
        if not is_working_day(days[0], overrides):
            other = replace(allowed, receipt_waits=not allowed.receipt_waits)
            receipt = "at once" if allowed.receipt_waits else "on the next working day"
            due = day_words(day_of(other.after(start.latest, overrides)))
            yield f"{day_words(days[0])} is not a working day: counted as received {receipt}, it would be due on {due}."


def _days(first: datetime, last: datetime) -> list[date]:
    start, end = day_of(first), day_of(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def _change_of_clocks(day: date) -> str:
    length = end_of_day(day) - start_of_day(day)
    if timedelta(hours=23) < length < timedelta(hours=24):
        return ""
    return f"The clocks went {'back' if length > timedelta(hours=24) else 'forward'} on {day_words(day)}"


def missed_by(deadline: Deadline, at: datetime) -> str:
    """By how much something is or was late at a moment, in words; empty where it is in time.

    An imprecise start gives "between … and …"; between its two deadlines nobody can say, and the words say so.
    """
    if at <= deadline.earliest:
        return ""
    if at <= deadline.latest:
        return "Not known whether it was missed: the start was not recorded exactly"
    least, most = how_long(at - deadline.latest), how_long(at - deadline.earliest)
    return f"Missed by {least}" if least == most else f"Missed by between {least} and {most}"


def rule_on(limits: Iterable[TimeLimit], key: str, day: date) -> TimeLimit:
    """The version of a rule that holds on a day. Raises LookupError where none does."""
    versions = [limit for limit in limits if limit.key == key]
    for limit in versions:
        if limit.holds_on(day):
            return limit
    if not versions:
        raise LookupError(f"There is no time limit “{key}”. See the list: manage clocks list.")
    raise LookupError(f"There is no time limit “{key}” in force on {day_words(day)}.")


def overlaps(limits: Iterable[TimeLimit]) -> list[tuple[TimeLimit, TimeLimit]]:
    """Pairs of versions of one rule that are in force on the same day, of which there must be none."""
    return [
        (one, other)
        for one, other in combinations(limits, 2)
        if one.key == other.key and (one.holds_on(other.valid_from) or other.holds_on(one.valid_from))
    ]


def is_allowed_locally(local: TimeLimit, national: TimeLimit) -> bool:
    """Whether a partnership may set this limit: from no start does it end later than the national one, nor may it pause where
    that does not. Two units are compared on every day of 2010 to 2035, from its first second and its last.
    """
    if local.pause != national.pause:
        return False
    ours, theirs = local.allowed, national.allowed
    if type(ours) is type(theirs) and not isinstance(ours, WorkingDays):
        return ours.count <= theirs.count
    days = (date(FIRST_YEAR, 1, 1) + timedelta(days=n) for n in range(26 * 365))
    return all(ours.after(start) <= theirs.after(start) for day in days for start in (start_of_day(day), end_of_day(day)))


def most_allowed(unit: str, national: TimeLimit) -> int:
    """The most of a unit (a key of AMOUNTS) that a partnership may set in place of a national limit, up to 366; 0 where no
    number of that unit ends in time from every start.
    """
    return bisect_left(
        range(1, MOST_LOCALLY + 1),
        True,
        key=lambda count: not is_allowed_locally(replace(national, allowed=AMOUNTS[unit](count)), national),
    )


def limit_that_judges(start: Moment, limit: TimeLimit, local: Iterable[TimeLimit], overrides: Iterable[Override] = ()) -> TimeLimit:
    """The rule that judges a start: the authority's own (one of `local`) that holds on its London day, or else the limit itself.

    Never one that is due later than the national limit: where a later national rule, or a change of bank holidays, has made
    the local one the looser from this start, the national one judges. An Atlas default (rank local) has nothing to be
    looser than.
    """
    day, overrides = start.day, tuple(overrides)
    own = next((one for one in local if day is not None and one.holds_on(day)), None)
    if own is None or limit.rank is Rank.LOCAL:
        return own or limit
    ours, theirs = own.due(start, overrides), limit.due(start, overrides)
    return limit if ours and theirs and ours.latest > theirs.latest else own


def hours_between_days(start: Moment, end: Moment, limit: Hours) -> str:
    """Judge hours where only days are known: `in time`, `late`, or `not known` where the true times could make it either.

    For 72 hours: 0 to 2 days apart is in time, 4 or more is late, 3 is not known (process-and-data.md 2.1). Over a change of the
    clocks a day is an hour longer or shorter, so 2 days apart in October and 4 in March are not known either.
    """
    if start.earliest is None or start.latest is None or end.earliest is None or end.latest is None:
        return "not known"
    if end.latest - start.earliest <= timedelta(hours=limit.count):
        return "in time"
    return "late" if end.earliest - start.latest > timedelta(hours=limit.count) else "not known"


__all__ = [
    "Amount", "CalendarDays", "Deadline", "Hours", "MissedReason", "Months", "Precision", "Rank", "TimeLimit", "WorkingDays",
    "hours_between_days", "is_allowed_locally", "limit_that_judges", "missed_by", "most_allowed", "overlaps", "rule_on",
]  # fmt: skip
