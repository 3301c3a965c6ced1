"""Requests for a child's record, brought about by commands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from atlas.agencies.models import Post
from atlas.chronology.moments import Moment
from atlas.gate.commands import approve_proposal
from atlas.gate.models import Proposal
from atlas.gate.policy import Kind
from atlas.missing.codes import ContactKind
from atlas.missing.commands.episode import record_contact_or_sighting
from atlas.missing.commands.report import Report, report_missing
from atlas.subject_access.commands.answers import make_subject_answer, release_subject_answer
from atlas.subject_access.commands.requests import Accepted, accept_subject_request, ask_clarification, receive_subject_request
from atlas.subject_access.commands.weighing import Weighed, gather_record, weigh_item
from atlas.subject_access.models import AnswerItem, Clarification, SubjectAccessAnswer, SubjectAccessRequest
from atlas.subject_access.rules import Asks, Ground
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

CAME = NOW.date() - timedelta(days=3)
LATER = NOW + timedelta(hours=1)
GIVE = Weighed(AnswerItem.Outcome.GIVE)
WORRY = "Last seen with Jaxon Quill, the neighbour, who rang anonymously. She likes to walk."


@dataclass
class Asking:
    """The world with a privacy officer, who lets requests in, and somebody who answers them."""

    world: World
    privacy: Post
    officer: Post


def asking(world: World | None = None) -> Asking:
    """Neither is in the other's line."""
    world = world or make_world()
    privacy = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=privacy)
    return Asking(world, privacy, factories.post("information_rights", of=factories.team("Access to records")))


def received(given: Asking, asks: Asks = Asks.CHILD, *, child: Any = None, at: datetime = NOW) -> SubjectAccessRequest:
    """Somebody asks for the child's record, three days before."""
    return receive_subject_request(
        child=child or given.world.child, asks=asks, name="Ash Example", words="All that you wrote about me", received_on=at.date() - timedelta(days=3),
        by=given.privacy, at=at,
    )  # fmt: skip


def accepted(given: Asking, *, at: datetime = NOW, **other: Any) -> Accepted:
    """What showed who asks, and that they may."""
    whole = {
        "identity_words": "Passport, looked at by the privacy officer", "right_words": "", "child_understands": None, "child_agrees": None, "proof_asked_on": None,
        "proved_on": at.date(), "how": SubjectAccessRequest.How.IN_PERSON, "safe_words": "They collect it here, alone", "officer": given.officer,
    }  # fmt: skip
    return Accepted(**whole | other)


def opened(given: Asking, asks: Asks = Asks.CHILD, *, at: datetime = NOW, **other: Any) -> SubjectAccessRequest:
    """A request that is being answered."""
    return accept_subject_request(request=received(given, asks, at=at), accepted=accepted(given, at=at, **other), by=given.privacy, at=at)


def missing_once(world: World, worry: str = WORRY, at: datetime = NOW) -> Any:
    """The child was missing, and somebody wrote down what worries them."""
    return report_missing(child=world.child, report=Report(reported=Moment(at), worry=worry), by=world.worker, at=at)


def seen_again(world: World, episode: Any, at: datetime = LATER) -> None:
    """Somebody saw the child while missing."""
    record_contact_or_sighting(
        episode=episode, kind=ContactKind.SIGHTING, happened_at=Moment(NOW), source="A bus driver", words="By the river", by=world.worker, at=at
    )  # fmt: skip


def gathered(given: Asking, asks: Asks = Asks.CHILD, *, at: datetime = NOW, **other: Any) -> SubjectAccessRequest:
    """A request whose record was gathered."""
    request = opened(given, asks, at=at, **other)
    return gather_record(request=request, by=given.officer, at=at)


def items(request: SubjectAccessRequest, officer: Post, at: datetime = LATER) -> list[AnswerItem]:
    """What was gathered, as whoever answers sees it."""
    from atlas.gate.context import acting_as

    with acting_as(officer, at):
        return list(request.items.filter(is_gone=False).order_by("number"))


def all_given(request: SubjectAccessRequest, officer: Post, at: datetime = LATER) -> None:
    """Everything about which nobody decided is given."""
    for one in items(request, officer, at):
        if not one.outcome:
            weigh_item(item=one, weighed=GIVE, by=officer, at=at)


def made(given: Asking, request: SubjectAccessRequest, at: datetime = LATER) -> SubjectAccessAnswer:
    """The answer, once everything is decided."""
    all_given(request, given.officer, at)
    return make_subject_answer(request=request, by=given.officer, at=at)


def released(given: Asking, answer: SubjectAccessAnswer, at: datetime = LATER) -> None:
    """Whoever answers proposes it, and the privacy officer agrees."""
    proposal = release_subject_answer(answer=answer, because="Read twice", by=given.officer, at=at)
    assert isinstance(proposal, Proposal)
    approve_proposal(proposal=proposal, by=given.privacy, at=at)


def without_words(item: AnswerItem, words: str, ground: Ground = Ground.OTHER_PERSON) -> Weighed:
    """The decision that takes these words out of an item."""
    cuts = tuple(
        (line, text.index(words), text.index(words) + len(words), ground) for line, (_, text) in enumerate(item.lines) if words in text
    )
    assert cuts, words
    return Weighed(AnswerItem.Outcome.PART, cuts, because="About somebody else")


def asked_for(world: World, privacy: Post, at: datetime, may: list[Post]) -> dict[Any, Any]:
    """A request that was gathered, with a question to whoever asks, an item and an answer; whoever answers is added to `may`."""
    given = Asking(world, privacy, factories.post("information_rights", of=factories.team("Access to records")))
    may.append(given.officer)
    request = gathered(given, at=at)
    question = ask_clarification(request=request, words="Which years?", asked_on=at.date(), by=privacy, at=at)
    answer = made(given, request, at)
    return {
        SubjectAccessRequest: request.pk, Clarification: question.pk, AnswerItem: items(request, given.officer, at)[0].pk, SubjectAccessAnswer: answer.pk,
    }  # fmt: skip
