"""What of missing response is copied to the main case system: an episode that is over, the police's interview after it, and the return interview.

Facts and codes, and of what the child said only the parts that were decided for the social worker. No place, nobody else, no free word besides.
What the main system's own table asks (`ssd_missing`, data/ssd-schema) goes with each, so that nobody types it there.
"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from atlas.chronology.moments import LONDON, Moment, Precision
from atlas.copies.kinds import Copied
from atlas.design.words import when
from atlas.feeds.queries import MAIN_SYSTEM
from atlas.feeds.rules import Mastered
from atlas.gate.context import Subject
from atlas.missing.codes import Audience, ClosedBecause, CouncilStatus
from atlas.missing.models import Episode, NotToldYet, PreventionInterview, ReturnInterview
from atlas.missing.models import Part as Said
from atlas.missing.workflow import EpisodeState, InterviewState
from atlas.sharing.compile import Part

MAIN_TABLE = "ssd_missing"  # the main system's own table of missing episodes, in whose words the note speaks
NEVER = "For the child's own record in the main case system. Places, other people and what the child kept back are not in it: they stand in Atlas."
MISSING_EPISODE, PREVENTION_INTERVIEW, RETURN_INTERVIEW = "missing_episode", "prevention_interview", "return_interview"


def _when(moment: Moment | None) -> str:
    return when(moment) if moment else ""


def _instant(at: Any) -> str:
    return when(at) if at else ""


EPISODE = Part(
    MISSING_EPISODE, "Missing episode",
    lambda subject, child: Episode.objects.visible_to(subject).filter(child=child),
    (
        ("Reference in Atlas", lambda row: row.reference), ("Missing or away", lambda row: row.get_council_status_display()),
        ("Last seen", lambda row: _when(row.last_seen) if row.last_seen_at else ""), ("Reported missing", lambda row: _when(row.reported)),
        ("Police reference", lambda row: row.police_reference), ("Police grade", lambda row: row.get_grade_display()),
        ("Found", lambda row: _when(row.found) if row.found_at else ""), ("Back", lambda row: _when(row.returned)),
        ("Stands as", lambda row: row.get_state_display()),
    ),
    lambda row: "Atlas",
)  # fmt: skip
PREVENTION = Part(
    PREVENTION_INTERVIEW, "Seen by the police on return (prevention interview)",
    lambda subject, child: PreventionInterview.objects.visible_to(subject).filter(child=child),
    (
        ("Seen", lambda row: _when(row.held)), ("How", lambda row: row.get_mode_display()), ("Seen alone", lambda row: row.get_seen_alone_display()),
        ("Sexual harm possible", lambda row: row.get_sexual_harm_display()), ("Crime reference", lambda row: row.crime_reference),
    ),
    lambda row: "Atlas",
)  # fmt: skip
INTERVIEW = Part(
    RETURN_INTERVIEW, "Return interview",
    lambda subject, child: ReturnInterview.objects.visible_to(subject).filter(child=child).select_related("episode", "held_by__team__agency"),
    (
        ("Reference in Atlas", lambda row: row.episode.reference), ("Back", lambda row: _when(row.episode.returned)),
        ("First offered to the child", lambda row: _instant(row.first_offered_at)), ("The child said yes", lambda row: _instant(row.accepted_at)),
        ("Talked", lambda row: _when(row.held)), ("By", lambda row: row.held_by.team.agency.name if row.held_by else ""),
        ("Closed", lambda row: _instant(row.closed_at)), ("How it ended", lambda row: row.get_closed_because_display()),
    ),
    lambda row: "Atlas",
)  # fmt: skip
SAID = Part(
    "said", "What the child wanted the social worker to know",
    lambda subject, child: Said.objects.visible_to(subject).filter(child=child, audience=Audience.SOCIAL_WORKER, is_shared=True),
    (("In words", lambda row: row.words), ("The child's wish about passing it on", lambda row: row.get_wish_display())),
    lambda row: "Return interview", is_free=True,
)  # fmt: skip


def _episodes(subject: Subject) -> "QuerySet[Episode]":
    return Episode.objects.visible_to(subject)


def _prevention(subject: Subject) -> "QuerySet[PreventionInterview]":
    return PreventionInterview.objects.visible_to(subject).select_related("episode")


def _interviews(subject: Subject) -> "QuerySet[ReturnInterview]":
    return ReturnInterview.objects.visible_to(subject).select_related("episode")


def _for_social_worker(interview: ReturnInterview) -> "QuerySet[Said]":
    return Said.objects.filter(interview=interview, audience=Audience.SOCIAL_WORKER, is_shared=True).order_by("pk")


def _is_not_told(episode: Episode) -> bool:
    return NotToldYet.objects.filter(episode=episode, lifted_at__isnull=True).exists()


def _stands_not_told(child: UUID) -> bool:
    return NotToldYet.objects.filter(child=child, lifted_at__isnull=True).exists()


def _is_no_interview(interview: ReturnInterview) -> bool:
    return interview.closed_because == ClosedBecause.ERROR or interview.episode.state == EpisodeState.WITHDRAWN


def row_of(episode: Episode, number: str) -> dict[str, dict[str, str | None]]:
    """The row of `ssd_missing`, by its own names. Its key is theirs where the episode came from there, else ours; a time goes as exactly as it is known.

    Begins when the child was last seen (where that day is known), as the table asks. Offered and accepted: Y or N once the interview is over;
    NA where it was recorded in error; nothing before.
    """
    begins = episode.last_seen if episode.last_seen and episode.last_seen.earliest else episode.reported
    interview = ReturnInterview.objects.filter(episode=episode).first()
    offered, accepted = _answers(interview)
    return {
        MAIN_TABLE: {
            "miss_table_id": _key(episode), "miss_person_id": number, "miss_missing_episode_start_date": _iso(begins),
            "miss_missing_episode_type": "A" if episode.council_status == CouncilStatus.AWAY else "M",
            "miss_missing_episode_end_date": _iso(episode.returned), "miss_missing_rhi_offered": offered, "miss_missing_rhi_accepted": accepted,
        }
    }  # fmt: skip


def _key(episode: Episode) -> str:
    source, _, key = episode.source_key.partition(":")
    return key if source == MAIN_SYSTEM and key else str(episode.pk)


def _answers(interview: ReturnInterview | None) -> tuple[str | None, str | None]:
    if interview is None or interview.state != InterviewState.CLOSED:
        return None, None
    if interview.closed_because == ClosedBecause.ERROR:
        return "NA", "NA"
    if interview.first_offered_at is None and interview.held_at is None:
        return "N", "NA"
    return "Y", "Y" if interview.accepted_at else "N"


def _iso(moment: Moment | None) -> str | None:
    if moment is None or moment.at is None or moment.earliest is None:
        return None
    local = moment.at.astimezone(LONDON)
    return local.date().isoformat() if moment.precision == Precision.DATE else local.strftime("%Y-%m-%dT%H:%M")


NOT_TOLD = _stands_not_told
COPIED = (
    Copied(
        MISSING_EPISODE, "Missing episode", Mastered.MISSING_RESPONSE, _episodes, chosen=lambda row: ((EPISODE, (row.pk,)),), fields=row_of,
        page=lambda row: reverse("missing:view_episode", args=[row.pk]), is_withdrawn=lambda row: row.state == EpisodeState.WITHDRAWN,
        is_not_told=_is_not_told, never=NEVER,
    ),
    Copied(
        PREVENTION_INTERVIEW, "Prevention interview", Mastered.MISSING_RESPONSE, _prevention, chosen=lambda row: ((PREVENTION, (row.pk,)),),
        fields=lambda row, number: row_of(row.episode, number), page=lambda row: reverse("missing:view_episode", args=[row.episode_id]),
        is_withdrawn=lambda row: row.episode.state == EpisodeState.WITHDRAWN, is_not_told=lambda row: _is_not_told(row.episode), never=NEVER,
    ),
    Copied(
        RETURN_INTERVIEW, "Return interview", Mastered.RETURN_INTERVIEW, _interviews,
        chosen=lambda row: ((INTERVIEW, (row.pk,)), (SAID, tuple(_for_social_worker(row).values_list("pk", flat=True)))),
        fields=lambda row, number: row_of(row.episode, number), page=lambda row: reverse("missing:view_interview", args=[row.pk]),
        is_withdrawn=_is_no_interview, is_not_told=lambda row: _is_not_told(row.episode), never=NEVER,
    ),
)  # fmt: skip
