"""What of a safety plan is copied to the main case system: each version that was agreed, as it was agreed, whatever versions come after it.

The lines that a professional's copy holds, part by part, without what is done to disrupt, without telephone numbers, and without places while a
location is sealed. A line that somebody kept off the copy of the child, or of a carer, says so, since that system prints too.
The main system has no table of its own for these plans (data/ssd-schema), so the note speaks in our words.
"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from atlas.copies.kinds import Copied, is_parent_not_told
from atlas.design.words import day, when
from atlas.feeds.rules import Mastered
from atlas.gate.context import Subject
from atlas.plans.models import PlanLine, PlanVersion
from atlas.plans.queries.copies import lines_for_main_system
from atlas.plans.rules.parts import Section
from atlas.sharing.compile import Chosen, Part
from atlas.sharing.copy import Audience

SAFETY_PLAN = "safety_plan"
NEVER = (
    "For the child's own record in the main case system. What is done to disrupt those who harm, telephone numbers, and lines that are kept from other "
    "professionals are not in it: they stand in Atlas."
)


def _versions(subject: Subject, child: UUID) -> "QuerySet[PlanVersion]":
    return PlanVersion.objects.visible_to(subject).filter(child=child).select_related("plan", "agreed_by__team__agency")


def _is_in_force(version: PlanVersion) -> bool:
    return version.plan.closed_at is None and version.plan.number == version.number


def _level(version: PlanVersion) -> str:
    if version.level is None:
        return ""
    return f"{version.level}{', harm occurring' if version.is_harmed else ''}"


def _closed(version: PlanVersion) -> str:
    return when(version.plan.closed_at) if version.plan.closed_at and version.plan.number == version.number else ""


def _kept_from(line: PlanLine) -> str:
    return ", ".join(audience.label.lower() for audience in Audience if audience in line.left_out_of)


VERSION = Part(
    SAFETY_PLAN, "Safety plan", _versions,
    (
        ("Version", lambda row: str(row.number)), ("Agreed", lambda row: when(row.agreed_at)),
        ("By", lambda row: row.agreed_by.team.agency.name if row.agreed_by else ""), ("With the child", lambda row: row.get_with_child_display()),
        ("Level when it was agreed", _level),
        ("Last said to be true", lambda row: when(row.plan.decided_at) if _is_in_force(row) else ""),
        ("Read again by", lambda row: day(row.plan.review_on) if _is_in_force(row) else ""), ("Closed", _closed),
    ),
    lambda row: "Atlas",
)  # fmt: skip
BECAUSE = Part("because", "Why this version", _versions, (("In words", lambda row: row.because),), lambda row: "Atlas", is_free=True)
CHILD_SAYS = Part(
    "child_says", "What the child says of it", _versions,
    (("In the child’s words", lambda row: row.child_words), ("Why there is no view", lambda row: row.no_view_because)), lambda row: "Atlas", is_free=True,
)  # fmt: skip
CLOSING = Part(
    "closing", "Why it was closed", _versions,
    (("In words", lambda row: row.plan.closed_because), ("A plan opens again if", lambda row: row.plan.opens_again)), lambda row: "Atlas", is_free=True,
)  # fmt: skip


def _part(section: Section) -> Part:
    return Part(
        f"line_{section}", section.label,
        lambda subject, child: PlanLine.objects.visible_to(subject).filter(child=child, section=section).select_related("owner_post__user", "agency")
        .order_by("added_at", "pk"),
        (
            ("Line", lambda row: row.words), ("What it answers", lambda row: row.risk_words), ("Whose", lambda row: row.owned_by),
            ("Agency", lambda row: row.agency.name if row.agency else ""), ("By when", lambda row: day(row.due_on) if row.due_on else ""),
            ("We see it by", lambda row: row.evidence), ("Not for the copy of", _kept_from),
        ),
        lambda row: "Safety plan", is_free=True,
    )  # fmt: skip


PARTS = {section: _part(section) for section in Section}  # which of its lines go, `lines_for_main_system` says


def _rows(subject: Subject) -> "QuerySet[PlanVersion]":
    return PlanVersion.objects.visible_to(subject).filter(agreed_at__isnull=False).select_related("plan", "child")


def _chosen(version: PlanVersion) -> Chosen:
    own, lines = (version.pk,), lines_for_main_system(version)
    held = {section: [line.pk for line in lines if line.section == section] for section in PARTS}
    return (
        (VERSION, own), (CLOSING, own if _closed(version) else ()), (BECAUSE, own), (CHILD_SAYS, own),
        *((part, held[section]) for section, part in PARTS.items() if held[section]),
    )  # fmt: skip


def _fields(version: PlanVersion, number: str) -> dict[str, dict[str, str | None]]:
    """The note: ids, dates and codes."""
    plan, is_in_force = version.plan, _is_in_force(version)
    return {
        "atlas_safety_plan": {
            "person": number, "plan": str(plan.pk), "plan_version": str(version.number), "agreed_at": _iso(version.agreed_at),
            "with_child": version.with_child or None, "level": None if version.level is None else str(version.level),
            "is_harm": "Y" if version.is_harmed else "N", "assessment": str(version.assessment_id) if version.assessment_id else None,
            "confirmed_at": _iso(plan.decided_at) if is_in_force else None,
            "review_on": plan.review_on.isoformat() if is_in_force and plan.review_on else None, "closed_at": _iso(plan.closed_at) if _closed(version) else None,
        }
    }  # fmt: skip


def _iso(at: Any) -> str | None:
    return at.isoformat() if at else None


def _page(version: PlanVersion) -> str:
    return reverse("plans:read_safety_plan", args=[version.plan_id])


COPIED = (
    Copied(
        SAFETY_PLAN, "Safety plan", Mastered.SAFETY_PLAN, _rows, chosen=_chosen, fields=_fields, page=_page, is_withdrawn=lambda row: False,
        is_not_told=is_parent_not_told, never=NEVER,
    ),
)  # fmt: skip
