"""Questions the gate asks of its own tables: how a post stands towards a child, and which rows are open to it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from atlas.gate.context import Subject
from atlas.gate.models import Block, Relationship
from atlas.gate.policy import OPENING, OPENINGS, ROLE, Kind, Mode, RecordKind, Scope, role_opens
from atlas.gate.rules import Standing, kinds_that

_ON_SHIFT = {opening.kind: opening.grace for opening in OPENINGS if opening.grace is not None}
_BLOCK = "a block"
_TEAM_HELD_LINE = (Kind.TEAM_DUTY, Kind.FRONT_DOOR)


def is_live(subject: Subject) -> bool:
    """Whether the subject's post and account stand at that moment."""
    post, day = subject.post, subject.at.date()
    started, not_ended = post.from_on <= day, post.until_on is None or post.until_on >= day
    return started and not_ended and post.user.is_active


def on_shift(subject: Subject, kind: Kind) -> "QuerySet[Any]":
    """The subject's shifts that let a relationship of this kind hold now, its grace included."""
    before, after = _ON_SHIFT[kind] or (timedelta(0), timedelta(0))
    shifts = apps.get_model("agencies", "Shift")._default_manager
    return shifts.filter(post=subject.post, from_at__lte=subject.at + before, until_at__gt=subject.at - after, is_leave=False)


def held_by(subject: Subject) -> Q:
    """Which relationships the subject holds: as a post, in its team, on its shift; without those of its line."""
    post = subject.post
    held = Q(holder_post=post) | Q(holder_team=post.team_id)
    for kind in _ON_SHIFT:
        held &= ~Q(kind=kind) | Q(Exists(on_shift(subject, kind).filter(team=OuterRef("holder_team"))))
    return held


def held_by_line(subject: Subject) -> Q:
    """Which relationships the subject's line holds: the allocated of two levels below, and the teams that answer to it."""
    post = subject.post
    below = Q(holder_post__line_manager=post.pk) | Q(holder_post__line_manager__line_manager=post.pk)
    line = Q(kind=Kind.ALLOCATED) & below
    posts = apps.get_model("agencies", "Post")._default_manager
    teams = posts.filter(line_manager=post.pk, role="manager").values("team")
    team_held = Q(holder_team__in=teams)
    if post.role == "manager":
        team_held |= Q(holder_team=post.team_id)
    return line | (Q(kind__in=_TEAM_HELD_LINE) & team_held)


# One statement by hand: it runs before every command and after every page, and the query builder costs more than the query.
_STANDINGS = """
WITH asked AS (SELECT unnest(%(children)s::uuid[]) AS id),
live AS (
    SELECT a.id AS asked, r.* FROM asked a JOIN gate_relationship r ON r.child_id = a.id
    WHERE r.from_at <= %(at)s AND (r.until_at IS NULL OR r.until_at > %(at)s)
    UNION ALL
    SELECT a.id, r.* FROM asked a JOIN children_child c ON c.person_id = a.id
    JOIN gate_relationship r ON r.authority_id IN (c.responsible_authority_id, c.host_authority_id)
    WHERE r.from_at <= %(at)s AND (r.until_at IS NULL OR r.until_at > %(at)s)
)
SELECT asked, kind FROM live
WHERE (holder_post_id = %(post)s OR holder_team_id = %(team)s)
  AND (kind <> ALL (%(on_shift)s) OR EXISTS (
      SELECT 1 FROM agencies_shift s JOIN unnest(%(on_shift)s::text[], %(before)s::interval[], %(after)s::interval[]) g (kind, before, after)
          ON g.kind = live.kind
      WHERE s.post_id = %(post)s AND s.team_id = live.holder_team_id AND NOT s.is_leave
        AND s.from_at <= %(at)s + g.before AND s.until_at > %(at)s - g.after))
UNION
SELECT asked, 'line' FROM live JOIN agencies_post p ON p.id = live.holder_post_id LEFT JOIN agencies_post q ON q.id = p.line_manager_id
WHERE live.kind = 'allocated' AND (p.line_manager_id = %(post)s OR q.line_manager_id = %(post)s)
UNION
SELECT asked, 'line' FROM live
WHERE kind = ANY (%(team_held)s) AND child_id IS NOT NULL
  AND ((%(is_manager)s AND holder_team_id = %(team)s)
       OR holder_team_id IN (SELECT p.team_id FROM agencies_post p WHERE p.line_manager_id = %(post)s AND p.role = 'manager'))
UNION
SELECT a.id, %(block)s FROM asked a JOIN gate_block b ON b.child_id = a.id
WHERE b.user_id = %(user)s AND b.from_at <= %(at)s AND (b.until_at IS NULL OR b.until_at > %(at)s)
"""


