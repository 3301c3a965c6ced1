"""What is written where nobody has a post yet: the record of sign-ins, the end of sessions, the use of an enrolment, dormancy.

Everything else about accounts is a command.
"""

from datetime import UTC, datetime
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from atlas.accounts.device import device
from atlas.accounts.models import Came, Enrolment, SignIn, Way
from atlas.accounts.queries import accounts_to_close, dormant_accounts, is_known_device, latest_use
from atlas.accounts.rules import CODE_SECONDS, is_dormant
from atlas.accounts.sessions import BEGUN, ODD_TOLD
from atlas.agencies.models import SuspendedBecause, User
from atlas.gate.act import write_sign_in
from atlas.gate.door import address_of, network_of
from atlas.gate.events import Event
from atlas.tasks.jobs import send_email

ENDS = frozenset({Came.IDLE, Came.OLD, Came.DEVICE, Came.ENDED, Came.SIGNED_OUT, Came.NO_POST, Came.NO_PROOF})
LETS_IN = frozenset({Came.SIGNED_IN, Came.CONFIRMED, Came.ENROLLED, Came.FACTOR_ADDED, Came.FACTOR_REMOVED})

ODD_SUBJECT = "Atlas: a sign-in from a new device ({reference})"
ODD_WORDS = (
    "Somebody signed in to your Atlas account on {when} from {device}, on a device or network that you had not used lately. "
    "Reference {reference}.\n\nIf it was you, there is nothing to do. If it was not, ring your agency's Atlas administrator now.\n"
)
FACTOR_SUBJECT = "Atlas: how you sign in has changed"
FACTOR_WORDS = (
    "A way of signing in to your Atlas account was added or removed on {when}. You are signed out everywhere else.\n\n"
    "If it was you, there is nothing to do. If it was not, ring your agency's Atlas administrator now.\n"
)
CHANGED_WORDS = (
    "The password of your Atlas account was changed on {when}.\n\n"
    "If it was you, there is nothing to do. If it was not, ring your agency's Atlas administrator now.\n"
)


def note(came: Came, way: Way, at: datetime, request: HttpRequest, user: User | None = None, *, is_odd: bool = False) -> SignIn:
    """Write down one try to sign in, or one end of a session: here with its reason, and in the sealed record of acts that it was."""
    held = SignIn(
        user=user, tried_at=at, way=way, came=came, device=device(request), network=network_of(address_of(request)), is_odd=is_odd
    )
    with transaction.atomic():
        held.save(force_insert=True)
        event = Event.SIGN_OUT if came in ENDS else Event.SIGN_IN
        write_sign_in(event, user.pk if user else None, at, is_refused=came not in ENDS | LETS_IN)
    return held


def note_signed_in(request: HttpRequest, user: User, way: Way, at: datetime) -> SignIn:
    """Write a sign-in down; where the device or network is new for this person, tell them by e-mail and on their next page."""
    is_odd = not is_known_device(user, device(request), network_of(address_of(request)), at)
    made = note(Came.SIGNED_IN, way, at, request, user, is_odd=is_odd)
    if is_odd:
        User.objects.filter(pk=user.pk).update(odd_sign_in_at=at)
        request.session[ODD_TOLD] = at.isoformat()  # not in the session that it is about
        if user.email:
            reference = f"S{made.pk:06}"
            words = ODD_WORDS.format(when=f"{at:%d %B %Y at %H:%M} UTC", device=made.device, reference=reference)
            send_email.defer(to=user.email, subject=ODD_SUBJECT.format(reference=reference), words=words)
    return made


def tell_password_changed(user: User, at: datetime) -> None:
    """Tell the person, by e-mail, that the password was changed."""
    if user.email:
        send_email.defer(to=user.email, subject=FACTOR_SUBJECT, words=CHANGED_WORDS.format(when=f"{at:%d %B %Y at %H:%M} UTC"))


def tell_factors_changed(user: User, at: datetime) -> None:
    """Tell the person, by e-mail, that a way of signing in was added or removed."""
    if user.email:
        send_email.defer(to=user.email, subject=FACTOR_SUBJECT, words=FACTOR_WORDS.format(when=f"{at:%d %B %Y at %H:%M} UTC"))


def end_sessions(user: User, keeping: HttpRequest | None = None) -> None:
    """End every session of a person at its next request; all but the one of this request, where one is to be kept."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.session_epoch = User.objects.values_list("session_epoch", flat=True).get(pk=user.pk)
    kept = keeping.session.session_key if keeping is not None else None
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=kept or ""):
        session.end()
    if keeping is not None and BEGUN in keeping.session:
        keeping.session[BEGUN] = {**keeping.session[BEGUN], "epoch": user.session_epoch}


def name_device(request: HttpRequest) -> None:
    """Let the person's own list say what kind of device this session is on."""
    UserSession.objects.filter(session_key=request.session.session_key).update(data={"device": device(request)})


def rotate(request: HttpRequest) -> None:
    """Give the session a new key: after each proof of who it is, an older key opens nothing."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def use_enrolment(code: str, at: datetime) -> User | None:
    """Use an enrolment up. Gives whose account it opens; None where the code is wrong, used, out of date, or the account closed."""
    held = Enrolment.objects.filter(code_hash=code_hash(code), used_at__isnull=True, expires_at__gt=at, user__is_active=True)
    found = held.select_related("user").first()
    if found is None or not held.filter(pk=found.pk).update(used_at=at):
        return None
    return found.user


def use_code(authenticator: Authenticator, at: datetime) -> bool:
    """Use up the code that an authenticator shows now. Gives False where it was used already: two at once in two processes are one."""
    if authenticator.type != Authenticator.Type.TOTP:
        return True  # a recovery code is struck off by the package
    shown_since = datetime.fromtimestamp(at.timestamp() // CODE_SECONDS * CODE_SECONDS, UTC)
    fresh = Authenticator.objects.filter(pk=authenticator.pk).exclude(last_used_at__gte=shown_since)
    return bool(fresh.update(last_used_at=at))


def set_password(user: User, password: str) -> None:
    """Let the person sign in with this password from now on."""
    user.set_password(password)
    user.save(update_fields=["password"])


def suspend_if_dormant(user: User, at: datetime) -> bool:
    """Suspend an account that was not used for thirty days, at the door: so that it holds even where tick stands still."""
    if not is_dormant(latest_use(user), at):
        return False
    _suspend([user], at)
    return True


@transaction.atomic
def suspend_dormant(at: datetime) -> int:
    """Suspend every account not used for thirty days, and close those not used for ninety. Returns how many it changed."""
    dormant = list(dormant_accounts(at).select_for_update(skip_locked=True))
    _suspend(dormant, at)
    closing = list(accounts_to_close(at).select_for_update(skip_locked=True))
    User.objects.filter(pk__in=[user.pk for user in closing]).update(closed_at=at)
    SignIn.objects.bulk_create(SignIn(user=user, tried_at=at, way=Way.TICK, came=Came.NOT_USED) for user in (*dormant, *closing))
    return len(dormant) + len(closing)


def _suspend(users: list[User], at: datetime) -> None:
    User.objects.filter(pk__in=[user.pk for user in users]).update(
        is_active=False, suspended_at=at, suspended_because=SuspendedBecause.NOT_USED, session_epoch=F("session_epoch") + 1
    )


def code_hash(code: str) -> str:
    """What is kept of an enrolment's code. The code is 256 random bits, so a plain hash cannot be turned back."""
    return sha256(code.encode()).hexdigest()
