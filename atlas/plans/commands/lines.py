"""The lines of a plan: written into the version that is being made, checked, broken, done. What is in force does not move before it is agreed."""

import uuid
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from atlas.agencies.models import Agency, AgencyKind, Authority, Post
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.plans.models import PlanLine, PlanVersion, SafetyPlan
from atlas.plans.rules.parts import ACTIONS, SAYS_WHERE
from atlas.sealed.queries import is_location_sealed
from atlas.sharing.copy import Audience

NO_OWNER = "Say whose this is: a plan holds nothing that nobody does."
NOT_WHERE = "A sealed location exists, so nothing that says where the child lives or goes is written here. Ring the custodians."


@dataclass(frozen=True)
class LineGiven:
    """What somebody writes into one line."""

    section: str
    words: str
    risk_words: str = ""
    risk: "tuple[str, UUID] | None" = None
    whose: str = ""
    owner_post: Post | None = None
    owner_words: str = ""
    agency: Agency | None = None
    due_on: date | None = None
    evidence: str = ""
    telephone: str = ""
    left_out_of: tuple[str, ...] = ()
    on_child_copy: bool = False


_SAME = tuple(one.name for one in fields(LineGiven) if one.name not in {"risk", "left_out_of"})


@command(needs=Permission.ADD_LINE)
def add_line(*, plan: SafetyPlan, given: LineGiven, because: Entry | None = None, by: Post, at: datetime) -> PlanLine:
    """Write a line into the version that is being made: it is in force once that version is agreed.

    Raises Invalid without words, for an action that nobody owns or that has no date, for an owner who has left, and where it would say where
    a child is whose location is sealed.
    """
    check_line_given(plan, given, at)
    line = PlanLine(plan=plan, child=plan.child, key=uuid.uuid4(), from_number=being_written(plan, at).number, because=because)
    _write(line, given, by, at)
    line.save(force_insert=True)
    return line


@command(needs=Permission.ADD_LINE)
def rewrite_line(*, line: PlanLine, given: LineGiven, because: Entry | None = None, by: Post, at: datetime) -> PlanLine:
    """Write a line anew, in the version that is being made; what stood before stays in the versions that held it."""
    check_line_given(line.plan, given, at)
    number = being_written(line.plan, at).number
    if line.from_number == number:  # still being written
        _write(line, given, by, at)
        line.because = because or line.because
        line.save()
        return line
    _end(line, number, "", at)
    after = PlanLine(
        plan=line.plan, child=line.child, key=line.key, from_number=number, because=because, replaces=line, status=line.status,
        status_at=line.status_at, status_words=line.status_words,
    )  # fmt: skip
    _write(after, given, by, at)
    after.save(force_insert=True)
    return after


@command(needs=Permission.ADD_LINE)
def end_line(*, line: PlanLine, because: str, by: Post, at: datetime) -> PlanLine:
    """Take a line out of the version that is being made. Raises Invalid without a reason."""
    if not because.strip():
        raise Invalid("Say why this line is not needed any more.", "because")
    _end(line, being_written(line.plan, at).number, because.strip()[:300], at)
    return line


@command(needs=Permission.ADD_LINE)
def record_progress(*, line: PlanLine, status: str, words: str, by: Post, at: datetime) -> PlanLine:
    """Say that what a line asks was done, or why not. It moves no version: the plan asks for the same."""
    if not words.strip():
        raise Invalid("Say how we know that it was done, or why it was not.", "words")
    line.status, line.status_at, line.status_words = status, at, words.strip()[:300]
    line.save(update_fields=["status", "status_at", "status_words"])
    return line


@command(needs=Permission.ADD_LINE)
def check_line(*, line: PlanLine, by: Post, at: datetime) -> PlanLine:
    """Say that one has read a safe person, place or signal with the child, and that it still holds (LP-7)."""
    line.checked_at, line.failed_at, line.failed_words = at, None, ""
    line.save(update_fields=["checked_at", "failed_at", "failed_words"])
    return line


