"""A difference between the police's and the council's record is answered: by one person, once, with the reason; and what stands is put right."""

from datetime import datetime
from typing import TYPE_CHECKING

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import restart_clocks
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.missing.codes import CouncilStatus, Grade
from atlas.missing.commands.back import correct_return, record_return
from atlas.missing.commands.copying import copy_again
from atlas.missing.commands.episode import append_grade, record_council_status, record_police_reference
from atlas.missing.commands.report import withdraw_episode
from atlas.missing.models import Difference, Episode, PoliceGrade, ReportCorrection, Stands
from atlas.missing.rules.agreement import Differs
from atlas.missing.rules.steps import STEP_LIMITS
from atlas.tasks.commands import end_tasks_about
from atlas.tasks.models import Task

if TYPE_CHECKING:
    from atlas.agencies.models import Post

S = Stands
# What may be answered to each difference, in words; what is not here cannot be meant.
ANSWERS: dict[Differs, dict[Stands, str]] = {
    Differs.START: {S.POLICE: "The police’s time", S.COUNCIL: "The council’s time", S.OTHER: "Another time"},
    Differs.RETURN: {S.POLICE: "The police’s time", S.COUNCIL: "The council’s time", S.OTHER: "Another time"},
    Differs.TYPE: {S.POLICE: "What the police say", S.COUNCIL: "What the council says"},
    Differs.GRADE: {S.POLICE: "The grade in the police’s own record", S.COUNCIL: "The grade recorded here: the police are asked to correct theirs"},
    Differs.BACK_POLICE: {
        S.POLICE: "The child is back: the police’s time", S.OTHER: "The child is back, at another time",
        S.COUNCIL: "The child is still missing: the police have been told so",
    },
    Differs.BACK_COUNCIL: {S.COUNCIL: "The child is back: the police have been told so", S.OTHER: "The child is back, at another time"},
    Differs.ONLY_POLICE: {S.POLICE: "The child was missing: the council has taken it up", S.ERROR: "It was recorded in error: withdraw it"},
    Differs.ONLY_COUNCIL: {S.COUNCIL: "The child was missing: the police have been told", S.ERROR: "It was recorded in error: withdraw it"},
}  # fmt: skip
STATUS_OF = {"missing": CouncilStatus.MISSING, "away": CouncilStatus.AWAY, "cancelled": CouncilStatus.NOT_MISSING}


@command(needs=Permission.ANSWER_DIFFERENCE)
def answer_difference(
    *, difference: Difference, stands: Stands, reason: str, time: Moment | None = None, police_reference: str = "", by: "Post", at: datetime
) -> Difference:
    """Say what stands, and why. Our record is put right by the verbs that correct it: the earlier value is kept and the clocks are judged anew.

    Raises Invalid for one that is answered already, an answer that cannot be meant, no reason, or a time that cannot be. `time`: when the
    child was reported, or back, where neither side's time stands; where the police were told, when.
    """
    differs = Differs(difference.differs)
    if difference.state != Difference.State.OPEN:
        raise Invalid(f"This has been settled already ({difference.get_state_display().lower()}). Go back to the list to see what stands.")
    if stands not in ANSWERS[differs]:
        raise Invalid("Choose one of the answers.", "stands")
    if not reason.strip():
        raise Invalid("Say how you know what stands, for example: the home’s log, or the officer’s name.", "reason")
    if stands == S.OTHER and (time is None or time.at is None):
        raise Invalid("Give the time that stands. If only the day is known, give the day.", "time")
    _put_right(difference, stands, _time_that_stands(difference, stands, time), police_reference, reason, by, at)
    words = f"{difference.get_differs_display()}: {ANSWERS[differs][stands]}. {reason}"[:300]
    difference.entry = happened(
        Kind.DIFFERENCE_ANSWERED, child=difference.child, at=Moment(at, Precision.MINUTE), about=difference.episode, words=words
    )
    difference.state, difference.stands, difference.reason = Difference.State.ANSWERED, stands, reason
    difference.settled_at, difference.answered_by = at, by
    difference.save(update_fields=["entry", "state", "stands", "reason", "settled_at", "answered_by"])
    end_tasks_about(about_id=difference.pk, at=at, state=Task.State.DONE)
    return difference


def _time_that_stands(difference: Difference, stands: Stands, time: Moment | None) -> Moment | None:
    """The time to which ours is put right; None where ours stands, or it is not about a time."""
    if stands == S.POLICE:
        is_return = difference.differs == Differs.BACK_POLICE
        return difference.police or (Moment(None, Precision.UNKNOWN) if is_return else None)
    return time


