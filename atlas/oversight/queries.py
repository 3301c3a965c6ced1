"""Counts behind the measures, the list behind each number, and the team's work."""

from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Case, CharField, Count, DurationField, F, Q, QuerySet, Value, When

from atlas.agencies.models import Authority
from atlas.gate.context import Subject
from atlas.missing.models import Episode
from atlas.missing.rules import Independence
from atlas.missing.workflow import EpisodeState, InterviewState

GROUPS = {"ours_here": "Ours, living here", "ours_elsewhere": "Ours, living elsewhere", "others_here": "Others', living here"}
PASSES = [Independence.PASSES.value, Independence.PASSES_SAME_AUTHORITY.value]

# What each count of a measure counts, as a condition on an episode whose child is back.
COUNTS: dict[str, Q] = {
    "returned": Q(),
    "offered": Q(interview__first_offered_at__isnull=False),
    "accepted": Q(interview__first_offered_at__isnull=False, interview__accepted_at__isnull=False),
    "held": Q(interview__held_at__isnull=False),
    "in_time": Q(interview__timeliness="in_time"),
    "late": Q(interview__timeliness="late"),
    "day_only": Q(interview__timeliness="not_known"),
    "in_time_at_first": Q(interview__timeliness_at_first="in_time"),
    "estimated": Q(returned_precision__in=["about", "date", "unknown"]),
    "independent": Q(interview__held_at__isnull=False, interview__independence__in=PASSES),
    "not_offered": Q(interview__state=InterviewState.NOT_OFFERED),
    "shared_in_time": Q(interview__shared_timeliness="in_time"),
    "said_no": Q(interview__state=InterviewState.SAID_NO),
}


class Median(Aggregate):
    """The middle value of a length of time."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def returned_episodes(subject: Subject, authority: Authority, from_at: datetime, until_at: datetime) -> "QuerySet[Any]":
    """The episodes that the subject may see whose child was back in the period (start included, end not), for one authority,
    each with its group: who owes and who hosts are kept apart.
    """
    concerned = Q(responsible_authority=authority) | Q(host_authority=authority)
    episodes = Episode.objects.visible_to(subject).filter(
        concerned, state=EpisodeState.RETURNED, returned_at__gte=from_at, returned_at__lt=until_at
    )
    group = Case(
        When(responsible_authority=authority, host_authority=authority, then=Value("ours_here")),
        When(responsible_authority=authority, then=Value("ours_elsewhere")),
        default=Value("others_here"), output_field=CharField(),
    )  # fmt: skip
    return episodes.annotate(group=group)


def counts(episodes: "QuerySet[Any]") -> dict[str, dict[str, Any]]:
    """Every count and median for each group and for all of ours, in two statements."""
    sums: dict[str, Any] = {name: Count("pk", filter=condition) for name, condition in COUNTS.items()}
    sums["offer_latency"] = Median(F("interview__first_offered_at") - F("returned_at"))
    sums["told_latency"] = Median(F("return_recorded_at") - F("returned_at"))
    by_group = {row.pop("group"): row for row in episodes.values("group").annotate(**sums)}
    empty = dict.fromkeys(sums, 0) | {"offer_latency": None, "told_latency": None}
    ours = episodes.filter(group__in=["ours_here", "ours_elsewhere"]).aggregate(**sums)
    return {"ours": ours, **{group: by_group.get(group, empty) for group in GROUPS}}


def episodes_behind(episodes: "QuerySet[Any]", count: str, group: str) -> "QuerySet[Any]":
    """The episodes that one count counted."""
    groups = ["ours_here", "ours_elsewhere"] if group == "ours" else [group]
    rows = episodes.filter(COUNTS[count], group__in=groups)
    return rows.select_related("child", "interview").order_by("returned_at")
