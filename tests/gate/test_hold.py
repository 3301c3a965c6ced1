"""A write holds what it stands on (protection.md 4.9, *privilege read at statement start*): two connections, one of which takes away what the other writes by."""

import time
from collections.abc import Callable
from contextlib import closing
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections

from atlas.chronology.kinds import Kind as Happening
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.gate import act
from atlas.gate.act import Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Outcome, Relationship
from atlas.gate.policy import Kind
from atlas.missing.commands import report
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

SOON = 20  # seconds, after which a test that waits fails


def ended(world: World) -> None:
    """The allocation ends, under a connection of its own, without the lock that commands take on a child."""
    with closing(connections["default"]), acting_as(factories.feed_post(), NOW):
        assert Relationship.objects.filter(child=world.child, kind=Kind.ALLOCATED).update(until_at=NOW) == 1


def post_ended(world: World) -> None:
    """The post itself ends, by whoever runs a statement."""
    with closing(connections["default"]), connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_post SET until_on = %s WHERE id = %s", [NOW.date().replace(day=1), world.worker.pk])


def started(revoke: Callable[[World], None], world: World) -> Thread:
    thread = Thread(target=revoke, args=[world])
    thread.start()
    return thread


def waits() -> bool:
    """Whether somebody comes to wait for a lock that is held here."""
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))")
            if cursor.fetchone()[0]:
                return True
    return False


def write(world: World) -> None:
    report.report_missing(child=world.child, report=report.Report(reported=Moment(NOW)), by=world.worker, at=NOW)


def written(world: World, own_database: Any) -> tuple[int, int]:
    """How many reports stand in the chronology, and how many refusals were written down; the worker may read neither any more."""
    own_database("postgres")
    entries = Entry.objects.filter(child=world.child, kind=Happening.REPORTED_MISSING).count()
    return entries, Act.objects.filter(command="report_missing", outcome=Outcome.REFUSED).count()


@pytest.mark.parametrize("revoke", [ended, post_ended])
def test_what_a_write_stands_on_ends_after_it(own_database: Any, monkeypatch: pytest.MonkeyPatch, revoke: Callable[[World], None]) -> None:
    own_database("app")
    world, happened = make_world(), vars(report)["happened"]
    seen: list[Thread] = []

    def meanwhile(*given: Any, **named: Any) -> Any:
        seen.append(started(revoke, world))
        assert waits(), "what the write stands on ended while it was under way"
        return happened(*given, **named)

    monkeypatch.setattr(report, "happened", meanwhile)
    write(world)
    seen[0].join(SOON)
    assert not seen[0].is_alive()
    with pytest.raises(Refused):
        write(world)
    assert written(world, own_database) == (1, 1)


@pytest.mark.parametrize("revoke", [ended, post_ended])
def test_what_has_ended_before_it_is_held_refuses_the_write(
    own_database: Any, monkeypatch: pytest.MonkeyPatch, revoke: Callable[[World], None]
) -> None:
    own_database("app")
    world, judge = make_world(), act.judge
    judged: list[Any] = []

    def meanwhile(*given: Any, **named: Any) -> Any:
        decision = judge(*given, **named)
        if not judged:
            judged.append(decision)
            started(revoke, world).join(SOON)
        return decision

    monkeypatch.setattr(act, "judge", meanwhile)
    with pytest.raises(Refused):
        write(world)
    assert judged, "it was allowed when it was first judged"
    assert written(world, own_database) == (0, 1)


def test_who_stands_towards_the_child_in_another_way_too_still_writes(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    own_database("app")
    world, judge = make_world(), act.judge
    judged: list[Any] = []
    with acting_as(factories.feed_post(), NOW):
        Relationship(
            kind=Kind.FRONT_DOOR, child=world.child, holder_team=world.worker.team, from_at=NOW, because="test", source_label="tests"
        ).save(force_insert=True)

    def meanwhile(*given: Any, **named: Any) -> Any:
        judged.append(judge(*given, **named))
        if len(judged) == 1:
            started(ended, world).join(SOON)
        return judged[-1]

    monkeypatch.setattr(act, "judge", meanwhile)
    write(world)
    assert len(judged) == 2
    assert written(world, own_database) == (1, 0)