def _put_right(
    difference: Difference, stands: Stands, time: Moment | None, police_reference: str, reason: str, by: "Post", at: datetime
) -> None:
    """What the answer changes of our record: nothing, where ours stands."""
    episode, differs = difference.episode, Differs(difference.differs)
    try:
        if stands == S.ERROR:
            withdraw_episode(episode=episode, reason=reason, by=by, at=at)
            _settle_others(difference, at)
        elif differs == Differs.ONLY_COUNCIL:
            if police_reference.strip():
                record_police_reference(episode=episode, police_reference=police_reference, told_at=time or Moment(at), by=by, at=at)
        elif stands == S.COUNCIL or differs == Differs.ONLY_POLICE:
            return
        elif differs == Differs.TYPE:
            record_council_status(episode=episode, status=STATUS_OF[difference.police_says], changed_at=at, reason=reason, by=by, at=at)
        elif differs == Differs.GRADE:
            _take_grade(difference, reason, by, at)
        elif time is not None:
            _move_time(episode, differs, time, reason, by, at)
    except Invalid as problem:
        raise Invalid(problem.message, "time" if stands == S.OTHER else "stands") from problem


def _move_time(episode: Episode, differs: Differs, time: Moment, reason: str, by: "Post", at: datetime) -> None:
    if differs == Differs.START:
        correct_report(episode=episode, reported=time, reason=reason, by=by, at=at)
    elif differs == Differs.BACK_POLICE:
        record_return(episode=episode, returned_at=time, by=by, at=at)
    else:
        correct_return(episode=episode, returned_at=time, reason=reason, by=by, at=at)


def _take_grade(difference: Difference, reason: str, by: "Post", at: datetime) -> None:
    report = difference.police_report
    assert report is not None
    grade = PoliceGrade(
        child=difference.child, episode=difference.episode, grade=Grade(difference.police_says), graded_at=report.as_at, grader=report.force,
        reasons=reason, recorded_by=by,
    )  # fmt: skip
    append_grade(grade)


def _settle_others(difference: Difference, at: datetime) -> None:
    """Nothing else is asked about an episode that never was."""
    for other in Difference.objects.filter(episode=difference.episode, state=Difference.State.OPEN).exclude(pk=difference.pk):
        other.state, other.settled_at = Difference.State.AGREED, at
        other.save(update_fields=["state", "settled_at"])
        end_tasks_about(about_id=other.pk, at=at)


@command(needs=Permission.CORRECT_REPORT)
def correct_report(*, episode: Episode, reported: Moment, reason: str, by: "Post", at: datetime) -> Episode:
    """Correct when a child was reported missing. The earlier time is kept, and clocks that began with the report are judged again from it."""
    if reported.at is None or reported.earliest is None:
        raise Invalid("Give the day on which the child was reported missing, even if the time is not known.", "reported")
    if reported.earliest > at:
        raise Invalid("This time is still to come. Check the date and the time.", "reported")
    returned = episode.returned
    if returned is not None and returned.latest is not None and reported.earliest > returned.latest:
        raise Invalid(f"The child was back {returned.words()}, so the report cannot have come later. Check both times.", "reported")
    if episode.last_seen and episode.last_seen.earliest and reported.latest and episode.last_seen.earliest > reported.latest:
        raise Invalid(f"The child was last seen {episode.last_seen.words()}, so the report cannot have come before that.", "reported")
    if not reason.strip():
        raise Invalid("Say how the right time is known, for example: the call log.", "reason")
    correction = ReportCorrection(
        child=episode.child, episode=episode, responsible_authority=episode.responsible_authority, host_authority=episode.host_authority,
        from_at=episode.reported_at, from_precision=episode.reported_precision, to_at=reported.at, to_precision=reported.precision,
        reason=reason, corrected_at=at, recorded_by=by,
    )  # fmt: skip
    correction.save(force_insert=True)
    episode.reported_at, episode.reported_precision = reported.at, reported.precision
    episode.save(update_fields=["reported_at", "reported_precision"])
    told = Entry(
        pk=episode.entry_id
    )  # named, not read: missing response and the police may correct the report, and do not read the chronology
    entry = happened(Kind.REPORT_CORRECTED, child=episode.child, at=reported, about=episode, words=reason[:300], corrects=told)
    for limit in STEP_LIMITS:  # all that a report starts; the entries by which they started are not read by everybody who may correct it
        restart_clocks(limit=limit, entry=entry, about=episode)
    copy_again(episode, entry)
    return episode
