"""Sharing is decided, made, ended, and refused."""

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Model

from atlas.agencies.models import AgencyKind, Authority, Post
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision, start_of_day
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.context import acting_subject, current_subject
from atlas.gate.days import day_of
from atlas.gate.models import Restriction
from atlas.gate.policy import FINGERPRINT, ROLE, Permission, Purpose, RecordKind, Sensitivity
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.queries import may_receive
from atlas.people.rules import adult_on
from atlas.sealed.models import SealedLocation
from atlas.sharing.compile import compiled, compiled_for_guest, free_words, hash_of, items_of, view_hash
from atlas.sharing.guest import hash_of_token
from atlas.sharing.models import Disclosure, GuestRequest
from atlas.sharing.rules import (
    AGREED_ON,
    GUEST_MOST_DAYS,
    GUEST_PARTS,
    GUEST_USUAL_DAYS,
    MOST_DAYS,
    NOTICE,
    NUMBER_CHECKED_WITHIN,
    PURPOSES,
    USUAL_DAYS,
    Ground,
    mobile_digits,
)
from atlas.tasks.commands import end_tasks_about, make_task

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
    is_agreed: bool = False  # a young person of 18 or over said yes to it

    def checked(self) -> "Grounds":
        """These grounds, where they are whole. Raises Invalid."""
        if self.purpose not in PURPOSES:
            raise Invalid("Choose what it is for.", "purpose")
        if not self.reason.strip():
            raise Invalid("Say why, in a sentence that the child could read one day.", "reason")
        if not self.is_family_told and not self.family_reason.strip():
            raise Invalid("Say why the family has not been told.", "family_reason")
        return self

    def agreed_by(self, child: Child, at: datetime) -> "Grounds":
        """These grounds, where a young person who is 18 agrees, or the ground is one that does not ask (AGREED_ON). Raises Invalid."""
        if child.is_adult(at) and self.ground in AGREED_ON and not self.is_agreed:
            raise Invalid(
                "This young person is 18. Ask them first, and say that they agree. Without that, it can be shared only where a legal duty, "
                "danger to somebody’s life, law enforcement or a court asks for it: then choose that ground.", "agreed",
            )  # fmt: skip
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
    if SealedLocation.objects.filter(child=disclosure.child_id, since__gt=disclosure.made_at).exists():
        raise Invalid("Where the child is has been sealed since. Look at it again and make a new disclosure.")
    if _content(subject, disclosure.child_id, disclosure.selection) != disclosure.content_digest:
        raise Invalid("The record has changed since. Look at it again and make a new disclosure.")
    grounds = Grounds(
        Purpose(disclosure.purpose), Ground(disclosure.ground), disclosure.reason, disclosure.is_family_told, disclosure.family_reason,
        disclosure.asked_words, disclosure.is_agreed,
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


@dataclass(frozen=True)
class Guest:
    """Who is asked: a named person without an account, and the mobile number that somebody made sure is theirs."""

    name: str
    organisation: str
    number: str
    checked_by: str
    checked_on: date

    def checked(self, at: datetime) -> "Guest":
        """This guest, where all of it is there. Raises Invalid."""
        for field, value in (("guest_name", self.name), ("organisation", self.organisation), ("checked_by", self.checked_by)):
            if not value.strip():
                raise Invalid("Fill this in.", field)
        digits = mobile_digits(self.number)
        if not digits:
            raise Invalid("Give a mobile number of the United Kingdom, for example 07700 900123: the code goes there by text.", "number")
        if not day_of(at) - NUMBER_CHECKED_WITHIN <= self.checked_on <= day_of(at):
            raise Invalid("Check the number again: ring where they work, on a number that you know, and ask.", "checked_on")
        return Guest(self.name.strip(), self.organisation.strip(), digits, self.checked_by.strip(), self.checked_on)


@command(needs=Permission.ASK_GUEST)
def ask_guest(
    *, child: Child, guest: Guest, question: str, items: list[str], grounds: Grounds, days: int = GUEST_USUAL_DAYS, by: Post, at: datetime
) -> GuestRequest:  # fmt: skip
    """Ask somebody without an account one question about a child. Gives the request with the token of its link, this once.

    The question is frozen as it is shown; `items` may tell who the child is, and no more. Raises Invalid for a number that nobody
    checked lately, for words that must not leave, for more than 28 days, and for a hidden child.
    """
    if any(key.partition(":")[0] not in GUEST_PARTS for key in items):
        raise Invalid("Only who the child is can be told here. Put anything else into words, or share it another way.", "items")
    request = put_to_guest(child, guest, question, items, grounds.agreed_by(child, at), days, by, at)
    make_task(name="Somebody whom you asked has not answered yet", entry=request.entry, about=request, post=by, due_at=request.expires_at)
    return request


def put_to_guest(
    child: Child, guest: Guest, question: str, items: list[str], grounds: Grounds, days: int, by: Post, at: datetime, *,
    asks: GuestRequest.Asks = GuestRequest.Asks.QUESTION, interview: Model | None = None, transfer: Model | None = None,
    rings: Authority | None = None,
) -> GuestRequest:  # fmt: skip
    """Put one question to somebody without an account, as a part of the command that runs now; with the token of its link, this once.

    `interview`: the return interview that it is about, by which it is then asked and read; `transfer`: the transfer that it is about. Raises Invalid as `ask_guest` says.
    """
    subject = acting_subject()
    guest, grounds = guest.checked(at), grounds.checked()
    if not 1 <= days <= GUEST_MOST_DAYS:
        raise Invalid(f"Choose from 1 to {GUEST_MOST_DAYS} days.", "days")
    if not question.strip():
        raise Invalid("Write the question.", "question")
    if Restriction.objects.filter(child=child, sensitivity=Sensitivity.HIDDEN, until_at=None).exists():
        raise Invalid("Nobody outside is asked about this child through Atlas. Ring them.")
    until = at + timedelta(days=days)
    if asks in GuestRequest.ENDS_AT_18:
        until = by_eighteen(child, at, until)
    words = free_words(subject, child.pk, question.strip(), "question")
    view = compiled_for_guest(subject, child, items, words, until, asks=asks, rings=rings)
    token = secrets.token_urlsafe(32)
    entry = _entry(Kind.GUEST_ASKED, child, at, f"{guest.name}, {guest.organisation}")
    said = _said(grounds)
    del said["asked_words"]
    request = GuestRequest(
        child=child, guest_name=guest.name, organisation=guest.organisation, number=guest.number, checked_by=guest.checked_by,
        checked_on=guest.checked_on, view=view, digest=hash_of(view), policy=FINGERPRINT, token_hash=hash_of_token(token), made_by=by, made_at=at,
        expires_at=until, entry=entry, asks=asks, **said,
    )  # fmt: skip
    if interview is not None:
        request.rests_on, request.about_label, request.about_id = RecordKind.INTERVIEW, interview._meta.label, interview.pk
    if transfer is not None:
        request.about_label, request.about_id = transfer._meta.label, transfer.pk
    request.save(force_insert=True)
    request.token = token
    return request


@command(needs=Permission.WITHDRAW_GUEST_REQUEST)
def withdraw_guest_request(*, request: GuestRequest, reason: str, by: Post, at: datetime) -> GuestRequest:
    """Take a question back: its link opens nothing any more, from now on."""
    if not request.is_open(at):
        raise Invalid("This question is closed already.")
    request.ended_at = at
    request.save(update_fields=["ended_at"])
    end_tasks_about(about_id=request.pk, at=at)
    _entry(Kind.GUEST_REQUEST_WITHDRAWN, request.child, at, f"{request.guest_name}, {request.organisation}: {reason}")
    return request


def _share(
    child: Child, recipient: Post, items: list[str], grounds: Grounds, days: int, by: Post, at: datetime, repeats: Disclosure | None = None
) -> Disclosure:  # fmt: skip
    subject, grounds = acting_subject(), grounds.agreed_by(child, at)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Choose from 1 to {MOST_DAYS} days.", "days")
    is_readable = Permission.VIEW_DISCLOSURE in ROLE[recipient.role].permissions and not recipient.is_service
    if not is_readable or recipient.pk == by.pk or not may_receive(recipient.pk, child.pk):
        raise Invalid(NOT_TO_THEM, "recipient")
    until = at + timedelta(days=days)
    if recipient.team.agency.kind == AgencyKind.SCHOOL:
        until = by_eighteen(child, at, until)
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


def by_eighteen(child: Child, at: datetime, until: datetime) -> datetime:
    """When what a parent, a school or a guest was given ends: as chosen, or with the day on which the child is 18, if that comes first."""
    if child.born_on is None or child.is_adult(at):
        return until
    return min(until, start_of_day(adult_on(child.born_on)))


def _content(subject: Any, child_id: Any, items: list[str]) -> str:
    """The hash of what these records say now, as a recipient would get it."""
    return hash_of([asdict(item) for item in items_of(subject, child_id, items)])


def _said(grounds: Grounds) -> dict[str, Any]:
    return {
        "purpose": grounds.purpose, "ground": grounds.ground, "reason": grounds.reason, "is_family_told": grounds.is_family_told,
        "family_reason": grounds.family_reason, "asked_words": grounds.asked_words, "is_agreed": grounds.is_agreed,
    }  # fmt: skip


def _entry(kind: Kind, child: Child, at: datetime, words: str) -> Entry:
    return happened(kind, child=child, at=Moment(at, Precision.MINUTE), words=words[:300])
