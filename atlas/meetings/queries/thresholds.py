"""Facts for which a child may come to a panel, each with where it stands: prompts, never a score, and no order among children (practice.md 4.7.4).

As far as they are open to whoever asks: row security says what is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import day_words
from atlas.exploitation.codes import AssessmentState, Level
from atlas.exploitation.models import ExploitationAssessment
from atlas.gate.days import day_of
from atlas.meetings.queries.actions import undone_before
from atlas.missing.models import RepeatTrigger

LOOKS_BACK = timedelta(days=90)
OF_THE_CHILD: dict[str, str] = {
    Kind.PLAN_DOES_NOT_HELP.value: "The safety plan does not help", Kind.PLAN_LINE_BROKEN.value: "A line of the safety plan needs a new answer",
    Kind.AGENCY_DISAGREES.value: "An agency disagrees",
}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One fact, in words with its day, and the page on which it stands."""

    words: str
    where: str


def facts_for(children: Iterable[Child], at: datetime) -> dict[UUID, list[Fact]]:
    """For each of these children the facts of the last 90 days for which panels take children in; a few statements for all of them."""
    known = {child.pk: child for child in children}
    found: dict[UUID, list[Fact]] = {pk: [] for pk in known}
    since = at - LOOKS_BACK
    stands = ExploitationAssessment.objects.filter(
        child__in=known, state=AssessmentState.FINISHED, replaced_at=None, level__gte=Level.MODERATE
    )
    for one in stands.order_by("pk"):
        assert one.finished_at is not None
        words = f"Level {one.get_level_display()}, judged {day_words(day_of(one.finished_at))}"
        found[one.child_id].append(Fact(words, reverse("exploitation:view_exploitation", args=[one.child_id])))
    for trigger in RepeatTrigger.objects.filter(child__in=known, fired_at__gte=since).order_by("fired_at", "pk"):
        words = f"Missing again and again: the rule was met {day_words(day_of(trigger.fired_at))}"
        found[trigger.child_id].append(Fact(words, reverse("missing:view_episode", args=[trigger.episode_id])))
    for entry in Entry.objects.filter(child__in=known, kind__in=OF_THE_CHILD, recorded_at__gte=since).order_by("recorded_at", "pk"):
        words = f"{OF_THE_CHILD[entry.kind]}, {day_words(day_of(entry.recorded_at))}"
        found[entry.child_id].append(Fact(words, reverse("desk:view_child", args=[entry.child_id])))
    for action in undone_before(list(known), None):
        assert action.child_id is not None
        words = f"{action.agency.name} was to do something by {day_words(action.due_on)}: {action.get_state_display().lower()}"
        found[action.child_id].append(Fact(words, reverse("meetings:view_action", args=[action.pk])))
    for child in known.values():
        if child.host_authority_id != child.responsible_authority_id:
            found[child.pk].append(Fact("Placed in another authority", reverse("desk:view_child", args=[child.pk])))
    return found
