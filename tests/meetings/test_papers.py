"""The record as each recipient reads it, the copy for the family, and the entry for a calendar."""

from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar
from pypdf import PdfReader

from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.meetings.calendar import entry_of
from atlas.meetings.codes import Audience
from atlas.meetings.commands.calling import cancel_meeting
from atlas.meetings.commands.inviting import Asked, invite
from atlas.meetings.commands.recording import Said, contribute
from atlas.meetings.models import Meeting
from atlas.meetings.queries.papers import family_paper_of, paper_of
from atlas.meetings.queries.room import room_of
from tests.factories import NOW
from tests.meetings.given import AFTER, STARTS, Table, table

pytestmark = pytest.mark.django_db
WARRANT, FLAT, KIND = "A warrant is planned.", "Seen twice at the flat.", "She is good with little ones."


@pytest.fixture
def there() -> Table:
    return table()


def said(there: Table, meeting: Meeting) -> None:
    """Police for the council alone, housing for professionals, school for everybody; decided and agreed."""
    item, council = there.item(meeting, at=AFTER), there.world.worker.team.agency_id
    contribute(item=item, said=Said(WARRANT, "Own enquiry", Audience.NAMED, [council]), by=there.officer, at=AFTER)
    contribute(item=item, said=Said(FLAT, "Visits"), by=there.housing, at=AFTER)
    contribute(item=item, said=Said(KIND, "Form tutor", Audience.EVERYONE), by=there.school, at=AFTER)
    there.decided(meeting)
    there.action(meeting)


def read(there: Table, meeting: Meeting, post: Post) -> str:
    """The words of a post's copy."""
    with acting_as(post, AFTER) as subject:
        return " ".join(line.words for block in paper_of(room_of(subject, meeting)).blocks for line in block.lines)


def test_each_copy_holds_what_its_reader_may_see(there: Table) -> None:
    meeting = there.called()
    there.ask_all(meeting)
    meeting = there.held(meeting, absent=(there.nurse,))
    said(there, meeting)
    for post, secret in ((there.world.manager, True), (there.officer, True), (there.nurse, False), (there.school, False)):
        words = read(there, meeting, post)
        assert (WARRANT in words) == secret, post.role
        assert FLAT in words
        assert KIND in words
        assert "Nobody who could decide was there for: health" in words
        assert "Move the family" in words
    with acting_as(there.world.manager, AFTER) as subject:
        family = family_paper_of(room_of(subject, meeting), there.world.child.pk)
        words = " ".join(line.words for block in family.blocks for line in block.lines)
    assert (WARRANT in words, FLAT in words, KIND in words) == (False, False, True)
    assert "Because:" in words


def test_the_papers_are_pdfs_and_the_familys_is_for_who_leads(there: Table, signed_in: Any) -> None:
    meeting = there.called()
    there.ask_all(meeting)
    meeting = there.held(meeting)
    said(there, meeting)
    sign_in = signed_in
    pdf = sign_in(there.school, AFTER).get(reverse("meetings:print_meeting", args=[meeting.pk]))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
    assert KIND in " ".join(text.split())
    assert "warrant" not in text
    item = reverse("meetings:print_family_record", args=[there.item(meeting, at=AFTER).pk])
    assert sign_in(there.school, AFTER).get(item).status_code == 404
    assert sign_in(there.world.manager, AFTER).get(item)["Content-Type"] == "application/pdf"


def test_an_entry_for_a_calendar_names_no_child_and_can_be_called_off(there: Table, signed_in: Any) -> None:
    meeting = there.called()
    invite(meeting=meeting, asked=Asked(post=there.nurse), by=there.world.manager, at=NOW)
    sent = signed_in(there.nurse, NOW).get(reverse("meetings:download_calendar_entry", args=[meeting.pk]))
    assert sent["Content-Type"].startswith("text/calendar")
    event = Calendar.from_ical(sent.content.decode()).walk("VEVENT")[0]
    assert (event["SUMMARY"], event.decoded("DTSTART"), event["STATUS"]) == ("Strategy discussion", STARTS, "CONFIRMED")
    for name in there.world.child.name.split():
        assert name not in sent.content.decode()
    off = cancel_meeting(meeting=meeting, because="Held by telephone", by=there.world.manager, at=NOW)
    after = Calendar.from_ical(entry_of(off, NOW).decode())
    assert (after["METHOD"], after.walk("VEVENT")[0]["STATUS"], after.walk("VEVENT")[0]["UID"]) == ("CANCEL", "CANCELLED", event["UID"])
