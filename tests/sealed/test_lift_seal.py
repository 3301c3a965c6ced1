"""Two people lift a seal: proposed by whoever keeps it, approved by a named custodian in another line; put back by the unsealer alone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from atlas.agencies.models import Post
from atlas.design.forms import new_key
from atlas.gate.act import Conflict, Invalid, Refused
from atlas.gate.commands import approve_proposal, declare_connection
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Outcome, Proposal
from atlas.gate.policy import PROPOSAL_LIFE
from atlas.people.models import ContactDetail
from atlas.sealed.asking import NotOpened, ask
from atlas.sealed.commands import end_custodian, lift_seal, name_custodian, seal_set
from atlas.sealed.models import SealedLocation, SealedSet, SealLift
from atlas.sealed.queries import is_location_sealed, sets_of
from atlas.sealed.rules import TooLong, details
from tests import factories
from tests.factories import NOW
from tests.sealed.given import VALUES, SealedWorld, opening, sealed_world, shown, signed, vetted_post
from tests.world import make_world

WHY = "The man who sought the family is in prison for life"


def given_now() -> SealedWorld:
    """The sealed world at the moment of the tests."""
    world, custodian = make_world(), vetted_post()
    sealing = seal_set(child=world.child, kind="location", values=VALUES, by=world.worker, at=NOW)
    name_custodian(child=world.child, post=custodian, by=world.manager, at=NOW)
    return SealedWorld(world, custodian, sealing)


def propose(given: SealedWorld, *, is_put_back: bool = False, by: Post | None = None, at: Any = NOW) -> Proposal:
    made = lift_seal(sealing=given.sealing, is_put_back=is_put_back, because=WHY, by=by or given.world.worker, at=at)
    assert isinstance(made, Proposal)
    return made


def is_sealed(given: SealedWorld, at: Any = NOW) -> bool:
    with acting_as(given.world.worker, at) as subject:
        sealed = {is_location_sealed(given.world.child.pk), bool(sets_of(subject, given.world.child))}
    assert len(sealed) == 1, "what is said of the location and its set differ"
    return sealed.pop()


def lift_row(given: SealedWorld, by: Post, **more: Any) -> SealLift:
    of = {"child": given.world.child, "sealing": given.sealing, "is_put_back": False, "because": "x", "lifted_at": NOW, **more}
    return SealLift(proposed_by=given.world.worker, lifted_by=by, **of)


@pytest.mark.django_db
def test_one_person_only_proposes_and_a_custodian_closes_the_set_as_the_act_of_both() -> None:
    given = given_now()
    proposal = propose(given)
    assert is_sealed(given)
    approve_proposal(proposal=proposal, by=given.custodian, at=NOW)
    assert not is_sealed(given)
    with acting_as(given.custodian, NOW):
        lift = SealLift.objects.get()
        assert (lift.proposed_by, lift.lifted_by, lift.because, lift.done_at) == (given.world.worker, given.custodian, WHY, NOW)
        act = Act.objects.get(command="lift_seal", outcome=Outcome.DONE)
        assert (act.post_id, act.proposed_by, act.about_id) == (given.custodian.pk, given.world.worker.pk, str(given.sealing.pk))
    with acting_as(factories.feed_post(), NOW):
        ContactDetail(person_id=given.world.child.pk, kind="address", text="1 Sample Row").save(force_insert=True)  # in clear again
    seal_set(child=given.world.child, kind="location", values=VALUES, by=given.world.worker, at=NOW + timedelta(minutes=1))
    assert is_sealed(given)


@pytest.mark.django_db
def test_nobody_lifts_alone_nor_two_who_are_not_a_pair() -> None:
    given = given_now()
    world, other = given.world, vetted_post()
    proposal = propose(given)
    with pytest.raises(Conflict, match="second person"):
        approve_proposal(proposal=proposal, by=world.worker, at=NOW)
    for by in (world.manager, world.stranger, other, factories.feed_post()):
        with pytest.raises(Refused):
            approve_proposal(proposal=proposal, by=by, at=NOW)
        with pytest.raises(Refused):
            propose(given, by=by)
    by_custodian = propose(given, by=given.custodian)
    with pytest.raises(Invalid, match="takes a custodian"):
        approve_proposal(proposal=by_custodian, by=world.worker, at=NOW)
    given.custodian.line_manager = world.worker
    given.custodian.save()
    with pytest.raises(Conflict, match="second person"):
        approve_proposal(proposal=proposal, by=given.custodian, at=NOW)
    name_custodian(child=world.child, post=other, by=world.manager, at=NOW)
    approve_proposal(proposal=by_custodian, by=other, at=NOW)
    assert not is_sealed(given)


@pytest.mark.django_db
@pytest.mark.parametrize("meanwhile", ["ended", "not vetted", "blocked", "left", "expired", "sealed again"])
def test_what_changed_between_the_first_and_the_second_lifts_nothing(meanwhile: str) -> None:
    given, at = given_now(), NOW + timedelta(hours=1)
    proposal = propose(given)
    error: type[Exception] = Refused
    if meanwhile == "ended":
        end_custodian(child=given.world.child, post=given.custodian, by=given.world.manager, at=NOW)
    elif meanwhile == "not vetted":
        Post.objects.filter(pk=given.custodian.pk).update(vetted_until=NOW.date() - timedelta(days=1))
        given.custodian.refresh_from_db()
    elif meanwhile == "blocked":
        declare_connection(child=given.world.child, by=given.custodian, at=NOW)
    elif meanwhile == "left":
        Post.objects.filter(pk=given.world.worker.pk).update(until_on=NOW.date() - timedelta(days=1))
        error = Conflict
    elif meanwhile == "expired":
        at, error = NOW + PROPOSAL_LIFE, Conflict
    else:
        seal_set(
            child=given.world.child, kind="location", values={"gp": "Sample Surgery"}, by=given.world.worker, at=NOW + timedelta(minutes=1)
        )
        error = Invalid
    with pytest.raises(error):
        approve_proposal(proposal=proposal, by=given.custodian, at=at)
    with acting_as(factories.feed_post(), NOW):
        assert is_location_sealed(given.world.child.pk)


@pytest.mark.django_db
def test_the_database_lifts_for_no_single_login_and_writes_what_was_approved() -> None:
    given = given_now()
    world, custodian = given.world, given.custodian
    proposal = propose(given)
    for by in (world.worker, custodian):  # no approval in this transaction
        with pytest.raises(DatabaseError, match="takes a second person"), acting_as(by, NOW):
            lift_row(given, by).save(force_insert=True)
    for statement in (
        "UPDATE sealed_sealedset SET lifted_at = now()",
        "UPDATE sealed_sealedlocation SET until_at = now()",
        "UPDATE sealed_seallift SET done_at = now()",
        "SELECT sealed.end_set(gen_random_uuid(), gen_random_uuid(), 'location', now())",
        "SELECT sealed.release(gen_random_uuid(), '{}')",
        "SELECT sealed.put_back(gen_random_uuid(), '[]', '{}')",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), acting_as(custodian, NOW), connection.cursor() as cursor:
            cursor.execute(statement)
    by_custodian = propose(given, by=custodian)
    with acting_as(world.worker, NOW):
        Proposal.objects.filter(pk=by_custodian.pk).update(state="approved", decided_by=world.worker)
        with pytest.raises(DatabaseError, match="who is a custodian"), transaction.atomic():
            lift_row(given, world.worker).save(force_insert=True)
    with acting_as(custodian, NOW):
        Proposal.objects.filter(pk=proposal.pk).update(state="approved", decided_by=custodian)
        other = seal_set(child=world.child, kind="source", values={"name": "Sample Person"}, by=custodian, at=NOW)
        with pytest.raises(DatabaseError, match="takes a second person"), transaction.atomic():
            lift_row(given, custodian, sealing=other).save(force_insert=True)
        forged = lift_row(given, custodian, is_put_back=True, because="Something else", lifted_at=NOW + timedelta(days=9))
        forged.save(force_insert=True)
        forged.refresh_from_db()
        assert (forged.is_put_back, forged.because, forged.lifted_at, forged.done_at) == (False, WHY, NOW, NOW)
        assert list(SealedSet.objects.filter(lifted_at__isnull=True)) == [other]
        with pytest.raises(DatabaseError, match="not the one that was proposed"), transaction.atomic():
            lift_row(given, custodian).save(force_insert=True)  # twice on one approval


@pytest.mark.django_db
def test_only_a_location_goes_back_and_only_once() -> None:
    given = given_now()
    source = seal_set(child=given.world.child, kind="source", values={"name": "Sample Person"}, by=given.world.worker, at=NOW)
    with pytest.raises(Invalid, match="Close this set"):
        lift_seal(sealing=source, is_put_back=True, because=WHY, by=given.world.worker, at=NOW)
    first, second = propose(given), propose(given)
    approve_proposal(proposal=first, by=given.custodian, at=NOW)
    with pytest.raises(Conflict, match="decided already"):
        approve_proposal(proposal=first, by=given.custodian, at=NOW)
    with pytest.raises(Conflict, match="has changed"):
        approve_proposal(proposal=second, by=given.custodian, at=NOW)
    with pytest.raises(Invalid, match="sealed again, or lifted"):
        propose(given)


def test_what_is_lifted_opens_to_nobody_also_where_it_stands_open(own_database: Any) -> None:
    given, at = sealed_world(), timezone.now()
    own_database("unsealer")
    assert opening(signed(given.custodian), given.world.child) == "allowed"
    own_database("app")
    approve_proposal(proposal=propose(given, at=at), by=given.custodian, at=at)
    own_database("unsealer")
    assert shown(signed(given.custodian), given.world.child) == ("not open", 0)
    assert opening(signed(given.custodian), given.world.child) == "nothing sealed"


def released(text: str, lift: Any, verb: str = "release") -> str:
    """What the unsealer's own login is answered: the code."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('atlas.context', %s, true)", [text])
        if verb == "release":
            cursor.execute("SELECT code FROM sealed.release(%s, '{}')", [lift])
        else:
            cursor.execute("SELECT sealed.put_back(%s, '[]', '{}')", [lift])
        return str(cursor.fetchone()[0])


