"""Pairs of records that may be of one child: what waits, for how long, and the two laid side by side."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet

from atlas.children.models import Child
from atlas.clocks.models import Clock
from atlas.design.words import day
from atlas.flow import leads
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.policy import NEEDS, Permission, RecordKind
from atlas.gate.queries import rows_opened_by
from atlas.linkage.models import Pair, PairDecision, PairSearch
from atlas.linkage.rules import JOIN_IN_MAIN, MAIN_SYSTEM
from atlas.people.models import ContactDetail, ContactKind, Identifier, IdentifierKind, Name

SAME, DIFFER, ONE_SIDE = "The same", "Not the same", "Known on one side only"


def pairs_open_to(subject: Subject, *states: str) -> "QuerySet[Pair]":
    """The pairs in these states that the subject may look at, the longest waiting first: never by how alike they are."""
    need = NEEDS[Permission.VIEW_PAIR]
    opened = rows_opened_by(subject, Pair, RecordKind.STATUS, need.mode, need.through)
    rows = Pair.objects.filter(opened, state__in=states).select_related("child", "other_child", "decided_by__user")
    return rows.order_by("found_at", "pk")


def decided_pairs(subject: Subject) -> "QuerySet[Pair]":
    """What was decided, however long ago, the latest first: any of it can be taken back."""
    return pairs_open_to(subject, Pair.State.SAME, Pair.State.DIFFERENT).order_by("-decided_at", "pk")


def pairs_with_children() -> "QuerySet[Pair]":
    """Pairs, each with both children and whoever decided."""
    authorities = [f"{side}__{of}_authority" for side in ("child", "other_child") for of in ("responsible", "host")]
    return Pair.objects.select_related("child__person", "other_child__person", "decided_by__user", *authorities)


def pairs_of(child: Child) -> list[Pair]:
    """The pairs of a child that were decided to be one child, for whoever may read of both."""
    rows = Pair.objects.filter(Q(child=child) | Q(other_child=child), state=Pair.State.SAME)
    return list(rows.select_related("child", "other_child", "stands", "decided_by__user").order_by("decided_at", "pk"))


def recorded_twice(child: str) -> "Q":
    """Whether there is such a pair of the child at this path: for a page that then need not ask for none."""
    same = Pair.objects.filter(state=Pair.State.SAME)
    return Exists(same.filter(child=OuterRef(child))) | Exists(same.filter(other_child=OuterRef(child)))


def decisions_on(pair: Pair) -> list[PairDecision]:
    """Everything that was decided on a pair, and taken back, the latest first."""
    return list(pair.decisions.select_related("decided_by__user", "decided_by__team").order_by("-decided_at", "-pk"))


def is_to_join(pair: Pair) -> bool:
    """Whether somebody waits for the main case system to join the two records."""
    return Clock.objects.filter(about_id=pair.pk, limit=JOIN_IN_MAIN.key, outcome=Clock.Outcome.RUNNING).exists()


def last_searches() -> list[PairSearch]:
    """The latest search of each authority."""
    return list(PairSearch.objects.order_by("authority__name", "-day").distinct("authority__name").select_related("authority"))


def never_paired() -> list[UUID]:
    """The children whom a search leaves out, as the database says it to the post that searches: hidden, or with an identity under seal."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT unnest(gate_never_paired())")
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True)
class Beside:
    """One thing that both records say, or one of them: its name, what each says, whether they agree, and the search's reason if there is one."""

    name: str
    left: str
    right: str
    agrees: str
    reason: str = ""
    speaks: str = ""


# What the search compares, by the line of the page beside which its reason stands.
REASON_OF = {
    "Name": ("forename", "surname"), "Date of birth": ("born",), "Sex": ("sex",), "NHS number": ("nhs_number",), "Unique pupil number": ("upn",),
    "Address": ("place",), "Telephone": ("telephone",), "Main case system": (MAIN_SYSTEM,),
}  # fmt: skip


def side_by_side(pair: Pair, subject: Subject) -> list[Beside]:
    """Both records line by line. Address and telephone only for whoever may read of both where they live; otherwise the reason alone is shown.

    A fixed number of questions, whatever the records hold.
    """
    children = (pair.child, pair.other_child)
    said = _said(children, subject)
    why = {reason.term: reason for reason in pair.why}
    lines = []
    for name in dict.fromkeys(name for child in children for name in said[child.pk]):
        left, right = (said[child.pk].get(name, "") for child in children)
        reasons = [why[term] for term in REASON_OF.get(name, ()) if term in why and why[term].speaks]
        if left or right or reasons:
            lines.append(
                Beside(
                    name,
                    left,
                    right,
                    _agrees(left, right),
                    "; ".join(reason.words for reason in reasons),
                    _speaks(r.speaks for r in reasons),
                )
            )
    return lines


def _agrees(left: str, right: str) -> str:
    if not left and not right:
        return ""
    return ONE_SIDE if not (left and right) else SAME if left.casefold() == right.casefold() else DIFFER


def _speaks(each: Iterable[str]) -> str:
    found = set(each) - {""}
    return "both" if len(found) > 1 else next(iter(found), "")


def _said(children: tuple[Child, Child], subject: Subject) -> dict[UUID, dict[str, str]]:
    ids = [child.pk for child in children]
    names, numbers, reach = _names(ids), _numbers(ids), _reach(ids, subject)
    working = leads(ids, subject.at)
    found = {}
    for child in children:
        post, team = working.get(child.pk, (None, None))
        found[child.pk] = {
            "Name": child.name, "Other names": names[child.pk], "Date of birth": day(child.born_on) if child.born_on else "",
            "Sex": child.person.get_sex_display() if child.person.sex != "U" else "",
            **{label: numbers[child.pk].get(kind, "") for kind, label in IdentifierKind.choices},
            **reach[child.pk],
            "Language": child.person.language, "Responsible authority": child.responsible_authority.name, "Lives in": child.host_authority.name,
            "Works with the child": str(post or team or "Nobody"),
        }  # fmt: skip
    return found


def _names(ids: list[UUID]) -> dict[UUID, str]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for name in Name.objects.filter(person__in=ids, is_in_use=False).order_by("pk"):
        found[name.person_id].append(str(name))
    return {one: ", ".join(found[one]) for one in ids}


def _numbers(ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, list[str]]] = {one: defaultdict(list) for one in ids}
    for number in Identifier.objects.filter(person__in=ids).order_by("until_on", "value"):
        words = number.value + (f" until {day(number.until_on)}" if number.until_on else "")
        found[number.person_id][number.kind].append(words)
    return {one: {kind: ", ".join(values) for kind, values in held.items()} for one, held in found.items()}


def _reach(ids: list[UUID], subject: Subject) -> dict[UUID, dict[str, str]]:
    empty = {"Address": "", "Telephone": ""}
    if not all(ContactDetail.objects.may_read(subject, one) for one in ids):
        return dict.fromkeys(ids, empty)
    found: dict[UUID, dict[str, str]] = {one: dict(empty) for one in ids}
    kinds = {ContactKind.ADDRESS.value: "Address", ContactKind.TELEPHONE.value: "Telephone"}
    current = Q(until_on__isnull=True) | Q(until_on__gte=_today(subject.at))
    for one in ContactDetail.objects.filter(current, person__in=ids, kind__in=kinds).order_by("pk"):
        words, held = f"{one.text} {one.postcode}".strip(), found[one.person_id]
        held[kinds[one.kind]] = f"{held[kinds[one.kind]]}; {words}".removeprefix("; ")
    return found


def _today(at: datetime) -> str:
    return day_of(at).isoformat()
