"""The return interview that is owed keeps in step with the episodes, also where whoever records them may not read it (`gate/owed.sql`)."""

from datetime import datetime

from django.db import connections

from atlas.children.models import Child
from atlas.missing.models import Episode, ReturnInterview


def miss_again(child: Child) -> list[ReturnInterview]:
    """Let the interviews still owed say that the child is missing again before they were held. Returns which, each in the state
    in which it was: nothing else of what they hold."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT interview, was FROM gate_miss_again(%s)", [child.pk])
        return [ReturnInterview(pk=pk, child=child, state=was) for pk, was in cursor]


def move_return(episode: Episode, due_at: datetime | None) -> bool:
    """Let the interview owed for an episode be due at another time, since the return was corrected.

    False where it has been held: whether that was in time is judged by somebody who reads it.
    """
    with connections["default"].cursor() as cursor:
        given = [episode.pk, due_at, episode.returned_at, episode.returned_precision]
        cursor.execute("SELECT gate_move_return(%s, %s, %s, %s)", given)
        return bool(cursor.fetchone()[0])