def test_the_unsealer_puts_back_only_what_two_people_lifted_for_whoever_may_and_has_just_proved_it(own_database: Any) -> None:
    given, at = sealed_world(), timezone.now()
    proposal = propose(given, is_put_back=True, at=at)
    approve_proposal(proposal=proposal, by=given.custodian, at=at)
    assert is_sealed(given, at)  # until it is put back
    with acting_as(given.custodian, at):
        lift = SealLift.objects.get().pk
    own_database("unsealer")
    world = given.world
    for verb in ("release", "put_back"):
        for text, of, code in (
            ("", lift, "no token"),
            (signed(given.custodian), uuid4(), "nothing lifted"),
            (signed(given.custodian, proved=None), lift, "not proved"),
            (signed(given.custodian, at=at - timedelta(minutes=5)), lift, "another moment"),
            (signed(world.manager), lift, "no relationship"),
            (signed(world.stranger), lift, "no relationship"),
            (signed(world.police), lift, "not in role"),
        ):
            assert released(text, of, verb) == code, (verb, code)
    once = signed(given.custodian)
    assert [released(once, lift), released(once, lift)] == ["allowed", "replayed"]
    own_database("app")
    seal_set(child=world.child, kind="location", values={"gp": "Sample Surgery"}, by=world.worker, at=timezone.now())
    own_database("unsealer")
    assert [released(signed(given.custodian), lift, verb) for verb in ("release", "put_back")] == ["sealed again"] * 2
    own_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sealed.box WHERE sealing <> %s", [given.sealing.pk])
        cursor.execute("DELETE FROM sealed_sealedset WHERE id <> %s", [given.sealing.pk])
        cursor.execute("ALTER TABLE sealed_seallift DISABLE TRIGGER sealed_lifting")
        cursor.execute("UPDATE sealed_seallift SET lifted_at = lifted_at - interval '8 days'")
    own_database("unsealer")
    assert released(signed(given.custodian), lift) == "lifted too long ago"


