"""What bad input gets: a sentence that says what to do, or a caveat in the answer; never a silent answer."""

from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from atlas_analysis.hotspots import Search, scan
from atlas_analysis.hotspots.tables import read_places

FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)


def search(**other: Any) -> Search:
    """A short search."""
    return Search(**{"first_day": FIRST, "last_day": LAST, "seed": 1, "longest": 7, "replicates": 19, **other})


def places(**columns: Any) -> pa.Table:
    """Three places in Bromley."""
    return pa.table(
        {"place": ["a", "b", "c"], "easting": [540_000.0, 541_000.0, 542_000.0], "northing": [168_000.0, 168_500.0, 169_000.0], **columns}
    )


def events(**columns: Any) -> pa.Table:
    """Twelve events."""
    return pa.table({"place": ["a", "b", "c"] * 4, "day": [FIRST + timedelta(days=7 * n) for n in range(12)], **columns})


NONE = pa.array([None] * 12, pa.string())


@pytest.mark.parametrize(
    ("happened", "where", "asked", "says"),
    [
        (events().slice(0, 0), places(), {}, "empty: there is nothing"),
        (events(), places().slice(0, 0), {}, "places is empty"),
        (events().drop_columns(["day"]), places(), {}, "no column “day”"),
        (events(place=NONE), places(), {}, "empty in 12 of 12 rows"),
        (events(place=["a", "b", "elsewhere"] * 4), places(), {}, "“elsewhere” among them"),
        (events(day=[LAST + timedelta(days=1)] * 12), places(), {}, "12 events lie after the last day, 31 March 2025"),
        (events(day=[FIRST - timedelta(days=1)] * 12), places(), {}, "12 before the first"),
        (events(day=["01/02/2025"] * 12), places(), {}, "must be a date"),
        (events(events=[1.5] * 12), places(), {}, "a whole number"),
        (events(events=[-1] * 12), places(), {}, "never below nought"),
        (events(event=[1] * 12), places(), {}, "with another place or day"),
        (events(), places(easting=[540_000.0, float("nan"), 542_000.0]), {}, "empty in 1 of 3"),
        (events(), places(easting=[540_000.0, float("inf"), 542_000.0]), {}, "without end"),
        (events(), places(easting=["540 km", "x", "y"]), {}, "no number"),
        (events(), places(easting=[51.4, 51.5, 51.6], northing=[0.1, 0.2, 0.3]), {}, "look like degrees"),
        (events(), places(easting=[1_005_000.0] * 3, northing=[168_000.0] * 3), {}, "look swapped"),
        (events(), places(easting=[-9_000.0] * 3), {}, "another grid"),
        (events(), places(), {"within": (160_000, 175_000, 530_000, 550_000)}, "Exchange “easting” and “northing”"),
        (events(), places(), {"within": (540_000, 541_500, 160_000, 175_000)}, "1 of 3 places lie outside"),
        (events(), places(place=["a", "b", "a"]), {}, "“a” among them"),
        (events(), places().drop_columns(["northing"]), {}, "needs “easting” and “northing”"),
        (events(), places(), {"model": "poisson"}, "needs a column “population”"),
        (events(), places(population=[5.0, 0.0, 5.0]), {"model": "poisson"}, "population of nought"),
        (events(), places(population=[5.0, -1.0, 5.0]), {}, "below nought"),
        (events().slice(0, 1), places(), {}, "too few"),
        (events(), places(), {"longest": 90}, "shorter than the period"),
        (events(), places(), {"largest_share": 0.7}, "up to half"),
        (events(), places(), {"largest_radius": -1.0}, "not below nought"),
        (events(), places(), {"replicates": 3}, "At least 19"),
        (events(), places(kind=["station"] * 3), {}, "0 events are too few"),
    ],
)
def test_what_cannot_be_right_is_refused_in_words(happened: pa.Table, where: pa.Table, asked: dict[str, Any], says: str) -> None:
    """Each gets its sentence."""
    with pytest.raises(ValueError, match=says):
        scan(happened, where, search(**asked))


def test_swapped_degrees_are_seen() -> None:
    """Latitude and longitude exchanged would put Bromley into the sea off Somalia."""
    where = pa.table({"place": ["a", "b"], "latitude": [0.02, 0.03], "longitude": [51.4, 51.5]})
    with pytest.raises(ValueError, match="look swapped"):
        read_places(where)
    with pytest.raises(ValueError, match="between -90 and 90"):
        read_places(pa.table({"place": ["a"], "latitude": [168_000.0], "longitude": [540_000.0]}))


def test_a_second_delivery_is_counted_once_and_said() -> None:
    """The same events twice: the same answer, with a caveat."""
    once = events(event=list(range(12)))
    twice = scan(pa.concat_tables([once, once]), places(), search())
    assert twice.events == 12
    assert "12 events were delivered more than once and counted once." in twice.caveats
    assert twice.maxima == scan(once, places(), search()).maxima


def test_one_point_with_a_thousand_events_is_said() -> None:
    """It holds more than half of all events, lies in no circle, and cannot be found: the answer says so."""
    many = pa.concat_tables([events(events=[1] * 12), pa.table({"place": ["a"], "day": [LAST], "events": [1_000]})])
    found = scan(many, places(), search())
    assert any(caveat.startswith("a alone expects more than 50%") for caveat in found.caveats)
    assert found.clusters == ()
    assert "Nothing was found" in found.in_words()


def test_many_at_one_place_are_asked_about() -> None:
    """A third of all events at one place: where they happened, or where they are reported?"""
    found = scan(pa.concat_tables([events(), events(place=["a"] * 12).slice(0, 4)]), places(), search())
    assert any("is it where they happened" in caveat for caveat in found.caveats)


def test_places_on_one_point_are_found_together_and_said() -> None:
    """Two places with the same coordinates cannot be told apart by a circle."""
    found = scan(events(), places(easting=[540_000.0] * 3, northing=[168_000.0] * 3), search())
    assert "3 places lie on 1 points: what lies on one point is found together." in found.caveats


def test_a_moment_is_read_as_its_day_and_a_kind_never_seen_changes_nothing() -> None:
    """Times of day are of no account; a kind of place that no list knows is an ordinary place."""
    moments = events(day=[datetime(2025, 1, 1, 23, 30) + timedelta(days=7 * n) for n in range(12)])  # noqa: DTZ001 - local, as delivered
    plain, odd = scan(events(), places(), search()), scan(moments, places(kind=["boathouse"] * 3), search())
    assert plain.maxima == odd.maxima
