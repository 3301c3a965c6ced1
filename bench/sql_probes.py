"""Whom to ask about which children, so that every clause of the gate's functions in the database decides some answer.

The world of the matrix (tests/gate/matrix.py), as the oracle sees it; and by hand (bench/sql_edges.py) whatever begins or ends at the very
moment of acting, with posts on the edges of standing, of their vetting and of their shifts.
"""

import hmac
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from atlas.agencies.models import Post, TeamPurpose
from atlas.gate.context import Subject, acting_as, token
from atlas.gate.models import Relationship
from atlas.gate.policy import ROLE, Kind, Mode, Purpose, RecordKind, role_opens
from atlas.gate.queries import standings
from atlas.gate.rules import may_touch
from tests import factories
from tests.factories import NOW
from tests.gate import oracle
from tests.gate.matrix import AT, VARIANTS, Children, _case, _shown, _whole, posts_of

# Asked of every role, whether or not it opens them: that a role opens no more is a clause too.
NOT_OPENED = frozenset(
    {(RecordKind.CHILD, Mode.READ), (RecordKind.SEALED, Mode.WRITE), (RecordKind.AUDIT, Mode.READ), (RecordKind.INTELLIGENCE, Mode.READ)}
)


@dataclass
class Probe:
    """A post, a purpose and a moment, with the children whom the oracle opens for each kind of record and mode."""

    what: str
    post: Post
    purpose: Purpose
    children: list[UUID]
    expected: dict[tuple[RecordKind, Mode], frozenset[UUID]]
    at: datetime = AT
    # The children of whose records of these kinds it opens what is closed and old too.
    expected_old: dict[tuple[RecordKind, Mode], frozenset[UUID]] = field(default_factory=dict)

    def is_as_expected(self) -> bool:
        """Whether the database, by its arrays and by its standings, says what the oracle says."""
        with acting_as(self.post, self.at, purpose=self.purpose) as subject:
            held = standings(subject, self.children)
            if _holds_a_hole():
                return False
            for (record, mode), expected in self.expected.items():
                if _shown(subject, record, mode, self.children) != expected:
                    return False
                if {child for child in self.children if may_touch(held[child], record, mode)} != expected:
                    return False
            for (record, mode), expected in self.expected_old.items():
                if _shown(subject, record, mode, self.children) & _whole(record, mode, self.children) != expected:
                    return False
        return True


class Asked:
    """Probes, each of which says whether it is answered as it should be."""

    asked: list[tuple[str, Callable[[], bool]]]

    def first_difference(self) -> str:
        """The first probe that answers otherwise than the oracle; empty where all answer as it does. Who found the last is asked first."""
        for place, (what, asks) in enumerate(self.asked):
            try:
                with transaction.atomic():
                    is_same = asks()
            except (DatabaseError, RecursionError):
                is_same = False
            if not is_same:
                self.asked.insert(0, self.asked.pop(place))
                return what
        return ""


