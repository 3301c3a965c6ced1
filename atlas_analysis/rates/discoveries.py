"""Of many tests, which are told as more than chance, so that looking at many finds no more than it should."""

from collections.abc import Sequence

FALSE_DISCOVERIES = 0.05


def discoveries(smallest_first: Sequence[float], tried: int | None = None) -> int:
    """How many of these p-values, the smallest first, are told: of those that are, about 5 in 100 are chance. `tried`: how many tests were made, if more than these.

    Source: Benjamini and Hochberg, J R Stat Soc B 1995; 57: 289-300.
    """
    many = len(smallest_first) if tried is None else tried
    return max((at for at, p in enumerate(smallest_first, 1) if p <= FALSE_DISCOVERIES * at / many), default=0)
