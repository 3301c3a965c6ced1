"""A child and family assessment goes its way: started, the child seen, looked at together on the way, lengthened with a reason, authorised."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import start_clock
from atlas.clocks.models import Clock
from atlas.contacts.models import Assessment, AssessmentExtension, Contact
from atlas.contacts.rules.clocks import ASSESSMENT_FINISHED, ASSESSMENT_REVIEW
from atlas.contacts.rules.factors import FACTORS
from atlas.feeds.queries import masters
from atlas.feeds.rules import Mastered, System
from atlas.flow import happened, lead
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.tasks.commands import make_task

if TYPE_CHECKING:
    from atlas.agencies.models import Post

IN_MAIN_SYSTEM = "Start the child and family assessment in the main case system"
KEPT_THERE = "Child and family assessments are kept in the main case system here. Start it there: Atlas shows it from the next delivery on."
DONE = "This assessment is authorised already. Start a new one if one is needed."


def is_kept_here(child: Child) -> bool:
    """Whether Atlas is master of assessments for the child's responsible authority."""
    return masters(child.responsible_authority)[Mastered.ASSESSMENT] == System.ATLAS


def begin_assessment(*, child: Child, contact: Contact | None, at: datetime, decided: Entry | None = None) -> Assessment | None:
    """Begin an assessment as an effect of the command that runs now. Where the main case system is master, none is made: whoever works with the
    child is asked to start it there, under the same clock from the referral. One that is open already goes on. `decided`: the decision's entry.
    """
    referred_at = contact.received_at if contact else at
    came = Moment(referred_at, Precision.MINUTE)
    if decided is not None and not is_kept_here(child):
        if Clock.objects.filter(
            about_id=contact.pk if contact else None, limit=ASSESSMENT_FINISHED.key, outcome=Clock.Outcome.RUNNING
        ).exists():
            return None  # decided again, and the same: somebody is asked already
        clock, (post, team) = start_clock(limit=ASSESSMENT_FINISHED, entry=decided, about=contact, since=came), lead(child, at)
        make_task(name=IN_MAIN_SYSTEM, entry=decided, about=contact, clock=clock, post=post, team=team)
        return None
    held = Assessment.objects.filter(child=child, authorised_at__isnull=True).first()
    if held is not None:
        return held
    made = Assessment(child=child, contact=contact, referred_at=referred_at, started_at=at, started_by=acting_subject().post)
    made.save(force_insert=True)
    entry = happened(Kind.ASSESSMENT_STARTED, child=child, at=Moment(at, Precision.MINUTE), about=made, starts=[ASSESSMENT_REVIEW])
    clock, (post, team) = start_clock(limit=ASSESSMENT_FINISHED, entry=entry, about=made, since=came), lead(child, at)
    make_task(name=clock.limit_name, entry=entry, about=made, clock=clock, post=post, team=team)
    return made


@command(needs=Permission.START_ASSESSMENT)
def start_assessment(*, child: Child, by: "Post", at: datetime) -> Assessment:
    """Start an assessment of a child with whom one works. Raises Invalid where the main case system keeps them, and while another is open."""
    if not is_kept_here(child):
        raise Invalid(KEPT_THERE)
    if Assessment.objects.filter(child=child, authorised_at__isnull=True).exists():
        raise Invalid("An assessment of this child is open already. Go on with that one.")
    made = begin_assessment(child=child, contact=None, at=at)
    assert made is not None
    return made


def _expect_open(assessment: Assessment) -> None:
    if assessment.authorised_at is not None:
        raise Invalid(DONE)


