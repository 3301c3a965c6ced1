"""Questions the gate asks of its own tables: how a post stands towards a child, and which rows are open to it."""

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from django.db import connections
from django.db.models import Model, Q

from atlas.gate.context import Subject
from atlas.gate.policy import OPENING, ROLE, Kind, Mode, RecordKind, Scope, role_opens
from atlas.gate.reach import TEAM_HELD_LINE, moment_of_asking, reach_of
from atlas.gate.rules import Standing, kinds_that

_BLOCK = "a block"


def is_live(subject: Subject) -> bool:
    """Whether the subject's post and account stand at that moment."""
    post, day = subject.post, subject.at.date()
    started, not_ended = post.from_on <= day, post.until_on is None or post.until_on >= day
    return started and not_ended and post.user.is_active


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
SELECT asked, kind, id FROM live
WHERE (holder_post_id = %(post)s OR holder_team_id = %(team)s)
  AND (kind <> ALL (%(graced)s) OR EXISTS (
      SELECT 1 FROM agencies_shift s JOIN unnest(%(graced)s::text[], %(before)s::interval[], %(after)s::interval[]) g (kind, before, after)
          ON g.kind = live.kind
      WHERE s.post_id = %(post)s AND s.team_id = live.holder_team_id AND NOT s.is_leave
        AND s.from_at <= %(at)s + g.before AND s.until_at > %(at)s - g.after))
UNION
SELECT asked, 'line', live.id FROM live JOIN agencies_post p ON p.id = live.holder_post_id LEFT JOIN agencies_post q ON q.id = p.line_manager_id
WHERE live.kind = 'allocated' AND (p.line_manager_id = %(post)s OR q.line_manager_id = %(post)s)
UNION
SELECT asked, 'line', id FROM live
WHERE kind = ANY (%(team_held)s) AND child_id IS NOT NULL
  AND ((%(is_manager)s AND holder_team_id = %(team)s)
       OR holder_team_id IN (SELECT p.team_id FROM agencies_post p WHERE p.line_manager_id = %(post)s AND p.role = 'manager'))
UNION
SELECT a.id, %(block)s, NULL::uuid FROM asked a JOIN gate_block b ON b.child_id = a.id
WHERE b.user_id = %(user)s AND b.from_at <= %(at)s AND (b.until_at IS NULL OR b.until_at > %(at)s)
"""


def standings(subject: Subject, children: Iterable[UUID]) -> dict[UUID, Standing]:
    """How the subject stands towards each of these children: the kinds of relationship, and whether a block is there.

    One statement, whatever the number of children.
    """
    found: dict[UUID, set[str]] = {child_id: set() for child_id in children}
    by: dict[UUID, set[UUID | None]] = {child_id: set() for child_id in found}
    given = moment_of_asking(subject) | {
        "children": list(found), "block": _BLOCK, "is_manager": subject.post.role == "manager",
        "team_held": [kind.value for kind in TEAM_HELD_LINE],
    }  # fmt: skip
    with connections["default"].cursor() as cursor:
        cursor.execute(_STANDINGS, given)
        for child_id, kind, relationship in cursor.fetchall():
            found[child_id].add(kind)
            by[child_id].add(relationship)
    role, live_post = subject.post.role, is_live(subject)
    return {
        child_id: Standing(
            role, live_post, _BLOCK in kinds, frozenset(Kind(kind) for kind in kinds - {_BLOCK}), frozenset(filter(None, by[child_id]))
        )
        for child_id, kinds in found.items()
    }


def standing(subject: Subject, child_id: UUID) -> Standing:
    """How the subject stands towards one child; asked once, and kept with the subject."""
    if child_id not in subject.known:
        subject.known.update(standings(subject, [child_id]))
    return cast(Standing, subject.known[child_id])


def rows_opened_by(subject: Subject, model: type[Model], record: RecordKind, mode: Mode) -> Q:
    """The condition under which rows of this model are open to the subject, as records of this kind.

    The model's `child_path` names the column with the child's id, `way_to_child` the way to the child's row where it is another;
    `authority_columns`, if any, spare the way.
    """
    if not is_live(subject) or (record, mode) not in role_opens(ROLE[subject.post.role]):
        return Q(pk__in=[])
    kinds = kinds_that(mode, record)
    path = getattr(model, "child_path", "child")
    reach = reach_of(subject)
    opened = Q(pk__in=[])
    authorities = reach.authorities_by(frozenset(kind for kind in kinds if OPENING[kind].scope is Scope.AUTHORITY))
    for column in _authority_paths(model, path) if authorities else ():  # first: the cheapest test
        opened |= Q(**{f"{column}__in": authorities})
    opened |= Q(**{f"{path}__in": reach.children(kinds)})
    return opened & ~Q(**{f"{path}__in": sorted(reach.blocked)}) if reach.blocked else opened


def _authority_paths(model: type[Model], path: str) -> tuple[str, ...]:
    own: tuple[str, ...] = getattr(model, "authority_columns", ())
    way = getattr(model, "way_to_child", path)
    return own or (f"{way}__responsible_authority", f"{way}__host_authority")


def authority_kinds(subject: Subject) -> frozenset[Kind]:
    """The kinds of relationship by which the subject holds some authority's children."""
    return frozenset(kind for kind, _ in reach_of(subject).authorities)
