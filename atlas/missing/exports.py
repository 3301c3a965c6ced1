"""The lists of missing response that may leave: missing episodes, and return interviews. Facts and codes; no place, no free word."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from atlas.chronology.models import moment_of
from atlas.gate.context import Subject
from atlas.gate.policy import RecordKind
from atlas.missing.models import Episode, ReturnInterview
from atlas.missing.workflow import EpisodeState, InterviewState
from atlas.sharing.exports.lists import CHILD, Column, Exportable
from atlas.sharing.exports.wording import Saying

if TYPE_CHECKING:
    from django.db.models import QuerySet

CAME_BACK = (
    ("Back", "Returned", "Time of return", "Came back"),
    ("came back {}", "the return was {}", "had returned {}", "got home or to the placement {}"),
)
BORN = Column(
    Saying(
        "born", ("Born", "Date of birth", "Birth date", "Born on"),
        ("date of birth {}", "was born {}", "birth date recorded {}", "has a birthday {}"),
    ),
    lambda row: row.child.born_on, ("children.Child.born_on",), is_usual=False,
)  # fmt: skip
RESPONSIBLE = Column(
    Saying("responsible", ("Responsible authority", "Authority responsible", "Responsible", "Owed duties by")),
    lambda row: row.responsible_authority.name, ("missing.Episode.responsible_authority",),
)  # fmt: skip
HOST = Column(
    Saying("host", ("Host authority", "Authority where the child lives", "Hosted by", "Lives in the area of")),
    lambda row: row.host_authority.name, ("missing.Episode.host_authority",), is_usual=False,
)  # fmt: skip


def _episodes(subject: Subject, from_at: datetime, until_at: datetime) -> "QuerySet[Episode]":
    rows = Episode.objects.visible_to(subject).filter(reported_at__gte=from_at, reported_at__lt=until_at)
    return rows.exclude(state=EpisodeState.WITHDRAWN).select_related("child", "responsible_authority", "host_authority")


MISSING_EPISODES = Exportable(
    "missing_episodes", "Missing episodes", RecordKind.MISSING, _episodes,
    Column(
        Saying(
            "reported", ("Reported missing", "Missing report made", "Date of the report", "Missing reported"),
            ("was reported missing {}", "a missing report was made {}", "the report of being missing came {}", "noted as a missing child {}"),
        ),
        lambda row: row.reported, ("missing.Episode.reported_at",),
    ),
    (
        CHILD,
        BORN,
        Column(Saying("reference", ("Reference", "Episode", "Episode reference", "Atlas reference")), lambda row: row.reference, ("missing.Episode.reference",)),
        Column(
            Saying(
                "last_seen", ("Last seen", "Seen last", "Time last seen", "Latest sighting before the report"),
                ("had last been seen {}", "the last sighting before was {}", "nobody had seen the child since {}", "seen for the last time {}"),
            ),
            lambda row: row.last_seen, ("missing.Episode.last_seen_at",), is_usual=False,
        ),
        Column(
            Saying(
                "found", ("Found", "Found on", "Time found", "When found"),
                ("was found {}", "people found the child {}", "whereabouts became known {}", "turned up again {}"),
            ),
            lambda row: row.found, ("missing.Episode.found_at",), is_usual=False,
        ),
        Column(Saying("returned", *CAME_BACK), lambda row: row.returned, ("missing.Episode.returned_at",)),
        Column(
            Saying(
                "state", ("State", "Where it stands", "Episode is", "Standing"),
                ("the episode stands as {}", "it is now {}", "its state is {}", "at present it counts as {}"),
                {
                    EpisodeState.MISSING: ("Still missing", "Not back yet", "Missing at present", "Open and missing"),
                    EpisodeState.FOUND: ("Found, not yet back", "Found but still away", "Whereabouts known, not returned", "Found, return awaited"),
                    EpisodeState.RETURNED: ("Over, child back", "Ended by return", "Closed with a return", "Finished, back again"),
                    EpisodeState.ENDED: ("Ended, no return", "Over without a return", "Closed, none returned", "Finished, no return known"),
                },
            ),
            lambda row: row.state, ("missing.Episode.state",),
        ),
        Column(
            Saying(
                "grade", ("Police grade", "Grade by police", "Police risk grade", "Graded by police as"),
                ("the police graded it {}", "with a police grade of {}", "grading by the police: {}", "police put the grade at {}"),
            ),
            lambda row: row.get_grade_display(), ("missing.Episode.grade",), is_usual=False,
        ),
        Column(
            Saying("police_reference", ("Police reference", "Reference of the police", "Police log", "Police number")),
            lambda row: row.police_reference, ("missing.Episode.police_reference",), is_usual=False,
        ),
        RESPONSIBLE,
        HOST,
    ),
)  # fmt: skip


def _interviews(subject: Subject, from_at: datetime, until_at: datetime) -> "QuerySet[ReturnInterview]":
    rows = ReturnInterview.objects.visible_to(subject).filter(returned_at__gte=from_at, returned_at__lt=until_at)
    return rows.select_related("child", "episode", "responsible_authority", "host_authority")


def _returned(row: Any) -> Any:
    return moment_of(row.returned_at, row.returned_precision)


TIMELINESS = {
    "in_time": ("In time", "Within the time limit", "On time", "Inside the limit"),
    "late": ("Late", "After the time limit", "Out of time", "Outside the limit"),
    "not_known": ("Cannot be judged", "Not possible to judge", "Neither way", "Undecidable"),
}
RETURN_INTERVIEWS = Exportable(
    "return_interviews", "Return interviews", RecordKind.INTERVIEW, _interviews,
    Column(Saying("back", *CAME_BACK), _returned, ("missing.ReturnInterview.returned_at",)),
    (
        CHILD,
        BORN,
        Column(Saying("reference", ("Reference", "Episode", "Episode reference", "Atlas reference")), lambda row: row.episode.reference, ("missing.Episode.reference",)),
        Column(
            Saying(
                "due", ("Interview due", "Due by", "To be held by", "Time limit ends"),
                ("an interview was due {}", "the limit for talking ran out {}", "the talk had to be held by then: {}", "time for the interview ended {}"),
            ),
            lambda row: moment_of(row.due_at, row.returned_precision) if row.due_at else None, ("missing.ReturnInterview.due_at",), is_usual=False,
        ),
        Column(
            Saying(
                "offered", ("First offered", "Offer made", "Interview first offered", "Offered since"),
                ("was offered a talk {}", "the first offer of an interview came {}", "somebody first proposed an interview {}", "an interview had been offered {}"),
            ),
            lambda row: moment_of(row.first_offered_at, "minute") if row.first_offered_at else None, ("missing.ReturnInterview.first_offered_at",),
        ),
        Column(
            Saying(
                "held", ("Interview held", "Held", "Talk took place", "Conversation on"),
                ("the interview was held {}", "the talk took place {}", "had the conversation {}", "was met and heard {}"),
            ),
            lambda row: row.held, ("missing.ReturnInterview.held_at",),
        ),
        Column(
            Saying(
                "interview_state", ("State", "Where it stands", "Interview is", "Standing"),
                ("the interview stands as {}", "the offer is now {}", "state of the interview: {}", "on the interview, the record says {}"),
                {
                    InterviewState.DUE: ("Due", "Still owed", "To be offered", "Waiting for an offer"),
                    InterviewState.OFFERED: ("Offered", "Offer made, no answer", "Offer open", "Waiting for the answer"),
                    InterviewState.ACCEPTED: ("The child said yes", "Accepted by the child", "Agreed to", "Yes from the child"),
                    InterviewState.BOOKED: ("Arranged", "Booked", "A meeting is fixed", "Appointment made"),
                    InterviewState.NOT_MET: ("We did not manage to meet", "No meeting came about", "Meeting not managed by us", "A meeting did not come about"),
                    InterviewState.SAID_NO: ("Said no for now", "No for the time being", "For now the answer is no", "Not wanted at the moment"),
                    InterviewState.NOT_REACHED: ("Not reached", "Could not be reached by us", "No contact managed", "We reached nobody"),
                    InterviewState.MISSING_AGAIN: ("Missing again before we met", "Another episode came first", "A newer episode began first", "Missing once more first"),
                    InterviewState.NOT_OFFERED: ("Not offered", "No offer was made", "Without an offer", "Decided not to offer"),
                    InterviewState.HELD: ("Talk held", "Has been held", "Conversation has happened", "Done in person"),
                    InterviewState.CLOSED: ("Closed", "File closed", "Brought to a close", "Ended and closed"),
                },
            ),
            lambda row: row.state, ("missing.ReturnInterview.state",),
        ),
        Column(
            Saying(
                "timeliness", ("Timeliness", "In time or late", "Against the limit", "Judged"),
                ("by the limit it was {}", "judged against 72 hours: {}", "the measure counts it as {}", "in the figures it is {}"),
                TIMELINESS,
            ),
            lambda row: row.timeliness, ("missing.ReturnInterview.timeliness",),
        ),
        RESPONSIBLE,
        HOST,
    ),
)  # fmt: skip

EXPORTS = (MISSING_EPISODES, RETURN_INTERVIEWS)
