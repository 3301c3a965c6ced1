"""Intervals, funnel limits, run charts, waits, agreement: against published answers, and against noise."""

import numpy as np
import pytest
from scipy import stats

from atlas_analysis.rates.agreement import alpha_of_sets, krippendorff_alpha, masi, weighted_kappa
from atlas_analysis.rates.intervals import funnel_limits, poisson_interval, rate, shrunken_rates
from atlas_analysis.rates.run_chart import run_chart
from atlas_analysis.rates.waits import waits


@pytest.mark.parametrize(("events", "low", "high"), [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390), (100, 81.364, 121.627)])
def test_the_interval_of_a_count_is_garwood_s(events: int, low: float, high: float) -> None:
    assert poisson_interval(events) == pytest.approx((low, high), abs=5e-4)


def test_a_rate_needs_somebody_at_risk() -> None:
    told = rate(10, 75_000)
    assert (told.rate, told.low, told.high) == pytest.approx((1.3333, 0.6394, 2.4520), abs=1e-3)
    with pytest.raises(ValueError, match="nobody is at risk"):
        rate(3, 0)


def test_small_areas_are_drawn_to_the_whole_and_large_ones_stand() -> None:
    random = np.random.default_rng(7)
    at_risk = np.concatenate([np.full(60, 40.0), np.full(60, 40_000.0)])
    true = random.gamma(9, 0.004 / 9, 120)
    shrunken = shrunken_rates(random.poisson(true * at_risk).tolist(), at_risk.tolist())
    assert shrunken.weights[:60].max() < 0.1 and shrunken.weights[60:].min() > 0.9
    assert np.sqrt(shrunken.variance) == pytest.approx(0.004 / 3, rel=0.2)
    nothing = shrunken_rates(random.poisson(0.004 * at_risk).tolist(), at_risk.tolist())  # areas that differ by chance alone
    assert np.ptp(nothing.rates) < 0.25 * nothing.whole
    with pytest.raises(ValueError, match="somebody at risk"):
        shrunken_rates([1, 2], [0, 5])


def test_by_chance_few_lie_outside_a_funnel() -> None:
    limits = funnel_limits([1, 7, 30, 200], 0.7)
    random = np.random.default_rng(3)
    for of, warning, alarm in zip([30, 200], limits.warning[2:], limits.alarm[2:], strict=True):
        shares = random.binomial(of, 0.7, 40_000) / of
        outside = np.mean((shares < warning[0]) | (shares > warning[1]))
        assert 0.03 < outside < 0.07, of
        assert np.mean((shares < alarm[0]) | (shares > alarm[1])) < 0.005, of
    assert limits.warning[0] == (0.0, 1.0)
    assert funnel_limits([10], 0.0).alarm == [(0.0, 0.0)]


@pytest.mark.parametrize(
    ("points", "longest", "crossings"), [(10, 6, 2), (12, 7, 3), (20, 7, 6), (24, 8, 8), (36, 8, 13)]
)  # by their two formulas
def test_the_limits_of_a_run_chart_are_anhoj_s(points: int, longest: int, crossings: int) -> None:
    chart = run_chart([0, 1] * (points // 2))
    assert (chart.useful, chart.longest_allowed, chart.crossings_needed) == (points, longest, crossings)


def test_a_run_chart_tells_a_shift_and_seldom_noise() -> None:
    random = np.random.default_rng(11)
    wrong = np.mean([bool(run_chart(random.normal(size=24).tolist()).is_signal) for _ in range(2_000)])
    assert wrong < 0.09  # Anhøj and Olesen: about 8 of 100 for 24 points
    shifted = [[*random.normal(size=12).tolist(), *random.normal(3, size=12).tolist()] for _ in range(200)]
    found = np.mean([bool(run_chart(values).is_signal) for values in shifted])
    assert found > 0.9
    assert run_chart([3, 4, 3]).is_signal is None
    with pytest.raises(ValueError, match="one number for each period"):
        run_chart([1, float("nan")])


REMISSION = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_waits_are_kaplan_s_and_meier_s() -> None:
    """The weeks of remission of 21 children with leukaemia on 6-mercaptopurine: Freireich et al., Blood 1963; 21: 699-716."""
    told = waits(REMISSION, [bool(one) for one in ENDED])
    assert told.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert told.waiting == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert (told.low[2], told.high[2]) == pytest.approx((0.503, 0.889), abs=5e-4)
    assert told.median == 23
    assert (told.share_waiting(5), told.share_waiting(12)) == pytest.approx((1.0, 0.753), abs=5e-4)
    assert waits([1, 2, 3], [False, False, True]).share_waiting(9) == 0.0
    assert waits([5, 8], [False, False]).median is None
    with pytest.raises(ValueError, match="end before they begin"):
        waits([-1, 4], [True, True])


def test_leaving_out_those_who_wait_still_would_tell_too_short_a_wait() -> None:
    random = np.random.default_rng(2)
    real, seen = random.exponential(30, 4_000), random.uniform(0, 60, 4_000)
    told = waits(np.minimum(real, seen).tolist(), (real <= seen).tolist())
    assert told.median is not None
    assert told.median == pytest.approx(30 * np.log(2), rel=0.06)
    assert np.median(real[real <= seen]) < 0.8 * told.median


def test_kappa_is_cohen_s() -> None:
    """Hout, Duncan and Sobel, Sociological Methodology 1987; as reckoned by the package vcd for R (`SexualFun`)."""
    table = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
    assert weighted_kappa(table, "none").value == pytest.approx(0.1293, abs=5e-5)
    assert weighted_kappa(table, "linear").value == pytest.approx(0.2374, abs=5e-5)
    assert weighted_kappa([[9, 0], [0, 0]]).value is None
    with pytest.raises(ValueError, match="square table"):
        weighted_kappa([[1, 2, 3], [1, 2, 3]])


N = None
JUDGED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)])
def test_alpha_is_krippendorff_s(level: str, alpha: float) -> None:
    """Krippendorff 2011, example C."""
    assert krippendorff_alpha(JUDGED, level).value == pytest.approx(alpha, abs=5e-4)  # type: ignore[arg-type]


