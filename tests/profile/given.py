"""A profile that was made, brought about by commands."""

from datetime import date, datetime, timedelta
from typing import Any

from atlas.agencies.models import Post
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_as
from atlas.gate.policy import Purpose
from atlas.profile.commands import record_impact_assessment, run_profile
from atlas.profile.jobs import errand_of
from atlas.profile.models import AnalysisRun, Finding
from atlas.profile.queries import NEEDED
from atlas.running.behalf import carry
from tests import factories
from tests.factories import NOW

JUDGED = "It is needed to see where children are harmed; what is small is left unsaid, and it is read again in a year."
LAST = NOW.date() - timedelta(days=1)


def head() -> Post:
    """The council's head of service."""
    return factories.post("head_of_service", of=factories.team("Leadership"))


def privacy() -> Post:
    """The council's privacy officer."""
    return factories.post("privacy_officer", of=factories.team("Information governance"))


def assessed(by: Post, at: datetime = NOW, *abouts: str) -> None:
    """The impact assessments that a profile needs are recorded, or those of something else."""
    for about in abouts or NEEDED:
        for kind in ("protection", "equality"):
            record_impact_assessment(about=about, kind=kind, judged_words=JUDGED, by=by, at=at)


def asked(by: Post, at: datetime = NOW, last_on: date = LAST, days: int = 181, **other: Any) -> AnalysisRun:
    """A profile of half a year is asked for."""
    return run_profile(
        from_on=last_on - timedelta(days=days - 1), last_on=last_on, living_here=other.pop("living_here", 75_000), by=by, at=at, **other
    )


def made(run: AnalysisRun, at: datetime = NOW) -> bool:
    """Its job does its work. Whether it could."""
    return carry(Behalf(run.asked_by_id, Purpose.SECTION_17, str(run.pk)), errand_of(run.pk), lambda: at)


def finding_of(run: AnalysisRun, boss: Post, at: datetime) -> Finding:
    """A finding of a profile on which nobody has decided."""
    with acting_as(boss, at):
        finding = Finding(
            authority_id=run.authority_id, run=run, section="where", key="place:x", words="A park.", found_at=at, due_on=at.date()
        )
        finding.save(force_insert=True)
    return finding


def profiled(boss: Post, officer: Post, at: datetime) -> dict[Any, Any]:
    """A profile that was made, with such a finding."""
    assessed(officer, at)
    run = asked(boss, at, at.date() - timedelta(days=1))
    assert made(run, at)
    return {AnalysisRun: run.pk, Finding: finding_of(run, boss, at).pk}
