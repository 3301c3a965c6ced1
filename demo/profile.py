"""The local profile of the last half-year: the impact assessments are recorded before anything runs; it is made, and two of its findings are decided."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from atlas.agencies.models import Post
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.policy import Purpose
from atlas.profile.commands import Decided, decide_finding, record_impact_assessment, run_profile
from atlas.profile.jobs import errand_of
from atlas.profile.models import Finding, ImpactAssessment
from atlas.running.behalf import carry

HALF_A_YEAR = timedelta(days=182)
LIVING_HERE = 75_000  # calibration.md 3f
JUDGED = (
    "It is needed so that the partnership can see where and how children are harmed, and whether what it does helps. It reads no names and says nothing of few. "
    "What could go wrong: more is recorded of some children than of others; what is not recorded stands beside every figure; I read it again in a year."
)


def record_papers(named: Mapping[str, Post], now: datetime) -> None:
    """The privacy officer records the impact assessments: nothing runs, and no link is written down, before."""
    for about in ImpactAssessment.About:
        for kind in ImpactAssessment.Kind:
            at = now - timedelta(days=2, hours=6)
            record_impact_assessment(about=about.value, kind=kind.value, judged_words=JUDGED, by=named["privacy.officer"], at=at)


def run(named: Mapping[str, Post], now: datetime) -> None:
    """The head of service asks, the job works, the head of service decides."""
    head, at = named["head.of.service"], now - timedelta(hours=6)
    last = timezone.localtime(at).date() - timedelta(days=1)
    made = run_profile(from_on=last - HALF_A_YEAR + timedelta(days=1), last_on=last, living_here=LIVING_HERE, by=head, at=at)
    carry(Behalf(head.pk, Purpose.SECTION_17, str(made.pk)), errand_of(made.pk), lambda: at)
    with acting_as(head, at):
        findings = list(Finding.objects.filter(run=made).order_by("section", "key"))
    place = next((one for one in findings if one.section == "where"), None)
    other = next((one for one in findings if one.section != "where"), None)
    if place:
        words, measure = (
            "Youth workers go there on Thursday to Saturday evenings; licensing visits.",
            "Fewer interviews name it in the next 60 days",
        )
        action = Decided("action", words, head, measure, day_of(now + timedelta(days=75)))
        decide_finding(finding=place, decided=action, by=head, at=now - timedelta(hours=2))
    if other:
        none = Decided("none", reason="Known, and part of what the panel already does this quarter; looked at again with the next profile.")
        decide_finding(finding=other, decided=none, by=head, at=now - timedelta(hours=2))
