"""The verbs of the return interview, one by one: what each does, and what each refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.codes import (
    Audience,
    ClosedBecause,
    NotOffered,
    OfferAnswer,
    OfferMethod,
    Wish,
)
from atlas.missing.commands.back import record_return
from atlas.missing.commands.offer import (
    allocate_interview,
    book_interview,
    close_interview,
    decide_not_offered,
    offer_interview,
    record_not_met,
    record_not_reached,
)
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.talk import CLOSE, Conversation, finish_sharing, record_interview, save_interview_draft, share_part
from atlas.missing.models import AssociateMention, LocationMention, Offer, ReturnInterview
from atlas.missing.workflow import InterviewState
from atlas.tasks.models import Task
from tests.missing.test_spine import BACK, COMPLETE, returned
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
AFTER = BACK + timedelta(hours=3)


def test_an_offer_through_a_carer_moves_nothing_and_carries_no_answer() -> None:
    world = make_world()
    interview = returned(world)
    given = {"interview": interview, "offered_at": Moment(AFTER), "method": OfferMethod.THROUGH_CARER, "by": world.interviewer, "at": AFTER}
    with pytest.raises(Invalid, match="Only the child"):
        offer_interview(**given, answer=OfferAnswer.NO, words="Says no")  # type: ignore[arg-type]
    offer_interview(**given)  # type: ignore[arg-type]
    with acting_as(world.interviewer, AFTER):
        assert ReturnInterview.objects.get().state == InterviewState.DUE
        assert not Offer.objects.get().to_child


def test_a_no_is_kept_in_the_child_s_words_and_can_become_a_yes() -> None:
    world = make_world()
    interview = returned(world)
    given = {"interview": interview, "offered_at": Moment(AFTER), "method": OfferMethod.IN_PERSON, "by": world.interviewer, "at": AFTER}
    with pytest.raises(Invalid, match="child's own words"):
        offer_interview(**given, answer=OfferAnswer.NO)  # type: ignore[arg-type]
    offer_interview(**given, answer=OfferAnswer.NO, words="Not today.")  # type: ignore[arg-type]
    offer_interview(**given, answer=OfferAnswer.YES)  # type: ignore[arg-type]
    with acting_as(world.interviewer, AFTER):
        assert ReturnInterview.objects.get().state == InterviewState.ACCEPTED


def test_an_interview_is_given_to_somebody_arranged_missed_and_not_reached() -> None:
    world = make_world()
    interview = allocate_interview(interview=returned(world), interviewer=world.interviewer, by=world.coordinator, at=AFTER)
    book_interview(interview=interview, meets_at=AFTER + timedelta(hours=20), place="The library", by=world.interviewer, at=AFTER)
    interview = record_not_met(interview=interview, words="The bus did not come", by=world.interviewer, at=AFTER)
    assert interview.state == InterviewState.NOT_MET
    with pytest.raises(Invalid, match="what was tried"):
        record_not_reached(interview=interview, words="", by=world.interviewer, at=AFTER)
    record_not_reached(interview=interview, words="Rang three times", by=world.interviewer, at=AFTER)
    with acting_as(world.interviewer, AFTER):
        assert Task.objects.get(state=Task.State.OPEN, clock__limit="return_interview").owner_post == world.interviewer


def test_only_a_manager_or_coordinator_decides_that_none_is_offered() -> None:
    world = make_world()
    interview = returned(world)
    with pytest.raises(Refused):
        decide_not_offered(interview=interview, because=NotOffered.OTHER, reason="Short", by=world.interviewer, at=AFTER)
    with pytest.raises(Invalid, match="Write the reason"):
        decide_not_offered(interview=interview, because=NotOffered.OTHER, reason="", by=world.manager, at=AFTER)
    decide_not_offered(
        interview=interview, because=NotOffered.UNSAFE, reason="It would have told the wrong person", by=world.manager, at=AFTER
    )
    with acting_as(world.manager, AFTER):
        assert Clock.objects.get(limit="return_interview").outcome == Clock.Outcome.STOPPED


def test_missing_again_before_we_met_keeps_the_clock_and_one_talk_answers_for_both() -> None:
    world = make_world()
    first = returned(world)
    again = report_missing(child=world.child, report=Report(reported=Moment(AFTER)), by=world.coordinator, at=AFTER)
    home = AFTER + timedelta(hours=4)
    record_return(episode=again, returned_at=Moment(home), by=world.worker, at=home)
    with acting_as(world.interviewer, home):
        assert ReturnInterview.objects.get(pk=first.pk).state == InterviewState.MISSING_AGAIN
        second = ReturnInterview.objects.exclude(pk=first.pk).get()
        first = ReturnInterview.objects.get(pk=first.pk)
    held = home + timedelta(hours=10)
    record_interview(interview=second, conversation=COMPLETE, held_at=Moment(held), also_for=[first], by=world.interviewer, at=held)
    with acting_as(world.interviewer, held):
        assert set(Clock.objects.filter(limit="return_interview").values_list("outcome", flat=True)) == {"in_time"}


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [({"answers": {}}, "why the child left"), ({"texts": {}}, "what would help"), ({"texts": {"help_words": "x"}}, "any places named")],
)
def test_what_is_still_needed_is_said_and_naming_is_never_a_condition(left_out: dict[str, dict[str, str]], sentence: str) -> None:
    world = make_world()
    interview = returned(world)
    conversation = Conversation(**{"texts": COMPLETE.texts, "answers": COMPLETE.answers, **left_out})  # type: ignore[arg-type]
    with pytest.raises(Invalid, match=sentence):
        record_interview(interview=interview, conversation=conversation, held_at=Moment(AFTER), by=world.interviewer, at=AFTER)
    silent = Conversation(
        texts={"places_answer": "did_not_want_to_say", "people_answer": "did_not_want_to_say"},
        answers={key: ["did_not_want_to_say"] for key in ("push", "with", "harm", "help")},
    )
    held = record_interview(interview=interview, conversation=silent, held_at=Moment(AFTER), by=world.interviewer, at=AFTER)
    assert held.state == InterviewState.HELD


def test_a_draft_keeps_what_was_typed_and_moves_nothing() -> None:
    world = make_world()
    interview = returned(world)
    conversation = Conversation(
        texts={"before_words": "It was loud."},
        answers={"push": ["P01"]},
        places=[{"words": "The park"}],
        people=[{"words": "Someone called Bee"}],
    )
    save_interview_draft(interview=interview, conversation=conversation, by=world.interviewer, at=AFTER)
    save_interview_draft(interview=interview, conversation=Conversation(answers={"push": ["P02"]}), by=world.interviewer, at=AFTER)
    with acting_as(world.interviewer, AFTER):
        kept = ReturnInterview.objects.get()
        assert (kept.state, kept.before_words) == (InterviewState.DUE, "It was loud.")
        assert list(kept.answers.filter(is_withdrawn=False).values_list("code", flat=True)) == ["P02"]
        assert LocationMention.objects.get().is_withdrawn
        assert AssociateMention.objects.get().is_withdrawn


def shared(world: World) -> ReturnInterview:
    """An interview held, whose parts are decided."""
    interview = record_interview(interview=returned(world), conversation=COMPLETE, held_at=Moment(AFTER), by=world.interviewer, at=AFTER)
    for audience in (Audience.SOCIAL_WORKER, Audience.POLICE):
        share_part(
            interview=interview,
            audience=audience,
            words="A quiet room would help",
            wish=Wish.YES,
            is_shared=True,
            by=world.interviewer,
            at=AFTER,
        )
    return finish_sharing(interview=interview, by=world.interviewer, at=AFTER)


def test_each_part_is_decided_with_the_child_s_wish_and_the_clock_of_passing_on_stops() -> None:
    world = make_world()
    interview = record_interview(interview=returned(world), conversation=COMPLETE, held_at=Moment(AFTER), by=world.interviewer, at=AFTER)
    with pytest.raises(Invalid, match="not what the child wished"):
        share_part(interview=interview, audience=Audience.POLICE, words="x", wish=Wish.NO, is_shared=True, by=world.interviewer, at=AFTER)
    with pytest.raises(Invalid, match="social worker and the police"):
        finish_sharing(interview=interview, by=world.interviewer, at=AFTER)
    assert interview.shared_at is None


def test_closing_needs_sharing_or_a_reason_and_ends_the_access_in_28_days(signed_in: Any) -> None:
    world = make_world()
    interview = shared(world)
    assert interview.shared_timeliness == "in_time"
    page = reverse("missing:view_interview", args=[interview.pk])
    theirs = signed_in(world.interviewer, AFTER).get(page).content.decode()
    assert "Close the interview" not in theirs and "Nothing more is asked of you" in theirs  # no door that leads nowhere
    asked = signed_in(world.coordinator, AFTER)
    # Whoever may close it is asked: until then nothing goes to the main system.
    assert f'href="{page}">{CLOSE}' in asked.get("/").content.decode()
    assert "Close the interview" in asked.get(page).content.decode()
    close_interview(interview=interview, because=ClosedBecause.SHARED, by=world.coordinator, at=AFTER)
    assert CLOSE not in asked.get("/").content.decode()
    with acting_as(world.interviewer, AFTER + timedelta(days=27)):
        assert ReturnInterview.objects.exists()
    with acting_as(world.interviewer, AFTER + timedelta(days=29)):
        assert not ReturnInterview.objects.exists()
