"""Break the glass from a match card; review what was broken."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID, uuid4

from django.core import signing
from django.db import connections

from atlas.agencies.models import Post
from atlas.break_glass.models import BreakGlass, BreakGlassReview
from atlas.break_glass.notices import hand_on
from atlas.break_glass.queries import reviewable
from atlas.break_glass.rules import MOST_REASON, REVIEW_WITHIN, TO_GUARDIAN_AFTER, is_copy, is_reason
from atlas.children.models import Child
from atlas.clocks.queries import bank_holidays_changed
from atlas.gate.act import Invalid, Refused, command, lock, write_act
from atlas.gate.context import Subject, acting_as
from atlas.gate.models import Outcome
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision

SALT = "atlas.break_glass.card"
CARD_LASTS = 20 * 60  # seconds: the time to prove who one is, and to write why
MOST_WORDS = 1000
# What concerns the person alone may be said; of the child nothing is.
SAID = {
    "not in role": ("Your role does not open records in an emergency. Ring the team on the card.", None),
    "not proved": ("Show again that it is you: go back to the search, and open from the card once more.", None),
    "wrong purpose": ("Choose what you act for.", "purpose"),
    "short": ("Say why in at least 30 characters, and in words of your own.", "reason"),
    "copy": ("You gave this reason before. Say what it is about this time.", "reason"),
    "locked": ("Six records that you opened in an emergency wait for review. Until one is reviewed you can open no other: ring the team on the card.", None),
    "no card": ("The card is too old. Search again, and open from the card.", None),
}  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """Which child a card stands for, and for whom it was made out; signed, and good for twenty minutes."""

    child_id: UUID
    post_id: UUID

    def signed(self) -> str:
        """As it stands in an address."""
        return signing.dumps([self.child_id.hex, self.post_id.hex], salt=SALT)

    @classmethod
    def of(cls, text: str, post: Post) -> Self | None:
        """The reference that was signed for this post; None for anything else."""
        try:
            child, made_out_to = signing.loads(text, salt=SALT, max_age=CARD_LASTS)
        except signing.BadSignature:
            return None
        return cls(UUID(child), UUID(made_out_to)) if made_out_to == post.pk.hex else None


@command(needs=Permission.BREAK_GLASS)
def break_glass(*, reference: Reference, purpose: str, reason: str, callback: str, by: Post, at: datetime) -> BreakGlass | None:
    """Open the core record of a card's child for four hours, and tell those who must know, in one transaction.

    None where the child is not there, hidden, or shut to the person: they are told what anybody is told of nobody, and the attempt is told
    to those who must know. Raises Invalid for what concerns the person alone. Source: protection.md 4.6.
    """
    lock(reference.child_id, f"break_glass {by.user_id}")
    if reference.post_id != by.pk:
        raise Invalid(*SAID["no card"])
    if not is_reason(reason):
        raise Invalid(*SAID["short"])
    if is_copy(reason, BreakGlass.objects.filter(post__user=by.user_id).order_by("-opened_at").values_list("reason", flat=True)[:50]):
        raise Invalid(*SAID["copy"])
    overrides, new = bank_holidays_changed(), uuid4()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT outcome, recipient FROM gate_break_glass(%s, %s, %s, %s, %s, %s, %s)",
            [new, reference.child_id, purpose, reason.strip()[:MOST_REASON], callback, REVIEW_WITHIN.after(at, overrides),
             TO_GUARDIAN_AFTER.after(at, overrides)],
        )  # fmt: skip
        rows = cursor.fetchall()
    outcome, recipients = rows[0][0], [recipient for _, recipient in rows if recipient is not None]
    if outcome in SAID:
        raise Invalid(*SAID[outcome])
    hand_on(new, recipients)
    if outcome == "opened":
        return BreakGlass.objects.get(pk=new)
    with acting_as(by, at) as subject:
        write_act("break_glass", subject, Outcome.REFUSED, Decision(outcome), Child(pk=reference.child_id))
    return None


@command(needs=Permission.REVIEW_BREAK_GLASS)
def review_break_glass(*, reviewed: UUID, outcome: str, words: str, by: Post, at: datetime) -> BreakGlassReview:
    """Say what a review came to. `reviewed`: the break-glass by its id, since its child may be shut to the reviewer.

    Raises Refused for one's own and one's line's (row security too lets nobody add such a review), Invalid where somebody reviewed it.
    """
    lock(None, f"review {reviewed}")
    broken = next((one for one, _ in reviewable() if one.pk == reviewed), None)
    if broken is None:
        raise Refused("review_break_glass", Subject.of(by, at), Decision.SAME_PERSON, BreakGlass(pk=reviewed))
    if hasattr(broken, "review"):
        raise Invalid("Somebody has reviewed this already. Go back to the list.")
    if not words.strip():
        raise Invalid("Say what you found, in a few words.", "words")
    review = BreakGlassReview(break_glass=broken, outcome=outcome, words=words.strip()[:MOST_WORDS], reviewed_at=at, reviewed_by=by)
    review.save(force_insert=True)
    return review
