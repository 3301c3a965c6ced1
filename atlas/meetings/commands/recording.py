"""What is written in the room: each agency's own words; what is decided, as versions; and in the end the record is closed and sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections

from atlas.agencies.models import AgencyKind
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision, when_words
from atlas.flow import happened
from atlas.gate.act import Conflict, Invalid, Refused, command
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.models import Relationship
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision
from atlas.meetings.codes import About, Answer, Audience, Settles
from atlas.meetings.commands.inviting import CLOSED, expect_lead, leading_last, stop_item_clocks
from atlas.meetings.mail import tell
from atlas.meetings.models import Invitation, Meeting, MeetingContribution, MeetingDecision, MeetingItem, Panel
from atlas.meetings.models.record import MOST_WORDS
from atlas.meetings.queries.briefing import briefing_of
from atlas.meetings.queries.leading import closes_at, kind_of, works_with
from atlas.meetings.queries.room import decisions_now, needed_of
from atlas.meetings.rules.clocks import HEALTH_JOINS, RECORDS
from atlas.meetings.rules.kinds import STARTS_SECTION_47
from atlas.meetings.rules.panel import lacks_evidence, may_not_pass_on
from atlas.statuses.conferences import INITIAL_CONFERENCE

if TYPE_CHECKING:
    from atlas.agencies.models import Agency, Post

COMPILED = "Compiled from the record here"
MEANWHILE = (
    "Somebody wrote another version of this decision while you were writing. Read it, then send yours once more; what you typed is kept."
)
SUBJECT = "Atlas: the record of a meeting is ready ({reference})"
MAIL = "The record of a meeting to which you were asked is ready, and what your agency is asked to do. Sign in, under Meetings.\n"


@dataclass(frozen=True)
class Said:
    """What somebody brings. `source_words`: how they know, and as of when. `agencies`: who may read it beside the own agency, where they are named.
    `invitation`: of whom it is written down, where it is somebody without an account. `is_new`: it tells of harm or danger that was not known.
    """

    words: str
    source_words: str
    audience: str = Audience.PROFESSIONALS
    agencies: Sequence[UUID] = ()
    invitation: Invitation | None = None
    is_new: bool = False


@command(needs=Permission.CONTRIBUTE)
def contribute(*, item: MeetingItem, said: Said, by: "Post", at: datetime) -> MeetingContribution:
    """Write down what one's agency knows of what stands on the agenda: before the meeting, in the room, or instead of coming. Each has an entry of their
    own, so that nobody writes over another. Whoever leads may write down what somebody without an account says.

    Raises Invalid without words, or without how it is known.
    """
    if not item.meeting.is_open:
        raise Invalid(CLOSED)
    if said.invitation is not None:
        expect_lead("contribute", item.meeting)
    _check_said(said)
    of = said.invitation.post.team.agency_id if said.invitation is not None and said.invitation.post is not None else by.team.agency_id
    contribution = MeetingContribution(
        child_id=item.child_id, meeting_id=item.meeting_id, item=item, agency_id=of, invitation=said.invitation, words=said.words.strip()[:MOST_WORDS],
        source_words=said.source_words.strip()[:200], audience=said.audience, agencies=list(said.agencies), is_new=said.is_new, in_room=item.meeting.held_at is not None,
        written_by=by, written_at=at,
    )  # fmt: skip
    contribution.save(force_insert=True)
    if contribution.agency.kind == AgencyKind.HEALTH and item.child is not None and item.meeting.by_telephone:
        moment = Moment(at, Precision.MINUTE)
        entry = happened(Kind.AGENCY_REPLIED, child=item.child, at=moment, about=item, words=contribution.agency.name)
        stop_item_clocks(item, [HEALTH_JOINS], entry)
    return contribution


@command(needs=Permission.CONTRIBUTE)
def rewrite_contribution(*, contribution: MeetingContribution, said: Said, by: "Post", at: datetime) -> MeetingContribution:
    """Write one's own entry anew, until the record is closed. Raises Refused for somebody else's."""
    if contribution.written_by_id != by.pk:
        raise Refused("rewrite_contribution", acting_subject(), Decision.NO_RELATIONSHIP, contribution)
    if not contribution.meeting.is_open:
        raise Invalid(CLOSED)
    _check_said(said)
    contribution.words, contribution.source_words = said.words.strip()[:MOST_WORDS], said.source_words.strip()[:200]
    contribution.is_new = contribution.is_new or said.is_new  # what was heard was heard
    contribution.audience, contribution.agencies, contribution.written_at = said.audience, list(said.agencies), at
    contribution.save()
    return contribution


def _check_said(said: Said) -> None:
    if not said.words.strip():
        raise Invalid("Write what is known. “Nothing is known to us” is an answer too.", "words")
    if not said.source_words.strip():
        raise Invalid("Say how it is known, and as of when.", "source_words")


@dataclass(frozen=True)
class Decided:
    """What is decided on one point, and why. `dissent`: who saw it otherwise, and how. `instead_of`: the version that was on the screen."""

    settles: Settles
    reason: str
    answer: str = ""
    words: str = ""
    dissent: str = ""
    dissent_by: "Agency | None" = None
    instead_of: UUID | None = None
    of_panel: "OfPanel | None" = None


@dataclass(frozen=True)
class OfPanel:
    """What a panel says besides: on what evidence less is asked, why a child is let go, to which other panel or group something goes."""

    evidence: Sequence[str] = ()
    closed_as: str = ""
    passed_to: Panel | None = None


@command(needs=Permission.RECORD_MEETING_DECISION)
def record_meeting_decision(*, item: MeetingItem, decided: Decided, by: "Post", at: datetime) -> MeetingDecision:
    """Write down what was decided, as the next version of that point. Dissent is kept with it, and asks the safety plan.

    Raises Invalid without what and why, for an answer that this kind of meeting does not give; Conflict where somebody wrote a version meanwhile.
    """
    expect_lead("record_meeting_decision", item.meeting)
    _check_decided(item, decided)
    now = decisions_now(MeetingDecision.objects.filter(item=item)).get((item.pk, decided.settles))
    if (now.pk if now else None) != decided.instead_of:
        raise Conflict(MEANWHILE, Decision.CHANGED_SINCE, "record_meeting_decision", acting_subject(), item)
    panel = decided.of_panel or OfPanel()
    decision = MeetingDecision(
        child_id=item.child_id, meeting_id=item.meeting_id, item=item, settles=decided.settles, answer=decided.answer, words=decided.words.strip(),
        reason=decided.reason.strip(), dissent=decided.dissent.strip()[:500], dissent_by=decided.dissent_by, replaces=now,
        evidence=list(panel.evidence), closed_as=panel.closed_as, passed_to=panel.passed_to, decided_at=at, decided_by=by,
    )  # fmt: skip
    decision.save(force_insert=True)
    if decision.passed_to is not None:
        pass_on(decision.passed_to)
    if item.child is not None:
        _follow(item, decision, now)
    return decision


def _check_decided(item: MeetingItem, decided: Decided) -> None:
    kind = kind_of(item.meeting)
    if decided.settles is Settles.DECISION and decided.answer not in kind.answers:
        raise Invalid("Choose what is decided.", "answer")
    if decided.settles is not Settles.DECISION and not decided.words.strip():
        raise Invalid(f"Write it down: {decided.settles.label.lower()}.", "words")
    if not decided.reason.strip():
        raise Invalid("Write the reason, in words that the child may read one day.", "reason")
    if decided.dissent_by is not None and not decided.dissent.strip():
        raise Invalid("Write how they saw it.", "dissent")
    if decided.settles is Settles.DECISION and kind.about in {About.PANEL, About.STRATEGIC}:
        _check_panel(item, decided, decided.of_panel or OfPanel())


def _check_panel(item: MeetingItem, decided: Decided, panel: OfPanel) -> None:
    lacks = None
    if item.child is not None:
        heard_new = MeetingContribution.objects.filter(item=item, is_new=True).exists()
        lacks = lacks_evidence(decided.answer, evidence=panel.evidence, words=decided.words, closed_as=panel.closed_as, heard_new=heard_new)
    if decided.answer == Answer.PASS_ON:
        to = panel.passed_to
        if to is not None and (to.pk == item.meeting.panel_id or to.authority_id != item.meeting.authority_id):
            raise Invalid("Choose another panel or group of the same authority.", "passed_to")
        lacks = may_not_pass_on(item.kind, kind_of(to).about if to is not None else None)
    elif panel.passed_to is not None:
        raise Invalid("Only what is passed on goes to another panel or group.", "passed_to")
    if lacks is not None:
        raise Invalid(*lacks)


def pass_on(panel: Panel) -> None:
    """Put on the next agenda of a panel or group what others passed on to it, through the gate's function: whoever passes something on does not lead there."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_pass_on(%s)", [panel.pk])


