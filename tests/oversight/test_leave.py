"""A worker changes, or is away: the child is told, promises and trust go on, and a colleague covers without reallocation (real-life.md 11)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post, Shift
from atlas.allocation.commands import end_promise, end_trusted_adult, make_promise, name_trusted_adult, record_allocation, tell_child
from atlas.allocation.models import Promise, TrustedAdult
from atlas.children.models import Child
from atlas.chronology.kinds import Kind as Happened
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.connections.commands import block_worker
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource
from atlas.oversight.commands import end_leave, reassign_work, record_leave
from atlas.tasks.commands import complete_task
from atlas.tasks.models import Alert, Task
from atlas.tasks.queries import open_tasks, told_by
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import reported
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


@pytest.fixture
def world() -> World:
    """A worker with a manager."""
    made = make_world()
    Post.objects.filter(pk=made.worker.pk).update(line_manager=made.manager)
    made.worker.refresh_from_db()
    return made


def colleague(world: World) -> Post:
    return factories.post("practitioner", of=world.worker.team, title="Colleague")


def away(world: World, cover: Post, **given: Any) -> Shift:
    """The worker is away for five days from now."""
    asked = {"covered_by": cover, "from_at": NOW, "until_at": NOW + 5 * DAYS, "by": world.manager, "at": NOW, **given}
    return record_leave(post=world.worker, **asked)


def sees(post: Post, child: Child, at: Any) -> bool:
    with acting_as(post, at) as subject:
        return type(child).objects.visible_to(subject).filter(pk=child.pk).exists()


def test_the_line_reaches_each_of_its_workers_from_the_team_s_work(world: World, signed_in: Any) -> None:
    """Also one who has nothing to do just now: leave is recorded there."""
    held = reverse("oversight:view_handover", args=[world.worker.pk])
    assert held in signed_in(world.manager, NOW).get(reverse("oversight:view_team_work")).content.decode()
    assert held not in signed_in(colleague(world), NOW).get(reverse("oversight:view_team_work")).content.decode()


def test_leave_opens_the_worker_s_children_to_whoever_covers_for_that_time_alone(world: World, signed_in: Any) -> None:
    cover = colleague(world)
    with acting_as(world.worker, NOW):
        factories_task(world)
    assert not sees(cover, world.child, NOW)
    leave = away(world, cover)
    assert [sees(cover, world.child, NOW + days) for days in (DAYS, 6 * DAYS)] == [True, False]
    with acting_as(cover, NOW + DAYS) as subject:
        assert [task.owner_post for task in open_tasks(subject)] == [world.worker]  # seen by both, owned by the same
    with acting_as(cover, NOW + 6 * DAYS) as subject:
        assert not open_tasks(subject).exists()
    page = signed_in(world.manager, NOW + DAYS).get(reverse("oversight:view_handover", args=[world.worker.pk])).content.decode()
    assert f"{cover.user.name}, Colleague, covers" in page
    end_leave(leave=leave, by=world.manager, at=NOW + 2 * DAYS)
    assert not sees(cover, world.child, NOW + 2 * DAYS + timedelta(minutes=1))
    with pytest.raises(Invalid, match="over already"):
        end_leave(leave=Shift.objects.get(pk=leave.pk), by=world.manager, at=NOW + 3 * DAYS)


def factories_task(world: World) -> None:
    """Something for the worker to do."""
    Task.objects.create(child=world.child, name="Visit", owner_post=world.worker, about_label="x.X", about_id=world.child.pk)


def test_alerts_go_to_whoever_covers_and_the_rota_too_where_they_are_free(world: World) -> None:
    cover = colleague(world)
    before, during = factories.shift(world.worker, (NOW - DAYS).date()), factories.shift(world.worker, (NOW + DAYS).date())
    today = factories.shift(world.worker, NOW.date())
    away(world, cover)
    held = list(Shift.objects.filter(is_leave=False).order_by("from_at").values_list("post", "from_at", "until_at"))
    assert held == [
        (world.worker.pk, before.from_at, before.until_at), (world.worker.pk, today.from_at, NOW), (cover.pk, NOW, today.until_at),
        (cover.pk, during.from_at, during.until_at),
    ]  # fmt: skip
    reported(world)
    with acting_as(world.coordinator, NOW):
        alert = Alert.objects.get()
        assert [told_by(alert, 0, NOW + when) for when in (DAYS, 6 * DAYS)] == [[cover], [world.worker]]


def test_a_child_who_is_shut_to_whoever_covers_stays_shut_and_the_manager_has_a_task(world: World) -> None:
    cover = colleague(world)
    block_worker(child=world.child, user=cover.user, source=BlockSource.WISH, by=world.manager, at=NOW)
    away(world, cover)
    assert not sees(cover, world.child, NOW + DAYS)
    with acting_as(world.manager, NOW):
        assert Task.objects.get(owner_post=world.manager).name == f"Who covers for {world.worker.user.name}?"


def test_leave_that_cannot_be_is_refused_in_words(world: World, signed_in: Any) -> None:
    cover = colleague(world)
    for said, given in (
        ("before the beginning", {"until_at": NOW - DAYS}), ("away themselves", {"covered_by": world.worker}), ("own line alone", {"by": head()}),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=said):
            away(world, cover, **given)
    away(world, cover)
    with pytest.raises(Invalid, match="as away in that time already"):
        away(world, cover, from_at=NOW + DAYS)
    with pytest.raises(Refused):
        away(world, cover, by=world.worker)
    form = reverse("oversight:record_leave", args=[world.worker.pk])
    assert signed_in(world.manager).post(form, {"covered_by": str(cover.pk)}).status_code == 422
    unknown = {"covered_by": str(cover.pk), "from_at_4": "unknown", "until_at_4": "unknown"}
    assert "what is not known cannot be covered" in signed_in(world.manager).post(form, unknown).content.decode()
    assert signed_in(head()).get(form).status_code == 404


def head() -> Post:
    """A head of service of another line."""
    return factories.post("head_of_service", of=factories.team("Leadership"))


def test_promises_and_trust_outlast_the_worker_and_the_child_is_told_by_somebody(world: World, signed_in: Any) -> None:
    cover = colleague(world)
    promise = make_promise(child=world.child, words="I ring on Friday", by=world.worker, at=NOW)
    adult = name_trusted_adult(child=world.child, name="Aunt Rosa", who="an aunt", by=world.worker, at=NOW)
    page = signed_in(world.manager).get(reverse("oversight:view_handover", args=[world.worker.pk])).content.decode()
    assert "Promised: “I ring on Friday”" in page
    assert "The child trusts Aunt Rosa (an aunt)" in page
    reassign_work(child=world.child, holder=world.worker, to=cover, by=world.manager, at=NOW)
    with acting_as(cover, NOW) as subject:
        task = open_tasks(subject).get()
        assert task.name == "Tell the child who works with them now"
    with pytest.raises(Invalid, match="Write down who told the child"):
        complete_task(task=task, by=cover, at=NOW)
    with pytest.raises(Invalid, match="Say who told the child"):
        tell_child(child=world.child, told_at=Moment(NOW), told_by=" ", by=cover, at=NOW)
    tell_child(child=world.child, told_at=Moment(NOW), told_by="Priya, the worker until now", words="OK", by=cover, at=NOW)
    with acting_as(cover, NOW) as subject:
        assert not open_tasks(subject).exists()
        assert Entry.objects.get(kind=Happened.CHILD_TOLD).words == "Told by Priya, the worker until now. OK"
        assert [one.words for one in Promise.objects.visible_to(subject)] == ["I ring on Friday"]
    with pytest.raises(Invalid, match="why it could not be kept"):
        end_promise(promise=promise, outcome=Promise.Outcome.NOT_KEPT, by=cover, at=NOW)
    end_promise(promise=promise, outcome=Promise.Outcome.KEPT, by=cover, at=NOW)
    with pytest.raises(Invalid, match="already"):
        end_promise(promise=promise, outcome=Promise.Outcome.KEPT, by=cover, at=NOW)
    end_trusted_adult(adult=adult, by=cover, at=NOW)
    with acting_as(world.coordinator, NOW) as subject:  # may know, when an interviewer is chosen
        assert TrustedAdult.objects.visible_to(subject).get().ended_by == cover
    with acting_as(world.stranger, NOW):
        assert not Promise.objects.exists()
        assert not TrustedAdult.objects.exists()
    for post in (world.police, world.stranger):
        with pytest.raises(Refused):
            make_promise(child=world.child, words="x", by=post, at=NOW)


def test_a_new_worker_named_by_the_main_system_is_asked_to_tell_the_child_the_first_one_is_not(world: World) -> None:
    new = colleague(world)
    record_allocation(child=world.child, post=new, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    with acting_as(new, NOW):
        assert Task.objects.get(child=world.child).owner_post == new
