"""Trend with level shifts: recorded violence in Bromley, a likelihood climbed in small steps, and no shift where there is none."""

import csv
import gzip
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from atlas_analysis.hotspots import trend
from atlas_analysis.hotspots.shifts import design, fit

BROMLEY = Path(__file__).resolve().parents[3] / "shared/data/places/bromley_lsoa11_crime_2011_2021_pop2020.csv.gz"


def test_recorded_violence_in_bromley() -> None:
    """It rose from 3,857 to 7,238 in ten years. Eleven years do not tell a steady rise from one of a fifth in 2014 or 2015: that is what it must say."""
    if not BROMLEY.exists():
        pytest.skip("recorded crime lies in ../shared/data/places, which is not here")
    years = Counter[str]()
    with gzip.open(BROMLEY, "rt") as file:
        for row in csv.DictReader(file):
            years[row["year"]] += round(float(row["violence"]))
    labels = sorted(years)
    found = trend([years[year] for year in labels], labels=labels, shuffles=199, seed=1)
    assert (years["2011"], years["2020"]) == (3_857, 7_238)
    assert found.shifts == ()
    assert 1.05 < found.low < found.each < found.high < 1.10
    assert found.overdispersion > 20  # counts of crime vary far more than by chance alone
    assert found.not_kept is not None
    assert found.not_kept.label in ("2014", "2015")
    assert 1.1 < found.not_kept.times < 1.4
    assert found.not_kept.p > 0.1
    assert "11 periods tell little" in found.caveats[0]


def test_a_planted_shift_is_found_and_the_trend_beside_it_is_none() -> None:
    """Two years at 40 a month, then 70: a shift, and no rise besides; without it one would speak of 3 % more each month."""
    random = np.random.default_rng(3)
    found = trend(random.poisson([40] * 12 + [70] * 12).tolist(), shuffles=99, seed=1)
    assert [shift.period for shift in found.shifts] == [12]
    assert found.shifts[0].low < 70 / 40 < found.shifts[0].high
    assert found.low < 1 < found.high
    assert found.low_plain > 1.01
    assert "change of recording" in found.caveats[0]


def test_it_equals_a_likelihood_climbed_in_small_steps() -> None:
    """Reweighted least squares and a general optimiser find the same level, rise and step, also with an exposure."""
    random = np.random.default_rng(4)
    sizes = random.uniform(50, 150, 20)
    series = random.poisson(sizes * 0.4 * 1.03 ** np.arange(20) * np.where(np.arange(20) >= 9, 1.5, 1)).astype(float)
    columns = design(20, [9])

    def unlikely(value: Any) -> float:
        mean = sizes * np.exp(columns @ value)
        return float((mean - series * np.log(mean)).sum())

    slowly = minimize(unlikely, np.zeros(3), method="BFGS", options={"gtol": 1e-9}).x
    assert fit(series, sizes, [9])[1] == pytest.approx(slowly, abs=1e-5)


def test_where_there_is_no_shift_hardly_any_is_found() -> None:
    """Twenty steady rises, half of them with rates that vary besides: a shift is said in about one of twenty."""
    random, alarms = np.random.default_rng(5), 0
    for number in range(20):
        mean = 60 * 1.02 ** np.arange(14) * (random.gamma(30, 1 / 30, 14) if number % 2 else 1)
        alarms += bool(trend(random.poisson(mean).tolist(), shuffles=39, seed=number).shifts)
    assert alarms <= 4


@pytest.mark.parametrize(
    ("counts", "asked", "says"),
    [
        ([1, 2, 3], {}, "too few"),
        ([1, 2, 3, None, 5, 6], {}, "begin after it"),
        ([1, 2, 3, -4, 5, 6], {}, "nought or more"),
        ([1, 2, 3, 4.5, 5, 6], {}, "whole numbers"),
        ([0] * 8, {}, "no trend of nothing"),
        ([1] * 8, {"exposure": [0.0] * 8}, "above nought"),
        ([1] * 8, {"labels": ["one"]}, "one value for each period"),
    ],
)
def test_what_cannot_be_right_is_refused_in_words(counts: list[Any], asked: dict[str, Any], says: str) -> None:
    """Each gets its sentence."""
    with pytest.raises(ValueError, match=says):
        trend(counts, seed=1, **asked)
