"""A plan is begun, agreed, confirmed, revised, closed; or it is decided that none is needed. Each answers by name what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision, day_words, end_of_day
from atlas.clocks.rules import TimeLimit
from atlas.copies.commands.owing import owe_copy
from atlas.exploitation.models import ExploitationAssessment
from atlas.exploitation.queries import current_assessment
from atlas.flow import EVENT, PLAN_LIMITS, Effect, happened, lead
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.plans.commands.lines import being_written
from atlas.plans.copies import SAFETY_PLAN
from atlas.plans.models import EventAnswered, PlanDecision, PlanLine, PlanVersion, SafetyPlan, WithChild
from atlas.plans.queries.question import unread
from atlas.plans.queries.reading import changes, open_plan
from atlas.plans.rules.parts import ACTIONS
from atlas.plans.rules.reviews import LONGEST, REVIEWS, review_of
from atlas.tasks.commands import make_task

if TYPE_CHECKING:
    from atlas.agencies.models import Post

MORE = "Something more has happened since you opened this page. Read what is new below, then send it once more; what you typed is kept."


@dataclass(frozen=True)
class Answers:
    """What somebody says of what happened. `events`: the entries that were read; each asks for its own answer where it asks one."""

    events: Sequence[UUID]
    reason: str
    strategy: str = ""
    also: str = ""
    seconds: int | None = None


@dataclass(frozen=True)
class Agreed:
    """How a version was agreed: with the child, in the child's words, and until when it is read again at the latest."""

    with_child: str
    child_words: str = ""
    no_view_because: str = ""
    review_on: date | None = None


@command(needs=Permission.START_PLAN)
def start_plan(*, child: Child, because: Entry | None = None, by: "Post", at: datetime) -> SafetyPlan:
    """Begin a safety plan: its first version is written line by line, and in force once it is agreed. A child has one open plan."""
    if open_plan(child) is not None:
        raise Invalid("This child has a safety plan. Open it, and change it line by line.")
    plan = SafetyPlan(child=child, began_at=at, began_by=by, began_because=because)
    plan.save(force_insert=True)
    being_written(plan, at)
    happened(Kind.PLAN_STARTED, child=child, at=Moment(at, Precision.MINUTE), about=plan)
    return plan


@command(needs=Permission.AGREE_PLAN)
def agree_plan(*, plan: SafetyPlan, answers: Answers, agreed: Agreed, by: "Post", at: datetime) -> PlanVersion:
    """Let the version that is being made be in force: it answers everything that happened, and starts the time to the next review.

    Raises Invalid where nothing is being made, where it holds no line or one that nobody owns, without the child's view or the reason why
    there is none, for a review past the limit of its level, and where more happened than was read.
    """
    version = plan.versions.filter(agreed_at__isnull=True).first()
    if version is None:
        raise Invalid("Nothing has been changed since the last version. Confirm the plan, or change a line first.")
    lines = list(plan.lines.select_related("owner_post__user", "replaces").order_by("added_at", "pk"))
    _check_agreed([line for line in lines if line.stands_in(version.number)], agreed)
    level = current_assessment(plan.child)
    entries = check_read(plan.child, plan, answers, at)
    version.agreed_at, version.agreed_by, version.because = at, by, answers.reason.strip()
    version.with_child, version.child_words, version.no_view_because = (
        agreed.with_child,
        agreed.child_words.strip(),
        agreed.no_view_because.strip(),
    )
    if level is not None:
        version.level, version.is_harmed, version.assessment_id = level.level, level.is_harm, level.pk
    version.save()
    changed = len(changes(lines, version.number))
    kind = Kind.PLAN_AGREED if version.number == 1 else Kind.PLAN_REVISED
    plan.number, plan.review_on = version.number, _review_on(agreed.review_on, level, at)
    decision = decide(plan, kind, PlanDecision.Kind.REVISED, answers, entries, by, at, level=level, changed=changed)
    _owe(plan, decision.entry, version)
    return version


@command(needs=Permission.CONFIRM_PLAN)
def confirm_plan(*, plan: SafetyPlan, answers: Answers, by: "Post", at: datetime) -> PlanDecision:
    """Say that the plan is still right, by name, after reading everything that happened since somebody last did (LP-3).

    Raises Invalid for a plan that was never agreed, or of which a version is being made, where more happened than was read, and where a
    question that an event asks is not answered.
    """
    if plan.number == 0:
        raise Invalid("This plan was never agreed. Agree its first version.")
    if plan.versions.filter(agreed_at__isnull=True).exists():
        raise Invalid("A new version is being made. Agree it: it answers what happened too.")
    entries, level = check_read(plan.child, plan, answers, at), current_assessment(plan.child)
    plan.review_on = _review_on(None, level, at)
    decision = decide(plan, Kind.PLAN_CONFIRMED, PlanDecision.Kind.CONFIRMED, answers, entries, by, at, level=level)
    _owe(plan, decision.entry)
    return decision


