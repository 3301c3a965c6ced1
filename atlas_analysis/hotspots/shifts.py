"""Trend with level shifts: is it rising, or did it step, as when recording changes?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Numbers = NDArray[Any]
EDGE = 2  # periods at least on each side of a shift
ROUNDS = 50  # of fitting


@dataclass(frozen=True)
class Shift:
    """From this period on, so many times the level."""

    period: int  # its number in the series, from 0
    label: str
    times: float
    low: float  # 95 %, as if the period had been known
    high: float
    p: float  # the share of series without a shift that show one as strong at some period


@dataclass(frozen=True)
class Trend:
    """The change from one period to the next as a factor, with and without the shifts taken out."""

    each: float  # with the shifts taken out: 1.02 is 2 % more each period
    low: float
    high: float
    each_plain: float  # were there no shift
    low_plain: float
    high_plain: float
    shifts: tuple[Shift, ...]
    not_kept: Shift | None  # the strongest that chance still explains
    overdispersion: float  # how many times as much as counts by chance it varies about the fit; never below 1
    fitted: tuple[float, ...]
    periods: int
    seed: int
    caveats: tuple[str, ...]


def trend(
    counts: list[int],
    *,
    labels: list[str] | None = None,
    exposure: list[float] | None = None,
    most_shifts: int = 2,
    shuffles: int = 999,
    seed: int,
) -> Trend:
    """Fit a steady rise or fall by periods, and shifts of level where chance does not explain them.

    `counts`: of equal periods, in order, none left out; `exposure`: population or days of each, where these differ. A log-linear model of counts that vary
    more than chance (quasi-Poisson); a shift is kept where its strength, the greatest over all periods, comes in fewer than one of twenty series made
    of the fit without it (so looking everywhere is allowed for). Raises ValueError for what is no such series.
    Sources: McCullagh and Nelder, Generalized Linear Models, 1989, chapter 6; greatest over all periods, Andrews, Econometrica 1993; 61: 821-56.
    """
    series, names, sizes = checked(counts, labels, exposure)
    random, found, rest = np.random.default_rng(seed), list[tuple[int, float]](), None
    while len(found) < most_shifts and len(series) - 2 - len(found) >= 3:
        at = [period for period, _ in found]
        period, strength = strongest(series, sizes, at)
        if period is None:
            break
        fitted, _, _, spread = fit(series, sizes, at)
        above = sum(strongest(made, sizes, at)[1] >= strength for made in like(fitted, spread, shuffles, random))
        p = (1 + above) / (1 + shuffles)
        if p >= 0.05:
            rest = (period, p)
            break
        found.append((period, p))
    return told(series, names, sizes, sorted(found), rest, seed)


def checked(counts: list[int], labels: list[str] | None, exposure: list[float] | None) -> tuple[Numbers, list[str], Numbers]:
    """The series, or a sentence that says what is wrong with it."""
    series = np.array([float("nan") if count is None else float(count) for count in counts])
    if len(series) < 6:
        raise ValueError(f"{len(series)} periods are too few for a trend: six at least.")
    if np.isnan(series).any() or (series < 0).any() or (series != np.floor(series)).any():
        raise ValueError("Counts are whole numbers of nought or more, one for each period: where a period is not known, begin after it.")
    if series.sum() == 0:
        raise ValueError("Nothing was counted in any period: there is no trend of nothing.")
    sizes = np.ones(len(series)) if exposure is None else np.array(exposure, dtype=float)
    names = [str(n) for n in range(len(series))] if labels is None else labels
    if len(sizes) != len(series) or len(names) != len(series) or not np.isfinite(sizes).all() or (sizes <= 0).any():
        raise ValueError("Labels and exposure need one value for each period, and exposure is above nought.")
    return series, names, sizes


def design(periods: int, at: list[int]) -> Numbers:
    """Columns: level, period counted from the middle, and a step at each shift."""
    number = np.arange(periods)
    return np.column_stack([np.ones(periods), number - (periods - 1) / 2, *[(number >= period).astype(float) for period in at]])


def fit(series: Numbers, sizes: Numbers, at: list[int]) -> tuple[Numbers, Numbers, Numbers, float]:
    """Fitted counts, coefficients, their covariance before overdispersion, and overdispersion (Pearson, 1 at least), by reweighted least squares."""
    columns = design(len(series), at)
    mean = series + 0.5
    coefficients: Numbers = np.zeros(columns.shape[1])
    for _ in range(ROUNDS):
        working = np.log(mean / sizes) + (series - mean) / mean
        weighted = columns * mean[:, None]
        before, coefficients = coefficients, np.linalg.solve(columns.T @ weighted, weighted.T @ working)
        mean = np.maximum(sizes * np.exp(np.clip(columns @ coefficients, -30, 30)), 1e-9)
        if np.abs(coefficients - before).max() < 1e-9:
            break
    covariance = np.linalg.pinv(columns.T @ (columns * mean[:, None]))
    free = len(series) - columns.shape[1]
    return mean, coefficients, covariance, max(1.0, float(((series - mean) ** 2 / mean).sum() / free))


def deviance(series: Numbers, mean: Numbers) -> float:
    """How badly counts fit (Poisson)."""
    logs = np.where(series > 0, series * np.log(np.maximum(series, 1) / mean), 0.0)
    return float(2 * (logs - (series - mean)).sum())


def strongest(series: Numbers, sizes: Numbers, at: list[int]) -> tuple[int | None, float]:
    """The period where one more shift explains most, and how much, against what is then left unexplained (an F ratio)."""
    plain = deviance(series, fit(series, sizes, at)[0])
    best: tuple[int | None, float] = (None, 0.0)
    for period in range(EDGE, len(series) - EDGE + 1):
        if any(abs(period - other) < EDGE for other in at):
            continue
        mean, _, _, spread = fit(series, sizes, [*at, period])
        ratio = (plain - deviance(series, mean)) / spread
        if ratio > best[1]:
            best = (period, ratio)
    return best


def like(mean: Numbers, spread: float, times: int, random: np.random.Generator) -> list[Numbers]:
    """Series such as the fit would make, that vary as much: Poisson, or with rates that vary besides."""
    if spread <= 1.001:
        return [random.poisson(mean).astype(float) for _ in range(times)]
    shape = np.maximum(mean / (spread - 1), 1e-3)
    return [random.poisson(random.gamma(shape, mean / shape)).astype(float) for _ in range(times)]


def factor(series: Numbers, sizes: Numbers, at: list[int], index: int) -> tuple[float, float, float]:
    """A coefficient as a factor, with its interval (95 %)."""
    _, value, covariance, spread = fit(series, sizes, at)
    wide = float(stdtrit(len(series) - len(value), 0.975) * np.sqrt(spread * covariance[index, index]))
    return float(np.exp(value[index])), float(np.exp(value[index] - wide)), float(np.exp(value[index] + wide))


def told(
    series: Numbers, names: list[str], sizes: Numbers, found: list[tuple[int, float]], rest: tuple[int, float] | None, seed: int
) -> Trend:
    """The fit in words that a person reads: factors with their intervals."""
    at = [period for period, _ in found]
    mean, _, _, spread = fit(series, sizes, at)
    shifts = tuple(Shift(period, names[period], *factor(series, sizes, at, 2 + place), p) for place, (period, p) in enumerate(found))
    not_kept = None if rest is None else Shift(rest[0], names[rest[0]], *factor(series, sizes, [*at, rest[0]], 2 + len(at)), rest[1])
    said = (
        ["A shift may be a change of recording, of area or of practice: ask what changed then, before anybody speaks of more or fewer."]
        if shifts
        else []
    )
    if len(series) < 12:
        said.append(f"{len(series)} periods tell little of a trend; seasons are not looked for.")
    each, plain = factor(series, sizes, at, 1), factor(series, sizes, [], 1)
    return Trend(*each, *plain, shifts, not_kept, spread, tuple(mean.tolist()), len(series), seed, tuple(said))
