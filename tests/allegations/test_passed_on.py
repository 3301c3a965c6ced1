"""Until somebody who is there has received it an allegation goes on to the next, and never to silence; the officer's answer that a meeting is called."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.allegations.commands import close_allegation, decide_allegation, receive_allegation
from atlas.allegations.overdue import pass_on_allegations
from atlas.gate.act import Invalid
from tests import factories
from tests.allegations.test_record_allegation import LATER, WHEN, Given, sent_to
from tests.allegations.test_who_decides import must_ring
from tests.tasks.test_tick import service

SOON = LATER + timedelta(minutes=10)


def ends(post: Post) -> None:
    """The post ends now, and says so of the day before, as an administrator ends it at once."""
    Post.objects.filter(pk=post.pk).update(until_on=WHEN.date() - timedelta(days=1), ended_at=WHEN)


def ticked(own_database: Any, by: Post, when: Any) -> int:
    own_database("tick")
    sent = pass_on_allegations(by=by, at=when)
    own_database("app")
    return sent


@pytest.mark.parametrize("is_received", [False, True])
@pytest.mark.parametrize("how", ["ends", "comes into the line", "does something else"])
def test_what_its_receiver_can_no_longer_answer_goes_on_at_once(own_database: Any, how: str, is_received: bool) -> None:
    own_database("app")
    given, by = Given(), service()
    sent = given.said_of(given.world.police)
    if is_received:
        receive_allegation(allegation=sent.allegation_id, by=given.officer, at=LATER)
    assert ticked(own_database, by, SOON) == 0
    if how == "ends":
        ends(given.officer)
    elif how == "comes into the line":
        Post.objects.filter(pk=given.world.police.pk).update(line_manager=given.officer)
    else:
        Post.objects.filter(pk=given.officer.pk).update(role="practitioner")
    if how == "ends":
        assert must_ring(given, SOON)
    assert ticked(own_database, by, SOON) == 1
    assert ticked(own_database, by, SOON) == 0
    assert sent_to(sent, given.by, SOON) == {given.standards, given.officer, given.head}
    receive_allegation(allegation=sent.allegation_id, by=given.head, at=SOON)
    if how == "ends":
        assert not must_ring(given, SOON)
        decide_allegation(allegation=sent.allegation_id, answer="met", words="The officer has left", by=given.head, at=SOON)


def test_where_nobody_is_left_whoever_recorded_it_rings(own_database: Any) -> None:
    own_database("app")
    given, by = Given(), service()
    sent = given.said_of()
    receive_allegation(allegation=sent.allegation_id, by=given.officer, at=LATER)
    for post in (given.officer, given.head):
        ends(post)
    assert ticked(own_database, by, SOON) == 0
    assert must_ring(given, SOON)
    later = factories.post("designated_officer", of=factories.team("Later officers"))
    assert ticked(own_database, by, SOON) == 1
    assert sent_to(sent, given.by, SOON) == {given.officer, later}


def test_what_is_closed_goes_no_further(own_database: Any) -> None:
    own_database("app")
    given, by = Given(), service()
    pk, officer = given.said_of().allegation_id, given.officer
    receive_allegation(allegation=pk, by=officer, at=LATER)
    decide_allegation(allegation=pk, answer="not_met", words="x", by=officer, at=LATER)
    close_allegation(allegation=pk, answer="no_enquiry", words="x", by=officer, at=LATER)
    ends(officer)
    assert ticked(own_database, by, SOON + timedelta(days=30)) == 0


def test_once_it_is_received_after_all_what_was_passed_on_climbs_no_further(own_database: Any) -> None:
    own_database("app")
    given, by = Given(), service()
    second = factories.post("head_of_service", of=factories.team("Second leadership"), from_on=WHEN.date())
    sent, other = given.said_of(), given.said_of()
    assert sent.due_at is not None
    late = sent.due_at + timedelta(minutes=1)
    assert ticked(own_database, by, late) == 2
    receive_allegation(allegation=sent.allegation_id, by=given.officer, at=late)
    assert ticked(own_database, by, late + timedelta(days=10)) == 1  # the other one alone
    assert sent_to(sent, given.by, late) == {given.officer, given.head}
    assert sent_to(other, given.by, late) == {given.officer, given.head, second}


@pytest.mark.django_db
def test_the_officer_calls_a_strategy_meeting_for_a_day(signed_in: Any) -> None:
    given = Given()
    pk, officer, day = given.said_of(given.world.police).allegation_id, given.officer, date(2026, 5, 12)
    for post in (officer, given.standards):
        receive_allegation(allegation=pk, by=post, at=LATER)
    for answer, meets_on, words in (
        ("meeting", None, "on which day"), ("met", day, "take the day out"), ("meeting", WHEN.date() - timedelta(days=1), "Check the day"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=words) as problem:
            decide_allegation(allegation=pk, answer=answer, words="Serious", meets_on=meets_on, by=officer, at=LATER)
        assert problem.value.field == "meets_on"
    address = reverse("allegations:decide_allegation", args=[pk])
    typed = {"answer": "meeting", "words": "All who know of it", "meets_on_0": "12", "meets_on_1": "5", "meets_on_2": "2026", "key": "k"}
    client = signed_in(officer, LATER)
    asked = client.post(address, {**typed, "meets_on_0": "", "meets_on_1": "", "meets_on_2": ""})
    assert asked.status_code == 422
    assert "All who know of it" in asked.content.decode()
    assert client.post(address, typed).status_code == 302
    shown = signed_in(given.standards, LATER).get(reverse("allegations:view_allegation", args=[pk])).content.decode()
    assert "A strategy meeting (allegations management meeting) is called, on 12 May 2026" in shown
    listed = signed_in(given.by, LATER).get(reverse("allegations:view_allegations")).content.decode()
    assert "meeting" not in listed[listed.index("<main") :]


@pytest.mark.django_db
@pytest.mark.parametrize("is_said", [False, True])
def test_whoever_gives_posts_is_told_that_no_officer_stands_whether_anything_was_said_or_not(signed_in: Any, is_said: bool) -> None:
    given, admin, address = Given(), factories.administrator(), reverse("accounts:view_accounts")
    if is_said:
        given.said_of()
    lacking = "No designated officer is in post for Fernleigh"
    assert lacking not in signed_in(admin, LATER).get(address).content.decode()
    ends(given.officer)
    factories.post("designated_officer", of=factories.team("Standards", of=given.world.police.team.agency))  # of no council
    shown = signed_in(admin, LATER).get(address).content.decode()
    assert lacking in shown
    assert "Den" not in shown and "llegation" not in shown
