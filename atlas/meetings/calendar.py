"""An invitation as a calendar entry (iCalendar, RFC 5545): the kind of meeting, when and where, and a reference. It names no child."""

from datetime import UTC, datetime

from django.conf import settings
from icalendar import Calendar, Event

from atlas.meetings.models import Meeting

NAME = "meeting.ics"


def entry_of(meeting: Meeting, at: datetime) -> bytes:
    """The entry as it stands at that moment. A later one with the same reference moves it, or calls it off."""
    event = Event()
    is_off = meeting.state == Meeting.State.CANCELLED
    for name, value in (
        ("uid", f"{meeting.pk}@atlas"), ("summary", meeting.kind_name), ("dtstart", meeting.starts_at.astimezone(UTC)),
        ("dtend", meeting.until_at.astimezone(UTC)), ("dtstamp", at.astimezone(UTC)), ("sequence", meeting.version), ("class", "PRIVATE"),
        ("status", "CANCELLED" if is_off else "CONFIRMED"), ("description", f"Reference {meeting.reference}. {settings.ATLAS_ADDRESS}"),
    ):  # fmt: skip
        event.add(name, value)
    if where := ". ".join(filter(None, (meeting.place, meeting.joining))):
        event.add("location", where)
    calendar = Calendar()
    calendar.add("prodid", "-//Atlas//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "REQUEST")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