def standings(subject: Subject, children: Iterable[UUID]) -> dict[UUID, Standing]:
    """How the subject stands towards each of these children: the kinds of relationship, and whether a block is there.

    One statement, whatever the number of children.
    """
    found: dict[UUID, set[str]] = {child_id: set() for child_id in children}
    post = subject.post
    graces = list(_ON_SHIFT.values())
    given: dict[str, Any] = {
        "children": list(found), "at": subject.at, "post": post.pk, "team": post.team_id, "user": post.user_id, "block": _BLOCK,
        "is_manager": post.role == "manager", "team_held": [kind.value for kind in _TEAM_HELD_LINE],
        "on_shift": [kind.value for kind in _ON_SHIFT], "before": [grace[0] for grace in graces], "after": [grace[1] for grace in graces],
    }  # fmt: skip
    with connections["default"].cursor() as cursor:
        cursor.execute(_STANDINGS, given)
        for child_id, kind in cursor.fetchall():
            found[child_id].add(kind)
    role, live_post = post.role, is_live(subject)
    return {
        child_id: Standing(role, live_post, _BLOCK in kinds, frozenset(Kind(kind) for kind in kinds - {_BLOCK}))
        for child_id, kinds in found.items()
    }


def standing(subject: Subject, child_id: UUID) -> Standing:
    """How the subject stands towards one child."""
    return standings(subject, [child_id])[child_id]


def live_blocks(subject: Subject) -> "QuerySet[Block]":
    """The blocks on the subject's person that hold now."""
    live = Q(until_at__isnull=True) | Q(until_at__gt=subject.at)
    return Block.objects.filter(live, user=subject.post.user_id, from_at__lte=subject.at)


def rows_opened_by(subject: Subject, model: type[Model], record: RecordKind, mode: Mode) -> Q:
    """The condition under which rows of this model are open to the subject, as records of this kind.

    The model's `child_path` names the column with the child's id, `to_child` the way to the child's row where it is another;
    `authority_columns`, if any, spare the way.
    """
    if not is_live(subject) or (record, mode) not in role_opens(ROLE[subject.post.role]):
        return Q(pk__in=[])
    kinds = kinds_that(mode, record)
    path = getattr(model, "child_path", "child")
    live, held = Relationship.live(subject.at), held_by(subject)
    opened = Q(pk__in=[])
    # Lists that the database makes once for the whole statement, the cheapest test first.
    by_authority = [kind for kind in kinds if kind is not Kind.LINE and OPENING[kind].scope is Scope.AUTHORITY]
    if by_authority:
        authorities = live.filter(held, kind__in=by_authority, authority__isnull=False).values("authority")
        for column in _authority_paths(model, path):
            opened |= Q(**{f"{column}__in": authorities})
    own = [kind for kind in kinds if kind is not Kind.LINE]
    opened |= Q(**{f"{path}__in": live.filter(held, kind__in=own, child__isnull=False).values("child")})
    if Kind.LINE in kinds:
        opened |= Q(**{f"{path}__in": live.filter(held_by_line(subject), child__isnull=False).values("child")})
    return opened & ~Q(**{f"{path}__in": live_blocks(subject).values("child")})


def _authority_paths(model: type[Model], path: str) -> tuple[str, ...]:
    own: tuple[str, ...] = getattr(model, "authority_columns", ())
    to_child = getattr(model, "to_child", path)
    return own or (f"{to_child}__responsible_authority", f"{to_child}__host_authority")


def authority_kinds(subject: Subject) -> frozenset[Kind]:
    """The kinds of relationship by which the subject holds some authority's children."""
    held = Relationship.live(subject.at).filter(held_by(subject), authority__isnull=False)
    return frozenset(Kind(kind) for kind in held.values_list("kind", flat=True))
