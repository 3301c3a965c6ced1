"""The space-time scan: a published answer, the slow reference against the fast one, nothing found where nothing is."""

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from atlas_analysis.hotspots import Search, scan
from atlas_analysis.hotspots import slow as reference
from atlas_analysis.hotspots.ground import lay
from atlas_analysis.hotspots.hexagons import in_hexagons
from atlas_analysis.hotspots.scan import happened, shuffled
from atlas_analysis.hotspots.tables import read_events, read_places

FEVER = Path(__file__).resolve().parents[3] / "shared/data/scan"
FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)


def world(seed: int, places: int = 30, events: int = 150, *, step: int = 0) -> tuple[pa.Table, pa.Table]:
    """Places in two towns, and events that come evenly through 90 days. `step`: coordinates in such steps, so that many are equally far."""
    random = Random(seed)
    where = [(random.gauss(540_000 + 5_000 * (n % 2), 800), random.gauss(170_000, 800)) for n in range(places)]
    if step:
        where = [(round(x / step) * step, round(y / step) * step) for x, y in where]
    busy = [random.expovariate(1) for _ in range(places)]
    happened = random.choices(range(places), busy, k=events)
    table = pa.table({"place": [f"p{n}" for n in happened], "day": [FIRST + timedelta(days=random.randrange(90)) for _ in happened]})
    return table, pa.table(
        {
            "place": [f"p{n}" for n in range(places)],
            "easting": [x for x, _ in where],
            "northing": [y for _, y in where],
            "population": [float(random.randrange(50, 500)) for _ in range(places)],
        }
    )


def search(**other: Any) -> Search:
    """A search of the world's 90 days."""
    return Search(**{"first_day": FIRST, "last_day": LAST, "seed": 7, "longest": 14, "replicates": 19, **other})


def fever() -> tuple[pa.Table, pa.Table]:
    """The published example: fever in New York, November 2001."""
    if not FEVER.exists():
        pytest.skip("the published example lies in ../shared/data/scan, which is not here")
    cases = [line.split() for line in (FEVER / "NYCfever.cas").read_text().splitlines() if line.strip()]
    zips = [line.split() for line in (FEVER / "NYCfever.geo").read_text().splitlines() if line.strip()]
    days = [datetime.strptime(day, "%Y/%m/%d").date() for _, _, day in cases]  # noqa: DTZ007 - a day, no moment
    events = pa.table({"place": [place for place, _, _ in cases], "events": [int(number) for _, number, _ in cases], "day": days})
    return events, pa.table(
        {"place": [row[0] for row in zips], "latitude": [float(row[1]) for row in zips], "longitude": [float(row[2]) for row in zips]}
    )


def test_the_published_example_has_its_published_answer() -> None:
    """Fever in New York: statistic, ZIP codes, dates, and the second cluster as SaTScan 10.3.2 gives them."""
    found = scan(*fever(), Search(first_day=date(2001, 11, 1), last_day=date(2001, 11, 24), seed=1, longest=7, largest_radius=3_000))
    first, second, third = found.clusters[:3]
    assert round(first.best.statistic, 6) == 3.845418
    assert set(first.best.places) == set("11418 11415 11419 11435 11416 11421 11451 11375 11417".split())
    assert (first.best.first, first.best.last, first.best.events) == (date(2001, 11, 22), date(2001, 11, 24), 4)
    assert round(first.best.expected, 2) == 0.67
    assert round(first.best.radius / 1000, 2) == 2.90
    assert 0.15 < first.p < 0.28  # SaTScan: 0.242 after 207 shuffles
    assert round(first.recurrence_days or 0) in (4, 5, 6)
    assert (second.best.places, round(second.best.statistic, 6)) == (("11372",), 3.164201)
    assert (third.best.places, round(third.best.statistic, 6)) == (("10472",), 2.137259)
    assert found.found() == ()
    assert "once in 5 days" in found.in_words()


