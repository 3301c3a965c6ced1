"""Once a location is sealed, nothing that holds it stands in clear: moved, thrown away, ended or refused; and deliveries lock it before staging."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.children.commands import Reach, record_contact_detail
from atlas.chronology.moments import Moment
from atlas.design.forms import new_key
from atlas.feeds.models import Row
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.gate.models import Draft
from atlas.gate.policy import Purpose
from atlas.missing.commands.episode import set_exploitation_marker
from atlas.missing.commands.trigger import add_trigger_action, write_trigger_plan
from atlas.missing.models import TriggerAction, TriggerPlan, TriggerPlanVersion
from atlas.people.models import ContactDetail, ContactKind
from atlas.sealed.boxes import Box, MasterKey, about
from atlas.sealed.commands import seal_delivered, seal_set
from atlas.sharing.commands.disclosure import Grounds, disclose, reshare_disclosure
from atlas.sharing.compile import view_hash
from atlas.sharing.models import Disclosure
from atlas.sharing.rules import Ground
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import Placement
from tests import factories
from tests.factories import NOW
from tests.feeds.nights import EVERYTHING, Nights
from tests.missing.test_trigger_plan import PLAN_WORDS
from tests.world import make_world

ADDRESS = "17 Lantern Court, Fernleigh"
ADDRESSES = [
    "addr_table_id",
    "addr_person_id",
    "addr_address_json",
    "addr_address_postcode",
    "addr_address_start_date",
    "addr_address_end_date",
]


def boxes(own_database: Any, master: MasterKey) -> list[dict[str, str]]:
    """What is in every box, in the order of sealing: read as the superuser, opened with the key."""
    own_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute("SELECT child, kind, sealing, master, wrapped, sealed FROM sealed.box ORDER BY sealed_at, sealing")
        rows = cursor.fetchall()
    own_database("app")
    return [
        master.values(Box(key, bytes(wrapped), bytes(box)), about(child, kind, sealing)) for child, kind, sealing, key, wrapped, box in rows
    ]


def test_what_stood_in_clear_moves_into_the_box(own_database: Any, sealing_key: MasterKey) -> None:
    world, feed = make_world(), factories.feed_post()
    for kind, text, postcode in (
        (ContactKind.ADDRESS, ADDRESS, "F1 1AA"),
        (ContactKind.TELEPHONE, "07700 900111", ""),
        (ContactKind.TELEPHONE, "07700 900222", ""),
        (ContactKind.EMAIL, "sample@example.org", ""),
        (ContactKind.ONLINE, "@sample", ""),
    ):
        record_contact_detail(child=world.child, reach=Reach(kind, text, postcode), source="test", by=feed, at=NOW)
    place = Said(Placement, "L1", NOW.date(), None, NOW, (("kind", "K2"), ("provider", "Sample Homes"), ("postcode", "F2 2BB")))
    record_status(child=world.child, said=place, by=feed, at=NOW)
    seal_set(child=world.child, kind="location", values={"address": "9 New Yard"}, by=world.worker, at=NOW)
    with acting_as(world.worker, NOW):
        assert not ContactDetail.objects.exists()
        assert list(Placement.objects.values_list("kind", "provider", "postcode")) == [("K2", "", "")]
    assert boxes(own_database, sealing_key) == [
        {
            "address": "9 New Yard",
            "postcode": "F1 1AA",
            "telephone": "07700 900111; 07700 900222",
            "email": "sample@example.org",
            "online": "@sample",
            "placement": "Sample Homes F2 2BB",
        }
    ]


@pytest.mark.django_db
def test_the_database_refuses_a_place_in_clear() -> None:
    world, feed = make_world(), factories.feed_post()
    seal_set(child=world.child, kind="location", values={"address": ADDRESS}, by=world.worker, at=NOW)
    with pytest.raises(DatabaseError, match="location of this child is sealed"), transaction.atomic():
        record_contact_detail(child=world.child, reach=Reach(ContactKind.ADDRESS, ADDRESS), source="test", by=feed, at=NOW)
    other = factories.child("Rowan Sample")
    record_contact_detail(child=other, reach=Reach(ContactKind.ADDRESS, ADDRESS), source="test", by=feed, at=NOW)
    place = Said(Placement, "L1", NOW.date(), None, NOW, (("kind", "K2"), ("provider", "Sample Homes"), ("postcode", "F2 2BB")))
    record_status(child=world.child, said=place, by=feed, at=NOW)
    with acting_as(world.worker, NOW):
        assert list(Placement.objects.values_list("provider", "postcode")) == [("", "")]


@pytest.mark.django_db
def test_a_copy_in_a_draft_goes_and_a_disclosure_that_holds_it_ends_unaltered(signed_in: Any) -> None:
    world = make_world()
    set_exploitation_marker(child=world.child, words=f"Adults wait outside {ADDRESS.upper()}", since=Moment(NOW), by=world.worker, at=NOW)
    with acting_as(world.worker, NOW):
        entry = world_entry(world)
    grounds = Grounds(Purpose.MISSING_RESPONSE, Ground.PUBLIC_TASK, "To look for the child", True)
    holding = disclose(child=world.child, recipient=world.police, items=[f"event:{entry}"], grounds=grounds, by=world.worker, at=NOW)
    other = disclose(child=world.child, recipient=world.police, items=[f"who:{world.child.pk}"], grounds=grounds, by=world.worker, at=NOW)
    client = signed_in(world.worker)
    marker = reverse("missing:set_exploitation_marker", args=[world.child.pk])
    client.post(marker, {"key": new_key(), "words": "seen near 17, lantern court; fernleigh", "draft": "later"})
    later = NOW + timedelta(hours=1)
    with acting_as(world.worker, later):
        assert Draft.objects.count() == 1
    sealing = seal_set(child=world.child, kind="location", values={"address": ADDRESS}, by=world.worker, at=later)
    assert sealing.disclosures_ended == 1
    with acting_as(world.worker, later):
        assert not Draft.objects.exists()
        held, kept = Disclosure.objects.get(pk=holding.pk), Disclosure.objects.get(pk=other.pk)
        assert (held.until_at, kept.until_at) == (later, other.until_at)
        assert held.view is not None
        assert held.digest == view_hash(held.view, world.police.pk)
    assert signed_in(world.police, later).get(reverse("sharing:view_disclosure", args=[holding.pk])).status_code == 404
    assert signed_in(world.police, later).get(reverse("sharing:view_disclosure", args=[other.pk])).status_code == 200
    with pytest.raises(Invalid, match="sealed since"):
        reshare_disclosure(disclosure=kept, by=world.worker, at=later)
    assert (
        "Tick nothing that would lead"
        in signed_in(world.worker, later).get(reverse("sharing:disclose", args=[world.child.pk])).content.decode()
    )


def world_entry(world: Any) -> Any:
    from atlas.chronology.models import Entry

    return Entry.objects.filter(child=world.child, kind="exploitation_marked").get().pk


@pytest.mark.django_db
def test_nobody_takes_away_but_by_sealing() -> None:
    world = make_world()
    sealing = seal_set(child=world.child, kind="location", values={"address": ADDRESS}, by=world.worker, at=NOW)
    for call in ("sealed.take_away(%s)", "sealed.take_copies(%s, '{}')"):
        with pytest.raises(DatabaseError, match="nothing is taken away"), acting_as(world.worker, NOW), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {call}", [sealing.pk])


def test_a_delivery_locks_the_address_before_it_is_staged(own_database: Any, sealing_key: MasterKey, tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    home = ["A1", "P1", ADDRESS, "F1 1AA", "2026-01-05", ""]
    nights.deliver(**EVERYTHING, ssd_address=[ADDRESSES, home])
    with acting_as(factories.feed_post(), nights.later):
        child = ContactDetail.objects.get().person.child
    seal_set(child=child, kind="location", values={"gp": "Sample Surgery"}, by=factories.feed_post(), at=nights.later)
    moved, old = ["A2", "P1", "3 Quiet Mews", "F9 9ZZ", "2026-05-09", ""], [*home[:5], "2026-05-09"]
    nights.deliver(**EVERYTHING, ssd_address=[ADDRESSES, old, moved])
    nights.deliver(**EVERYTHING, ssd_address=[ADDRESSES, old, moved])
    with acting_as(factories.feed_post(), nights.later):
        assert not ContactDetail.objects.exists()
        rows = list(Row.objects.filter(table="ssd_address").order_by("delivery__received_at", "number"))
        assert [(row.state, row.source_key) for row in rows[1:]] == [("applied", "A1"), ("applied", "A2"), ("same", "A1"), ("same", "A2")]
        text = json.dumps([(row.values, row.reason) for row in rows])
        assert not any(word in text for word in ("Lantern", "Quiet", "F1 1AA", "F9 9ZZ"))
        assert all(len(row.meaning) == 32 for row in rows[1:])
    first, *brought = boxes(own_database, sealing_key)
    assert first == {"address": ADDRESS, "postcode": "F1 1AA", "gp": "Sample Surgery"}
    assert len(brought) == 2
    assert {"earlier_address": f"{ADDRESS} F1 1AA"} in brought
    assert {"address": "3 Quiet Mews", "postcode": "F9 9ZZ"} in brought


@pytest.mark.django_db
def test_a_box_locked_for_one_child_is_sealed_for_no_other(sealing_key: MasterKey) -> None:
    from uuid import uuid4

    from atlas.sealed.boxes import Unopenable, sealed_box

    world, other, sealing = make_world(), factories.child("Rowan Sample"), uuid4()
    box = sealed_box({"address": ADDRESS}, about(other.pk, "location", sealing), sealing_key.public)
    made = seal_delivered(child=world.child, sealing_id=sealing, box=box, by=factories.feed_post(), at=NOW)
    with pytest.raises(Unopenable):
        sealing_key.values(box, about(world.child.pk, "location", made.pk))


@pytest.mark.django_db
def test_what_was_planned_before_loses_the_place_too() -> None:
    world = make_world()
    words = {**PLAN_WORDS, "places_words": f"The bench behind {ADDRESS.upper()}", "health_words": "Asthma: blue inhaler"}
    plan = write_trigger_plan(child=world.child, words=words, by=world.worker, at=NOW)
    add_trigger_action(
        plan=plan, trigger="Late", actor="Carer", action=f"Look at 17 Lantern Court, {ADDRESS}", within_minutes=30, by=world.worker, at=NOW
    )
    seal_set(child=world.child, kind="location", values={"address": ADDRESS}, by=world.worker, at=NOW)
    with acting_as(world.worker, NOW):
        held, action = TriggerPlan.objects.get(pk=plan.pk), TriggerAction.objects.get(plan=plan)
        assert (held.places_words, held.health_words, action.action_words) == ("sealed", "Asthma: blue inhaler", "sealed")
        assert "lantern" not in str(list(TriggerPlanVersion.objects.values_list("content", flat=True))).lower()
