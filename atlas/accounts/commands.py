"""What the system administrator does with accounts. Nobody acts on an account of their own."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator

from atlas.accounts.models import Enrolment
from atlas.accounts.record import code_hash, end_sessions
from atlas.accounts.rules import ENROLMENT_LIFE
from atlas.agencies.models import Post, SuspendedBecause, Team, User
from atlas.design.words import day, when
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import ROLE, SERVICES, Clearance, Permission
from atlas.gate.proposing import Proposed


@dataclass(frozen=True)
class NewAccount:
    """Who is to have an account, and the first post."""

    username: str
    forename: str
    surname: str
    email: str
    title: str
    role: str
    from_on: date
    telephone: str = ""
    council_subject: str = ""


@command(needs=Permission.OPEN_ACCOUNT)
def open_account(*, team: Team, account: NewAccount, by: Post, at: datetime) -> Enrolment:
    """Open an account, and propose its first post to a second person. Gives the enrolment by which the person signs in for the first time, once:
    what the account opens waits until the post is approved.

    Raises Invalid where the username or the identity at the council's sign-on is taken.
    """
    if User.objects.filter(username__iexact=account.username).exists():
        raise Invalid("Somebody has this username already. Choose another.", "username")
    user = User(
        username=account.username, first_name=account.forename, last_name=account.surname, email=account.email, telephone=account.telephone,
        council_subject=_free_subject(account.council_subject),
    )  # fmt: skip
    user.set_unusable_password()
    user.save(force_insert=True)
    given = NewPost(team, account.title, account.role, account.from_on)
    give_post(user=user, given=given, because="A new account, with its first post", by=by, at=at)
    return give_enrolment(user=user, by=by, at=at)


@command(needs=Permission.OPEN_ACCOUNT)
def give_enrolment(*, user: User, by: Post, at: datetime) -> Enrolment:
    """Give a link by which the person opens the account, or opens a suspended one again: once, within 72 hours.

    An earlier link no longer works. A second factor that is there stays, and is asked for. Raises Invalid for a closed account.
    """
    _not_oneself(user, by)
    if user.closed_at is not None:
        raise Invalid("This account is closed for good. Open a new one with another username.")
    Enrolment.objects.filter(user=user, used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
    user.is_active, user.suspended_at, user.suspended_because, user.opened_at = True, None, "", at
    user.save(update_fields=["is_active", "suspended_at", "suspended_because", "opened_at"])
    code = secrets.token_urlsafe(32)
    made = Enrolment(user=user, code_hash=code_hash(code), issued_by=by, issued_at=at, expires_at=at + ENROLMENT_LIFE)
    made.save(force_insert=True)
    made.code = code
    return made


@command(needs=Permission.SUSPEND_ACCOUNT)
def suspend_account(*, user: User, by: Post, at: datetime) -> User:
    """Suspend an account: its sessions end at their next request, and nobody signs in to it until a new link is given."""
    _not_oneself(user, by)
    if not user.is_active:
        raise Invalid("This account is suspended or closed already.")
    _shut(user, at)
    return user


@command(needs=Permission.CLOSE_ACCOUNT)
def close_account(*, user: User, by: Post, at: datetime) -> User:
    """Close an account for good: what the person did stays in the record under their name."""
    _not_oneself(user, by)
    if user.closed_at is not None:
        raise Invalid("This account is closed already.")
    user.closed_at = at
    _shut(user, at)
    return user


@command(needs=Permission.RESET_SECOND_FACTOR)
def reset_second_factor(*, user: User, by: Post, at: datetime) -> User:
    """Take away every second factor of a person who lost theirs, and end their sessions. They come back with a new enrolment link."""
    _not_oneself(user, by)
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    return user


@command(needs=Permission.SET_COUNCIL_SUBJECT)
def set_council_subject(*, user: User, council_subject: str, by: Post, at: datetime) -> User:
    """Say who this person is at the council's sign-on: its unchanging identifier, never a name or an address. Empty: nobody."""
    _not_oneself(user, by)
    user.council_subject = _free_subject(council_subject, user)
    user.save(update_fields=["council_subject"])
    end_sessions(user)
    return user


