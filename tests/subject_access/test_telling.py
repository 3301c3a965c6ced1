"""Privacy officers, and whoever answers, are told in time that a request is to be answered; nobody else is, and no mail says whose record it is."""

from datetime import datetime, timedelta

import pytest

from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.subject_access.commands.requests import ask_clarification, refuse_subject_request
from atlas.subject_access.jobs import tell_daily
from atlas.subject_access.models import SubjectAccessRequest
from atlas.subject_access.rules import Refusal
from atlas.subject_access.telling import is_told_of, tell_of_requests
from tests import factories
from tests.factories import NOW
from tests.subject_access.given import LATER, Asking, asking, opened, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The mails that leave."""
    mails: list[dict[str, str]] = []
    monkeypatch.setattr("atlas.subject_access.telling.send_email.defer", lambda **mail: mails.append(mail))
    return mails


def reachable() -> Asking:
    """Everybody has an address: who works with the child, who lets requests in, who answers, and who answers others."""
    given = asking()
    other = factories.post("information_rights", of=factories.team("Access to records"))
    for post, name in ((given.world.worker, "worker"), (given.privacy, "privacy"), (given.officer, "officer"), (other, "other")):
        type(post.user).objects.filter(pk=post.user_id).update(email=f"{name}@example.org")
    return given


def morning(request: SubjectAccessRequest, given: Asking, days: int) -> datetime:
    """So many days after the last day on which the answer is in time."""
    with acting_as(given.privacy, LATER):
        due = SubjectAccessRequest.objects.get(pk=request.pk).due_on()
    assert due is not None
    return NOW + timedelta(days=(due - day_of(NOW)).days + days)


def test_of_which_days() -> None:
    due = day_of(NOW)
    assert [left for left in range(20, -20, -1) if is_told_of(due, due - timedelta(days=left))] == [7, 3, 1, 0, -1, -8, -15]


def test_those_who_answer_are_told_how_many_and_nothing_else(sent: list[dict[str, str]]) -> None:
    given = reachable()
    request = opened(given)
    name = given.world.child.name
    assert tell_of_requests(morning(request, given, -8)) == 0
    assert tell_of_requests(morning(request, given, -7)) == 2
    assert sorted(mail["to"] for mail in sent) == ["officer@example.org", "privacy@example.org"]
    assert all("within a week: 1. That are late: 0." in mail["words"] for mail in sent)
    assert not [mail for mail in sent if name in str(mail) or request.name in str(mail)]
    sent.clear()
    assert tell_of_requests(morning(request, given, 1)) == 2
    assert all("within a week: 0. That are late: 1." in mail["words"] for mail in sent)


def test_one_that_nobody_has_accepted_is_told_to_whoever_lets_it_in(sent: list[dict[str, str]]) -> None:
    given = reachable()
    assert tell_of_requests(morning(received(given), given, 1)) == 1
    assert [mail["to"] for mail in sent] == ["privacy@example.org"]


def test_nobody_is_told_while_they_are_asked_what_they_want_and_when_it_is_over(sent: list[dict[str, str]]) -> None:
    given = reachable()
    first, second = opened(given), opened(given)
    late = morning(first, given, 1)
    ask_clarification(request=first, words="All, or a year?", asked_on=day_of(LATER), by=given.privacy, at=LATER)
    refuse_subject_request(request=second, why=Refusal.EXCESSIVE, words="Told how to complain", by=given.privacy, at=LATER)
    assert tell_of_requests(late) == 0
    assert not sent


def test_the_job_tells_as_of_now(sent: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    given = reachable()
    late = morning(opened(given), given, 8)
    monkeypatch.setattr("atlas.subject_access.jobs.timezone.now", lambda: late)
    tell_daily(timestamp=0)
    assert len(sent) == 2
