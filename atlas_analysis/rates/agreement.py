"""Whether people who judge the same thing judge it alike, beyond what chance gives."""

from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

import numpy as np

Level = Literal["nominal", "ordinal", "interval", "ratio"]
RESAMPLES = 2000


@dataclass(frozen=True)
class Agreement:
    """Agreement beyond chance: 1 is whole, 0 what chance gives. `value` is None where all judged alike in one category, and nothing can differ."""

    value: float | None
    things: int
    caveat: str = ""


@dataclass(frozen=True)
class SetAgreement(Agreement):
    """The same of sets, with a 95 % interval; the interval is None where there is no value."""

    interval: tuple[float, float] | None = None


def weighted_kappa(table: Sequence[Sequence[float]], weights: Literal["none", "linear", "quadratic"] = "quadratic") -> Agreement:
    """Cohen's kappa of two raters; `table[i][j]`: how many things the first put into category i and the second into j, categories in their order.

    Source: Cohen, Psychological Bulletin 1968; 70: 213-220. Raises ValueError for a table that is not square, or empty.
    """
    counted = np.asarray(table, float)
    if counted.ndim != 2 or counted.shape[0] != counted.shape[1] or counted.shape[0] < 2 or counted.sum() <= 0:
        raise ValueError("Two raters need a square table of two categories or more, with something in it.")
    apart = np.abs(np.subtract.outer(np.arange(len(counted)), np.arange(len(counted)))).astype(float)
    apart = {"none": (apart > 0).astype(float), "linear": apart, "quadratic": apart**2}[weights]
    shares = counted / counted.sum()
    by_chance = (apart * np.outer(shares.sum(1), shares.sum(0))).sum()
    things = int(counted.sum())
    if by_chance == 0:
        return Agreement(None, things, "Both put everything into one category: nothing could differ.")
    return Agreement(float(1 - (apart * shares).sum() / by_chance), things)


def krippendorff_alpha(judged: Sequence[Sequence[Hashable | None]], level: Level = "nominal", order: Sequence[Hashable] = ()) -> Agreement:
    """Krippendorff's alpha of any number of raters; `judged[rater][thing]`, None where that rater did not judge it. Numbers for `interval` and `ratio`.

    `order`: the categories from low to high, for `ordinal` words. Source: Krippendorff, Computing Krippendorff's alpha-reliability, 2011. Things that
    fewer than two judged are left out. Raises ValueError where none is left, or for a category that is not in the order.
    """
    things = [[one for one in column if one is not None] for column in zip(*judged, strict=True)]
    things = [values for values in things if len(values) > 1]
    if not things:
        raise ValueError("No thing was judged by two people: there is no agreement to reckon.")
    known = list(order) or sorted({value for values in things for value in values}, key=lambda value: (str(type(value)), value))
    place = {value: at for at, value in enumerate(known)}
    if unknown := {value for values in things for value in values} - set(known):
        raise ValueError(f"These categories are not in the order that was given: {', '.join(map(str, unknown))}.")
    together = np.zeros((len(known), len(known)))
    for values in things:
        for first, second in permutations(values, 2):
            together[place[first], place[second]] += 1 / (len(values) - 1)
    totals = together.sum(0)
    apart = _apart(level)(known, totals)
    expected = (np.outer(totals, totals) * apart).sum() / (totals.sum() - 1)
    if expected == 0:
        return Agreement(None, len(things), "All put everything into one category: nothing could differ.")
    return Agreement(float(1 - (together * apart).sum() / expected), len(things))


def masi(one: Set[Hashable], other: Set[Hashable]) -> float:
    """How far two sets lie apart, 0 to 1: the same 0, one within the other less than merely overlapping, nothing shared 1.

    Source: Passonneau, Measuring agreement on set-valued items (MASI), LREC 2006: 1 - Jaccard x (1, 2/3, 1/3 or 0).
    """
    shared, either = len(one & other), len(one | other)
    if not either or one == other:
        return 0.0
    monotonic = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - shared / either * monotonic


def alpha_of_sets(pairs: Sequence[tuple[Set[Hashable], Set[Hashable]]], *, seed: int, resamples: int = RESAMPLES) -> SetAgreement:
    """Krippendorff's alpha of two people who each gave a set of categories to each thing, by the MASI distance; with a bootstrap interval over the things.

    One judgement for each category and thing, taken together, would not do: categories differ in how often they are given, which looks like
    agreement where there is none. Source: Krippendorff 2011; Passonneau 2006. Raises ValueError where there is no pair.
    """
    if not pairs:
        raise ValueError("No thing was judged by two people: there is no agreement to reckon.")
    kinds = sorted({frozenset(one) for pair in pairs for one in pair}, key=lambda kind: sorted(map(str, kind)))
    place = {kind: at for at, kind in enumerate(kinds)}
    apart = np.array([[masi(one, other) for other in kinds] for one in kinds])
    first, second = (np.array([place[frozenset(pair[side])] for pair in pairs]) for side in (0, 1))
    given = np.zeros((len(pairs), len(kinds)))
    for side in (first, second):
        np.add.at(given, (np.arange(len(pairs)), side), 1)

    def alpha(times: np.ndarray) -> np.ndarray:
        """Of each line of how often each thing is taken; not a number where nothing could differ."""
        many, totals = times.sum(1), times @ given
        expected = ((totals @ apart) * totals).sum(1) / (2 * many * (2 * many - 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(expected > 0, 1 - (times @ apart[first, second]) / many / expected, np.nan)

    value = float(alpha(np.ones((1, len(pairs))))[0])
    if np.isnan(value):
        return SetAgreement(None, len(pairs), "All put everything into one category: nothing could differ.")
    draws = alpha(np.random.default_rng(seed).multinomial(len(pairs), np.full(len(pairs), 1 / len(pairs)), size=resamples).astype(float))
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return SetAgreement(value, len(pairs), interval=(float(low), float(high)))


def _apart(level: Level) -> "Callable[[list[Hashable], np.ndarray], np.ndarray]":
    """How far categories lie apart, squared; from the categories and how often each was given."""

    def nominal(known: list[Hashable], totals: np.ndarray) -> np.ndarray:
        return 1 - np.eye(len(known))

    def ordinal(known: list[Hashable], totals: np.ndarray) -> np.ndarray:
        middle = np.cumsum(totals) - totals / 2
        return np.subtract.outer(middle, middle) ** 2

    def interval(known: list[Hashable], totals: np.ndarray) -> np.ndarray:
        values = np.asarray(known, float)
        return np.subtract.outer(values, values) ** 2

    def ratio(known: list[Hashable], totals: np.ndarray) -> np.ndarray:
        values = np.asarray(known, float)
        added = np.add.outer(values, values)
        return np.divide(np.subtract.outer(values, values), added, out=np.zeros_like(added), where=added != 0) ** 2

    return {"nominal": nominal, "ordinal": ordinal, "interval": interval, "ratio": ratio}[level]
