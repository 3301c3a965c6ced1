"""The morning page of the missing briefing: what the record says now and since the last one, from the lists that Missing now and the interviews stand on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from atlas.chronology.moments import start_of_day
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.meetings.models import AgencyAction, Meeting
from atlas.meetings.queries.actions import UNDONE, actions_with_people
from atlas.missing.models import Episode, ReturnInterview, TriggerPlan
from atlas.missing.queries.episodes import MissingNow, missing_now
from atlas.missing.workflow import OPEN_INTERVIEW, EpisodeState

if TYPE_CHECKING:
    from atlas.agencies.models import Authority

KIND = "missing_briefing"
OTHERWISE = timedelta(hours=24)  # how far back, where no briefing was held that is open to whoever asks
MOST = 100


@dataclass(frozen=True)
class Briefing:
    """What the page shows. `today`: the briefing of today, where one began that is open to whoever asks; `since`: when the last before it was held."""

    today: Meeting | None
    last: Meeting | None
    since: datetime
    missing: list[MissingNow]
    with_plan: set[UUID]
    back: list[Episode]
    late: list[ReturnInterview]
    undone: list[AgencyAction]

    @property
    def placed_by_others(self) -> list[MissingNow]:
        """Those missing now who live here and for whom another authority answers."""
        return [one for one in self.missing if one.responsible_name != one.host_name]

    @property
    def without_plan(self) -> list[MissingNow]:
        """Those missing now for whom nobody has written a trigger plan."""
        return [one for one in self.missing if one.child_id not in self.with_plan]


def briefings_held(authority: "Authority") -> "QuerySet[Meeting]":
    """The briefings of an authority that were held and are open to whoever asks, the latest first."""
    return Meeting.objects.filter(authority=authority, kind=KIND, held_at__isnull=False).order_by("-held_at", "pk")


def todays_briefing(authority: "Authority", at: datetime) -> Meeting | None:
    """The briefing that began today."""
    return briefings_held(authority).filter(held_at__gte=start_of_day(day_of(at))).first()


def missing_briefing(subject: Subject, authority: "Authority", at: datetime) -> Briefing:
    """What the record says now: who is missing, came back since the last briefing, is late for an interview; what was agreed and is not done. As far as it is open to
    whoever asks; a handful of statements, however many children.
    """
    begins = start_of_day(day_of(at))
    last = briefings_held(authority).filter(held_at__lt=begins).first()
    since = last.held_at if last is not None and last.held_at is not None else at - OTHERWISE
    missing = missing_now(subject)
    plans = TriggerPlan.objects.filter(child__in=[one.child_id for one in missing]).values_list("child", flat=True)
    came = Episode.objects.visible_to(subject).filter(state=EpisodeState.RETURNED, returned_at__gte=since, returned_at__lte=at)
    owed = ReturnInterview.objects.visible_to(subject).filter(state__in=OPEN_INTERVIEW, due_at__lt=at)
    agreed = actions_with_people().filter(UNDONE, meeting__kind=KIND, meeting__authority=authority)
    return Briefing(
        todays_briefing(authority, at), last, since, missing, set(plans),
        list(came.select_related("child").order_by("returned_at", "pk")[:MOST]),
        list(owed.select_related("child", "episode", "interviewer__user", "team").order_by("due_at", "pk")[:MOST]),
        list(agreed.order_by("due_on", "pk")[:MOST]),
    )  # fmt: skip
