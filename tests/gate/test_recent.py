"""Team duty reads the core record and the last 90 days (protection.md 4.1): what is closed and older is not there, in the database as on the page."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from atlas.agencies.models import Post
from atlas.chronology.kinds import Kind as Happening
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.commands import Question, explain
from atlas.gate.context import acting_as
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind, Mode, Permission, RecordKind
from atlas.gate.queries import rows_opened_by, standing
from atlas.gate.rules import OLDER, reads_only_recent
from atlas.missing.codes import NotOffered
from atlas.missing.commands.back import record_return
from atlas.missing.commands.offer import decide_not_offered
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import Episode, ReturnInterview
from atlas.tasks.commands import acknowledge_alert
from atlas.tasks.models import Alert, Notice, Task
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LONG_AGO, LATELY = NOW - timedelta(days=200), NOW - timedelta(days=30)


def missing(world: World, when: datetime, *, closed: bool) -> Episode:
    """An episode of an hour. `closed`: no interview is owed any more, and its alert was acknowledged."""
    by, back = world.coordinator, when + timedelta(hours=1)
    episode = report_missing(child=world.child, report=Report(reported=Moment(when)), by=by, at=when)
    record_return(episode=episode, returned_at=Moment(back), by=by, at=back)
    if closed:
        with acting_as(by, back):
            interview, alerts = ReturnInterview.objects.get(episode=episode), list(Alert.objects.filter(about_id=episode.pk))
        decide_not_offered(interview=interview, because=NotOffered.OTHER, reason="Moved abroad", by=by, at=back)
        for alert in alerts:
            acknowledge_alert(alert=alert, by=by, at=back)
    return episode


def on_duty(world: World, role: str = "practitioner") -> Post:
    """Somebody on shift in a team that answers for the child, and in no other way related to the child."""
    post = factories.post(role, of=factories.team("Duty"))
    factories.shift(post, NOW.date())
    also(world, post, Kind.TEAM_DUTY, by_team=True)
    return post


def also(world: World, post: Post, kind: Kind, *, by_team: bool = False) -> None:
    """Give the post (or its team) a relationship with the child besides."""
    with acting_as(factories.feed_post(), NOW):
        Relationship(
            kind=kind, child=world.child, holder_post=None if by_team else post, holder_team=post.team if by_team else None,
            from_at=NOW - timedelta(hours=1), because="test", source_label="tests",
        ).save(force_insert=True)  # fmt: skip


def shown(model: Any, post: Post, world: World) -> set[Any]:
    """The rows about the child that the post reads: three ways of asking, and the database alone, which must agree."""
    with acting_as(post, NOW) as subject:
        asked: Any = model._default_manager
        ways = [
            set(asked.visible_to(subject).filter(child=world.child).values_list("pk", flat=True)),
            set(asked.of_child(subject, world.child.pk).values_list("pk", flat=True)),
            set(asked.filter(rows_opened_by(subject, model, model.record_kind, Mode.READ), child=world.child).values_list("pk", flat=True)),
        ]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {model._meta.db_table} WHERE child_id = %s", [world.child.pk])
            ways.append({pk for (pk,) in cursor.fetchall()})
    assert all(way == ways[0] for way in ways), (model, [len(way) for way in ways])
    return ways[0]


def everything(world: World, *, old: bool = True) -> World:
    """What is open of long ago, what is closed of long ago (`old`), and what is of late."""
    missing(world, LONG_AGO - timedelta(days=10), closed=False)
    if old:
        missing(world, LONG_AGO, closed=True)
    missing(world, LATELY, closed=True)
    return world


def told(world: World, when: datetime, *, acknowledged: bool) -> Notice:
    """An alert of that day, and that somebody was told of it."""
    with acting_as(world.worker, NOW):
        entry = Entry.objects.filter(child=world.child).order_by("happened_at").first()
        assert entry is not None
        alert = Alert(
            child=world.child, reason=Alert.Reason.TASK_UNOWNED, entry=entry, about_id=uuid4(), authority=world.authority,
            owner_post=world.coordinator, raised_at=when, acknowledged_at=when if acknowledged else None,
        )  # fmt: skip
        alert.save(force_insert=True)
        notice = Notice(
            child=world.child, alert=alert, rung=1, channel="screen", to_post=world.coordinator, to_words="x", reference="x", told_at=when
        )
        notice.save(force_insert=True)
    return notice


def since(model: Any, world: World, moment: datetime, ends: str) -> set[Any]:
    """What the allocated worker reads of it that is not ended, or ended after that moment."""
    with acting_as(world.worker, NOW):
        rows = model._default_manager.filter(child=world.child)
        return {row.pk for row in rows if getattr(row, ends) is None or getattr(row, ends) >= moment}


def test_duty_reads_what_is_of_the_last_ninety_days() -> None:
    world = everything(make_world())
    duty = on_duty(world)
    told(world, LONG_AGO, acknowledged=True)
    told(world, LATELY, acknowledged=True)
    horizon = NOW - timedelta(days=90)
    for model, ends in ((Clock, "stopped_at"), (Task, "ended_at"), (Alert, "acknowledged_at")):
        assert shown(model, duty, world) == since(model, world, horizon, ends), model
    for other in (Entry, Clock, Task, Alert, Notice):
        mine, theirs = shown(other, duty, world), shown(other, world.worker, world)
        assert mine and mine < theirs, (other, len(mine), len(theirs))


def test_core_is_whole() -> None:
    """The episodes themselves are core, as in an emergency: where a child was found before is what somebody looks for at night."""
    world = everything(make_world())
    assert len(shown(Episode, on_duty(world), world)) == 3


def test_what_is_open_is_never_old() -> None:
    world = everything(make_world())
    duty, notice = on_duty(world), told(world, LONG_AGO, acknowledged=False)
    with acting_as(world.worker, NOW):
        running = set(Clock.objects.filter(child=world.child, stopped_at__isnull=True).values_list("pk", flat=True))
        open_tasks = set(
            Task.objects.filter(child=world.child, ended_at__isnull=True, entry__isnull=False).values_list("pk", "entry_id", "due_at")
        )
        alerts = set(Alert.objects.filter(child=world.child, acknowledged_at__isnull=True).values_list("pk", flat=True))
    old = {entry for _, entry, due_at in open_tasks if due_at and due_at < NOW - timedelta(days=90)}
    assert running and open_tasks and old and alerts
    assert running <= shown(Clock, duty, world)
    assert {pk for pk, _, _ in open_tasks} <= shown(Task, duty, world)
    assert alerts <= shown(Alert, duty, world)
    assert notice.pk in shown(Notice, duty, world), "whom an open alert has reached is shown with it"
    assert old <= shown(Entry, duty, world), "the entry on which an open task hangs is shown with it"


@pytest.mark.parametrize("kind", [Kind.ALLOCATED, Kind.FRONT_DOOR, Kind.RETURN_INTERVIEW])
def test_who_stands_towards_the_child_in_another_way_too_reads_all(kind: Kind) -> None:
    world = everything(make_world())
    duty = on_duty(world)
    also(world, duty, kind)
    for model in (Entry, Clock):
        assert shown(model, duty, world) == shown(model, world.worker, world), model


def test_whose_whole_authority_is_open_reads_all() -> None:
    world = everything(make_world())
    duty = on_duty(world)
    factories.duty(Kind.EMERGENCY_DUTY, world.authority, team=duty.team)
    for model in (Entry, Clock):
        assert shown(model, duty, world) == shown(model, world.worker, world), model


def test_the_manager_of_the_team_on_duty_reads_all() -> None:
    world = everything(make_world())
    manager = on_duty(world, "manager")
    assert shown(Entry, manager, world) == shown(Entry, world.worker, world)


def test_what_was_learnt_lately_of_long_ago_is_recent() -> None:
    world = make_world()
    duty = on_duty(world)
    with acting_as(factories.feed_post(), NOW):
        rows = [
            Entry(child=world.child, kind=Happening.STATUS_STARTED, happened_at=happened, known_at=known, recorded_at=NOW - timedelta(days=days),
                  recorded_by=factories.feed_post())
            for happened, known, days in ((LONG_AGO, LATELY, 1), (LONG_AGO, LONG_AGO, 1), (None, None, 1), (None, None, 200))
        ]  # fmt: skip
        for row in rows:
            row.save(force_insert=True)
    seen = shown(Entry, duty, world)
    assert [row.pk in seen for row in rows] == [True, False, True, False]


def test_duty_may_add_what_happened_long_ago_and_change_nothing_that_is_old() -> None:
    world = everything(make_world())
    duty = on_duty(world)
    with acting_as(world.worker, NOW):
        old = Clock.objects.filter(child=world.child, stopped_at__lt=NOW - timedelta(days=90)).values_list("pk", flat=True)
        assert (before := list(old))
    with acting_as(duty, NOW), connection.cursor() as cursor:
        Entry(child=world.child, kind=Happening.FOUND, happened_at=LONG_AGO, known_at=LONG_AGO, recorded_at=NOW, recorded_by=duty).save(
            force_insert=True
        )
        cursor.execute("UPDATE clocks_clock SET missed_words = 'x'")  # without a condition: nothing is read
        assert cursor.rowcount
    with acting_as(world.worker, NOW):
        assert not Clock.objects.filter(pk__in=before, missed_words="x").exists()


def test_the_page_says_so_always_and_never_how_much(signed_in: Any) -> None:
    said = []
    for old in (True, False):
        world = everything(make_world(), old=old)
        with acting_as(world.worker, NOW):
            episode = Episode.objects.filter(child=world.child).first()
        assert episode is not None
        pages = (f"/child/{world.child.pk}/", f"/missing/episode/{episode.pk}/")
        duty, worker = ([signed_in(post, NOW).get(page).content.decode() for page in pages] for post in (on_duty(world), world.worker))
        assert "Older records are with the allocated worker: ask Sample Person" in duty[0]
        assert all("Older records" not in page for page in worker)
        said.append([page.count("Older records") for page in duty])
    assert said == [[1, 1], [1, 1]]


def test_where_duty_sees_nothing_the_page_does_not_say_that_nothing_is_written_down(signed_in: Any) -> None:
    world = make_world()
    duty, worker = (signed_in(post, NOW).get(f"/child/{world.child.pk}/").content.decode() for post in (on_duty(world), world.worker))
    assert ("Nothing else is open to you here" in duty, "Nothing is written down yet" in duty) == (True, False)
    assert "moj-timeline__item" in worker  # old entries, which the allocated worker reads


def test_a_copy_of_several_children_is_not_open_to_duty() -> None:
    world = everything(make_world())
    duty = on_duty(world)
    for post, expected in ((duty, []), (world.worker, [world.child.pk])):
        with acting_as(post, NOW), connection.cursor() as cursor:
            cursor.execute("SELECT gate_open(%s::uuid[], 'chronology')", [[world.child.pk]])
            assert cursor.fetchone()[0] == expected


def test_who_explains_is_told() -> None:
    world = make_world()
    officer = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=officer)
    told = {
        who: explain(question=Question(who, world.child.pk, permission, NOW), by=officer, at=NOW)
        for who, permission in ((on_duty(world), Permission.VIEW_CHILD), (world.worker, Permission.VIEW_CHILD))
    }
    assert [(OLDER, False) in steps for steps in told.values()] == [True, False]


def test_before_and_after_the_shift_nothing_is_open() -> None:
    world = everything(make_world())
    duty = on_duty(world)
    with acting_as(duty, NOW) as subject:
        assert reads_only_recent(standing(subject, world.child.pk), RecordKind.WORK)
    with acting_as(duty, NOW + timedelta(days=2)) as later:
        assert not reads_only_recent(standing(later, world.child.pk), RecordKind.WORK)
        assert not Entry.objects.filter(child=world.child).exists()
