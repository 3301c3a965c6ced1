"""An answer holds what was given and nothing of what was removed, in any layer of its file; two people release it, and every removal is in the log."""

import io
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError
from django.urls import reverse
from pypdf import PdfReader

from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.subject_access.commands.answers import download_subject_answer, make_subject_answer, release_subject_answer
from atlas.subject_access.commands.requests import record_handed_over
from atlas.subject_access.commands.weighing import Weighed, weigh_item
from atlas.subject_access.models import AnswerItem, SubjectAccessAnswer, SubjectAccessRequest
from atlas.subject_access.rules import Ground
from tests import factories
from tests.factories import NOW
from tests.subject_access.given import (
    LATER,
    WORRY,
    all_given,
    asking,
    gathered,
    items,
    made,
    missing_once,
    received,
    released,
    seen_again,
    without_words,
)

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    """What a PDF says to a reader."""
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


def everything_in(content: bytes) -> bytes:
    """All of a file, each stream of it unpacked: what somebody could find who looks into it."""
    found = [content]
    for part in content.split(b"stream")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(part.lstrip(b"\r\n")))
        except zlib.error:
            continue
    return b"".join(found)


def test_what_is_taken_out_is_nowhere_in_the_file_and_in_the_log_without_its_words() -> None:
    given = asking()
    missing_once(given.world)
    request = gathered(given)
    episode = next(one for one in items(request, given.officer) if one.label == "missing.Episode")
    weigh_item(item=episode, weighed=without_words(episode, "Jaxon Quill, the neighbour"), by=given.officer, at=LATER)
    answer = made(given, request)
    released(given, answer)
    content = download_subject_answer(answer=answer, by=given.officer, at=LATER)
    said = text_of(content)
    assert "Last seen with [left out: about somebody else], who rang" in said
    assert "Quill" not in said
    whole = everything_in(content)
    for word in (b"Quill", b"Jaxon", b"neighbour"):
        assert word not in whole
    assert "Quill" not in str(PdfReader(io.BytesIO(content)).metadata)
    (line,) = answer.removals
    assert line["characters"] == len("Jaxon Quill, the neighbour")
    assert line["grounds"] == [Ground.OTHER_PERSON]
    assert line["because"] == "About somebody else"
    assert "Quill" not in str(answer.removals) + str(answer.view)


def test_what_is_left_out_quietly_leaves_no_trace() -> None:
    given = asking()
    missing_once(given.world)
    request = gathered(given)
    episode = next(one for one in items(request, given.officer) if one.label == "missing.Episode")
    quiet = Weighed(AnswerItem.Outcome.LEAVE_OUT, ground=Ground.SERIOUS_HARM, is_quiet=True, because="They would look for who told us")
    weigh_item(item=episode, weighed=quiet, by=given.officer, at=LATER)
    answer = made(given, request)
    assert "Episode" not in [one["heading"] for one in answer.view["items"]]
    assert "left out: it could" not in str(answer.view)
    assert answer.removals[0]["is_quiet"]
    assert "Not every removal is marked" in str(
        answer.view["says"]
    )  # every answer says that some removals are not marked, so that saying it tells nothing


def test_no_answer_while_something_is_undecided_or_the_record_has_moved() -> None:
    given = asking()
    episode = missing_once(given.world)
    request = gathered(given)
    with pytest.raises(Invalid, match="still to decide"):
        make_subject_answer(request=request, by=given.officer, at=LATER)
    all_given(request, given.officer)
    seen_again(given.world, episode)
    with pytest.raises(Invalid, match="has changed since it was gathered"):
        make_subject_answer(request=request, by=given.officer, at=LATER + timedelta(minutes=1))


def test_two_people_release_it_and_the_database_lets_nobody_alone() -> None:
    given = asking()
    request = gathered(given)
    answer = made(given, request)
    with pytest.raises(Invalid, match="Two people"):
        download_subject_answer(answer=answer, by=given.officer, at=LATER)
    with pytest.raises(Invalid, match="Two people"):
        record_handed_over(request=request, words="To them", by=given.officer, at=LATER)
    for post in (given.officer, given.privacy):
        with acting_as(post, LATER):
            assert SubjectAccessAnswer.objects.filter(pk=answer.pk).update(released_by=post, released_at=LATER) == 0
    with pytest.raises(ProgrammingError, match="row-level security"), acting_as(given.officer, LATER):
        SubjectAccessRequest.objects.filter(pk=request.pk).update(state="released")
    released(given, answer)
    assert download_subject_answer(answer=answer, by=given.officer, at=LATER).startswith(b"%PDF")


