"""A child is recorded, and what is known of who the child is changes."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from atlas.children.models import Child
from atlas.gate.act import Invalid, command
from atlas.gate.models import Restriction
from atlas.gate.policy import Permission
from atlas.gate.proposing import Proposed
from atlas.people.models import ContactDetail, ContactKind, Identifier, IdentifierKind, Name, Person, Sex
from atlas.people.rules import name_key

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post


@dataclass(frozen=True)
class Known:
    """What is known of who a child is, as a form or a partner's file gives it."""

    forename: str
    surname: str
    born_on: date | None
    sex: Sex = Sex.UNKNOWN
    ethnicity: str = ""
    language: str = ""
    communication: str = ""
    other_names: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[tuple[IdentifierKind, str, str], ...] = ()  # kind, system, value


@command(needs=Permission.REGISTER_CHILD)
def register_child(
    *, known: Known, responsible: "Authority", host: "Authority | None" = None, source: str, by: "Post", at: datetime
) -> Child:
    """Record a child for the first time. Raises Invalid where there is no name at all."""
    if not known.forename.strip() and not known.surname.strip():
        raise Invalid("Give the child's first name or surname. If neither is known, write what the child is called.", "forename")
    person = Person(
        sex=known.sex, ethnicity=known.ethnicity, language=known.language, communication=known.communication, born_on=known.born_on
    )
    person.save(force_insert=True)
    child = Child(
        person=person, name=f"{known.forename} {known.surname}".strip(), born_on=known.born_on, responsible_authority=responsible,
        host_authority=host or responsible,
    )  # fmt: skip
    child.save(force_insert=True)
    _write_names(child, known, source)
    _write_identifiers(child, known, source)
    return child


@command(needs=Permission.CORRECT_CHILD)
def correct_child(*, child: Child, known: Known, source: str, by: "Post", at: datetime) -> Child:
    """Take over what the source now says of who the child is. An earlier name stays as a former name."""
    person, name = child.person, f"{known.forename} {known.surname}".strip()
    person.sex, person.ethnicity, person.born_on = known.sex, known.ethnicity or person.ethnicity, known.born_on or person.born_on
    person.save(update_fields=["sex", "ethnicity", "born_on"])
    if name and name != child.name:
        Name.objects.filter(person=person, is_in_use=True).update(is_in_use=False, until_on=at.date())
        _write_names(child, known, source)
        child.name = name
    child.born_on = person.born_on
    child.save(update_fields=["name", "born_on"])
    _write_identifiers(child, known, source)
    return child


@dataclass(frozen=True)
class Reach:
    """One way to reach a person, or where the person lives, from when until when; `reference` is its id in the source."""

    kind: ContactKind
    text: str
    postcode: str = ""
    reference: str = ""
    from_on: date | None = None
    until_on: date | None = None


@command(needs=Permission.RECORD_CONTACT_DETAIL)
def record_contact_detail(*, child: Child, reach: Reach, source: str, by: "Post", at: datetime) -> Child:
    """Keep where or how a child can be reached, apart from the rest. The same reference again changes the one held."""
    held = ContactDetail.objects.filter(person_id=child.pk, reference=reach.reference).first() if reach.reference else None
    detail = held or ContactDetail(person_id=child.pk, kind=reach.kind, reference=reach.reference, source=source)
    detail.text, detail.postcode, detail.from_on, detail.until_on = reach.text[:400], reach.postcode[:8], reach.from_on, reach.until_on
    detail.save(force_insert=held is None)
    return child


def _write_names(child: Child, known: Known, source: str) -> None:
    names = [(known.forename, known.surname, True), *((forename, surname, False) for forename, surname in known.other_names)]
    Name.objects.bulk_create(
        Name(person_id=child.pk, forename=forename, surname=surname, is_in_use=in_use, key=name_key(f"{forename} {surname}"), source=source)
        for forename, surname, in_use in names
    )


def _write_identifiers(child: Child, known: Known, source: str) -> None:
    same = [Q(kind=kind, system=system, value=value) for kind, system, value in known.identifiers]
    found = Identifier.objects.filter(reduce(or_, same), until_on__isnull=True) if same else Identifier.objects.none()
    held = {(row.kind, row.system, row.value): row.person_id for row in found}
    for (kind, _, value), person_id in held.items():
        if person_id != child.pk:
            raise Invalid(
                f"{IdentifierKind(kind).label} {value} is another child's here. Ask the sender whose it is, or whether they are one child."
            )
    Identifier.objects.bulk_create(
        Identifier(person_id=child.pk, kind=kind, system=system, value=value, source=source)
        for kind, system, value in known.identifiers
        if (kind, system, value) not in held
    )


def _may_lift(*, restriction: Restriction, by: "Post", at: datetime, **_: object) -> None:
    if restriction.until_at is not None and restriction.until_at <= at:
        raise Invalid("This has been lifted already.")


def _lifting(*, restriction: Restriction, **_: object) -> str:
    child = restriction.child
    return f"{child} is no longer {restriction.get_sensitivity_display()}: whoever has a relationship with the child sees the child again."


@command(needs=Permission.LIFT_RESTRICTION, proposed=Proposed(_lifting, _may_lift))
def lift_restriction(*, restriction: Restriction, because: str, by: "Post", at: datetime) -> Restriction:
    """Let a child no longer be restricted or hidden, from now on. It takes two people; the list of names stays as it was."""
    restriction.until_at = at
    restriction.save(update_fields=["until_at"])
    return restriction
