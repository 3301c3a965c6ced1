"""Whoever is in the room writes on the meeting's page itself: each form opens at its place there, is sent by the page it has of its own, and comes back to its place."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.meetings.codes import Attended, ItemKind, Settles
from atlas.meetings.commands.calling import put_on_agenda
from atlas.meetings.commands.recording import Decided, Said, contribute, record_meeting_decision
from atlas.meetings.models import Invitation, Meeting, MeetingContribution, MeetingDecision, MeetingItem
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from tests.meetings.given import AFTER, STARTS, Table, table
from tests.writes.forms import boxes_of

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(minutes=1)
SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def there() -> Table:
    return table()


@pytest.fixture
def meeting(there: Table) -> Meeting:
    made = there.called(starts=STARTS)
    there.ask_all(made)
    return made


def at_its_place(address: str, place: str) -> str:
    """Where a form opens at its place, as the link there says."""
    return f"{address}?in_place={place}"


def typed(client: Client, address: str) -> dict[str, Any]:
    """What the form that is open there holds."""
    text = client.get(address, headers=SCRIPT).content.decode()
    return boxes_of(text[text.index("<form") :])


def test_a_form_opens_at_its_place_on_the_page_of_the_meeting_and_what_was_sent_leads_back_to_it(
    there: Table, meeting: Meeting, signed_in: Any
) -> None:
    item, client = there.item(meeting), signed_in(there.nurse, AFTER)
    home, place = reverse("meetings:view_meeting", args=[meeting.pk]), f"said-{item.pk}"
    address = at_its_place(reverse("meetings:contribute", args=[item.pk]), place)
    closed, whole, part = client.get(home), client.get(address), client.get(address, headers=SCRIPT)
    assert f'href="{address}#{place}"'.replace("&", "&amp;") in closed.content.decode()
    assert "<h1" in whole.content.decode() and whole.content.count(b"data-writing") == 1  # all of it, with that one form open
    assert "<h1" not in part.content.decode() and part.content.count(b"data-writing") == 1  # the form alone, for the script
    given = typed(client, address) | {"words": "Seen in spring with an injury.", "source_words": ""}
    wrong = client.post(address, given)
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "<title>Error: Meeting" in text and "Seen in spring with an injury." in text and "How is it known" in text
    assert f'href="#{place}-id_source_words"' in text and f'id="{place}-id_source_words"' in text
    sent = client.post(address, given | {"source_words": "The practice, in April"})
    assert (sent.status_code, sent["Location"]) == (302, f"{home}#{place}")
    with acting_as(there.nurse, AFTER):
        assert MeetingContribution.objects.get(item=item).words == "Seen in spring with an injury."


@pytest.mark.parametrize("place", ['"><script>', "said/../..", "said-1 x", "gone"])
def test_what_is_no_place_opens_the_form_on_its_own_page(there: Table, meeting: Meeting, signed_in: Any, place: str) -> None:
    answer = signed_in(there.nurse, AFTER).get(reverse("meetings:contribute", args=[there.item(meeting).pk]), {"in_place": place})
    assert answer.status_code == 200
    assert "What is known" in answer.content.decode()
    assert "data-writing" not in answer.content.decode()


def test_whoever_may_not_lead_is_offered_no_form_of_those_who_do(there: Table, meeting: Meeting, signed_in: Any) -> None:
    there.held(meeting)
    text = signed_in(there.nurse, AFTER).get(reverse("meetings:view_meeting", args=[meeting.pk])).content.decode()
    assert "/contribute/" in text
    for only_lead in ("/record_meeting_decision/", "/agree_action/", "/record_attendance/", "/close_meeting/"):
        assert only_lead not in text


def test_one_press_says_that_somebody_is_there(there: Table, meeting: Meeting, signed_in: Any) -> None:
    from atlas.meetings.commands.calling import hold_meeting

    hold_meeting(meeting=meeting, held_at=STARTS, by=there.world.manager, at=AFTER)
    client, asked = signed_in(there.world.manager, AFTER), there.asked(there.nurse, meeting, AFTER)
    page = client.get(reverse("meetings:view_meeting", args=[meeting.pk])).content.decode()
    place = f"there-{asked.pk}"
    part = page[page.index(f'id="{place}"') :]
    client.post(at_its_place(reverse("meetings:record_attendance", args=[asked.pk]), place), boxes_of(part[: part.index("</form>")]))
    with acting_as(there.world.manager, AFTER):
        now = Invitation.objects.get(pk=asked.pk)
        assert (now.attended, now.is_able_to_decide) == (Attended.WHOLE, True)


def test_the_later_of_two_who_decide_reads_what_the_earlier_wrote_keeps_her_own_and_sends_it_once_more(
    there: Table, meeting: Meeting, signed_in: Any
) -> None:
    there.held(meeting)
    item, client = there.item(meeting, at=AFTER), signed_in(there.world.manager, AFTER)
    address = at_its_place(reverse("meetings:record_meeting_decision", args=[item.pk, "plan"]), f"decided-{item.pk}-plan")
    mine = typed(client, address) | {"words": "Read with her on Friday.", "reason": "She asked for it."}
    theirs = Decided(Settles.PLAN, "The police are not ready.", "", "It waits until Monday.")
    record_meeting_decision(item=item, decided=theirs, by=there.taker, at=AFTER)
    clash = client.post(address, mine)
    assert clash.status_code == 422
    text = clash.content.decode()
    for words in (
        "another version of this decision",
        "It waits until Monday. Because: The police are not ready.",
        "Read with her on Friday.",
    ):
        assert words in text
    part = text[text.index("data-writing") :]
    again = boxes_of(part[: part.index("</form>")])
    assert again["words"] == "Read with her on Friday."
    assert client.post(address, again).status_code == 302
    with acting_as(there.world.manager, AFTER):
        versions = list(
            MeetingDecision.objects.filter(item=item, settles=Settles.PLAN)
            .order_by("decided_at", "replaces")
            .values_list("words", "replaces")
        )
    assert {words for words, _ in versions} == {"It waits until Monday.", "Read with her on Friday."}
    assert sum(replaced is not None for _, replaced in versions) == 1


def test_what_was_typed_in_the_room_and_not_sent_is_offered_there_again(there: Table, meeting: Meeting, signed_in: Any) -> None:
    item, client = there.item(meeting), signed_in(there.nurse, AFTER)
    place = f"said-{item.pk}"
    address = at_its_place(reverse("meetings:contribute", args=[item.pk]), place)
    given = typed(client, address) | {"words": "Half a sentence"}
    assert b"Kept for you" in client.post(address, given | {"draft": "autosave"}).content
    offered = client.get(address, headers=SCRIPT).content.decode()
    assert "Half a sentence" in offered and f"{address}&amp;draft=back#{place}" in offered
    assert typed(client, f"{address}&draft=back")["words"] == "Half a sentence"
    thrown = client.post(address, {"draft": "throw_away"})
    assert thrown["Location"] == address
    assert "Half a sentence" not in client.get(address).content.decode()


def _statements(client: Client, address: str) -> int:
    client.get(address)  # the look is written once
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_full_meeting_asks_no_more_statements_than_an_empty_one(there: Table, signed_in: Any) -> None:
    meeting = there.called("professionals_meeting", starts=STARTS)
    there.ask_all(meeting)
    there.held(meeting)
    there.action(meeting)
    contribute(item=there.item(meeting), said=Said("Known.", "Own record"), by=there.nurse, at=AFTER)
    client, address = signed_in(there.world.manager, LATER), reverse("meetings:view_meeting", args=[meeting.pk])
    before = _statements(client, address)
    _fill(there, meeting)
    assert _statements(client, address) == before


def _fill(there: Table, meeting: Meeting) -> None:
    """Six more things on the agenda, twelve entries, six decisions and twelve actions."""
    with acting_as(there.world.manager, AFTER):
        asked: list[Post] = [*there.people, there.world.worker]
    for number in range(6):
        put_on_agenda(meeting=meeting, kind=ItemKind.THEME, title=f"Theme {number}", why="Named.", by=there.world.manager, at=AFTER)
    with acting_as(there.world.manager, AFTER):
        items = list(MeetingItem.objects.filter(meeting=meeting).select_related("meeting", "child"))
    kind = SHIPPED_BY_KEY[meeting.kind]
    for item in items:
        for post in asked[:2]:
            contribute(item=item, said=Said("Known.", "Own record"), by=post, at=AFTER)
            there.action(meeting, owner=post)
        if item.child is None:
            decided = Decided(Settles.DECISION, "It is clear.", kind.answers[0])
            record_meeting_decision(item=item, decided=decided, by=there.world.manager, at=AFTER)
