"""What is added to a missing episode while the child is missing."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.flow import happened, lead
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.missing.codes import ContactKind, CouncilStatus, Grade, GradeScheme, PoliceStatus, SourceGrade
from atlas.missing.commands.step import begin_next
from atlas.missing.models import ContactOrSighting, Episode, MissingProfile, PoliceGrade, StatusChange
from atlas.missing.rules.grades import may_grade
from atlas.missing.rules.steps import STEP_LIMITS
from atlas.tasks.commands import make_task
from atlas.tasks.models import Task

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@command(needs=Permission.RECORD_POLICE_STATUS)
def record_police_status(
    *, episode: Episode, status: PoliceStatus, changed_at: datetime, reason: str = "", by: "Post", at: datetime
) -> StatusChange:
    """Append the police's own status of the episode. It never overwrites the council's, nor the one before."""
    return _change_status(episode, "police", status, changed_at, reason, by, at)


@command(needs=Permission.RECORD_COUNCIL_STATUS)
def record_council_status(
    *, episode: Episode, status: CouncilStatus, changed_at: datetime, reason: str = "", by: "Post", at: datetime
) -> StatusChange:
    """Append the council's own status of the episode. It may differ from the police's."""
    return _change_status(episode, "council", status, changed_at, reason, by, at)


def _change_status(episode: Episode, agency: str, status: str, changed_at: datetime, reason: str, by: "Post", at: datetime) -> StatusChange:
    if changed_at > at:
        raise Invalid("The time of this change is still to come. Check the date and the time.", "changed_at")
    column = f"{agency}_status"
    change = StatusChange(
        child=episode.child, episode=episode, by_agency=agency, from_status=getattr(episode, column), to_status=status,
        changed_at=changed_at, reason=reason, recorded_by=by,
    )  # fmt: skip
    change.save(force_insert=True)
    setattr(episode, column, status)
    episode.save(update_fields=[column])
    kind = Kind.POLICE_STATUS_CHANGED if agency == "police" else Kind.COUNCIL_STATUS_CHANGED
    # Where the child is known to be, the steps wait; they go on when the child is missing again.
    is_known = agency == "council" and status in {CouncilStatus.AWAY, CouncilStatus.NOT_MISSING}
    moment, stops = Moment(changed_at, Precision.MINUTE), STEP_LIMITS if is_known else ()
    entry = happened(kind, child=episode.child, at=moment, about=episode, words=change.status_words, stops=stops, answers=False)
    if agency == "council" and not is_known:
        begin_next(episode, entry, at)
    return change


@command(needs=Permission.RECORD_POLICE_GRADE)
def record_police_grade(
    *, episode: Episode, grade: Grade, graded_at: datetime, scheme: GradeScheme = GradeScheme.APP2017, grader: str = "",
    reasons: str = "", review_at: datetime | None = None, named_reason: str = "", by: "Post", at: datetime,
) -> PoliceGrade:  # fmt: skip
    """Append a police grade with who graded it and why.

    Raises Invalid for *no apparent risk* where there is a live concern about exploitation and no named officer of
    sergeant or above answers for it.
    """
    if graded_at > at:
        raise Invalid("The time of grading is still to come. Check the date and the time.", "graded_at")
    if not may_grade(grade, has_exploitation_marker=has_live_marker(episode.child), named_reason=named_reason):
        raise Invalid(
            "There is a live concern that this child is being exploited, so “no apparent risk” cannot be recorded. "
            "Choose another grade, or name the officer (sergeant or above) who decided it and the reason.",
            "named_reason",
        )
    row = PoliceGrade(
        child=episode.child, episode=episode, scheme=scheme, grade=grade, graded_at=graded_at, grader=grader, reasons=reasons,
        review_at=review_at, named_reason=named_reason, recorded_by=by,
    )  # fmt: skip
    return append_grade(row)


def append_grade(row: PoliceGrade) -> PoliceGrade:
    """Append a grade to its episode, and write it down. The ones before stay."""
    row.save(force_insert=True)
    row.episode.grade = row.grade
    row.episode.save(update_fields=["grade"])
    happened(Kind.POLICE_GRADED, **what_was_graded(row))
    return row


@command(needs=Permission.RECORD_POLICE_GRADE)
def question_police_grade(*, episode: Episode, graded_at: datetime, grader: str, by: "Post", at: datetime) -> Entry | None:
    """Ask the force about *no apparent risk* that its file gives a child of whom there is a live concern about exploitation.

    The grade is not taken over without a named officer of sergeant or above who answers for it (practice.md R-RISK-5); whoever
    works with the child has the task of asking. None where somebody is asked already.
    """
    if Task.objects.filter(about_id=episode.pk, state=Task.State.OPEN, entry__kind=Kind.POLICE_GRADE_QUESTIONED).exists():
        return None
    entry = happened(
        Kind.POLICE_GRADE_QUESTIONED,
        child=episode.child,
        at=Moment(graded_at),
        about=episode,
        words=f"Graded by {grader}, and not taken over",
    )
    post, team = lead(episode.child, at)
    name = "Ask the police to grade again, or which officer (sergeant or above) decided “no apparent risk” and why"
    make_task(name=name, entry=entry, about=episode, post=post, team=team)
    return entry


def what_was_graded(row: PoliceGrade) -> dict[str, Any]:
    """What the chronology says of a grade, as `flow` takes it."""
    return {
        "child": row.child, "at": Moment(row.graded_at, Precision.MINUTE), "about": row.episode, "words": row.get_grade_display(),
        "is_historic": row.episode.is_historic,
    }  # fmt: skip


@command(needs=Permission.RECORD_POLICE_REFERENCE)
def record_police_reference(
    *, episode: Episode, police_reference: str, force: str = "", told_at: Moment, by: "Post", at: datetime
) -> Episode:
    """Record that the police were rung, with their reference. Until then the episode shows *police not yet rung* in red."""
    if not police_reference.strip():
        raise Invalid(
            "Enter the reference that the police gave. If they gave none, write the officer's name and number.", "police_reference"
        )
    if told_at.earliest is not None and told_at.earliest > at:
        raise Invalid("The time when the police were told is still to come. Check the date and the time.", "told_at")
    episode.police_reference, episode.police_force = police_reference.strip(), force or episode.police_force
    episode.police_status = episode.police_status or PoliceStatus.MISSING
    episode.save(update_fields=["police_reference", "police_force", "police_status"])
    happened(Kind.POLICE_TOLD, child=episode.child, at=told_at, about=episode)
    return episode


@command(needs=Permission.RECORD_CONTACT_OR_SIGHTING)
def record_contact_or_sighting(
    *, episode: Episode, kind: ContactKind, happened_at: Moment, source: str, source_grade: SourceGrade = SourceGrade.UNTESTED,
    place: str = "", words: str = "", by: "Post", at: datetime,
) -> ContactOrSighting:  # fmt: skip
    """Record that the child was in contact or was seen. The episode goes on: a sighting stops no clock."""
    if happened_at.earliest is not None and happened_at.earliest > at:
        raise Invalid("The time of the contact or sighting is still to come. Check the date and the time.", "happened_at")
    if not source.strip():
        raise Invalid("Say who saw or heard from the child: a name, or how the person knows.", "source")
    seen = ContactOrSighting(
        child=episode.child, episode=episode, kind=kind, happened_at=happened_at.at, happened_precision=happened_at.precision,
        source=source, source_grade=source_grade, place=place, words=words, recorded_by=by,
    )  # fmt: skip
    seen.save(force_insert=True)
    happened(Kind.CONTACT_OR_SIGHTING, child=episode.child, at=happened_at, about=episode, words=f"{seen.get_kind_display()} {place}"[:300])
    return seen


@command(needs=Permission.SET_EXPLOITATION_MARKER)
def set_exploitation_marker(*, child: Child, words: str, since: Moment, by: "Post", at: datetime) -> MissingProfile:
    """Record a live concern that the child is being, or may be, exploited. Who looks for the child must know it."""
    if not words.strip():
        raise Invalid("Write in a sentence what the concern is, and how it is known.", "words")
    if child.is_unborn:
        raise Invalid(
            "This child is not born yet. Record the concern for the mother, if she is under 18, or write it to whoever works with the family."
        )
    profile = MissingProfile.objects.filter(child=child).first() or MissingProfile(child=child)
    profile.exploitation_marked_at, profile.exploitation_words = since.at or at, words[:300]
    profile.save(force_insert=profile._state.adding)
    happened(Kind.EXPLOITATION_MARKED, child=child, at=since, about=profile, words=words[:300])
    return profile


@command(needs=Permission.SET_EXPLOITATION_MARKER)
def end_exploitation_marker(*, child: Child, words: str, by: "Post", at: datetime) -> MissingProfile:
    """End the concern about exploitation, with the reason. Raises Invalid where there is none."""
    profile = MissingProfile.objects.filter(child=child, exploitation_marked_at__isnull=False).first()
    if profile is None:
        raise Invalid("There is no live concern about exploitation to end.")
    profile.exploitation_marked_at, profile.exploitation_words = None, ""
    profile.save(update_fields=["exploitation_marked_at", "exploitation_words"])
    happened(Kind.EXPLOITATION_MARK_ENDED, child=child, at=Moment(at, Precision.MINUTE), about=profile, words=words[:300])
    return profile


def has_live_marker(child: Child) -> bool:
    """Whether there is a live concern about exploitation."""
    return MissingProfile.objects.filter(child=child, exploitation_marked_at__isnull=False).exists()
