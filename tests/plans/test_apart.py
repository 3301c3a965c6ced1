"""What stands in one record and not in the other is listed until it stands in both (LP-6)."""

from datetime import timedelta

import pytest

from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.exploitation.codes import AssessmentKind, Certainty, HarmKind, ItemKind, SourceGrade
from atlas.exploitation.commands.assessment import start_exploitation_assessment
from atlas.exploitation.commands.items import add_item, record_harm
from atlas.gate.context import acting_as
from atlas.missing.codes import OfferMethod
from atlas.missing.commands.offer import offer_interview
from atlas.missing.commands.talk import Conversation, record_interview
from atlas.plans.commands.lines import LineGiven, add_line
from atlas.plans.models import PlanLine, SafetyPlan
from atlas.plans.queries.apart import Differences, differences
from atlas.plans.rules.apart import stands_in, telling_words
from tests.missing.test_spine import BACK, COMPLETE, returned
from tests.plans.given import agreed
from tests.world import World, make_world

AFTER = BACK + timedelta(hours=2)


@pytest.mark.parametrize(
    ("said", "text", "stands"),
    [
        ("The flat above the kebab shop", "Goes to a flat over the kebab shop (above it)", True),
        ("Somebody called Jay", "Jay, about 20, waits by the gate", True),
        ("Somebody called Jay", "A jaywalking incident", False),
        ("Jay’s cousin", "Jay and a cousin", True),
        ("Jay’s cousin", "Jay", False),
        ("Café Noor", "At cafe noor, evenings", True),
        ("An older man", "A man at the park", False),  # nothing tells him apart: it is listed
        ("The arcade", "", False),
    ],
)
def test_what_was_said_is_known_again_by_the_words_that_tell(said: str, text: str, stands: bool) -> None:
    assert stands_in(said, [text]) is stands


def test_words_that_tell_nothing_alone_are_kept_where_there_are_no_others() -> None:
    assert telling_words("An older man") == {"an", "older", "man"} and telling_words("the Arcade") == {"arcade"}


def told(world: World) -> None:
    """An interview that names a place, a person and harm."""
    interview = returned(world)
    offer_interview(interview=interview, offered_at=Moment(AFTER), method=OfferMethod.IN_PERSON, by=world.interviewer, at=AFTER)
    talk = Conversation(
        texts={**COMPLETE.texts, "places_answer": "mentioned", "people_answer": "mentioned"}, answers={**COMPLETE.answers, "harm": ["H02"]},
        places=[{"words": "The flat above Moss Kebab"}], people=[{"words": "Somebody called Jay"}],
    )  # fmt: skip
    record_interview(interview=interview, conversation=talk, held_at=Moment(AFTER), by=world.interviewer, at=AFTER)


def apart(world: World, plan: SafetyPlan) -> Differences:
    with acting_as(world.worker, AFTER) as subject:
        lines = list(PlanLine.objects.filter(plan=plan, until_number=None))
        return differences(subject, world.child, lines, AFTER)


@pytest.mark.django_db
def test_what_the_interview_told_is_listed_until_it_stands_in_the_assessment_and_then_until_a_line_answers_it() -> None:
    world = make_world()
    plan = agreed(world, AFTER - timedelta(days=40))
    told(world)
    assert [(one.what, one.words) for one in apart(world, plan).told if one.what != "Harm"] == [
        ("A place", "The flat above Moss Kebab"), ("A person", "Somebody called Jay"),
    ]  # fmt: skip
    assert [one.what for one in apart(world, plan).told].count("Harm") == 1
    assessment = start_exploitation_assessment(child=world.child, kind=AssessmentKind.FULL, by=world.worker, at=AFTER)
    with acting_as(world.worker, AFTER):
        entry = Entry.objects.get(child=world.child, kind="interviewed")
    item = add_item(
        assessment=assessment,
        kind=ItemKind.CONTEXT,
        words="Goes to the flat above Moss Kebab with Jay",
        entry=entry,
        by=world.worker,
        at=AFTER,
    )
    record_harm(
        child=world.child, code=HarmKind.THREAT, certainty=Certainty.KNOWN, words="Threatened over money", action="Police told", entry=entry,
        source="The child", grade=SourceGrade.RELIABLE, last_seen_on=AFTER.date(), by=world.worker, at=AFTER,
    )  # fmt: skip
    found = apart(world, plan)
    assert not found.told and {one.words for one in found.assessed} == {
        "Goes to the flat above Moss Kebab with Jay",
        "Threatened over money",
    }
    given = LineGiven("worries", "People at that flat.", risk=(item._meta.label, item.pk))
    add_line(plan=plan, given=given, by=world.worker, at=AFTER)
    assert [one.words for one in apart(world, plan).assessed] == ["Threatened over money"]
    assert [one.words for one in apart(world, plan).planned] == ["Older adults wait outside school on Fridays."]
