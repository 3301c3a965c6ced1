"""The decision, pure: given how a post stands towards a child, may it? In the fixed order of protection.md section 4.3."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from atlas.gate.policy import (
    CLEARANCE_FOR,
    NEEDS,
    OPENING,
    OPENS_RESTRICTED,
    RECENT,
    ROLE,
    SERVICES,
    TWO_PERSONS,
    Clearance,
    Kind,
    Mode,
    Permission,
    Purpose,
    RecordKind,
    Sensitivity,
    role_opens,
)


class Decision(StrEnum):
    """What was decided, and by which step. The user is told only yes or *not found*; the audit holds the code."""

    ALLOWED = "allowed"
    POST_NOT_LIVE = "post not live"
    BLOCKED = "blocked"
    HIDDEN = "hidden"
    NOT_IN_ROLE = "not in role"
    NO_RELATIONSHIP = "no relationship"
    OLD = "old"
    WRONG_PURPOSE = "wrong purpose"
    NOT_NAMED = "not named"
    NO_CLEARANCE = "no clearance"
    NOT_RELEASED = "not released"
    NOT_PROVED = "not proved"
    SAME_PERSON = "same person or line"
    PENDING = "pending a second person"
    NOT_WAITING = "decided or expired"
    CHANGED_SINCE = "changed since it was read"
    OTHER_CONTENT = "replayed with other content"


@dataclass(frozen=True)
class Standing:
    """How a post stands towards one child at one moment: all that the decision looks at.

    `is_live`: post, account and the agency's agreement stand. `is_named`: on the child's list of names. `is_statutory`: the agency
    has a statutory duty. `is_released`: what the author of the record at hand allows (protection.md 4.7); true for other records.
    """

    role: str
    is_live: bool = True
    is_blocked: bool = False
    kinds: frozenset[Kind] = frozenset()
    purpose: Purpose | None = None  # None: the first that the role may act for
    sensitivity: Sensitivity = Sensitivity.STANDARD
    is_named: bool = False
    is_statutory: bool = False
    clearance: Clearance = Clearance.BASIC
    is_released: bool = True
    is_seconded: bool = False  # a second person approves this very act now
    is_old: bool = False  # the record at hand is closed and older than what counts as recent; false where it does not count by age
    relationships: frozenset[UUID] = field(default=frozenset(), compare=False)  # by which it stands so: for the audit, not the decision

    @property
    def acts_for(self) -> Purpose:
        """The purpose that is active."""
        return self.purpose or ROLE[self.role].purposes[0]

    @property
    def is_expected(self) -> bool:
        """Whether a list of names, where the child has one, lets this post in: it is named, or carries without showing."""
        return self.is_named or self.role in SERVICES


@dataclass(frozen=True)
class Asked:
    """What is asked for: a permission, or bare sight (or change) of one kind of record as the database is asked for it."""

    record: RecordKind | None
    mode: Mode
    through: frozenset[Kind] | None = None
    permission: Permission | None = None

    @classmethod
    def to(cls, permission: Permission) -> "Asked":
        """The question that this permission is."""
        need = NEEDS[permission]
        return cls(need.record, need.mode, need.through, permission)


def _role_holds(how: Standing, asked: Asked) -> bool:
    role = ROLE[how.role]
    if asked.permission is not None:
        return asked.permission in role.permissions
    return (asked.record, asked.mode) in role_opens(role)


def _at_all(how: Standing, asked: Asked) -> frozenset[Kind]:
    held = how.kinds if asked.through is None else how.kinds & asked.through
    return frozenset(kind for kind in held if asked.record is None or opens({kind}, asked.record, asked.mode))


def _opening(how: Standing, asked: Asked) -> frozenset[Kind]:
    held = _at_all(how, asked)
    return held - only_recent(held, asked.record) if how.is_old else held


def _for_purpose(how: Standing, asked: Asked) -> frozenset[Kind]:
    if how.acts_for not in ROLE[how.role].purposes:
        return frozenset()
    return frozenset(kind for kind in _opening(how, asked) if how.acts_for in OPENING[kind].purposes)


def _is_vetted(how: Standing, asked: Asked) -> bool:
    if asked.record is None:
        return True
    fitting = _for_purpose(how, asked)
    is_vetted_for_kind = not fitting or any(how.clearance >= OPENING[kind].clearance for kind in fitting)
    return how.clearance >= CLEARANCE_FOR.get(asked.record, Clearance.BASIC) and is_vetted_for_kind


def _is_expected(how: Standing, asked: Asked) -> bool:
    in_emergency = how.is_statutory and bool(_for_purpose(how, asked) & OPENS_RESTRICTED)
    return how.sensitivity is not Sensitivity.RESTRICTED or how.is_expected or in_emergency


# Each step denies or passes on; none grants. The first that denies names the decision. Words: what it takes to pass.
STEPS: tuple[tuple[Decision, str, Callable[[Standing, Asked], bool]], ...] = (
    (Decision.POST_NOT_LIVE, "post, account and the agency's agreement stand now", lambda how, asked: how.is_live),
    (Decision.BLOCKED, "no conflict of interest shuts the person out of this child", lambda how, asked: not how.is_blocked),
    (
        Decision.HIDDEN,
        "the child is not hidden, or the post is on the list of names",
        lambda how, asked: how.sensitivity is not Sensitivity.HIDDEN or how.is_expected,
    ),
    (Decision.NOT_IN_ROLE, "the role may do this at all", _role_holds),
    (
        Decision.NO_RELATIONSHIP,
        "a live relationship with the child opens this kind of record",
        lambda how, asked: asked.record is None or bool(_at_all(how, asked)),
    ),
    (
        Decision.OLD,
        "it is open or recent, or a relationship opens what is older too",
        lambda how, asked: asked.record is None or bool(_opening(how, asked)),
    ),
    (
        Decision.WRONG_PURPOSE,
        "that relationship holds for the purpose that is active, and the role may act for it",
        lambda how, asked: asked.record is None or bool(_for_purpose(how, asked)),
    ),
    (Decision.NOT_NAMED, "the child is not restricted, or the post is on the list of names", _is_expected),
    (
        Decision.NO_CLEARANCE,
        "the post is vetted for this kind of record, and for the relationship that opens it",
        _is_vetted,
    ),
    (Decision.NOT_RELEASED, "the author of the record has released it to this agency", lambda how, asked: how.is_released),
    (
        Decision.PENDING,
        "it takes one person, or a second one in another post and line has approved it",
        lambda how, asked: asked.permission not in TWO_PERSONS or how.is_seconded,
    ),
)
OLDER = f"also what is closed and older than {RECENT.days} days"
# What lets somebody begin: alone, or by proposing it to a second person.
BEGINS = frozenset({Decision.ALLOWED, Decision.PENDING})


def judged(how: Standing, asked: Asked) -> Decision:
    """The decision on one question about one child: the first step that denies, or allowed."""
    return next((decision for decision, _, passes in STEPS if not passes(how, asked)), Decision.ALLOWED)


def explained(how: Standing, asked: Asked) -> list[tuple[str, bool]]:
    """Every step in its order, with whether it is passed, up to the first that denies; then, where all are, whether it stops at what is old."""
    steps = []
    for _, words, passes in STEPS:
        steps.append((words, passes(how, asked)))
        if not steps[-1][1]:
            return steps
    if judged(replace(how, is_old=True), asked) is Decision.OLD:
        steps.append((OLDER, False))
    return steps


def decide(standing: Standing, permission: Permission) -> Decision:
    """Judge one permission on one child."""
    return judged(standing, Asked.to(permission))


def may_touch(standing: Standing, record: RecordKind, mode: Mode) -> bool:
    """What the database is asked: may this post read (or write) rows of this kind about this child at all?"""
    return judged(standing, Asked(record, mode)) is Decision.ALLOWED


def opens(kinds: Iterable[Kind], record: RecordKind, mode: Mode) -> bool:
    """Whether one of these kinds of relationship lets its holder read (or write) that kind of record."""
    return any(record in (OPENING[kind].reads if mode is Mode.READ else OPENING[kind].writes) for kind in kinds)


def only_recent(kinds: Iterable[Kind], record: RecordKind | None) -> frozenset[Kind]:
    """Those of these kinds of relationship that open of such records only what is open or recent."""
    return frozenset(kind for kind in kinds if record in OPENING[kind].recent)


def reads_only_recent(standing: Standing, record: RecordKind) -> bool:
    """Whether this post reads of such records about the child only what is open or recent."""
    return may_touch(standing, record, Mode.READ) and not may_touch(replace(standing, is_old=True), record, Mode.READ)


def kinds_that(mode: Mode, record: RecordKind, purpose: Purpose, clearance: Clearance) -> frozenset[Kind]:
    """The kinds of relationship that open that kind of record for that purpose, to a post vetted so far."""
    return frozenset(
        kind for kind in Kind if opens({kind}, record, mode) and purpose in OPENING[kind].purposes and clearance >= OPENING[kind].clearance
    )
