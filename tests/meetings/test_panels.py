"""A panel is opened with its terms, people sit on it for their agencies, its next meeting asks them all; a place on it opens what names no child."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from atlas.agencies.models import AgencyKind, Post
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.meetings.codes import ItemKind, Part
from atlas.meetings.commands.calling import Called, put_on_agenda
from atlas.meetings.commands.inviting import Asked, invite
from atlas.meetings.commands.panels import (
    MemberNamed,
    PanelOpened,
    call_panel_meeting,
    end_panel_member,
    name_panel_member,
    open_panel,
    review_panel,
)
from atlas.meetings.models import Invitation, Meeting, MeetingItem, Panel, PanelMember
from atlas.meetings.queries.elsewhere import discussed_elsewhere
from atlas.meetings.queries.panels import listed_on, next_day
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from tests import factories
from tests.factories import NOW
from tests.meetings.given import AFTER, SAID, Table, panel_of, table

pytestmark = pytest.mark.django_db
KIND = SHIPPED_BY_KEY["panel"]
STARTS = NOW + timedelta(days=3)


@pytest.fixture
def there() -> Table:
    return table()


def called(there: Table, panel: Panel, by: Post | None = None, **other: object) -> Meeting:
    """Its next meeting."""
    return call_panel_meeting(panel=panel, called=Called(KIND, STARTS, there.chair, **other), by=by or there.chair, at=NOW)  # type: ignore[arg-type]


def test_open_panel_asks_every_point_of_its_terms(there: Table) -> None:
    opened = PanelOpened(KIND, "Exploitation panel", SAID)
    panel = open_panel(authority=there.world.authority, opened=opened, by=there.chair, at=NOW)
    assert panel.terms == SAID
    assert (panel.review_on - NOW.date()).days == 366
    with pytest.raises(Invalid, match="Another panel has this name"):
        open_panel(authority=there.world.authority, opened=opened, by=there.chair, at=NOW)
    with pytest.raises(Invalid, match="Answer this point of the terms: What is it not"):
        open_panel(authority=there.world.authority, opened=PanelOpened(KIND, "Other", {**SAID, "is_not": " "}), by=there.chair, at=NOW)
    with pytest.raises(Invalid, match="a panel or a group"):
        open_panel(
            authority=there.world.authority, opened=replace(opened, kind=SHIPPED_BY_KEY["core_group"], name="O"), by=there.chair, at=NOW
        )
    with pytest.raises(Invalid, match="between 1 and 92"):
        open_panel(authority=there.world.authority, opened=replace(opened, name="O", every_days=100), by=there.chair, at=NOW)
    with pytest.raises(Refused):
        open_panel(authority=there.world.authority, opened=replace(opened, name="O"), by=there.world.manager, at=NOW)
    with pytest.raises(Refused):  # another authority's
        open_panel(authority=factories.authority("Otherham"), opened=replace(opened, name="O"), by=there.chair, at=NOW)
    later = NOW + timedelta(days=400)
    assert review_panel(panel=panel, terms=SAID, every_days=14, by=there.chair, at=later).review_on > later.date()


def test_name_panel_member_takes_who_may_sit_there(there: Table) -> None:
    panel = panel_of(there)
    with pytest.raises(Invalid, match="sits on the panel already"):
        name_panel_member(panel=panel, named=MemberNamed(there.nurse), by=there.chair, at=NOW)
    with pytest.raises(Invalid, match="does not chair this kind"):
        name_panel_member(panel=panel, named=MemberNamed(there.world.worker, Part.DEPUTY_CHAIR), by=there.chair, at=NOW)
    with pytest.raises(Invalid, match="does not go to meetings"):
        name_panel_member(panel=panel, named=MemberNamed(factories.post("data_officer")), by=there.chair, at=NOW)
    with pytest.raises(Invalid, match="somebody else of the same agency"):
        name_panel_member(panel=panel, named=MemberNamed(there.world.worker, deputy=there.nurse), by=there.chair, at=NOW)
    with pytest.raises(Invalid, match="has a chair"):
        name_panel_member(panel=panel, named=MemberNamed(factories.post("chair"), Part.CHAIR), by=there.chair, at=NOW)


def test_call_panel_meeting_asks_everybody_on_the_day_of_its_cycle(there: Table) -> None:
    panel = panel_of(there)
    meeting = called(there, panel, minute_taker=there.taker)
    with acting_as(there.chair, NOW):
        asked = Invitation.objects.filter(meeting=meeting)
        assert {one.post_id for one in asked} == {one.pk for one in (there.chair, there.taker, there.world.manager, *there.people)}
        assert [one.post_id for one in asked if one.part == Part.CHAIR] == [there.chair.pk]
        assert next_day(panel, STARTS + timedelta(hours=1)) >= (STARTS + timedelta(days=28)).date()
    with pytest.raises(Invalid, match="is called already"):
        called(there, panel)
    with pytest.raises(Refused):  # a member who does not lead it
        called(there, panel, by=there.officer)


def test_somebody_whose_post_has_ended_is_not_asked_but_their_deputy_is(there: Table) -> None:
    panel = panel_of(there)
    gone, deputy = factories.post("school", of=there.school.team), factories.post("school", of=there.school.team)
    name_panel_member(panel=panel, named=MemberNamed(gone, deputy=deputy), by=there.chair, at=NOW)
    Post.objects.filter(pk=gone.pk).update(until_on=(NOW - timedelta(days=1)).date())
    meeting = called(there, panel)
    with acting_as(there.chair, NOW):
        posts = set(Invitation.objects.filter(meeting=meeting).values_list("post", flat=True))
    assert deputy.pk in posts
    assert gone.pk not in posts


def test_a_place_on_a_panel_opens_what_names_no_child_until_it_ends(there: Table) -> None:
    panel = panel_of(there)
    meeting = called(there, panel)
    put_on_agenda(meeting=meeting, kind=ItemKind.PLACE, title="The arcade", why="Three children were met there.", by=there.chair, at=NOW)
    late = factories.post("health", of=there.nurse.team)
    with acting_as(late, NOW):
        assert not MeetingItem.objects.exists()
    member = name_panel_member(panel=panel, named=MemberNamed(late), by=there.chair, at=NOW)
    with acting_as(late, NOW):
        assert [one.title for one in MeetingItem.objects.all()] == ["The arcade"]
        assert [one.item.title for one in listed_on(panel)] == ["The arcade"]
    ended = NOW + timedelta(minutes=1)
    end_panel_member(member=member, by=there.chair, at=ended)
    with acting_as(late, ended):
        assert not MeetingItem.objects.exists()
    with pytest.raises(Invalid, match="has ended already"):
        end_panel_member(member=member, by=there.chair, at=ended)
    with acting_as(there.world.stranger, NOW):
        assert not MeetingItem.objects.exists()


def test_a_child_on_its_agenda_opens_to_those_who_are_asked_and_to_no_member_for_being_one(there: Table) -> None:
    panel = panel_of(there)
    meeting = called(there, panel)
    put_on_agenda(meeting=meeting, kind=ItemKind.CHILD, child=there.world.child, why="Missing again.", by=there.world.worker, at=NOW)
    late = factories.post("health", of=there.nurse.team)
    name_panel_member(panel=panel, named=MemberNamed(late), by=there.chair, at=NOW)
    with acting_as(late, NOW):
        assert not MeetingItem.objects.exists()
    with acting_as(there.nurse, NOW):
        assert MeetingItem.objects.get().child_id == there.world.child.pk
    invite(meeting=meeting, asked=Asked(post=late), by=there.chair, at=NOW)
    with acting_as(late, NOW):
        assert MeetingItem.objects.exists()


def test_nobody_names_themselves_in_the_database(there: Table) -> None:
    panel = panel_of(there)
    for post in (there.world.stranger, there.officer, there.world.manager):
        with acting_as(post, NOW):
            mine = PanelMember(panel=panel, post=post, group="other", from_at=NOW, named_by=post)
            if post == there.world.stranger:
                with pytest.raises(DatabaseError), transaction.atomic():
                    mine.save(force_insert=True)
            assert PanelMember.objects.filter(panel=panel).update(until_at=NOW) == 0
            assert Panel.objects.filter(pk=panel.pk).update(name="Other") == 0
    elsewhere = factories.agency("Otherham Council", AgencyKind.COUNCIL, of=factories.authority("Otherham"))
    chair = factories.post("chair", of=factories.team("Otherham chairs", of=elsewhere))
    with acting_as(chair, NOW):
        for named_by in (chair, there.chair):
            with pytest.raises(DatabaseError), transaction.atomic():
                PanelMember(panel=panel, post=chair, group="other", from_at=NOW, named_by=named_by).save(force_insert=True)
    with acting_as(there.chair, NOW), pytest.raises(DatabaseError), transaction.atomic():  # in another's name
        PanelMember(panel=panel, post=there.world.worker, group="other", from_at=NOW, named_by=chair).save(force_insert=True)


def test_pages_of_panels(there: Table, signed_in: object) -> None:
    panel, client = panel_of(there), signed_in(there.chair, NOW)  # type: ignore[operator]
    assert "Exploitation panel" in client.get(reverse("meetings:view_panels")).content.decode()
    address = reverse("meetings:call_panel_meeting", args=[panel.pk])
    assert client.get(address).status_code == 200
    sent = {
        "starts_at_0": "12",
        "starts_at_1": "5",
        "starts_at_2": "2026",
        "starts_at_3": "10:00",
        "starts_at_4": "minute",
        "minutes": "120",
    }
    answer = client.post(address, {**sent, "chair": str(there.chair.pk)})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(reverse("meetings:view_panel", args=[panel.pk])).content.decode()
    assert "12 May 2026" in page
    meeting = str(answer["Location"]).split("/")[-3]
    moved = client.post(reverse("meetings:move_meeting", args=[meeting]), {**sent, "starts_at_0": "13", "because": "Nobody could come"})
    assert moved.status_code == 302, moved.content.decode()
    page = client.get(reverse("meetings:view_panel", args=[panel.pk])).content.decode()
    assert "13 May 2026" in page
    assert "What is it not?" in page
    opened = client.post(
        reverse("meetings:open_panel"), {"kind": "exploitation_group", "name": "Exploitation group", "every_days": "90", **SAID}
    )
    assert opened.status_code == 302, opened.content.decode()


def another(there: Table, name: str = "Missing panel") -> Meeting:
    """Another panel of other people, which meets a day before."""
    panel = open_panel(authority=there.world.authority, opened=PanelOpened(KIND, name, SAID), by=there.chair, at=NOW)
    head, nurse = factories.post("chair"), factories.post("health", of=there.nurse.team)
    for post, part in ((head, Part.CHAIR), (nurse, Part.MEMBER)):
        name_panel_member(panel=panel, named=MemberNamed(post, part), by=there.chair, at=NOW)
    return call_panel_meeting(panel=panel, called=Called(KIND, STARTS - timedelta(days=1), head), by=there.chair, at=NOW)


def test_no_child_is_discussed_twice_unaware(there: Table, signed_in: object) -> None:
    first, second = another(there), called(there, panel_of(there))
    given = {"kind": ItemKind.CHILD, "child": there.world.child, "why": "Missing again."}
    put_on_agenda(meeting=first, **given, by=there.world.worker, at=NOW)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match=r"Missing panel, .*still to come. Ask "):
        put_on_agenda(meeting=second, **given, by=there.world.worker, at=NOW)  # type: ignore[arg-type]
    item = put_on_agenda(meeting=second, **given, is_aware=True, by=there.world.worker, at=NOW)  # type: ignore[arg-type]
    # A member of the second who is not asked to the first: that there is another, and whom to ask; not what it held.
    with acting_as(there.nurse, NOW):
        assert not MeetingItem.objects.filter(meeting=first).exists()
        found = discussed_elsewhere([there.world.child.pk], second, NOW)[there.world.child.pk]
        assert [(one.meeting_id, one.is_panel, one.decision) for one in found] == [(first.pk, True, None)]
    page = signed_in(there.nurse, NOW).get(reverse("meetings:view_meeting", args=[second.pk])).content.decode()  # type: ignore[operator]
    assert "Missing panel" in page
    assert "still to come. Ask" in page
    with acting_as(there.world.stranger, NOW):
        assert discussed_elsewhere([there.world.child.pk], None, NOW) == {}
    assert item.child_id == there.world.child.pk


def test_where_no_other_panel_took_the_child_nothing_is_said(there: Table) -> None:
    another(there)
    second = called(there, panel_of(there))
    put_on_agenda(meeting=second, kind=ItemKind.CHILD, child=there.world.child, why="Missing again.", by=there.world.worker, at=NOW)
    with acting_as(there.world.worker, NOW):
        assert discussed_elsewhere([there.world.child.pk], second, NOW) == {}
    other = factories.child("Robin Rowan")
    with acting_as(there.nurse, NOW):
        assert discussed_elsewhere([other.pk], second, NOW) == {}


def test_what_another_meeting_decided_is_shown_as_far_as_it_is_open(there: Table) -> None:
    strategy = there.held(_asked(there))
    there.decided(strategy)
    second = called(there, panel_of(there))
    put_on_agenda(meeting=second, kind=ItemKind.CHILD, child=there.world.child, why="As agreed.", by=there.world.worker, at=AFTER)
    late = factories.post("health", of=there.nurse.team)
    invite(meeting=second, asked=Asked(post=late), by=there.chair, at=AFTER)
    for post, said in ((there.nurse, "Section 47 enquiry"), (late, "not open to you")):
        with acting_as(post, AFTER):
            assert said in discussed_elsewhere([there.world.child.pk], second, AFTER)[there.world.child.pk][0].words


def _asked(there: Table) -> Meeting:
    meeting = there.called()
    there.ask_all(meeting)
    return meeting
