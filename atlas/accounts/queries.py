"""Questions about accounts: which stand, which are not used, what a person signs in with, where they were signed in lately."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from atlas.accounts.models import Came, Enrolment, SignIn
from atlas.accounts.rules import CLOSED_AFTER, MOST_WRONG_CODES, SAME_DEVICE, SUSPENDED_AFTER, WRONG_CODES_WITHIN, last_used
from atlas.agencies.models import SECRET, AgencyKind, Authority, Post, User
from atlas.agencies.queries import posts_standing
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.models import Proposal

FACTORS = {"totp": "authenticator app", "webauthn": "passkey", "recovery_codes": "recovery codes"}


def people() -> "QuerySet[User]":
    """The accounts of people: a feed and tick sign in to nothing."""
    return User.objects.filter(~Exists(Post.objects.filter(user=OuterRef("pk"), is_service=True)))


def without_officer(at: datetime) -> list[str]:
    """The partnership's authorities for which no designated officer stands (ADR 20), by name. Of posts alone: it says nothing of any allegation."""
    officers = posts_standing(day_of(at)).filter(role="designated_officer", is_service=False, team__agency__kind=AgencyKind.COUNCIL)
    lacking = Authority.objects.filter(is_partner=True).exclude(agencies__in=officers.values("team__agency"))
    return list(lacking.order_by("name").values_list("name", flat=True))


def waiting_about(user: User, subject: Subject) -> "QuerySet[Proposal]":
    """What about a person's posts waits for a second person, the one that expires first first."""
    about = [user.pk, *Post.objects.filter(user=user).values_list("pk", flat=True)]
    waiting = Proposal.objects.visible_to(subject).filter(state=Proposal.State.WAITING, expires_at__gt=subject.at, about_id__in=about)
    return waiting.select_related("proposed_by__user").order_by("expires_at", "pk")


def line_offered(post: Post, at: datetime) -> "QuerySet[Post]":
    """Who may manage a post or stand in for it: whoever stands in its agency now, besides its own person; and whoever does so already."""
    standing = posts_standing(day_of(at)).filter(team__agency=post.team.agency_id, is_service=False).exclude(user=post.user_id)
    found = Post.objects.filter(Q(pk__in=standing.values("pk")) | Q(pk__in=[one for one in (post.line_manager_id, post.deputy_id) if one]))
    return found.select_related("user", "team").order_by("user__last_name", "user__first_name", "pk")


def latest_use(user: User) -> datetime | None:
    """When an account was last opened or signed in to; None where it never was."""
    return last_used(user.opened_at, user.last_login)


def _used() -> Greatest:
    return Greatest("opened_at", "last_login")  # PostgreSQL leaves out what is not known


def dormant_accounts(at: datetime) -> "QuerySet[User]":
    """The open accounts that were not used for thirty days."""
    return people().defer(*SECRET).annotate(used=_used()).filter(is_active=True, used__lte=at - SUSPENDED_AFTER)


def accounts_to_close(at: datetime) -> "QuerySet[User]":
    """The suspended accounts that were not used for ninety days."""
    return people().defer(*SECRET).annotate(used=_used()).filter(is_active=False, closed_at__isnull=True, used__lte=at - CLOSED_AFTER)


def has_second_factor(user: User) -> bool:
    """Whether a person can prove who they are beyond a password. Recovery codes alone do not count."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def is_known_device(user: User, device: str, network: str, at: datetime) -> bool:
    """Whether the person signed in lately from this kind of device and network; the very first sign-in is no news either."""
    before = SignIn.objects.filter(user=user, came=Came.SIGNED_IN)
    return not before.exists() or before.filter(device=device, network=network, tried_at__gt=at - SAME_DEVICE).exists()


def has_too_many_wrong_codes(user: User, at: datetime) -> bool:
    """Whether so many wrong codes were given lately that none is looked at for a while, whichever process was asked."""
    wrong = SignIn.objects.filter(user=user, came=Came.WRONG_CODE, tried_at__gt=at - WRONG_CODES_WITHIN)
    return wrong.count() >= MOST_WRONG_CODES


@dataclass(frozen=True)
class Account:
    """An account as the administrator sees it."""

    user: User
    status: str
    colour: str
    used_at: datetime | None
    factors: str
    posts: tuple[str, ...]


def status(user: User) -> tuple[str, str]:
    """The state of an account in the words of the screen, and the colour of its tag."""
    if user.closed_at:
        return "Closed", "grey"
    if not user.is_active:
        return f"Suspended: {user.get_suspended_because_display().lower()}" if user.suspended_because else "Suspended", "red"
    return ("Open", "green") if latest_use(user) else ("Never used", "yellow")


def accounts(named: str = "") -> "QuerySet[User]":
    """The accounts of people by name; those alone whose name or username holds these words, where some are given."""
    found = people()
    for word in named.split()[:4]:
        found = found.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word))
    return found.order_by("last_name", "first_name", "pk").prefetch_related("posts__team__agency")


def described(users: "list[User]", at: datetime) -> list[Account]:
    """These accounts with their state, last use, factors and posts."""
    factors: dict[Any, set[str]] = {}
    for user_id, kind in Authenticator.objects.filter(user__in=users).values_list("user_id", "type"):
        factors.setdefault(user_id, set()).add(FACTORS[kind])
    return [
        Account(
            user, *status(user), latest_use(user), ", ".join(sorted(factors.get(user.pk, ()))) or "none",
            tuple(f"{post.title}, {post.team.name}" for post in user.posts.all() if post.stands_on(day_of(at))),
        )
        for user in users
    ]  # fmt: skip


def sign_ins(user: User) -> "QuerySet[SignIn]":
    """A person's sign-ins and the ends of their sessions, the latest first."""
    return SignIn.objects.filter(user=user).order_by(F("tried_at").desc(), "-pk")


def open_enrolment(user: User, at: datetime) -> Enrolment | None:
    """The enrolment link that could still be used, if there is one."""
    return Enrolment.objects.filter(user=user, used_at__isnull=True, expires_at__gt=at).order_by("-issued_at").first()