@command(needs=Permission.DECIDE_NO_PLAN)
def decide_no_plan(*, child: Child, answers: Answers, by: "Post", at: datetime) -> PlanDecision:
    """Decide, with the reason, that what happened does not need a safety plan. Raises Invalid where the child has one."""
    if open_plan(child) is not None:
        raise Invalid("This child has a safety plan: confirm it or change it.")
    entries = check_read(child, None, answers, at)
    if not entries:
        raise Invalid("Nothing asks for a safety plan now.")
    decision = _decision(None, child, PlanDecision.Kind.NO_PLAN, answers, by, at)
    decision.entry = happened(
        Kind.PLAN_NOT_NEEDED, child=child, at=Moment(at, Precision.MINUTE), about=decision, words=answers.reason[:300], stops=PLAN_LIMITS,
        stops_about=entries,
    )  # fmt: skip
    _keep(decision, entries)
    _want_strategy(decision, at)
    return decision


@command(needs=Permission.CLOSE_PLAN)
def close_plan(
    *, plan: SafetyPlan, because: str, child_words: str, opens_again: str, told: str, by: "Post", at: datetime
) -> SafetyPlan:  # fmt: skip
    """Close a plan: nothing waits to be answered, the child's view is there, it is said what would open one again, and who is told (LP-10)."""
    for words, field, asked in (
        (because, "because", "Say why the plan can be closed."), (child_words, "child_words", "Write what the child says of closing it, or why they were not asked."),
        (opens_again, "opens_again", "Say what would open a plan again."), (told, "told", "Say who is told that it is closed."),
    ):  # fmt: skip
        if not words.strip():
            raise Invalid(asked, field)
    if any(EVENT[entry.event].asks for entry in unread(plan.child, plan, at)):
        raise Invalid("Something has happened that nobody has answered. Confirm or revise the plan first.")
    plan.closed_at, plan.closed_by, plan.closed_because = at, by, f"{because.strip()} The child: {child_words.strip()}"
    plan.opens_again, plan.told_words = opens_again.strip(), told.strip()[:300]
    plan.save()
    entry = happened(
        Kind.PLAN_CLOSED, child=plan.child, at=Moment(at, Precision.MINUTE), about=plan, words=because[:300], stops=REVIEWS, answers=False
    )
    _owe(plan, entry)
    return plan


def close_here(*, plan: SafetyPlan, because: str, entry: Entry, by: "Post") -> None:
    """Close a plan of a child with whom nobody in Atlas works any more, as an effect of the command that runs now: it goes on where the child is."""
    plan.closed_at, plan.closed_by, plan.closed_because = entry.recorded_at, by, because
    plan.save(update_fields=["closed_at", "closed_by", "closed_because"])
    happened(
        Kind.PLAN_CLOSED, child=plan.child, at=Moment(entry.recorded_at, Precision.MINUTE), about=plan, words=because[:300], stops=REVIEWS, answers=False
    )  # fmt: skip


def _owe(plan: SafetyPlan, entry: Entry, version: PlanVersion | None = None) -> None:
    """Let the version in force be copied to the main case system: it was agreed, said to be still right, or its plan was closed. None before the first."""
    version = version or plan.versions.filter(number=plan.number).first()
    if version is not None:
        version.child = plan.child
        owe_copy(kind=SAFETY_PLAN, record=version, entry=entry)


def check_read(child: Child, plan: SafetyPlan | None, answers: Answers, at: datetime) -> list[Entry]:
    """What happened and is answered now. Raises Invalid where the person has not read all of it, or leaves open what it asks."""
    if not answers.reason.strip():
        raise Invalid("Write why: one sentence that somebody else can follow.", "reason")
    waiting = unread(child, plan, at)
    if {entry.pk for entry in waiting} - set(answers.events):
        raise Invalid(MORE, "events")
    effects = {effect for entry in waiting for effect in EVENT[entry.event].effects}
    if Effect.STRATEGY in effects and not answers.strategy:
        raise Invalid("Say whether a strategy discussion is needed.", "strategy")
    if effects & {Effect.LEVEL, Effect.NRM, Effect.POLICE, Effect.HEALTH} and not answers.also.strip():
        raise Invalid("Answer what it asks besides: what was done, or why nothing is to be done.", "also")
    return waiting


