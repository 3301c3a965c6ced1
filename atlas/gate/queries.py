"""Questions the gate asks of its own tables: how a post stands towards a child, and which rows are open to it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import connections
from django.db.models import Model, Q

from atlas.gate.ageing import recent_rows
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.policy import (
    CLEARANCE_FOR,
    NEEDS,
    OPENING,
    ROLE,
    STATUTORY,
    TWO_PERSONS,
    Clearance,
    Kind,
    Mode,
    RecordKind,
    Scope,
    Sensitivity,
    role_opens,
)
from atlas.gate.reach import reach_of
from atlas.gate.rules import Standing, kinds_that, only_recent


def is_live(subject: Subject) -> bool:
    """Whether the subject's post, account and agency's agreement stand at that moment."""
    post, day = subject.post, day_of(subject.at)
    started, not_ended = post.from_on <= day, post.until_on is None or post.until_on >= day
    agreed_until = post.team.agency.agreement_until
    return started and not_ended and post.user.is_active and (agreed_until is None or agreed_until >= day)


def standings(subject: Subject, children: Iterable[UUID]) -> dict[UUID, Standing]:
    """How the subject stands towards each of these children: kinds of relationship, block, sensitivity, a place on the list of names.

    One statement, whatever the number of children; answered also about children whose rows are shut (`gate_standing`).
    """
    asked = list(children)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT child, holds, by FROM gate_standing(%s::uuid[])", [asked])
        rows = cursor.fetchall()
    return standings_held(subject, asked, rows)


def standings_held(subject: Subject, asked: Iterable[UUID], rows: Iterable[tuple[UUID, str, UUID | None]]) -> dict[UUID, Standing]:
    """The standings that the database's rows (child, what the post holds there, by which relationship) say."""
    held: dict[UUID, set[str]] = {child_id: set() for child_id in asked}
    by: dict[UUID, set[UUID]] = {child_id: set() for child_id in held}
    for child_id, holds, relationship in rows:
        held[child_id].add(holds)
        if relationship is not None:
            by[child_id].add(relationship)
    plain = standing_apart(subject)
    return {child_id: _with(replace(plain, relationships=frozenset(by[child_id])), holds) for child_id, holds in held.items()}


def standing_apart(subject: Subject) -> Standing:
    """How the subject stands apart from any child: role, life, purpose, clearance, kind of agency."""
    post = subject.post
    return Standing(
        role=post.role, is_live=is_live(subject), purpose=subject.purpose, clearance=Clearance(post.clearance_on(day_of(subject.at))),
        is_statutory=post.team.agency.kind in STATUTORY,
    )  # fmt: skip


def _with(plain: Standing, holds: set[str]) -> Standing:
    levels = [level for level in (Sensitivity.HIDDEN, Sensitivity.RESTRICTED) if f"is {level}" in holds]
    return replace(
        plain, is_blocked="a block" in holds, is_named="a name" in holds, sensitivity=levels[0] if levels else Sensitivity.STANDARD,
        kinds=frozenset(kind for kind in Kind if kind.value in holds),
    )  # fmt: skip


def standing(subject: Subject, child_id: UUID) -> Standing:
    """How the subject stands towards one child; asked once, and kept with the subject."""
    if child_id not in subject.known:
        subject.known.update(standings(subject, [child_id]))
    return cast(Standing, subject.known[child_id])


def rows_opened_by(subject: Subject, model: type[Model], record: RecordKind, mode: Mode, through: frozenset[Kind] | None = None) -> Q:
    """The condition under which rows of this model are open to the subject, as records of this kind (by one of these kinds alone).

    The model's `child_path` names the column with the child's id, `way_to_child` the way to the child's row where it is another;
    `authority_columns`, if any, spare the way.
    """
    role = ROLE[subject.post.role]
    clearance = Clearance(subject.post.clearance_on(day_of(subject.at)))
    is_vetted = clearance >= CLEARANCE_FOR.get(record, Clearance.BASIC)
    if not is_live(subject) or (record, mode) not in role_opens(role) or subject.purpose not in role.purposes or not is_vetted:
        return Q(pk__in=[])
    kinds = kinds_that(mode, record, subject.purpose, clearance) & (through or frozenset(Kind))
    path = getattr(model, "child_path", "child")
    reach = reach_of(subject)
    opened = Q(pk__in=[])
    authorities = reach.authorities_by(frozenset(kind for kind in kinds if OPENING[kind].scope is Scope.AUTHORITY))
    for column in _authority_paths(model, path) if authorities else ():  # first: the cheapest test
        opened |= Q(**{f"{column}__in": authorities})
    if reach.guarded:
        opened &= ~Q(**{f"{path}__in": sorted(reach.guarded)})
    recent = only_recent(kinds, record) if getattr(model, "ages", None) else frozenset()
    opened |= Q(**{f"{path}__in": reach.children(kinds - recent)})
    if reach.holds_now(recent):
        opened |= Q(**{f"{path}__in": reach.children(recent)}) & recent_rows(model, subject.at)
    return opened & ~Q(**{f"{path}__in": sorted(reach.blocked)}) if reach.blocked else opened


def released_to(subject: Subject, model: type[Model]) -> Q:
    """The condition under which the author agency lets the subject's agency read rows of this model (protection.md 4.7).

    The same stands in row security (`install.py`), and for one product in `intelligence/rules.py` (`is_released`).
    """
    obeys = getattr(model, "obeys_author", "")
    if not obeys:
        return Q()
    agency = subject.post.team.agency_id
    mine = Q(author=agency)
    if obeys == "alone":
        return mine
    in_date = Q(state="released", review_on__gte=day_of(subject.at))
    return mine | (in_date & (Q(handling="P") | Q(handling="C", named_agencies__contains=[agency])))


def proposals_open_to(subject: Subject, model: type[Model]) -> Q:
    """The condition under which a proposal is open to the subject: it may do what is proposed. Row security asks `gate_may_propose`."""
    opened = Q(pk__in=[])
    for permission in TWO_PERSONS if is_live(subject) else ():
        need = NEEDS[permission]
        if permission in ROLE[subject.post.role].permissions:
            about_child = rows_opened_by(subject, model, need.record, need.mode, need.through) if need.record else not_shut(subject)
            opened |= Q(permission=permission) & (about_child if need.record else about_child | Q(child__isnull=True))
    return opened


def not_shut(subject: Subject) -> Q:
    """The condition under which a row's child is not shut to the subject: by a conflict, or a list of names."""
    reach = reach_of(subject)
    return ~Q(child__in=sorted(reach.blocked | reach.guarded))


def in_one_line(one: UUID, other: UUID, at: datetime) -> bool:
    """Whether one of these two people stands above the other, in any post held at that moment."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_in_one_line(%s, %s, %s)", [one, other, at])
        return bool(cursor.fetchone()[0])


def _authority_paths(model: type[Model], path: str) -> tuple[str, ...]:
    own: tuple[str, ...] = getattr(model, "authority_columns", ())
    way = getattr(model, "way_to_child", path)
    return own or (f"{way}__responsible_authority", f"{way}__host_authority")


def authority_kinds(subject: Subject) -> frozenset[Kind]:
    """The kinds of relationship by which the subject holds some authority's children."""
    return frozenset(kind for kind, _ in reach_of(subject).authorities)


def may_receive(post_id: UUID, child_id: UUID) -> bool:
    """Whether something about this child may be given to that post, as the database judges it; never why not."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_may_receive(%s, %s)", [post_id, child_id])
        return bool(cursor.fetchone()[0])
