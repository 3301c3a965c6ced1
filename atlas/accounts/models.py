"""An enrolment opens an account once; a sign-in is one try to get in, or one end of a session, and what came of it."""

import uuid
from typing import ClassVar

from django.db import models


class Enrolment(models.Model):
    """A link, issued by an administrator, by which a person opens their account once. Only the hash of its code is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="enrolments")
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    code = ""  # known to the one request that issues it, and to nobody after

    class Meta:
        indexes = (models.Index(fields=["user", "-issued_at"], name="enrolment_user"),)


class Way(models.TextChoices):
    """How somebody tried to get in."""

    PASSWORD = "password", "Password"
    PASSKEY = "passkey", "Passkey"
    CODE = "code", "One-time code"
    COUNCIL = "council", "Council sign-on"
    ENROLMENT = "enrolment", "Enrolment link"
    SESSION = "session", "While signed in"
    TICK = "tick", "Tick"
    SYSTEM = "system", "Connected system"


class Came(models.TextChoices):
    """What came of it: the coded reason that only the record holds. The person is told one thing, whichever it was."""

    SIGNED_IN = "signed_in", "Signed in"
    CONFIRMED = "confirmed", "Confirmed again who it is"
    WRONG = "wrong", "Wrong name or password"
    NOT_OPEN = "not_open", "The account is suspended, closed or was never opened"
    NOT_USED = "not_used", "The account was not used for too long"
    LOCKED = "locked", "Too many wrong tries"
    WRONG_CODE = "wrong_code", "Wrong code or passkey"
    NO_FACTOR = "no_factor", "The account has no second factor"
    WRONG_LINK = "wrong_link", "The enrolment link is wrong, used or out of date"
    ENROLLED = "enrolled", "Opened with an enrolment link"
    FACTOR_ADDED = "factor_added", "A second factor was added"
    FACTOR_REMOVED = "factor_removed", "A second factor was removed"
    UNKNOWN_SUBJECT = "unknown_subject", "The council's sign-on named nobody whom Atlas knows"
    STATE = "state", "The answer of the council's sign-on belongs to no question of ours"
    REPLAYED = "replayed", "The token of the council's sign-on belongs to another sign-in"
    FORGED = "forged", "The token of the council's sign-on is not signed by it"
    EXPIRED = "expired", "The token of the council's sign-on is out of date"
    AUDIENCE = "audience", "The token of the council's sign-on is meant for somebody else"
    ISSUER = "issuer", "The token of the council's sign-on names another issuer"
    PROVIDER = "provider", "The council's sign-on said no, or did not answer"
    IDLE = "idle", "Signed out: nothing was done"
    OLD = "old", "Signed out: signed in for 12 hours"
    DEVICE = "device", "Signed out: the same sign-in turned up on another device"
    ENDED = "ended", "Signed out: ended elsewhere, or by a change of the account"
    SIGNED_OUT = "signed_out", "Signed out by the person"
    NO_POST = "no_post", "The person holds no post any more"
    NO_PROOF = "no_proof", "Signed out: no second factor was proved"


class SignIn(models.Model):
    """One try to sign in, or one end of a session: by which way, from what kind of device and network, and what came of it.

    What was typed as a name is not kept where nobody has it: people type passwords into the wrong box.
    """

    append_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="sign_ins", null=True)
    tried_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way.choices)
    came = models.CharField(max_length=16, choices=Came.choices)
    device = models.CharField(max_length=40, blank=True)
    network = models.CharField(max_length=50, blank=True)
    is_odd = models.BooleanField(default=False)

    class Meta:
        verbose_name = "sign-in"
        indexes = (models.Index(fields=["user", "-tried_at"], name="sign_in_user"),)
