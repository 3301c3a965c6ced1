"""Finding a child: whom the subject may be shown, and nobody else."""

from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from atlas.allocation.queries import who_works
from atlas.children.models import Child
from atlas.feeds.handling import Fact
from atlas.gate.context import Subject
from atlas.people.models import Identifier, IdentifierKind, Name
from atlas.people.rules import name_key
from atlas.statuses.queries import mirrored

MOST = 20


def child_with_numbers() -> "QuerySet[Child]":
    """A child with what the top of the child's page shows: authorities, the missing profile, and the numbers held now."""
    numbers = Identifier.objects.filter(person=OuterRef("pk"), until_on__isnull=True).order_by("kind")
    return Child.objects.select_related("responsible_authority", "host_authority", "missing_profile").annotate(
        numbers=ArraySubquery(numbers.values(number=JSONObject(kind="kind", value="value")))
    )


def mirrored_fact(subject: Subject, child: Child, record: UUID) -> Fact | None:
    """The fact of the main case system that this record about a child (from `child_with_numbers`) holds; None where it is none
    that the subject sees.
    """
    is_known_there = any(number["kind"] == IdentifierKind.COUNCIL for number in child.numbers)  # type: ignore[attr-defined]
    itself = [Fact(child.pk, Child._meta.label, child.pk, "Who the child is")] if is_known_there else []
    facts = (*itself, *(one.fact for one in mirrored(subject, child)[0]), *(one.fact for one in who_works(subject, child)))
    return next((fact for fact in facts if fact is not None and fact.id == record), None)


def found_children(subject: Subject, *, name: str, born_on: date | None, number: str) -> "QuerySet[Child]":
    """At most 20 children whom the subject may find: by a whole number, or by all parts of a name (and date of birth).

    No count of others, no order that an invisible row could change.
    """
    children = Child.objects.visible_to(subject)
    if number.strip():
        digits = number.replace(" ", "").strip()
        held = Identifier.objects.visible_to(subject).filter(Q(value=digits) | Q(value=number.strip()))
        children = children.filter(person__in=held.values("person"))
    if name.strip():
        names = Name.objects.visible_to(subject)
        for part in name_key(name).split():
            names = names.filter(key__contains=part)
        children = children.filter(person__in=names.values("person"))
    if born_on:
        children = children.filter(born_on=born_on)
    return children.select_related("responsible_authority", "host_authority").order_by("name", "born_on", "pk")[:MOST]
