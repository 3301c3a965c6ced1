"""How groups fare: a planted difference is found, chance is not called one, and nothing small is said."""

import numpy as np
import pytest

from atlas_analysis.rates.fairness import fairness


def test_a_group_that_fares_otherwise_is_told() -> None:
    told = fairness({"White": (60, 200), "Black": (55, 90), "Asian": (24, 80), "Other": (2, 30)}, unknown=(5, 40))
    rows = {row.group: row for row in told.groups}
    assert rows["Black"].differs and not rows["Asian"].differs
    assert rows["Other"].share is None  # two of thirty would be told
    assert told.unknown == pytest.approx(40 / 440)
    assert "9% have no group recorded" in told.caveats[0]


def test_by_chance_few_years_tell_a_difference() -> None:
    random = np.random.default_rng(4)
    sizes = [200, 90, 80, 60, 40, 30]
    told = 0
    for _ in range(400):
        counted = {str(at): (int(random.binomial(size, 0.4)), size) for at, size in enumerate(sizes)}
        told += any(row.differs for row in fairness(counted).groups)
    assert told / 400 < 0.07


def test_bad_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="Of White, 9 of 4 cannot be"):
        fairness({"White": (9, 4)})
    with pytest.raises(ValueError, match="nobody"):
        fairness({"White": (0, 0)})
    assert "cannot be told" in fairness({"White": (30, 90), "Black": (1, 8)}).caveats[0]
