"""An impact assessment is recorded; a profile is asked for, made and kept on behalf of whoever asked; a finding is decided."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from atlas.agencies.queries import expect_served
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.profile.document import Made
from atlas.profile.facts import Facts, facts_of, fingerprint, told_of
from atlas.profile.models import AnalysisRun, Finding, ImpactAssessment
from atlas.profile.papers import fingerprint_of, paper
from atlas.profile.queries import beside_an_earlier_one, differs_by_few, papers_wanted
from atlas.profile.rules import DECIDED_WITHIN, METHOD, PAPERS_STAND, SEED, SHUFFLES, what_is_wrong

if TYPE_CHECKING:
    from atlas.agencies.models import Post

FEWEST_WORDS = 20
FEWEST_LIVING, MOST_LIVING = 500, 2_000_000


@command(needs=Permission.RECORD_IMPACT_ASSESSMENT)
def record_impact_assessment(*, about: str, kind: str, judged_words: str, by: "Post", at: datetime) -> ImpactAssessment:
    """Record an impact assessment as it is generated now, with what whoever records it judges. Raises Invalid for a judgement of a few words."""
    authority = expect_served(by)
    if len(judged_words.strip()) < FEWEST_WORDS:
        raise Invalid("Write whether it is needed, what could go wrong for whom, and what is done about it.", "judged_words")
    return ImpactAssessment.objects.create(
        authority=authority, about=about, kind=kind, fingerprint=fingerprint_of(about), content=paper(about, kind), judged_words=judged_words.strip(),
        recorded_by=by, recorded_at=at, review_on=day_of(at) + PAPERS_STAND,
    )  # fmt: skip


@command(needs=Permission.RUN_PROFILE)
def run_profile(*, from_on: date, last_on: date, living_here: int | None, by: "Post", at: datetime) -> AnalysisRun:
    """Ask for a profile of a period; the service makes it on behalf of whoever asked. `living_here`: how many under 18 live in the area, if known.

    Raises Invalid for a period that is none, or may not stand beside an earlier one; while an impact assessment is missing, has changed or was not read again in time.
    """
    authority, today = expect_served(by), day_of(at)
    if wrong := what_is_wrong(from_on, last_on + timedelta(days=1), today):
        raise Invalid(wrong, "last_on")
    if living_here is not None and not FEWEST_LIVING <= living_here <= MOST_LIVING:
        raise Invalid(f"How many under 18 live here? Write a number from {FEWEST_LIVING:,} to {MOST_LIVING:,}, or nothing.", "living_here")
    if wanted := papers_wanted(authority, today):
        names = "; ".join(f"{ImpactAssessment.Kind(kind).label}: {ImpactAssessment.About(about).label}" for about, kind in wanted)
        raise Invalid(
            f"Before it runs, the privacy officer records what was judged of it. Missing, changed or not read again in time: {names}."
        )
    if near := beside_an_earlier_one(authority, from_on, last_on + timedelta(days=1)):
        raise Invalid(near, "last_on")
    run = AnalysisRun(
        authority=authority, from_on=from_on, until_on=last_on + timedelta(days=1), asked_by=by, asked_at=at,
        papers={about: fingerprint_of(about) for about in ("profile", "places")},
        parameters={"method": METHOD, "seed": SEED, "shuffles": SHUFFLES, "living_here": living_here},
    )  # fmt: skip
    run.save(force_insert=True)
    behalf = Behalf(by.pk, acting_subject().purpose, str(run.pk))
    app.configure_task("profile.make_profile", queue="bulk").defer(run=str(run.pk), **behalf.as_arguments())
    return run


@command(needs=Permission.RUN_PROFILE)
def begin_profile(*, run: AnalysisRun, by: "Post", at: datetime) -> Facts:
    """Begin to make a profile, or again after a job that died: the rows that it counts, in memory only.

    Raises Invalid if it is finished, if nothing may be read, and if it would differ by few children from an earlier one.
    """
    if run.state not in {AnalysisRun.State.WAITING, AnalysisRun.State.RUNNING}:
        raise Invalid("This profile has been made already.")
    run.state, run.progress = AnalysisRun.State.RUNNING, 5
    run.save()
    facts = facts_of(run.pk, run.from_on, run.until_on)
    if not facts.of("child"):
        raise Invalid(
            "Nothing may be counted: no child went missing or was assessed by then, or an impact assessment was not read again in time."
        )
    if near := differs_by_few(run, _tells_of(facts)):
        raise Invalid(near)
    return facts


@command(needs=Permission.RUN_PROFILE)
def finish_profile(*, run: AnalysisRun, facts: Facts, made: Made, by: "Post", at: datetime) -> AnalysisRun:
    """Keep a profile that was made, with its findings, each to be decided within 30 days."""
    if run.state != AnalysisRun.State.RUNNING:
        raise Invalid("This profile has been made already.")
    run.content = made.content | {"fingerprint": hashlib.sha256(json.dumps(made.content, sort_keys=True).encode()).hexdigest()}
    run.input_fingerprint, run.state, run.progress, run.finished_at = fingerprint(facts), AnalysisRun.State.FINISHED, 100, at
    run.tells_of = b"".join(sorted(_tells_of(facts)))
    run.save()
    due = day_of(at) + DECIDED_WITHIN
    Finding.objects.bulk_create(
        Finding(authority_id=run.authority_id, run=run, section=one.section, key=one.key[:80], words=one.words, found_at=at, due_on=due)
        for one in made.found
    )
    return run


def tell_progress(run: UUID, percent: int) -> int:
    """Say how far a profile is. No command: it is the job's, many times in a run; row security lets the acting post write to its own run."""
    return AnalysisRun.objects.filter(pk=run, state=AnalysisRun.State.RUNNING).update(progress=percent)


