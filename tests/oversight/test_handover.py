"""Leavers: what a post owns is never nobody's. A planned end waits, an unplanned one goes to the manager's tray at once."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from atlas.agencies.commands import end_post
from atlas.agencies.models import Post, User
from atlas.agencies.queries import leavers, owned_by
from atlas.allocation.models import Allocation
from atlas.children.models import Child
from atlas.gate.act import Invalid, Refused
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.models import Block
from atlas.missing.commands.offer import allocate_interview
from atlas.missing.models import ReturnInterview
from atlas.oversight.commands import reassign_work
from atlas.tasks.models import Task
from atlas.tick import tick
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import BACK, returned
from tests.tasks.test_tick import service
from tests.world import World, make_world

LATER = BACK + timedelta(hours=1)
YESTERDAY = LATER.astimezone(UTC).date() - timedelta(days=1)


@pytest.fixture
def world() -> World:
    """A worker with a child who is back, with tasks, and an interview that somebody else is to hold."""
    made = make_world()
    interview = returned(made)
    allocate_interview(interview=interview, interviewer=made.interviewer, by=made.coordinator, at=LATER)
    return made


def owners(world: World, by: Post) -> set[tuple[Any, str]]:
    with acting_as(by, LATER):
        rows = Task.objects.filter(state=Task.State.OPEN, child=world.child)
        return {(task.owner_post_id, task.name) for task in rows}


def give_task(world: World) -> None:
    """Let the worker own something beside the child."""
    with acting_as(world.worker, LATER):
        Task.objects.filter(child=world.child, state=Task.State.OPEN).update(owner_post=world.worker)


@pytest.mark.django_db
def test_a_planned_end_is_refused_while_anything_is_owned_and_says_what(world: World) -> None:
    give_task(world)
    admin, tomorrow = factories.administrator(), LATER.date() + timedelta(days=30)
    for last_on in (LATER.date(), tomorrow):
        with pytest.raises(Invalid, match=r"still owns .*task.* and 1 child\."):
            end_post(post=world.worker, last_on=last_on, by=admin, at=LATER)
    with pytest.raises(Invalid, match="1 return interview"):
        end_post(post=world.interviewer, last_on=tomorrow, by=admin, at=LATER)
    assert Post.objects.get(pk=world.worker.pk).until_on is None
    assert end_post(post=world.stranger, last_on=tomorrow, by=admin, at=LATER).until_on == tomorrow


@pytest.mark.django_db
def test_an_unplanned_end_puts_all_of_it_on_the_manager_s_tray_at_once(world: World) -> None:
    give_task(world)
    before = owners(world, world.manager)
    assert {owner for owner, _ in before} == {world.worker.pk}
    end_post(post=world.worker, last_on=YESTERDAY, by=factories.administrator(), at=LATER)
    after = owners(world, world.manager)
    assert {owner for owner, _ in after} == {world.manager.pk}
    left = {name for _, name in after - {(world.manager.pk, name) for _, name in before}}
    assert left == {f"{world.worker.user.name} has left: who works with the child now?"}


@pytest.mark.django_db
def test_an_interview_becomes_nobody_s_and_its_tasks_the_team_s(world: World) -> None:
    end_post(post=world.interviewer, last_on=YESTERDAY, by=factories.administrator(), at=LATER)
    with acting_as(world.coordinator, LATER):
        assert ReturnInterview.objects.get().interviewer is None
    with acting_as(world.manager, LATER):
        for task in Task.objects.filter(about_label="missing.Episode", state=Task.State.OPEN):
            assert task.owner_post_id is None
            assert task.owner_team_id == world.interviewer.team_id


@pytest.mark.django_db
def test_a_manager_from_whom_the_child_is_shut_gets_nothing_of_it(world: World) -> None:
    give_task(world)
    declare_connection(child=world.child, by=world.manager, at=LATER)
    end_post(post=world.worker, last_on=YESTERDAY, by=factories.administrator(), at=LATER)
    with acting_as(factories.feed_post(), LATER):
        rows = {(task.owner_post_id, task.owner_team_id) for task in Task.objects.filter(state=Task.State.OPEN)}
    assert rows == {(None, world.worker.team_id)}


@pytest.mark.django_db
def test_the_main_system_s_word_is_taken_and_an_account_that_is_closed_hands_over_too(world: World) -> None:
    give_task(world)
    end_post(post=world.worker, last_on=LATER.date(), by=factories.feed_post(), at=LATER)  # a planned end, as it is
    assert {owner for owner, _ in owners(world, world.manager)} == {world.worker.pk}


def test_tick_hands_over_the_minute_after_the_last_day(own_database: Any) -> None:
    world, by = make_world(), service()
    interview = returned(world)
    allocate_interview(interview=interview, interviewer=world.interviewer, by=world.coordinator, at=LATER)
    give_task(world)
    end_post(post=world.worker, last_on=LATER.date(), by=factories.feed_post(), at=LATER)
    User.objects.filter(pk=world.interviewer.user_id).update(closed_at=LATER)
    own_database("tick")
    assert tick(by=by, at=LATER).handed_over == 1  # the closed account's
    assert tick(by=by, at=LATER + timedelta(days=1)).handed_over == 1
    assert tick(by=by, at=LATER + timedelta(days=1, minutes=1)).handed_over == 0
    own_database("app")
    with acting_as(world.manager, LATER + timedelta(days=1)):
        assert {task.owner_post_id for task in Task.objects.filter(state=Task.State.OPEN)} == {world.manager.pk}
    own_database("sealer")
    with connection.cursor() as cursor:
        cursor.execute("SELECT post_id, child_id, about_id FROM gate_act WHERE command = 'hand_over' ORDER BY id")
        assert cursor.fetchall() == [(by.pk, world.child.pk, str(post.pk)) for post in (world.interviewer, world.worker)]


@pytest.mark.django_db
def test_nobody_else_is_told_what_a_post_owns_and_nobody_hands_over_a_post_that_stands(world: World) -> None:
    for post in (world.stranger, world.police, world.coordinator):
        with acting_as(post, LATER):
            assert owned_by(world.worker) == ""
            assert leavers() == []
    for post in (world.worker, world.manager):
        with acting_as(post, LATER):
            assert "1 child" in owned_by(world.worker)
    for post in (world.manager, world.worker, factories.administrator()):
        with acting_as(post, LATER), connection.cursor() as cursor:
            cursor.execute("SELECT gate_hand_over(%s)", [world.worker.pk])
            assert cursor.fetchone()[0] == 0


@pytest.mark.django_db
def test_a_child_is_given_to_another_worker_with_all_that_is_to_be_done(world: World, signed_in: Any) -> None:
    give_task(world)
    other = factories.post("practitioner", of=world.worker.team, line_manager=world.manager)
    client = signed_in(world.manager, LATER)
    page = client.get(reverse("oversight:view_handover", args=[world.worker.pk]))
    assert world.child.name in page.content.decode()
    assert "Allocated worker" in page.content.decode()
    address = reverse("oversight:reassign_work", kwargs={"pk": world.child.pk, "holder": world.worker.pk})
    assert client.post(address, {"to": str(other.pk), "key": "k"}).status_code == 302
    assert {owner for owner, _ in owners(world, world.manager)} == {other.pk}
    with acting_as(other, LATER):
        assert Allocation.objects.filter(post=other, capacity="covering", until_at=None).count() == 1
    again = client.post(address, {"to": str(other.pk), "key": "k"})
    assert again.status_code == 302  # the same submission again is once
    with acting_as(other, LATER):
        assert Allocation.objects.filter(post=other).count() == 1


@pytest.mark.django_db
def test_what_went_to_the_wrong_person_is_undone_by_giving_it_back(world: World) -> None:
    """Protection.md table C, C8: owners and who sees the child are as before, at once and not when the main system delivers next."""
    give_task(world)
    other, third = (factories.post("practitioner", of=world.worker.team, line_manager=world.manager) for _ in range(2))

    def stands() -> tuple[Any, ...]:
        sees = []
        for post in (world.worker, world.manager, other, third):
            with acting_as(post, LATER + timedelta(minutes=9)):
                sees.append(Child.objects.filter(pk=world.child.pk).exists())
        with acting_as(world.manager, LATER + timedelta(minutes=9)):
            working = set(Allocation.objects.filter(child=world.child, until_at=None).values_list("post", "capacity"))
        return sees, working, owners(world, world.manager)

    before = stands()
    minutes = iter(range(1, 9))

    def give(holder: Post, to: Post) -> None:
        reassign_work(child=world.child, holder=holder, to=to, by=world.manager, at=LATER + timedelta(minutes=next(minutes)))

    give(world.worker, other)
    assert stands() != before
    give(other, third)
    sees, working, _ = stands()
    assert sees == [True, True, False, True] and {post for post, _ in working} == {world.worker.pk, third.pk}
    give(third, world.worker)
    assert stands() == before


@pytest.mark.django_db
def test_nothing_is_given_to_somebody_from_whom_the_child_is_shut_nor_by_a_stranger(world: World, signed_in: Any) -> None:
    give_task(world)
    other = factories.post("practitioner", of=world.worker.team)
    with acting_as(other, LATER):
        Block(child=world.child, user=other.user, because="test", from_at=NOW, made_by=other).save(force_insert=True)
    with pytest.raises(Invalid, match="Choose somebody else, or ask"):
        reassign_work(child=world.child, holder=world.worker, to=other, by=world.manager, at=LATER)
    with pytest.raises(Invalid, match="who holds a post"):
        reassign_work(child=world.child, holder=world.worker, to=world.worker, by=world.manager, at=LATER)
    for by in (world.worker, world.coordinator, world.stranger):
        with pytest.raises(Refused):
            reassign_work(child=world.child, holder=world.worker, to=world.stranger, by=by, at=LATER)
    assert signed_in(world.stranger, LATER).get(reverse("oversight:view_handover", args=[world.worker.pk])).status_code == 404


@pytest.mark.django_db
def test_an_empty_page_says_so(signed_in: Any) -> None:
    world = make_world()
    page = signed_in(world.stranger, NOW).get(reverse("oversight:view_handover", args=[world.stranger.pk]))
    assert "nobody&#39;s" in page.content.decode()