def test_the_pages_from_lifting_to_reading_it_in_clear_again(running: SealedWorld, signed_in: Any) -> None:
    at, world = timezone.now(), running.world
    custodians = reverse("sealed:view_custodians", args=[world.child.pk])
    client, path = signed_in(world.worker, at), reverse("sealed:lift_seal", args=[running.sealing.pk])
    assert path in client.get(custodians).content.decode()
    assert client.post(path, {"key": new_key()}).status_code == 422
    proposal_path = client.post(path, {"key": new_key(), "becomes": "put_back", "because": WHY})["Location"]
    client = signed_in(running.custodian, at)
    assert "sealed no longer" in client.get(proposal_path).content.decode()
    client.post(proposal_path.replace("view_proposal", "approve_proposal"), {"key": new_key()})
    assert custodians in client.get(proposal_path).content.decode()
    with acting_as(running.custodian, at):
        lift = SealLift.objects.get()
        assert lift.done_at is None
    putting = reverse("sealed:put_back_set", args=[lift.pk])
    assert putting in client.get(custodians).content.decode()
    assert signed_in(world.manager, at).get(putting).status_code == 404
    client = signed_in(running.custodian, at)
    assert WHY in client.get(putting).content.decode()
    assert client.post(putting, {"key": new_key()})["Location"] == custodians
    text = client.get(custodians, follow=True).content.decode()
    assert "Put back" in text
    assert putting not in text
    assert not any(value in text for value in VALUES.values())
    assert client.post(putting, {"key": new_key()}).status_code == 422  # done already
    with acting_as(world.worker, at):
        held = ContactDetail.objects.filter(person_id=world.child.pk).order_by("kind")
        assert [(one.kind, one.text, one.source) for one in held] == [
            ("address", VALUES["address"], "A sealed set, lifted"),
            ("telephone", VALUES["telephone"], "A sealed set, lifted"),
        ]
        assert not SealedLocation.objects.filter(until_at__isnull=True).exists()
    with acting_as(running.custodian, at) as subject:
        acts = Act.objects.filter(command__in=["release_set", "put_back_set"]).order_by("pk")
        assert [(one.command, one.event, one.decision) for one in acts][:2] == [
            ("release_set", "unseal", "allowed"),
            ("put_back_set", "unseal", "allowed"),
        ]
        with pytest.raises(NotOpened):
            ask(subject, "show", running.sealing)


def test_what_has_a_place_in_the_clear_comes_apart_again_as_it_was_put_together() -> None:
    assert details({"address": "1 A Row; 2 B Row", "postcode": "F1 1AA; F2 2BB", "gp": "x", "online": "@sample"}) == [
        {"kind": "address", "text": "1 A Row", "postcode": "F1 1AA"},
        {"kind": "address", "text": "2 B Row", "postcode": "F2 2BB"},
        {"kind": "online", "text": "@sample", "postcode": ""},
    ]
    assert details({"address": "1 A Row; 2 B Row", "postcode": "F1 1AA"})[-1] == {"kind": "address", "text": "F1 1AA", "postcode": ""}
    with pytest.raises(TooLong):
        details({"address": "x" * 401})
