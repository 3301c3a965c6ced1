"""Who of an authority's children could be recorded twice: the records put into one form, and compared by the engine of matching.

Imported by the jobs alone, when they run: the engine brings numpy and Arrow with it, which no page needs.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
from django.db.models import Q

from atlas.agencies.models import Authority
from atlas.children.models import Child
from atlas.connections.models import Tie
from atlas.feeds.models import Row
from atlas.feeds.queries import MAIN_SYSTEM as MAIN_CASE_SYSTEM
from atlas.linkage.commands import Found
from atlas.linkage.pairs import never_paired
from atlas.linkage.rules import BEGINS, EXPECTED_TWICE, MAIN_SYSTEM, Reason, is_beginning, paired, worth_asking
from atlas.people.models import ContactDetail, ContactKind, Identifier, IdentifierKind, Name
from atlas_analysis.matching.deciding import SHARED_BY
from atlas_analysis.matching.keys import candidates
from atlas_analysis.matching.model import Model, usual
from atlas_analysis.matching.reasons import Commonness, Explanation, explain
from atlas_analysis.matching.standard import People, put_in_one_form
from atlas_analysis.matching.terms import BY_NAME

SAID_LATELY = timedelta(days=7)
RARE, MANY = 1.0, 1_000  # bits: how much more than usual a value says before it is called rare, among so many records or more
SAYS = 0.2  # bits: what is nearer nothing speaks neither way
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
    people = _in_one_form(rows, at.date())
    if people is None:
        return Searched((), len(rows), 0)
    children = [UUID(one) for one in people.table["id"].to_pylist()]
    model, common = usual(max(len(rows), 2), EXPECTED_TWICE), Commonness(people)
    left, right, _ = candidates(people, np.zeros(len(children), np.int64))
    siblings, held = _siblings(set(children)), people.table.to_pylist()
    best: dict[tuple[str, str], tuple[float, Explanation]] = {}
    compared = 0
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        pair = paired(str(children[one]), str(children[other]))
        if pair[0] == pair[1] or (only is not None and str(only) not in pair):
            continue
        compared += 1
        why = _with_beginning(explain(model, held[one], held[other], common), model)
        if worth_asking({reason.term: reason.degree for reason in why.reasons}, why.weight, are_siblings=pair in siblings):
            best[pair] = max(best.get(pair, (why.weight, why)), (why.weight, why), key=lambda known: known[0])
    reasons = {pair: in_words(why, common) for pair, (_, why) in best.items()}
    for pair in _joined_there({*children}, authority, at) if only is None else ():
        reasons[pair] = (JOINED, *reasons.get(pair, ()))
    return Searched(tuple(Found(UUID(one), UUID(other), why) for (one, other), why in sorted(reasons.items())), len({*children}), compared)


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
    beside = _beside(set(born), at.date())
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


def _in_one_form(rows: list[dict[str, Any]], today: date) -> People | None:
    """The records as the engine takes them; None where there is nobody to compare."""
    if len({row["id"] for row in rows}) < 2:
        return None
    try:
        return put_in_one_form(pa.Table.from_pylist(rows), today)
    except ValueError:  # nobody has a date of birth, or a name that can be used
        return None


def _siblings(children: set[UUID]) -> set[tuple[str, str]]:
    ties = Tie.objects.filter(kind=Tie.Kind.SIBLING, is_error=False, until_at__isnull=True, child__in=children, tied__in=children)
    return {paired(str(one), str(other)) for one, other in ties.values_list("child_id", "tied_id")}


def _with_beginning(why: Explanation, model: Model) -> Explanation:
    """The same, where the engine says that the forename is another name, and one is the beginning of the other: as much as a slip of the keyboard says."""
    name = next((one for one in why.reasons if one.term == "forename"), None)
    if name is None or name.degree != "other" or not is_beginning(name.left, name.right):
        return why
    said = replace(name, degree=BEGINS, weight=model.weight("forename", "close"))
    return Explanation(why.weight - name.weight + said.weight, why.start, tuple(said if one is name else one for one in why.reasons))


def in_words(why: Explanation, common: Commonness) -> tuple[Reason, ...]:
    """The reasons of a pair as they are kept: what says most first, what is not known on both sides last; no number."""
    found = []
    for one in sorted(why.reasons, key=lambda reason: (-abs(reason.weight), reason.term)):
        term = BY_NAME[one.term]
        level = next((level for level in term.levels if level.name == one.degree), None)
        says = "is the beginning of the other one" if level is None else level.words
        times = common.times(level.common, one.right) if level and level.common else 0
        how = (
            " and rare here" if one.commonness > RARE and common.totals["born"] > MANY else " but common here" if times > SHARED_BY else ""
        )
        is_silent = (level is not None and level.unknown) or abs(one.weight) < SAYS
        speaks = "" if is_silent else "for" if one.weight > 0 else "against"
        found.append(Reason(one.term, one.degree, f"{term.words[0].upper()}{term.words[1:]} {says}{how}", speaks))
    return tuple(found)
