"""Every handling, state, agency, role, clearance, day and action: who reads and who changes a product or a raw item (protection.md A13).

The answer is written by hand below, and compared with the rows that the application's filter gives, with the rows that row security
alone gives under the service's own login, and with the rule. What is changed is changed to what it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import Error

from atlas.agencies.models import AgencyKind, Post
from atlas.allocation.commands import record_allocation
from atlas.chronology.moments import Moment
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind
from atlas.intelligence.commands import decline_product, propose_product, record_intelligence, release_product, withdraw_product
from atlas.intelligence.models import Product, Raw
from atlas.intelligence.rules import Handling, State, is_released
from tests import factories
from tests.factories import NOW
from tests.intelligence.given import Desk, desk, sanitised, supplied

pytestmark = pytest.mark.django_db
IN_DATE, OUT_OF_DATE = NOW + timedelta(days=1), NOW + timedelta(days=200)
HANDLINGS = (("P", ""), ("C", "Fernleigh Council"), ("C", "Lantern Trust"), ("N", ""))
AGENCIES = {"Fernleigh Council": AgencyKind.COUNCIL, "Lantern Trust": AgencyKind.VOLUNTARY, "Riverside Health": AgencyKind.HEALTH}
ROLES = ("practitioner", "manager", "head_of_service", "front_door", "health", "school")
READS = {"practitioner", "manager", "head_of_service"}


@dataclass(frozen=True)
class Reader:
    """A post that works with the child, or of the supplier or another supplier, with what the expected answer needs to know."""

    post: Post
    agency: str
    may_read: bool
    may_write: bool


def readers(given: Desk) -> Iterator[Reader]:
    """Posts of every agency, role and clearance that stand in a relationship to the child; the supplier's own; another supplier's."""
    for name, kind in AGENCIES.items():
        for role in ROLES:
            for clearance in (0, 2):
                post = factories.post(role, of=factories.team(f"Team of {name}", of=factories.agency(name, kind)))
                post.clearance, post.vetted_until = clearance, OUT_OF_DATE.date()
                post.save()
                record_allocation(child=given.child, post=post, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
                yield Reader(post, name, role in READS and clearance == 2, False)
    yield Reader(given.officer, given.officer.team.agency.name, True, True)
    yield Reader(desk("Eastmoor Police", given.child).officer, "Eastmoor Police", True, True)


def products(given: Desk) -> Iterator[tuple[Product, str, str, str]]:
    """A product of every handling in every state, by commands: (product, handling, the agency named, state)."""
    number = 0
    for handling, named in HANDLINGS:
        for state in State:
            number += 1
            raw = record_intelligence(child=given.child, supplied=supplied(number), by=given.officer, at=NOW)
            agencies = (factories.agency(named).pk,) if named else ()
            product = propose_product(
                raw=raw, sanitised=sanitised(number, Handling(handling), agencies), by=given.officer, at=NOW
            )  # fmt: skip
            if state == State.RELEASED:
                product = release_product(product=product, by=given.second, at=NOW)
            if state == State.SENT_BACK:
                product = decline_product(product=product, reason="The place shows who said it", by=given.second, at=NOW)
            if state == State.WITHDRAWN:
                product = withdraw_product(product=product, reason="No longer needed", by=given.officer, at=NOW)
            yield product, handling, named, state


def opens(reader: Reader, handling: str, named: str, state: str, at: datetime) -> bool:
    """By hand, from protection.md 4.7: what the handling lets this reader read on that day."""
    if reader.agency == "Northmarch Police":
        return True
    if state != "released" or at == OUT_OF_DATE:
        return False
    return handling == "P" or (handling == "C" and reader.agency == named)


def changes(row: Any) -> bool:
    """Whether row security lets the acting post write this row; it is written as it was."""
    try:
        with transaction.atomic():
            return bool(type(row).objects.filter(pk=row.pk).update(wording=row.wording))
    except Error:
        return False


def test_every_pair_of_handling_agency_role_and_action() -> None:
    for name, kind in AGENCIES.items():
        factories.agency(name, kind)
    given = desk("Northmarch Police")
    everyone, made = list(readers(given)), list(products(given))
    pairs, violations = 0, list[tuple[object, ...]]()
    for reader in everyone:
        for at in (IN_DATE, OUT_OF_DATE):
            with acting_as(reader.post, at) as subject:
                by_filter = set(Product.objects.visible_to(subject).values_list("pk", flat=True))
                by_child = set(Product.objects.of_child(subject, given.child.pk).values_list("pk", flat=True))
                by_database = set(Product.objects.values_list("pk", flat=True))
                for product, handling, named, state in made:
                    expected = reader.may_read and opens(reader, handling, named, state, at)
                    by_rule = reader.may_read and is_released(
                        handling=handling, state=state, author=product.author_id, named=product.named_agencies, review_on=product.review_on,
                        to=reader.post.team.agency_id, on=at.date(),
                    )  # fmt: skip
                    answers = (product.pk in by_filter, product.pk in by_child, product.pk in by_database, by_rule)
                    written = reader.may_write and reader.agency == "Northmarch Police"
                    pairs += 2
                    if set(answers) != {expected}:
                        violations.append((reader, handling, named, state, at, expected, answers))
                    if changes(product) != written:
                        violations.append((reader, handling, named, state, at, "writes"))
    assert {"pairs": pairs, "violations": len(violations)} == {"pairs": 2432, "violations": 0}, violations[:5]


def test_raw_is_for_the_supplier_alone() -> None:
    given = desk("Northmarch Police")
    raw = record_intelligence(child=given.child, supplied=supplied(1), by=given.officer, at=NOW)
    for reader in readers(given):
        mine = reader.agency == "Northmarch Police"
        with acting_as(reader.post, NOW) as subject:
            assert Raw.objects.filter(pk=raw.pk).exists() == mine, reader
            assert Raw.objects.visible_to(subject).filter(pk=raw.pk).exists() == mine, reader
            assert changes(raw) == mine, reader


def test_another_supplier_cannot_write_in_the_authors_name() -> None:
    given = desk("Northmarch Police")
    other = desk("Eastmoor Police", given.child)
    with acting_as(other.officer, NOW), pytest.raises(Error, match="row-level security"), transaction.atomic():
        Raw(
            child=given.child, author=given.officer.team.agency, reference="X", source_reference="Y", wording="Z", recorded_by=other.officer,
            recorded_at=NOW, source="2", information="C", handling="P", review_on=NOW.date(), regime="part_3",
        ).save(force_insert=True)  # fmt: skip


def test_the_desk_kind_is_what_opens_it() -> None:
    given = desk("Northmarch Police")
    record_intelligence(child=given.child, supplied=supplied(1), by=given.officer, at=NOW)
    without = factories.post("intelligence_officer", of=given.officer.team)
    without.clearance, without.vetted_until = 2, date(2030, 1, 1)
    without.save()
    with acting_as(without, NOW):
        assert not Raw.objects.exists()
    factories.duty(Kind.INTELLIGENCE_DESK, given.child.responsible_authority, post=without)
    with acting_as(without, NOW):
        assert Raw.objects.count() == 1
