"""Cases at which a small change of the code would decide otherwise (`bench mutation clocks` looks for changes that no test notices)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from atlas.chronology.moments import Moment, Precision, typed, written
from atlas.clocks.calendar import Override, add_working_days, bank_holidays, is_working_day, warning
from atlas.clocks.rules import (
    CalendarDays,
    Deadline,
    Hours,
    Rank,
    TimeLimit,
    WorkingDays,
    hours_between_days,
    is_allowed_locally,
    missed_by,
    overlaps,
)

THREE_DAYS = Hours(72)


def limit(allowed: Hours | WorkingDays | CalendarDays, valid_from: date = date(2010, 1, 1), valid_until: date | None = None) -> TimeLimit:
    return TimeLimit("invented", "An answer", allowed, Rank.LAW, "Invented", "It began", "It ended", valid_from, valid_until=valid_until)


@pytest.mark.parametrize(("allowed", "start", "overrides", "words"), [
    # two bank holidays between, none after the deadline, and the day of the start never among them
    (WorkingDays(2), "2 April 2026 10:00", (), "2 working days from 2 April 2026 10:00 is 8 April 2026 23:59. "
     "Bank holidays are not counted: 3 April 2026, 6 April 2026."),
    (WorkingDays(1), "1 April 2026 10:00", (), "1 working day from 1 April 2026 10:00 is 2 April 2026 23:59."),
    (WorkingDays(1), "3 April 2026 10:00", (), "1 working day from 3 April 2026 10:00 is 7 April 2026 23:59. Bank holidays are not counted: 6 April 2026. "
     "3 April 2026 is not a working day: counted as received on the next working day, it would be due on 8 April 2026."),
    (WorkingDays(1, receipt_waits=True), "4 April 2026 10:00", (), "1 working day (receipt waits) from 4 April 2026 10:00 is 8 April 2026 23:59. "
     "Bank holidays are not counted: 6 April 2026. 4 April 2026 is not a working day: counted as received at once, it would be due on 7 April 2026."),
    # a bank holiday that a partnership took away is said where it was counted, and not where it is the day of the start
    (WorkingDays(2), "2 April 2026 10:00", (Override(date(2026, 4, 3), False), Override(date(2026, 4, 6), False)),
     "2 working days from 2 April 2026 10:00 is 6 April 2026 23:59. No bank holiday any more, and counted: 3 April 2026, 6 April 2026."),
    (WorkingDays(1), "6 April 2026 10:00", (Override(date(2026, 4, 6), False),), "1 working day from 6 April 2026 10:00 is 7 April 2026 23:59."),
    # the change of the clocks on the last day is said, and the one on the day after is not
    (Hours(24), "25 October 2025 12:00", (), "24 hours from 25 October 2025 12:00 is 26 October 2025 11:00. "
     "The clocks went back on 26 October 2025, and 24 hours are 24 hours."),
    (Hours(24), "24 October 2025 12:00", (), "24 hours from 24 October 2025 12:00 is 25 October 2025 12:00."),
])  # fmt: skip
def test_an_explanation_says_what_moved_it_and_nothing_else(
    allowed: Hours | WorkingDays, start: str, overrides: tuple[Override, ...], words: str
) -> None:
    assert limit(allowed).explain(written(start), overrides) == f"An answer: {allowed.words} (law: Invented). {words}"


def test_at_its_last_moment_nobody_can_say_whether_an_imprecise_one_was_missed() -> None:
    earliest = datetime(2026, 5, 5, 12, tzinfo=UTC)
    band = Deadline(earliest, earliest + timedelta(hours=1))
    assert missed_by(band, band.earliest) == ""
    assert missed_by(band, band.latest).startswith("Not known")
    assert missed_by(band, band.latest + timedelta(minutes=5)) == "Missed by between 5 minutes and 1 hour 5 minutes"


def test_two_versions_overlap_whichever_is_named_first() -> None:
    old, new = limit(Hours(1), date(2020, 1, 1), date(2022, 1, 1)), limit(Hours(2), date(2022, 1, 1))
    assert overlaps([old, new]) == [(old, new)]
    assert overlaps([new, old]) == [(new, old)]
    assert overlaps([limit(Hours(1), date(2020, 1, 1), date(2021, 12, 31)), new]) == []


def test_a_local_limit_is_compared_with_every_year_and_every_pause() -> None:
    assert is_allowed_locally(limit(WorkingDays(4)), limit(CalendarDays(12)))
    # Easter and a wedding in 2011: the only week in which four working days end on the twelfth day
    assert is_allowed_locally(limit(WorkingDays(4)), limit(CalendarDays(11))) is False
    paused = TimeLimit(
        "invented", "An answer", Hours(1), Rank.LOCAL, "Invented", "It began", "It ended", date(2020, 1, 1), pause="The child is away"
    )
    assert is_allowed_locally(paused, limit(Hours(72))) is False


def at(hour: int, precision: Precision = Precision.MINUTE) -> Moment:
    return Moment(datetime(2026, 5, 4, tzinfo=UTC) + timedelta(hours=hour), precision)


HALF_AN_HOUR_AFTER = Moment(datetime(2026, 5, 7, 0, 30, tzinfo=UTC), Precision.ABOUT)


@pytest.mark.parametrize(("start", "end", "judged"), [
    (at(0), at(72), "in time"), (at(0), at(73), "late"), (at(0), HALF_AN_HOUR_AFTER, "not known"),
    (Moment(None, Precision.UNKNOWN), at(1), "not known"), (at(1), Moment(None, Precision.UNKNOWN), "not known"),
])  # fmt: skip
def test_hours_between_two_moments_at_the_very_boundary(start: Moment, end: Moment, judged: str) -> None:
    assert hours_between_days(start, end, THREE_DAYS) == judged


def test_the_calendar_holds_its_first_and_its_last_day_and_says_when_it_ends() -> None:
    assert is_working_day(date(2010, 1, 4)) and is_working_day(date(2040, 12, 31))
    assert {day.year for day in bank_holidays()} == set(range(2010, 2041))
    with pytest.raises(ValueError, match=r"^The bank holidays of 2041 are not known: the calendar holds 2010 to 2040\.$"):
        add_working_days(date(2041, 1, 1), 1)
    assert "ends in 0 days." in warning(date(2040, 12, 31)) and "ends in 1 day." in warning(date(2040, 12, 30))
    assert "ended on 31 December 2040" in warning(date(2041, 1, 1))


@pytest.mark.parametrize(("moment", "words"), [
    (Moment(None), "not known"), (Moment(datetime(2026, 5, 5, tzinfo=UTC), Precision.UNKNOWN), "not known"), (Moment.on(date(2026, 5, 5)), "5 May 2026, time not known"),
    (Moment(datetime(2025, 10, 26, 1, 30, tzinfo=UTC), Precision.ABOUT), "about 26 October 2025 01:30"),
])  # fmt: skip
def test_a_moment_that_is_not_exact_is_said_so(moment: Moment, words: str) -> None:
    assert moment.words() == words
    if words == "not known":
        assert (moment.earliest, moment.latest) == (None, None)


def test_two_letters_are_no_month() -> None:
    assert written("2 Sep 2025") == written("2 September 2025")
    with pytest.raises(ValueError, match="“Se” is not a month"):
        written("2 Se 2025")


def test_what_is_typed_in_the_night_of_a_change() -> None:
    twice, never = datetime(2025, 10, 26, 1, 30), datetime(2026, 3, 29, 1, 30)  # noqa: DTZ001  (wall times, as they are typed)
    assert typed(None, "minute") == Moment(None, Precision.UNKNOWN)
    assert typed(twice, "date") == Moment.on(date(2025, 10, 26))
    assert typed(twice, "about") == Moment(datetime(2025, 10, 26, 0, 30, tzinfo=UTC), Precision.ABOUT)
    with pytest.raises(ValueError, match=r"came twice.*Choose “About then”"):
        typed(twice, "minute")
    with pytest.raises(ValueError, match="There was no 01:30"):
        typed(never, "minute")
    for precision in ("minute", "about"):
        assert typed(datetime(2025, 10, 26, 12), precision) == Moment(datetime(2025, 10, 26, 12, tzinfo=UTC), Precision(precision))  # noqa: DTZ001
