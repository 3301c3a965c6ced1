"""How far a subject reaches: its authorities, its line, its shifts, its blocks. Asked once, then every list is cut by it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.db import connections
from django.db.models import Q

from atlas.gate.context import Subject
from atlas.gate.models import Relationship
from atlas.gate.policy import OPENINGS, OPENS_RESTRICTED, STATUTORY, Kind, Sensitivity

ON_SHIFT = {opening.kind: opening.grace for opening in OPENINGS if opening.grace is not None}
SOUGHT = ("authority", "shift", "line post", "line team", "block", "guarded")
TEAM_HELD_LINE = (Kind.TEAM_DUTY, Kind.FRONT_DOOR)


@dataclass(frozen=True)
class Reach:
    """What a subject holds apart from single children. `on_shift`: the kinds that hold now because of a shift in its own team.
    `guarded`: the restricted and hidden children on whose lists of names the subject is not; `hidden`: the hidden among them.
    """

    subject: Subject
    authorities: frozenset[tuple[Kind, UUID]]
    on_shift: frozenset[Kind]
    line_posts: frozenset[UUID]
    line_teams: frozenset[UUID]
    blocked: frozenset[UUID]
    guarded: frozenset[UUID]
    hidden: frozenset[UUID]
    is_statutory: bool

    def authorities_by(self, kinds: frozenset[Kind]) -> list[UUID]:
        """The authorities whose children are open by one of these kinds."""
        return sorted({authority for kind, authority in self.authorities if kind in kinds})

    def holds_now(self, kinds: frozenset[Kind]) -> bool:
        """Whether some of these kinds can hold now: those that need no shift, and those of a shift that is on."""
        return any(kind not in ON_SHIFT or kind in self.on_shift for kind in kinds)

    def held(self, kinds: frozenset[Kind]) -> Q:
        """The relationships to single children that the subject holds by one of these kinds: as a post, in its team, by its line."""
        post = self.subject.post
        free = [kind for kind in sorted(kinds) if kind is not Kind.LINE and kind not in ON_SHIFT]
        by_team = [*free, *sorted(self.on_shift & kinds)]
        held = Q(holder_post=post, kind__in=free) | Q(holder_team=post.team_id, kind__in=by_team)
        if Kind.LINE in kinds and self.line_posts:
            held |= Q(holder_post__in=sorted(self.line_posts), kind=Kind.ALLOCATED)
        if Kind.LINE in kinds and self.line_teams:
            held |= Q(holder_team__in=sorted(self.line_teams), kind__in=TEAM_HELD_LINE)
        return held

    def children(self, kinds: frozenset[Kind]) -> Any:
        """The children whom these relationships open, as a list that the database makes once."""
        opened = Relationship.live(self.subject.at).filter(self.held(kinds), child__isnull=False)
        if self.guarded:
            restricted = self.guarded - self.hidden if self.is_statutory else frozenset()
            opened = opened.filter(~Q(child__in=sorted(self.guarded)) | Q(child__in=sorted(restricted), kind__in=sorted(OPENS_RESTRICTED)))
        return opened.values("child")


# By hand: it runs on every page, and the query builder costs more than the query.
_REACH = """
SELECT 'authority', r.kind, r.authority_id FROM gate_relationship r
WHERE r.authority_id IS NOT NULL
  AND (r.holder_team_id = %(team)s OR (r.holder_post_id = %(post)s AND r.kind <> ALL (%(graced)s)))
  AND r.from_at <= %(at)s AND (r.until_at IS NULL OR r.until_at > %(at)s)
UNION ALL
SELECT 'shift', g.kind, NULL FROM unnest(%(graced)s::text[], %(before)s::interval[], %(after)s::interval[]) g (kind, before, after)
WHERE EXISTS (SELECT 1 FROM agencies_shift s WHERE s.post_id = %(post)s AND s.team_id = %(team)s AND NOT s.is_leave
              AND s.from_at <= %(at)s + g.before AND s.until_at > %(at)s - g.after)
UNION ALL
SELECT 'line post', '', p.id FROM agencies_post p LEFT JOIN agencies_post q ON q.id = p.line_manager_id
WHERE p.line_manager_id = %(post)s OR q.line_manager_id = %(post)s
UNION ALL
SELECT 'line team', '', p.team_id FROM agencies_post p WHERE p.line_manager_id = %(post)s AND p.role = 'manager'
UNION ALL
SELECT 'block', '', unnest(gate_blocked())
UNION ALL
SELECT 'guarded', g.sensitivity, g.child_id FROM gate_unnamed() g
"""


def _asking(subject: Subject) -> dict[str, Any]:
    post, graces = subject.post, list(ON_SHIFT.values())
    return {
        "at": subject.at, "post": post.pk, "team": post.team_id, "graced": [kind.value for kind in ON_SHIFT],
        "before": [grace[0] if grace else timedelta(0) for grace in graces], "after": [grace[1] if grace else timedelta(0) for grace in graces],
    }  # fmt: skip


def reach_of(subject: Subject) -> Reach:
    """The reach of a subject; asked of the database once, and kept with the subject."""
    if "reach" in subject.known:
        return cast(Reach, subject.known["reach"])
    found: dict[str, set[tuple[str, UUID]]] = {name: set() for name in SOUGHT}
    with connections["default"].cursor() as cursor:
        cursor.execute(_REACH, _asking(subject))
        for name, kind, of in cursor.fetchall():
            found[name].add((kind, of))
    on_shift = frozenset(Kind(kind) for kind, _ in found["shift"])
    teams = {of for _, of in found["line team"]} | ({subject.post.team_id} if subject.post.role == "manager" else set())
    held = frozenset((Kind(kind), of) for kind, of in found["authority"] if Kind(kind) not in ON_SHIFT or Kind(kind) in on_shift)
    reach = Reach(
        subject=subject, authorities=held, on_shift=on_shift, line_posts=frozenset(of for _, of in found["line post"]),
        line_teams=frozenset(teams), blocked=frozenset(of for _, of in found["block"]), guarded=frozenset(of for _, of in found["guarded"]),
        hidden=frozenset(of for level, of in found["guarded"] if level == Sensitivity.HIDDEN),
        is_statutory=subject.post.team.agency.kind in STATUTORY,
    )  # fmt: skip
    subject.known["reach"] = reach
    return reach
