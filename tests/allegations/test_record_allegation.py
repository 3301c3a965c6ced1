"""What a child says of somebody who works with children goes to those named to receive it, at once, and to nobody near that person."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.agencies.models import Post, TeamPurpose
from atlas.allegations.commands import Alleged, close_allegation, decide_allegation, receive_allegation, record_allegation
from atlas.allegations.models import Allegation, AllegationStep
from atlas.allegations.overdue import pass_on_allegations
from atlas.allegations.queries import passed_on_by
from atlas.chronology.models import Entry
from atlas.clocks.models import Clock
from atlas.connections.commands import lift_block, record_tie
from atlas.connections.models import Tie
from atlas.gate.act import Conflict, Invalid, Refused
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Block, BlockSource, Look, Proposal
from atlas.gate.policy import Kind
from atlas.tasks.models import Alert, Task
from atlas.tick import tick
from tests import factories
from tests.connections.test_ties import is_shut, privacy_officer
from tests.factories import at
from tests.missing.test_spine import BACK, returned
from tests.tasks.test_tick import service
from tests.world import World, make_world

WHEN = BACK + timedelta(hours=3)
LATER = WHEN + timedelta(minutes=10)
WORDS = "He said he would drive me to the lake and took my phone"


class Given:
    """A child who is back, with an interviewer; and everybody who may receive what the child says."""

    def __init__(self) -> None:
        self.world: World = make_world()
        self.interview = returned(self.world)
        self.head = factories.post("head_of_service", of=factories.team("Leadership"))
        self.officer = factories.post("designated_officer", of=factories.team("Designated officers"), title="Designated officer")
        force = self.world.police.team.agency
        self.standards = factories.post("professional_standards", of=factories.team("Standards", TeamPurpose.OTHER, of=force))

    @property
    def by(self) -> Post:
        return self.world.interviewer

    def said_of(self, post: Post | None = None, when: datetime = WHEN, **said: Any) -> AllegationStep:
        """What the child said of a worker of Atlas, or (without one) of a driver."""
        plain = {"works_as": "council", "post": post} if post else {"works_as": "escort", "name": "Den", "works_for": "A taxi firm"}
        return record_allegation(child=self.world.child, said=Alleged(words=WORDS, **{**plain, **said}), by=self.by, at=when)


def sent_to(step: AllegationStep, by: Post, when: datetime = LATER) -> set[Post]:
    with acting_as(by, when):
        return {one.to_post for one in AllegationStep.objects.filter(allegation=step.allegation_id, kind="sent") if one.to_post}


@pytest.mark.django_db
def test_each_goes_to_those_named_to_receive_it() -> None:
    given = Given()
    for of, receivers in (
        (given.world.worker, {given.head, given.officer}),
        (given.world.police, {given.standards, given.officer}),
        (factories.post("voluntary_worker", of=given.world.interviewer.team), {given.officer}),
        (None, {given.officer}),
    ):
        step = record_allegation(child=given.world.child, said=_of(of), by=given.world.coordinator, at=WHEN)
        assert sent_to(step, given.world.coordinator) == receivers, of
    for works_as, receivers in (("police", {given.standards, given.officer}), ("council", {given.head, given.officer})):
        assert sent_to(given.said_of(works_as=works_as), given.by) == receivers


def _of(post: Post | None) -> Alleged:
    return Alleged("other", WORDS, post) if post else Alleged("home", WORDS, name="Den", works_for="Elm House")


@pytest.mark.django_db
def test_who_is_the_person_or_of_their_line_or_team_is_passed_over() -> None:
    given = Given()
    # The head of service is at the top of the worker's line, the officer is the one it is about, and so is a colleague of the officer's team.
    Post.objects.filter(pk=given.world.worker.pk).update(line_manager=given.world.manager)
    Post.objects.filter(pk=given.world.manager.pk).update(line_manager=given.head)
    assert sent_to(given.said_of(given.world.worker), given.by) == {given.officer}
    assert sent_to(given.said_of(given.standards), given.by) == {given.officer}
    colleague = factories.post("designated_officer", of=given.officer.team)
    assert sent_to(given.said_of(given.officer), given.by) == {given.head}
    assert sent_to(given.said_of(given.head), given.by) == {colleague}  # the first officer is shut out of the child by now
    for post in (given.officer, given.head):
        with acting_as(post, LATER):
            assert not {one.accused_id for one in Allegation.objects.all()} & {post.user_id}


@pytest.mark.django_db
def test_where_nobody_may_receive_it_it_is_kept_and_whoever_recorded_it_rings() -> None:
    given = Given()
    for post in (given.officer, given.head):
        Post.objects.filter(pk=post.pk).update(until_on=WHEN.date() - timedelta(days=1))
    step = given.said_of()
    assert step.to_post is None
    with acting_as(given.by, LATER) as subject:
        assert [(row.must_ring, row.received_at) for row in passed_on_by(subject)] == [(True, None)]


@pytest.mark.django_db
def test_a_worker_is_shut_out_at_once_and_in_silence_from_the_child_and_the_family() -> None:
    given = Given()
    world, sister = given.world, factories.child("Rowan Example")
    officer = privacy_officer(world)
    record_tie(child=world.child, other=sister, kind=Tie.Kind.SIBLING, grade=Tie.Grade.RECORDED, source="Birth", by=officer, at=WHEN)
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    assert not is_shut(world.worker, world.child, WHEN)
    given.said_of(world.worker, when=LATER)
    given.said_of(world.worker, when=LATER)
    assert is_shut(world.worker, world.child, LATER)
    assert is_shut(world.worker, sister, LATER)
    for post in (
        world.worker,
        world.manager,
        given.head,
        given.by,
        given.officer,
    ):  # neither the person nor the line learns that there is one
        with acting_as(post, LATER):
            assert not Block.objects.exists(), post.role
    with acting_as(officer, LATER):
        assert [block.source for block in Block.objects.all()] == [BlockSource.ALLEGATION]


@pytest.mark.django_db
def test_it_takes_two_privacy_officers_who_are_not_near_to_lift_it() -> None:
    given = Given()
    world, first, second = given.world, privacy_officer(given.world), factories.guardian(given.world.authority)
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    given.said_of(world.worker)
    with acting_as(first, LATER):
        block = Block.objects.get()
    proposal = lift_block(block=block, because="Looked into", by=first, at=LATER)
    assert isinstance(proposal, Proposal)
    with acting_as(world.manager, LATER):
        assert not Proposal.objects.exists()
    with pytest.raises((Refused, Conflict)):
        approve_proposal(proposal=proposal, by=world.manager, at=LATER)
    approve_proposal(proposal=proposal, by=second, at=LATER)
    assert not is_shut(world.worker, world.child, LATER + timedelta(minutes=1))


@pytest.mark.django_db
def test_what_cannot_be_is_said_in_words_and_nothing_is_kept() -> None:
    given = Given()
    plain: dict[str, Any] = {"works_as": "escort", "words": WORDS, "name": "Den", "works_for": "A taxi firm"}
    for said, field in (
        ({"name": ""}, "name"), ({"name": "  "}, "name"), ({"works_for": ""}, "works_for"), ({"words": " "}, "words"), ({"works_as": "x"}, "works_as"),
        # A worker who uses Atlas, typed as somebody who does not: the receiver, here, would have read of themself.
        ({"name": f" {given.officer.user.name.lower()}"}, "name"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as problem:
            record_allegation(child=given.world.child, said=Alleged(**{**plain, **said}), by=given.by, at=WHEN)
        assert problem.value.field == field, said
    with acting_as(given.officer, LATER):
        assert not Allegation.objects.exists()


@pytest.mark.django_db
def test_both_chosen_and_typed_and_oneself_are_refused() -> None:
    given = Given()
    with pytest.raises(Invalid, match="Take one of the two out"):
        given.said_of(given.world.worker, name="Den")
    with pytest.raises(Invalid, match="somebody else must write it down"):
        given.said_of(given.by)
    with pytest.raises(Refused):
        record_allegation(child=given.world.child, said=_of(None), by=given.world.stranger, at=WHEN)
    with acting_as(given.officer, LATER):
        assert not Allegation.objects.exists()


@pytest.mark.django_db
def test_the_same_form_sent_twice_is_one() -> None:
    given, again = Given(), {"key": "k", "content": "c"}
    first, second = (
        record_allegation(child=given.world.child, said=_of(given.world.worker), by=given.by, at=WHEN, **again) for _ in range(2)
    )
    assert first == second
    with acting_as(given.officer, LATER):
        assert Allegation.objects.count() == 1


@pytest.mark.django_db
def test_it_is_due_at_the_end_of_the_next_working_day() -> None:
    world = Given().world
    for when, due in (
        ("22 May 2026 23:59", "26 May 2026 23:59"),  # Friday before a bank holiday
        ("23 May 2026 00:01", "26 May 2026 23:59"),  # Saturday
        ("24 December 2026 17:00", "29 December 2026 23:59"),  # Christmas, and a substitute day
        ("25 October 2026 01:30", "26 October 2026 23:59"),  # the clocks go back
    ):
        step = record_allegation(child=world.child, said=_of(None), by=world.coordinator, at=at(when))
        assert step.due_at is not None
        assert step.due_at.replace(second=0) == at(due), when


def test_what_is_not_received_in_time_goes_to_the_next_once(own_database: Any) -> None:
    given, by = Given(), service()
    step = given.said_of()
    assert step.due_at is not None
    due = step.due_at + timedelta(seconds=1)
    own_database("tick")
    assert tick(by=by, at=step.due_at - timedelta(minutes=1)).allegations == 0
    assert tick(by=by, at=due).allegations == 1
    assert pass_on_allegations(by=by, at=due) == 0
    with acting_as(by, due), connection.cursor() as cursor:  # tick reads nothing of what was said
        for column in ("words", "accused_name", "child_name"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(f"SELECT {column} FROM allegations_allegation")
    own_database("app")
    assert sent_to(step, given.by, due) == {given.officer, given.head}
    receive_allegation(allegation=step.allegation_id, by=given.head, at=due)
    own_database("tick")
    assert pass_on_allegations(by=by, at=due + timedelta(days=5)) == 0  # nobody is left
    own_database("app")


def test_what_was_received_stays_where_it_is(own_database: Any) -> None:
    given, by = Given(), service()
    step = given.said_of()
    receive_allegation(allegation=step.allegation_id, by=given.officer, at=LATER)
    own_database("tick")
    assert pass_on_allegations(by=by, at=WHEN + timedelta(days=30)) == 0
    own_database("app")


@pytest.mark.django_db
def test_receive_decide_and_close_in_that_order_and_nothing_is_altered() -> None:
    given = Given()
    pk, officer = given.said_of().allegation_id, given.officer
    with pytest.raises(Invalid, match="first that you have received"):
        decide_allegation(allegation=pk, answer="met", words="Serious", by=officer, at=LATER)
    receive_allegation(allegation=pk, by=officer, at=LATER)
    with pytest.raises(Invalid, match="already"):
        receive_allegation(allegation=pk, by=officer, at=LATER)
    with pytest.raises(Invalid, match="Decide first"):
        close_allegation(allegation=pk, answer="shown", words="It was so", by=officer, at=LATER)
    for answer, words in (("shown", "x"), ("", "x"), ("met", " ")):
        with pytest.raises(Invalid):
            decide_allegation(allegation=pk, answer=answer, words=words, by=officer, at=LATER)
    decide_allegation(allegation=pk, answer="met", words="Suspend, no blame", by=officer, at=LATER)
    close_allegation(allegation=pk, answer="did_not_happen", words="Another driver", by=officer, at=LATER)
    with pytest.raises(Invalid, match="is closed"):
        decide_allegation(allegation=pk, answer="met", words="Again", by=officer, at=LATER)
    for verb, more in (
        (receive_allegation, {}),
        (decide_allegation, {"answer": "met", "words": "x"}),
        (close_allegation, {"answer": "shown", "words": "x"}),
    ):
        for post in (given.by, given.standards, given.head, given.world.manager):
            with pytest.raises(Refused):
                verb(allegation=pk, by=post, at=LATER, **more)
    with acting_as(officer, LATER):
        for rows in (AllegationStep.objects.all(), Allegation.objects.all()):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                rows.update(words="")


@pytest.mark.django_db
def test_whoever_recorded_it_reads_that_it_was_sent_and_received_and_no_more(signed_in: Any) -> None:
    given = Given()
    pk = given.said_of().allegation_id
    receive_allegation(allegation=pk, by=given.officer, at=LATER)
    decide_allegation(allegation=pk, answer="not_met", words="A misunderstanding", by=given.officer, at=LATER)
    with acting_as(given.by, LATER):
        assert {step.kind for step in AllegationStep.objects.all()} == {"sent", "received"}
        assert not Allegation.objects.exists()
    client = signed_in(given.by, LATER)
    listed = client.get(reverse("allegations:view_allegations")).content.decode()
    assert "Received" in listed
    assert "misunderstanding" not in listed
    assert WORDS not in listed
    assert client.get(reverse("allegations:view_allegation", args=[pk])).status_code == 404


@pytest.mark.django_db
def test_the_database_takes_no_sending_and_no_block_that_the_command_would_not_make() -> None:
    given = Given()
    step = given.said_of(given.world.worker)
    row = {"child": given.world.child, "allegation_id": step.allegation_id, "made_at": LATER, "recorded_by": given.by, "made_by": given.by}
    for more in (
        {"kind": "sent", "to_post": given.world.manager, "due_at": LATER}, {"kind": "sent", "to_post": given.by, "due_at": LATER},
        {"kind": "received"}, {"kind": "decided", "answer": "not_met", "words": "x"},
    ):  # fmt: skip
        with acting_as(given.by, LATER), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            AllegationStep(**row, **more).save(force_insert=True)
    for by, user in ((given.by, given.world.police.user), (given.world.manager, given.world.police.user)):
        with acting_as(by, LATER), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Block(child=given.world.child, user=user, because="x", source="allegation", from_at=LATER, made_by=by).save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("guarded", ["restricted", "hidden"])
def test_a_guarded_child_s_is_received_off_the_list_of_names(signed_in: Any, guarded: str) -> None:
    given = Given()
    factories.guard(given.world.child, guarded, given.by, at=WHEN)
    pk = given.said_of(when=LATER).allegation_id
    assert signed_in(given.officer, LATER).get(reverse("allegations:view_allegation", args=[pk])).status_code == 200
    receive_allegation(allegation=pk, by=given.officer, at=LATER)


@pytest.mark.django_db
def test_no_page_list_count_or_record_near_the_person_tells(signed_in: Any) -> None:
    given = Given()
    world, accused = given.world, given.world.worker
    Post.objects.filter(pk=accused.pk).update(line_manager=world.manager)
    colleague = factories.post("practitioner", of=accused.team)
    for _ in range(2):  # the second time, so that nothing is new to whoever looks
        before = {post.pk: _pages(signed_in, world, post) for post in (accused, world.manager, colleague)}
    step = given.said_of(accused)
    receive_allegation(allegation=step.allegation_id, by=given.officer, at=LATER)
    client = signed_in(given.by, LATER)
    client.get(reverse("allegations:record_allegation", args=[world.child.pk]))
    signed_in(given.officer, LATER).get(reverse("allegations:view_allegation", args=[step.allegation_id]))
    for post in (accused, world.manager, colleague):
        shown = _pages(signed_in, world, post)
        assert WORDS not in "".join(shown.values())
        if post != accused:  # the accused no longer sees the child at all; for others nothing has changed
            for name, text in shown.items():
                assert _steady(text) == _steady(before[post.pk][name]), name
        with acting_as(post, LATER):
            assert not Allegation.objects.exists()
            assert not AllegationStep.objects.exists()
            assert not Act.objects.filter(command__contains="allegation").exists()
            assert not Look.objects.filter(page__contains="allegation").exists()
    with acting_as(world.coordinator, LATER):  # nothing of it stands in the child's own record, from which all else is compiled
        rows = [*Entry.objects.all(), *Task.objects.all(), *Alert.objects.all(), *Clock.objects.all()]
        assert not [row for row in rows if "llegation" in str(vars(row)) or str(step.allegation_id) in str(vars(row))]


def _steady(text: str) -> str:
    """A page without what differs at each showing."""
    return re.sub(r'(nonce|value)="[^"]*"|[0-9a-f-]{36}|[A-Za-z0-9]{32,}', "", text)


def _pages(signed_in: Any, world: World, post: Post) -> dict[str, str]:
    """What stands on the pages that somebody near the person opens: their work, the child, blocks, looks, proposals, allegations."""
    client, child = signed_in(post, LATER), world.child.pk
    addresses = {
        "work": reverse("desk:view_my_work"), "child": reverse("desk:view_child", args=[child]), "team": reverse("oversight:view_team_work"),
        "blocks": reverse("connections:view_blocks", args=[child]), "looks": reverse("audit:view_looks", args=[child]),
        "proposals": reverse("desk:view_proposals"), "allegations": reverse("allegations:view_allegations"),
    }  # fmt: skip
    answers = {name: client.get(address) for name, address in addresses.items()}
    return {name: answer.content.decode() for name, answer in answers.items() if answer.status_code == 200}


@pytest.mark.django_db
def test_looks_at_it_are_told_to_a_privacy_officer_who_is_not_near_and_never_to_the_child() -> None:
    given = Given()
    apart, near = privacy_officer(given.world), factories.post("privacy_officer", of=given.world.worker.team)
    factories.duty(Kind.PRIVACY, given.world.authority, post=near)
    given.said_of(given.world.worker)
    with acting_as(given.by, LATER):
        Look.objects.create(
            event="open", page="record_allegation", post=given.by, about_child=given.world.child.pk, children=[given.world.child.pk], through=[],
            decision="allowed", purpose="section_17", looked_at=LATER, policy="x",
        )  # fmt: skip
    for post, told in ((apart, [True]), (near, []), (given.world.manager, [])):
        with acting_as(post, LATER), connection.cursor() as cursor:
            cursor.execute("SELECT is_privacy_only FROM gate_looks(%s) WHERE page LIKE '%%allegation%%'", [given.world.child.pk])
            assert [row[0] for row in cursor.fetchall()] == told, post.role


@pytest.mark.django_db
def test_the_form_finds_the_worker_and_keeps_what_was_typed(signed_in: Any) -> None:
    given = Given()
    client, address = signed_in(given.by, LATER), reverse("allegations:record_allegation", args=[given.world.child.pk])
    interview = client.get(reverse("missing:view_interview", args=[given.interview.pk])).content.decode()
    assert address in interview
    typed = {"words": WORDS, "works_as": "council", "worker": given.world.worker.user.last_name, "key": "k1"}
    asked = client.post(address, typed)
    assert asked.status_code == 422
    assert "Choose who is meant" in asked.content.decode()
    assert WORDS in asked.content.decode()
    assert "Nobody of this name" in client.post(address, {**typed, "worker": "Zzyzx"}).content.decode()
    assert client.post(address, {**typed, "which": str(given.world.worker.pk)}).status_code == 302
    assert client.post(address, {**typed, "which": str(given.world.worker.pk)}).status_code == 302
    with acting_as(given.officer, LATER):
        assert Allegation.objects.get().accused_id == given.world.worker.user_id
    listed = signed_in(given.officer, LATER).get(reverse("allegations:view_allegations")).content.decode()
    assert "To be received" in listed


@pytest.mark.django_db
def test_a_receiver_who_is_by_now_in_the_line_no_longer_sees_it() -> None:
    given = Given()
    given.said_of(given.world.worker)
    with acting_as(given.officer, LATER):
        assert Allegation.objects.count() == 1
    Post.objects.filter(pk=given.world.worker.pk).update(line_manager=given.officer)
    with acting_as(given.officer, LATER):
        assert not Allegation.objects.exists()


@pytest.mark.django_db
def test_a_name_that_no_database_takes_is_looked_up_without_what_it_does_not_take(signed_in: Any) -> None:
    world = make_world()
    client = signed_in(world.worker, LATER)
    answered = client.post(reverse("allegations:record_allegation", args=[world.child.pk]), {"worker": "a\x00b"})
    assert answered.status_code == 422
