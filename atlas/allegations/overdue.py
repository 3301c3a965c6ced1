"""What follows with time: what nobody received within a working day, or whose receiver is there no more, goes to the next too. Called by tick."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from atlas.agencies.models import Post
from atlas.allegations.commands import tell
from atlas.allegations.models import Allegation, AllegationStep
from atlas.allegations.queries import receivers
from atlas.allegations.rules import NEXT, OFFICER, WITHIN
from atlas.clocks.queries import bank_holidays_changed
from atlas.design.words import reference_of
from atlas.gate.context import acting_as

Kind = AllegationStep.Kind
BATCH = 500
READS = ("child_id", "allegation_id", "kind", "to_post_id", "due_at", "instead_of_id", "made_by_id", "made_at", "recorded_by_id")


def pass_on_allegations(*, by: Post, at: datetime) -> int:
    """Send what is overdue, found no receiver, or lost the one it had, to the next who may receive it. Returns how many were sent.

    Tick reads nothing of what was said. Who had it before keeps it. Where nobody is left, whoever recorded it is told to ring.
    """
    with acting_as(by, at):
        return sum(_pass_on(step, by, at) for step in _waiting())


def _waiting() -> list[AllegationStep]:
    """The sendings that wait to be passed on, as the database judges it: not received in time, to nobody, or to somebody who is there no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_allegations_waiting()")
        waiting = cursor.fetchone()[0]
    return list(AllegationStep.objects.filter(pk__in=waiting).order_by("-made_at", "pk").only(*READS)[:BATCH])


def _pass_on(step: AllegationStep, by: Post, at: datetime) -> int:
    accused = Allegation.objects.filter(pk=step.allegation_id).values_list("accused_id", flat=True).get()
    had: set[UUID | None] = set(
        AllegationStep.objects.filter(allegation=step.allegation_id, kind=Kind.SENT).values_list("to_post_id", flat=True)
    )
    role = step.to_post.role if step.to_post else OFFICER
    able = [post for one in NEXT.get(role, NEXT[OFFICER]) for post in receivers(step.child_id, one, accused) if post not in had]
    if not able:
        return 0
    made = AllegationStep(
        child_id=step.child_id, allegation_id=step.allegation_id, kind=Kind.SENT, to_post_id=able[0], made_by=by, made_at=at,
        due_at=WITHIN.after(at, bank_holidays_changed()), instead_of=step, recorded_by_id=step.recorded_by_id,
    )  # fmt: skip
    AllegationStep.objects.bulk_create([made], ignore_conflicts=True)
    tell(reference_of(step.allegation_id), able[:1])
    return 1