def test_agreement_by_chance_is_none() -> None:
    random = np.random.default_rng(5)
    by_chance = [krippendorff_alpha(random.integers(0, 4, (3, 60)).tolist()).value for _ in range(60)]
    assert abs(np.mean([one for one in by_chance if one is not None])) < 0.02
    assert krippendorff_alpha([["low", "low"], ["low", "low"]], order=["low", "high"]).value is None
    with pytest.raises(ValueError, match="not in the order"):
        krippendorff_alpha([["low", "odd"], ["low", "high"]], "ordinal", ["low", "high"])
    with pytest.raises(ValueError, match="judged by two"):
        krippendorff_alpha([[1, None], [None, 2]])


def test_alpha_of_sets_is_krippendorff_s_where_each_set_is_of_one() -> None:
    """The one that is held against Krippendorff's own example above; and Passonneau's distances."""
    first, second = "aabbdcccedda", "babbbcccedda"
    told = alpha_of_sets([({one}, {other}) for one, other in zip(first, second, strict=True)], seed=1)
    assert told.value is not None and told.value == pytest.approx(krippendorff_alpha([first, second]).value)
    assert told.interval is not None and told.interval[0] < told.value < told.interval[1]
    assert [masi({1}, {1}), masi({1, 2}, {1, 2, 3}), masi({1, 2}, {2, 3}), masi({1}, {2})] == pytest.approx([0, 5 / 9, 8 / 9, 1])
    assert alpha_of_sets([({1}, {1})] * 9, seed=1).value is None


def test_two_who_code_by_chance_agree_by_none_within_the_interval() -> None:
    """Codes of very different frequency, drawn by each alone: pooled judgements, one for each code, would say that they agree."""
    draw, chances = np.random.default_rng(9), np.array([0.6, 0.3, 0.1, 0.05, 0.02, 0.02])
    covered, values, pooled = 0, [], []
    for world in range(60):
        sets = [{int(code) for code in np.flatnonzero(draw.random(6) < chances)} or {-1} for _ in range(80)]
        told = alpha_of_sets(list(zip(sets[:40], sets[40:], strict=True)), seed=world, resamples=300)
        assert told.value is not None and told.interval is not None
        values.append(told.value)
        covered += told.interval[0] <= 0 <= told.interval[1]
        pooled.append(krippendorff_alpha([[code in one for one in half for code in range(6)] for half in (sets[:40], sets[40:])]).value)
    assert abs(np.mean(values)) < 0.03 < 0.2 < np.mean([one for one in pooled if one is not None])
    assert covered >= 51  # 95 in 100, less what chance takes off 60


def test_funnel_limits_agree_with_the_exact_distribution() -> None:
    (_, high), of = funnel_limits([400], 0.2).warning[0], 400
    assert stats.binom.cdf(np.ceil(high * of), of, 0.2) >= 0.975 > stats.binom.cdf(np.floor(high * of) - 1, of, 0.2)
