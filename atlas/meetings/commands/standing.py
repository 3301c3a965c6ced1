"""The director holds a child of the standing list in view, with a reason and a day on which she looks at it again; and lets the child go out of view."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections

from atlas.children.models import Child
from atlas.chronology.moments import end_of_day
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision
from atlas.meetings.rules.standing import HIGHEST, MOST_DAYS

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@command(needs=Permission.HOLD_IN_VIEW)
def hold_in_view(*, child_id: UUID, because: str, review_on: date | None, by: "Post", at: datetime) -> Child:
    """Hold a child of the standing list in view until a day: who the child is, the safety plan and the meetings open to the director, by name. Held already, it begins
    anew. Raises Invalid without a reason, without a day or with one that is over or more than 90 days ahead; Refused for a child who stands not there.
    """
    today = day_of(at)
    if not because.strip():
        raise Invalid("Say why you hold this child in view, in words that the child may read one day.", "because")
    if review_on is None or not today < review_on <= today + timedelta(days=MOST_DAYS):
        raise Invalid(f"Choose the day on which you look at this again: after today, and within {MOST_DAYS} days.", "review_on")
    _hold("hold_in_view", child_id, because, end_of_day(review_on))
    return Child.objects.get(pk=child_id)


@command(needs=Permission.TAKE_OUT_OF_VIEW)
def take_out_of_view(*, child_id: UUID, because: str, by: "Post", at: datetime) -> None:
    """Hold a child in view no longer, with the reason: what it opened closes at once. A child at the highest level stays on the list."""
    if not because.strip():
        raise Invalid("Say why you do not hold this child in view any more.", "because")
    _hold("take_out_of_view", child_id, because, at)


def _hold(verb: str, child_id: UUID, because: str, until: datetime) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_hold_in_view(%s, %s, %s, %s)", [child_id, because.strip(), until, HIGHEST])
        if not cursor.fetchone()[0]:
            raise Refused(verb, acting_subject(), Decision.NO_RELATIONSHIP, Child(pk=child_id))