def _follow(item: MeetingItem, decision: MeetingDecision, before: MeetingDecision | None) -> None:
    assert item.child is not None
    moment = Moment(decision.decided_at, Precision.MINUTE)
    if decision.settles == Settles.DECISION:
        words = f"{item.meeting.kind_name}: {Answer(decision.answer).label}"
        happened(Kind.MEETING_DECIDED, child=item.child, at=moment, about=item, words=words)
        was = before is not None and before.answer in STARTS_SECTION_47
        if decision.answer in STARTS_SECTION_47 and not was:
            held = Moment(item.meeting.held_at or decision.decided_at, Precision.MINUTE)  # the clock counts from the discussion itself
            happened(
                Kind.SECTION_47_STARTED, child=item.child, at=held, about=item, starts=[INITIAL_CONFERENCE], words=item.meeting.kind_name
            )
        elif was and decision.answer not in STARTS_SECTION_47:
            entry = happened(Kind.MEETING_DECIDED, child=item.child, at=moment, about=item, words="No section 47 enquiry after all")
            stop_item_clocks(item, [INITIAL_CONFERENCE], entry)
    if decision.dissent and (before is None or before.dissent != decision.dissent):
        happened(Kind.AGENCY_DISAGREES, child=item.child, at=moment, about=item, words=decision.dissent[:300])


