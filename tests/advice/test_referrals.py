"""A child is referred to a team across agencies; it is taken on, answered or sent back, and somebody says what is made of it (real-life.md 3 and 12)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.advice.commands import accept_referral, decide_on_advice, give_advice, record_advice, refer_to_team, send_back_referral
from atlas.advice.models import Referral
from atlas.agencies.models import AgencyKind, Post
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.connections.commands import block_worker
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource, Relationship
from atlas.gate.policy import Kind as RelationshipKind
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


@dataclass
class Asking:
    """A school that knows the child, and two advisers of the missing team."""

    world: World
    school: Post
    adviser: Post
    colleague: Post

    def ask(self, **other: Any) -> Referral:
        """The school asks the missing team."""
        given: dict[str, Any] = {
            "team": self.world.missing_team,
            "wants": "advice",
            "question": "Who waits at the gate?",
            "by": self.school,
            "at": NOW,
            **other,
        }
        return refer_to_team(child=self.world.child, **given)


@pytest.fixture
def asking() -> Asking:
    world = make_world()
    school = factories.post("school", of=factories.team("Pastoral", of=factories.agency("Larkfield Academy", AgencyKind.SCHOOL)))
    with acting_as(factories.feed_post(), NOW):
        known = {"kind": RelationshipKind.KNOWN_TO, "child": world.child, "holder_post": school, "from_at": NOW, "because": "pupil"}
        Relationship(source_label="tests", **known).save(force_insert=True)
    return Asking(world, school, *(factories.post("return_interviewer", of=world.missing_team) for _ in range(2)))


def sees(post: Post, record: Any, at: Any = LATER) -> bool:
    """Whether row security shows this post any such row."""
    with acting_as(post, at):
        return bool(record.objects.exists())


def test_a_school_asks_one_adviser_answers_and_the_worker_decides(asking: Asking) -> None:
    world = asking.world
    asked = asking.ask()
    assert sees(asking.school, Referral)
    assert not sees(asking.school, Entry)
    assert sees(asking.adviser, Entry)
    assert sees(asking.colleague, Entry)
    accept_referral(referral=asked, by=asking.adviser, at=NOW + timedelta(hours=1))
    assert not sees(asking.colleague, Entry)  # from now on one adviser alone
    for wrong in (asking.colleague, world.stranger):
        with pytest.raises(Refused):
            give_advice(referral=asked, answer="An older cousin.", by=wrong, at=LATER)
    give_advice(referral=asked, answer="An older cousin. Ring us when he comes.", by=asking.adviser, at=LATER)
    with acting_as(asking.school, LATER):
        assert Referral.objects.get().answer.startswith("An older cousin")
    with acting_as(world.worker, LATER):
        assert [task.name for task in Task.objects.filter(owner_post=world.worker, state="open")] == [
            "Advice was given: say what you make of it"
        ]
        asked.refresh_from_db()
    with pytest.raises(Invalid, match="Write why"):
        decide_on_advice(referral=asked, outcome="not_taken", words=" ", by=world.worker, at=LATER)
    decide_on_advice(referral=asked, outcome="in_part", words="She fears him.", by=world.worker, at=LATER)
    with acting_as(world.worker, LATER):
        kinds = [Kind.REFERRED_TO_TEAM, Kind.REFERRAL_ACCEPTED, Kind.ADVICE_GIVEN, Kind.ADVICE_DECIDED]
        assert list(Entry.objects.filter(about_id=asked.pk).order_by("recorded_at", "kind").values_list("kind", flat=True)[:2]) == kinds[:2]
        assert set(Entry.objects.filter(about_id=asked.pk).values_list("kind", flat=True)) == set(kinds)
        clocks = Clock.objects.filter(about_id=asked.pk).order_by("due_at").values_list("limit", "outcome")
        assert list(clocks) == [("take_referral", "in_time"), ("give_advice", "in_time")]
        assert not Task.objects.filter(about_id=asked.pk, state="open").exists()
    assert sees(asking.adviser, Entry)
    assert not sees(asking.adviser, Entry, LATER + timedelta(days=8))


def test_what_goes_back_closes_the_child_and_what_nobody_takes_on_runs_out(asking: Asking) -> None:
    world = asking.world
    asked = asking.ask(by=world.worker)
    with pytest.raises(Invalid, match="whom to ask instead"):
        send_back_referral(referral=asked, reason=" ", by=asking.adviser, at=LATER)
    send_back_referral(referral=asked, reason="Ask the school nurse.", by=asking.adviser, at=LATER)
    assert not sees(asking.adviser, Entry)
    with acting_as(world.worker, LATER):
        assert Referral.objects.get().state == "sent_back"
        assert Task.objects.filter(owner_post=world.worker, name="A referral was sent back to you: read why", state="open").exists()
    with pytest.raises((Refused, Invalid)):
        accept_referral(referral=asked, by=asking.adviser, at=LATER)
    asking.ask(by=world.worker)
    with acting_as(world.worker, NOW + timedelta(days=3)):  # what is missed alerts the team, as any clock with a task does
        clock = Clock.objects.get(outcome="running")
        assert (clock.limit, clock.due_at) == ("take_referral", factories.at("6 May 2026 23:59") + timedelta(seconds=59))
        assert Task.objects.get(clock=clock).owner_team == world.missing_team


def test_who_may_not_ask_or_be_asked_and_what_the_login_alone_may_not_write(asking: Asking) -> None:
    world = asking.world
    elsewhere = factories.team("Missing response", of=factories.agency("Otherham Council", of=factories.authority("Otherham")))
    for said, given in (
        ("what you ask", {"question": " "}),
        ("serves neither", {"team": elsewhere}),
        ("serves neither", {"team": world.worker.team}),
    ):
        with pytest.raises(Invalid, match=said):
            asking.ask(**given)
    with pytest.raises(Refused):
        asking.ask(by=world.stranger)
    asked = asking.ask()
    block_worker(child=world.child, user=asking.adviser.user, source=BlockSource.MANAGER, by=world.manager, at=NOW)
    assert not sees(asking.adviser, Referral)
    with pytest.raises(Refused):
        accept_referral(referral=asked, by=asking.adviser, at=LATER)
    with acting_as(asking.colleague, LATER), connection.cursor() as cursor:
        for statement in (
            "UPDATE advice_referral SET answer = 'x', answered_at = asked_at, state = 'answered'",
            "SELECT gate_referral_step(id, 'decide', '', 'taken', '{}') FROM advice_referral",
            "SELECT gate_referral_step(id, 'answer', 'x', '', '{}') FROM advice_referral",
        ):
            cursor.execute(statement)
            assert cursor.rowcount == 0 or cursor.fetchone() == (False,), statement
        for statement in (
            "SELECT gate_referral_opens(child_id, id, asked_by_id, NULL, NULL) FROM advice_referral",
            "INSERT INTO advice_referral SELECT * FROM advice_referral",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)
    factories.guard(world.child, "restricted", world.worker, at=LATER)
    with pytest.raises(Invalid, match="Ring the team"):
        asking.ask(by=world.worker, at=LATER)


def test_the_pages(asking: Asking, signed_in: Any) -> None:
    world = asking.world
    school = signed_in(asking.school, NOW)
    assert "You have asked nothing" in school.get(reverse("advice:view_referrals")).content.decode()
    address = reverse("advice:refer_to_team", args=[world.child.pk])
    assert school.post(address, {"question": "Who waits?"}).status_code == 422
    asked = school.post(address, {"team": world.missing_team.pk, "wants": "work", "question": "Who waits?", "key": "k" * 36})
    assert asked.status_code == 302
    assert "Waiting for the team" in school.get(asked["Location"]).content.decode()
    assert school.get(reverse("advice:view_advice", args=[world.child.pk])).status_code == 404
    adviser = signed_in(asking.adviser, NOW)
    for page in (reverse("advice:view_referrals"), reverse("oversight:view_tray")):
        assert world.child.name in adviser.get(page).content.decode()
    assert "Take this on" in adviser.get(asked["Location"]).content.decode()
    for step, given in (("accept_referral", {}), ("give_advice", {"answer": "A cousin."})):
        assert (
            adviser.post(f"{asked['Location'].replace('view_referral', step)}", {"key": step.ljust(36, "k"), **given}).status_code == 302
        ), step
    page = signed_in(world.worker, NOW).get(reverse("advice:view_advice", args=[world.child.pk])).content.decode()
    assert "A cousin." in page
    assert signed_in(world.stranger, NOW).get(asked["Location"]).status_code == 404


def test_a_school_says_what_it_makes_of_its_own_answer_and_the_worker_reads_it(asking: Asking, signed_in: Any) -> None:
    world, asked = asking.world, asking.ask()
    accept_referral(referral=asked, by=asking.adviser, at=NOW + timedelta(hours=1))
    give_advice(referral=asked, answer="An older cousin. Ring us when he comes.", by=asking.adviser, at=LATER)
    page = reverse("advice:view_referral", args=[asked.pk])
    decide = reverse("advice:decide_on_advice", args=[asked.pk])
    assert decide in signed_in(asking.school, LATER).get(page).content.decode()
    assert decide not in signed_in(world.coordinator, LATER).get(page).content.decode()  # neither asked nor works with the child
    with acting_as(asking.school, LATER):
        asked = Referral.objects.get()
    for wrong in (world.coordinator, asking.adviser):  # nor the adviser, of the own advice
        with pytest.raises(Refused):
            decide_on_advice(referral=asked, outcome="taken", words="", by=wrong, at=LATER)
    decide_on_advice(referral=asked, outcome="not_taken", words="He has a court order.", by=asking.school, at=LATER)
    with acting_as(world.worker, LATER):
        held = Referral.objects.get()
        assert (held.state, held.outcome, held.decided_by) == ("decided", "not_taken", asking.school)
        (task,) = Task.objects.filter(about_id=asked.pk, state="open")
        assert (task.owner_post, task.name) == (world.worker, "Whoever asked says what they make of the advice: read it")
    assert not sees(asking.school, Entry)  # it wrote by the function alone


SPOKE: dict[str, Any] = {
    "asked_words": "Sam Reed, Larkfield Academy", "given_at": Moment(NOW), "question": "May he stay away?", "answer": "No: ring us first.",
}  # fmt: skip


def test_advice_given_by_telephone_is_written_down_and_whoever_works_with_the_child_decides(asking: Asking) -> None:
    world, by = asking.world, asking.world.coordinator
    for gone in ("asked_words", "question", "answer"):
        with pytest.raises(Invalid):
            record_advice(child=world.child, by=by, at=LATER, **{**SPOKE, gone: " "})
    with pytest.raises(Invalid, match="still to come"):
        record_advice(child=world.child, by=by, at=LATER, **{**SPOKE, "given_at": Moment(LATER + timedelta(hours=1))})
    with pytest.raises(Invalid, match="You may not"):  # a school writes nothing about the child
        record_advice(child=world.child, by=asking.school, at=LATER, **SPOKE)
    with pytest.raises(Refused):
        record_advice(child=world.child, by=world.stranger, at=LATER, **SPOKE)
    given = record_advice(child=world.child, by=by, at=LATER, **SPOKE)
    assert (given.state, given.adviser, given.asked_at, given.asked_words) == ("answered", by, NOW, "Sam Reed, Larkfield Academy")
    with acting_as(world.worker, LATER):
        assert Task.objects.get(about_id=given.pk).owner_post == world.worker
        assert Entry.objects.get(about_id=given.pk).kind == Kind.ADVICE_GIVEN
        held = Referral.objects.get(pk=given.pk)
    decide_on_advice(referral=held, outcome="taken", words="", by=world.worker, at=LATER)
    with acting_as(world.worker, LATER):
        assert not Task.objects.filter(about_id=given.pk, state="open").exists()