def _shut(user: User, at: datetime) -> None:
    user.is_active, user.suspended_at, user.suspended_because = False, at, SuspendedBecause.ADMINISTRATOR
    user.save(update_fields=["is_active", "suspended_at", "suspended_because", "closed_at"])
    Enrolment.objects.filter(user=user, used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
    end_sessions(user)


@dataclass(frozen=True)
class NewPost:
    """A post that somebody is to be given, from when until when; `until_on` None: until it is ended."""

    team: Team
    title: str
    role: str
    from_on: date
    until_on: date | None = None


def _may_give(*, user: User, given: NewPost, by: Post, at: datetime, **_: object) -> None:
    _not_oneself(user, by)
    if user.closed_at is not None:
        raise Invalid("This account is closed for good. Open a new one with another username.")
    if given.role in SERVICES:
        raise Invalid("No person holds this role. Choose another role.", "role")
    if given.until_on is not None and given.until_on < max(given.from_on, day_of(at)):
        raise Invalid("The last day is before the first, or over already. Give a later day, or leave it empty.", "until_on")


def _giving(*, user: User, given: NewPost, **_: object) -> str:
    until = f" until {day(given.until_on)}" if given.until_on else ""
    return f"{user.name} becomes {given.title} ({ROLE[given.role].name.lower()}) in {given.team}, {given.team.agency}, from {day(given.from_on)}{until}."


@command(needs=Permission.GIVE_POST, proposed=Proposed(_giving, _may_give))
def give_post(*, user: User, given: NewPost, because: str, by: Post, at: datetime) -> Post:
    """Give somebody a post: what they may do, and through which team. It takes two people, one an administrator; never for oneself.

    Another role is another post: the earlier one is ended besides.
    """
    post = Post(user=user, team=given.team, title=given.title, role=given.role, from_on=given.from_on, until_on=given.until_on)
    post.save(force_insert=True)
    return post


def _may_extend(*, post: Post, until_on: date | None, by: Post, at: datetime, **_: object) -> None:
    _not_oneself(post.user, by)
    if post.until_on is None:
        raise Invalid("This post has no last day. To end it, give one.")
    if until_on is not None and until_on <= max(post.until_on, day_of(at) - timedelta(days=1)):
        raise Invalid(f"Give a day that is to come, and after {day(post.until_on)}; or leave it empty.", "until_on")


def _extending(*, post: Post, until_on: date | None, **_: object) -> str:
    ends = f"goes on until {day(until_on)}" if until_on else "goes on without a last day"
    before = f" Before: ended {when(post.ended_at)}." if post.ended_at else f" Before: until {day(post.until_on)}." if post.until_on else ""
    return f"The post {post.title}, {post.team}, of {post.user.name} {ends}.{before}"


@command(needs=Permission.EXTEND_POST, proposed=Proposed(_extending, _may_extend))
def extend_post(*, post: Post, until_on: date | None, because: str, by: Post, at: datetime) -> Post:
    """Let a post go on longer than its last day, or stand again. It takes two people, one an administrator; never for oneself."""
    post.until_on, post.ended_at = until_on, None
    post.save(update_fields=["until_on", "ended_at"])
    return post


@dataclass(frozen=True)
class Vetted:
    """What a post is cleared for, and until when its holder's vetting lasts, by whose reference."""

    clearance: Clearance
    reference: str = ""
    until: date | None = None


CLEARED_FOR = {
    Clearance.BASIC: "ordinary records",
    Clearance.RESTRICTED: "restricted records",
    Clearance.INTELLIGENCE: "intelligence",
    Clearance.CUSTODIAN: "intelligence, and keeping what is sealed",
}


def _may_change(*, post: Post, vetted: Vetted, by: Post, at: datetime, **_: object) -> None:
    _not_oneself(post.user, by)
    if vetted.clearance >= Clearance.INTELLIGENCE and not vetted.reference.strip():
        raise Invalid("Enter the reference of the vetting.", "reference")
    if vetted.clearance >= Clearance.INTELLIGENCE and (vetted.until is None or vetted.until < day_of(at)):
        raise Invalid("Enter the day on which the vetting ends: today or later.", "until")


def _changing(*, post: Post, vetted: Vetted, **_: object) -> str:
    until = f", vetted until {day(vetted.until)} (reference {vetted.reference})" if vetted.until else ""
    return f"{post.user.name} is cleared for {CLEARED_FOR[vetted.clearance]} as {post.title}, {post.team}{until}. Before: {CLEARED_FOR[Clearance(post.clearance)]}."


@command(needs=Permission.CHANGE_CLEARANCE, proposed=Proposed(_changing, _may_change))
def change_clearance(*, post: Post, vetted: Vetted, because: str, by: Post, at: datetime) -> Post:
    """Change what a post is cleared for, and how long its holder's vetting lasts. It takes two people, one an administrator; never for oneself."""
    post.clearance, post.vetting_reference, post.vetted_until = vetted.clearance, vetted.reference.strip(), vetted.until
    post.save(update_fields=["clearance", "vetting_reference", "vetted_until"])
    return post


@dataclass(frozen=True)
class Line:
    """Who manages a post, and who stands in while it is away."""

    manager: Post | None
    deputy: Post | None = None


def _may_change_line(*, post: Post, line: Line, by: Post, at: datetime, **_: object) -> None:
    _not_oneself(post.user, by)
    if (line.manager, line.deputy) == (post.line_manager, post.deputy):
        raise Invalid("This is the line as it stands. Choose another manager or another deputy, or go back.", "manager")
    for name, other, before in (("manager", line.manager, post.line_manager), ("deputy", line.deputy, post.deputy)):
        if other is None or other == before:
            continue
        if other.user_id == by.user_id:
            raise Invalid("You cannot put yourself above a post, or in its place. Ask another administrator.", name)
        if other.user_id == post.user_id:
            raise Invalid("This is the same person. Choose somebody else.", name)
        if not other.stands_on(day_of(at)) or not other.user.is_active or other.role in SERVICES:
            raise Invalid("Nobody is in this post any more. Choose another.", name)
    if line.manager is not None and post in _above(line.manager):
        raise Invalid("This person is managed from below: they would stand above themselves. Choose somebody else.", "manager")


def _above(post: Post | None) -> list[Post]:
    """A post and those above it, from the bottom up."""
    line: list[Post] = []
    while post is not None and post not in line:
        line.append(post)
        post = post.line_manager
    return line


def _lining(*, post: Post, line: Line, **_: object) -> str:
    def said(manager: Post | None, deputy: Post | None) -> str:
        named = [f"{one.user.name} ({one.title}, {one.team})" if one is not None else "nobody" for one in (manager, deputy)]
        return f"managed by {named[0]}; deputy: {named[1]}"

    before = said(post.line_manager, post.deputy)
    return f"The post {post.title}, {post.team}, of {post.user.name} is {said(line.manager, line.deputy)}. Before: {before}."


@command(needs=Permission.CHANGE_LINE, proposed=Proposed(_lining, _may_change_line))
def change_line(*, post: Post, line: Line, because: str, by: Post, at: datetime) -> Post:
    """Change who manages a post, and who stands in for it: who sees its children, reviews and approves. It takes two people, one an
    administrator; neither the post's own person, nor whoever is newly named.
    """
    post.line_manager, post.deputy = line.manager, line.deputy
    post.save(update_fields=["line_manager", "deputy"])
    return post


def _not_oneself(user: User, by: Post) -> None:
    if user.pk == by.user_id:
        raise Invalid("You cannot change your own account. Ask another administrator.")


def _free_subject(subject: str, of: User | None = None) -> str | None:
    subject = subject.strip()
    others = User.objects.exclude(pk=of.pk) if of is not None else User.objects.all()
    if subject and others.filter(council_subject=subject).exists():
        raise Invalid("Another account has this identifier already. Check it with whoever runs the council's sign-on.", "council_subject")
    return subject or None
