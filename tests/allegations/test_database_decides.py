"""Under the service's own login, past every command: the database takes only the steps that the commands would make, from whoever would make them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from atlas.agencies.models import Post
from atlas.allegations.commands import close_allegation, decide_allegation, receive_allegation
from atlas.allegations.models import Allegation, AllegationStep
from atlas.allegations.overdue import pass_on_allegations
from atlas.allegations.queries import who_decide
from atlas.gate.context import acting_as
from tests import factories
from tests.allegations.test_record_allegation import LATER, WHEN, Given
from tests.allegations.test_who_decides import gone
from tests.tasks.test_tick import service

DECIDED = {"kind": "decided", "answer": "met", "words": "Serious"}
CLOSED = {"kind": "closed", "answer": "no_enquiry", "words": "Nothing more"}


def step(sent: AllegationStep, by: Post, when: Any = LATER, **more: Any) -> AllegationStep:
    """A row as somebody would write it past the commands."""
    its: dict[str, Any] = {"child_id": sent.child_id, "allegation_id": sent.allegation_id, "recorded_by_id": sent.recorded_by_id}
    return AllegationStep(**{**its, "made_by": by, "made_at": when, **more})


def takes(row: AllegationStep, by: Post, when: Any = LATER) -> bool:
    """Whether the database takes the row from this post; whatever it takes is taken back."""
    with acting_as(by, when):
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                transaction.set_rollback(True)
        except IntegrityError:
            return False
        except DatabaseError as problem:
            if "row-level security" not in str(problem):
                raise
            return False
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("of", ["police", "worker"])
def test_a_decision_is_taken_from_the_designated_officer_alone(of: str) -> None:
    given = Given()
    sent, other = given.said_of(getattr(given.world, of)), given.standards if of == "police" else given.head
    everybody = (given.officer, other, given.by, given.world.manager, given.world.worker, given.world.police, given.world.coordinator)
    for post in (given.officer, other):
        for row in (DECIDED, CLOSED):
            assert not takes(step(sent, post, **row), post), "before it was received"
        receive_allegation(allegation=sent.allegation_id, by=post, at=LATER)
    assert [post for post in everybody if takes(step(sent, post, **DECIDED), post)] == [given.officer]
    assert not [post for post in everybody if takes(step(sent, post, **CLOSED), post)], "before it was decided"
    decide_allegation(allegation=sent.allegation_id, answer="met", words="Serious", by=given.officer, at=LATER)
    assert [post for post in everybody if takes(step(sent, post, **CLOSED), post)] == [given.officer]
    close_allegation(allegation=sent.allegation_id, answer="shown", words="It was so", by=given.officer, at=LATER)
    assert not [post for post in everybody for row in (DECIDED, CLOSED) if takes(step(sent, post, **row), post)], "after it was closed"


@pytest.mark.django_db
def test_nobody_writes_in_the_name_of_another_nor_at_another_time_nor_of_another_child() -> None:
    given = Given()
    sent, officer, other = given.said_of(given.world.worker), given.officer, given.head
    receive_allegation(allegation=sent.allegation_id, by=officer, at=LATER)
    stranger, sister = given.world.stranger, factories.child("Rowan Example")
    assert takes(step(sent, officer, **DECIDED), officer)
    for by, otherwise in (
        (other, {"made_by": officer}), (officer, {"made_by": other}), (officer, {"made_at": WHEN}), (officer, {"made_at": LATER + timedelta(days=1)}),
        (officer, {"child_id": sister.pk}), (officer, {"child_id": sister.pk, "recorded_by_id": stranger.pk}), (officer, {"recorded_by_id": officer.pk}),
        (officer, {"to_post": officer}), (officer, {"due_at": LATER}), (officer, {"instead_of": sent}),
        (officer, {"answer": "shown"}), (officer, {"answer": ""}), (officer, {"words": ""}), (officer, {"kind": "allowed"}),
    ):  # fmt: skip
        assert not takes(step(sent, officer, **{**DECIDED, **otherwise}), by), otherwise
    assert takes(step(sent, other, kind="received"), other)
    for otherwise in (
        {"words": "Serious"},
        {"answer": "met"},
        {"recorded_by_id": stranger.pk},
        {"child_id": sister.pk},
        {"made_by": officer},
    ):
        assert not takes(step(sent, other, **{"kind": "received", **otherwise}), other), otherwise
    assert not takes(step(sent, officer, kind="received"), officer), "twice"


@pytest.mark.django_db
def test_a_receipt_or_a_decision_alters_and_removes_nothing_of_another_s() -> None:
    given = Given()
    sent = given.said_of(given.world.worker)
    for post in (given.head, given.officer):
        receive_allegation(allegation=sent.allegation_id, by=post, at=LATER)
    decide_allegation(allegation=sent.allegation_id, answer="met", words="Serious", by=given.officer, at=LATER)
    for post in (given.officer, given.head, given.by):
        with acting_as(post, LATER):
            seen = AllegationStep.objects.filter(allegation=sent.allegation_id)
            assert seen.count() == {given.by: 4}.get(post, 5), post.role
            for change in ({"made_by": given.head}, {"answer": "not_met"}, {"kind": "closed"}, {"made_at": WHEN}, {"to_post": given.by}):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    seen.update(**change)
            for rows in (seen, Allegation.objects.all()):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    rows._raw_delete("default")


def test_tick_sends_to_nobody_who_may_not_receive_it(own_database: Any) -> None:
    own_database("app")
    given, by = Given(), service()
    sent, other = given.said_of(given.world.worker), given.said_of()
    assert sent.due_at is not None
    late = sent.due_at + timedelta(minutes=1)
    second = factories.post("designated_officer", of=factories.team("Later officers"))
    with acting_as(given.officer, LATER):
        its = AllegationStep.objects.get(allegation=sent.allegation_id, to_post=given.officer)
    own_database("tick")
    plain: dict[str, Any] = {"kind": "sent", "to_post": second, "due_at": late, "instead_of": its}
    assert takes(step(its, by, late, **plain), by, late)
    for otherwise in (
        {"to_post": given.world.worker}, {"to_post": given.world.manager}, {"to_post": None}, {"to_post": by}, {"instead_of": None}, {"instead_of": other},
        {"made_by": given.officer}, {"made_at": LATER}, {"kind": "received"}, {"recorded_by_id": second.pk},
        {"due_at": None}, {"words": "x"}, {**DECIDED},
    ):  # fmt: skip
        assert not takes(step(its, by, late, **{**plain, **otherwise}), by, late), otherwise
    own_database("app")


def test_the_database_and_the_command_say_alike_who_decides(own_database: Any) -> None:
    """Where officers came late, did not receive it, or were never there: for each post that has it, in turn."""
    own_database("app")
    given, by = Given(), service()
    second_head = factories.post("head_of_service", of=factories.team("Second leadership"))
    sent = [given.said_of(given.world.worker), given.said_of(), given.said_of(given.world.police)]
    gone(given.officer)
    sent += [given.said_of(given.world.worker), given.said_of()]
    due = max(one.due_at for one in sent if one.due_at)
    for round_ in range(1, 4):
        own_database("tick")
        pass_on_allegations(by=by, at=due + timedelta(days=5 * round_))
        own_database("app")
        if round_ == 2:
            factories.post("designated_officer", of=factories.team("Later officers"))
    far, decide = due + timedelta(days=20), set()
    heads = (given.head, second_head)
    for one in sent:
        with acting_as(given.by, far):
            sendings = list(AllegationStep.objects.filter(allegation=one.allegation_id, kind="sent").select_related("to_post"))
        able = who_decide(sendings)
        for post in {row.to_post for row in sendings if row.to_post} - {given.officer}:
            receive_allegation(allegation=one.allegation_id, by=post, at=far)
            assert takes(step(one, post, far, **DECIDED), post, far) == (post.pk in able), (one.pk, post.role)
            decide |= {(post in heads, post.pk in able)}
    assert decide == {(is_head, decides) for is_head in (True, False) for decides in (True, False)}
