"""A trigger plan as those who look for the child read it: on the page, and on paper, built up field by field."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from atlas.children.models import Child
from atlas.design.words import day, when
from atlas.gate.context import Subject
from atlas.missing.models import Episode, Photograph, TriggerAction, TriggerPlan
from atlas.missing.rules.trigger_plan import SAYS_WHERE, why_stale
from atlas.missing.words import PLAN
from atlas.people.models import ContactDetail, ContactKind
from atlas.sealed.queries import location_sealed
from atlas.sealed.rules import RING
from atlas.sharing.rules import MARKING
from atlas.statuses.models import Placement

PURPOSE = "Looking for a missing child"
FOR = "The police and others who look for the child"
CONDITIONS = (
    "For looking for this child, and for nothing else.",
    "Give it to nobody who does not look for the child, and show it to no child or family.",
    "Destroy it when the child is back.",
)


def children_with_plan() -> "QuerySet[Child]":
    """Children with their trigger plan and what the top of its page shows; and whether a sealed location exists."""
    people = ("trigger_plan__confirmed_by__user", "missing_profile", "responsible_authority", "host_authority")
    return Child.objects.select_related(*people).annotate(is_location_sealed=location_sealed("pk"))


@dataclass(frozen=True)
class Ready:
    """A trigger plan with the child's last episode: everything that somebody who looks must know."""

    plan: TriggerPlan | None
    actions: tuple[TriggerAction, ...]
    episode: Episode | None
    stale: tuple[str, ...]
    photograph: Photograph | None
    is_sealed: bool

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What the plan says, in order, (name, words); what would say where the child is left out while a sealed location exists."""
        plan = self.plan
        if plan is None:
            return []
        said = {name: getattr(plan, name) for name in PLAN if not (self.is_sealed and name in SAYS_WHERE)}
        said |= {"kept_by": plan.get_kept_by_display(), "made_with": plan.get_made_with_display()}
        return [(PLAN[name], words) for name, words in said.items() if words]

    @property
    def now_lines(self) -> list[tuple[str, str]]:
        """Part 2: what is known of the episode that is open now."""
        episode = self.episode
        if episode is None or not episode.is_open:
            return []
        seen = when(episode.last_seen) if episode.last_seen else "not known"
        lines = [
            ("Missing episode", episode.reference), ("Police reference", episode.police_reference or "The police have not been rung yet"),
            ("Last seen", seen), ("Last seen where", "" if self.is_sealed else episode.last_seen_place), ("Clothing", episode.clothing),
            ("Taken", episode.taken), ("Where the child may be", "" if self.is_sealed else episode.intended),
        ]  # fmt: skip
        return [(name, words) for name, words in lines if words]


def plans_with_child() -> "QuerySet[TriggerPlan]":
    """Trigger plans with their child, and whether a sealed location exists."""
    people = ("confirmed_by__user", "child__responsible_authority")
    return TriggerPlan.objects.select_related(*people).annotate(is_location_sealed=location_sealed("child"))


def ready(subject: Subject, child: Child, plan: TriggerPlan | None, *, is_sealed: bool) -> Ready:
    """The trigger plan of a child, with why it must be read again. `is_sealed`: a sealed location exists."""
    episode = Episode.objects.of_child(subject, child.pk).filter(is_historic=False).order_by("-reported_at", "pk").first()
    photograph = Photograph.objects.filter(child=child).order_by("-added_at", "pk").only("pk", "taken_on", "child").first()
    actions = tuple(plan.actions.filter(is_withdrawn=False).order_by("place")) if plan else ()
    return Ready(plan, actions, episode, stale_reasons(child, plan, episode, subject.at), photograph, is_sealed)


def stale_reasons(child: Child, plan: TriggerPlan | None, episode: Episode | None, at: datetime) -> tuple[str, ...]:
    """Why the plan must be read again, as far as whoever asks may see placements and telephone numbers; empty without a plan."""
    if plan is None:
        return ()
    moved = Placement.objects.filter(child=child).aggregate(last=Max("from_on"))["last"]
    number = ContactDetail.objects.filter(person=child.pk, kind=ContactKind.TELEPHONE).aggregate(last=Max("from_on"))["last"]
    missing_at = episode.reported_at if episode else None
    return tuple(why_stale(plan.confirmed_at, at, moved_on=moved, number_changed_on=number, missing_at=missing_at))


def on_paper(subject: Subject, child: Child, ready: Ready) -> dict[str, Any]:
    """The profile as it is printed: only what this list names; where the child lives stands in no list."""
    plan = ready.plan
    assert plan is not None
    source, as_at = "Trigger plan", when(plan.confirmed_at)
    who = [("Name", child.name), ("Born", day(child.born_on) if child.born_on else "not known"),
           ("Responsible", child.responsible_authority.name), ("Staffed number", child.responsible_authority.staffed_number)]  # fmt: skip
    who += [("Where the child is", RING)] if ready.is_sealed else []
    items = [_item("Who the child is", who, "Atlas", "")]
    items += (
        [_item("Missing now", ready.now_lines, "Missing episode", when(ready.episode.reported))]
        if ready.now_lines and ready.episode
        else []
    )
    items += [_item("Ready to search", [line], source, as_at) for line in ready.lines]
    items += [
        _item("What was agreed beforehand", [(f"{step.place}. {step.trigger_words}", _step(step))], source, as_at) for step in ready.actions
    ]
    warning = [f"This must be read again: {' '.join(ready.stale)}"] if ready.stale else []
    return {
        "title": "Ready to search", "marking": MARKING, "recipient": FOR, "purpose": PURPOSE,
        "shared_by": f"{subject.post}, {subject.post.team.agency.name}", "compiled_at": when(subject.at), "until": "the child is back",
        "conditions": [*warning, *CONDITIONS], "items": items, **_picture(ready.photograph),
    }  # fmt: skip


def _picture(photograph: Photograph | None) -> dict[str, Any]:
    """The photograph as the paper takes it: its bytes as numbers, and what is said of it."""
    if photograph is None:
        return {}
    taken = f", taken {day(photograph.taken_on)}" if photograph.taken_on else ", day not known"
    return {"photograph": list(bytes(photograph.image)), "photograph_words": f"Photograph{taken}"}


def _item(kind: str, lines: list[tuple[str, str]], source: str, as_at: str) -> dict[str, Any]:
    return {"kind": kind, "lines": lines, "source": source, "as_at": as_at}


def _step(step: TriggerAction) -> str:
    within = f", within {step.within_minutes} minutes" if step.within_minutes else ""
    return f"{step.actor_words}{within}: {step.action_words}"