def decide(
    plan: SafetyPlan, kind: Kind, what: PlanDecision.Kind, answers: Answers, entries: Sequence[Entry], by: "Post", at: datetime, *, level: ExploitationAssessment | None,
    changed: int = 0,
) -> PlanDecision:  # fmt: skip
    """Keep a decision about a plan: the question is answered, and the time to the next review begins."""
    review = _limit(level)
    decision = _decision(plan, plan.child, what, answers, by, at)
    decision.number, decision.changed = plan.number, changed
    decision.entry = happened(
        kind, child=plan.child, at=Moment(at, Precision.MINUTE), about=plan, words=answers.reason[:300], starts=[review],
        stops=(*PLAN_LIMITS, *REVIEWS), stops_about=entries,
    )  # fmt: skip
    plan.decided_at = at
    plan.save(update_fields=["number", "review_on", "decided_at"])
    _keep(decision, entries)
    _want_strategy(decision, at)
    if plan.review_on is not None and end_of_day(plan.review_on) < review.allowed.after(at):
        post, team = lead(plan.child, at)
        make_task(
            name="Read the safety plan again, as agreed",
            entry=decision.entry,
            about=plan,
            post=post,
            team=team,
            due_at=end_of_day(plan.review_on),
        )
    return decision


def _decision(plan: SafetyPlan | None, child: Child, kind: PlanDecision.Kind, answers: Answers, by: "Post", at: datetime) -> PlanDecision:
    return PlanDecision(
        plan=plan, child=child, kind=kind, reason=answers.reason.strip(), strategy=answers.strategy, also=answers.also.strip(),
        seconds=answers.seconds, decided_at=at, decided_by=by,
    )  # fmt: skip


def _keep(decision: PlanDecision, entries: Iterable[Entry]) -> None:
    decision.save(force_insert=True)
    for entry in entries:
        EventAnswered(
            child_id=decision.child_id, decision=decision, entry=entry, event=entry.event, answered_at=decision.decided_at
        ).save(force_insert=True)  # fmt: skip


def _want_strategy(decision: PlanDecision, at: datetime) -> None:
    """Whoever answers for the lead practitioner is asked to hold the discussion that was asked for."""
    if decision.strategy != PlanDecision.Strategy.YES:
        return
    entry = happened(
        Kind.STRATEGY_WANTED, child=decision.child, at=Moment(at, Precision.MINUTE), about=decision.plan, words=decision.reason[:300]
    )
    post, team = lead(decision.child, at)
    make_task(
        name="Hold the strategy discussion that was asked for", entry=entry, about=decision.plan, post=post.line_manager if post and post.line_manager else post,
        team=team,
    )  # fmt: skip


def _check_agreed(lines: Sequence[PlanLine], agreed: Agreed) -> None:
    if not lines:
        raise Invalid("A safety plan needs at least one line. Write one first.")
    unowned = next((line for line in lines if line.section in ACTIONS and not line.owned_by), None)
    if unowned is not None:
        raise Invalid(f"Nobody does “{unowned.words[:60]}”. Say whose it is, then agree the plan.")
    if not agreed.with_child:
        raise Invalid("Say how the child stands to this version.", "with_child")
    if agreed.with_child in {WithChild.NOT_SAFE, WithChild.NOT_YET} and not agreed.no_view_because.strip():
        raise Invalid("Say why it was not shared with the child.", "no_view_because")
    if not agreed.child_words.strip() and not agreed.no_view_because.strip():
        raise Invalid("Write what the child says, in the child’s words; or why there is no view of the child.", "child_words")


def _limit(level: ExploitationAssessment | None) -> TimeLimit:
    return review_of(level.level, level.is_harm) if level is not None else review_of(None)


def _review_on(asked: date | None, level: ExploitationAssessment | None, at: datetime) -> date:
    limit, today = _limit(level), day_of(at)
    latest = min(day_of(limit.allowed.after(at)), today + LONGEST)
    if asked is None:
        return latest
    if asked > latest:
        raise Invalid(f"That is past the limit: {limit.name.lower()} is due by {day_words(latest)} at the latest.", "review_on")
    if asked <= today:
        raise Invalid("Choose a day to come.", "review_on")
    return asked
