"""Intelligence is kept for law enforcement; whoever reads it for another reason is told so, and each of the six verbs of the law is logged."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.urls import reverse

from atlas.gate.context import acting_as
from atlas.gate.events import LoggedVerb
from atlas.gate.models import Act, Look
from atlas.gate.policy import NEEDS, OPENINGS, Kind, Purpose, RecordKind, Regime, regime_of
from atlas.intelligence.commands import propose_product, record_intelligence, release_product, review_intelligence, withdraw_product
from atlas.intelligence.rules import VERBS
from tests.factories import NOW
from tests.guards.reading import commands, gated_pages
from tests.intelligence.given import desk, sanitised, supplied
from tests.intelligence.test_view_intelligence import page_of, released, vetted
from tests.world import make_world

INTELLIGENCE = {RecordKind.INTELLIGENCE, RecordKind.INTELLIGENCE_RAW}


def test_only_a_police_investigation_is_law_enforcement() -> None:
    assert {purpose for purpose in Purpose if regime_of(purpose) is Regime.PART_3} == {Purpose.POLICE_INVESTIGATION}
    writes = {one.kind for one in OPENINGS if one.writes & INTELLIGENCE}
    assert writes == {Kind.INTELLIGENCE_DESK}
    assert all(regime_of(purpose) is Regime.PART_3 for one in OPENINGS if one.kind in writes for purpose in one.purposes)


def test_each_command_on_intelligence_is_logged_as_one_of_the_six_verbs() -> None:
    named = {name for name, one in commands().items() if NEEDS[one.needs].record in INTELLIGENCE}
    assert set(VERBS) == named
    assert set(VERBS.values()) | {LoggedVerb.CONSULTATION, LoggedVerb.COMBINATION, LoggedVerb.ERASURE} == set(LoggedVerb)
    assert {view.__name__ for _, _, view in gated_pages() if NEEDS[view.needs].record in INTELLIGENCE} == named | {"view_intelligence"}


@pytest.mark.django_db
def test_acts_and_looks_say_time_person_record_and_recipient() -> None:
    given = desk("Northmarch Police")
    raw = record_intelligence(child=given.child, supplied=supplied(), by=given.officer, at=NOW)
    product = propose_product(raw=raw, sanitised=sanitised(), by=given.officer, at=NOW)
    release_product(product=product, by=given.second, at=NOW)
    review_intelligence(product=product, review_on=raw.review_on, by=given.officer, at=NOW)
    withdraw_product(product=product, reason="Not needed", by=given.officer, at=NOW)
    logged = []
    for post in (given.officer, given.second):
        with acting_as(post, NOW):
            acts = Act.objects.filter(child_id=given.child.pk, outcome="done").order_by("pk")
            logged += [(VERBS[act.command], act.post_id, act.acted_at, str(product.pk) in (act.about_id, act.result_id)) for act in acts]
            assert {act.purpose for act in acts} == {Purpose.POLICE_INVESTIGATION}
    first, second = given.officer.pk, given.second.pk
    assert logged == [
        (LoggedVerb.COLLECTION, first, NOW, False), (LoggedVerb.ALTERATION, first, NOW, True), (LoggedVerb.ALTERATION, first, NOW, True),
        (LoggedVerb.ALTERATION, first, NOW, True), (LoggedVerb.DISCLOSURE, second, NOW, True),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["intelligence_raw", "intelligence_product"])
def test_nobody_erases(table: str) -> None:
    given = desk("Northmarch Police")
    record_intelligence(child=given.child, supplied=supplied(), by=given.officer, at=NOW)
    denied = pytest.raises(Error, match="permission denied")
    with acting_as(given.officer, NOW), denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.django_db
def test_a_partner_is_told_under_which_law_it_is_kept_and_why_it_may_be_read(signed_in: Any) -> None:
    world = make_world()
    given, worker = desk("Northmarch Police", world.child), vetted(world.worker)
    product = released(given, 1, sanitised().handling)
    text = page_of(signed_in, worker, world).content.decode()
    assert "Law enforcement (Data Protection Act 2018 part 3), by Northmarch Police" in text
    assert (
        "Northmarch Police keeps it for law enforcement. You read it for another reason: Help for a child in need (section 17), under UK GDPR"
        in text
    )
    assert "released it to your agency under the handling above" in text
    with acting_as(worker, NOW):
        look = Look.objects.get(page="view_intelligence")
        assert (look.post_id, look.purpose, look.looked_at) == (worker.pk, Purpose.SECTION_17, NOW)
    own = page_of(signed_in, given.second, world).content.decode()
    assert "You read it for another reason" not in own
    done = signed_in(given.second).get(reverse("intelligence:release_product", args=[product.pk])).content.decode()
    assert "Alteration" in done and "Disclosure" in done and given.officer.user.name in done
