"""One agency challenges another: put to a named person with its clock, tried, answered, gone up by itself or urgently, settled or the dissent kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.meetings.codes import ChallengeAbout, StepKind
from atlas.meetings.commands.challenging import (
    ChallengeGiven,
    answer_challenge,
    climb_challenge,
    close_challenge,
    raise_challenge,
    record_attempt,
)
from atlas.meetings.models import Challenge, ChallengeStep, Meeting
from atlas.meetings.overdue import climb_challenges
from atlas.meetings.queries.challenges import challenges_with_people, steps_of
from tests import factories
from tests.meetings.given import AFTER, Table, challenge_of, table
from tests.tasks.test_tick import service

LATER, MINUTE = AFTER + timedelta(hours=1), timedelta(minutes=1)


def met_and_lined(there: Table) -> Meeting:
    """A held meeting; the nurse has a line of three above her."""
    team = there.nurse.team
    head = factories.post("health", of=team)
    named = factories.post("health", of=team, line_manager=head)
    lead = factories.post("health", of=team, line_manager=named)
    Post.objects.filter(pk=there.nurse.pk).update(line_manager=lead)
    meeting = there.called()
    there.ask_all(meeting)
    return there.held(meeting)


@pytest.fixture
def there() -> Table:
    return table()


def raised(there: Table, at: datetime = AFTER, **other: Any) -> Challenge:
    meeting = met_and_lined(there)
    return challenge_of(there, there.item(meeting, there.nurse, at=AFTER), at, **other)


def sees(post: Post, at: datetime = LATER) -> list[str]:
    with acting_as(post, at):
        return [one.stands for one in challenges_with_people()]


@pytest.mark.django_db
def test_it_is_put_to_a_named_person_with_its_time_and_seen_by_those_it_concerns(there: Table) -> None:
    challenge = raised(there)
    assert challenge.due_at > AFTER
    assert (challenge.by_agency, challenge.to_agency) == (there.nurse.team.agency, there.housing.team.agency)
    for post in (there.nurse, there.housing, there.world.manager, there.world.worker, there.taker):
        assert sees(post) == ["Waits for an answer"], post.role
    above = there.housing.line_manager
    assert above is not None
    for post in (there.school, there.world.stranger, above):
        assert sees(post) == [], post.role
    with acting_as(there.world.worker, LATER):
        kinds = set(Entry.objects.filter(about_id=challenge.pk).values_list("kind", flat=True))
        assert kinds == {Kind.CHALLENGE_RAISED, Kind.AGENCY_DISAGREES}  # the safety plan is asked
    with acting_as(there.school, LATER), pytest.raises(DatabaseError), transaction.atomic():
        ChallengeStep.objects.create(
            child_id=challenge.child_id, challenge=challenge, kind=StepKind.ANSWERED, stage=0, put_to=there.school, put_from=there.school,
            words="x", made_by=there.school, made_at=LATER,
        )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "given"),
    [("words", {"words": " "}), ("asked", {"asked": ""}), ("interim", {"interim": " "}), ("put_to", {"put_to": None})],
)
def test_what_is_missing_is_asked_for(there: Table, field: str, given: dict[str, Any]) -> None:
    """What it is about, what is asked, how the child is safe meanwhile; and not within one's own agency."""
    meeting = met_and_lined(there)
    if field == "put_to":
        given = {"put_to": there.nurse}
    whole = {
        "about": ChallengeAbout.ABSENT,
        "put_to": there.housing,
        "words": "Nobody came.",
        "asked": "Come.",
        "interim": "An aunt.",
        **given,
    }
    with pytest.raises(Invalid) as refused:
        raise_challenge(item=there.item(meeting, there.nurse, at=AFTER), given=ChallengeGiven(**whole), by=there.nurse, at=AFTER)
    assert refused.value.field == field


@pytest.mark.django_db
def test_it_is_tried_answered_and_settled_with_what_shows_it(there: Table) -> None:
    challenge = raised(there)
    record_attempt(challenge=challenge, words="Rang twice; the officer is on leave until Friday.", by=there.nurse, at=LATER)
    for verb, by in ((answer_challenge, there.nurse), (record_attempt, there.world.worker)):
        with pytest.raises(Refused):
            verb(challenge=challenge, words="No", by=by, at=LATER)
    answered = answer_challenge(challenge=challenge, words="A flat in Elm Road from Monday.", by=there.housing, at=LATER + MINUTE)
    assert answered.stands == "Answered"
    with pytest.raises(Refused):
        close_challenge(challenge=answered, is_settled=True, evidence="Done", by=there.housing, at=LATER)
    done = close_challenge(
        challenge=answered, is_settled=True, evidence="The keys were handed over.", by=there.nurse, at=LATER + 2 * MINUTE
    )
    assert done.stands == "Settled"
    with acting_as(there.nurse, LATER):
        assert [step.kind for step in steps_of(done)] == [StepKind.RAISED, StepKind.ATTEMPT, StepKind.ANSWERED, StepKind.SETTLED]
    with pytest.raises(Invalid, match="has ended"):
        answer_challenge(challenge=done, words="More", by=there.housing, at=LATER)


