"""The director's standing list: who stands there, in which order, and how long a child may be held in view before somebody asks again: pure.

Source: real-life.md point 13: every child at the highest level or with harm occurring, as at any date; about what is unanswered, never a rank of children. That a child
is looked at again within 90 days is a product default.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from atlas.exploitation.codes import Level

HIGHEST = Level.SIGNIFICANT
MOST_DAYS = 90
_NEVER = datetime.min.replace(tzinfo=UTC)


class Stands(Protocol):
    """What the order needs of one line."""

    @property
    def missing_since(self) -> datetime | None:
        """Since when the child is missing now."""

    @property
    def last_chaired(self) -> datetime | None:
        """When the director last chaired a discussion about the child."""

    @property
    def name(self) -> str:
        """The child's name; empty where it is not open."""


One = TypeVar("One", bound=Stands)


def in_order(lines: Iterable[One]) -> list[One]:
    """Missing now first; then those whom no discussion of the director's has answered, or the longest ago; then by name. No level, no count of anything."""
    return sorted(lines, key=lambda one: (one.missing_since is None, one.last_chaired or _NEVER, one.name.casefold()))
