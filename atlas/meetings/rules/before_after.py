"""Before and after a panel took a child on: counted alike on both sides, with what such a count cannot say: pure.

Source: the issue's own list (*before and after with honest limits*); the interval of a share is Wilson's (atlas_analysis/rates). No effect, no measure of a child.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from atlas_analysis.rates.shares import wilson_interval

LOOKS = timedelta(days=90)
LIMITS = (
    "A child comes to a panel when things are at their worst: some of a fall comes by itself (regression to the mean), whatever anybody does. "
    "It says nothing of what was not reported, and nothing of what the panel did."
)


OF_A_PLACE = (
    "A place comes to a panel when most is told of it: some of a fall comes by itself, as hot places cool, whatever anybody does. People may name it in other words, or "
    "have stopped telling; harm may have moved to a place nearby, which is not counted here. It says nothing of what was not told, and nothing of what the panel did."
)
LEAST = 5  # fewer on both sides together are not said: somebody might be recognised


@dataclass(frozen=True)
class Side:
    """One side: how many times the child was missing, and for how many hours, within as many days."""

    episodes: int
    hours: float


@dataclass(frozen=True)
class BeforeAfter:
    """Both sides, over as many days each, and between which shares the later side would lie by chance alone."""

    taken_on: datetime
    days: int
    before: Side
    after: Side
    share: tuple[float, float] | None
    what: str = "episodes"

    @property
    def says(self) -> str:
        """What the counts let one say."""
        if self.share is None:
            return "Nothing was counted on either side."
        low, high = self.share
        if low <= 0.5 <= high:
            return f"Of all {self.what} {low:.0%} to {high:.0%} may belong to the time after: by chance alone it could be half. This does not show a change."
        return f"Of all {self.what} {low:.0%} to {high:.0%} may belong to the time after: {'fewer' if high < 0.5 else 'more'} than half."


def before_after(spells: Sequence[tuple[datetime, datetime | None]], taken_on: datetime, now: datetime) -> BeforeAfter | None:
    """Missing episodes (from, until) before and after a panel took the child on: up to 90 days each, and never more days before than have passed after.

    None where less than a day has passed.
    """
    days = days_each(taken_on, now)
    if days < 1:
        return None
    span = timedelta(days=days)
    before, after = _side(spells, taken_on - span, taken_on, now), _side(spells, taken_on, taken_on + span, now)
    total = before.episodes + after.episodes
    return BeforeAfter(taken_on, days, before, after, wilson_interval(after.episodes, total) if total else None)


def days_each(taken_on: datetime, now: datetime) -> int:
    """Over how many days each side is counted: up to 90, and never more before than have passed after."""
    return min(LOOKS, now - taken_on).days


def counted_of_place(before: int, after: int, taken_on: datetime, now: datetime) -> BeforeAfter:
    """How often a place was named on either side, over as many days each."""
    total = before + after
    share = wilson_interval(after, total) if total else None
    return BeforeAfter(taken_on, days_each(taken_on, now), Side(before, 0.0), Side(after, 0.0), share, "times that it was named")


def _side(spells: Sequence[tuple[datetime, datetime | None]], start: datetime, end: datetime, now: datetime) -> Side:
    """Episodes that began between two moments; the hours of every episode that fall between them."""
    hours = sum(max(timedelta(0), min(until or now, end, now) - max(since, start)).total_seconds() / 3600 for since, until in spells)
    return Side(sum(start <= since < end for since, _ in spells), round(hours, 1))
