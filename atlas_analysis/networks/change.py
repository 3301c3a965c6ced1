"""What changed between two days: which ties are new, which ended, who came to a group and who left it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from atlas_analysis.networks.groups import Groups
from atlas_analysis.networks.ties import Network


@dataclass(frozen=True)
class Changed:
    """Rows of the table of ties that hold on the later day alone, and on the earlier alone; points tied to anybody on one of the days alone."""

    new: tuple[int, ...]
    ended: tuple[int, ...]
    came: tuple[str, ...]
    left: tuple[str, ...]


def changed(before: Network, after: Network) -> Changed:
    """What differs between two days of the same table of ties. Raises ValueError where the later comes first."""
    if before.day > after.day:
        raise ValueError("Give the earlier day first.")
    earlier, later = set(before.of_table.tolist()), set(after.of_table.tolist())
    tied_before, tied_after = _tied(before), _tied(after)
    return Changed(
        tuple(sorted(later - earlier)), tuple(sorted(earlier - later)), tuple(sorted(tied_after - tied_before)), tuple(sorted(tied_before - tied_after))
    )  # fmt: skip


def _tied(of: Network) -> set[str]:
    return {of.ids[at] for at in np.unique(np.concatenate([of.one, of.other])).tolist()} if len(of.one) else set()


@dataclass(frozen=True)
class GroupMoved:
    """A group and the one that it was before, by their members in common: who is new in it, who left; `was` is empty for a new group."""

    members: tuple[str, ...]
    was: tuple[str, ...]
    came: tuple[str, ...]
    left: tuple[str, ...]


def groups_moved(before: tuple[Network, Groups], after: tuple[Network, Groups], alike: float = 0.3) -> list[GroupMoved]:
    """Each group of the later day beside the earlier one with which it shares most (Jaccard, at least `alike`: Greene, Doyle and Cunningham, ASONAM 2010)."""
    earlier, later = _named(*before), _named(*after)
    moved = []
    for members in later:
        near = max(earlier, key=lambda other: _jaccard(members, other), default=frozenset[str]())
        was = near if _jaccard(members, near) >= alike else frozenset[str]()
        moved.append(GroupMoved(*(tuple(sorted(one)) for one in (members, was, members - was, was - members))))
    return moved


def _named(of: Network, found: Groups) -> list[frozenset[str]]:
    return [frozenset(of.ids[at] for at in members.tolist()) for members in found.members()]


def _jaccard(one: Iterable[str], other: Iterable[str]) -> float:
    left, right = frozenset(one), frozenset(other)
    return len(left & right) / len(left | right) if left | right else 0.0
