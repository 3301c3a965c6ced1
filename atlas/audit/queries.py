"""Who looked at a child, in which post, at which part, through which relationship, when; and the odd looks to work through."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connections
from django.db.models import Avg, Count, F, Q, QuerySet

from atlas.agencies.models import Post
from atlas.audit.models import OddLook
from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.gate.policy import Kind

WORDS = {kind.value: kind.value.replace("_", " ") for kind in Kind}
ANSWERING = {Kind.ALLOCATED.value, Kind.LINE.value}  # whoever answers for the child looks without having to write
PARTS = {"view_child": "The child's page", "find_child": "A search that found the child", "view_my_work": "Their own list of work"}
MONTHS_COUNTED = 12


@dataclass(frozen=True)
class Looked:
    """Looks of one post at one page about a child, through the same relationships."""

    page: str
    through: str
    looks: int
    first_at: datetime
    last_at: datetime
    flags: tuple[str, ...]


@dataclass
class Looker:
    """One worker in one post, with the parts of the record that they looked at."""

    post: Post
    looked: list[Looked] = field(default_factory=list)

    @property
    def flags(self) -> list[str]:
        """What is odd about any of it, each once."""
        return sorted({flag for one in self.looked for flag in one.flags})


def looks_at(child: Child) -> list[tuple[str, list[Looker]]]:
    """(agency, its workers) who looked at a child, as far as the acting post may know; latest first.

    The database decides (`gate_looks`): all for the privacy officer; for the line its own agency's, without enquiries and without
    the looks of the police; nobody their own. Flags are facts: the same surname, outside hours and not on shift, and no act
    about the child within 7 days by one who does not answer for the child.
    """
    lookers: dict[Any, Looker] = {}
    rows = _rows(child)
    posts = Post.objects.select_related("user", "team__agency").in_bulk({row[0] for row in rows})
    for post, page, event, through, looks, first_at, last_at, out_of_hours, is_own_surname, is_followed_up, _ in rows:
        flags = [
            *(["Same surname as the child"] if is_own_surname else []),
            *(["Out of hours"] if out_of_hours else []),
            *(["No follow-up"] if event == "open" and not is_followed_up and not ANSWERING & set(through) else []),
        ]
        looked = Looked(part(page), ways(through), looks, first_at, last_at, tuple(flags))
        lookers.setdefault(post, Looker(posts[post])).looked.append(looked)
    agencies: dict[str, list[Looker]] = {}
    for looker in lookers.values():
        agencies.setdefault(looker.post.team.agency.name, []).append(looker)
    return list(agencies.items())


def releasable_looks_at(child: Child) -> list[tuple[str, str, list[str], datetime, datetime]]:
    """(agency, role, parts, first, last) for the child: no name, no number, no flag, and nothing that only the privacy officer may know.

    Names are left out everywhere, since leaving out some would say which were asked about. Source: real-life.md point 22.
    """
    rows = [row for row in _rows(child) if not row[10]]
    posts = Post.objects.select_related("team__agency").in_bulk({row[0] for row in rows})
    found: dict[tuple[str, str], list[Any]] = {}
    for post, page, _, _, _, first_at, last_at, *_ in rows:
        if posts[post].is_service:
            continue
        key = (posts[post].team.agency.name, posts[post].role_name)
        one = found.setdefault(key, [set(), first_at, last_at])
        one[0].add(part(page))
        one[1], one[2] = min(one[1], first_at), max(one[2], last_at)
    return [(agency, role, sorted(parts), first, last) for (agency, role), (parts, first, last) in sorted(found.items())]


def _rows(child: Child) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM gate_looks(%s)", [child.pk])
        return list(cursor.fetchall())


def part(page: str) -> str:
    """A page's word as the part of the record that it shows: “view_interview” is “Interview”."""
    return PARTS.get(page) or page.removeprefix("view_").replace("_", " ").capitalize()


def ways(through: Iterable[str]) -> str:
    """Kinds of relationship in words."""
    return ", ".join(WORDS.get(kind, kind) for kind in through) or "no relationship"


def odd_looks(*, is_closed: bool = False) -> "QuerySet[OddLook]":
    """The odd looks that the acting privacy officer works through, the most overdue first; row security says which."""
    rows = OddLook.objects.select_related("post__user", "post__team", "agency", "child", "closed_by__user")
    return rows.filter(closed_at__isnull=not is_closed).order_by(*(["-closed_at"] if is_closed else ["due_on", "looked_at"]), "pk")


@dataclass(frozen=True)
class Worked:
    """How one agency's odd looks were worked through in the last twelve months."""

    agency: str
    found: int
    open: int
    late: int
    outcomes: dict[str, int]
    days: float | None  # from found to closed, on average


def worked_by_agency(at: datetime) -> list[Worked]:
    """Counts and times for each agency whose odd looks the acting post may see, over the twelve months before `at`."""
    late = Q(closed_at__isnull=True, due_on__lt=day_of(at))
    counted = {outcome: Count("pk", filter=Q(outcome=outcome, closed_at__isnull=False)) for outcome in OddLook.Outcome.values}
    rows = (
        OddLook.objects.filter(found_at__gt=at - timedelta(days=30 * MONTHS_COUNTED))
        .values("agency__name")
        .annotate(
            found=Count("pk"), still=Count("pk", filter=Q(closed_at__isnull=True)), late=Count("pk", filter=late),
            took=Avg(F("closed_at") - F("found_at")), **counted,
        )
        .order_by("agency__name")
    )  # fmt: skip
    return [
        Worked(
            row["agency__name"], row["found"], row["still"], row["late"], {outcome: row[outcome] for outcome in counted},
            row["took"].total_seconds() / 86400 if row["took"] else None,
        )
        for row in rows
    ]  # fmt: skip


def is_late(odd_look: OddLook, today: date) -> bool:
    """Whether an open odd look should have been closed by now."""
    return odd_look.closed_at is None and odd_look.due_on < today