@pytest.mark.parametrize(
    ("seed", "other"),
    [
        (1, {}),
        (2, {"model": "poisson"}),
        (3, {"largest_radius": 1_500.0, "unit": 3, "longest": 5}),
        (4, {"largest_share": 0.2, "least_events": 3}),
        (5, {"looking_back": True, "unit": 9, "longest": 4}),
        (6, {"looking_back": True, "unit": 9, "longest": 3, "model": "poisson"}),
    ],
)
def test_it_equals_the_slow_reference(seed: int, other: dict[str, Any]) -> None:
    """What happened and every shuffle: the same greatest statistic as every circle and window looked at in turn; also where many places are equally far."""
    events, places = world(seed, places=18, events=90, step=400 if seed % 2 else 0)
    asked = search(**other)
    found = scan(events, places, asked)
    where = read_places(places)
    what = read_events(events, where, FIRST, LAST)
    ground = lay(what, where, asked)
    assert found.clusters[0].best.statistic == pytest.approx(reference.greatest(ground, happened(what, ground, asked), 0, asked), abs=1e-9)
    shuffles = shuffled(what, ground, asked)
    slow = [reference.greatest(ground, shuffles, number, asked) for number in range(0, 19, 3)]
    assert found.maxima[::3] == pytest.approx(slow, abs=1e-9)


def test_a_larger_world_equals_itself_walked_outright(monkeypatch: pytest.MonkeyPatch) -> None:
    """With groups of other sizes and other bounds the greatest statistics are the same: what is skipped is never better."""
    events, places = world(9, places=150, events=1_500)
    fast = scan(events, places, search(replicates=60))
    monkeypatch.setattr("atlas_analysis.hotspots.ground.GROUP", 7)
    monkeypatch.setattr("atlas_analysis.hotspots.ground.STRIDE", 0.2)
    monkeypatch.setattr("atlas_analysis.hotspots.ground.NEAR", 2)
    assert scan(events, places, search(replicates=60, workers=2)).maxima == pytest.approx(fast.maxima, abs=1e-9)
    monkeypatch.setattr("atlas_analysis.hotspots.ground.NEAR", 1_000)  # every circle walked
    assert scan(events, places, search(replicates=60)).maxima == pytest.approx(fast.maxima, abs=1e-9)


def test_a_planted_place_is_found() -> None:
    """Twelve more events in the last eight days, at a place that had few: found, with its days, and hardly ever by chance."""
    events, places = world(11, places=60, events=600)
    more = pa.table({"place": ["p5"] * 12, "day": [LAST - timedelta(days=n % 8) for n in range(12)]})
    found = scan(pa.concat_tables([events, more]), places, search(replicates=199))
    assert "p5" in found.clusters[0].best.places
    assert found.clusters[0].best.first >= LAST - timedelta(days=9)
    assert found.clusters[0].p == 1 / 200
    assert found.clusters[0].recurrence_days == 200
    shared = [set(one.best.places) & set(other.best.places) for one in found.clusters for other in found.clusters if one is not other]
    assert not any(shared)


def leading(events: pa.Table, places: pa.Table) -> tuple[date, float, set[int]]:
    """The first day and p of the leading cluster, and its events by number."""
    best, p = (found := scan(events, places, search(replicates=39)).clusters[0]).best, found.p
    rows = zip(events["place"].to_pylist(), events["day"].to_pylist(), strict=True)
    return best.first, p, {at for at, (place, day) in enumerate(rows) if place in best.places and best.first <= day}


def test_hexagons_smaller_than_the_cluster_name_the_same() -> None:
    """By exact points or by hexagons, the leading cluster begins on about one day and holds nearly the same events; `bench hexagons` counts it over many worlds."""
    shared = []
    for seed in range(11, 17):
        events, places = world(seed, places=60, events=600)
        x, y = places["easting"].to_numpy(), places["northing"].to_numpy()
        near = np.argsort((x - x[5]) ** 2 + (y - y[5]) ** 2)[:5]
        more = pa.table({"place": [f"p{near[n % 5]}" for n in range(20)], "day": [LAST - timedelta(days=n % 8) for n in range(20)]})
        events = pa.concat_tables([events, more])
        first, p, exact = leading(events, places)
        other_first, other_p, by_cells = leading(*in_hexagons(events, places, resolution=10))
        assert other_p == p == 1 / 40
        assert abs(other_first - first) <= timedelta(days=2)
        shared.append(len(exact & by_cells) / len(exact | by_cells))
    assert np.mean(shared) > 0.85
    with pytest.raises(ValueError, match="1 places of events are not in the table of places, the first 'nowhere'"):
        in_hexagons(pa.table({"place": ["nowhere"], "day": [LAST]}), places)