class Probes(Asked):
    """The world of the matrix, and whom to ask about it."""

    def __init__(self) -> None:
        self.children = Children.made()
        self.all = [child.pk for child in self.children.of.values()]
        self.probes: list[Probe] = []
        self.asked = []
        wanted = {"practitioner": VARIANTS[:2], "manager": VARIANTS[:1], "police_missing": VARIANTS[:1], "intelligence_officer": VARIANTS[1:3],
                  "privacy_officer": VARIANTS[:1], "feed": VARIANTS[:1], "missing_coordinator": VARIANTS[:1]}  # fmt: skip
        for role, variants in wanted.items():
            for number, (post, state) in enumerate(posts_of(role, self.children, variants)):
                purposes = {ROLE[role].purposes[0], *([Purpose.AUDIT, ROLE[role].purposes[-1]] if number == 0 else [])}
                self.probes += [self._of(f"{role} {number}", post, purpose, state) for purpose in sorted(purposes)]
        self.probes.append(self._twice())

    def _twice(self) -> Probe:
        """Somebody on duty for a team, of one of whose children the whole authority is open too: of that one, what is old as well."""
        post, seen = factories.post("practitioner", of=factories.team("Twice")), (RecordKind.CHRONOLOGY, Mode.READ)
        factories.shift(post, AT.date())
        authorities = [factories.authority(f"Twice {name}") for name in ("apart", "whole")]
        for authority in authorities:
            factories.team("Front door", TeamPurpose.FRONT_DOOR, of=factories.agency(f"Council of {authority.name}", of=authority))
        apart, whole = (factories.child("Twice Example", of=authority) for authority in authorities)
        factories.duty(Kind.EMERGENCY_DUTY, whole.responsible_authority, team=post.team)
        for child in (apart, whole):
            with acting_as(factories.feed_post(child.responsible_authority), NOW):
                Relationship(
                    kind=Kind.TEAM_DUTY, child=child, holder_team=post.team, from_at=NOW, because="bench", source_label="bench"
                ).save(force_insert=True)
        both = [apart.pk, whole.pk]
        return Probe("twice", post, ROLE[post.role].purposes[0], both, {seen: frozenset(both)}, expected_old={seen: frozenset({whole.pk})})

    def add(self, probes: Iterable[Probe]) -> None:
        """Ask these too, after the forged contexts and before the rest: whoever changed a clause about a moment is found by them."""
        self.probes = [*probes, *self.probes]
        self.asked = [("forged contexts", self._forged_are_nobody), *((probe.what, probe.is_as_expected) for probe in self.probes)]

    def _of(self, what: str, post: Post, purpose: Purpose, state: dict[str, Any]) -> Probe:
        """What the oracle says to this post: of all that its role opens, and of a few that it does not."""
        by_role = role_opens(ROLE[post.role])

        def opened(record: RecordKind, mode: Mode, *, old: bool) -> frozenset[UUID]:
            return frozenset(
                child.pk
                for (kind, child_state), child in self.children.of.items()
                if oracle.decide(
                    replace(_case(post, kind, child_state, purpose, state), old=old),
                    role_may=(record, mode) in by_role, record=record.value, mode=mode.value,
                )
            )  # fmt: skip

        asked = {(record, mode) for record, _ in by_role | NOT_OPENED for mode in Mode}
        expected = {one: opened(*one, old=False) for one in asked}
        old = {one: opened(*one, old=True) for one in asked}
        return Probe(what, post, purpose, self.all, expected, expected_old=old)

    def _forged_are_nobody(self) -> bool:
        post = self.probes[0].post
        subject = Subject.of(post, AT)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        good = token(subject, pid)
        parts = good.split(".")
        forged = ["", "a.b", ".".join(parts[:-1]), token(subject, pid + 1), *_signed_otherwise(subject, pid)]
        for place, other in ((0, "1"), (1, str(self.probes[-1].post.pk)), (2, "1"), (6, "audit"), (8, "0" * 64)):
            forged.append(".".join([*parts[:place], other, *parts[place + 1 :]]))
        forged.append(f"{good}.0")
        is_whole = all(_who(token(replace(subject, proved_at=proved), pid)) == (post.pk, proved) for proved in (None, AT))
        return is_whole and all(_who(one) == (None, None) for one in forged)


def _holds_a_hole() -> bool:
    """Whether an array of children or authorities holds a NULL: *not one of them* would then never be true."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_position(gate_children('child', 'read') || gate_authorities('child', 'read'), NULL) IS NOT NULL")
        return bool(cursor.fetchone()[0])


def _signed_otherwise(subject: Subject, pid: int) -> list[str]:
    """Rightly signed, and of another time or of another version."""
    moment = int(subject.at.timestamp() * 1_000_000)
    made = []
    for version, age in (("2", 1000), ("2", -1000), ("1", 0), ("2.x", 0)):
        body = f"{version}.{subject.post.pk}.{moment}.{int(time.time()) - age}.{pid}.0a0a0a0a0a0a0a0a.{subject.purpose}.0"
        made.append(f"{body}.{hmac.new(bytes.fromhex(settings.ATLAS_CONTEXT_KEY), body.encode(), sha256).hexdigest()}")
    return made


def _who(context: str) -> tuple[UUID | None, datetime | None]:
    """Who acts by this context, and when a second factor was proved."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('atlas.context', %s, true)", [context])
        cursor.execute("SELECT gate_post(), (gate_context()).proved_at")
        found: tuple[UUID | None, datetime | None] = cursor.fetchone()
        return found
