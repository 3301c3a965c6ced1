"""Whose export a leaked text is: each export's own choices are drawn again from its secret and compared with what the text shows. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.sharing.exports.reading import Evidence, Placed
from atlas.sharing.exports.wording import Wording

MISREAD = 0.08  # how often a choice is misread, or was changed by hand
UNKNOWN = 0.5  # before anything is read: as likely as not, the text comes from no export that is asked about


@dataclass(frozen=True)
class Marked:
    """An export as it is asked about: its name, the list and the columns that it holds, and its secret."""

    name: str
    list: str
    columns: frozenset[str]
    mark: bytes


@dataclass(frozen=True)
class Candidate:
    """An export that a text may come from. `sure`: from 0 to 1, against all others and against none of them; `fits` of `shown` choices fit."""

    name: str
    sure: float
    fits: int
    shown: int


def candidates(evidence: Evidence, exports: Sequence[Marked], most: int = 5) -> list[Candidate]:
    """The exports that fit best, the surest first; those that fit no better than chance are left out."""
    if not exports:
        return []
    weighed = [(*_weighed(evidence, export), export) for export in exports]
    top = max(0.0, *(weight for weight, *_ in weighed))
    share = math.log((1 - UNKNOWN) / len(exports))
    total = math.exp(math.log(UNKNOWN) - top) + sum(math.exp(share + weight - top) for weight, *_ in weighed)
    best = sorted(weighed, key=lambda one: -one[0])[:most]
    return [
        Candidate(export.name, math.exp(share + weight - top) / total, fits, shown) for weight, fits, shown, export in best if weight > 0
    ]


def _weighed(evidence: Evidence, export: Marked) -> tuple[float, int, int]:
    """How much more likely the text is from this export than by chance (a logarithm); and how many of how many choices fit."""
    wording = Wording(export.mark)
    choices = [one for one in evidence.choices if one.list == "" or (one.list == export.list and one.column in export.columns)]
    fits = [wording.pick(choice.slot, choice.ways) == choice.taken for choice in choices]
    weight = sum(_gain(choice.ways, fit) for choice, fit in zip(choices, fits, strict=True))
    orders = [[(1 + len(one.above), _is_placed(wording, one)) for one in order] for order in evidence.orders]
    if orders:
        gains = [sum(_gain(ways, fit) for ways, fit in order) for order in orders]
        chosen = max(range(len(orders)), key=gains.__getitem__)
        gained = gains[chosen] - math.log(len(orders))
        if gained > 0 or len(orders) == 1:
            weight += gained
            fits += [fit for _, fit in orders[chosen]]
    return weight, sum(fits), len(fits)


def _gain(ways: int, fit: bool) -> float:
    if ways < 2:
        return 0.0
    return math.log((1 - MISREAD) * ways if fit else MISREAD * ways / (ways - 1))


def _is_placed(wording: Wording, one: Placed) -> bool:
    """Whether this export puts the row below all of these."""
    rank = wording.rank(one.anchor)
    return all(wording.rank(other) < rank for other in one.above)
