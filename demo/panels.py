"""The panel of Fernleigh and its strategic group: who sits on them, what they look at, and a place that one passed on to the other. All invented."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from atlas.agencies.models import Authority, Post
from atlas.children.models import Child
from atlas.connections.commands import GroupGiven, PersonGiven, record_group, record_person_of_concern
from atlas.connections.grades import Information, Source
from atlas.connections.grounds import Grounds
from atlas.connections.models import Group, PersonOfConcern
from atlas.meetings.codes import Answer, ItemKind, Part, Settles
from atlas.meetings.commands.calling import Called, hold_meeting, put_on_agenda
from atlas.meetings.commands.panels import MemberNamed, PanelOpened, call_panel_meeting, name_panel_member, open_panel
from atlas.meetings.commands.recording import Decided, OfPanel, record_meeting_decision
from atlas.meetings.models import Panel
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from atlas.places.commands import PlaceGiven, record_place
from atlas.places.rules import PlaceType

MEMBERS = ("team.manager", "police.exploitation", "health.nurse", "school.lead", "housing.officer")
TERMS = {
    "purpose": "Agencies agree who does what so that a child, a place or a group of friends is safer.",
    "is_not": "It works with no child itself, and decides on no section 47 enquiry.",
    "quorum": "The council, police, health and education, each by somebody who may decide.",
    "chair": "The independent chair, who works with none of the children and stands in nobody’s line.",
    "conflict": "Whoever is tied to a child or a family says so, and leaves for that part.",
    "sharing": "To keep children safe. Each agency reads the part that is open to it.",
    "in_words": "Level 2 or above, missing again and again, a plan that does not hold, placed here from elsewhere, or agencies that disagree.",
    "out_words": "On evidence, never because time has passed, and never at the meeting that heard something new.",
    "urgent": "A strategy discussion the same day.",
    "agenda": "Actions due, new children, those known before, themes, places, gaps, who is let go.",
    "decides": "Actions for agencies, and whether a child stays on its list.",
    "escalation": "To the director and the chief officers, within a week.",
    "outputs": "Agency actions, and what the exploitation group should know.",
    "equality": "Twice a year: who comes, who is helped and who is let go, by ethnicity, sex, age and disability.",
}


def sit(authority: Authority, named: dict[str, Post], children: Sequence[Child], now: datetime) -> None:
    """A panel that meets in three days, with a child, a person of concern and a place on its agenda; and a strategic group that met a week ago."""
    at = now - timedelta(days=8)
    group, panel = (
        _opened(authority, named, "exploitation_group", "Fernleigh exploitation group", 91, at),
        _opened(authority, named, "panel", "Fernleigh exploitation panel", 14, at),
    )
    police, chair = named["police.exploitation"], named["chair"]
    grounds = Grounds(
        "Seen on three evenings letting young people out of his car behind the arcade.", "Keeping children safe", "Own patrols, last week",
        source=Source.RELIABLE, information=Information.KNOWN_DIRECTLY,
    )  # fmt: skip
    given = PersonGiven("Dale Sample", PersonOfConcern.Capacity.FACILITATOR, grounds, True, "Holds a taxi licence", other_names="Dee")
    person = record_person_of_concern(given=given, by=chair, at=at)
    said = Grounds("Four return interviews of six weeks name it.", "Keeping children safe", "Return interviews, last six weeks")
    place = record_place(
        given=PlaceGiven("An arcade by the station", PlaceType.SHOP, said, "Sample Amusements, Station Road", "the leaseholder", police.team.agency,
                         ("arcade", "Sample Amusements")),
        by=chair, at=at,
    )  # fmt: skip
    record_group(given=GroupGiven("Friends who meet at the arcade", Group.Kind.PEERS, said, "Older adults join them"), by=chair, at=at)
    met = call_panel_meeting(
        panel=group, called=Called(SHIPPED_BY_KEY["exploitation_group"], at + timedelta(days=1), chair), by=chair, at=at
    )
    item = put_on_agenda(meeting=met, kind=ItemKind.PLACE, held=place, why="Four return interviews of six weeks name it.", by=chair, at=at)
    hold_meeting(meeting=met, held_at=at + timedelta(days=1), by=chair, at=at + timedelta(days=1))
    passed = Decided(Settles.DECISION, "It is for those who can act there now.", Answer.PASS_ON, of_panel=OfPanel(passed_to=panel))
    record_meeting_decision(item=item, decided=passed, by=chair, at=at + timedelta(days=1))
    today = now - timedelta(hours=2)
    called = Called(SHIPPED_BY_KEY["panel"], now + timedelta(days=3), chair, 120, named["minute.taker"], "The civic centre, room 4")
    meeting = call_panel_meeting(panel=panel, called=called, by=chair, at=today)
    put_on_agenda(meeting=meeting, kind=ItemKind.PERSON, held=person, why="Named by three agencies.", by=chair, at=today)
    for child in children[:1]:
        put_on_agenda(
            meeting=meeting,
            kind=ItemKind.CHILD,
            child=child,
            why="The plan is new, and Mondays are still hard.",
            by=named["social.worker"],
            at=today,
        )


def _opened(authority: Authority, named: dict[str, Post], key: str, name: str, every_days: int, at: datetime) -> Panel:
    chair = named["chair"]
    panel = open_panel(authority=authority, opened=PanelOpened(SHIPPED_BY_KEY[key], name, TERMS, every_days), by=chair, at=at)
    name_panel_member(panel=panel, named=MemberNamed(chair, Part.CHAIR), by=chair, at=at)
    for username in MEMBERS:
        name_panel_member(panel=panel, named=MemberNamed(named[username]), by=chair, at=at)
    return panel