@command(needs=Permission.ADD_LINE)
def break_line(*, line: PlanLine, words: str, by: Post, at: datetime) -> PlanLine:
    """Say that a line does not hold any more: the number failed, the place closed, nobody does it. The plan then asks for a new version (LP-4)."""
    if not words.strip():
        raise Invalid("Say what does not hold any more: for example, the number is not in use.", "words")
    line.failed_at, line.failed_words = at, words.strip()[:200]
    line.save(update_fields=["failed_at", "failed_words"])
    said = f"{line.get_section_display()}: {line.failed_words}"
    happened(Kind.PLAN_LINE_BROKEN, child=line.child, at=Moment(at, Precision.MINUTE), about=line.plan, words=said[:300])
    return line


def hand_lines(*, child: Child, from_post: Post, to: Post) -> int:
    """Let another post do what one did in a child's plan, as an effect of the command that runs now: no new version, since the plan asks for the same."""
    lines = PlanLine.objects.filter(child=child, owner_post=from_post, until_number__isnull=True, plan__closed_at__isnull=True)
    return lines.update(owner_post=to)


def hand_lines_across(*, child: Child, before: Authority, to: Post) -> int:
    """The same, where the child is another authority's now: what the council before did is whoever works with the child's to do, or to give on."""
    theirs = PlanLine.objects.filter(
        child=child, owner_post__team__agency__authorities=before, owner_post__team__agency__kind=AgencyKind.COUNCIL, until_number__isnull=True,
        plan__closed_at__isnull=True,
    )  # fmt: skip
    held = list(theirs.values_list("pk", flat=True))
    return PlanLine.objects.filter(pk__in=held).update(owner_post=to, agency=to.team.agency)


def check_line_given(plan: SafetyPlan, given: LineGiven, at: datetime) -> None:
    """Raise Invalid where a line cannot stand as it was written."""
    if plan.closed_at is not None:
        raise Invalid("This safety plan is closed. Begin a new one.")
    if not given.words.strip():
        raise Invalid("Write the line.", "words")
    if given.section in ACTIONS and not _is_owned(given):
        raise Invalid(NO_OWNER, "owner")
    if given.section in ACTIONS and given.due_on is None:
        raise Invalid("Say by when: the day, month and year.", "due_on")
    if given.owner_post is not None and not given.owner_post.stands_on(day_of(at)):
        raise Invalid("This person is not in that post any more. Choose somebody who is.", "owner_post")
    if given.section in SAYS_WHERE and is_location_sealed(plan.child_id):
        raise Invalid(NOT_WHERE, "words")


def _is_owned(given: LineGiven) -> bool:
    if given.whose == PlanLine.Owner.POST:
        return given.owner_post is not None
    return given.whose in {PlanLine.Owner.CHILD, PlanLine.Owner.CARER} or bool(
        given.whose == PlanLine.Owner.OTHER and given.owner_words.strip()
    )


def being_written(plan: SafetyPlan, at: datetime) -> PlanVersion:
    """The version that is being made; begun now, where the last one is in force."""
    last = plan.versions.order_by("-number").first()
    if last is not None and last.agreed_at is None:
        return last
    version = PlanVersion(plan=plan, child=plan.child, number=last.number + 1 if last else 1, begun_at=at)
    version.save(force_insert=True)
    return version


def _write(line: PlanLine, given: LineGiven, by: Post, at: datetime) -> None:
    for name in _SAME:
        value = getattr(given, name)
        setattr(line, name, value.strip() if isinstance(value, str) else value)
    line.risk_label, line.risk_id = given.risk or ("", None)
    line.left_out_of = [one for one in given.left_out_of if one in Audience.values]
    if line.whose != PlanLine.Owner.POST:
        line.owner_post = None
    line.agency = line.agency or (line.owner_post.team.agency if line.owner_post else None)
    line.added_at, line.added_by, line.checked_at = at, by, at


def _end(line: PlanLine, number: int, because: str, at: datetime) -> None:
    if line.until_number is not None:
        raise Invalid("This line was changed or taken out already. Look at the plan again.")
    line.until_number, line.ended_because, line.ended_at = number, because, at
    line.save(update_fields=["until_number", "ended_because", "ended_at"])
