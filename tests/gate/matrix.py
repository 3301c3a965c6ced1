"""The world of the matrix: every kind of relationship towards children in every state, for posts of every role in every state.

`compare` asks the oracle, the evaluator and the database (under the service's own login) for every case and counts what differs.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from atlas.agencies.models import Agency, AgencyKind, Post, TeamPurpose
from atlas.connections.models import Tie
from atlas.gate.conditions import only_recent, reached
from atlas.gate.context import Subject, acting_as
from atlas.gate.models import Block, NamedHolder, Relationship
from atlas.gate.policy import AGEING, OPENINGS, ROLE, ROLES, Kind, Mode, Permission, Purpose, RecordKind, Scope, role_opens
from atlas.gate.queries import standings
from atlas.gate.rules import Decision, Standing, decide, may_touch
from atlas.gate.sets import save_all
from tests import factories
from tests.factories import NOW
from tests.gate import oracle

AT = NOW + timedelta(hours=2)
STATES = (
    "plain", "blocked", "restricted", "restricted, named", "hidden", "hidden, named",
    "relationship over", "relationship to come", "block over", "restriction over", "restricted, name over",
    "tied to blocked", "tie over before the block", "tie in error",
)  # fmt: skip
NO_TIE_NOW = {"tie over before the block", "tie in error"}
HOUR = timedelta(hours=1)
# Posts of each role: (name, kind of agency, clearance, vetted, live)
VARIANTS = (
    ("plain", "council", 0, False, True),
    ("vetted, no statutory duty", "voluntary", 2, True, True),
    ("vetted as custodian", "council", 3, True, True),
    ("vetting lapsed", "police", 2, False, True),
    ("ended", "council", 2, True, False),
    ("agreement lapsed", "health", 2, True, False),
)
TEAM_HELD = (Kind.TEAM_DUTY, Kind.EMERGENCY_DUTY)


@dataclass
class Counted:
    """What a comparison came to. `differing`: the first cases in which the three did not agree."""

    decisions: int = 0
    differing: list[str] = field(default_factory=list)


@dataclass
class Children:
    """A child for every kind of relationship and state."""

    of: dict[tuple[Kind, str], Any]
    feed: Post

    @classmethod
    def made(cls) -> "Children":
        """Make the children by commands; those whom a relationship opens by authority have an authority of their own."""
        of, feed = {}, factories.feed_post()
        for opening in OPENINGS:
            authority = factories.authority("Fernleigh")
            for state in STATES:
                # Where all children of an authority are opened at once, what is over or to come needs an authority of its own.
                own = factories.authority(f"{state} {opening.kind}") if opening.scope is Scope.AUTHORITY else authority
                factories.team("Front door", TeamPurpose.FRONT_DOOR, of=factories.agency(f"Council of {own.name}", of=own))
                of[opening.kind, state] = factories.child(f"{state} {opening.kind}".replace(",", ""), of=own)
        made = cls(of, feed)
        for (_, state), child in of.items():
            if state.startswith(("restricted", "hidden")):
                factories.guard(child, state.split(",")[0])
        for (kind, state), child in of.items():
            if state.startswith("tie"):
                made.tie_to_blocked(child, of[kind, "blocked"], state)
        return made

    def tie_to_blocked(self, child: Any, blocked: Any, state: str) -> None:
        """A brother or sister of a child from whom everybody here is shut out; the tie stands, was over before, or never was."""
        one, other = (child, blocked) if state == "tied to blocked" else (blocked, child)
        writer = factories.feed_post(one.responsible_authority)
        with acting_as(writer, NOW):
            tie = Tie(
                child=one, tied_id=other.pk, kind=Tie.Kind.SIBLING, grade=Tie.Grade.RECORDED, source="test", source_key="test",
                from_at=NOW - 2 * HOUR, until_at=NOW - HOUR if "over" in state else None, recorded_by=writer,
            )  # fmt: skip
            tie.save(force_insert=True)
        if state == "tie in error":
            with acting_as(self.privacy_of(one), NOW):
                assert Tie.objects.filter(pk=tie.pk).update(is_error=True)

    @staticmethod
    def privacy_of(child: Any) -> Post:
        """A privacy officer who answers for the child's authority."""
        officer = factories.post("privacy_officer", of=factories.team("Information governance"))
        factories.duty(Kind.PRIVACY, child.responsible_authority, post=officer)
        return officer

    def tie(self, post: Post) -> None:
        """Give the post every kind of relationship to the children made for it, its blocks and its places on lists of names."""
        below = factories.post("practitioner", of=factories.team("Below"), line_manager=post)
        factories.shift(post, NOW.date())
        by_authority, by_child = [], []
        named: dict[Post, list[NamedHolder]] = {}
        for opening in OPENINGS:
            holder = below if opening.kind is Kind.LINE else post
            for state in STATES:
                child = self.of[opening.kind, state]
                if opening.scope is Scope.AUTHORITY:
                    by_authority.append(self._relationship(opening.kind, holder, state, authority=child.responsible_authority))
                else:
                    by_child.append(self._relationship(opening.kind, holder, state, child=child))
                if "name" in state:
                    guardian = factories.guardian(child.responsible_authority)
                    over = AT if "over" in state else None
                    named.setdefault(guardian, []).append(
                        NamedHolder(child=child, holder_post=post, from_at=NOW, until_at=over, named_by=guardian)
                    )
        with acting_as(factories.administrator(), NOW):
            save_all(by_authority)
        with acting_as(self.feed, NOW):
            save_all(by_child)
        for guardian, holders in named.items():
            with acting_as(guardian, NOW):
                save_all(holders)
        with acting_as(post, NOW):
            save_all(
                [
                    Block(child=self.of[opening.kind, state], user=post.user, because="test", from_at=NOW, until_at=over, made_by=post)
                    for opening in OPENINGS
                    for state, over in (("blocked", None), ("block over", AT))
                ]
            )

    def _relationship(self, kind: Kind, holder: Post, state: str, **of: Any) -> Relationship:
        held = Kind.ALLOCATED if kind is Kind.LINE else kind
        by_team = kind in TEAM_HELD
        starts = AT + HOUR / 2 if state == "relationship to come" else NOW - HOUR
        return Relationship(
            kind=held, from_at=starts, until_at=AT if state == "relationship over" else AT + HOUR, because="test", source_label="tests",
            holder_post=None if by_team else holder, holder_team=holder.team if by_team else None, **of,
        )  # fmt: skip