def test_looking_back_it_is_found_in_the_middle() -> None:
    """A planted spell that ended long ago is found looking back and not looking forward."""
    events, places = world(12, places=30, events=300)
    spell = date(2025, 2, 1)
    more = pa.table({"place": ["p5"] * 12, "day": [spell + timedelta(days=n % 6) for n in range(12)]})
    all_events = pa.concat_tables([events, more])
    back = scan(all_events, places, search(replicates=99, looking_back=True))
    assert "p5" in back.clusters[0].best.places
    assert spell - timedelta(days=3) <= back.clusters[0].best.first <= spell + timedelta(days=3)
    assert back.clusters[0].p == 0.01
    assert back.clusters[0].recurrence_days is None
    assert scan(all_events, places, search(replicates=99)).clusters[0].p > 0.05


def test_where_nothing_is_p_is_even() -> None:
    """Forty worlds without anything planted: p lies below a fifth in about a fifth of them, never in most."""
    values = [scan(*world(100 + n), search(replicates=39, seed=n)).clusters[0].p for n in range(40)]
    assert 1 <= sum(p <= 0.2 for p in values) <= 17
    assert 0.3 < float(np.mean(values)) < 0.7


def test_the_same_call_gives_the_same_answer() -> None:
    """Seed and dates are arguments: one call is another's double, with any number of workers; another seed draws other shuffles."""
    events, places = world(13)
    once = scan(events, places, search())
    assert once == scan(events, places, search()) == scan(events, places, search(workers=2))
    assert once.maxima != scan(events, places, search(seed=8)).maxima
    shares: list[float] = []
    scan(events, places, search(), shares.append)
    assert shares == sorted(shares)
    assert shares[0] == 0


def test_ties_are_told_as_ties() -> None:
    """Two places on one side of a third, alike in all: each pair is as strong as the other, and both are told."""
    places = pa.table({"place": ["west", "middle", "east", *[f"far{n}" for n in range(9)]], "x": [-200.0, 0.0, 200.0, *range(9_000, 18_000, 1_000)],
                       "y": [0.0, 0.0, 0.0, *[500.0 * n for n in range(9)]]})  # fmt: skip
    here = [("west", LAST), ("east", LAST), ("middle", LAST), ("middle", LAST)]
    there = [(f"far{n}", FIRST + timedelta(days=7 * k + n)) for n in range(9) for k in range(9)]
    events = pa.table({"place": [place for place, _ in here + there], "day": [day for _, day in here + there]})
    found = scan(events, places, search(largest_radius=250.0))
    assert found.clusters[0].best.events == 4  # the whole circle round the middle is stronger than any pair
    twins = pa.table({"place": ["west"] * 2 + ["east"] * 2 + [place for place, _ in there], "day": [LAST] * 4 + [day for _, day in there]})
    two = scan(twins, places, search(largest_radius=150.0)).clusters
    assert {two[0].best.places, two[1].best.places} == {("west",), ("east",)}
    assert two[0].best.statistic == two[1].best.statistic
    assert two[0].p == two[1].p


def test_reporting_points_are_left_out_shown_apart_or_kept() -> None:
    """A police station where children are found every day is no place of harm: by the caller's word."""
    events, places = world(14, places=20, events=200)
    places = places.append_column("kind", pa.array(["police station"] + [None] * 19, pa.string()))
    more = pa.table({"place": ["p0"] * 20, "day": [LAST - timedelta(days=n % 4) for n in range(20)]})
    events = pa.concat_tables([events, more])
    kept = scan(events, places, search(reporting="kept"))
    out = scan(events, places, search())
    apart = scan(events, places, search(reporting="shown apart"))
    assert "p0" in kept.clusters[0].best.places
    assert all(place.place != "p0" for place in out.apart)
    assert out.maxima == apart.maxima
    assert (apart.apart[0].place, apart.apart[0].kind) == ("p0", "police station")
    assert apart.apart[0].events >= 20
    assert any("only reported" in caveat for caveat in out.caveats)


def test_many_looks_a_day_are_said() -> None:
    """Ten searches a day make ten times as many false alarms, and the sentence says so."""
    events, places = world(15)
    one, ten = scan(events, places, search()), scan(events, places, search(scans_a_day=10))
    assert "looked at once a day" in one.in_words()
    assert "with 10 such looks a day" in ten.in_words()
    assert any("10 such searches" in caveat for caveat in ten.caveats)
