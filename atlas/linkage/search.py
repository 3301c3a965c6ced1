"""Who of an authority's children could be recorded twice: the records as they are held here, for the engine of matching.

Imported by the jobs alone, when they run: the engine brings numpy and Arrow with it, which no page needs.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from atlas.agencies.models import Authority
from atlas.children.models import Child
from atlas.connections.models import Tie
from atlas.feeds.models import Row
from atlas.feeds.queries import MAIN_SYSTEM as MAIN_CASE_SYSTEM
from atlas.gate.days import day_of
from atlas.linkage.commands import Found
from atlas.linkage.comparing import compare
from atlas.linkage.pairs import never_paired
from atlas.linkage.rules import MAIN_SYSTEM, Reason, paired
from atlas.people.models import ContactDetail, ContactKind, Identifier, IdentifierKind, Name

SAID_LATELY = timedelta(days=7)
JOINED = Reason(MAIN_SYSTEM, "same", "The main case system gives the number of one as a former number of the other", "for")
NAMED = {IdentifierKind.NHS: "nhs_number", IdentifierKind.UPN: "upn"}


@dataclass(frozen=True)
class Searched:
    """What a search came to: the pairs worth asking about, how many records there were, how many pairs were compared."""

    found: tuple[Found, ...]
    records: int
    compared: int


def search(authority: Authority, at: datetime, only: UUID | None = None) -> Searched:
    """The pairs among an authority's children (or of one of them with the others) that a person is to be asked about.

    Read as whoever acts, which is the feed's own post: it sees every child of the authority. A hidden child, and one with a new identity or adopters
    under seal, is never compared.
    """
    rows = records(authority, at)
    children = {UUID(row["id"]) for row in rows}
    done = compare(rows, day_of(at), _siblings(children), str(only or ""))
    reasons = dict(done.alike)
    for pair in _joined_there(children, authority, at) if only is None else ():
        reasons[pair] = (JOINED, *reasons.get(pair, ()))
    return Searched(tuple(Found(UUID(one), UUID(other), why) for (one, other), why in sorted(reasons.items())), len(children), done.pairs)


def _joined_there(children: set[UUID], authority: Authority, at: datetime) -> set[tuple[str, str]]:
    """The pairs of these that the main case system has joined: it gives the number of one as a former number of the other, in the
    deliveries of the last week.
    """
    rows = Row.objects.filter(delivery__authority=authority, delivery__source=MAIN_CASE_SYSTEM, delivery__as_at__gt=at - SAID_LATELY)
    linked = rows.filter(table="ssd_linked_identifiers", values__link_identifier_type__icontains="former id")
    said = set(linked.values_list("values__link_person_id", "values__link_identifier_value"))
    said |= set(rows.filter(table="ssd_person").exclude(values__pers_legacy_id="").values_list("source_key", "values__pers_legacy_id"))
    numbers = Identifier.objects.filter(kind=IdentifierKind.COUNCIL, system=MAIN_CASE_SYSTEM, person__in=children, until_on__isnull=True)
    holders = dict(numbers.values_list("value", "person_id"))
    joined = {(holders[now], holders[former]) for now, former in said if now in holders and former in holders}
    return {paired(str(one), str(other)) for one, other in joined if one != other}


def records(authority: Authority, at: datetime) -> list[dict[str, Any]]:
    """What is compared of each child of the authority, a row for each name that the child has or had."""
    owed = Q(responsible_authority=authority) | Q(host_authority=authority)
    born = dict(Child.objects.filter(owed, expected_on__isnull=True).values_list("pk", "born_on"))
    for child_id in never_paired():
        born.pop(child_id, None)
    sexes = dict(Child.objects.filter(pk__in=born).values_list("pk", "person__sex"))
    beside = _beside(set(born), day_of(at))
    found = []
    times: dict[UUID, int] = defaultdict(int)
    names = Name.objects.filter(person__in=born).order_by("person", "-is_in_use", "pk").values_list("person_id", "forename", "surname")
    for child_id, forename, surname in names:
        times[child_id] += 1
        found.append({
            "id": str(child_id), "source": f"name {times[child_id]}", "forenames": forename, "surname": surname,
            "date_of_birth": str(born[child_id] or ""), "sex": sexes.get(child_id, ""), **beside[child_id],
        })  # fmt: skip
    return found


def _beside(children: set[UUID], today: date) -> dict[UUID, dict[str, str]]:
    """Where each lives, a telephone number, and the numbers that agencies gave: of those that are current, the first."""
    found: dict[UUID, dict[str, str]] = defaultdict(lambda: dict.fromkeys(("postcode", "telephone", *NAMED.values()), ""))
    current = Q(until_on__isnull=True) | Q(until_on__gte=today)
    details = ContactDetail.objects.filter(current, person__in=children, kind__in=[ContactKind.ADDRESS, ContactKind.TELEPHONE])
    for child_id, kind, text, postcode in details.order_by("pk").values_list("person_id", "kind", "text", "postcode"):
        name, value = ("postcode", postcode) if kind == ContactKind.ADDRESS else ("telephone", text)
        found[child_id][name] = found[child_id][name] or value
    numbers = Identifier.objects.filter(current, person__in=children, kind__in=NAMED)
    for child_id, kind, value in numbers.order_by("pk").values_list("person_id", "kind", "value"):
        found[child_id][NAMED[IdentifierKind(kind)]] = value
    return found


def _siblings(children: set[UUID]) -> set[tuple[str, str]]:
    ties = Tie.objects.filter(kind=Tie.Kind.SIBLING, is_error=False, until_at__isnull=True, child__in=children, tied__in=children)
    return {paired(str(one), str(other)) for one, other in ties.values_list("child_id", "tied_id")}
