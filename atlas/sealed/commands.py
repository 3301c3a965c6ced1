"""Something is sealed; two people lift a seal; a custodian is named, and another takes the custodian's place."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connections

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.act import Invalid, command
from atlas.gate.commands import relate
from atlas.gate.context import current_subject
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind, Permission
from atlas.gate.proposing import Proposed, approved_now
from atlas.gate.queries import may_receive
from atlas.sealed.boxes import Box, about, sealed_box
from atlas.sealed.models import SealedLocation, SealedSet, SealLift
from atlas.sealed.queries import has_been_sealed_again, is_custodian, is_location_sealed, may_be_custodian
from atlas.sealed.rules import LOCATION, SETS, filled

# The same words whatever stands in the way: a conflict of interest is nobody's to learn from an answer.
NOT_THEY = "Atlas cannot make this person a custodian of this child. Choose somebody who is vetted for it, or ask the privacy officer."


@command(needs=Permission.SEAL_SET)
def seal_set(*, child: Child, kind: str, values: Mapping[str, str], by: Post, at: datetime) -> SealedSet:
    """Seal these values of a set. What the set held of other fields stays in it; a value given again takes the earlier one's place.

    Nobody reads it back here: the values are locked in this transaction and forgotten. What stood in clear of them goes: contact details and the place
    of a placement move into the box, drafts and staged cells are emptied, disclosures that hold one of them end. Raises Invalid where nothing is given.
    """
    given = filled(kind, values) if kind in SETS else {}
    if not given:
        raise Invalid("Fill in at least one line. What you leave empty stays as it was.")
    sealing = SealedSet(pk=uuid4(), child=child, kind=kind, sealed_at=at, sealed_by=by)
    sealing.save(force_insert=True)
    if kind == LOCATION:
        if not is_location_sealed(child.pk):
            SealedLocation(child=child, since=at).save(force_insert=True)
        given = {**_taken(sealing), **given}
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT sealed.take_copies(%s, %s)", [sealing.pk, list(given.values())])
        sealing.disclosures_ended = cursor.fetchone()[0]
    _put(sealing, sealed_box(given, about(child.pk, kind, sealing.pk), settings.ATLAS_SEALING_KEY))
    return sealing


@command(needs=Permission.SEAL_SET)
def seal_delivered(*, child: Child, sealing_id: UUID, box: Box, by: Post, at: datetime) -> SealedSet:
    """Seal what a delivery brought of a sealed location: it was locked before it was staged, and nobody has read it since."""
    sealing = SealedSet(pk=sealing_id, child=child, kind=LOCATION, sealed_at=at, sealed_by=by)
    sealing.save(force_insert=True)
    _put(sealing, box)
    return sealing


def _taken(sealing: SealedSet) -> dict[str, str]:
    """What stood in clear of where the child is, field by field, taken away: it goes into the box."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT field, said FROM sealed.take_away(%s) ORDER BY 1, 2", [sealing.pk])
        rows = cursor.fetchall()
    return filled(LOCATION, {field: "; ".join(said for name, said in rows if name == field) for field, _ in rows})


def _put(sealing: SealedSet, box: Box) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT sealed.put(%s, %s, %s, %s)", [sealing.pk, box.master, box.wrapped, box.sealed])


AGAIN = "This set has been sealed again, or lifted, since. Look at what it holds now, then propose it anew."
CUSTODIAN = "It takes a custodian to approve this: somebody who is named as a custodian of this child."


def _may_lift(*, sealing: SealedSet, is_put_back: bool, **_: object) -> None:
    if has_been_sealed_again(sealing):
        raise Invalid(AGAIN)
    if is_put_back and sealing.kind != LOCATION:
        raise Invalid("Only where the child is goes back to the clear. Close this set instead.", "is_put_back")


def _second_may(*, sealing: SealedSet, by: Post, at: datetime, **_: object) -> None:
    if not is_custodian(by, sealing.child_id, at):
        raise Invalid(CUSTODIAN)


def _lifting(*, sealing: SealedSet, is_put_back: bool, **_: object) -> str:
    of = f"{sealing.name.lower()} of {sealing.child}"
    if is_put_back:
        return f"The {of} is sealed no longer. When a custodian or the case-holder has put it back, everybody who works with the child reads it."
    return f"The sealed set {of} is closed: nobody opens it any more, and nothing of it goes back to the clear."


@command(needs=Permission.LIFT_SEAL, proposed=Proposed(_lifting, _may_lift, second=_second_may))
def lift_seal(*, sealing: SealedSet, is_put_back: bool, because: str, by: Post, at: datetime) -> SealLift:
    """Let a set be sealed no longer. It takes two people: a case-holder or custodian proposes it, a named custodian in another line approves it.

    Closed (`is_put_back` false) it opens to nobody from now on. To go back to the clear, it stays sealed until the unsealer has put it back.
    """
    lift = SealLift(
        child=sealing.child, sealing=sealing, is_put_back=is_put_back, because=because, proposed_by=approved_now().proposed_by, lifted_by=by, lifted_at=at
    )  # fmt: skip
    lift.save(force_insert=True)
    return lift


@command(needs=Permission.NAME_CUSTODIAN)
def name_custodian(*, child: Child, post: Post, by: Post, at: datetime) -> Relationship:
    """Name somebody a custodian of the child's sealed sets. Nobody names themselves; only a post that is vetted for it is named."""
    subject = current_subject()
    if subject is None or post.user_id == by.user_id or not may_be_custodian(post, subject) or not may_receive(post.pk, child.pk):
        raise Invalid(NOT_THEY, "post")
    if Relationship.live(at).filter(child=child, kind=Kind.CUSTODIAN, holder_post=post).exists():
        raise Invalid("This person is a custodian of the child already.", "post")
    return relate(kind=Kind.CUSTODIAN, because="named custodian", source=child, from_at=at, child=child, post=post)


@command(needs=Permission.NAME_CUSTODIAN)
def end_custodian(*, child: Child, post: Post, by: Post, at: datetime) -> Child:
    """Let somebody be a custodian no longer."""
    held = Relationship.live(at).filter(child=child, kind=Kind.CUSTODIAN, holder_post=post)
    if not held.update(until_at=at, ended_because="no longer custodian"):
        raise Invalid("This person is no custodian of the child.", "post")
    return child