def test_the_page_for_fetching_it_says_that_it_cannot_be_fetched_yet(signed_in: Any) -> None:
    given = asking()
    answer = made(given, gathered(given))
    address = reverse("subject_access:download_subject_answer", args=[answer.pk])
    shown = signed_in(given.officer, LATER).get(address)
    assert shown.status_code == 200 and "Two people release an answer before it can be fetched" in shown.content.decode()
    assert "Fetch it" not in shown.content.decode()
    released(given, answer)
    assert "Fetch it" in signed_in(given.officer, LATER).get(address).content.decode()


def test_another_officer_cannot_be_the_second_person() -> None:
    """One of the two is the privacy officer: two who answer requests are not enough."""
    from atlas.gate.act import Refused
    from atlas.gate.commands import approve_proposal

    given = asking()
    answer = made(given, gathered(given))
    proposal = release_subject_answer(answer=answer, because="Read twice", by=given.officer, at=LATER)
    second = factories.post("information_rights", of=factories.team("Access to records"))
    with pytest.raises((Refused, Invalid)):
        approve_proposal(proposal=proposal, by=second, at=LATER)  # type: ignore[arg-type]


def test_an_older_answer_is_neither_released_nor_fetched() -> None:
    given = asking()
    request = gathered(given)
    first = made(given, request)
    second = make_subject_answer(request=request, by=given.officer, at=LATER)
    with pytest.raises(Invalid, match="Another answer"):
        release_subject_answer(answer=first, because="x", by=given.officer, at=LATER)
    released(given, second)
    third = make_subject_answer(request=request, by=given.officer, at=LATER + timedelta(minutes=1))
    with pytest.raises(Invalid, match="Another answer"):
        download_subject_answer(answer=second, by=given.officer, at=LATER + timedelta(minutes=2))
    with pytest.raises(Invalid, match="the latest answer first"):
        record_handed_over(request=request, words="To them", by=given.officer, at=LATER + timedelta(minutes=2))
    assert third.number == 3


def test_what_was_sealed_since_keeps_an_answer_in() -> None:
    from atlas.sealed.commands import seal_set

    given = asking()
    answer = made(given, gathered(given))
    released(given, answer)
    sealed = LATER + timedelta(minutes=5)
    seal_set(child=given.world.child, kind="location", values={"address": "1 Sample Way"}, by=factories.feed_post(), at=sealed)
    with pytest.raises(Invalid, match="was sealed after"):
        download_subject_answer(answer=answer, by=given.officer, at=sealed + timedelta(minutes=1))


def test_whoever_lets_it_in_reads_the_answer_and_not_what_was_gathered() -> None:
    given = asking()
    missing_once(given.world)
    request = gathered(given)
    made(given, request)
    with acting_as(given.privacy, LATER):
        assert SubjectAccessAnswer.objects.filter(request=request).exists()
        assert not AnswerItem.objects.exists()
    for post in (given.world.worker, given.world.manager):
        with acting_as(post, LATER):
            assert not SubjectAccessAnswer.objects.exists()
            assert not AnswerItem.objects.exists()


def test_a_request_that_was_only_received_has_no_items() -> None:
    given = asking()
    request = received(given)
    with acting_as(given.officer, NOW):
        assert not AnswerItem.objects.filter(request_id=request.pk).exists()


def test_the_answer_says_what_was_asked_and_tells_of_rights() -> None:
    given = asking()
    missing_once(given.world)
    answer = made(given, gathered(given))
    assert answer.view["title"] == "Your record"
    assert answer.view["asked"] == "All that you wrote about me"
    assert WORRY in str(answer.view)
    assert any("Information Commissioner" in line for line in answer.view["says"])
