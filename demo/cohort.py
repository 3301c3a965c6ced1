"""The children whom somebody marked as perhaps exploited are assessed by their own workers, through the year, and some are looked at again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from atlas.agencies.models import Post
from atlas.exploitation.codes import AssessmentKind, ExploitationType, ItemKind, Level, Said, SourceGrade
from atlas.exploitation.commands.assessment import name_types, start_exploitation_assessment, write_analysis, write_views
from atlas.exploitation.commands.items import add_item
from atlas.exploitation.commands.judge import finish_exploitation_assessment
from atlas.exploitation.models import ExploitationAssessment
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind
from atlas.missing.models import MissingProfile

LEVELS = ((Level.SIGNIFICANT, 18), (Level.MODERATE, 58), (Level.EMERGING, 24))  # calibration.md 3f: 18 high, 58 medium, 24 low of 100
TYPES = (
    (ExploitationType.CRIMINAL, 45),
    (ExploitationType.SEXUAL, 30),
    (ExploitationType.ONLINE, 15),
    (ExploitationType.GROUP_VIOLENCE, 10),
)  # [U]
AGAIN, DOWN = 0.3, 0.35  # so many are looked at again, and of these so many come down to none [U]
SEEN = ("older_company", "things", "vehicles", "school", "telephone", "substances", "friends")
EASIER = ("few_friends", "domestic_abuse", "family_broken", "self_worth", "neglected", "no_adult")
PROTECTS = ("person", "skill", "in_school", "safe_place")


def assess(named: Mapping[str, Post], seed: int, now: datetime) -> None:
    """Each by the worker who holds the child, on a day since that worker came."""
    with acting_as(named["missing.coordinator"], now):
        rows = MissingProfile.objects.filter(exploitation_marked_at__isnull=False).select_related("child")
        marked = [one.child for one in rows.order_by("child__name", "child__born_on")]
        held = Relationship.live(now).filter(kind=Kind.ALLOCATED, child__in=[child.pk for child in marked], holder_post__isnull=False)
        workers = {one.child_id: one for one in held.select_related("holder_post__user", "holder_post__team__agency").order_by("-from_at")}
    random = Random(f"cohort {seed}")
    for child in marked:
        mine, share, again, down = workers.get(child.pk), random.random(), random.random(), random.random()
        level, types = _drawn(random, LEVELS), _drawn(random, TYPES)
        codes = random.sample(SEEN, 2), random.sample(EASIER, 2), random.sample(PROTECTS, 1)
        if mine is None or child.is_adult(now):
            continue
        first = max(mine.from_at + timedelta(days=2), now - timedelta(days=330))
        at = first + (now - timedelta(days=10) - first) * share
        by = mine.holder_post
        assert by is not None
        with acting_as(by, at):
            if ExploitationAssessment.objects.filter(child=child).exists() or at <= mine.from_at:
                continue
        _assess(child, level, types, codes, by, at, AssessmentKind.FULL)
        later = at + timedelta(days=85)
        if again < AGAIN and later < now - timedelta(days=1):
            _assess(child, Level.NONE if down < DOWN else level, types, ((), (), ()), by, later, AssessmentKind.REVIEW)


def _drawn(random: Random, of: Any) -> Any:
    return random.choices([one for one, _ in of], [weight for _, weight in of])[0]


def _assess(
    child: Any, level: Level, types: ExploitationType, codes: tuple[Any, ...], by: Post, at: datetime, kind: AssessmentKind
) -> None:
    does: dict[str, Any] = {"by": by, "at": at}
    assessment = start_exploitation_assessment(child=child, kind=kind, **does)
    for item, of in zip((ItemKind.INDICATOR, ItemKind.VULNERABILITY, ItemKind.PROTECTIVE), codes, strict=True):
        for code in of:
            seen: dict[str, Any] = {"source": "", "grade": "", "last_seen_on": None}
            if item == ItemKind.INDICATOR:
                seen = {"source": "The worker’s own visits", "grade": SourceGrade.RELIABLE, "last_seen_on": day_of(at - timedelta(days=6))}
            add_item(assessment=assessment, kind=item, code=code, words="As seen at home and at school", **seen, **does)
    name_types(assessment=assessment, types=[types], **does)
    assessment = write_views(assessment=assessment, child_said=Said.DID_NOT_WANT, parent_said=Said.DID_NOT_WANT, **does)
    assessment = write_analysis(
        assessment=assessment, why_now="New company", hypothesis="Somebody uses the child", mind="An explanation of all of it", **does
    )
    finish_exploitation_assessment(assessment=assessment, level=level, is_harm=False, level_words="Because of what was seen", **does)
