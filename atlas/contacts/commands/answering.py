"""Others are asked what they know, and say it; whoever raised a contact is answered, or it is written down why not: before that, none is closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connections

from atlas.agencies.models import Team
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.queries import in_force
from atlas.contacts.codes import HowAnswered, NotAnswered
from atlas.contacts.commands.deciding import MATCH_FIRST
from atlas.contacts.models import AgencyAsk, Contact, ContactAnswer
from atlas.contacts.queries.queue import teams_to_ask
from atlas.contacts.rules.clocks import AGENCY_REPLY, ANSWER_REFERRER
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships
from atlas.gate.policy import Permission
from atlas.tasks.commands import settle_alerts
from atlas.tasks.jobs import send_email

if TYPE_CHECKING:
    from atlas.agencies.models import Post

AFTERLIFE = timedelta(hours=24)  # how long a closed contact still opens the child to the front door (gate/policy.py)
SUBJECT = "Atlas: the front door asks what your team knows"
MAIL = "A question waits for your team in Atlas, under “Asked of us”. Sign in to answer it. If you know nothing, say so: that is an answer too.\n"


@command(needs=Permission.ASK_AGENCY)
def ask_agency(*, contact: Contact, team: Team, about: str, question: str, by: "Post", at: datetime) -> AgencyAsk:
    """Ask a team of another agency what it knows. It learns who the child is and what is asked, and nothing else: not who raised it, nor what was typed.

    Raises Invalid for a contact that is matched to nobody, for a team that does not serve this authority, and without words.
    """
    if contact.child is None:
        raise Invalid(MATCH_FIRST)
    if not teams_to_ask(contact.authority_id, by).filter(pk=team.pk).exists():
        raise Invalid("This team serves another authority. Choose one that serves this one.", "team")
    for value, field, said in (
        (about, "about", "Write who the child is, so that they can look."),
        (question, "question", "Write what you ask."),
    ):
        if not value.strip():
            raise Invalid(said, field)
    start = Moment(at, Precision.MINUTE)
    rule, changes = in_force(AGENCY_REPLY, contact.authority_id, start)
    deadline = rule.due(start, changes)
    assert deadline is not None
    ask = AgencyAsk(
        child_id=contact.child_id, contact=contact, to_team=team, about_words=about.strip()[:300], question=question.strip()[:1000],
        asked_by=by, asked_at=at, due_at=deadline.latest,
    )  # fmt: skip
    ask.save(force_insert=True)
    happened(Kind.AGENCY_ASKED, child=contact.child, at=start, about=contact, words=f"{team.name}, {team.agency.name}")
    if team.email:
        send_email.defer(to=team.email, subject=SUBJECT, words=MAIL)
    return ask


@command(needs=Permission.ANSWER_ASK)
def answer_ask(*, ask: AgencyAsk, knows: AgencyAsk.Knows, reply: str, by: "Post", at: datetime) -> AgencyAsk:
    """Say what one's team knows. The gate's function writes it: whoever answers may write nothing else about the child.

    Raises Invalid without words where something is known, and where somebody of the team was quicker.
    """
    if knows == AgencyAsk.Knows.KNOWS and not reply.strip():
        raise Invalid("Write what you know, and since when.", "reply")
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_answer_ask(%s, %s, %s)", [ask.pk, knows, reply.strip()[:4000]])
        if not cursor.fetchone()[0]:
            raise Invalid("Somebody of your team has answered this already. Go back to the list.")
    ask.refresh_from_db()
    return ask


@dataclass(frozen=True)
class Telling:
    """What whoever raised a contact is told, in terms that they may see; or why they are told nothing."""

    how: HowAnswered | None = None
    words: str = ""
    not_answered: NotAnswered | None = None
    because: str = ""


@command(needs=Permission.ANSWER_REFERRER)
def answer_referrer(*, contact: Contact, telling: Telling, by: "Post", at: datetime) -> ContactAnswer:
    """Answer whoever raised a contact, or write down why not. With it the contact is closed; without it, it is not.

    Raises Invalid before it is decided or set aside, without words, and for an answer on the page of somebody who has none.
    """
    if contact.state not in (Contact.State.DECIDED, Contact.State.SET_ASIDE):
        raise Invalid("Decide on it first. Then say what you may say of it.")
    if telling.not_answered:
        if not telling.because.strip():
            raise Invalid("Write why they get no answer.", "because")
    elif not telling.words.strip() or telling.how is None:
        raise Invalid("Write what they are told, and how. If they get no answer, choose why not.", "words")
    elif telling.how == HowAnswered.SCREEN and contact.raised_by_id is None:
        raise Invalid("They have no account here. Ring or write to them, or say why they get no answer.", "how")
    made = ContactAnswer(
        child_id=contact.child_id, contact=contact, authority_id=contact.authority_id, answered_by=by, answered_at=at,
        to_post_id=None if telling.not_answered else contact.raised_by_id, how="" if telling.not_answered else telling.how or "",
        words="" if telling.not_answered else telling.words.strip()[:2000], not_answered=telling.not_answered or "",
        because=telling.because.strip()[:500],
    )  # fmt: skip
    made.save(force_insert=True)
    contact.closed_at = at
    contact.save(update_fields=["closed_at"])
    if contact.child is not None:
        happened(
            Kind.REFERRER_ANSWERED, child=contact.child, at=Moment(at, Precision.MINUTE), about=contact, stops=[ANSWER_REFERRER],
            words=made.get_not_answered_display() if telling.not_answered else "",
        )  # fmt: skip
        settle_alerts(about_id=contact.pk, at=at)
        end_relationships(source=contact, until_at=at + AFTERLIFE, because="the contact is closed")
    return made
