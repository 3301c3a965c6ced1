"""The front door decides on a contact, by the thresholds in force and with its reasons; another person gives a second view."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import stop_clocks
from atlas.contacts.codes import Level, Outcome
from atlas.contacts.commands.assessing import begin_assessment
from atlas.contacts.models import Contact, ContactDecision, SecondView
from atlas.contacts.rules.clocks import ASSESSMENT_FINISHED, CONTACT_DECISION
from atlas.flow import happened, lead
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Mode, Permission, RecordKind
from atlas.gate.queries import standing
from atlas.gate.rules import Decision, may_touch
from atlas.guidance.queries import thresholds_on
from atlas.tasks.commands import end_tasks, end_tasks_about, make_task, settle_alerts
from atlas.tasks.models import Task

if TYPE_CHECKING:
    from atlas.agencies.models import Post

MATCH_FIRST = "Say first which child this is about: match it to a child, or record the child. Only then can it be decided."
CALL_STRATEGY = "Call the strategy discussion that the front door decided on"


@dataclass(frozen=True)
class Deciding:
    """A decision as it was typed. All but `dissent` is needed: no reasons, no decision."""

    level: Level
    outcome: Outcome
    criteria: str
    rationale: str
    options: str
    proportionate: str
    dissent: str = ""


NEEDED = {
    "rationale": "Write why: what you know, and what it means for the child. Without reasons there is no decision.",
    "options": "Write what else you weighed, and why not that.",
    "criteria": "Write which words of the threshold document you go by.",
    "proportionate": "Write why this is enough, and not more than is needed.",
}


@command(needs=Permission.DECIDE_CONTACT)
def decide_contact(*, contact: Contact, decision: Deciding, by: "Post", at: datetime) -> ContactDecision:
    """Decide on a contact. An assessment or a strategy discussion follows at once. Decided again, the earlier decision stands beside it.

    Raises Invalid for a contact that is matched to nobody or set aside, and where reasons are missing.
    """
    if contact.child is None or contact.state not in (Contact.State.MATCHED, Contact.State.DECIDED):
        raise Invalid(MATCH_FIRST)
    expect_screener(contact, "decide_contact")
    for field, said in NEEDED.items():
        if not getattr(decision, field).strip():
            raise Invalid(said, field)
    typed = {one.name: value.strip() if isinstance(value := getattr(decision, one.name), str) else value for one in fields(decision)}
    made = ContactDecision(
        child_id=contact.child_id, contact=contact, level_given=contact.level_given, decided_by=by, decided_at=at,
        document=thresholds_on(contact.authority_id, day_of(at)), **typed,
    )  # fmt: skip
    made.save(force_insert=True)
    contact.state = Contact.State.DECIDED
    contact.save(update_fields=["state"])
    entry = happened(
        Kind.CONTACT_DECIDED, child=contact.child, at=Moment(at, Precision.MINUTE), about=contact, words=made.get_outcome_display(),
        stops=[CONTACT_DECISION],
    )  # fmt: skip
    settle_alerts(about_id=contact.pk, at=at)
    _follow(made, entry, at)
    return made


def expect_screener(contact: Contact, name: str) -> None:
    """Raise Refused unless whoever acts may write the screening of this contact's child."""
    subject = acting_subject()
    assert contact.child_id is not None
    if not may_touch(standing(subject, contact.child_id), RecordKind.SCREENING, Mode.WRITE):
        raise Refused(name, subject, Decision.NO_RELATIONSHIP, contact)


def _follow(made: ContactDecision, entry: Entry, at: datetime) -> None:
    """What the outcome sets going, in the same transaction; what an earlier decision set going, and this one does not, is needed no longer."""
    if made.outcome != Outcome.ASSESSMENT:
        stopped = stop_clocks(limits=[ASSESSMENT_FINISHED], entry=entry, about_ids=[made.contact_id], is_answer=False)
        end_tasks(clocks=stopped, at=at, state=Task.State.NOT_NEEDED)
    end_tasks_about(about_id=made.contact_id, at=at, name=CALL_STRATEGY)
    if made.outcome == Outcome.ASSESSMENT:
        begin_assessment(child=made.child, contact=made.contact, at=at, decided=entry)
    if made.outcome == Outcome.STRATEGY:
        wanted = happened(
            Kind.STRATEGY_WANTED, child=made.child, at=Moment(at, Precision.MINUTE), about=made.contact, words="By the front door"
        )
        post, team = lead(made.child, at)
        make_task(name=CALL_STRATEGY, entry=wanted, about=made.contact, post=post, team=team)


@command(needs=Permission.GIVE_SECOND_VIEW)
def give_second_view(*, decision: ContactDecision, agrees: bool, level: Level, reasons: str, by: "Post", at: datetime) -> SecondView:
    """Say, as another person, whether one agrees with a decision, and why. It stands beside the decision, and changes it not by itself.

    Raises Invalid for whoever decided, without reasons, for a second one by the same person, and where the words and the level do not fit.
    """
    if by.user_id == decision.decided_by.user_id:
        raise Invalid("You decided this yourself. It takes another person to give a second view.")
    if not reasons.strip():
        raise Invalid("Write why you agree, or why not.", "reasons")
    if SecondView.objects.filter(decision=decision, given_by__user=by.user_id).exists():
        raise Invalid("You have given your view of this decision already.")
    if agrees and level != decision.level:
        raise Invalid("You agree, and name another level. Choose the same level, or say that you do not agree.", "level")
    view = SecondView(
        child_id=decision.child_id, decision=decision, agrees=agrees, level=level, reasons=reasons.strip()[:2000], given_by=by, given_at=at
    )
    view.save(force_insert=True)
    words = "Agrees" if agrees else "Sees it otherwise"
    happened(Kind.SECOND_VIEW_GIVEN, child=decision.child, at=Moment(at, Precision.MINUTE), about=decision.contact, words=words)
    return view
