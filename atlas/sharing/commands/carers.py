"""The carers' page is given to a carer, and what was done about their words is written down for them to read."""

from datetime import datetime

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_subject
from atlas.gate.policy import Permission, Purpose
from atlas.sharing.commands.disclosure import Grounds, Guest, put_to_guest
from atlas.sharing.compile import free_words
from atlas.sharing.models import CarerWords, GuestRequest
from atlas.sharing.rules import CARER_ANSWER, CARER_DAYS, Ground
from atlas.tasks.commands import settle_alerts

AGREED = "What to do if they are late or missing, and how to tell us."
REASON = "A carer is the first who can look for the child, and must know whom to ring at any hour."


@command(needs=Permission.GIVE_CARER_PAGE)
def give_carer_page(*, child: Child, guest: Guest, agreed: str = "", days: int = CARER_DAYS, by: Post, at: datetime) -> GuestRequest:
    """Give a carer their page, for at most 28 days: a link that names no child, and a code to a number that somebody checked. It tells nothing of the
    child but what was `agreed` with this carer. Gives the request with the token of its link, this once. It is taken back as any link is.

    Raises Invalid as `ask_guest` does: for a number that nobody checked lately, words that must not leave, a hidden child, and
    somebody who is 18: on that day a page given before ends. Source: real-life.md 25.
    """
    if child.is_adult(at):
        raise Invalid(
            "This young person is 18. The carers’ page is for the carers of a child: ask the young person whom they want told, and how."
        )
    grounds = Grounds(Purpose.MISSING_RESPONSE, Ground.PUBLIC_TASK, REASON, True)
    return put_to_guest(child, guest, agreed.strip() or AGREED, [], grounds, days, by, at, asks=GuestRequest.Asks.CARER)


@command(needs=Permission.ANSWER_CARER)
def answer_carer(*, said: CarerWords, did: str, by: Post, at: datetime) -> CarerWords:
    """Say what was done about a carer's words, in words that the carer reads. Stops the clock, and the alert. Raises Invalid without words, for words that
    must not leave, and where somebody has said so already.
    """
    if said.did_at is not None:
        raise Invalid("Somebody has answered this already. Go back.")
    if not did.strip():
        raise Invalid("Write what you did, in words that the carer may read.", "did")
    subject = acting_subject()
    said.did, said.did_at, said.did_by = free_words(subject, said.child_id, did.strip()[:500], "did"), at, by
    said.save(update_fields=["did", "did_at", "did_by"])
    happened(Kind.CARER_ANSWERED, child=said.child, at=Moment(at, Precision.MINUTE), about=said, words=said.did[:300], stops=[CARER_ANSWER])
    settle_alerts(about_id=said.pk, at=at)
    return said
