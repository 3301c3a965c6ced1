"""A council adds a kind of meeting without code: it is called, held and closed by its own rules; nothing is looser than the national ones."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.meetings.codes import Answer, Attended, Group, Settles
from atlas.meetings.commands.calling import Called, call_meeting, hold_meeting
from atlas.meetings.commands.inviting import Asked, invite, record_attendance
from atlas.meetings.commands.kinds import add_meeting_kind, change_meeting_kind, end_meeting_kind
from atlas.meetings.commands.panels import PanelOpened, open_panel
from atlas.meetings.commands.recording import Decided, close_meeting, record_meeting_decision
from atlas.meetings.models import Invitation, LocalMeetingKind, Panel
from atlas.meetings.queries.leading import kind_of, meeting_kinds
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from atlas.meetings.rules.local_kinds import ANSWERS, KindGiven
from tests import factories
from tests.factories import NOW
from tests.meetings.given import AFTER, SAID, STARTS, Table, table

pytestmark = pytest.mark.django_db
GIVEN = KindGiven(
    "Transition meeting",
    "agreed",
    ("chair", "manager"),
    (Group.SOCIAL_WORK, Group.HEALTH),
    (Settles.DECISION, Settles.CONTINGENCY),
    record_within=2,
)
STRATEGY = SHIPPED_BY_KEY["strategy_discussion"]


@pytest.fixture
def there() -> Table:
    return table()


def head() -> Post:
    """The head of service."""
    return factories.post("head_of_service", of=factories.team("Leadership"))


def added(there: Table, by: Post, **other: Any) -> LocalMeetingKind:
    """The kind, with something otherwise."""
    return add_meeting_kind(authority=there.world.authority, given=replace(GIVEN, **other), by=by, at=NOW)


def called(there: Table, kind: LocalMeetingKind, chair: Post) -> Any:
    """A meeting of this kind about the child."""
    given = Called(kind.as_kind(), STARTS, chair)
    return call_meeting(child=there.world.child, called=given, why="Eighteen in a year.", by=there.world.worker, at=NOW)


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("name", {"name": " "}), ("name", {"name": "core GROUP"}), ("decides", {"decides": "anything"}), ("chaired_by", {"chaired_by": ()}),
        ("chaired_by", {"chaired_by": ("school",)}), ("settles", {"settles": (Settles.PLAN,)}), ("record_within", {"record_within": 6}),
        ("record_within", {"record_within": 0}), ("until_age", {"until_age": 26}), ("until_age", {"until_age": 21}), ("quorum", {"quorum": (Group.FAMILY,)}),
        ("with_family", {"decides": "panel", "with_family": True}), ("quorum", {"decides": "strategy"}),
        ("settles", {"decides": "strategy", "quorum": STRATEGY.quorum}),
        ("record_within", {"decides": "strategy", "quorum": STRATEGY.quorum, "settles": STRATEGY.settles}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(there: Table, field: str, other: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as problem:
        added(there, head(), **other)
    assert problem.value.field == field


def test_it_is_added_called_held_and_closed(there: Table) -> None:
    world, leader = there.world, head()
    with pytest.raises(Refused):
        added(there, world.manager)
    elsewhere = factories.post(
        "head_of_service", of=factories.team("There", of=factories.agency("Eastmere Council", of=factories.authority("Eastmere")))
    )
    with pytest.raises(Invalid, match="Only the council that answers"):
        added(there, elsewhere)
    kind = added(there, leader)
    with pytest.raises(Invalid, match="of this name already"):
        added(there, leader, name="transition MEETING")
    assert kind.as_kind() in meeting_kinds(world.authority)
    with pytest.raises(Invalid, match="does not chair this kind"):
        called(there, kind, there.nurse)
    meeting = called(there, kind, there.chair)
    invite(meeting=meeting, asked=Asked(post=world.worker), by=there.chair, at=NOW)
    meeting = hold_meeting(meeting=meeting, held_at=STARTS, by=there.chair, at=AFTER)
    with acting_as(world.worker, AFTER):
        (clock,) = Clock.objects.filter(limit="meeting_record")
        assert clock.due_at is not None
        assert (clock.due_at.date() - STARTS.date()).days == 2  # two working days, as the council set it
    with acting_as(there.chair, AFTER):
        asked = list(Invitation.objects.filter(meeting=meeting).select_related("meeting", "post"))
    for one in asked:
        record_attendance(invitation=one, attended=Attended.WHOLE, by=there.chair, at=AFTER)
    item = there.item(meeting, there.chair, AFTER)
    with pytest.raises(Invalid, match="Health was not there"):
        close_meeting(meeting=meeting, by=there.chair, at=AFTER)
    invite(meeting=meeting, asked=Asked(post=there.nurse), by=there.chair, at=AFTER)
    record_attendance(invitation=there.asked(there.nurse, meeting, AFTER), attended=Attended.WHOLE, by=there.chair, at=AFTER)
    record_meeting_decision(
        item=item, decided=Decided(Settles.DECISION, "Adult services will meet her.", Answer.AGREED), by=there.chair, at=AFTER
    )
    with pytest.raises(Invalid, match="if it does not hold"):
        close_meeting(meeting=meeting, by=there.chair, at=AFTER)
    point = Decided(Settles.CONTINGENCY, "So that nobody waits.", words="We meet in a week.")
    record_meeting_decision(item=item, decided=point, by=there.chair, at=AFTER)
    assert close_meeting(meeting=meeting, by=there.chair, at=AFTER).state == "closed"


def test_a_change_is_for_the_future_and_a_panel_goes_on_with_it(there: Table) -> None:
    leader = head()
    kind = added(there, leader)
    meeting = called(there, kind, there.chair)
    changed = change_meeting_kind(kind=kind, given=replace(GIVEN, quorum=(Group.POLICE,)), by=leader, at=NOW + timedelta(hours=1))
    assert (kind_of(meeting).quorum, changed.as_kind().quorum) == (GIVEN.quorum, (Group.POLICE,))
    assert [one.key for one in meeting_kinds(there.world.authority) if one.name == GIVEN.name] == [changed.key]
    with pytest.raises(Invalid, match="This kind has ended"):
        change_meeting_kind(kind=LocalMeetingKind.objects.get(pk=kind.pk), given=GIVEN, by=leader, at=NOW)
    end_meeting_kind(kind=changed, by=leader, at=NOW + timedelta(hours=2))
    assert not [one for one in meeting_kinds(there.world.authority) if one.name == GIVEN.name]
    with pytest.raises(Invalid, match="This kind has ended"):
        end_meeting_kind(kind=LocalMeetingKind.objects.get(pk=changed.pk), by=leader, at=NOW)
    panels = added(there, leader, name="Moving-on panel", decides="panel", until_age=25)
    panel = open_panel(authority=there.world.authority, opened=PanelOpened(panels.as_kind(), "Moving on", SAID), by=there.chair, at=NOW)
    with pytest.raises(Invalid, match="Moving on"):
        change_meeting_kind(kind=panels, given=replace(GIVEN, name="Moving-on panel"), by=leader, at=NOW)
    with pytest.raises(Invalid, match="Moving on"):
        end_meeting_kind(kind=panels, by=leader, at=NOW)
    wider = replace(GIVEN, name="Moving-on panel", decides="panel", until_age=21)
    new = change_meeting_kind(kind=panels, given=wider, by=leader, at=NOW)
    with acting_as(there.chair, NOW):
        assert kind_of(Panel.objects.get(pk=panel.pk)).until_age == new.until_age == 21


def test_the_sets_of_answers_are_of_one_about_each() -> None:
    assert all(len(set(one.answers)) == len(one.answers) for one in ANSWERS.values())


def test_the_pages(there: Table, signed_in: Any) -> None:
    client, listed = signed_in(head(), NOW), reverse("meetings:view_meeting_kinds")
    sent = {
        "name": "Transition meeting", "decides": "agreed", "chaired_by": ["chair"], "quorum": ["health"], "settles": ["decision"], "record_within": 3,
        "until_age": 18,
    }  # fmt: skip
    assert client.post(reverse("meetings:add_meeting_kind"), {**sent, "settles": ["plan"]}).status_code == 422
    assert client.post(reverse("meetings:add_meeting_kind"), sent).status_code == 302
    assert "Transition meeting" in client.get(listed).content.decode()
    kind = LocalMeetingKind.objects.get()
    change = reverse("meetings:change_meeting_kind", args=[kind.key])
    assert "checked" in client.get(change).content.decode()
    assert client.post(change, {**sent, "record_within": 1}).status_code == 302
    kind = LocalMeetingKind.objects.get(ended_at=None)
    assert client.post(reverse("meetings:end_meeting_kind", args=[kind.key]), {}).status_code == 302
    assert client.get(reverse("meetings:change_meeting_kind", args=["nothing"])).status_code == 404
    worker = signed_in(there.world.worker, NOW)
    assert "Transition meeting" not in worker.get(reverse("meetings:call_meeting", args=[there.world.child.pk])).content.decode()
