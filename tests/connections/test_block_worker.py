"""A worker is kept out of a child's record, silently or by their own word; what they had to do goes to their manager with the next tick."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.agencies.models import Post, User
from atlas.connections.commands import block_worker, record_tie
from atlas.connections.models import Tie
from atlas.gate.act import Invalid, Refused
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Block, BlockSource
from atlas.tasks.handover import SUBJECT
from atlas.tasks.models import Alert, Task
from atlas.tick import tick
from tests import factories
from tests.connections.test_ties import privacy_officer, siblings
from tests.factories import NOW
from tests.missing.test_spine import BACK, reported, returned
from tests.tasks.test_tick import service
from tests.world import World, make_world

LATER = NOW + timedelta(minutes=5)
SILENT = "asked that this worker be kept out"


def with_line(world: World) -> World:
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    world.worker.refresh_from_db()
    return world


def page(client: Any, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return str(answer.content.decode())


@pytest.mark.django_db
def test_a_worker_is_kept_out_at_once_in_every_post_and_is_not_told(signed_in: Any) -> None:
    world = make_world()
    second = factories.post("emergency_duty", of=factories.team("Emergency duty"))
    second.user = world.worker.user
    second.save()
    block_worker(
        child=world.child, user=world.worker.user, source=BlockSource.WISH, because="Mum's ex works there", by=world.manager, at=NOW
    )
    for post in (world.worker, second):
        with acting_as(post, LATER):
            assert not Block.objects.exists()
    client = signed_in(world.worker, LATER)
    assert client.get(f"/child/{world.child.pk}/").status_code == 404
    own = page(client, "connections:view_my_connections")
    assert "You have declared nothing" in own
    assert SILENT not in own


@pytest.mark.django_db
def test_block_worker_is_for_the_line_and_the_privacy_officer_and_never_for_oneself() -> None:
    world = make_world()
    officer = privacy_officer(world)
    for post in (world.worker, world.coordinator, world.police, world.interviewer, world.stranger):
        with pytest.raises(Refused):
            block_worker(child=world.child, user=world.police.user, source=BlockSource.MANAGER, by=post, at=NOW)
    block_worker(child=world.child, user=world.police.user, source=BlockSource.MANAGER, by=officer, at=NOW)
    for user, source in (
        (officer.user, BlockSource.MANAGER), (world.police.user, BlockSource.WISH), (world.worker.user, BlockSource.DECLARED),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            block_worker(child=world.child, user=user, source=source, by=officer, at=LATER)
    with acting_as(world.manager, LATER), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        # Nobody declares in another's name.
        Block.objects.create(child=world.child, user=world.worker.user, because="x", source="declared", from_at=NOW, made_by=world.manager)


@pytest.mark.django_db
def test_the_pages_show_who_is_kept_out_to_those_who_answer_for_it(signed_in: Any) -> None:
    world = make_world()
    other, officer = siblings(world), privacy_officer(world)
    for post in (world.manager, officer):
        client = signed_in(post, LATER)
        assert "Nobody is kept out" in page(client, "connections:view_blocks", world.child.pk)
    address = reverse("connections:block_worker", args=[world.child.pk])
    assert "Choose a worker" in page(client, "connections:block_worker", world.child.pk)
    assert client.post(address, {"source": "wish"}).status_code == 422
    sent = {"worker": str(world.worker.user_id), "source": "wish", "because": "They fell out", "key": "once"}
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    shown = page(client, "connections:view_blocks", world.child.pk)
    assert world.worker.user.name in shown
    assert SILENT in shown
    with acting_as(officer, LATER):
        assert Block.objects.count() == 1
    # The manager of the brother's worker sees it there too, through the tie.
    through = page(client, "connections:view_blocks", other.pk)
    assert world.worker.user.name in through
    assert f"Through {world.child.name}" in through
    for post in (world.worker, world.coordinator):
        assert signed_in(post, LATER).get(reverse("connections:view_blocks", args=[world.child.pk])).status_code == 404
    # To the one who is kept out, the pages of the children show nothing of it.
    assert signed_in(world.worker, LATER).get(reverse("connections:view_ties", args=[other.pk])).status_code == 404


@pytest.mark.django_db
def test_family_and_household_are_written_down_seen_and_ended(signed_in: Any) -> None:
    world = make_world()
    siblings(world)
    third = factories.child("Alex Rowan")
    client = signed_in(privacy_officer(world), LATER)
    address = reverse("connections:record_tie", args=[world.child.pk])
    born = {"born_on_0": "4", "born_on_1": "3", "born_on_2": "2011"}
    said = {"name": "alex rowan", **born, "kind": "household", "grade": "told", "source": "The grandmother"}
    assert client.get(address).status_code == 200
    assert client.post(address, said | {"name": "Nobody Here"}).status_code == 422
    assert client.post(address, said).status_code == 302
    shown = page(client, "connections:view_blocks", world.child.pk)
    assert "Alex Rowan" in shown
    assert "Robin Example" in shown
    seen = page(signed_in(world.worker, LATER), "connections:view_ties", world.child.pk)
    assert "Robin Example" in seen
    assert "Alex Rowan" not in seen  # a child whom this worker may not see
    with acting_as(world.manager, LATER):
        tie = Tie.objects.get(tied=third.pk)
    client = signed_in(world.manager, LATER)
    ending = reverse("connections:end_tie", args=[tie.pk])
    assert client.get(ending).status_code == 200
    assert client.post(ending, {"is_error": "yes"}).status_code == 302
    with acting_as(world.manager, LATER):
        tie.refresh_from_db()
    assert (tie.is_error, tie.until_at) == (True, LATER)


@pytest.mark.django_db
def test_one_s_own_list_is_one_s_own_and_no_look_at_the_child(signed_in: Any) -> None:
    world = make_world()
    client = signed_in(world.worker, NOW)
    form = f"/child/{world.child.pk}/declare_connection/"
    assert "Nobody asks you why" in client.get(form).content.decode()
    assert client.post(form, {"because": "My niece's friend"}).status_code == 302
    shown = page(client, "connections:view_my_connections")
    assert "My niece" in shown
    assert world.child.name not in shown
    assert "My niece" not in page(signed_in(world.manager, NOW), "connections:view_my_connections")
    with acting_as(world.worker, LATER):
        from atlas.gate.models import Look

        assert not Look.objects.filter(page="view_my_connections").exists()
        assert Act.objects.filter(command="declare_connection", outcome="done").count() == 1


def test_tick_hands_over_what_a_blocked_worker_had_to_do_and_asks_for_another(own_database: Any) -> None:
    world, by = with_line(make_world()), service()
    reported(world)
    with acting_as(world.worker, BACK):
        alert = Alert.objects.get(reason=Alert.Reason.CHILD_MISSING)
        assert alert.owner_post == world.worker
    own_database("tick")
    assert tick(by=by, at=NOW).given_on == 0
    own_database("app")
    block_worker(child=world.child, user=world.worker.user, source=BlockSource.MANAGER, by=world.manager, at=NOW)
    own_database("tick")
    assert tick(by=by, at=LATER).given_on > 1
    assert tick(by=by, at=LATER).given_on == 0
    own_database("app")
    with acting_as(world.manager, LATER):
        assert Alert.objects.get(reason=Alert.Reason.CHILD_MISSING).owner_post == world.manager
        named = Task.objects.get(name="Name another worker for this child")
        assert named.owner_post == world.manager
        assert not Task.objects.filter(owner_post=world.worker, state="open").exists()
    with acting_as(world.worker, LATER), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM gate_shut_work()")
        assert cursor.fetchone() == (0,)  # tick's alone
        assert not Task.objects.exists()


def test_a_new_tie_and_a_later_allocation_are_handed_over_too_and_a_blocked_manager_is_passed_over(own_database: Any) -> None:
    world, by = with_line(make_world()), service()
    returned(world)
    head = factories.post("head_of_service", of=factories.team("Leadership"))
    Post.objects.filter(pk=world.manager.pk).update(line_manager=head)
    other = factories.child("Robin Sorrel")
    officer = privacy_officer(world)
    for user in (world.worker.user, world.manager.user):
        block_worker(child=other, user=user, source=BlockSource.MANAGER, by=officer, at=NOW)
    own_database("tick")
    assert tick(by=by, at=BACK).given_on == 0
    own_database("app")
    record_tie(child=world.child, other=other, kind=Tie.Kind.SIBLING, grade=Tie.Grade.TOLD, source="Their mother", by=officer, at=BACK)
    own_database("tick")
    assert tick(by=by, at=BACK + timedelta(minutes=1)).given_on > 0
    own_database("app")
    with acting_as(head, BACK + timedelta(minutes=2)):
        owners = set(Task.objects.filter(state="open").values_list("owner_post", flat=True))
    assert owners - {None} == {head.pk}


def test_the_manager_is_told_once_that_somebody_declared_and_never_of_whom(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world, by = with_line(make_world()), service()
    User.objects.filter(pk=world.manager.user_id).update(email="manager@example.org")
    sent: list[dict[str, str]] = []
    monkeypatch.setattr("atlas.tasks.handover.send_email.defer", lambda **mail: sent.append(mail))
    declare_connection(child=world.child, by=world.worker, at=NOW)
    block_worker(child=world.child, user=world.police.user, source=BlockSource.WISH, by=world.manager, at=NOW)
    own_database("tick")
    assert tick(by=by, at=LATER).declarations == 1
    assert tick(by=by, at=LATER).declarations == 0
    (mail,) = [mail for mail in sent if mail["subject"] == SUBJECT]
    assert mail["to"] == "manager@example.org"
    assert world.worker.user.name in mail["words"]
    assert world.child.name not in mail["words"]
    with connection.cursor() as cursor:
        for column in ("child_id", "because", "user_id"):
            cursor.execute("SELECT has_column_privilege(current_user, 'gate_block', %s, 'SELECT')", [column])
            assert cursor.fetchone() == (False,)
