"""Sharing is decided, made, ended, and refused."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.context import current_subject
from atlas.gate.models import Restriction
from atlas.gate.policy import FINGERPRINT, ROLE, Permission, Purpose
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.queries import may_receive
from atlas.sharing.compile import compiled, hash_of, items_of, view_hash
from atlas.sharing.models import Disclosure
from atlas.sharing.rules import MOST_DAYS, NOTICE, PURPOSES, USUAL_DAYS, Ground
from atlas.tasks.commands import make_task

# The same words whatever the reason: a conflict of interest is nobody's to learn from an answer.
NOT_TO_THEM = "Atlas cannot share this with that person. Choose another recipient, or ask the privacy officer."


@dataclass(frozen=True)
class Grounds:
    """The decision on sharing as it is recorded, shared or refused: the Caldicott questions and nothing else."""

    purpose: Purpose
    ground: Ground
    reason: str
    is_family_told: bool
    family_reason: str = ""
    asked_words: str = ""

    def checked(self) -> "Grounds":
        """These grounds, where they are whole. Raises Invalid."""
        if self.purpose not in PURPOSES:
            raise Invalid("Choose what it is for.", "purpose")
        if not self.reason.strip():
            raise Invalid("Say why, in a sentence that the child could read one day.", "reason")
        if not self.is_family_told and not self.family_reason.strip():
            raise Invalid("Say why the family has not been told.", "family_reason")
        return self


@command(needs=Permission.DISCLOSE)
def disclose(
    *, child: Child, recipient: Post, items: list[str], grounds: Grounds, days: int = USUAL_DAYS, by: Post, at: datetime
) -> Disclosure:  # fmt: skip
    """Share the chosen records with one named post: one frozen version, compiled for that post, for so many days (at most 182)."""
    return _share(child, recipient, items, grounds.checked(), days, by, at)


@command(needs=Permission.RESHARE_DISCLOSURE)
def reshare_disclosure(*, disclosure: Disclosure, days: int = USUAL_DAYS, by: Post, at: datetime) -> Disclosure:
    """Share the same version with the same post for longer. Raises Invalid where the record has changed or been guarded since: an
    old version is never shared again over a later decision of its originator (protection.md 4.7).
    """
    subject = current_subject()
    recipient = disclosure.recipient
    if subject is None or recipient is None:
        raise Invalid("This was not shared, so it cannot be shared again. Make a new disclosure.")
    if Restriction.objects.filter(child=disclosure.child_id, from_at__gt=disclosure.made_at).exists():
        raise Invalid("The child's record has been restricted since. Look at it again and make a new disclosure.")
    if _content(subject, disclosure.child_id, disclosure.selection) != disclosure.content_digest:
        raise Invalid("The record has changed since. Look at it again and make a new disclosure.")
    grounds = Grounds(
        Purpose(disclosure.purpose), Ground(disclosure.ground), disclosure.reason, disclosure.is_family_told, disclosure.family_reason,
        disclosure.asked_words,
    )  # fmt: skip
    return _share(disclosure.child, recipient, disclosure.selection, grounds, days, by, at, repeats=disclosure)


@command(needs=Permission.WITHDRAW_DISCLOSURE)
def withdraw_disclosure(*, disclosure: Disclosure, reason: str, by: Post, at: datetime) -> Disclosure:
    """End a disclosure now: its recipient cannot open it any more."""
    if not disclosure.is_open(at):
        raise Invalid("This disclosure has ended already.")
    disclosure.until_at = at
    disclosure.save(update_fields=["until_at"])
    end_relationships(source=disclosure, until_at=at, because=reason[:200])
    _entry(Kind.DISCLOSURE_WITHDRAWN, disclosure.child, at, f"{disclosure.recipient}: {reason}")
    return disclosure


@command(needs=Permission.REFUSE_TO_SHARE)
def refuse_to_share(*, child: Child, grounds: Grounds, by: Post, at: datetime) -> Disclosure:
    """Record that something was asked for and not given: by whom, for what, why not, on which ground."""
    grounds.checked()
    if not grounds.asked_words.strip():
        raise Invalid("Say who asked, and what for.", "asked_words")
    entry = _entry(Kind.SHARING_REFUSED, child, at, "")
    refused = Disclosure(
        child=child, outcome=Disclosure.Outcome.REFUSED, policy=FINGERPRINT, made_by=by, made_at=at, entry=entry, **_said(grounds)
    )
    refused.save(force_insert=True)
    return refused


def _share(
    child: Child, recipient: Post, items: list[str], grounds: Grounds, days: int, by: Post, at: datetime, repeats: Disclosure | None = None
) -> Disclosure:  # fmt: skip
    subject = current_subject()
    if subject is None:
        raise LookupError("Something is shared only inside a command.")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Choose from 1 to {MOST_DAYS} days.", "days")
    is_readable = Permission.VIEW_DISCLOSURE in ROLE[recipient.role].permissions and not recipient.is_service
    if not is_readable or recipient.pk == by.pk or not may_receive(recipient.pk, child.pk):
        raise Invalid(NOT_TO_THEM, "recipient")
    until = at + timedelta(days=days)
    view = compiled(subject, child.pk, items, recipient=recipient, purpose=PURPOSES[grounds.purpose], until=until).as_json()
    entry = _entry(Kind.DISCLOSED, child, at, recipient.team.agency.name)
    disclosure = Disclosure(
        child=child, outcome=Disclosure.Outcome.SHARED, recipient=recipient, selection=items, view=view, digest=view_hash(view, recipient.pk),
        content_digest=hash_of(view["items"]), policy=FINGERPRINT, made_by=by, made_at=at, until_at=until, entry=entry, repeats=repeats,
        **_said(grounds),
    )  # fmt: skip
    disclosure.save(force_insert=True)
    relate(kind=RelationshipKind.SHARED, because="disclosed", source=disclosure, from_at=at, until_at=until, child=child, post=recipient)
    make_task(name="Something that you shared ends soon", entry=entry, about=disclosure, post=by, due_at=max(at, until - NOTICE))
    return disclosure


def _content(subject: Any, child_id: Any, items: list[str]) -> str:
    """The hash of what these records say now, as a recipient would get it."""
    return hash_of([asdict(item) for item in items_of(subject, child_id, items)])


def _said(grounds: Grounds) -> dict[str, Any]:
    return {
        "purpose": grounds.purpose, "ground": grounds.ground, "reason": grounds.reason, "is_family_told": grounds.is_family_told,
        "family_reason": grounds.family_reason, "asked_words": grounds.asked_words,
    }  # fmt: skip


def _entry(kind: Kind, child: Child, at: datetime, words: str) -> Entry:
    return happened(kind, child=child, at=Moment(at, Precision.MINUTE), words=words[:300])
