"""The chair's page: step-downs and what came of them; child in need plans of two years and more, and those near it, as at any day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connections
from django.db.models import Prefetch, QuerySet

from atlas.agencies.models import Post, Team
from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.meetings.models import AgencyAction, StepDown
from atlas.meetings.rules.step_down import GAP_DAYS


@dataclass(frozen=True)
class LongPlan:
    """One child on a list of the chair: since when; who works with the child; the child, where whoever asks may see who it is."""

    what: str
    child_id: UUID
    since: date
    worker: Post | None
    team: Team | None
    child: Child | None


def long_plans(as_at: date) -> list[LongPlan]:
    """Child in need plans of 24 months and more ("long"), of 21 to 24 ("warning"), and child protection plans that ended with no first meeting called
    ("ended"), or with one and nobody allocated to the child ("nobody"), as at a day: of the authorities of whoever asks, the longest first. Plans opened again
    within 28 days count as one.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT what, child, since, worker, team FROM gate_long_plans(%s, %s)", [as_at, GAP_DAYS])
        rows = cursor.fetchall()
    children = Child.objects.in_bulk([row[1] for row in rows])
    workers = Post.objects.select_related("user").in_bulk([row[3] for row in rows if row[3]])
    teams = Team.objects.in_bulk([row[4] for row in rows if row[4]])
    found = [
        LongPlan(what, child, since, workers.get(worker), teams.get(team), children.get(child)) for what, child, since, worker, team in rows
    ]
    return sorted(found, key=lambda one: (one.what, one.since, one.child_id))


def step_downs(subject: Subject) -> "QuerySet[StepDown]":
    """Step-downs of the children whose meetings the subject may read, the latest first, each with its first meeting and what agencies agreed to do there."""
    actions = Prefetch(
        "meeting__agencyactions",
        queryset=AgencyAction.objects.select_related("agency", "owner_post__user").order_by("due_on", "pk"),
        to_attr="agreed",
    )
    rows = StepDown.objects.visible_to(subject).select_related("child", "meeting", "decided_by__user")
    return rows.prefetch_related(actions).order_by("-ended_on", "pk")