def posts_of(
    role: str, children: Children, variants: tuple[tuple[str, str, int, bool, bool], ...] = VARIANTS
) -> Iterator[tuple[Post, dict[str, Any]]]:
    """A post of this role in every state, tied to the children while it stood, with the state in the oracle's words."""
    for name, kind, clearance, vetted, live in variants:
        agency = factories.agency(f"{role} {name}", AgencyKind(kind))
        post = factories.post(role, of=factories.team(f"{role} {name}", of=agency))
        children.tie(post)
        post.clearance, post.vetted_until = clearance, (AT.date() if vetted else AT.date() - timedelta(days=1))
        if name == "ended":
            post.until_on = AT.date() - timedelta(days=1)
        if name == "agreement lapsed":
            Agency.objects.filter(pk=agency.pk).update(agreement_until=AT.date() - timedelta(days=1))
            agency.agreement_until = AT.date() - timedelta(days=1)
        post.save()
        yield post, {"live": live, "agency": kind, "clearance": clearance if vetted or clearance < 2 else 1}


@dataclass(frozen=True)
class Stands:
    """How a post stands towards one child: as the oracle is told, and as the evaluator was told by the database; alone and with a second person."""

    child: UUID
    state: str
    case: oracle.Case
    seconded: oracle.Case
    held: Standing
    held_seconded: Standing


def compare(children: Children, post: Post, state: dict[str, Any], purpose: Purpose, counted: Counted) -> None:
    """Ask all three about every child, kind of record and mode, and two of them about every permission."""
    with acting_as(post, AT, purpose=purpose) as subject:
        held = standings(subject, [child.pk for child in children.of.values()])
        all_stand = []
        for (kind, child_state), child in children.of.items():
            case, pk = _case(post, kind, child_state, purpose, state), child.pk
            all_stand.append(Stands(pk, child_state, case, replace(case, seconded=True), held[pk], replace(held[pk], is_seconded=True)))
        by_role = role_opens(ROLE[post.role])
        for record in RecordKind:
            for mode in Mode:
                shown = _shown(subject, record, mode, list(held))
                for one in all_stand:
                    answers = (
                        oracle.decide(one.case, role_may=(record, mode) in by_role, record=record.value, mode=mode.value),
                        may_touch(one.held, record, mode),
                        one.child in shown,
                    )
                    counted.decisions += 3
                    if len(set(answers)) != 1:
                        counted.differing.append(f"{one.case} {record} {mode}: oracle, evaluator, database say {answers}")
                if record in AGEING:
                    _compare_old(all_stand, record, mode, shown & _whole(record, mode, list(held)), (record, mode) in by_role, counted)
        _compare_permissions(all_stand, post.role, counted)