@pytest.mark.django_db
def test_dissent_is_kept_and_asks_the_safety_plan_again(there: Table) -> None:
    challenge = answer_challenge(challenge=raised(there), words="We have no flat.", by=there.housing, at=LATER)
    done = close_challenge(challenge=challenge, is_settled=False, evidence="Ashby is still met at the door.", by=there.nurse, at=LATER)
    assert done.stands == "Ended, the dissent kept"
    with acting_as(there.world.worker, LATER):
        assert Entry.objects.filter(kind=Kind.AGENCY_DISAGREES, about_id=done.pk).count() == 2


@pytest.mark.django_db
def test_an_answer_that_does_not_settle_it_goes_on_and_an_urgent_one_goes_to_the_heads_at_once(there: Table) -> None:
    challenge = raised(there)
    with pytest.raises(Invalid, match="still runs"):
        climb_challenge(challenge=challenge, reason="Too slow", by=there.nurse, at=LATER)
    with pytest.raises(Invalid, match="why"):
        climb_challenge(challenge=challenge, reason=" ", is_urgent=True, by=there.nurse, at=LATER)
    answered = answer_challenge(challenge=challenge, words="We have no flat.", by=there.housing, at=LATER)
    first = climb_challenge(challenge=answered, reason="A hotel was not looked at.", by=there.nurse, at=LATER)
    lead = Post.objects.get(pk=there.nurse.pk).line_manager
    above = there.housing.line_manager
    assert (first.stage, first.put_to, first.put_from, first.answered_at) == (1, above, lead, None)
    assert above is not None and lead is not None
    assert sees(above) == sees(lead) == sees(there.housing) == ["Waits for an answer"]
    second = climb_challenge(challenge=first, reason="She is missing again tonight.", is_urgent=True, by=lead, at=LATER + MINUTE)
    assert (second.stage, second.put_to) == (3, above)  # nobody stands above: whoever stood last is still asked
    assert second.put_from.line_manager_id is None
    with acting_as(above, LATER + MINUTE):
        assert [step.kind for step in steps_of(second)][-1] == StepKind.URGENT
    answer_challenge(challenge=second, words="A hotel tonight, a flat on Monday.", by=above, at=LATER + MINUTE)
    with acting_as(there.world.worker, LATER):
        assert Entry.objects.filter(kind=Kind.CHALLENGE_CLIMBED, about_id=challenge.pk).count() == 2
    with pytest.raises(Refused):
        climb_challenge(challenge=second, reason="No", by=there.school, at=LATER)


def test_what_nobody_answers_climbs_by_itself_on_time_and_what_is_answered_stays(own_database: Any) -> None:
    there, by = table(), service()
    challenge = raised(there)
    meeting = challenge.meeting
    other = challenge_of(there, there.item(meeting, there.school, at=AFTER), AFTER, by=there.school, about=ChallengeAbout.ABSENT)
    answer_challenge(challenge=other, words="We come from now on.", by=there.housing, at=LATER)

    def ticked(when: datetime) -> int:
        own_database("tick")
        many = climb_challenges(by=by, at=when) + climb_challenges(by=by, at=when)
        own_database("app")
        return many

    moments, stages = [], []
    due = challenge.due_at
    for _ in range(5):
        assert ticked(due - timedelta(seconds=1)) == 0
        assert ticked(due) == 1
        with acting_as(there.nurse, due):
            now = Challenge.objects.get(pk=challenge.pk)
        stages.append(now.stage)
        moments.append(due)
        due = now.due_at
    assert stages == [1, 2, 3, 4, 4]  # from the last stage whoever raised it is told, once
    assert ticked(due + timedelta(days=30)) == 0
    with acting_as(there.world.manager, due):
        assert Challenge.objects.get(pk=other.pk).stage == 0
        assert ChallengeStep.objects.filter(challenge=challenge, kind=StepKind.CLIMBED).count() == 4
    own_database("tick")
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(by, due), connection.cursor() as cursor:
        cursor.execute("SELECT words FROM meetings_challenge")
    own_database("app")


@pytest.mark.django_db
def test_it_is_raised_from_an_action_that_was_not_taken_on_and_read_by_the_chair(there: Table, signed_in: Any) -> None:
    meeting = met_and_lined(there)
    action = there.action(meeting)
    client = signed_in(there.world.manager, LATER)
    assert f"?of={action.pk}" in client.get(reverse("meetings:view_action", args=[action.pk])).content.decode()
    page = reverse("meetings:raise_challenge", args=[action.item_id])
    assert client.get(f"{page}?of={action.pk}").status_code == 200
    typed = {
        "about": "action", "action": action.pk, "put_to": there.housing.pk, "words": "The door is known to them.", "asked": "A flat this week.",
        "interim": "An aunt takes her in.", "is_unsafe": "on",
    }  # fmt: skip
    shown = client.post(page, typed, follow=True)
    assert b"The child is not safe until this is settled" in shown.content
    assert b"A flat this week." in client.get(reverse("meetings:view_meeting", args=[meeting.pk])).content
    assert b"A flat this week." in signed_in(there.housing, LATER).get(reverse("meetings:view_challenges")).content
    assert b"Answer" in signed_in(there.housing, LATER).get(shown.request["PATH_INFO"]).content
    assert signed_in(there.school, LATER).get(shown.request["PATH_INFO"]).status_code == 404
