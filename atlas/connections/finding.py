"""Workers are asked for their declarations, and what these have in common with children is found. Called by tick.

Source: protection.md 4.4: declaration at joining and yearly; automatic suggestions, silent.
"""

from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef

from atlas.agencies.models import User
from atlas.agencies.queries import posts_standing
from atlas.connections.models import Declaration, Suggestion
from atlas.connections.rules import DECLARED_EVERY, DECLARED_WITHIN
from atlas.gate.days import day_of

BATCH = 500
EVERY_MINUTES = 15


def ask_declarations(at: datetime) -> int:
    """Ask everybody who works here now and has declared nothing for a year, or never. Returns how many are newly asked."""
    of_user = Declaration.objects.filter(user=OuterRef("pk"))
    working = Exists(posts_standing(day_of(at)).filter(user=OuterRef("pk"), is_service=False))
    fresh = Exists(of_user.filter(declared_at__gt=at - DECLARED_EVERY)) | Exists(of_user.filter(declared_at__isnull=True))
    people = User.objects.filter(working, ~fresh).order_by("pk").values_list("pk", flat=True)[:BATCH]
    asked = [Declaration(user_id=pk, asked_at=at, due_on=day_of(at + DECLARED_WITHIN)) for pk in people]
    Declaration.objects.bulk_create(asked, ignore_conflicts=True)
    return len(asked)


def suggest_blocks(at: datetime) -> int:
    """Write down what workers and children have in common, each once; where the child is shut to the worker already, nothing.

    Run every quarter of an hour. Returns how many are new.
    """
    if at.minute % EVERY_MINUTES:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, child, reason FROM gate_alike()")
        found = [Suggestion(user_id=person, child_id=child, reason=reason, found_at=at) for person, child, reason in cursor.fetchall()]
    Suggestion.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)
