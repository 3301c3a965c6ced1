"""How long children wait, when some still do: those who wait now are counted for as long as they have waited, and neither left out nor taken as done."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Waits:
    """Of those who waited, the share that still waits after each time at which some wait ended, with its interval; and the median.

    `median` is None where more than half still wait at the end: then nobody knows it, and the page says so.
    """

    times: np.ndarray
    at_risk: np.ndarray
    ended: np.ndarray
    waiting: np.ndarray
    low: np.ndarray
    high: np.ndarray
    median: float | None

    def share_waiting(self, after: float) -> float:
        """The share that still waits after so long."""
        at = int(np.searchsorted(self.times, after, side="right"))
        return float(self.waiting[at - 1]) if at else 1.0


def waits(lengths: Sequence[float], has_ended: Sequence[bool], confidence: float = 0.95) -> Waits:
    """The Kaplan-Meier estimate, with log-log intervals from Greenwood's variance. `lengths`: in any one unit, nought or more.

    Source: Kaplan and Meier, J Am Stat Assoc 1958; 53: 457-481; Kalbfleisch and Prentice 2002, p. 18. Raises ValueError for other shapes, and lengths
    below nought: somebody began to wait after it had ended.
    """
    length, ended = np.asarray(lengths, float), np.asarray(has_ended, bool)
    if length.shape != ended.shape or length.ndim != 1 or not len(length):
        raise ValueError("Give one length, and whether it has ended, for each wait.")
    if not np.isfinite(length).all() or (length < 0).any():
        raise ValueError("A wait is nought or longer: look at those that end before they begin.")
    times = np.unique(length[ended])
    at_risk = np.array([(length >= time).sum() for time in times])
    done = np.array([((length == time) & ended).sum() for time in times])
    waiting = np.cumprod(1 - done / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(done / (at_risk * (at_risk - done)))
        spread = stats.norm.ppf((1 + confidence) / 2) * np.sqrt(greenwood) / np.log(waiting)
        low, high = waiting ** np.exp(-spread), waiting ** np.exp(spread)
    inside = (waiting > 0) & (waiting < 1)
    low, high = np.where(inside, np.minimum(low, high), waiting), np.where(inside, np.maximum(low, high), waiting)
    under = np.flatnonzero(waiting <= 0.5)
    return Waits(times, at_risk, done, waiting, low, high, float(times[under[0]]) if len(under) else None)
