"""A meeting of six agencies about a child, brought about by commands."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from atlas.agencies.models import AgencyKind, Post
from atlas.connections.commands import GroupGiven, PersonGiven, record_group, record_person_of_concern
from atlas.connections.grounds import Grounds
from atlas.connections.models import Group, PersonOfConcern
from atlas.gate.context import acting_as
from atlas.meetings.codes import Answer, Attended, ChallengeAbout, Part, Settles
from atlas.meetings.commands.actions import ActionGiven, agree_action
from atlas.meetings.commands.calling import Called, call_meeting, hold_meeting
from atlas.meetings.commands.challenging import ChallengeGiven, raise_challenge
from atlas.meetings.commands.inviting import Asked, invite, record_attendance
from atlas.meetings.commands.panels import MemberNamed, PanelOpened, name_panel_member, open_panel
from atlas.meetings.commands.recording import Decided, Said, close_meeting, contribute, record_meeting_decision
from atlas.meetings.models import AgencyAction, Challenge, Invitation, Meeting, MeetingContribution, MeetingItem, Panel, PanelMember
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from atlas.meetings.rules.terms import TERMS
from atlas.places.commands import PlaceGiven, record_place
from atlas.places.models import Place
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

STARTS = NOW + timedelta(hours=3)
AFTER = STARTS + timedelta(hours=1)


@dataclass
class Table:
    """Who sits at the table."""

    world: World
    officer: Post
    nurse: Post
    school: Post
    housing: Post
    chair: Post
    taker: Post
    people: list[Post] = field(default_factory=list)

    def called(
        self, key: str = "strategy_discussion", at: datetime = NOW, starts: datetime = STARTS, chair: Post | None = None, **other: Any
    ) -> Meeting:
        """A meeting about the child, chaired by the manager, with the minutes taken by business support."""
        given = Called(SHIPPED_BY_KEY[key], starts, chair or self.world.manager, minute_taker=self.taker)
        return call_meeting(
            child=self.world.child,
            called=given,
            why="Missing for the third time, and back with a new telephone.",
            by=self.world.worker,
            at=at,
            **other,
        )

    def ask_all(self, meeting: Meeting, at: datetime = NOW) -> list[Invitation]:
        """Worker, police, health, school and housing are asked."""
        return [invite(meeting=meeting, asked=Asked(post=post), by=self.world.manager, at=at) for post in (self.world.worker, *self.people)]

    def asked(self, post: Post, meeting: Meeting, at: datetime = NOW) -> Invitation:
        """The invitation of a post."""
        with acting_as(post, at):
            return Invitation.objects.select_related("meeting").get(meeting=meeting, post=post, withdrawn_at=None)

    def item(self, meeting: Meeting, post: Post | None = None, at: datetime = NOW) -> MeetingItem:
        """The child on its agenda, as a post sees it."""
        with acting_as(post or self.world.manager, at):
            return MeetingItem.objects.select_related("meeting", "child").get(meeting=meeting, child=self.world.child)

    def held(self, meeting: Meeting, at: datetime = AFTER, absent: tuple[Post, ...] = ()) -> Meeting:
        """Everybody asked was there but these."""
        meeting = hold_meeting(meeting=meeting, held_at=STARTS, by=self.world.manager, at=at)
        with acting_as(self.world.manager, at):
            asked = list(Invitation.objects.filter(meeting=meeting, withdrawn_at=None).select_related("post"))
        for one in asked:
            there = Attended.NOT if one.post in absent else Attended.WHOLE
            record_attendance(invitation=one, attended=there, by=self.world.manager, at=at)
        return meeting

    def decided(self, meeting: Meeting, at: datetime = AFTER, answer: Answer = Answer.S47_JOINT) -> None:
        """Every point is settled."""
        item = self.item(meeting, at=at)
        for point in SHIPPED_BY_KEY[meeting.kind].settles:
            given = Decided(
                point, "What the school and police know together.", answer if point is Settles.DECISION else "", "As agreed in the room."
            )
            record_meeting_decision(item=item, decided=given, by=self.world.manager, at=at)

    def action(self, meeting: Meeting, owner: Post | None = None, at: datetime = AFTER, days: int = 7) -> AgencyAction:
        """Housing is asked to do something."""
        return agree_action(item=self.item(meeting, at=at), given=asked_for(owner or self.housing, at, days), by=self.world.manager, at=at)

    def closed(self, meeting: Meeting, at: datetime = AFTER) -> Meeting:
        """The record is closed."""
        return close_meeting(meeting=meeting, by=self.world.manager, at=at)


def asked_for(owner: Post | None, at: datetime, days: int = 7, **other: Any) -> ActionGiven:
    """What housing is asked."""
    given: dict[str, Any] = {
        "words": "Move the family from the flat that others use.", "intended": "Nobody waits for Ashby at the door.",
        "evidence_wanted": "Keys handed over; no visit at the old flat for a month.", "due_on": (at + timedelta(days=days)).date(), "owner_post": owner, **other,
    }  # fmt: skip
    return ActionGiven(**given)


def challenge_of(there: Table, item: MeetingItem, at: datetime, *, by: Post | None = None, **other: Any) -> Challenge:
    """The nurse challenges housing about the flat."""
    given: dict[str, Any] = {
        "about": ChallengeAbout.ACTION, "put_to": there.housing, "words": "Nobody has offered the family another flat.",
        "asked": "Offer a flat away from Mill Street this week.", "interim": "Ashby sleeps at an aunt’s; the school rings at nine.", **other,
    }  # fmt: skip
    return raise_challenge(item=item, given=ChallengeGiven(**given), by=by or there.nurse, at=at)


def table(world: World | None = None) -> Table:
    """Fernleigh with six agencies at one table."""
    world = world or make_world()
    agency = factories.agency
    officer = factories.post("police_officer", of=factories.team("Exploitation unit", of=agency("Northmarch Police", AgencyKind.POLICE)))
    nurse = factories.post("health", of=factories.team("Named nurses", of=agency("Fernleigh Community Health", AgencyKind.HEALTH)))
    school = factories.post("school", of=factories.team("Safeguarding", of=agency("Larkfield Academy", AgencyKind.SCHOOL)))
    above = factories.post("housing", of=factories.team("Homes", of=agency("Fernleigh Homes", AgencyKind.HOUSING)))
    housing = factories.post("housing", of=factories.team("Homes", of=agency("Fernleigh Homes", AgencyKind.HOUSING)), line_manager=above)
    chair = factories.post("chair", of=factories.team("Reviewing and chairing"))
    taker = factories.post("business_support", of=factories.team("Business support"))
    return Table(world, officer, nurse, school, housing, chair, taker, [officer, nurse, school, housing])


SAID = {point.key: f"As agreed: {point.name.lower()}" for point in TERMS}


def panel_of(there: Table, key: str = "panel", name: str = "Exploitation panel", at: datetime = NOW) -> Panel:
    """A panel of six agencies, with the independent chair at its head."""
    panel = open_panel(authority=there.world.authority, opened=PanelOpened(SHIPPED_BY_KEY[key], name, SAID), by=there.chair, at=at)
    name_panel_member(panel=panel, named=MemberNamed(there.chair, Part.CHAIR), by=there.chair, at=at)
    for post in (there.world.manager, *there.people):
        name_panel_member(panel=panel, named=MemberNamed(post), by=there.chair, at=at)
    return panel


def grounds(**other: Any) -> Grounds:
    """Why something is held."""
    given = {
        "why": "Seen with children at the arcade after dark.",
        "purpose_words": "Safeguarding",
        "source_words": "PC Sample, 2 May 2026",
        **other,
    }
    return Grounds(**given)


def person_given(name: str = "Morgan Sample", **other: Any) -> PersonGiven:
    """An adult who is a person of concern."""
    given: dict[str, Any] = {"grounds": grounds(), "is_adult": True, "adult_words": "Holds a taxi licence", **other}
    return PersonGiven(name, PersonOfConcern.Capacity.FACILITATOR, **given)


def entries(by: Post, at: datetime = NOW) -> tuple[PersonOfConcern, Group, Place]:
    """A person of concern, a group and a place, written down by one agency."""
    person = record_person_of_concern(given=person_given(), by=by, at=at)
    group = record_group(given=GroupGiven("The arcade group", Group.Kind.PEERS, grounds()), by=by, at=at)
    given = PlaceGiven("An arcade by the station", "shop", grounds(), "Sample Amusements, 1 Station Road", "the owner")
    return person, group, record_place(given=given, by=by, at=at)


def met(world: World, at: datetime) -> tuple[dict[Any, Any], list[Post]]:
    """A meeting that goes on, with something in every part of it: each table with a row, and who may see it."""
    there = table(world)
    meeting = there.called(at=at, starts=at + timedelta(minutes=5))
    there.ask_all(meeting, at)
    meeting = hold_meeting(meeting=meeting, held_at=at, by=world.manager, at=at)
    item = there.item(meeting, at=at)
    said = contribute(item=item, said=Said("Seen twice at the flat.", "Housing officer, 4 May 2026"), by=there.housing, at=at)
    there.decided(meeting, at)
    action = there.action(meeting, at=at)
    panel = panel_of(there, at=at)
    with acting_as(there.chair, at):
        member = PanelMember.objects.get(panel=panel, post=there.nurse)
    person, group, place = entries(there.chair, at)
    rows: dict[Any, Any] = {
        PersonOfConcern: person,
        Group: group,
        Place: place,
        Panel: panel,
        PanelMember: member,
        Meeting: meeting,
        MeetingItem: item,
        Invitation: there.asked(there.nurse, meeting, at),
        MeetingContribution: said,
        AgencyAction: action,
        Challenge: challenge_of(there, item, at, action=action),
    }
    director = factories.post("director", of=factories.team("Leadership"))
    return {model: row.pk for model, row in rows.items()}, [there.housing, there.nurse, there.chair, director]