def _compare_old(all_stand: list[Stands], record: RecordKind, mode: Mode, shown: set[UUID], role_may: bool, counted: Counted) -> None:
    """The same of a record that is closed and old; `shown`: the children about whom the database opens such a one."""
    for one in all_stand:
        old = replace(one.case, old=True)
        answers = (
            oracle.decide(old, role_may=role_may, record=record.value, mode=mode.value),
            may_touch(replace(one.held, is_old=True), record, mode),
            one.child in shown,
        )
        counted.decisions += 3
        if len(set(answers)) != 1:
            counted.differing.append(f"{old} {record} {mode}: oracle, evaluator, database say {answers}")


def _compare_permissions(all_stand: list[Stands], role: str, counted: Counted) -> None:
    # To the evaluator a child with a tie that does not hold is as any other: the records have shown that the database tells it so.
    asked_of = [one for one in all_stand if one.state not in NO_TIE_NOW]
    # Both decide by these alone: children to whom the post stands alike are judged once.
    alike = Counter((one.case, one.seconded, one.held, one.held_seconded) for one in asked_of)
    for permission in Permission:
        record, mode, through = oracle.NEEDS[permission.value]
        role_may = permission.value in oracle.MAY[role]
        two = permission.value in oracle.TWO_PERSONS
        for (case_alone, case_seconded, held_alone, held_seconded), children in alike.items():
            for case, held in ((case_alone, held_alone), (case_seconded, held_seconded))[: 1 + two]:
                expected = oracle.decide(case, role_may=role_may, record=record, mode=mode, through=through, two=two)
                counted.decisions += 2 * children
                if (decide(held, permission) is Decision.ALLOWED) != expected:
                    counted.differing.append(f"{case} {permission}: oracle {expected}")
        if two and record:
            # The database is asked of each row by itself, which is slow: of every twenty-fourth child, of others at each turn.
            some = [one for one in all_stand[counted.decisions // 2 % 24 :: 24] if one.state not in NO_TIE_NOW]
            open_to = _may_propose(permission, [one.child for one in some])
            for one in some:
                if (one.child in open_to) != oracle.decide(one.seconded, role_may=role_may, record=record, mode=mode):
                    counted.differing.append(f"{one.case} {permission} in the database")


def _may_propose(permission: Permission, children: list[UUID]) -> set[UUID]:
    """The children about whom the database lets the acting post propose this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM unnest(%s::uuid[]) id WHERE gate_may_propose(%s, id)", [children, permission.value])
        return {child for (child,) in cursor.fetchall()}


def _case(post: Post, kind: Kind, child_state: str, purpose: Purpose, state: dict[str, Any]) -> oracle.Case:
    kinds = set() if child_state in ("relationship over", "relationship to come") else {kind.value}
    if kinds and kind is Kind.TEAM_DUTY and post.role == "manager":
        kinds.add("line")  # whoever manages the team on duty is also its line
    return oracle.Case(
        role=post.role, kinds=frozenset(kinds), purpose=purpose.value, live=state["live"],
        blocked=child_state == "blocked", tied_to_blocked=child_state == "tied to blocked",
        sensitivity=child_state.split(",")[0] if child_state.startswith(("restricted", "hidden")) else "standard",
        named=child_state.endswith("named"), agency=state["agency"], clearance=state["clearance"],
    )  # fmt: skip


def _shown(subject: Subject, record: RecordKind, mode: Mode, children: list[UUID]) -> set[UUID]:
    """The children about whom the database opens records of this kind: by the very condition of its row security."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM unnest(%s::uuid[]) id WHERE ({reached(record, mode, 'id')}) AND (NOT id = ANY ((SELECT gate_blocked())::uuid[])) IS NOT FALSE",
            [children],
        )
        return {child for (child,) in cursor.fetchall()}


def _whole(record: RecordKind, mode: Mode, children: list[UUID]) -> set[UUID]:
    """The children of whose records of this kind the database shuts none for its age: by the very condition of its row security."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM unnest(%s::uuid[]) id WHERE {only_recent(record, mode, 'id', 'false')}", [children])
        return {child for (child,) in cursor.fetchall()}


EVERY_ROLE = tuple(role.key for role in ROLES)
