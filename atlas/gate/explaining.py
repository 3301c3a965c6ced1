"""Why may a person do this to a child, or not? Step by step, for the privacy officer of the child's authority alone; the question is an act."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections

from atlas.gate.act import Refused, command, write_act
from atlas.gate.context import Subject, acting_as
from atlas.gate.models import Outcome
from atlas.gate.policy import Permission
from atlas.gate.queries import standings_held
from atlas.gate.rules import Asked, Decision, explained

if TYPE_CHECKING:
    from atlas.agencies.models import Post


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
    a child who does not exist. Both acts name the child: who asked, and about whom.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT child, holds, by FROM gate_explain(%s, %s, %s)", [question.who.pk, question.at, question.child_id])
        rows = cursor.fetchall()
        cursor.execute("SELECT gate_may_explain(%s)", [question.child_id])
        if not cursor.fetchone()[0]:
            raise Refused("explain", Subject.of(by, at), Decision.NO_RELATIONSHIP, None)
    how = standings_held(Subject.of(question.who, question.at), [question.child_id], rows)[question.child_id]
    with acting_as(by, at) as subject:
        write_act(f"explain {question.permission}"[:60], subject, Outcome.DONE, Decision.ALLOWED, question.who)
    return explained(how, Asked.to(question.permission))
