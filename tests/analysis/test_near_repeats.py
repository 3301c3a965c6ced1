"""Near repeats: the reference answer for Memphis, every pair looked at in turn, and nothing found where nothing is."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from pyproj import Transformer

from atlas_analysis.hotspots import near_repeats

MEMPHIS = Path(__file__).resolve().parents[3] / "shared/data/places/memphis_personal_robbery_2019.csv"


def scattered(seed: int, many: int = 120) -> pa.Table:
    """Events evenly over two kilometres and 200 days."""
    random = Random(seed)
    return pa.table(
        {
            "x": [random.uniform(0, 2_000) for _ in range(many)],
            "y": [random.uniform(0, 2_000) for _ in range(many)],
            "at": [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=random.uniform(0, 200)) for _ in range(many)],
        }
    )


def test_memphis_has_its_reference_answer() -> None:
    """Personal robbery in Memphis, 2019: 139 pairs under 200 m and 7 days, 1.41 times expected, p 0.005 (calibration.md 3i)."""
    if not MEMPHIS.exists():
        pytest.skip("the robberies lie in ../shared/data/places, which is not here")
    with MEMPHIS.open() as file:
        rows = list(csv.DictReader(file))
    east, north = Transformer.from_crs(4326, 32615, always_xy=True).transform(
        [float(row["lon"]) for row in rows], [float(row["lat"]) for row in rows]
    )
    at = [datetime.fromisoformat(row["local"]) for row in rows]
    found = near_repeats(pa.table({"x": east, "y": north, "at": at}), seed=1)
    near_soon, near_later, further_soon, _ = found.cells
    assert (found.events, near_soon.pairs, near_soon.p) == (2_245, 139, 0.005)
    assert near_soon.times_expected == pytest.approx(1.41, abs=0.005)
    assert near_later.times_expected == pytest.approx(1.14, abs=0.01)
    assert further_soon.times_expected == pytest.approx(1.08, abs=0.01)
    assert 0.05 < near_later.p < 0.2
    assert 0.05 < further_soon.p < 0.2
    assert "lie on a point with others" in found.caveats[0]


def test_it_equals_every_pair_looked_at_in_turn() -> None:
    """Pairs, and what is expected of them, counted one by one."""
    table = scattered(1)
    rows = table.to_pylist()
    pairs = [(one, other) for index, one in enumerate(rows) for other in rows[:index]]
    apart = [((one["x"] - other["x"]) ** 2 + (one["y"] - other["y"]) ** 2) ** 0.5 for one, other in pairs]
    days = [abs((one["at"] - other["at"]).total_seconds()) / 86_400 for one, other in pairs]
    for cell in near_repeats(table, shuffles=19, seed=1).cells:
        near = [cell.metres[0] <= metres < cell.metres[1] for metres in apart]
        soon = [cell.days[0] <= day < cell.days[1] for day in days]
        assert cell.pairs == sum(one and other for one, other in zip(near, soon, strict=True))
        assert cell.expected == pytest.approx(sum(near) * sum(soon) / len(pairs))


def test_where_nothing_is_it_says_so_and_a_planted_repeat_is_found() -> None:
    """Of sixty scattered worlds about one in twenty has p of 0.05 or less; with twelve repeats planted it is found."""
    alarms = sum(near_repeats(scattered(100 + n), shuffles=39, seed=n).cells[0].p <= 0.05 for n in range(60))
    assert alarms <= 9
    table = scattered(2, many=60)
    again = table.slice(0, 12).to_pylist()
    soon = [row["at"] + timedelta(days=2) for row in again]
    repeats = pa.table({"x": [row["x"] + 30 for row in again], "y": [row["y"] for row in again], "at": soon}, schema=table.schema)
    found = near_repeats(pa.concat_tables([table, repeats]), seed=1).cells[0]
    assert found.p == 0.005
    assert (found.times_expected or 0) > 2


def test_degrees_and_days_do_as_well() -> None:
    """Two events 100 m apart on the globe, six days apart; dates without times."""
    two = pa.table({"latitude": [51.4000, 51.4009], "longitude": [0.01, 0.01], "day": [date(2025, 3, 1), date(2025, 3, 7)]})
    assert [cell.pairs for cell in near_repeats(two, shuffles=19, seed=1).cells] == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("table", "asked", "says"),
    [
        (scattered(1).slice(0, 1), {}, "make no pair"),
        (scattered(1), {"metres": (200, 100)}, "must rise"),
        (scattered(1), {"days": (7,)}, "two at least"),
        (scattered(1), {"shuffles": 1}, "At least 19"),
        (pa.table({"x": [1e4, 2e4], "y": [1e4, 2e4], "at": ["2025-01-01", "2025-01-02"]}), {}, "not text"),
        (pa.table({"x": [1.0, None], "y": [1.0, 2.0], "day": [date(2025, 1, 1)] * 2}), {}, "empty in 1 of 2"),
        (scattered(1).drop_columns(["at"]), {}, "no column “day”"),
    ],
)
def test_what_cannot_be_right_is_refused_in_words(table: pa.Table, asked: dict[str, Any], says: str) -> None:
    """Each gets its sentence."""
    with pytest.raises(ValueError, match=says):
        near_repeats(table, seed=1, **asked)
