"""A run chart: whether a line of months moves by more than chance. Two rules, which together are seldom wrong where nothing has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from scipy import stats

FEWEST = 10  # with fewer points off the median nothing is said


@dataclass(frozen=True)
class RunChart:
    """What the rules say. `useful`: how many points do not lie on the median. `is_signal` is None where there are too few to say."""

    median: float
    useful: int
    longest_run: int
    longest_allowed: int
    crossings: int
    crossings_needed: int
    is_signal: bool | None


def run_chart(values: Sequence[float]) -> RunChart:
    """Judge values in the order of time by the longest run on one side of the median, and by how often it is crossed.

    Source: Anhøj and Olesen, PLoS ONE 2014; 9(11): e113825; limits: round(log2(n) + 3), and the 5th percentile of binomial(n - 1, 0.5). Raises
    ValueError for values that are not numbers: leave such months out, and say so.
    """
    series = np.asarray(values, float)
    if series.ndim != 1 or not len(series) or not np.isfinite(series).all():
        raise ValueError("A run chart needs one number for each period, and at least one.")
    median = float(np.median(series))
    sides = np.sign(series - median)
    sides = sides[sides != 0]
    useful = len(sides)
    changes = np.flatnonzero(np.diff(sides)) + 1
    edges = np.concatenate(([0], changes, [useful]))
    longest = int(np.diff(edges).max()) if useful else 0
    allowed = round(log2(useful) + 3) if useful else 0
    needed = int(stats.binom.ppf(0.05, useful - 1, 0.5)) if useful > 1 else 0
    signal = None if useful < FEWEST else bool(longest > allowed or len(changes) < needed)
    return RunChart(median, useful, longest, allowed, len(changes), needed, signal)
