"""A school that is worried, and the front door of Fernleigh with its manager: what most tests of contacts stand on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from atlas.agencies.models import AgencyKind, Post, TeamPurpose
from atlas.contacts.codes import Concern, IsSafe, Level, Outcome, ParentsTold
from atlas.contacts.commands.answering import ask_agency
from atlas.contacts.commands.deciding import Deciding, decide_contact
from atlas.contacts.commands.matching import match_contact
from atlas.contacts.commands.raising import Raised, raise_contact
from atlas.contacts.models import AgencyAsk, Assessment, Contact, ContactDecision
from atlas.feeds.commands.master import set_master
from atlas.feeds.rules import Mastered, System
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind
from atlas.guidance.commands import Edition, set_thresholds
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

EDITION = Edition(
    "Right help, right time", "2026, version 1", "Fernleigh Safeguarding Children Partnership", date(2026, 5, 5), date(2027, 5, 5),
    (("Universal", "Family, school and health meet the child’s needs."), ("Early help", "One agency gives more help."),
     ("Targeted help", "Several agencies help together, with a lead."), ("Statutory", "The child may be harmed, or needs a social worker.")),
)  # fmt: skip


@dataclass
class Door:
    """Who is there, and the short ways of doing what comes before a test."""

    world: World
    school: Post
    screener: Post
    lead: Post
    head: Post

    def raised(self, at: Any = NOW, by: Post | None = None, **other: Any) -> Contact:
        """The school raises a contact about Ashby."""
        given: dict[str, Any] = {
            "name": "Ashby Example", "born_words": "4 March 2011", "where_words": "Larkfield Academy", "concern": Concern.EXPLOITATION,
            "words": "An older cousin waits in a car at the gate, three days running.", "said": "He buys me things.", "is_safe": IsSafe.UNSURE,
            "parents_told": ParentsTold.NOT_YET, "level_given": Level.THREE, **other,
        }  # fmt: skip
        return raise_contact(raised=Raised(**given), by=by or self.school, at=at)

    def matched(self, at: Any = NOW, **other: Any) -> Contact:
        """Raised, and found to be about the child of this world."""
        contact = self.raised(at, **other)
        return match_contact(contact=contact, child=self.world.child, by=self.screener, at=at)

    def decided(self, at: Any = NOW, outcome: Outcome = Outcome.EARLY_HELP, level: Level = Level.TWO, **other: Any) -> ContactDecision:
        """Matched and decided."""
        return decide_contact(contact=self.matched(at, **other), decision=deciding(outcome=outcome, level=level), by=self.screener, at=at)


def deciding(**other: Any) -> Deciding:
    """A decision with all its reasons."""
    given: dict[str, Any] = {
        "level": Level.TWO, "outcome": Outcome.EARLY_HELP, "criteria": "Level 2: one agency gives more help", "rationale": "New company, no harm known.",
        "options": "An assessment: not yet, since school holds her well.", "proportionate": "She asked for somebody at school.", **other,
    }  # fmt: skip
    return Deciding(**given)


def door(*, with_thresholds: bool = True) -> Door:
    """That world, by commands."""
    world = make_world()
    school = factories.post("school", of=factories.team("Pastoral", of=factories.agency("Larkfield Academy", AgencyKind.SCHOOL)))
    team = factories.team("Front door", TeamPurpose.FRONT_DOOR)
    factories.duty(Kind.MISSING_DUTY, world.authority, team=team)
    head = factories.post("head_of_service", of=factories.team("Leadership"))
    lead = factories.post("manager", of=team, line_manager=head)
    screener = factories.post("front_door", of=team, line_manager=lead)
    if with_thresholds:
        set_thresholds(edition=EDITION, by=head, at=NOW)
    return Door(world, school, screener, lead, head)


def held(post: Post, contact: Contact, at: Any = NOW) -> Contact:
    """The contact as this post reads it now."""
    with acting_as(post, at):
        return Contact.objects.select_related("child", "authority").get(pk=contact.pk)


def in_every_part(world: World, screener: Post, moment: Any) -> dict[Any, Any]:
    """For the guards: a contact about the child that was decided and that an agency was asked about, and an open assessment; one of each."""
    officer = factories.post("data_officer", of=factories.team("Data"))
    set_master(authority=world.authority, record=Mastered.ASSESSMENT, system=System.ATLAS, by=officer, at=moment)
    school = factories.post("school", of=factories.team("Pastoral", of=factories.agency("Larkfield Academy", AgencyKind.SCHOOL)))
    there = Door(world, school, screener, screener, screener)
    made = there.decided(moment, outcome=Outcome.ASSESSMENT, level=Level.FOUR)
    asked = ask_agency(
        contact=made.contact, team=world.police.team, about="Ashby Example", question="Is the car known?", by=screener, at=moment
    )
    with acting_as(world.worker, moment):
        assessment = Assessment.objects.get()
    return {Contact: made.contact_id, ContactDecision: made.pk, AgencyAsk: asked.pk, Assessment: assessment.pk}
