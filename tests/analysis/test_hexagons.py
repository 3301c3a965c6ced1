"""Hexagons: the rate of a corner with two events is drawn towards the whole; where all are alike, none stands out."""

from typing import Any

import h3
import numpy as np
import pyarrow as pa
import pytest

from atlas_analysis.hotspots import HexagonResult, hexagons

MIDDLE = h3.latlng_to_cell(51.40, 0.02, 8)
CELLS = sorted(h3.grid_disk(MIDDLE, 4))


def found(counts: list[int], sizes: list[float]) -> HexagonResult:
    """Hexagons round Bromley with these counts and sizes."""
    points = [h3.cell_to_latlng(cell) for cell, count in zip(CELLS, counts, strict=False) for _ in range(count)]
    whole = [h3.cell_to_latlng(cell) for cell, _ in zip(CELLS, sizes, strict=False)]
    return hexagons(
        pa.table({"latitude": [north for north, _ in points], "longitude": [east for _, east in points]}),
        pa.table({"latitude": [north for north, _ in whole], "longitude": [east for _, east in whole], "exposure": sizes}),
    )


def test_two_events_among_few_are_drawn_in_and_twenty_among_many_stand_out() -> None:
    """Both have five times the rate of the whole; only one is known to."""
    sizes = [20.0, 400.0, *[300.0] * 38]
    result = found([2, 40, *[6] * 38], sizes)
    small, large = result.hexagons[0], result.hexagons[1]
    assert small.rate == large.rate == 0.1
    assert small.shrunken is not None and large.shrunken is not None
    assert result.rate < small.shrunken < 0.06 < large.shrunken < 0.1
    assert [one.cell for one in result.above()] == [large.cell]
    assert small.is_small
    assert not large.is_small


def test_it_equals_a_sum_over_all_rates() -> None:
    """Slowly: weigh each possible rate by how well it fits the spread and the count, and add up."""
    random = np.random.default_rng(5)
    sizes = random.uniform(50, 500, len(CELLS)).round().tolist()
    result = found(random.poisson(np.array(sizes) * random.gamma(2, 0.02, len(CELLS))).tolist(), sizes)
    rates = np.linspace(1e-6, 0.6, 200_001)
    for one in result.hexagons[:5]:
        shape = result.rate**2 / result.spread
        logs = (shape - 1) * np.log(rates) - rates * result.rate / result.spread + one.events * np.log(rates) - rates * one.exposure
        weight = np.exp(logs - logs.max())
        upto = np.cumsum(weight) / weight.sum()
        assert one.shrunken == pytest.approx((rates * weight).sum() / weight.sum(), rel=1e-3)
        assert one.low == pytest.approx(rates[np.searchsorted(upto, 0.025)], rel=2e-3)
        assert one.high == pytest.approx(rates[np.searchsorted(upto, 0.975)], rel=2e-3)


def test_where_all_are_alike_hardly_any_stands_out() -> None:
    """Forty worlds of 61 hexagons with one rate: fewer than one in two hundred hexagons is said to be above."""
    random = np.random.default_rng(6)
    above = 0
    for _ in range(40):
        sizes = random.uniform(50, 500, len(CELLS)).round()
        above += len(found(random.poisson(sizes * 0.03).tolist(), sizes.tolist()).above())
    assert above / (40 * len(CELLS)) < 0.005


def test_the_british_grid_and_degrees_name_the_same_hexagon() -> None:
    """Bromley's library on both."""
    east = pa.table({"easting": [540_300.0], "northing": [169_000.0]})
    north = pa.table({"latitude": [51.4018], "longitude": [0.0151]})
    with_size = [table.append_column("exposure", pa.array([50.0])) for table in (east, north)]
    assert hexagons(east, with_size[1]).hexagons[0].cell == hexagons(north, with_size[0]).hexagons[0].cell


def test_events_without_exposure_have_no_rate_and_are_said() -> None:
    """A hexagon where nobody lives keeps its count."""
    result = found([3, 4, 5, 12], [100.0, 100.0, 100.0])
    assert [one.rate for one in result.hexagons if one.exposure == 0] == [None]
    assert "12 of 24 events lie in hexagons without exposure, which have no rate." in result.caveats
    assert any("is it where they happened" in caveat for caveat in result.caveats)


@pytest.mark.parametrize(
    ("events", "exposure", "says"),
    [
        ({"latitude": [], "longitude": []}, {}, "must not be empty"),
        ({}, {"exposure": [0.0]}, "not nought everywhere"),
        ({}, {"exposure": [-1.0]}, "nought or more"),
        ({}, {"exposure": [None]}, "empty in 1 of 1"),
        ({"latitude": [0.02], "longitude": [51.4]}, {}, "look swapped"),
        ({"latitude": [float("nan")], "longitude": [0.1]}, {}, "empty in 1 of 1"),
        ({"easting": [51.4], "northing": [0.1]}, {}, "look like degrees"),
        ({"easting": [169_000.0], "northing": [1_540_300.0]}, {}, "off the British National Grid"),
    ],
)
def test_what_cannot_be_right_is_refused_in_words(events: dict[str, Any], exposure: dict[str, Any], says: str) -> None:
    """Each gets its sentence."""
    with pytest.raises(ValueError, match=says):
        hexagons(
            pa.table(events or {"latitude": [51.4], "longitude": [0.02]}),
            pa.table({"latitude": [51.4], "longitude": [0.02], "exposure": [100.0], **exposure}),
        )
