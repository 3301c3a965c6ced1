"""A request is let in by one person and answered by another; it opens the record to that one alone, and shuts again."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection

from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind
from atlas.missing.models import Episode
from atlas.retention.queries import reckoned
from atlas.subject_access.commands.requests import (
    accept_subject_request,
    ask_clarification,
    extend_subject_request,
    receive_subject_request,
    record_clarification,
    record_handed_over,
    refuse_subject_request,
    reopen_subject_request,
)  # fmt: skip
from atlas.subject_access.commands.weighing import gather_record
from atlas.subject_access.models import SubjectAccessRequest
from atlas.subject_access.queries import officers, requests_of, waiting
from atlas.subject_access.rules import Asks, Refusal
from tests import factories
from tests.factories import NOW
from tests.subject_access.given import LATER, Asking, accepted, asking, gathered, made, missing_once, opened, received, released

pytestmark = pytest.mark.django_db


def sees(post: object, at: object = LATER) -> int:
    """How many missing episodes this post sees."""
    with acting_as(post, at) as subject:  # type: ignore[arg-type]
        return Episode.objects.visible_to(subject).count()


def test_nothing_opens_until_it_is_accepted_and_then_to_one_post_alone() -> None:
    given = asking()
    missing_once(given.world)
    other = factories.post("information_rights", of=factories.team("Access to records"))
    request = received(given)
    assert sees(given.officer) == 0
    with acting_as(given.officer, LATER):
        assert not SubjectAccessRequest.objects.exists()  # whoever answers learns of it when it is accepted
    accept_subject_request(request=request, accepted=accepted(given), by=given.privacy, at=NOW)
    assert sees(given.officer) == 1
    assert sees(other) == 0
    assert sees(given.privacy) == 0  # whoever lets it in reads nothing of it


def test_it_is_open_for_ninety_days_and_can_be_opened_again() -> None:
    given = asking()
    missing_once(given.world)
    request = opened(given)
    assert sees(given.officer, NOW + timedelta(days=89)) == 1
    late = NOW + timedelta(days=91)
    assert sees(given.officer, late) == 0
    reopen_subject_request(request=request, by=given.privacy, at=late)
    assert sees(given.officer, late + timedelta(hours=1)) == 1


def test_it_shuts_when_it_is_handed_over_and_when_it_is_refused() -> None:
    given = asking()
    missing_once(given.world)
    request = gathered(given)
    released(given, made(given, request))
    end = LATER + timedelta(hours=1)
    record_handed_over(request=request, words="To them, in our office; their advocate was there", by=given.officer, at=end)
    assert sees(given.officer, end + timedelta(minutes=1)) == 0
    second = opened(given, at=end)
    refuse_subject_request(
        request=second, why=Refusal.EXCESSIVE, words="Asked for the same last week; told how to complain", by=given.privacy, at=end
    )
    assert sees(given.officer, end + timedelta(minutes=1)) == 0


def test_what_was_given_stands_in_the_sharing_register() -> None:
    from atlas.oversight.sharing_register import FEW, register

    given = asking()
    request = gathered(given)
    released(given, made(given, request))
    end = LATER + timedelta(hours=1)
    record_handed_over(request=request, words="To them, in our office", by=given.officer, at=end)
    with acting_as(given.privacy, end + timedelta(days=1)):
        (line,) = register(NOW - timedelta(days=1), end + timedelta(days=1))["asked"]
    assert (line.to, line.ground, line.purpose) == (
        "The child, or the adult whom it is about", "The right of access (UK GDPR Article 15)", "Subject access request",
    )  # fmt: skip
    assert (line.many, line.refused) == (FEW, "0")


def test_nobody_who_works_with_the_child_learns_of_it() -> None:
    given = asking()
    opened(given)
    for post in (given.world.worker, given.world.manager, given.world.coordinator, given.world.police):
        with acting_as(post, LATER):
            assert not SubjectAccessRequest.objects.exists()
    with pytest.raises(Refused):
        receive_subject_request(
            child=given.world.child, asks=Asks.PARENT, name="A", words="B", received_on=NOW.date(), by=given.world.worker, at=NOW
        )  # fmt: skip


def test_a_parent_s_request_needs_a_right_and_a_child_who_understands_decides() -> None:
    given = asking()
    for other, field in (
        ({"identity_words": " "}, "identity_words"),
        ({}, "right_words"),
        ({"right_words": "Birth certificate"}, "child_understands"),
        ({"right_words": "Birth certificate", "child_understands": True}, "child_agrees"),
        ({"right_words": "Birth certificate", "child_understands": True, "child_agrees": False}, "child_agrees"),
        ({"right_words": "Birth certificate", "child_understands": False, "safe_words": " "}, "safe_words"),
    ):
        with pytest.raises(Invalid) as problem:
            opened(given, Asks.PARENT, **other)
        assert problem.value.field == field
    opened(given, Asks.PARENT, right_words="Birth certificate", child_understands=True, child_agrees=True)
    opened(given, Asks.PARENT, right_words="Birth certificate", child_understands=False)
    with pytest.raises(Invalid, match="written authority"):
        opened(given, Asks.REPRESENTATIVE)


def test_only_a_post_that_answers_for_the_council_can_be_named() -> None:
    given = asking()
    elsewhere = factories.authority("Otherham")
    for post in (
        given.world.worker,
        factories.post("information_rights", of=factories.team("Access", of=factories.agency("Otherham Council", of=elsewhere))),
    ):
        with pytest.raises(Invalid) as problem:
            opened(given, officer=post)
        assert problem.value.field == "officer"
    with acting_as(given.privacy, NOW):
        assert list(officers(given.world.authority, NOW.date())) == [given.officer]


def test_it_opens_nothing_to_whoever_is_shut_out_of_the_child() -> None:
    from atlas.connections.commands import block_worker
    from atlas.gate.models import BlockSource

    given = asking()
    block_worker(child=given.world.child, user=given.officer.user, source=BlockSource.WISH, by=given.privacy, at=NOW - timedelta(hours=1))
    with pytest.raises(Invalid, match="cannot answer it"):
        opened(given)


def test_the_time_stands_still_while_they_are_asked_and_is_extended_once_within_the_month() -> None:
    given = asking()
    request = opened(given)

    def due() -> date | None:
        with acting_as(given.privacy, LATER):
            return SubjectAccessRequest.objects.get(pk=request.pk).due_on()

    first = due()
    question = ask_clarification(request=request, words="Which years?", asked_on=NOW.date(), by=given.officer, at=LATER)
    assert due() is None
    with pytest.raises(Invalid, match="asked already"):
        ask_clarification(request=request, words="Which?", asked_on=NOW.date(), by=given.officer, at=LATER)
    after = LATER + timedelta(days=7)
    record_clarification(clarification=question, answer="The last two", answered_on=after.date(), by=given.officer, at=after)
    assert first is not None
    assert (due() or first) >= first + timedelta(days=7)
    extend_subject_request(request=request, because="Twelve years of records", by=given.privacy, at=after)
    with pytest.raises(Invalid, match="extended already"):
        extend_subject_request(request=request, because="More", by=given.privacy, at=after)
    late = opened(given)
    with pytest.raises(Invalid, match="The month is over"):
        extend_subject_request(request=late, because="Much", by=given.privacy, at=NOW + timedelta(days=40))


def test_the_list_begins_with_what_is_due_soonest_and_says_what_is_late() -> None:
    given = asking()
    first, second = opened(given), received(given)
    ask_clarification(request=first, words="Which years?", asked_on=NOW.date(), by=given.privacy, at=LATER)
    day = NOW.date() + timedelta(days=40)
    with acting_as(given.privacy, LATER) as subject:
        found = waiting(requests_of(given.world.authority, subject), day)
    assert [(one.request, one.is_late) for one in found] == [(second, True), (first, False)]


def test_while_a_request_stands_the_record_does_not_go() -> None:
    from tests.retention.given import LATER as NEXT
    from tests.retention.given import due_child, every_class_decided, keepers

    kept = keepers()
    every_class_decided(kept)
    child = due_child()
    given = Asking(kept.world, kept.privacy, factories.post("information_rights", of=factories.team("Access to records")))
    request = received(given, child=child)

    def is_open() -> bool:
        with acting_as(kept.privacy, NEXT):
            return next(one.facts.is_open for one in reckoned(kept.world.authority, NEXT.date(), child.pk))

    assert is_open()
    refuse_subject_request(request=request, why=Refusal.NOT_WHO, words="Told how to complain", by=kept.privacy, at=NOW)
    assert not is_open()


def test_the_database_opens_nothing_that_a_request_does_not() -> None:
    """Whoever answers cannot open a record by the function, nor write themselves a relationship; nor is a request released without an answer that two released."""
    given = asking()
    request = opened(given)
    with acting_as(given.officer, LATER), connection.cursor() as cursor:
        cursor.execute("SELECT gate_open_for_request(%s, %s)", [request.pk, LATER + timedelta(days=90)])
        assert cursor.fetchone()[0] is False
    tie = Relationship(
        child=given.world.child, kind=Kind.INFORMATION_RIGHTS, holder_post=given.officer, from_at=LATER, until_at=LATER + timedelta(days=1), because="x",
        source_label="x",
    )  # fmt: skip
    with pytest.raises(ProgrammingError, match="row-level security"), acting_as(given.officer, LATER):
        tie.save(force_insert=True)
    with pytest.raises(ProgrammingError, match="row-level security"), acting_as(given.officer, LATER):
        SubjectAccessRequest.objects.filter(pk=request.pk).update(state="released")


def test_gathering_is_refused_to_the_privacy_officer() -> None:
    given = asking()
    with pytest.raises(Refused):
        gather_record(request=opened(given), by=given.privacy, at=LATER)
