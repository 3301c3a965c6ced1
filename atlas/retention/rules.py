"""When a child's record may go: a pure function of what is known of the child and of the classes in force (protection.md 3.3).

The longest class that the child falls under decides. Nothing goes early: where a day is not known, or the council has not decided how long, the record is
kept, and the reason is said. What something is still open about is kept too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from atlas.design.words import plural
from atlas.people.rules import adult_on


class Group(StrEnum):
    """Whom a class is about. Of the first, third, fourth and last, a child falls under one: the one that says most."""

    LOOKED_AFTER = "looked_after"
    ADOPTED = "adopted"
    CHILD_PROTECTION = "child_protection"
    CHILD_IN_NEED = "child_in_need"
    ALLEGATION = "allegation"
    INTELLIGENCE = "intelligence"
    KNOWN = "known"


class Event(StrEnum):
    """From when a class counts."""

    BIRTH = "birth"
    ORDER = "order"
    END = "end"
    LAST_CONTACT = "last_contact"
    REVIEW = "review"


GROUP_WORDS = {
    Group.LOOKED_AFTER: "A child who was looked after",
    Group.ADOPTED: "A child for whom an adoption order was made",
    Group.CHILD_PROTECTION: "A child who had a child protection plan and was never looked after",
    Group.CHILD_IN_NEED: "A child in need who never had a child protection plan and was never looked after",
    Group.ALLEGATION: "A child who said something of somebody who works with children",
    Group.INTELLIGENCE: "A child about whom the police supplied intelligence",
    Group.KNOWN: "A child who was known to the council, and none of these",
}
EVENT_WORDS = {
    Event.BIRTH: "the child’s birth",
    Event.ORDER: "the adoption order",
    Event.END: "the end of it",
    Event.LAST_CONTACT: "the last contact",
    Event.REVIEW: "the supplier’s review date",
}
STILL_OPEN = "Somebody works with the child, or something about the child is still open."


@dataclass(frozen=True)
class Kept:
    """How long a class keeps: so many years from an event; `years` is None until the council has decided. `years_after_early_death`: instead, counted from
    the death of a child who died before 18.
    """

    counted_from: Event
    years: int | None
    years_after_early_death: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a child, with every record that is of the child: `days` by event; those of END by group, since each ends on a day of its own."""

    groups: frozenset[Group]
    born_on: date | None = None
    died_on: date | None = None
    is_open: bool = False
    days: Mapping[Event, date] = field(default_factory=dict)
    ends: Mapping[Group, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Due:
    """From which day nothing keeps the record any more, and by which class; or, where `on` is None, why no day can be said."""

    on: date | None
    by: Group | None
    why: tuple[str, ...] = ()


def years_after(day: date, years: int) -> date:
    """The same day so many years on; from 29 February, where there is none, 1 March: never early."""
    year = day.year + years
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) and not is_leap else day.replace(year=year)


def due(facts: Facts, classes: Mapping[Group, Kept]) -> Due:
    """When nothing keeps the record of a child any more. Where several classes hold, the longest; where one cannot be reckoned, never.

    Source: protection.md 3.3. Holds are not asked here: a hold keeps whatever this says.
    """
    if facts.is_open:
        return Due(None, None, (STILL_OPEN,))
    days: list[tuple[date, Group]] = []
    why: list[str] = []
    for group in sorted(facts.groups):
        day, reason = _day(group, facts, classes.get(group))
        if day is None:
            why.append(reason)
        else:
            days.append((day, group))
    if why or not days:
        return Due(None, None, tuple(why) or ("Nothing says under which class the child falls.",))
    on, by = max(days)
    return Due(on, by)


def _day(group: Group, facts: Facts, kept: Kept | None) -> tuple[date | None, str]:
    """The day by one class, or why there is none."""
    who = GROUP_WORDS[group]
    if kept is None or kept.years is None:
        return None, f"{who}: the council has not decided how long this is kept."
    if kept.years_after_early_death is not None and facts.died_on is not None and facts.born_on and facts.died_on < adult_on(facts.born_on):
        return years_after(facts.died_on, kept.years_after_early_death), ""
    start = facts.born_on if kept.counted_from is Event.BIRTH else facts.days.get(kept.counted_from)
    if kept.counted_from is Event.END:
        start = facts.ends.get(group)
    if start is None:
        return None, f"{who}: it is kept from {EVENT_WORDS[kept.counted_from]} on, and that day is not known."
    return years_after(start, kept.years), ""


# What a run may take (protection.md 3.3): a share of all records, and of what was forecast for the month. Product defaults, not law, are the rest.
MOST_OF_ALL = 0.005
MOST_OF_FORECAST = 1.2
TOMBSTONE = timedelta(days=30)
AGREED_WITHIN = timedelta(days=7)
AGAIN_AFTER = timedelta(days=365)  # a record that was restored is not selected again for a year
FORECAST_MONTHS = 13


@dataclass(frozen=True)
class Counted:
    """What a run is held against: all records of the authority, those in the run, those set aside in the last 30 days and in this month, and what was forecast
    for this month before it began (None: nothing was).
    """

    records: int
    chosen: int
    lately: int
    this_month: int
    forecast: int | None


def why_too_many(counted: Counted) -> str:
    """Why a run stops itself; empty where it may go on. In a small authority half of one per cent is less than one record: one may always go."""
    if counted.chosen == 0:
        return ""
    most = max(1, int(counted.records * MOST_OF_ALL))
    if counted.chosen + counted.lately > most:
        return (
            f"With what was set aside in the last 30 days, {plural(counted.chosen + counted.lately, 'record')} would go; more than {most} of {counted.records} "
            "(half of one per cent) never go in 30 days. Look at why so many fall due, then select fewer."
        )
    if counted.forecast is None:
        return "Nothing was forecast for this month before it began, so nothing can be held against it. It can run next month."
    if counted.chosen + counted.this_month > counted.forecast * MOST_OF_FORECAST:
        return (
            f"{plural(counted.chosen + counted.this_month, 'record')} would go this month, and {counted.forecast} were forecast; more than 120 per cent of the forecast "
            "never go. Look at what changed, then select fewer, or wait for next month’s forecast."
        )
    return ""


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def months_from(month: date, count: int) -> list[date]:
    """The first days of so many months, from this one on."""
    return [date(month.year + (month.month - 1 + after) // 12, (month.month - 1 + after) % 12 + 1, 1) for after in range(count)]
