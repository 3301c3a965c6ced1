"""A child is reported missing; a report recorded in error is withdrawn."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from atlas.agencies.models import Authority, Team, TeamPurpose
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.feeds.models import Row
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.missing.codes import ClosedBecause, CouncilStatus, PoliceStatus
from atlas.missing.commands.after import ask_of_repeats
from atlas.missing.commands.copying import copy_again
from atlas.missing.commands.eighteen import ask_before_eighteen
from atlas.missing.commands.owed import miss_again
from atlas.missing.commands.step import begin_next
from atlas.missing.models import Episode, ReturnInterview, StatusChange
from atlas.missing.rules.interview import RESPONSE_AFTERLIFE_HOURS, STARTED_BY_RETURN
from atlas.missing.rules.steps import STEP_LIMITS
from atlas.missing.workflow import OPEN_EPISODE, InterviewState
from atlas.people.models import Person
from atlas.people.rules import ADULT_AGE
from atlas.tasks.commands import settle_alerts

if TYPE_CHECKING:
    from atlas.agencies.models import Post

NOT_BORN = (
    "This child is not born yet, and cannot be missing. If you cannot find the mother: is she under 18, report her missing here; is she an adult, "
    "ring 101. If she or the baby may be in danger now, ring 999. If the child is born, record the birth first."
)
REFERENCE_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"


@dataclass(frozen=True)
class Report:
    """What the reporter says. `reported`: when the police (or, where not yet rung, Atlas) was told; all else may be unknown."""

    reported: Moment
    last_seen: Moment | None = None
    noticed_at: datetime | None = None
    expected_back_at: datetime | None = None
    police_recorded_at: datetime | None = None
    council_told: Moment | None = None
    parent_told_at: datetime | None = None
    police_reference: str = ""
    police_force: str = ""
    police_status: str = ""
    council_status: str = ""
    reporter_name: str = ""
    reporter_role: str = ""
    reporter_contact: str = ""
    last_seen_place: str = ""
    worry: str = ""
    tried: str = ""
    intended: str = ""
    clothing: str = ""
    taken: str = ""
    risk_factors: list[str] = field(default_factory=list)
    risk_words: str = ""


_SAME_WORDS = (
    "noticed_at", "expected_back_at", "police_recorded_at", "parent_told_at", "police_reference", "police_force", "police_status",
    "council_status", "reporter_name", "reporter_role", "reporter_contact", "last_seen_place", "worry", "tried", "intended", "clothing",
    "taken", "risk_factors", "risk_words",
)  # fmt: skip


@command(needs=Permission.REPORT_MISSING)
def report_missing(
    *, child: Child, report: Report, row: Row | None = None, source_key: str = "", is_historic: bool = False, by: "Post", at: datetime
) -> Episode:
    """Report a child missing: opens the child to missing response and raises the alert, which nobody can leave quiet.

    Raises Invalid for a time to come, a report before the child was last seen, somebody who is no longer a child or not born yet, a child
    who has died, or a second open episode. An interview still owed from the episode before is marked *missing again before we met*.
    """
    check_report(child, report, at)
    if not is_historic and Person.objects.filter(pk=child.pk, died_on__isnull=False).exists():
        raise Invalid("By the main case system this child has died. If that is wrong, ring whoever works with the child now.", "child")
    if not is_historic and Episode.objects.filter(child=child, state__in=OPEN_EPISODE).exists():
        raise Invalid("This child is already recorded as missing. Open that missing episode and add to it.", "child")
    _mark_missing_again(child, report.reported, is_historic)
    episode = episode_of(child, report, row=row, source_key=source_key, is_historic=is_historic, at=at)
    # Opened first: whoever reports may not yet read what the report leaves behind.
    open_to_response(episode, at)
    episode.entry = happened(Kind.REPORTED_MISSING, **what_was_reported(episode, report))
    episode.save(force_insert=True)
    for change in first_statuses(episode, by, at):
        change.save(force_insert=True)
    begin_next(episode, episode.entry, at)
    if not is_historic:
        ask_of_repeats(episode, at)
        ask_before_eighteen(child, episode, episode.entry, at)
    return episode


def check_report(child: Child, report: Report, at: datetime) -> None:
    """Raise Invalid where the report cannot be: a day not said, a time to come, an order that cannot be, no child any more."""
    reported = report.reported
    if child.is_unborn:
        raise Invalid(NOT_BORN, "child")
    if reported.at is None or reported.earliest is None:
        raise Invalid("Give the day on which the child was reported missing, even if the time is not known.", "reported")
    for moment, name, field_name in ((reported, "reported missing", "reported"), (report.last_seen, "last seen", "last_seen")):
        if moment is not None and moment.earliest is not None and moment.earliest > at:
            raise Invalid(f"The time when the child was {name} is still to come. Check the date and the time.", field_name)
    if report.last_seen and report.last_seen.earliest and reported.latest and report.last_seen.earliest > reported.latest:
        raise Invalid("The child cannot have been reported missing before being last seen. Check both times.", "last_seen")
    day = reported.day
    if child.born_on is not None and day is not None and child.born_on > day:
        raise Invalid("By the date of birth recorded, this child is not born yet. Check the date of birth.", "child")
    day = (report.last_seen.day if report.last_seen else None) or day  # in London: an hour of a summer's night is another day in UTC
    age = child.age_on(day) if day is not None else None
    if age is not None and age >= ADULT_AGE:
        raise Invalid(
            f"By the date of birth recorded, this person was {age}, and no longer a child. Check the date of birth; for an adult, ring 101.",
            "child",
        )


def episode_of(child: Child, report: Report, *, row: Row | None, source_key: str, is_historic: bool, at: datetime) -> Episode:
    """The episode that a report makes, not yet saved. The report has passed `check_report`."""
    assert report.reported.at is not None
    episode = Episode(
        child=child, reference=new_reference(), responsible_authority_id=child.responsible_authority_id, host_authority_id=child.host_authority_id,
        reported_at=report.reported.at, reported_precision=report.reported.precision, row=row, source_key=source_key,
        is_historic=is_historic, **{name: getattr(report, name) for name in _SAME_WORDS},
    )  # fmt: skip
    if report.last_seen is not None:
        episode.last_seen_at, episode.last_seen_precision = report.last_seen.at, report.last_seen.precision
    told = report.council_told or Moment(at, Precision.MINUTE)
    episode.council_told_at, episode.council_told_precision = told.at, told.precision
    episode.police_status = report.police_status or (PoliceStatus.MISSING if report.police_reference else "")
    episode.council_status = report.council_status or CouncilStatus.MISSING
    return episode


def what_was_reported(episode: Episode, report: Report) -> dict[str, Any]:
    """What the chronology says of a report, as `flow` takes it."""
    return {
        "child": episode.child, "at": report.reported, "known_at": report.reported, "about": episode, "row": episode.row,
        "is_historic": episode.is_historic, "words": report.last_seen_place and f"Last seen: {report.last_seen_place}"[:300],
    }  # fmt: skip


def first_statuses(episode: Episode, by: "Post", at: datetime) -> list[StatusChange]:
    """The first status of each agency, not yet saved."""
    return [
        StatusChange(child=episode.child, episode=episode, by_agency=agency, to_status=status, changed_at=at, recorded_by=by)
        for agency, status in (("police", episode.police_status), ("council", episode.council_status))
        if status
    ]


def _mark_missing_again(child: Child, reported: Moment, is_historic: bool) -> None:
    """The clock of an interview still owed keeps running; only its state says why it has not been held."""
    if is_historic:
        return
    for interview in miss_again(child):
        interview.move("miss_again")  # the database took the step; the workflow says that it may be taken
        happened(Kind.MISSING_AGAIN, child=child, at=reported, about=interview)


def open_to_response(episode: Episode, at: datetime) -> None:
    """Open the child to the teams that answer for missing children, council and police, of every authority concerned."""
    if episode.is_historic:
        return
    for team in response_teams(episode.responsible_authority, episode.host_authority):
        relate(kind=RelationshipKind.MISSING_RESPONSE, because=f"missing episode {episode.reference}", source=episode, from_at=at,
               child=episode.child, team=team)  # fmt: skip


def response_teams(*authorities: Authority) -> list[Team]:
    """The duty teams of council and police that answer for missing children of these authorities."""
    teams = Team.objects.filter(agency__authorities__in=authorities, purpose=TeamPurpose.MISSING, agency__kind__in=["council", "police"])
    return list(teams.distinct().order_by("name"))


@command(needs=Permission.WITHDRAW_EPISODE)
def withdraw_episode(*, episode: Episode, reason: str, by: "Post", at: datetime) -> Episode:
    """Withdraw an episode that was recorded in error (the wrong child, the same episode twice). Nothing is deleted."""
    if not reason.strip():
        raise Invalid("Say why this missing episode is withdrawn: for example, the same report was recorded twice.", "reason")
    episode.move("withdraw_episode")
    episode.save(update_fields=["state"])
    entry = happened(
        Kind.EPISODE_WITHDRAWN, child=episode.child, at=Moment(at, Precision.MINUTE), about=episode, words=reason[:300],
        stops=(*STARTED_BY_RETURN, *STEP_LIMITS), answers=False,
    )  # fmt: skip
    _close_interview(episode, reason, at)
    copy_again(episode, entry)
    settle_alerts(about_id=episode.pk, at=at)
    end_relationships(source=episode, until_at=at + timedelta(hours=RESPONSE_AFTERLIFE_HOURS), because="episode withdrawn")
    return episode


def _close_interview(episode: Episode, reason: str, at: datetime) -> None:
    """No interview is owed for an episode that never was; one already held stays to be read."""
    for interview in ReturnInterview.objects.filter(episode=episode).exclude(state=InterviewState.CLOSED):
        interview.move("close_interview")
        interview.closed_at, interview.closed_because, interview.closed_reason = at, ClosedBecause.ERROR, reason
        interview.save(update_fields=["state", "closed_at", "closed_because", "closed_reason"])


def new_reference() -> str:
    """A short reference that staff can say over the telephone: M and seven letters or digits that cannot be misread."""
    return "M" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(7))
