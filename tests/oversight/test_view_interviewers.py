"""What children told each interviewer, and who said no for now: for the missing coordinator, counted by hand here; for nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from atlas.chronology.moments import Moment
from atlas.gate.context import acting_as
from atlas.gate.policy import ROLES, Permission
from atlas.missing.codes import OfferAnswer, OfferMethod
from atlas.missing.commands.offer import offer_interview
from atlas.missing.commands.talk import Conversation, record_interview
from atlas.oversight.queries import Asked, Interviewer, interviewers
from atlas.oversight.rules import Share
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import COMPLETE
from tests.oversight.test_view_timeliness import END, YEAR, back_at, went_missing
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


def said(places: str, people: str) -> Conversation:
    """A complete conversation with these answers about places and people."""
    return Conversation(texts={**COMPLETE.texts, "places_answer": places, "people_answer": people}, answers=COMPLETE.answers)


def conversations(world: World, by: Any, answers: list[tuple[str, str]], first_day: int) -> None:
    """So many returns, each offered (the first time the child says no for now) and then talked about."""
    for number, (places, people) in enumerate(answers):
        interview = went_missing(world, world.child, first_day + 2 * number)
        at = back_at(interview) + timedelta(hours=10)
        for answer in [OfferAnswer.NO, OfferAnswer.NO, OfferAnswer.YES] if number == 0 else [OfferAnswer.YES]:
            offer_interview(
                interview=interview, offered_at=Moment(at), method=OfferMethod.TELEPHONE, answer=answer, words="Not today.", by=by, at=at
            )  # fmt: skip
        record_interview(interview=interview, conversation=said(places, people), held_at=Moment(at), by=by, at=at)


ANSWERED = [
    ("none_said", "none_said"), ("none_said", "did_not_want_to_say"), ("none_said", "none_said"), ("did_not_want_to_say", "none_said"),
    ("none_said", "none_said"),
]  # fmt: skip


def found(world: World) -> tuple[list[Interviewer], int]:
    with acting_as(world.coordinator, END) as subject:
        return interviewers(Asked(subject, world.authority, NOW - timedelta(days=1), END))


def test_the_shares_are_of_conversations_and_of_returns_offered() -> None:
    world = make_world()
    conversations(world, world.interviewer, ANSWERED, 1)
    also = went_missing(world, world.child, 12), went_missing(world, world.child, 14)
    at = back_at(also[1]) + timedelta(hours=1)
    record_interview(interview=also[1], conversation=said("none_said", "none_said"), held_at=Moment(at), also_for=[also[0]], by=world.interviewer, at=at)  # fmt: skip
    people, fewer = found(world)
    assert fewer == 0
    assert people == [
        # Six conversations, which answered seven returns; five of the returns were offered by the interviewer.
        Interviewer(
            world.interviewer.user.name,
            6,
            (
                ("Places: none said", Share(5, 6)),
                ("Places: did not want to say", Share(1, 6)),
                ("People: none said", Share(5, 6)),
                ("People: did not want to say", Share(1, 6)),
                ("Said no for now", Share(1, 5)),
            ),
        )
    ]


def test_fewer_than_five_conversations_are_not_shown_and_the_order_is_by_name() -> None:
    world = make_world()
    lantern = world.interviewer.team
    few, last, first = (factories.post("return_interviewer", of=lantern) for _ in range(3))
    for post, name in ((few, "Bea"), (last, "zed"), (first, "Abe")):
        post.user.first_name = name
        post.user.save()
        conversations(world, post, ANSWERED[: 4 if post is few else 5], {"Bea": 1, "zed": 11, "Abe": 23}[name])
    people, fewer = found(world)
    assert [person.name for person in people] == [first.user.name, last.user.name]
    assert fewer == 1


def test_a_blocked_child_is_in_no_share() -> None:
    from atlas.gate.commands import declare_connection

    world = make_world()
    conversations(world, world.interviewer, ANSWERED, 1)
    assert len(found(world)[0]) == 1
    declare_connection(child=world.child, by=world.coordinator, at=NOW)
    assert found(world) == ([], 0)


def test_the_page_is_the_coordinator_s_alone(signed_in: Any) -> None:
    world = make_world()
    conversations(world, world.interviewer, ANSWERED, 1)
    address = f"/oversight/interviewers/?{YEAR}"
    text = signed_in(world.coordinator, END).get(address).content.decode()
    assert world.interviewer.user.name in text
    assert "at least 5 conversations" in text
    assert "4 of 5" in " ".join(text.split())
    assert [role.key for role in ROLES if Permission.VIEW_INTERVIEWERS in role.permissions] == ["missing_coordinator"]
    for role in ROLES:
        if role.key != "missing_coordinator":
            post = factories.post(role.key, of=world.missing_team)
            assert signed_in(post, END).get(address).status_code == 404, role.key
    assert "/oversight/interviewers/" in signed_in(world.coordinator, END).get(f"/oversight/timeliness/?{YEAR}").content.decode()
    assert "/oversight/interviewers/" not in signed_in(world.manager, END).get(f"/oversight/timeliness/?{YEAR}").content.decode()
