"""Which impact assessments are wanted, which profiles there are, and which periods are too near an earlier one."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from atlas.chronology.moments import start_of_day
from atlas.design.words import day
from atlas.exploitation.codes import AssessmentState
from atlas.exploitation.models import ExploitationAssessment
from atlas.gate.context import Subject
from atlas.missing.models import Episode
from atlas.profile.facts import MARK
from atlas.profile.models import AnalysisRun, Finding, ImpactAssessment
from atlas.profile.papers import fingerprint_of
from atlas_analysis.rates.differencing import too_near

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from atlas.agencies.models import Authority

NEEDED = (ImpactAssessment.About.PROFILE, ImpactAssessment.About.PLACES)
APART, NONE = timedelta(days=28), timedelta()


def papers_standing(authority: "Authority", today: date) -> dict[tuple[str, str], ImpactAssessment]:
    """The impact assessments that stand: of what runs now, and read again in time; the newest of each."""
    now = {about.value: fingerprint_of(about) for about in ImpactAssessment.About}
    rows = (
        ImpactAssessment.objects.filter(authority=authority, review_on__gte=today)
        .select_related("recorded_by__user")
        .order_by("recorded_at")
    )
    return {(row.about, row.kind): row for row in rows if row.fingerprint == now[row.about]}


def papers_wanted(authority: "Authority", today: date) -> list[tuple[str, str]]:
    """The impact assessments (about, kind) without which no profile may run today."""
    standing = papers_standing(authority, today)
    return [(about.value, kind.value) for about in NEEDED for kind in ImpactAssessment.Kind if (about.value, kind.value) not in standing]


def profiles(authority: "Authority") -> "QuerySet[AnalysisRun]":
    """The profiles of an authority, the newest first."""
    rows = AnalysisRun.objects.filter(authority=authority).select_related("asked_by__user", "authority").defer("tells_of")
    return rows.order_by("-asked_at", "pk")


def beside_an_earlier_one(authority: "Authority", from_on: date, until_on: date) -> str:
    """Why no profile of this period may stand beside an earlier one, in words: what differs between the two would tell of few children. Empty where it may.

    The children of days that lie within others are among theirs, so that each count less the other is a count of the days between, which nobody has protected. Where
    each has days that the other lacks, what came and what went cannot be told apart; but where those days are few, so are their children (ADR 49).
    """
    for run in AnalysisRun.objects.filter(authority=authority).exclude(state=AnalysisRun.State.FAILED).only("from_on", "until_on"):
        first, last = from_on - run.from_on, until_on - run.until_on
        if not first and not last:
            continue
        is_one_within_the_other = (first <= NONE <= last) or (last <= NONE <= first)
        if is_one_within_the_other or abs(first) < APART or abs(last) < APART:
            return (
                f"There is a profile from {day(run.from_on)} to {day(run.until_on - timedelta(days=1))}. Two of nearly the same days, or of which one lies within "
                f"the other, tell of few children by what differs. Choose its days, or a first and a last day that both lie {APART.days} days or more after its own, "
                "or both before."
            )
    return ""


def differs_by_few(run: AnalysisRun, tells_of: frozenset[bytes]) -> str:
    """Why a profile may not be kept, in words: beside an earlier one of this authority it would tell of the few children by whom the two differ. Empty where it may."""
    finished = AnalysisRun.objects.filter(authority=run.authority_id, state=AnalysisRun.State.FINISHED).exclude(pk=run.pk)
    for earlier in finished.order_by("-asked_at").only("from_on", "until_on", "asked_at", "tells_of"):
        kept = bytes(earlier.tells_of)
        if not kept:
            continue
        if too_near(tells_of, [("", (kept[at : at + MARK] for at in range(0, len(kept), MARK)))]):
            last = earlier.until_on - timedelta(days=1)
            return (
                f"Since the profile of {day(earlier.asked_at)}, from {day(earlier.from_on)} to {day(last)}, little has changed. Two that differ by so few children would "
                "tell of these. That one stands: run it again when more has changed, or take other days."
            )
    return ""


def levels_behind(subject: Subject, run: AnalysisRun) -> "QuerySet[ExploitationAssessment]":
    """Of each of the council's children whom the subject may see, the assessment that stood on the last day of the period."""
    rows = ExploitationAssessment.objects.visible_to(subject).filter(
        state=AssessmentState.FINISHED, finished_at__lt=start_of_day(run.until_on), child__responsible_authority=run.authority_id
    )
    latest = rows.order_by("child", "-finished_at").distinct("child").values("pk")
    return rows.filter(pk__in=latest).select_related("child").order_by("-level", "child__name", "pk")


def episodes_behind(subject: Subject, run: AnalysisRun) -> "QuerySet[Episode]":
    """The missing episodes of the period that the subject may see, the latest first."""
    rows = Episode.objects.visible_to(subject).filter(
        reported_at__gte=start_of_day(run.from_on), reported_at__lt=start_of_day(run.until_on)
    )
    ours = Q(responsible_authority=run.authority_id) | Q(host_authority=run.authority_id)
    return rows.filter(ours).exclude(state="withdrawn").select_related("child").order_by("-reported_at", "pk")


@dataclass(frozen=True)
class Standing:
    """A finding, whether the profile before it found the same, and whether its decision is late."""

    finding: Finding
    is_again: bool
    is_late: bool


def findings_of(run: AnalysisRun, today: date) -> tuple[list[Standing], list[Finding]]:
    """The findings of a profile as they stand; and those of the profile before it that are not found any more."""
    rows = list(Finding.objects.filter(run=run).select_related("owner__user", "decided_by__user").order_by("section", "key"))
    earlier = profiles(run.authority).filter(state=AnalysisRun.State.FINISHED, until_on__lt=run.until_on).first()
    was = list(Finding.objects.filter(run=earlier).order_by("section", "key")) if earlier else []
    known, keys = {one.key for one in was}, {one.key for one in rows}
    return [Standing(one, one.key in known, not one.decision and one.due_on < today) for one in rows], [
        one for one in was if one.key not in keys
    ]
