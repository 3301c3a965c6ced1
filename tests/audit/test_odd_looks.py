"""Odd looks: each kind is found once, none without a reason; the queue is the privacy officer's, and never the worker's."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.agencies.models import AgencyKind, Post
from atlas.allocation.commands import record_allocation
from atlas.audit.commands import close_odd_look
from atlas.audit.finding import find_odd_looks
from atlas.audit.models import LooksChecked, OddLook
from atlas.audit.queries import odd_looks, worked_by_agency
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, Refused
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Look
from atlas.statuses.commands.record import Said, record_undated
from atlas.statuses.models import Family
from tests import factories
from tests.audit.test_record import privacy_officer
from tests.factories import NOW, at
from tests.world import make_world

DAY = at("5 May 2026 11:00")
NIGHT = at("6 May 2026 03:00")
LATE = at("5 May 2026 22:30")


def look(
    post: Post, child: Any = None, when: Any = DAY, event: str = "open", found: Any = (), through: Any = ("allocated",), terms: Any = None
) -> Look:
    with acting_as(post, when):
        children = [child.pk] if child else list(found)
        return Look.objects.create(
            event=event,
            page="view_child",
            post=post,
            about_child=child.pk if child else None,
            children=children,
            through=list(through),
            terms=terms,
            looked_at=when,
            policy="p",
        )


def tick_post() -> Post:
    found = factories.post("tick", of=factories.team("Systems"))
    Post.objects.filter(pk=found.pk).update(is_service=True)
    return found


@pytest.fixture
def found(own_database: Any) -> Any:
    """Looks of every odd kind, and ordinary ones; then a night."""
    own_database("app")
    world = make_world()
    family = [factories.child(name) for name in ("Robin Rowan", "Alex Rowan")]
    for number, child in enumerate(family):
        said = Said(Family, f"F{number}", None, None, NOW, (("number", "77"),))
        record_undated(child=child, said=said, by=factories.feed_post(), at=NOW)
    same_name = factories.post("practitioner")
    same_name.user.last_name = "EXAMPLE"
    same_name.user.save()
    leaver = factories.post("practitioner")
    Post.objects.filter(pk=leaver.pk).update(until_on=date(2026, 5, 12))
    on_shift, friend, trawler, nobody = (factories.post("practitioner") for _ in range(4))
    factories.shift(on_shift, LATE.date())
    record_allocation(child=family[0], post=friend, from_at=Moment(NOW - timedelta(days=9)), by=factories.feed_post(), at=NOW)
    strangers = [world.child.pk, *(factories.child(f"Sam Sorrel{number}").pk for number in range(9))]
    expected = {
        ("own_surname", same_name.pk, world.child.pk): look(same_name, world.child).pk,
        ("leaver", leaver.pk, None): look(leaver, family[0]).pk,
        ("out_of_hours", world.worker.pk, None): look(world.worker, world.child, LATE).pk,
        ("own_circle", friend.pk, family[1].pk): look(friend, family[1]).pk,
        ("unallocated", nobody.pk, family[1].pk): look(nobody, family[1], through=()).pk,
        ("searches", trawler.pk, None): min(
            look(trawler, when=DAY + timedelta(minutes=55), event="search", found=strangers[:3]).pk,
            *(look(trawler, when=DAY + timedelta(minutes=56 + number), event="search", terms=[f"#{number}"]).pk for number in range(9)),
        ),
    }
    declare_connection(child=family[0], by=friend, at=LATE)  # after the look: from now on the whole family is shut to them
    look(leaver, family[1])  # the second of the day: the same finding
    look(on_shift, family[0], LATE)
    look(world.worker, world.child)
    for number in range(18):  # nine different ones, each twice; and a tenth when the hour is over
        look(world.manager, when=DAY + timedelta(minutes=1), event="search", terms=[f"#{number // 2}"])
    look(world.manager, when=DAY + timedelta(minutes=62), event="search", terms=["#10"])
    tick, privacy = tick_post(), privacy_officer(world)
    own_database("tick")
    return world, expected, tick, privacy


def test_find_odd_looks_finds_each_kind_once_and_nothing_without_a_reason(found: Any) -> None:
    _world, expected, tick, _ = found
    assert find_odd_looks(by=tick, at=at("6 May 2026 01:00")) == 0  # the day is hardly over
    assert find_odd_looks(by=tick, at=NIGHT) >= len(expected)
    assert find_odd_looks(by=tick, at=NIGHT + timedelta(hours=1)) == 0
    with acting_as(tick, NIGHT):
        rows = list(OddLook.objects.exclude(reason="random"))
        assert {(row.reason, row.post_id, row.child_id): row.look for row in rows} == expected
        assert next(row.looks for row in rows if row.reason == "leaver") == 2
        assert {row.due_on for row in rows} == {date(2026, 5, 13)}
    assert LooksChecked.objects.count() == 7


def test_one_look_in_a_hundred_is_drawn_the_same_each_time(own_database: Any) -> None:
    own_database("app")
    world = make_world()
    with acting_as(world.worker, DAY):
        for _ in range(3000):
            Look.objects.create(
                event="open", page="view_child", post=world.worker, about_child=world.child.pk, children=[world.child.pk], through=["allocated"],
                looked_at=DAY, policy="p",
            )  # fmt: skip
    tick = tick_post()
    own_database("tick")
    drawn = []
    for _ in range(2):
        with acting_as(tick, NIGHT), connection.cursor() as cursor:
            cursor.execute("SELECT look, looks FROM gate_odd_looks(%s, %s) WHERE reason = 'random'", [DAY, DAY + timedelta(hours=1)])
            drawn.append(cursor.fetchall())
    assert drawn[0] == drawn[1]
    assert 10 <= drawn[0][0][1] <= 60


def test_only_tick_finds_and_only_the_agencys_privacy_officer_sees(found: Any, own_database: Any) -> None:
    world, expected, tick, privacy = found
    find_odd_looks(by=tick, at=NIGHT)
    own_database("app")
    with acting_as(privacy, NIGHT), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM gate_odd_looks(%s, %s)", [DAY - timedelta(days=1), NIGHT])
        assert cursor.fetchone() == (0,)
        assert {row.reason for row in odd_looks()} >= {reason for reason, *_ in expected}
    elsewhere = factories.post("privacy_officer", of=factories.team("Data", of=factories.agency("Northmarch Police", AgencyKind.POLICE)))
    # The worker looked into is a privacy officer too, in another post: still not shown to them.
    second = Post.objects.create(
        user=world.worker.user, team=privacy.team, title="Privacy officer", role="privacy_officer", from_on=factories.LONG_AGO
    )
    for post in (world.worker, world.manager, elsewhere, factories.administrator()):
        with acting_as(post, NIGHT):
            assert not odd_looks().exists(), post
    with acting_as(second, NIGHT):
        assert not odd_looks().filter(post=world.worker).exists()
        assert odd_looks().exists()
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(privacy, NIGHT):
        OddLook.objects.all().delete()


def test_close_odd_look_needs_an_outcome_and_words_and_is_counted(found: Any, own_database: Any) -> None:
    world, _, tick, privacy = found
    find_odd_looks(by=tick, at=NIGHT)
    own_database("app")
    with acting_as(privacy, NIGHT):
        first, second = odd_looks().exclude(reason="random")[:2]
        all_found = odd_looks().count()
    for words, outcome in ((" ", "justified"), ("Asked the manager.", "guilty")):
        with pytest.raises(Invalid):
            close_odd_look(odd_look=first, outcome=outcome, words=words, by=privacy, at=NIGHT)
    with pytest.raises(Refused):
        close_odd_look(odd_look=first, outcome="justified", words="Mine.", by=world.manager, at=NIGHT)
    close_odd_look(odd_look=first, outcome="justified", words="On call that night.", by=privacy, at=NIGHT + timedelta(days=2))
    close_odd_look(odd_look=second, outcome="needs_more", words="Asked the manager.", by=privacy, at=NIGHT + timedelta(days=2))
    with pytest.raises(Invalid, match="closed this already"):
        close_odd_look(odd_look=first, outcome="training", words="Again.", by=privacy, at=NIGHT)
    with acting_as(privacy, NIGHT + timedelta(days=10)):
        worked = worked_by_agency(NIGHT + timedelta(days=10))[0]
        assert (worked.found, worked.open, worked.outcomes["justified"], worked.late) == (all_found, all_found - 1, 1, all_found - 1)
        assert worked.days == pytest.approx(2)
        assert Act.objects.filter(command="close_odd_look", outcome="done").count() == 2


def test_the_queue_in_all_its_states(found: Any, own_database: Any, signed_in: Any) -> None:
    world, _, tick, privacy = found
    own_database("app")
    queue = reverse("audit:view_odd_looks")
    assert "Nothing waits" in signed_in(privacy, NIGHT + timedelta(days=9)).get(queue).text
    own_database("tick")
    find_odd_looks(by=tick, at=NIGHT)
    own_database("app")
    client = signed_in(privacy, NIGHT + timedelta(days=9))
    answer = client.get(queue)
    assert answer.status_code == 200, (answer.status_code, answer.headers)
    page = answer.text
    assert "same surname" in page
    assert "Late" in page
    with acting_as(privacy, NIGHT):
        one = odd_looks().get(reason="own_surname")
    address = reverse("audit:close_odd_look", args=[one.pk])
    wrong = client.post(address, {"words": "They are cousins.", "key": "k1"})
    assert wrong.status_code == 422
    assert "They are cousins." in wrong.text
    assert client.post(address, {"words": "Not related.", "outcome": "justified", "key": "k2"}).status_code == 302
    assert "There was a good reason" in client.get(f"{queue}?show=closed").text
    for post in (world.worker, world.manager):
        assert signed_in(post, NIGHT).get(queue).status_code == 404
        assert signed_in(post, NIGHT).get(address).status_code == 404
