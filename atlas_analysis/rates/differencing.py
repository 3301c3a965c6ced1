"""The differencing guard: two releases of nearly the same group, one taken from the other, tell of the few by whom they differ (protection.md 3.5)."""

from collections.abc import Iterable
from dataclasses import dataclass

from atlas_analysis.rates.shares import MOST_SMALL


@dataclass(frozen=True)
class TooNear:
    """A release that would give away few: how it differs from an earlier one."""

    earlier: str
    only_here: int
    only_there: int

    @property
    def words(self) -> str:
        """What whoever releases reads."""
        few = [count for count in (self.only_here, self.only_there) if 0 < count <= MOST_SMALL]
        return f"Beside “{self.earlier}” it tells of {' and of '.join(map(str, few))} by what differs. Take the same group, or one that differs by more."


def too_near(group: Iterable[bytes], released: Iterable[tuple[str, Iterable[bytes]]]) -> list[TooNear]:
    """The earlier releases from which a group differs by one to five members: two such tables, one taken from the other, tell of these few.

    `group`: the members, each as a keyed digest that the service alone can make; `released`: what each earlier release is called, and its members.
    """
    mine = frozenset(group)
    found = []
    for name, members in released:
        theirs = frozenset(members)
        here, there = len(mine - theirs), len(theirs - mine)
        if 0 < here <= MOST_SMALL or 0 < there <= MOST_SMALL:
            found.append(TooNear(name, here, there))
    return found
