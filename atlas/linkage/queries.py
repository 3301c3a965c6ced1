"""Who is this row about? A sure answer, or candidates for a person to decide."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from atlas.children.models import Child
from atlas.feeds.commands.delivery import MAIN_SYSTEM
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


@dataclass(frozen=True)
class Asked:
    """What a row says of who it is about. `identifiers`: (kind, system, value)."""

    name: str
    born_on: date | None
    identifiers: tuple[tuple[str, str, str], ...] = ()


def sure_matches(asked: Sequence[Asked]) -> list[Child | None]:
    """The child of each, where it is sure; in three statements, whatever their number.

    One child by identifiers is sure, unless another identifier says otherwise. One by exact folded name and date of birth is sure.
    """
    by_number = _held_by_number(asked)
    keys = {name_key(one.name) for one in asked}
    named: dict[str, set[UUID]] = defaultdict(set)
    for key, person_id in Name.objects.filter(key__in=keys).values_list("key", "person_id"):
        named[key].add(person_id)
    wanted = {person_id for held in (*by_number, *named.values()) for person_id in held}
    children = Child.objects.select_related("responsible_authority", "host_authority").in_bulk(wanted)
    return [_sure(one, held, named[name_key(one.name)], children) for one, held in zip(asked, by_number, strict=True)]


def _sure(asked: Asked, held: set[UUID], named: set[UUID], children: dict[UUID, Child]) -> Child | None:
    if not held and asked.born_on:
        held = {person_id for person_id in named if person_id in children and children[person_id].born_on == asked.born_on}
    return children.get(next(iter(held))) if len(held) == 1 else None


def _held_by_number(asked: Sequence[Asked]) -> list[set[UUID]]:
    values = {value for one in asked for *_, value in one.identifiers}
    rows = Identifier.objects.filter(value__in=values, until_on__isnull=True) if values else Identifier.objects.none()
    holders: dict[tuple[str, str, str], set[UUID]] = defaultdict(set)
    for kind, system, value, person_id in rows.values_list("kind", "system", "value", "person_id"):
        holders[kind, system, value].add(person_id)
    return [{person_id for identifier in one.identifiers for person_id in holders[identifier]} for one in asked]


def match(asked: Asked) -> Match:
    """Find a child: sure (`sure_matches`), or candidates for a person to decide.

    Several by identifiers, or the same name with another or no date of birth, or the same date of birth and surname, are candidates.
    """
    sure = sure_matches([asked])[0]
    if sure is not None:
        return Match(sure)
    by_number = _held_by_number([asked])[0]
    if by_number:
        return Match(candidates=_children(by_number))
    key = name_key(asked.name)
    alike = set(Name.objects.filter(key=key).values_list("person_id", flat=True))
    if asked.born_on and key:
        surname = key.split()[-1]
        same = Name.objects.filter(key__endswith=surname, person__child__born_on=asked.born_on)
        alike |= set(same.values_list("person_id", flat=True))
    return Match(candidates=_children(alike))


def _children(ids: set[UUID]) -> tuple[Child, ...]:
    return tuple(Child.objects.filter(pk__in=ids).order_by("name", "born_on", "pk")[:10])


def child_by_number(number: str) -> Child | None:
    """The child whom the main case system knows by this number, or knew by it before a merge."""
    held = Identifier.objects.filter(kind=IdentifierKind.COUNCIL, system=MAIN_SYSTEM, value=number).order_by("until_on", "pk").first()
    return Child.objects.filter(pk=held.person_id).first() if held else None


def children_by_former_numbers(numbers: Sequence[str]) -> list[Child]:
    """The children whom the main case system knew by these numbers before it merged them into another."""
    held = Identifier.objects.filter(kind=IdentifierKind.COUNCIL, system=MAIN_SYSTEM, value__in=numbers)
    return list(Child.objects.filter(pk__in=held.values("person"))) if numbers else []


def known_to_main_system(children: Iterable[Child]) -> set[UUID]:
    """Those of these children whom the main case system knows by a number of its own."""
    held = Identifier.objects.filter(kind=IdentifierKind.COUNCIL, system=MAIN_SYSTEM, person__in=[child.pk for child in children])
    return set(held.values_list("person", flat=True))


def the_child(number: str, carrying: Carrying) -> Child:
    """The child of a row. Raises Invalid where that person's own row was not taken."""
    with acting_as(carrying.by, carrying.at):
        child = child_by_number(number)
    if child is None:
        raise Invalid(
            f"There is no child with the main system's number {number}: that person's own row is missing or waits. Take that one first."
        )
    return child
