"""Whoever seals cannot read back; the service's login reads no box; what is given again takes the earlier one's place."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Relationship
from atlas.sealed.boxes import MasterKey, Unopenable, about, sealed_box
from atlas.sealed.commands import end_custodian, name_custodian, seal_set
from atlas.sealed.models import SealedLocation, SealedSet
from atlas.sealed.rules import SETS, merged
from tests import factories
from tests.factories import NOW
from tests.sealed.given import VALUES, vetted_post
from tests.world import make_world

pytestmark = pytest.mark.django_db


def test_the_case_holder_seals_and_the_service_s_login_reads_nothing_back() -> None:
    world = make_world()
    sealing = seal_set(child=world.child, kind="location", values=VALUES, by=world.worker, at=NOW)
    with acting_as(world.worker, NOW) as subject:
        assert SealedSet.objects.of_child(subject, world.child.pk).get() == sealing
        assert SealedLocation.objects.get().child_id == world.child.pk
        assert Act.objects.get(command="seal_set").content == ""
        for table in ("box", "window", "used"):
            for statement in (f"SELECT * FROM sealed.{table}", f"DELETE FROM sealed.{table}"):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
        for call in (
            "sealed.open(gen_random_uuid(), 'location', 'x', '{}')",
            "sealed.show(gen_random_uuid(), 'location', '{}')",
            "sealed.shut()",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {call}")


def test_nobody_puts_a_box_beside_what_is_sealed() -> None:
    world = make_world()
    sealing = seal_set(child=world.child, kind="location", values=VALUES, by=world.worker, at=NOW)
    put = "SELECT sealed.put(%s, 'key', ''::bytea, ''::bytea)"
    for post, of, refusal in (
        (world.stranger, sealing.pk, "nothing is put in"),
        (world.worker, uuid4(), "nothing is put in"),
        (world.worker, sealing.pk, "duplicate key"),
    ):
        with pytest.raises(DatabaseError, match=refusal), acting_as(post, NOW), connection.cursor() as cursor:
            cursor.execute(put, [of])


def test_only_who_may_seals_and_only_what_a_set_has_a_place_for() -> None:
    world = make_world()
    for post in (world.stranger, world.police, world.coordinator, world.manager):
        with pytest.raises(Refused):
            seal_set(child=world.child, kind="location", values=VALUES, by=post, at=NOW)
    for kind, values in (("location", {}), ("location", {"address": "  "}), ("location", {"surname": "X"}), ("weather", VALUES)):
        with pytest.raises(Invalid, match="at least one line"):
            seal_set(child=world.child, kind=kind, values=values, by=world.worker, at=NOW)
    with acting_as(world.worker, NOW):
        assert not SealedSet.objects.exists()


def test_that_a_location_is_sealed_is_seen_by_whoever_sees_how_the_child_stands_and_no_other_set_is() -> None:
    world = make_world()
    for kind in SETS:
        seal_set(child=world.child, kind=kind, values={next(iter(SETS[kind][1])): "Sample words"}, by=world.worker, at=NOW)
    seal_set(child=world.child, kind="location", values={"gp": "Sample Surgery"}, by=factories.feed_post(), at=NOW)
    for post, sets, location in (
        (world.worker, len(SETS) + 1, 1),
        (world.manager, 0, 1),
        (world.coordinator, 0, 1),
        (world.police, 0, 0),
        (world.stranger, 0, 0),
    ):
        with acting_as(post, NOW) as subject:
            assert (SealedSet.objects.count(), SealedSet.objects.visible_to(subject).count()) == (sets, sets), post.role
            assert (SealedLocation.objects.count(), SealedLocation.objects.visible_to(subject).count()) == (location, location), post.role


def test_a_custodian_is_vetted_and_named_by_somebody_else_and_opens_nothing_but_what_is_sealed() -> None:
    world = make_world()
    custodian = vetted_post()
    seal_set(child=world.child, kind="location", values=VALUES, by=world.worker, at=NOW)
    for post, by, error in (
        (vetted_post(clearance=2), world.manager, Invalid),
        (vetted_post(role="school"), world.manager, Invalid),
        (world.manager, world.manager, Invalid),
        (custodian, world.worker, Refused),
        (custodian, world.stranger, Refused),
    ):
        with pytest.raises(error):
            name_custodian(child=world.child, post=post, by=by, at=NOW)
    name_custodian(child=world.child, post=custodian, by=world.manager, at=NOW)
    with pytest.raises(Invalid, match="already"):
        name_custodian(child=world.child, post=custodian, by=world.manager, at=NOW)
    with acting_as(custodian, NOW):
        assert SealedSet.objects.count() == 1
    another = Relationship(child=world.child, kind="custodian", holder_post=custodian, from_at=NOW, because="x", source_label="x")
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(world.worker, NOW):
        another.save(force_insert=True)
    end_custodian(child=world.child, post=custodian, by=world.manager, at=NOW)
    with pytest.raises(Invalid, match="no custodian"):
        end_custodian(child=world.child, post=custodian, by=world.manager, at=NOW)
    with acting_as(custodian, NOW):
        assert SealedSet.objects.count() == 0


def test_a_box_opens_with_its_own_key_in_its_own_place_and_unaltered_alone(sealing_key: MasterKey) -> None:
    child, sealing = uuid4(), uuid4()
    place = about(child, "location", sealing)
    box, again = (sealed_box(VALUES, place, sealing_key.public) for _ in range(2))
    assert sealing_key.values(box, place) == VALUES
    assert (box.wrapped, box.sealed) != (again.wrapped, again.sealed)
    assert len(box.sealed) == len(sealed_box({"address": "1"}, place, sealing_key.public).sealed)
    assert all(value.encode() not in box.sealed + box.wrapped for value in VALUES.values())
    elsewhere = about(child, "location", uuid4()), about(uuid4(), "location", sealing), about(child, "refuge", sealing)
    altered = [
        type(box)(box.master, box.wrapped, box.sealed[:-1] + bytes([box.sealed[-1] ^ 1])),
        type(box)(box.master, again.wrapped, box.sealed),
    ]
    for other, where in [(box, one) for one in elsewhere] + [(one, place) for one in altered]:
        with pytest.raises(Unopenable):
            sealing_key.values(other, where)
    with pytest.raises(Unopenable, match="Another key"):
        MasterKey.of(bytes(32)).values(box, place)


def test_a_later_value_takes_the_earlier_one_s_place_and_the_rest_stays() -> None:
    sealings = [("first", {"address": "A", "telephone": "T"}), ("second", {"address": "B"})]
    assert merged(sealings) == [("address", "B", "second"), ("telephone", "T", "first")]
