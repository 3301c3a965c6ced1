"""Time limits against an oracle written another way: it walks minute by minute and day by day, and knows no arithmetic."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import holidays
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.chronology.moments import LONDON, Moment, Precision, written
from atlas.clocks.queries import time_limits
from atlas.clocks.rules import (
    MOST_LOCALLY,
    Amount,
    CalendarDays,
    Deadline,
    Hours,
    Months,
    Rank,
    TimeLimit,
    WorkingDays,
    missed_by,
    overlaps,
    rule_on,
)
from atlas.missing.rules.interview import RETURN_INTERVIEW

instants = st.datetimes(datetime(2012, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
OFF = holidays.country_holidays("GB", subdiv="ENG")


def walked_day(last: date) -> datetime:
    """The last second of a London day, found by walking back from noon of the next."""
    at = datetime.combine(last + timedelta(days=1), time(12), LONDON).astimezone(UTC)
    while at.astimezone(LONDON).date() != last:
        at -= timedelta(minutes=1)
    while (later := at + timedelta(seconds=1)).astimezone(LONDON).date() == last:
        at = later
    return at


def walk(amount: Amount, start: datetime) -> datetime:
    """The deadline by walking."""
    day = start.astimezone(LONDON).date()
    left = amount.count
    if isinstance(amount, Hours):
        for _ in range(amount.count * 60):
            start += timedelta(minutes=1)
        return start
    if isinstance(amount, Months):
        wanted = day.day
        for _ in range(left):
            day = day.replace(day=1) + timedelta(days=32)
            day = day.replace(day=1)
        while (day + timedelta(days=1)).day != 1 and day.day < wanted:
            day += timedelta(days=1)
        return walked_day(day)
    while left:
        day += timedelta(days=1)
        left -= isinstance(amount, CalendarDays) or (day.isoweekday() not in (6, 7) and day not in OFF)
    return walked_day(day)


amounts = st.one_of(
    st.integers(1, 200).map(Hours),
    st.integers(1, 60).map(WorkingDays),
    st.integers(1, 100).map(CalendarDays),
    st.integers(1, 24).map(Months),
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a machine that is busy is no fault of the clocks
@given(amounts, instants)
def test_every_amount_agrees_with_the_walk(amount: Amount, start: datetime) -> None:
    assert amount.after(start) == walk(amount, start)


@given(amounts, instants, st.integers(0, 10_000))
def test_a_later_start_is_never_due_earlier(amount: Amount, start: datetime, minutes: int) -> None:
    assert amount.after(start) <= amount.after(start + timedelta(minutes=minutes))
    assert amount.after(start) > start


def london_days(first: int, last: int) -> list[tuple[date, int]]:
    """Every day of these years with its first second in UTC, as seconds since 1970."""
    day, days = date(first, 1, 1), []
    while day.year <= last:
        days.append((day, int(datetime.combine(day, time(0), LONDON).timestamp())))
        day += timedelta(days=1)
    return days


def test_every_start_minute_of_2020_to_2032_in_working_days() -> None:
    """All 6.8 million start minutes: a limit in days is constant within a London day, so its first and last minute hold for each."""
    days, minutes = london_days(2020, 2033), 0
    for (day, first), (_, after) in pairwise(days):
        if day.year > 2032:
            break
        minutes += (after - first) // 60
        ends = {WorkingDays(15).after(datetime.fromtimestamp(second, UTC)) for second in (first, after - 60)}
        assert len(ends) == 1
        last, left = day, 15
        while left:
            last += timedelta(days=1)
            left -= last.weekday() < 5 and last not in OFF
        assert ends.pop().astimezone(LONDON).replace(tzinfo=None) == datetime.combine(last, time(23, 59, 59))
    assert minutes == (date(2033, 1, 1) - date(2020, 1, 1)).days * 1440


def test_a_million_starts_of_2020_to_2032_in_hours() -> None:
    """Every 401 seconds, so that each second of the day is met in time: 72 hours are 259,200 seconds."""
    hours, first = Hours(72), int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())
    end, tried = int(datetime(2033, 1, 1, tzinfo=UTC).timestamp()), 0
    for second in range(first, end, 401):
        assert hours.after(datetime.fromtimestamp(second, LONDON)).timestamp() == second + 259_200
        tried += 1
    assert tried > 1_000_000


@pytest.mark.parametrize("year", range(2020, 2033))
def test_every_minute_around_both_changes(year: int) -> None:
    for month in (3, 10):
        sunday = max(day for day in range(25, 32) if date(year, month, day).weekday() == 6)
        start = datetime(year, month, sunday, tzinfo=UTC) - timedelta(hours=3)
        for minute in range(360):
            at = start + timedelta(minutes=minute)
            assert RETURN_INTERVIEW.due(Moment(at)) == Deadline(at + timedelta(hours=72), at + timedelta(hours=72))


def test_an_explanation_names_what_moved_the_deadline() -> None:
    assert RETURN_INTERVIEW.explain(written("25 October 2025 14:00")).endswith(
        "72 hours from 25 October 2025 14:00 is 28 October 2025 13:00. "
        "The clocks went back on 26 October 2025, and 72 hours are 72 hours."
    )  # fmt: skip
    assert "The clocks went forward on 29 March 2026" in RETURN_INTERVIEW.explain(written("28 March 2026 14:00"))
    assert RETURN_INTERVIEW.explain(written("2 May 2025 14:00")).endswith("is 5 May 2025 14:00.")
    assert "no deadline yet" in RETURN_INTERVIEW.explain(Moment(None, Precision.UNKNOWN))
    words = visit(WorkingDays(1)).explain(written("2 May 2026 10:00"))
    assert "is 5 May 2026 23:59. Bank holidays are not counted: 4 May 2026." in words
    assert words.endswith("2 May 2026 is not a working day: counted as received on the next working day, it would be due on 6 May 2026.")


@given(instants, st.sampled_from(time_limits()), st.sampled_from(Precision))
def test_what_a_clock_stores_fits(at: datetime, limit: TimeLimit, precision: Precision) -> None:
    assert len(limit.explain(Moment(at, precision))) <= 500
    assert len(limit.version) <= 80
    assert len(limit.key) <= 40
    assert len(replace(limit, allowed=Months(MOST_LOCALLY), authority_code="X" * 12).version) <= 100


def visit(amount: Amount, valid_from: date = date(2026, 1, 1), valid_until: date | None = None) -> TimeLimit:
    """A rule about visits."""
    return TimeLimit("visit", "Visit", amount, Rank.LAW, "A law (2026)", "A start", "A stop", valid_from, valid_until=valid_until)


def test_the_version_in_force_on_the_day_judges() -> None:
    old, new = visit(WorkingDays(10), date(2020, 1, 1), date(2026, 3, 31)), visit(WorkingDays(5), date(2026, 4, 1))
    assert rule_on([old, new], "visit", date(2026, 3, 31)) is old
    assert rule_on([old, new], "visit", date(2026, 4, 1)) is new
    assert old.version != new.version
    assert overlaps([old, new]) == []
    assert overlaps([old, visit(WorkingDays(5), date(2026, 3, 31))])
    for key, day, words in (
        ("visit", date(2019, 12, 31), "in force on 31 December 2019"),
        ("walk", date(2026, 1, 1), "There is no time limit “walk”"),
    ):
        with pytest.raises(LookupError, match=words):
            rule_on([old, new], key, day)


def test_no_two_versions_of_a_rule_overlap() -> None:
    assert overlaps(time_limits()) == []


def test_an_amount_is_at_least_one() -> None:
    for unit in (Hours, WorkingDays, CalendarDays, Months):
        assert not unit(1).words.endswith("s")
        with pytest.raises(ValueError, match="or more"):
            unit(0)


def test_missed_by_says_how_much_and_what_nobody_can_say() -> None:
    due = datetime(2025, 5, 5, 13, tzinfo=UTC)
    exact, between = Deadline(due, due), Deadline(due, due + timedelta(hours=24))
    assert missed_by(exact, due) == ""
    assert missed_by(exact, due + timedelta(hours=3, minutes=20)) == "Missed by 3 hours 20 minutes"
    assert missed_by(exact, due + timedelta(seconds=1)) == "Missed by less than a minute"
    assert missed_by(between, due + timedelta(hours=1)).startswith("Not known")
    assert missed_by(between, due + timedelta(hours=26)) == "Missed by between 2 hours and 1 day 2 hours"
