"""How groups fare: of each group, the share to whom something happened, beside everybody; what is too small is not said, and chance is not called a difference."""

from collections.abc import Mapping
from dataclasses import dataclass

from scipy import stats

from atlas_analysis.rates.discoveries import discoveries
from atlas_analysis.rates.shares import SMALL, wilson_interval


@dataclass(frozen=True)
class GroupFares:
    """One group. `share` with its interval is None where the count, or the rest of the group, is too small to be said; `differs`: from everybody else, beyond chance."""

    group: str
    of: int
    share: float | None
    low: float | None
    high: float | None
    p: float | None
    differs: bool


@dataclass(frozen=True)
class Fairness:
    """Each group in the order given; the share of everybody; what share has no group recorded; what one must know before one reads it."""

    groups: list[GroupFares]
    everybody: float
    unknown: float
    caveats: tuple[str, ...]


def fairness(counted: Mapping[str, tuple[int, int]], unknown: tuple[int, int] = (0, 0)) -> Fairness:
    """`counted`: of each group, to how many it happened, and how many there are; `unknown`: the same of those whose group is not recorded.

    Each group against all others by Fisher's exact test; which differ, at a false discovery rate of 5 % (Benjamini and Hochberg, J R Stat Soc B 1995; 57:
    289-300), so that looking at many groups finds no more than it should. Raises ValueError for a count above its group, or nobody at all.
    """
    for group, (count, of) in [*counted.items(), ("those not recorded", unknown)]:
        if not 0 <= count <= of:
            raise ValueError(f"Of {group}, {count} of {of} cannot be: a count lies between nought and its group.")
    happened, everybody = (sum(pair[at] for pair in counted.values()) for at in (0, 1))
    if not everybody:
        raise ValueError("There is nobody in any group.")
    tests = {group: _against_others(count, of, happened, everybody) for group, (count, of) in counted.items() if _may_be_said(count, of)}
    differing = _discoveries(tests)
    rows = [_fares(group, count, of, tests.get(group), group in differing) for group, (count, of) in counted.items()]
    caveats = [f"{unknown[1] / (everybody + unknown[1]):.0%} have no group recorded, and stand in none."] if unknown[1] else []
    if len(tests) < 2:
        caveats.append("Too few are in all but one group: whether they fare alike cannot be told.")
    return Fairness(rows, happened / everybody, unknown[1] / (everybody + unknown[1]), tuple(caveats))


def _may_be_said(count: int, of: int) -> bool:
    return of >= SMALL and not 0 < count < SMALL and not 0 < of - count < SMALL


def _fares(group: str, count: int, of: int, p: float | None, differs: bool) -> GroupFares:
    if p is None:
        return GroupFares(group, of, None, None, None, None, False)
    low, high = wilson_interval(count, of)
    return GroupFares(group, of, count / of, low, high, p, differs)


def _against_others(count: int, of: int, happened: int, everybody: int) -> float:
    others = everybody - of
    if not others:
        return 1.0
    table = [[count, of - count], [happened - count, others - (happened - count)]]
    return float(stats.fisher_exact(table).pvalue)


def _discoveries(tests: Mapping[str, float]) -> set[str]:
    ordered = sorted(tests.items(), key=lambda pair: pair[1])
    return {group for group, _ in ordered[: discoveries([p for _, p in ordered])]}