def fail_profile(run: UUID, problem: Refused | Invalid) -> int:
    """Say why a profile could not be made. No command: whoever has lost the right may do nothing."""
    words = str(problem)[:300] if isinstance(problem, Invalid) else "Whoever asked for it may not run one any more."
    return AnalysisRun.objects.filter(pk=run, finished_at=None).update(state=AnalysisRun.State.FAILED, failed_words=words)


@dataclass(frozen=True)
class Decided:
    """What is decided on a finding: an action with whose it is, and how and when it is seen whether it worked; or nothing, and why."""

    decision: str
    action_words: str = ""
    owner: "Post | None" = None
    measure_words: str = ""
    measured_on: date | None = None
    reason: str = ""


@command(needs=Permission.DECIDE_FINDING)
def decide_finding(*, finding: Finding, decided: Decided, by: "Post", at: datetime) -> Finding:
    """Decide on a finding, or decide anew. Raises Invalid for an action without words, owner or measure, and for nothing without a reason."""
    if decided.decision == Finding.Decision.ACTION:
        for value, field, said in (
            (decided.action_words.strip(), "action_words", "Write what is done."),
            (decided.owner, "owner", "Choose whose it is."),
            (decided.measure_words.strip(), "measure_words", "Write how it will be seen whether it worked."),
            (decided.measured_on, "measured_on", "Write when that is looked at."),
        ):
            if not value:
                raise Invalid(said, field)
        if decided.measured_on and decided.measured_on <= day_of(at):
            raise Invalid("Choose a later day: it is looked at after something was done.", "measured_on")
    elif decided.decision != Finding.Decision.NONE:
        raise Invalid("Choose whether something is done.", "decision")
    elif not decided.reason.strip():
        raise Invalid("Write why nothing is done.", "reason")
    is_action = decided.decision == Finding.Decision.ACTION
    finding.decision, finding.decided_by, finding.decided_at = decided.decision, by, at
    finding.action_words = decided.action_words.strip() if is_action else ""
    finding.owner, finding.measured_on = (decided.owner, decided.measured_on) if is_action else (None, None)
    finding.measure_words = decided.measure_words.strip()[:300] if is_action else ""
    finding.reason = decided.reason.strip()
    finding.save()
    return finding


def _tells_of(facts: Facts) -> frozenset[bytes]:
    return told_of(facts, settings.SECRET_KEY.encode())
