"""The decision, pure: given a post, its live relationships and its blocks, may it? (protection.md section 4.3)"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from atlas.gate.policy import NEEDS, OPENING, ROLE, Kind, Mode, Permission, RecordKind, role_opens


class Decision(StrEnum):
    """What was decided, and by which step. The user is told only yes or *not found*; the audit holds the code."""

    ALLOWED = "allowed"
    POST_NOT_LIVE = "post not live"
    BLOCKED = "blocked"
    NOT_IN_ROLE = "not in role"
    NO_RELATIONSHIP = "no relationship"
    CHANGED_SINCE = "changed since it was read"
    OTHER_CONTENT = "replayed with other content"


@dataclass(frozen=True)
class Standing:
    """How a post stands towards one child at one moment: all that the decision looks at."""

    role: str
    is_live: bool = True
    is_blocked: bool = False
    kinds: frozenset[Kind] = frozenset()


def decide(standing: Standing, permission: Permission) -> Decision:
    """Judge one permission on one child, in the fixed order: live post, block, role, relationship. Denials come first."""
    if not standing.is_live:
        return Decision.POST_NOT_LIVE
    if standing.is_blocked:
        return Decision.BLOCKED
    if permission not in ROLE[standing.role].permissions:
        return Decision.NOT_IN_ROLE
    need = NEEDS[permission]
    if need.record is None:
        return Decision.ALLOWED
    kinds = standing.kinds if need.through is None else standing.kinds & need.through
    return Decision.ALLOWED if opens(kinds, need.record, need.mode) else Decision.NO_RELATIONSHIP


def opens(kinds: Iterable[Kind], record: RecordKind, mode: Mode) -> bool:
    """Whether one of these kinds of relationship lets its holder read (or write) that kind of record."""
    return any(record in (OPENING[kind].reads if mode is Mode.READ else OPENING[kind].writes) for kind in kinds)


def may_touch(standing: Standing, record: RecordKind, mode: Mode) -> bool:
    """What the database is asked: may this post read (or write) rows of this kind about this child at all?"""
    if not standing.is_live or standing.is_blocked or (record, mode) not in role_opens(ROLE[standing.role]):
        return False
    return opens(standing.kinds, record, mode)


def kinds_that(mode: Mode, record: RecordKind) -> frozenset[Kind]:
    """The kinds of relationship that open that kind of record."""
    return frozenset(kind for kind in Kind if opens({kind}, record, mode))
