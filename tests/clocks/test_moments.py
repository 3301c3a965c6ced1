"""Moments on awkward days: both changes of the clocks, and every way in which a time is written."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.chronology.moments import LONDON, Moment, Precision, from_iso, in_london, when_words, written

SPRING, AUTUMN = date(2026, 3, 29), date(2025, 10, 26)
instants = st.datetimes(datetime(2011, 1, 1), datetime(2039, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC))  # noqa: DTZ001


@pytest.mark.parametrize("minute", range(60))
def test_every_minute_that_does_not_exist_is_refused(minute: int) -> None:
    with pytest.raises(ValueError, match="There was no"):
        in_london(datetime.combine(SPRING, time(1, minute)))


@pytest.mark.parametrize("minute", range(60))
def test_every_minute_that_comes_twice_is_refused_unless_it_says_which(minute: int) -> None:
    clock = f"01:{minute:02}"
    for text in (f"26 October 2025 {clock}", f"26 oct 2025 {clock}"):
        with pytest.raises(ValueError, match="came twice"):
            written(text)
    with pytest.raises(ValueError, match="came twice"):
        from_iso(f"2025-10-26T{clock}")
    first, second = from_iso(f"2025-10-26T{clock}+01:00").at, from_iso(f"2025-10-26T{clock}Z").at
    assert first is not None
    assert second == first + timedelta(hours=1)
    for zone, instant in (("BST", first), ("+01:00", first), ("GMT", second), ("+00:00", second)):
        assert written(f"26 October 2025 {clock} {zone}").at == instant


@pytest.mark.parametrize(("text", "utc"), [
    ("2026-03-29T00:59", "2026-03-29T00:59"), ("2026-03-29T02:00", "2026-03-29T01:00"),
    ("2025-10-26T00:59", "2025-10-25T23:59"), ("2025-10-26T02:00", "2025-10-26T02:00"),
])  # fmt: skip
def test_the_minutes_beside_a_change(text: str, utc: str) -> None:
    assert from_iso(text).at == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["2025-05-02", "20250502", "2025-W18-5", "2025W185", " 2025-05-02 "])
def test_a_date_in_any_form_is_never_midnight(text: str) -> None:
    moment = from_iso(text)
    assert moment == Moment.on(date(2025, 5, 2)) == written("2 May 2025")
    assert moment.precision == Precision.DATE
    assert (moment.earliest, moment.latest) == (datetime(2025, 5, 1, 23, tzinfo=UTC), datetime(2025, 5, 2, 22, 59, 59, tzinfo=UTC))
    assert Moment(datetime(2025, 5, 2, 13, tzinfo=UTC), Precision.DATE).earliest == moment.earliest


@pytest.mark.parametrize("text", [
    "", "2025-W18", "2025-05", "2025-13-01", "2025-02-29", "2025-05-02T25:00", "2025-05-02x14:00", "02/05/2025", "2025-05-02T14:00+99:00",
    "0001-01-01T00:00", "9999-12-31T23:59-05:00", "２０２５-05-02",
])  # fmt: skip
def test_what_is_no_moment_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"Write it as 2025-05-02T14:00|cannot be right"):
        from_iso(text)


def test_a_moment_needs_its_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Moment(datetime(2025, 5, 2, 14))  # noqa: DTZ001


def test_about_is_half_an_hour_each_way_and_both_readings_of_the_doubled_hour() -> None:
    ordinary = Moment(datetime(2025, 5, 2, 13, tzinfo=UTC), Precision.ABOUT)
    assert (ordinary.earliest, ordinary.latest) == (datetime(2025, 5, 2, 12, 30, tzinfo=UTC), datetime(2025, 5, 2, 13, 30, tzinfo=UTC))
    doubled = Moment(datetime(2025, 10, 26, 0, 30, tzinfo=UTC), Precision.ABOUT)
    assert (doubled.earliest, doubled.latest) == (datetime(2025, 10, 26, 0, tzinfo=UTC), datetime(2025, 10, 26, 2, tzinfo=UTC))
    assert doubled.words() == "about 26 October 2025 01:30"


@pytest.mark.parametrize("precision", list(Precision))
def test_without_an_instant_there_are_no_bounds_however_exact_it_calls_itself(precision: Precision) -> None:
    assert (Moment(None, precision).earliest, Moment(None, precision).latest) == (None, None)


def test_not_known_has_no_bounds() -> None:
    unknown = Moment(None, Precision.UNKNOWN)
    assert (unknown.earliest, unknown.latest, unknown.words()) == (None, None, "not known")


@given(instants)
def test_what_is_shown_can_be_read_back(at: datetime) -> None:
    assert written(when_words(at)).at == at


@given(instants, st.sampled_from(Precision))
def test_earliest_is_never_after_latest(at: datetime, precision: Precision) -> None:
    moment = Moment(at, precision)
    if moment.earliest is not None:
        assert moment.latest is not None
        assert moment.earliest <= at <= moment.latest
        assert (moment.earliest == moment.latest) is (precision == Precision.MINUTE)


@given(st.datetimes(datetime(2011, 1, 1), datetime(2039, 12, 31)))  # noqa: DTZ001
def test_a_london_time_is_read_where_the_clock_shows_it_once(local: datetime) -> None:
    hits = [
        utc
        for shift in (0, 1)
        if (utc := (local - timedelta(hours=shift)).replace(tzinfo=UTC)).astimezone(LONDON).replace(tzinfo=None) == local
    ]
    if len(hits) == 1:
        assert in_london(local) == hits[0]
    else:
        with pytest.raises(ValueError, match="came twice" if hits else "There was no"):
            in_london(local)
