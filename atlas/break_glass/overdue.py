"""What follows with time: unreviewed after two working days it goes to the Caldicott guardians; what the queue did not take is handed on."""

from datetime import datetime
from uuid import UUID

from django.db import connections

from atlas.agencies.models import Post
from atlas.break_glass.notices import hand_on
from atlas.gate.context import acting_as


def tell_of_break_glasses(*, by: Post, at: datetime) -> int:
    """Tell guardians of what nobody reviewed in time, and hand on every notice that waits. Returns how many posts were told.

    Run by tick, under its own login: the database says who (`gate_break_glass_due`), so that no child reaches tick.
    """
    told = 0
    with acting_as(by, at):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT break_glass, recipient, is_late FROM gate_break_glass_due()")
            rows = cursor.fetchall()
        waiting: dict[tuple[UUID, bool], list[UUID]] = {}
        for break_glass, recipient, is_late in rows:
            waiting.setdefault((break_glass, is_late), []).append(recipient)
        for (break_glass, is_late), recipients in waiting.items():
            told += len(recipients) if hand_on(break_glass, recipients, is_late=is_late) else 0
    return told