@command(needs=Permission.RECORD_CHILD_SEEN)
def record_child_seen(*, assessment: Assessment, seen_at: Moment, seen_alone: bool, words: str, by: "Post", at: datetime) -> Assessment:
    """Write down that the child was seen for the assessment, whether alone, and what they said; the latest stands. Raises Invalid for a time to
    come or not known, and where the child was not seen alone and nothing says why.
    """
    _expect_open(assessment)
    if seen_at.at is None or seen_at.earliest is None or seen_at.earliest > at:
        raise Invalid("Give the day on which the child was seen. It cannot be still to come.", "seen_at")
    if not words.strip():
        raise Invalid("Write what the child said or showed; and if they were not alone, why not.", "words")
    assessment.seen_at, assessment.seen_alone, assessment.seen_words = seen_at.at, seen_alone, words.strip()[:2000]
    assessment.save(update_fields=["seen_at", "seen_alone", "seen_words"])
    return assessment


@command(needs=Permission.REVIEW_ASSESSMENT)
def review_assessment(*, assessment: Assessment, words: str, by: "Post", at: datetime) -> Assessment:
    """Write down that manager and worker looked at the assessment on the way, and what they agreed. Stops its local clock."""
    _expect_open(assessment)
    if not words.strip():
        raise Invalid("Write what you agreed: what is known, what is still to find out, and by when.", "words")
    assessment.reviewed_at, assessment.reviewed_by, assessment.review_words = at, by, words.strip()[:2000]
    assessment.save(update_fields=["reviewed_at", "reviewed_by", "review_words"])
    happened(Kind.ASSESSMENT_REVIEWED, child=assessment.child, at=Moment(at, Precision.MINUTE), about=assessment, stops=[ASSESSMENT_REVIEW])
    return assessment


@command(needs=Permission.EXTEND_ASSESSMENT)
def extend_assessment(*, assessment: Assessment, reason: str, until_on: date, by: "Post", at: datetime) -> AssessmentExtension:
    """Say why an assessment takes longer, and until when. Its clock goes on: nothing pauses it (process-and-data.md 2.1)."""
    _expect_open(assessment)
    if not reason.strip():
        raise Invalid("Write why it takes longer.", "reason")
    if until_on <= day_of(at):
        raise Invalid("Give a day that is still to come.", "until_on")
    made = AssessmentExtension(
        child_id=assessment.child_id, assessment=assessment, reason=reason.strip()[:1000], until_on=until_on, extended_by=by, extended_at=at
    )
    made.save(force_insert=True)
    return made


@dataclass(frozen=True)
class Finding:
    """What an assessment came to: the outcome, the factors of the census, and the analysis."""

    outcome: Assessment.Outcome
    factors: tuple[str, ...]
    analysis: str


@command(needs=Permission.AUTHORISE_ASSESSMENT)
def authorise_assessment(*, assessment: Assessment, finding: Finding, by: "Post", at: datetime) -> Assessment:
    """Authorise an assessment as the manager: it ends with this. Stops both its clocks.

    Raises Invalid where the child was not seen, without an analysis, without a factor (none is one), and for whoever started it.
    """
    _expect_open(assessment)
    if assessment.seen_at is None:
        raise Invalid("The child was not seen yet. See the child, or write down why not, before this is authorised.")
    if by.pk == assessment.started_by_id:
        raise Invalid("You started this assessment yourself. It takes a manager beside you to authorise it.")
    if not finding.analysis.strip():
        raise Invalid("Write what the assessment found, and what it means for the child.", "analysis")
    if not finding.factors or not set(finding.factors) <= set(FACTORS):
        raise Invalid("Choose the factors that were found; “None of these” is one.", "factors")
    assessment.outcome, assessment.factors, assessment.analysis = finding.outcome, list(finding.factors), finding.analysis.strip()[:8000]
    assessment.authorised_at, assessment.authorised_by = at, by
    assessment.save(update_fields=["outcome", "factors", "analysis", "authorised_at", "authorised_by"])
    happened(
        Kind.ASSESSMENT_FINISHED, child=assessment.child, at=Moment(at, Precision.MINUTE), about=assessment,
        words=assessment.get_outcome_display(), stops=[ASSESSMENT_FINISHED, ASSESSMENT_REVIEW],
    )  # fmt: skip
    return assessment
