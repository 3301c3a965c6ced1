"""The conversation itself: noted while it goes on, recorded when it is complete, and passed on part by part."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from atlas.chronology.kinds import Kind
from atlas.chronology.models import moment_of
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import outcome
from atlas.clocks.queries import bank_holidays_changed
from atlas.flow import happened, lead
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.missing.codes import ANSWERS, DID_NOT_WANT_TO_SAY, FULL_ANSWERS, NONE_SAID, AnswerList, Audience, Mentioned, Wish
from atlas.missing.models import Answer, Appointment, AssociateMention, LocationMention, Part, ReturnInterview
from atlas.missing.rules.interview import INTERVIEW_AFTERLIFE_DAYS, INTERVIEW_SHARED, RETURN_INTERVIEW, Interviewer, independence
from atlas.missing.whose import response_team
from atlas.missing.workflow import OPEN_INTERVIEW, InterviewState
from atlas.tasks.commands import hand_tasks, make_task

if TYPE_CHECKING:
    from atlas.agencies.models import Post

TEXTS = (
    "held_where", "advocate_answer", "how_child_communicates", "interpreter", "considered_missing", "before_words", "during_words",
    "after_words", "help_words", "professional_view", "places_answer", "people_answer",
)  # fmt: skip
CLOSE = "Close the return interview: all of it was passed on"
FACTS = ("cares_for_child", "works_in_placement", "explained_at", "seen_alone", "advocate_offered_at")


@dataclass(frozen=True)
class Conversation:
    """What was said, as the form holds it. `answers`: question -> codes; a missing key was not asked.

    `places` and `people`: one mapping for each that the child named (the columns of LocationMention and AssociateMention).
    `texts`: the columns of TEXTS and FACTS that the form shows.
    """

    texts: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Sequence[str]] = field(default_factory=dict)
    harm_known: dict[str, str] = field(default_factory=dict)
    places: Sequence[dict[str, str]] = ()
    people: Sequence[dict[str, str]] = ()


@command(needs=Permission.RECORD_INTERVIEW)
def save_interview_draft(*, interview: ReturnInterview, conversation: Conversation, by: "Post", at: datetime) -> ReturnInterview:
    """Keep what has been typed so far. Nothing is judged, nothing moves; a held or closed interview is not changed by it."""
    if interview.state in {InterviewState.HELD, InterviewState.CLOSED}:
        raise Invalid("This interview has been recorded already. Reload the page to see it.")
    _write(interview, conversation, at)
    return interview


@command(needs=Permission.RECORD_INTERVIEW)
def record_interview(
    *,
    interview: ReturnInterview,
    conversation: Conversation,
    held_at: Moment,
    also_for: Sequence[ReturnInterview] = (),
    by: "Post",
    at: datetime,
) -> ReturnInterview:
    """Record that the child was talked with, and stop the clock at the moment it was held.

    `also_for`: other interviews still owed to the same child, which this conversation answers too. Raises Invalid where
    the five cores (why, where, who with, harm, what would help) are not all answered; *did not want to say* is a full
    answer to each, and naming somebody is never a condition.
    """
    _check_held(interview, held_at, at)
    _write(interview, conversation, at)
    _check_complete(interview)
    for served in (interview, *also_for):
        _hold(served, held_at, by, None if served is interview else interview)
    interview.independence = _independence(interview, by, at)
    interview.save(update_fields=["independence"])
    Appointment.objects.filter(interview=interview, came=Appointment.Came.PLANNED).update(came=Appointment.Came.MET)
    happened(
        Kind.INTERVIEWED, child=interview.child, at=held_at, about=interview, starts=[INTERVIEW_SHARED], stops=[RETURN_INTERVIEW],
        stops_about=[served.episode for served in (interview, *also_for)],
    )  # fmt: skip
    _tell_what_it_named(interview, held_at)
    hand_tasks(about_id=interview.pk, post=by)
    return interview


def _tell_what_it_named(interview: ReturnInterview, held_at: Moment) -> None:
    """Harm, a place or a person that the child named asks the safety plan. What it was stands in the interview alone, which fewer people read."""
    harm = interview.answers.filter(question=AnswerList.HARM, is_withdrawn=False).exclude(code__in=FULL_ANSWERS).exists()
    named = (
        ("harm", harm), ("a place", interview.locations.filter(is_withdrawn=False).exists()),
        ("a person", interview.associates.filter(is_withdrawn=False).exists()),
    )  # fmt: skip
    if told := [words for words, is_named in named if is_named]:
        happened(Kind.INTERVIEW_TOLD, child=interview.child, at=held_at, about=interview, words=f"It told of {', '.join(told)}.")


def _check_held(interview: ReturnInterview, held_at: Moment, at: datetime) -> None:
    if held_at.earliest is None:
        raise Invalid("Give the day on which you talked, even if the time is not known.", "held_at")
    if held_at.earliest > at:
        raise Invalid("The time when you talked is still to come. Check the date and the time.", "held_at")
    returned = interview.episode.returned
    if returned is not None and returned.earliest is not None and held_at.latest is not None and held_at.latest < returned.earliest:
        raise Invalid("This is before the child was back. Check the date and the time.", "held_at")


def _check_complete(interview: ReturnInterview) -> None:
    asked = set(Answer.objects.filter(interview=interview, is_withdrawn=False).values_list("question", flat=True))
    for question, words in (
        ("push", "why the child left"),
        ("with", "who the child was with"),
        ("harm", "whether anyone hurt or scared the child"),
    ):
        if question not in asked:
            raise Invalid(f"Still needed: {words}. “None said” and “did not want to say” are full answers.", question)
    if "help" not in asked and not interview.help_words.strip():
        raise Invalid("Still needed: what would help. “Did not want to say” is a full answer.", "help")
    for column, words in (("places_answer", "places"), ("people_answer", "people")):
        if getattr(interview, column) == Mentioned.NOT_ASKED:
            raise Invalid(f"Still needed: were any {words} named? “None said” and “did not want to say” are full answers.", column)
    if interview.places_answer == Mentioned.MENTIONED and not interview.locations.filter(is_withdrawn=False).exists():
        raise Invalid("You chose that places were named. Add at least one, or choose another answer.", "places_answer")
    if interview.people_answer == Mentioned.MENTIONED and not interview.associates.filter(is_withdrawn=False).exists():
        raise Invalid("You chose that people were named. Add at least one, or choose another answer.", "people_answer")


def _write(interview: ReturnInterview, conversation: Conversation, at: datetime) -> None:
    for name, value in conversation.texts.items():
        if name not in TEXTS and name not in FACTS:
            raise KeyError(name)
        setattr(interview, name, value)
    interview.draft_saved_at = at
    interview.save()
    _write_answers(interview, conversation)
    _write_mentions(interview, LocationMention, conversation.places)
    _write_mentions(interview, AssociateMention, conversation.people)


def _write_answers(interview: ReturnInterview, conversation: Conversation) -> None:
    held = {(answer.question, answer.code): answer for answer in Answer.objects.filter(interview=interview)}
    wanted = {(question, code) for question, codes in conversation.answers.items() for code in codes}
    for question, code in wanted:
        if code not in {NONE_SAID, DID_NOT_WANT_TO_SAY} and code not in ANSWERS.get(question, {}):
            raise Invalid("Choose one of the answers listed.", question)
    for key, answer in held.items():
        withdrawn = key not in wanted and key[0] in conversation.answers
        known = conversation.harm_known.get(key[1], answer.how_known) if key[0] == "harm" else ""
        if (withdrawn != answer.is_withdrawn and key[0] in conversation.answers) or known != answer.how_known:
            answer.is_withdrawn, answer.how_known = withdrawn, known
            answer.save(update_fields=["is_withdrawn", "how_known"])
    Answer.objects.bulk_create(
        Answer(child=interview.child, interview=interview, question=question, code=code,
               how_known=conversation.harm_known.get(code, "") if question == "harm" else "")
        for question, code in sorted(wanted - held.keys())
    )  # fmt: skip


def _write_mentions(interview: ReturnInterview, model: Any, given: Sequence[dict[str, str]]) -> None:
    """Keep one row for each that the child named; one taken back is marked, not deleted."""
    kept = {row.words: row for row in model._default_manager.filter(interview=interview)}
    wanted = {row["words"].strip(): row for row in given if row.get("words", "").strip()}
    for words, row in kept.items():
        columns = {**wanted.get(words, {}), "words": words}
        for name, value in columns.items():
            setattr(row, name, value)
        row.is_withdrawn = words not in wanted
        row.save()
    model._default_manager.bulk_create(
        model(child=interview.child, interview=interview, **{**columns, "words": words})
        for words, columns in wanted.items()
        if words not in kept
    )


def _hold(interview: ReturnInterview, held_at: Moment, by: "Post", held_with: ReturnInterview | None) -> None:
    interview.move("record_interview")
    interview.held_at, interview.held_precision, interview.held_by, interview.held_with = held_at.at, held_at.precision, by, held_with
    interview.accepted_at = interview.accepted_at or held_at.at
    judge_timeliness(interview)
    interview.save()


def judge_timeliness(interview: ReturnInterview) -> None:
    """Judge a held interview against the return as known now, and as it was first recorded; `save` is the caller's.

    By the national limit, whatever an authority has set for its own clocks: the measures are compared between authorities.
    """
    episode, held = interview.episode, interview.held
    first = moment_of(episode.first_returned_at, episode.first_returned_precision)
    interview.timeliness, interview.timeliness_at_first = judged(episode.returned, held), judged(first, held)


def judged(returned: Moment | None, held: Moment | None) -> str:
    """How the measures judge an interview held after a return: in time, late, or not known; empty where it was not held.

    A return of which only the day is known is neither in time nor late, however soon the interview was (real-life.md point 2);
    its clock, which is about one child, may still say that it was certainly met.
    """
    if held is None:
        return ""
    is_exact = returned is not None and returned.precision in {Precision.MINUTE, Precision.ABOUT}
    deadline = RETURN_INTERVIEW.due(returned, bank_holidays_changed()) if returned and is_exact else None
    due_at, due_latest_at = (deadline.earliest, deadline.latest) if deadline else (None, None)
    return outcome(due_at, due_latest_at, held)


def _independence(interview: ReturnInterview, by: "Post", at: datetime) -> str:
    allocated = Relationship.live(at).filter(child=interview.child, holder_post=by, kind=RelationshipKind.ALLOCATED).exists()
    agency = by.team.agency
    same = agency.kind == "council" and agency.authorities.filter(pk=interview.responsible_authority_id).exists()
    return independence(
        Interviewer(agency.kind, allocated, interview.cares_for_child, interview.works_in_placement, employed_by_responsible_authority=same)
    )


@command(needs=Permission.SHARE_INTERVIEW)
def share_part(
    *, interview: ReturnInterview, audience: Audience, words: str, wish: Wish, is_shared: bool, reason: str = "",
    child_told_at: datetime | None = None, passed_to: str = "", by: "Post", at: datetime,
) -> Part:  # fmt: skip
    """Decide for one part who hears it: the child's wish, our decision, the reason where they differ, when the child was told.

    The whole record never goes to everyone. When every part is decided, `finish_sharing` stops the clock.
    """
    if interview.state != InterviewState.HELD:
        raise Invalid("The interview has not been recorded yet. Record it first.")
    if not words.strip():
        raise Invalid("Write what is to be passed on (or kept back).", "words")
    if ((is_shared and wish == Wish.NO) or (not is_shared and wish == Wish.YES)) and not reason.strip():
        raise Invalid("This is not what the child wished. Write the reason, and tell the child.", "reason")
    part = Part(
        child=interview.child, interview=interview, audience=audience, words=words, wish=wish, is_shared=is_shared, reason=reason,
        child_told_at=child_told_at, passed_on_at=at if is_shared else None, passed_to=passed_to,
    )  # fmt: skip
    part.save(force_insert=True)
    return part


@command(needs=Permission.SHARE_INTERVIEW)
def finish_sharing(*, interview: ReturnInterview, by: "Post", at: datetime) -> ReturnInterview:
    """Say that every part has gone where it should: stops the clock of passing on. Social worker and police must each be decided.

    The clock is judged by the authority's own limit; what the measure counts, by Atlas's two working days.
    """
    decided = set(interview.parts.values_list("audience", flat=True))
    missing = [str(Audience(audience).label).lower() for audience in (Audience.SOCIAL_WORKER, Audience.POLICE) if audience not in decided]
    if missing:
        raise Invalid(f"Still needed: what goes to the {' and the '.join(missing)}, even if it is nothing.")
    interview.shared_at = at
    deadline = INTERVIEW_SHARED.due(interview.held, bank_holidays_changed()) if interview.held else None
    due_at, due_latest_at = (deadline.earliest, deadline.latest) if deadline else (None, None)
    interview.shared_timeliness = outcome(due_at, due_latest_at, Moment(at, Precision.MINUTE))
    interview.save(update_fields=["shared_at", "shared_timeliness"])
    entry = happened(
        Kind.INTERVIEW_SHARED, child=interview.child, at=Moment(at, Precision.MINUTE), about=interview, stops=[INTERVIEW_SHARED]
    )
    # Until it is closed it is not finished, and nothing of it goes to the main system: whoever may close it is asked.
    team = response_team(interview.responsible_authority)
    post, owner = (None, team) if team is not None else lead(interview.child, at)
    make_task(name=CLOSE, entry=entry, about=interview, post=post, team=owner)
    return interview


def end_interview_access(interview: ReturnInterview, at: datetime) -> None:
    """The interviewer's and the team's access ends 28 days after the close."""
    until = at + timedelta(days=INTERVIEW_AFTERLIFE_DAYS)
    end_relationships(source=interview.episode, until_at=until, because="interview closed", kind=RelationshipKind.RETURN_INTERVIEW)


def still_owed(interview: ReturnInterview) -> list[ReturnInterview]:
    """Other interviews still owed to the same child, which one conversation may answer too."""
    owed = ReturnInterview.objects.filter(child=interview.child, state__in=OPEN_INTERVIEW).exclude(pk=interview.pk)
    return list(owed.select_related("episode").order_by("due_at", "pk"))
