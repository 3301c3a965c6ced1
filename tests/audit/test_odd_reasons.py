"""Odd looks that take more than one day, or the worker's own home, to see; and what was asked once is not asked again."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from atlas.agencies.models import Post
from atlas.audit.commands import close_odd_look
from atlas.audit.finding import find_odd_looks
from atlas.audit.models import OddLook
from atlas.audit.queries import odd_looks
from atlas.children.models import Child
from atlas.connections.commands import Home, make_declaration
from atlas.gate.context import acting_as
from atlas.gate.models import Act
from tests import factories
from tests.audit.test_odd_looks import DAY, NIGHT, look, tick_post
from tests.audit.test_record import privacy_officer
from tests.connections.test_suggestions import rings
from tests.connections.test_ties import lives_at
from tests.factories import NOW
from tests.world import make_world

DUTY = ("team_duty",)


def found(reason: str, by: Post, when: datetime = NIGHT) -> set[tuple[Any, Any]]:
    """(post, child) of what was found for this reason on the day before."""
    with acting_as(by, when):
        day = (when - timedelta(days=1)).date()
        return set(OddLook.objects.filter(reason=reason, day=day).values_list("post", "child"))


@pytest.fixture
def world(own_database: Any) -> Any:
    own_database("app")
    return make_world()


def night(own_database: Any, when: datetime = NIGHT) -> Post:
    """Let tick go through the days before; returns its post."""
    own_database("app")
    tick = Post.objects.filter(is_service=True, role="tick").first() or tick_post()
    own_database("tick")
    find_odd_looks(by=tick, at=when)
    return tick


def writes(post: Post, child: Child, when: datetime) -> None:
    """Something done about the child, as acts are written."""
    with acting_as(post, when):
        Act.objects.create(command="add_note", post=post, child_id=child.pk, outcome="done", acted_at=when, policy="p")


def test_a_child_of_the_worker_s_own_street_or_telephone(world: Any, own_database: Any) -> None:
    near, rung, far, gone = (factories.child(name) for name in ("Ash Aspen", "Bo Birch", "Cy Cedar", "Di Dale"))
    lives_at(near, "40 Example Row")
    rings(rung, "07700 900123")
    lives_at(far, "40 Example Row", "ZZ9 9ZZ")
    make_declaration(home=Home((), "12", "Example Row", "zz1 1zz", ("+44 7700 900123",)), by=world.worker, at=NOW)
    colleague = factories.post("practitioner")
    for child in (near, rung, far, gone):
        look(world.worker, child)
        look(colleague, child)
    tick = night(own_database)
    assert found("own_street", tick) == {(world.worker.pk, near.pk), (world.worker.pk, rung.pk)}


def test_many_more_children_than_on_the_worker_s_own_ordinary_days(world: Any, own_database: Any) -> None:
    children = [factories.child(f"Sam Sorrel{number}") for number in range(24)]
    trawls, steady, new = (factories.post("practitioner") for _ in range(3))
    for back in range(1, 11):
        for post, many in ((trawls, 5), (steady, 8)):
            for child in children[:many]:
                look(post, child, DAY - timedelta(days=back))
    for post, many in ((trawls, 15), (steady, 23), (new, 24)):  # three times as many, not quite three times, no ordinary days yet
        for child in children[:many]:
            look(post, child)
    tick = night(own_database)
    assert found("many", tick) == {(trawls.pk, None)}


def test_who_comes_back_without_writing_and_does_not_answer_for_the_child(world: Any, own_database: Any) -> None:
    child = factories.child("Ash Aspen")
    returns, writer, answers, twice = (factories.post("practitioner") for _ in range(4))
    for back in (0, 3, 20):
        look(returns, child, DAY - timedelta(days=back), through=DUTY)
        look(writer, child, DAY - timedelta(days=back), through=DUTY)
        look(answers, child, DAY - timedelta(days=back), through=("line",))
    for back in (0, 3, 40):
        look(twice, child, DAY - timedelta(days=back), through=DUTY)
    writes(writer, child, DAY - timedelta(days=20))
    tick = night(own_database)
    assert found("returning", tick) == {(returns.pk, child.pk)}


def test_a_child_whom_five_look_at_who_do_not_answer_for_them(world: Any, own_database: Any) -> None:
    known, quiet = factories.child("Ash Aspen"), factories.child("Bo Birch")
    curious = [factories.post("practitioner") for _ in range(5)]
    for post in curious:
        look(post, known, through=DUTY)
    for post in curious[:4]:
        look(post, quiet, through=DUTY)
    busy = factories.post("practitioner")
    look(busy, known, through=DUTY)
    look(busy, quiet, through=DUTY)
    writes(busy, known, DAY)
    writes(busy, quiet, DAY)
    look(world.worker, quiet)  # allocated
    tick = night(own_database)
    assert found("crowd", tick) == {(post.pk, known.pk) for post in curious}


def test_the_fortnight_before_an_end_that_became_known_late_is_looked_through_once(world: Any, own_database: Any) -> None:
    leaver = factories.post("practitioner")
    for back in (4, 2):
        look(leaver, world.child, DAY - timedelta(days=back))
    tick = night(own_database)
    assert found("leaver", tick) == set()
    own_database("app")
    Post.objects.filter(pk=leaver.pk).update(until_on=date(2026, 5, 12))
    after = NIGHT + timedelta(days=1)
    night(own_database, after)
    with acting_as(tick, after):
        assert list(OddLook.objects.filter(reason="leaver").values_list("post", "looks")) == [(leaver.pk, 2)]
    night(own_database, after + timedelta(days=1))
    with acting_as(tick, after):
        assert OddLook.objects.filter(reason="leaver").count() == 1


@pytest.mark.parametrize(("outcome", "is_asked_again"), [("justified", False), ("misuse", True), ("", False)])
def test_what_is_asked_or_was_justified_is_not_asked_again_for_a_quarter(
    world: Any, own_database: Any, outcome: str, is_asked_again: bool
) -> None:
    cousin, privacy = factories.post("practitioner"), privacy_officer(world)
    cousin.user.last_name = "EXAMPLE"
    cousin.user.save()
    look(cousin, world.child)
    tick = night(own_database)
    own_database("app")
    with acting_as(privacy, NIGHT):
        one = odd_looks().get(reason="own_surname")
    if outcome:
        close_odd_look(odd_look=one, outcome=outcome, words="Asked the manager.", by=privacy, at=NIGHT)
    for days in (10, 95):
        own_database("app")
        look(cousin, world.child, DAY + timedelta(days=days))
        night(own_database, NIGHT + timedelta(days=days))
    with acting_as(tick, NIGHT):
        days_found = OddLook.objects.filter(reason="own_surname").order_by("day").values_list("day", flat=True)
        assert list(days_found) == [DAY.date() + timedelta(days=days) for days in ((0, 10) if is_asked_again else (0, 95))]


def test_nobody_but_tick_is_answered(world: Any, own_database: Any) -> None:
    look(world.worker, world.child, through=())
    privacy = privacy_officer(world)
    for post in (privacy, world.worker):
        with transaction.atomic(), acting_as(post, NIGHT), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM gate_odd_looks(%s, %s)", [DAY - timedelta(days=1), NIGHT])
            assert cursor.fetchone() == (0,)
