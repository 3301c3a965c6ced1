"""Relationships and blocks, made and ended by the folders above as part of a command of theirs; and why somebody may, or may not."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import F, Model, Q

from atlas.gate.act import Refused, command, write_act
from atlas.gate.context import Subject, acting_as, current_subject
from atlas.gate.models import Block, Outcome, Relationship
from atlas.gate.policy import Kind, Permission
from atlas.gate.queries import standings_held
from atlas.gate.rules import Asked, Decision, explained

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post, Team
    from atlas.children.models import Child


def relate(
    *, kind: Kind, because: str, source: Model, from_at: datetime, until_at: datetime | None = None,
    child: "Child | None" = None, authority: "Authority | None" = None, post: "Post | None" = None, team: "Team | None" = None,
) -> Relationship:  # fmt: skip
    """Open a child (or an authority's children) to a post or a team, as an effect of the command that runs now.

    `source`: the record that is the reason. Raises LookupError outside a command: a relationship is never made by itself.
    """
    subject = current_subject()
    if subject is None:
        raise LookupError("A relationship is made only inside a command.")
    relationship = Relationship(
        kind=kind, because=because, child=child, authority=authority, holder_post=post, holder_team=team,
        from_at=from_at, until_at=until_at, source_label=source._meta.label,
        source_id=source.pk if isinstance(source.pk, UUID) else None, granted_by=subject.post,
    )  # fmt: skip
    relationship.save(force_insert=True)
    return relationship


def end_relationships(*, source: Model, until_at: datetime, because: str, kind: Kind | None = None) -> int:
    """Let the relationships that this record gave end at that moment (which may be still to come). Returns how many."""
    given = Relationship.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=until_at), source_id=source.pk)
    if kind is not None:
        given = given.filter(kind=kind)
    # One that began after the end never held: it ends where it began.
    early = given.filter(from_at__gt=until_at).update(until_at=F("from_at"), ended_because=because)
    return early + given.filter(from_at__lte=until_at).update(until_at=until_at, ended_because=because)


@command(needs=Permission.DECLARE_CONNECTION)
def declare_connection(*, child: "Child", because: str = "", by: "Post", at: datetime) -> Block:
    """Say that one knows this family: shut oneself out of this child, and of the family, at once. No reason is needed; tick tells the manager.

    `because`: a note of one's own, for one's own list.
    """
    block = Block(child=child, user=by.user, because=because.strip()[:200] or "I know this family", from_at=at, made_by=by)
    block.save(force_insert=True)
    return block


@dataclass(frozen=True)
class Question:
    """May this post do this to this child at this moment, for the first of its purposes?"""

    who: "Post"
    child_id: UUID
    permission: Permission
    at: datetime


@command(needs=Permission.EXPLAIN)
def explain(*, question: Question, by: "Post", at: datetime) -> list[tuple[str, bool]]:
    """Every step of the decision (rules.STEPS) with whether it is passed, up to the first that denies.

    Told only to a privacy officer in whose reach the child is and to whom the child is not shut; for others the answer is the one of
    a child who does not exist. Written as an act about the child, with the post that was asked about; a refusal names the child too.
    """
    child = apps.get_model("children.Child")(pk=question.child_id)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_may_explain(%s)", [question.child_id])
        if not cursor.fetchone()[0]:
            raise Refused("explain", Subject.of(by, at), Decision.NO_RELATIONSHIP, child)
        cursor.execute("SELECT child, holds, by FROM gate_explain(%s, %s, %s)", [question.who.pk, question.at, question.child_id])
        rows = cursor.fetchall()
    how = standings_held(Subject.of(question.who, question.at), [question.child_id], rows)[question.child_id]
    with acting_as(by, at) as subject:
        write_act(f"explain {question.permission}"[:60], subject, Outcome.DONE, Decision.ALLOWED, child, question.who)
    return explained(how, Asked.to(question.permission))
