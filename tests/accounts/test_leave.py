"""A leaver ends at this second: the next statement sees nothing, and the record says when (protection.md 4.8)."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from atlas.accounts.commands import extend_post
from atlas.agencies.commands import end_post
from atlas.agencies.models import Post
from atlas.audit.models import OddLook
from atlas.children.models import Child
from atlas.gate.act import Invalid
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import Relationship
from tests import factories
from tests.accounts.people import browser, sign_in, worker
from tests.audit.test_odd_looks import look
from tests.audit.test_odd_reasons import night
from tests.factories import NOW
from tests.oversight.test_handover import give_task, owners
from tests.world import make_world

TODAY = NOW.date()


def elsewhere(act: Any) -> None:
    """Do something in a connection of its own, and commit it."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    other.start()
    other.join()


def test_the_next_statement_of_a_transaction_that_runs_sees_nothing(own_database: Any) -> None:
    own_database("app")
    world, admin = make_world(), factories.administrator()
    with acting_as(world.worker, NOW):
        assert Child.objects.count() == 1
        elsewhere(lambda: end_post(post=Post.objects.get(pk=world.worker.pk), last_on=None, by=admin, at=NOW))
        assert Child.objects.count() == 0
        assert not Relationship.objects.filter(child__isnull=False).exists()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE children_child SET name = 'x'")
            assert cursor.rowcount == 0
    ended = Post.objects.get(pk=world.worker.pk)
    assert (ended.ended_at, ended.until_on) == (NOW, TODAY - timedelta(days=1))


@pytest.mark.django_db
def test_the_session_ends_at_its_next_request_and_the_work_is_the_manager_s() -> None:
    admin, now = factories.administrator(), timezone.now()
    post = worker()
    client = sign_in(browser(), post)
    assert client.get("/clocks/time_limits/").status_code == 200
    end_post(post=post, last_on=None, by=admin, at=now)
    assert client.get("/clocks/time_limits/").status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_what_the_post_owns_goes_to_its_manager_at_once() -> None:
    world = make_world()
    give_task(world)
    end_post(post=world.worker, last_on=None, by=factories.administrator(), at=NOW + timedelta(days=1))
    assert {owner for owner, _ in owners(world, world.manager)} == {world.manager.pk}


@pytest.mark.django_db
def test_a_post_ends_on_the_day_on_which_it_began_and_no_second_time() -> None:
    admin, new = factories.administrator(), factories.post("practitioner")
    Post.objects.filter(pk=new.pk).update(from_on=TODAY)
    new.refresh_from_db()
    ended = end_post(post=new, last_on=None, by=admin, at=NOW)
    assert (ended.stands_on(TODAY), ended.ended_at) == (False, NOW)
    with pytest.raises(Invalid, match="ended already"):
        end_post(post=new, last_on=None, by=admin, at=NOW)


@pytest.mark.django_db
def test_it_stands_again_by_two_people_and_no_longer_says_that_it_ended(signed_in: Any) -> None:
    first = factories.administrator()
    second, post = factories.post("system_administrator", of=first.team), factories.post("practitioner")
    end_post(post=post, last_on=None, by=first, at=NOW)
    with acting_as(first, NOW), pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(until_on=None, ended_at=None)
    proposal: Any = extend_post(post=post, until_on=None, because="It was somebody else", by=first, at=NOW)
    shown = signed_in(second).get(reverse("desk:view_proposal", args=[proposal.pk])).text
    assert "goes on without a last day. Before: ended 5 May 2026 10:00." in shown, shown[shown.index("goes on") :][:200]
    approve_proposal(proposal=proposal, by=second, at=NOW)
    post.refresh_from_db()
    assert (post.until_on, post.ended_at) == (None, None)


@pytest.mark.django_db
def test_the_page_ends_it_now_or_with_a_day_and_says_when(signed_in: Any) -> None:
    admin, post, other = factories.administrator(), factories.post("practitioner"), factories.post("practitioner")
    client = signed_in(admin)
    page = reverse("accounts:end_post", args=[post.pk])
    assert "Now, at once" in client.get(page).text
    wrong = client.post(page, {"when": "day", "key": "k1"})
    assert (wrong.status_code, "Enter the last day" in wrong.text) == (422, True)
    assert client.post(page, {"when": "now", "key": "k2"}).status_code == 302
    post.refresh_from_db()
    assert post.ended_at == NOW
    day = {"last_on_0": "1", "last_on_1": "6", "last_on_2": "2026"}
    assert client.post(reverse("accounts:end_post", args=[other.pk]), {"when": "day", **day, "key": "k3"}).status_code == 302
    other.refresh_from_db()
    assert (str(other.until_on), other.ended_at) == ("2026-06-01", None)


def test_the_fortnight_before_an_end_at_once_is_looked_through(own_database: Any) -> None:
    own_database("app")
    world, gone = make_world(), factories.post("practitioner")
    end = NOW + timedelta(days=1)
    look(gone, world.child, NOW - timedelta(days=9))  # longer ago than tick goes back of itself
    end_post(post=gone, last_on=None, by=factories.administrator(), at=end)
    night_after = (end + timedelta(days=1)).replace(hour=3)
    tick = night(own_database, night_after)
    with acting_as(tick, night_after):
        assert [(row.post_id, row.looks, row.children) for row in OddLook.objects.filter(reason="leaver")] == [
            (gone.pk, 1, [world.child.pk])
        ]
