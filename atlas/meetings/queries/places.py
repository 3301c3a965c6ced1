"""A place before and after a panel first looked at it: counted in the database, without a row about any child; and what meetings agreed about a place or a group."""

from datetime import datetime

from django.db import connections

from atlas.connections.models import Group
from atlas.meetings.models import AgencyAction, MeetingItem
from atlas.meetings.rules.before_after import BeforeAfter, counted_of_place, days_each
from atlas.places.models import Place


def looked_at_since(place: Place) -> datetime | None:
    """When a panel or group first met about a place, as far as that meeting is open to whoever asks."""
    held = MeetingItem.objects.filter(place=place.pk, meeting__panel__isnull=False, meeting__held_at__isnull=False)
    return held.order_by("meeting__held_at").values_list("meeting__held_at", flat=True).first()


def before_after_place(place: Place, taken_on: datetime, at: datetime) -> BeforeAfter | None:
    """How often return interviews, contacts and sightings named a place before and after. None where no words for it are written down, less than a day has passed, or
    fewer than five were counted on both sides together.
    """
    days = days_each(taken_on, at)
    if not place.named_as or days < 1:
        return None
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT before, after FROM gate_place_named(%s, %s, %s)", [place.pk, taken_on, days])
        row = cursor.fetchone()
    return counted_of_place(row[0], row[1], taken_on, at) if row else None


def actions_about(entry: Place | Group) -> list[AgencyAction]:
    """What agencies agreed to do about a place or a group, in the meetings that are open to whoever asks; by the day by which."""
    rows = (
        AgencyAction.objects.filter(item__place=entry.pk) if isinstance(entry, Place) else AgencyAction.objects.filter(item__group=entry.pk)
    )
    return list(rows.filter(child=None).select_related("agency", "owner_post__user", "meeting").order_by("due_on", "pk"))
