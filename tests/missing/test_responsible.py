"""The responsible authority's worker, without an account: notice of the episode, yes or no to the interview, and what came of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Act
from atlas.missing.commands.back import record_return
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.responsible import ask_responsible, take_reply
from atlas.missing.models import ReturnInterview
from atlas.missing.queries.responsible import asked_of, untaken
from atlas.sharing.commands.disclosure import Guest
from atlas.sharing.models import GuestAnswer, GuestRequest
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.sharing.conftest import clock, texts  # noqa: F401  (fixtures)
from tests.sharing.guest_drill import LATER, follow, proved
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
WORKER = Guest("Sample Southworker", "Southmere, looked-after team", "07700 900456", "Sample Coordinator", NOW.date())


def owed_by_southmere(world: World) -> ReturnInterview:
    """A child of Southmere's, who lives in Fernleigh, was missing and is back."""
    child = factories.child("Robin Borderer", of=factories.authority("Southmere"), host=world.authority)
    went, by = NOW - timedelta(hours=9), world.coordinator
    episode = report_missing(child=child, report=Report(reported=Moment(went)), by=by, at=went)
    record_return(episode=episode, returned_at=Moment(NOW), by=by, at=NOW)
    with acting_as(by, NOW):
        return ReturnInterview.objects.select_related("episode", "responsible_authority", "host_authority", "child").get(episode=episode)


def ask(world: World, interview: ReturnInterview, at: Any = NOW) -> GuestRequest:
    """The coordinator asks."""
    with acting_as(world.coordinator, at):
        interview = ReturnInterview.objects.get(pk=interview.pk)
    return ask_responsible(interview=interview, guest=WORKER, is_family_told=True, by=world.coordinator, at=at)


def send(client: Client, kind: str, words: str = "") -> Any:
    """What the worker sends."""
    return client.post(reverse("answer_guest"), {"key": f"of {kind}", "kind": kind, "words": words})


def take(world: World, interview: ReturnInterview, at: Any) -> ReturnInterview:
    """The coordinator takes over what came back."""
    with acting_as(world.coordinator, at):
        fresh = ReturnInterview.objects.get(pk=interview.pk)
        sent = untaken(fresh, asked_of(fresh))
    assert sent is not None
    return take_reply(interview=fresh, answer=sent, by=world.coordinator, at=at)


def test_the_worker_accepts_and_returns_the_outcome_without_an_account(texts: list[Any], clock: Any, signed_in: Any) -> None:  # noqa: F811
    world = make_world()
    interview = owed_by_southmere(world)
    with pytest.raises(Refused):
        ask_responsible(interview=interview, guest=WORKER, is_family_told=True, by=world.interviewer, at=NOW)
    asked = ask(world, interview)
    assert "Robin" not in str(asked.view["question"]) and "Fernleigh" in asked.view["question"]
    assert "by 8 May 2026 10:00. Does Southmere hold it? Please answer within 24 hours." in asked.view["question"]
    assert asked.expires_at == NOW + timedelta(days=3)  # no longer than the interview itself may take
    with pytest.raises(Invalid, match="open already"):
        ask(world, interview)
    page = signed_in(world.coordinator, NOW).get(reverse("missing:view_interview", args=[interview.pk])).content.decode()
    assert "Owed by" in page and "Southmere" in page and "Not said yet" in page
    assert reverse("missing:ask_responsible", args=[interview.pk]) not in page  # not while a link is open
    with acting_as(world.coordinator, NOW):  # what tick makes climb, like any clock, where no answer comes
        assert Clock.objects.get(limit="responsible_reply", outcome="running").due_at == NOW + timedelta(hours=24)
    client = proved(asked, texts)
    shown = client.get(reverse("answer_guest")).content.decode()
    assert "Robin Borderer" in shown and "Yes: we hold the return interview" in shown and "An answer in words" not in shown
    assert "A photograph" not in shown and "If no: why not" in shown  # no box for what this question does not take
    said = send(client, "refused")
    assert said.status_code == 422 and "If no: why not" in said.content.decode()  # a no says why
    assert send(client, "accepted").url == reverse("guest_receipt")
    assert send(client, "refused", "We changed our mind").url != reverse("guest_receipt")  # once
    with acting_as(world.coordinator, LATER):
        task = Task.objects.get(about_id=interview.pk, owner_post=world.coordinator, state="open")
        assert task.about_label == "missing.ReturnInterview"
        assert Act.objects.filter(event="guest").count() == 0  # the record of what a guest did is not the coordinator's to read
        assert GuestAnswer.objects.get().kind == "accepted"
    shown = signed_in(world.coordinator, LATER).get(reverse("missing:take_reply", args=[interview.pk]))
    assert "Sample Southworker" in shown.content.decode() and "it stays with Southmere" in shown.content.decode()
    accepted = take(world, interview, LATER)
    assert signed_in(world.coordinator, LATER).get(reverse("missing:take_reply", args=[interview.pk])).status_code == 404  # once
    assert (accepted.deliverer, accepted.reply) == (interview.responsible_authority, "accepted")
    with acting_as(world.coordinator, LATER):
        assert Clock.objects.get(limit="responsible_reply").outcome == Clock.Outcome.IN_TIME
        assert not Task.objects.filter(about_id=interview.pk, state="open").exists()
    asked = ask(world, interview, LATER)
    assert send(proved(asked, texts), "outcome", "Met on 6 May by A. Worker. Wants to move nearer to her sister.").url == reverse(
        "guest_receipt"
    )
    closed = take(world, interview, LATER)
    assert (closed.state, closed.closed_because) == ("closed", "outcome")
    assert "nearer to her sister" in closed.closed_reason
    with acting_as(world.coordinator, LATER):
        assert Clock.objects.get(limit="return_interview").outcome == Clock.Outcome.STOPPED
    with pytest.raises(Invalid, match="nothing to ask"):
        ask(world, interview, LATER)


def test_a_no_is_delivered_by_the_host_and_stays_owed_and_a_stranger_is_refused_quietly(texts: list[Any], clock: Any) -> None:  # noqa: F811
    world = make_world()
    interview = owed_by_southmere(world)
    asked = ask(world, interview)
    stranger = follow("not the token at all")
    stranger.post(reverse("open_guest"), {"key": "k"})
    assert texts == []
    assert stranger.post(reverse("prove_guest"), {"code": "123456"}).status_code == 422
    assert send(stranger, "accepted").url == reverse("open_guest")
    client = proved(asked, texts)
    assert send(client, "words", "Another way of answering").url == reverse("open_guest")  # forged: not one of the ways of this request
    assert send(client, "refused", "Too far for us this week").url == reverse("guest_receipt")
    refused = take(world, interview, LATER)
    assert (refused.deliverer, refused.reply, refused.responsible_authority) == (
        world.authority,
        "refused",
        interview.responsible_authority,
    )
    assert refused.team == world.interviewer.team
    with acting_as(world.interviewer, LATER):
        assert Task.objects.get(about_id=interview.episode_id, state="open").owner_team == world.interviewer.team
    with acting_as(world.stranger, LATER):
        assert not GuestRequest.objects.exists() and not GuestAnswer.objects.exists()
