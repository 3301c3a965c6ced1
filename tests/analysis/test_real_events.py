"""Real events of two cities, beside the answers that were reckoned apart from this engine (calibration.md 3i): how clustered they are, and where they are densest."""

import csv
import gzip
from collections import Counter
from pathlib import Path

import h3
import numpy as np
import pyarrow as pa
import pytest
from pyproj import Transformer
from scipy.spatial import ConvexHull, cKDTree

from atlas_analysis.hotspots.hexagons import cells_of
from atlas_analysis.hotspots.tables import read_points

EVENTS = Path(__file__).resolve().parents[3] / "shared/data/places"
SQUARE = 500  # metres


def table_of(name: str, longitude: str, latitude: str) -> pa.Table:
    """A file's points in degrees."""
    path = EVENTS / name
    if not path.exists():
        pytest.skip("the robberies lie in ../shared/data/places, which is not here")
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = list(csv.DictReader(text.decode().splitlines()))
    return pa.table({"latitude": [float(row[latitude]) for row in rows], "longitude": [float(row[longitude]) for row in rows]})


@pytest.mark.parametrize(
    ("name", "columns", "grid", "events", "ratio", "square", "densest"),
    [
        ("memphis_personal_robbery_2019.csv", ("lon", "lat"), 32615, 2_245, 0.585, (1563, 7766), 23),
        ("nottingham_robbery_2022.csv.gz", ("longitude", "latitude"), 27700, 555, 0.511, (914, 680), 46),
    ],
)
def test_robberies_have_their_reference_answers(
    name: str, columns: tuple[str, str], grid: int, events: int, ratio: float, square: tuple[int, int], densest: int
) -> None:
    """Clark and Evans' ratio from the engine's points, and its densest hexagon in or beside the densest square of half a kilometre."""
    table = table_of(name, *columns)
    points, globe = read_points(table)
    there = np.column_stack(
        Transformer.from_crs(4326, grid, always_xy=True).transform(table["longitude"].to_numpy(), table["latitude"].to_numpy())
    )
    apart = cKDTree(points).query(points, 2)[0][:, 1].mean()
    assert (globe, len(points)) == (True, events)
    assert apart / (0.5 / np.sqrt(len(points) / ConvexHull(there).volume)) == pytest.approx(
        ratio, abs=0.002
    )  # a grid's metres are not quite the globe's
    if events == 2_245:
        assert apart == pytest.approx(171.3, abs=0.15)
    assert Counter(map(tuple, (there // SQUARE).astype(int).tolist())).most_common(1) == [(square, densest)]
    cell, most = Counter(cells_of(table, 8, None)).most_common(1)[0]
    north, east = h3.cell_to_latlng(cell)
    middle = np.array(Transformer.from_crs(4326, grid, always_xy=True).transform(east, north))
    assert most > densest
    assert np.abs(middle - (np.array(square) + 0.5) * SQUARE).max() < SQUARE