@command(needs=Permission.CLOSE_MEETING)
def close_meeting(*, meeting: Meeting, quorum_reason: str = "", by: "Post", at: datetime) -> Meeting:
    """Close the record and send it: everybody who was asked learns that it is ready, and reads the part that is theirs. Only once nothing is still needed.

    Raises Invalid with what is still needed first; Refused for somebody who does not lead it.
    """
    expect_lead("close_meeting", meeting)
    meeting.quorum_reason = quorum_reason.strip()[:500] or meeting.quorum_reason
    if needed := needed_of(meeting):
        raise Invalid(f"Still needed: {needed[0].words}.", "quorum_reason" if needed[0].where == "quorum_reason" else None)
    meeting.state, meeting.closed_at, meeting.closed_by = Meeting.State.CLOSED, at, by
    for item in MeetingItem.objects.filter(meeting=meeting).select_related("child"):
        if item.child is not None:
            entry = happened(Kind.MEETING_RECORDED, child=item.child, at=Moment(at, Precision.MINUTE), about=item, words=meeting.kind_name)
            stop_item_clocks(item, RECORDS, entry)
    MeetingItem.objects.filter(meeting=meeting).update(ended_at=at)
    meeting.save()
    until = closes_at(day_of(at))
    for invitation in leading_last(meeting):
        Relationship.objects.filter(source_id=invitation.pk).update(until_at=until)
        Invitation.objects.filter(pk=invitation.pk).update(closes_at=until)
        if invitation.post != by:
            tell(invitation.post, SUBJECT.format(reference=meeting.reference), MAIL)
    return meeting


@command(needs=Permission.CONTRIBUTE)
def compile_briefing(*, item: MeetingItem, by: "Post", at: datetime) -> MeetingContribution:
    """Put what the record says of the child now before the meeting: facts with their sources, by somebody who works with the child. Compiled again, it takes
    the place of what the same person compiled before. Raises Invalid for what is no child; Refused for somebody who does not work with the child.
    """
    subject = acting_subject()
    if item.child is None:
        raise Invalid("A briefing is about a child.")
    if not works_with(subject, item.child_id):
        raise Refused("compile_briefing", subject, Decision.NO_RELATIONSHIP, item)
    said = Said("\n".join(briefing_of(subject, item.child, at)), f"{COMPILED}, {when_words(at)}")
    before = MeetingContribution.objects.filter(item=item, written_by=by, source_words__startswith=COMPILED).first()
    if before is not None:
        return rewrite_contribution(contribution=before, said=said, by=by, at=at)
    return contribute(item=item, said=said, by=by, at=at)
