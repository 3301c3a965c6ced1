"""By which telephones somebody who looks for a missing child reaches those who may know."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from atlas.agencies.queries import leave_now, number_of
from atlas.allocation.models import Allocation, ResponsibleTeam
from atlas.design.words import when
from atlas.gate.context import Subject
from atlas.missing.models import Episode, TriggerPlan
from atlas.missing.rules.trigger_plan import SAYS_WHERE
from atlas.missing.words import PLAN
from atlas.missing.workflow import OPEN_EPISODE
from atlas.people.models import ContactDetail, ContactKind
from atlas.sealed.queries import location_sealed

CHILD_S_OWN = "The child’s own. Somebody else may hold it"


@dataclass(frozen=True)
class Number:
    """A number to ring, and whose it is."""

    who: str
    number: str


def looked_for_now(subject: Subject) -> "QuerySet[Episode]":
    """Every open episode that the subject may see, the longest first, with the child, the trigger plan and both authorities; and whether a sealed
    location exists.
    """
    episodes = Episode.objects.visible_to(subject).filter(state__in=OPEN_EPISODE)
    beside = ("child__missing_profile", "child__trigger_plan", "responsible_authority", "host_authority")
    return episodes.select_related(*beside).annotate(is_location_sealed=location_sealed("child")).order_by("reported_at", "pk")


# Of the trigger plan, what one needs before anything else; all of it is one tap away.
FIRST = ("reach_words", "safe_people_words", "safe_places_words", "keeper_words")


def if_i_go_missing(episode: Episode) -> list[tuple[str, str]]:
    """What the trigger plan says of this child going missing, (name, words); nothing that says where, while a sealed location exists."""
    plan: TriggerPlan | None = getattr(episode.child, "trigger_plan", None)
    is_sealed: bool = episode.is_location_sealed  # type: ignore[attr-defined]
    shown = [name for name in FIRST if not (is_sealed and name in SAYS_WHERE)]
    return [(PLAN[name], words) for name in shown if (words := getattr(plan, name, ""))]


def numbers_to_ring(subject: Subject, episodes: Iterable[Episode]) -> dict[UUID, list[Number]]:
    """For each child of these episodes, whom to ring: who reported it, the child, the workers, the team, the councils at any hour.

    Only what the subject may read; and while a sealed location exists, no number that could say where the child lives: not the child's own, nor that
    of whoever reported. Whoever covers stands for a worker who is away. Four statements, however many the children.
    """
    found: dict[UUID, list[Number]] = defaultdict(list)
    rows = list(episodes)
    children = [episode.child_id for episode in rows]
    open_ones = [episode for episode in rows if not episode.is_location_sealed]  # type: ignore[attr-defined]
    for episode in open_ones:
        if episode.reporter_contact:
            found[episode.child_id].append(Number(episode.reporter_name or "Who reported it", episode.reporter_contact))
    reachable = [episode.child_id for episode in open_ones]
    details = ContactDetail.objects.visible_to(subject).filter(person__in=reachable, kind=ContactKind.TELEPHONE, until_on__isnull=True)
    for detail in details.order_by("pk"):
        found[detail.person_id].append(Number(CHILD_S_OWN, detail.text))
    _workers(subject, children, found)
    for episode in rows:
        for authority in {episode.responsible_authority, episode.host_authority}:
            found[episode.child_id].append(Number(f"{authority.name}, at any hour", authority.staffed_number))
    return {child: _once(numbers) for child, numbers in found.items()}


def _workers(subject: Subject, children: list[UUID], found: dict[UUID, list[Number]]) -> None:
    works = Allocation.objects.visible_to(subject).filter(child__in=children, until_at__isnull=True)
    held = list(works.select_related("post__user", "post__team").order_by("from_at", "pk"))
    away = leave_now([one.post_id for one in held], subject.at) if held else {}
    for one in held:
        worker, leave = f"{one.post.user.name}, {one.get_capacity_display().lower()}", away.get(one.post_id)
        if leave is None:
            found[one.child_id].append(Number(worker, number_of(one.post)))
        elif leave.covered_by is not None:
            words = f"{leave.covered_by.user.name}, covers for {worker}, away until {when(leave.until_at)}"
            found[one.child_id].append(Number(words, number_of(leave.covered_by)))
    teams = ResponsibleTeam.objects.visible_to(subject).filter(child__in=children, until_at__isnull=True)
    for child, name, number in teams.values_list(F("child"), "team__name", "team__telephone"):
        found[child].append(Number(f"Team {name}, by day", number))


def _once(numbers: list[Number]) -> list[Number]:
    """Each number once, in their order; what has none is left out."""
    first: dict[str, Number] = {}
    for one in numbers:
        if one.number:
            first.setdefault(one.number.replace(" ", ""), one)
    return list(first.values())
