"""Rates with their intervals, and the limits of a funnel: how far a small team, home or area strays from the whole by chance alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

PER = 10_000


@dataclass(frozen=True)
class Rate:
    """Events among so many at risk: per 10,000 unless said otherwise, with its interval."""

    events: float
    at_risk: float
    rate: float
    low: float
    high: float


def poisson_interval(events: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of a count. Source: Garwood, Biometrika 1936; 28: 437-442. Raises ValueError for a count below nought."""
    if events < 0:
        raise ValueError(f"A count is not below nought: {events}.")
    tail = (1 - confidence) / 2
    low = stats.chi2.ppf(tail, 2 * events) / 2 if events else 0.0
    return float(low), float(stats.chi2.ppf(1 - tail, 2 * events + 2) / 2)


def rate(events: int, at_risk: float, per: int = PER, confidence: float = 0.95) -> Rate:
    """A rate with the exact interval of its count. Raises ValueError where nobody is at risk."""
    if at_risk <= 0:
        raise ValueError("There is no rate where nobody is at risk: leave the group out, or say how many it has.")
    low, high = poisson_interval(events, confidence)
    return Rate(events, at_risk, per * events / at_risk, per * low / at_risk, per * high / at_risk)


@dataclass(frozen=True)
class Shrunken:
    """Rates of areas, each drawn towards the whole as far as its own count is too small to stand alone (`weight`: 1 stands alone, 0 not at all)."""

    rates: np.ndarray
    weights: np.ndarray
    whole: float
    variance: float


def whole_and_spread(counts: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """The rate of the whole, and the variance between true rates by moments: what the rates differ more than chance would make them. Arrays of equal length,
    sizes above nought. Source: Marshall, Applied Statistics 1991; 40: 283-294 (the global estimator).
    """
    rate = float(counts.sum() / sizes.sum())
    differ = float((sizes * (counts / sizes - rate) ** 2).sum() / sizes.sum())
    return rate, max(0.0, differ - rate * len(sizes) / float(sizes.sum()))


def shrunken_rates(events: Sequence[float], at_risk: Sequence[float], per: int = PER) -> Shrunken:
    """Empirical Bayes rates of areas by the method of moments, per 10,000 unless said otherwise. Arrays of equal length.

    Source: Marshall, Applied Statistics 1991; 40: 283-294 (the global estimator). Raises ValueError for other shapes, or nobody at risk.
    """
    counted, exposed = np.asarray(events, float), np.asarray(at_risk, float)
    if counted.shape != exposed.shape or counted.ndim != 1 or not len(counted):
        raise ValueError("Give one count, and one number at risk, for each area.")
    if (exposed <= 0).any() or (counted < 0).any() or not np.isfinite(counted).all():
        raise ValueError("Each area has somebody at risk, and a count that is not below nought: leave the others out, and say so.")
    (whole, variance), own = whole_and_spread(counted, exposed), counted / exposed
    weights = variance / (variance + whole / exposed) if whole else np.zeros_like(own)
    return Shrunken(per * (whole + weights * (own - whole)), weights, per * whole, variance)


@dataclass(frozen=True)
class FunnelLimits:
    """For each denominator, between which shares 95 and 99.8 of 100 lie by chance, where the true share is `target`."""

    target: float
    warning: list[tuple[float, float]]
    alarm: list[tuple[float, float]]


def funnel_limits(denominators: Sequence[int], target: float) -> FunnelLimits:
    """The control limits of a funnel plot for proportions, by the exact binomial distribution, interpolated.

    Source: Spiegelhalter, Statistics in Medicine 2005; 24: 1185-1202, appendix A.1.1. Raises ValueError for a share outside 0 to 1.
    """
    if not 0 <= target <= 1:
        raise ValueError(f"A share lies between 0 and 1: {target}.")
    return FunnelLimits(target, [_limits(n, target, 0.025) for n in denominators], [_limits(n, target, 0.001) for n in denominators])


def _limits(of: int, target: float, tail: float) -> tuple[float, float]:
    # Interpolated, all or none of very few would lie outside, however often that happens by chance.
    low = 0.0 if stats.binom.pmf(0, of, target) >= tail else _quantile(of, target, tail)
    return low, 1.0 if stats.binom.pmf(of, of, target) >= tail else _quantile(of, target, 1 - tail)


def _quantile(of: int, target: float, tail: float) -> float:
    """The share below which `tail` lies, between the whole numbers on both sides of it."""
    if of <= 0:
        raise ValueError("A funnel needs a denominator above nought.")
    if target in (0.0, 1.0):
        return target
    at = stats.binom.ppf(tail, of, target)
    here, below = stats.binom.cdf(at, of, target), stats.binom.cdf(at - 1, of, target)
    return float((at - (here - tail) / (here - below)) / of)
