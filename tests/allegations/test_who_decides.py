"""An allegation always comes to a designated officer, who alone decides it; one receiver's receipt or decision hides nothing from another."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.allegations.commands import close_allegation, decide_allegation, receive_allegation
from atlas.allegations.overdue import pass_on_allegations
from atlas.allegations.queries import passed_on_by, received_by
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from tests import factories
from tests.allegations.test_record_allegation import LATER, WHEN, Given, sent_to
from tests.tasks.test_tick import service


def gone(*posts: Post) -> None:
    """Let these posts have ended the day before."""
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(until_on=WHEN.date() - timedelta(days=1))


def must_ring(given: Given, when: Any = LATER) -> bool:
    with acting_as(given.by, when) as subject:
        return passed_on_by(subject)[0].must_ring


@pytest.mark.parametrize("of", ["police", "worker"])
def test_without_a_designated_officer_whoever_recorded_it_rings_and_it_waits_for_one(own_database: Any, of: str) -> None:
    own_database("app")
    given, by = Given(), service()
    gone(given.officer, *([given.head] if of == "police" else []))
    step = given.said_of(getattr(given.world, of))
    other = given.standards if of == "police" else given.head
    assert sent_to(step, given.by) == {other}
    assert must_ring(given)
    receive_allegation(allegation=step.allegation_id, by=other, at=LATER)
    assert must_ring(given)
    officer = factories.post("designated_officer", of=factories.team("Later officers"))
    own_database("tick")
    assert pass_on_allegations(by=by, at=LATER + timedelta(hours=1)) == 1
    own_database("app")
    assert sent_to(step, given.by) == {other, officer}
    receive_allegation(allegation=step.allegation_id, by=officer, at=LATER + timedelta(hours=2))
    assert not must_ring(given, LATER + timedelta(hours=3))


@pytest.mark.django_db
def test_the_designated_officer_decides_and_another_receiver_does_not() -> None:
    given = Given()
    for of, other in ((given.world.police, given.standards), (given.world.worker, given.head)):
        pk = given.said_of(of).allegation_id
        receive_allegation(allegation=pk, by=other, at=LATER)
        for verb, answer in ((decide_allegation, "not_met"), (close_allegation, "no_enquiry")):
            with pytest.raises(Invalid, match=r"designated officer decides|Decide first"):
                verb(allegation=pk, answer=answer, words="x", by=other, at=LATER)
        receive_allegation(allegation=pk, by=given.officer, at=LATER)
        decide_allegation(allegation=pk, answer="met", words="Serious", by=given.officer, at=LATER)
        with pytest.raises(Invalid, match="designated officer decides"):
            close_allegation(allegation=pk, answer="no_enquiry", words="x", by=other, at=LATER)


def test_whoever_has_it_in_the_officer_s_stead_decides(own_database: Any) -> None:
    own_database("app")
    given, by = Given(), service()
    step = given.said_of()
    assert step.due_at is not None
    late = step.due_at + timedelta(minutes=1)
    own_database("tick")
    assert pass_on_allegations(by=by, at=late) == 1
    own_database("app")
    receive_allegation(allegation=step.allegation_id, by=given.head, at=late)
    decide_allegation(allegation=step.allegation_id, answer="met", words="The officer is away", by=given.head, at=late)


@pytest.mark.django_db
def test_a_receipt_or_a_decision_of_one_hides_nothing_from_another(signed_in: Any) -> None:
    given = Given()
    step = given.said_of(given.world.police)
    assert step.due_at is not None
    receive_allegation(allegation=step.allegation_id, by=given.standards, at=LATER)
    far = step.due_at + timedelta(days=3)
    with acting_as(given.by, far) as subject:
        row = passed_on_by(subject)[0]
        assert (row.received_at, row.must_ring) == (None, True)
    with acting_as(given.officer, far) as subject:
        mine = received_by(subject)[0]
        assert (mine.state, mine.is_late) == ("To be received", True)
    receive_allegation(allegation=step.allegation_id, by=given.officer, at=far)
    decide_allegation(allegation=step.allegation_id, answer="met", words="Serious", by=given.officer, at=far)
    page = reverse("allegations:view_allegation", args=[step.allegation_id])
    shown = signed_in(given.standards, far).get(page).content.decode()
    assert "The designated officer decides this" in shown
    assert "decide_allegation" not in shown
    assert "close_allegation" in signed_in(given.officer, far).get(page).content.decode()
