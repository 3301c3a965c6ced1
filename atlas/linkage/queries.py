"""Who is this row about? A sure answer, or candidates for a person to decide."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from atlas.children.models import Child
from atlas.feeds.commands import MAIN_SYSTEM
from atlas.feeds.handling import Carrying
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.people.models import Identifier, IdentifierKind, Name
from atlas.people.rules import name_key


@dataclass(frozen=True)
class Match:
    """`child` where it is sure; otherwise `candidates`, who share something: then a person decides. Both empty: nobody is like this."""

    child: Child | None = None
    candidates: tuple[Child, ...] = field(default=())


def match(*, name: str, born_on: date | None, identifiers: Sequence[tuple[str, str, str]] = ()) -> Match:
    """Find a child by identifiers (kind, system, value), then by exact folded name and date of birth.

    One child by identifiers is sure, unless another identifier says otherwise. One by name and date of birth is sure. Several,
    or the same name with another or no date of birth, or the same date of birth and surname, are candidates.
    """
    by_number = {
        row.person_id
        for kind, system, value in identifiers
        for row in Identifier.objects.filter(kind=kind, system=system, value=value, until_on__isnull=True)
    }
    if len(by_number) == 1:
        return Match(Child.objects.get(pk=by_number.pop()))
    if by_number:
        return Match(candidates=_children(by_number))
    key = name_key(name)
    named = set(Name.objects.filter(key=key).values_list("person_id", flat=True))
    same = list(Child.objects.filter(pk__in=named, born_on=born_on)) if born_on else []
    if len(same) == 1:
        return Match(same[0])
    alike = named | {child.pk for child in same}
    if born_on and key:
        surname = key.split()[-1]
        alike |= set(Name.objects.filter(key__endswith=surname, person__child__born_on=born_on).values_list("person_id", flat=True))
    return Match(candidates=_children(alike))


def _children(ids: set[UUID]) -> tuple[Child, ...]:
    return tuple(Child.objects.filter(pk__in=ids).order_by("name", "born_on")[:10])


def child_by_number(number: str) -> Child | None:
    """The child whom the main case system knows by this number, or knew by it before a merge."""
    held = Identifier.objects.filter(kind=IdentifierKind.COUNCIL, system=MAIN_SYSTEM, value=number).order_by("until_on").first()
    return Child.objects.filter(pk=held.person_id).first() if held else None


def children_by_former_numbers(numbers: Sequence[str]) -> list[Child]:
    """The children whom the main case system knew by these numbers before it merged them into another."""
    held = Identifier.objects.filter(kind=IdentifierKind.COUNCIL, system=MAIN_SYSTEM, value__in=numbers)
    return list(Child.objects.filter(pk__in=held.values("person"))) if numbers else []


def the_child(number: str, carrying: Carrying) -> Child:
    """The child of a row. Raises Invalid where that person's own row was not taken."""
    with acting_as(carrying.by, carrying.at):
        child = child_by_number(number)
    if child is None:
        raise Invalid(
            f"There is no child with the main system's number {number}: that person's own row is missing or waits. Take that one first."
        )
    return child
