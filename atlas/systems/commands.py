"""Registering a connected system, and letting one act for oneself."""

from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from atlas.agencies.models import Agency, User
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_subject
from atlas.gate.policy import Permission
from atlas.gate.proposing import Proposed
from atlas.systems.models import ConnectedSystem, SystemGrant
from atlas.systems.queries import open_grants
from atlas.systems.rules import GRANT_LIFE

if TYPE_CHECKING:
    from atlas.agencies.models import Post


def _registering(*, agency: Agency, name: str, public_key: str, hook: str = "", **_: object) -> str:
    told = f" It is told at {hook} which records changed." if hook else ""
    return f"{name} of {agency} becomes a connected system. The key that it signs with begins {public_key[:8]} and ends {public_key[-8:]}.{told}"


def _may_register(*, name: str, public_key: str, hook: str = "", **_: object) -> None:
    if not name.strip():
        raise Invalid("Give the system the name that its users know it by.", "name")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    except ValueError:
        raise Invalid("This is not a public key: it has 64 digits, 0 to 9 and a to f (Ed25519).", "public_key") from None
    if hook and not hook.startswith(("https://", *(["http://127.0.0.1:"] if settings.IS_DEMO or settings.IS_TEST else []))):
        raise Invalid("Give an address that begins with https://, or leave it empty.", "hook")
    if ConnectedSystem.objects.filter(public_key=public_key.lower()).exists():
        raise Invalid("This key was registered already, here or for another system. Each system makes a key of its own.", "public_key")


@command(needs=Permission.REGISTER_SYSTEM, proposed=Proposed(_registering, _may_register))
def register_system(
    *, agency: Agency, name: str, public_key: str, hook: str = "", because: str, by: "Post", at: datetime
) -> ConnectedSystem:
    """Register a system of an agency by its public key (Ed25519, 64 hex digits). It takes two people, one an administrator.

    It then sees nothing: it can act only for a person of the same agency who lets it. `hook`: the address at which it is told that a record
    changed, if at all. Raises Invalid for a key that is none, or known already, and for an address that is not encrypted.
    """
    system = ConnectedSystem(agency=agency, name=name.strip(), public_key=public_key.lower(), hook=hook, registered_by=by, registered_at=at)
    system.save(force_insert=True)
    return system


@command(needs=Permission.END_SYSTEM)
def end_system(*, system: ConnectedSystem, by: "Post", at: datetime) -> ConnectedSystem:
    """End a connected system: its next call is not let in, whoever it calls for. One that comes back is registered anew, with a new key."""
    if system.ended_at is not None:
        raise Invalid("This system has ended already.")
    system.ended_at = at
    system.save(update_fields=["ended_at"])
    return system


@command(needs=Permission.LET_SYSTEM_ACT)
def let_system_act(*, system: ConnectedSystem, by: "Post", at: datetime) -> SystemGrant:
    """Let a system of one's own agency act for this post and purpose, for twelve hours at most. One that may already goes on anew.

    Raises Invalid for a system that has ended, or that is another agency's.
    """
    if system.ended_at is not None or system.agency_id != by.team.agency_id:
        raise Invalid("This system is not connected for your agency any more. Ask your administrator.")
    subject = acting_subject()
    for earlier in open_grants(by, at).filter(system=system):
        _end(earlier, at)
    epoch = User.objects.values_list("session_epoch", flat=True).get(pk=by.user_id)
    grant = SystemGrant(system=system, post=by, purpose=subject.purpose, session_epoch=epoch, from_at=at, until_at=at + GRANT_LIFE)
    grant.save(force_insert=True)
    return grant


@command(needs=Permission.END_SYSTEM_GRANT)
def end_system_grant(*, grant: SystemGrant, by: "Post", at: datetime) -> SystemGrant:
    """Let a system no longer act for oneself, from this moment. Nobody ends another's; an administrator ends the system."""
    if grant.post.user_id != by.user_id:
        raise Invalid("This is not yours to end.")
    if grant.until_at > at:
        _end(grant, at)
    return grant


def _end(grant: SystemGrant, at: datetime) -> None:
    grant.until_at = at
    grant.save(update_fields=["until_at"])
