"""Who is acting, told to the database: one signed setting at the start of each transaction.

Any login may set a custom setting, so a plain user id would turn one injected statement into anyone. The setting is
signed with a key that the login cannot read in the database (protection.md section 4.9); the functions that
`install.py` makes verify it with the server's built-in sha256(), which is the same on PostgreSQL 15 to 18.
"""

import hmac
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import connections, transaction

from atlas.gate.behalf import purpose_now
from atlas.gate.policy import ROLE, Purpose
from atlas.gate.pool import SETTING

if TYPE_CHECKING:
    from atlas.agencies.models import Post

LIFE_SECONDS = 900


@dataclass(frozen=True)
class Subject:
    """Who asks, at which moment (aware), for which purpose, and when the person last proved a second factor (None: not known)."""

    post: "Post"
    at: datetime
    purpose: Purpose
    proved_at: datetime | None = None
    known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)  # what the gate has asked already

    @classmethod
    def of(cls, post: "Post", at: datetime) -> Self:
        """The subject that this post is when it acts for the first of its purposes."""
        return cls(post, at, ROLE[post.role].purposes[0])


_subject: ContextVar[Subject | None] = ContextVar("atlas_subject", default=None)


def current_subject() -> Subject | None:
    """The subject of the transaction that is open now, if any."""
    return _subject.get()


def acting_subject() -> Subject:
    """Whoever acts in the command that runs now. Raises LookupError outside one: nothing is done by itself."""
    subject = current_subject()
    if subject is None:
        raise LookupError("This is done only inside a command.")
    return subject


def token(subject: Subject, backend_pid: int) -> str:
    """The signed text: post, its moment, when it was issued, for which server process, a nonce, purpose, when a second factor was
    last proved (0: not known), and the keyed hash of these.

    The moment is the moment of acting: the year of the fictional authority is made by calling commands in its own past.
    """
    moment, proved = _microseconds(subject.at), _microseconds(subject.proved_at) if subject.proved_at else 0
    body = f"2.{subject.post.pk}.{moment}.{int(time.time())}.{backend_pid}.{secrets.token_hex(8)}.{subject.purpose}.{proved}"
    return f"{body}.{hmac.new(bytes.fromhex(settings.ATLAS_CONTEXT_KEY), body.encode(), sha256).hexdigest()}"


def _microseconds(at: datetime) -> int:
    since = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _tell(text: str) -> None:
    _set(SETTING, text)


def _set(name: str, text: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, text])


@contextmanager
def acting_as(
    post: "Post", at: datetime, *, purpose: Purpose | None = None, proved_at: datetime | None = None, savepoint: bool = True
) -> Iterator[Subject]:
    """Open a transaction (or a savepoint in one) in which the database knows who acts. Restores the one before at the end.

    `purpose`: what the post acts for; None: as in the transaction around it, if that is the same post's, else as in the job that
    works on its behalf, else the role's first.
    `savepoint` false: inside a transaction, none is made; an error then undoes what the caller's own savepoint holds.
    """
    before = _subject.get()
    subject = _subject_of(post, at, purpose, proved_at, before)
    with transaction.atomic(savepoint=savepoint):
        if before != subject:
            _tell(token(subject, _backend_pid()))
        reset = _subject.set(subject)
        try:
            yield subject
        finally:
            _subject.reset(reset)
        # An error has rolled the setting back with the savepoint; only a good end must put the old one back.
        if before != subject:
            _tell(token(before, _backend_pid()) if before else "")


def _subject_of(post: "Post", at: datetime, purpose: Purpose | None, proved_at: datetime | None, before: Subject | None) -> Subject:
    if before is not None and before.post.pk == post.pk:
        return Subject(post, at, purpose or before.purpose, proved_at or before.proved_at)
    return Subject(post, at, purpose or purpose_now(post.pk) or Subject.of(post, at).purpose, proved_at)


GUEST_SETTING = "atlas.guest"


def guest_token(link: str, at: datetime, door: dict[str, str], backend_pid: int) -> str:
    """The signed text that says under which link (the hash of its token) somebody without an account acts: never a post, and of
    another form than a post's, so that neither is taken for the other.
    """
    doors = "|".join(door.get(name, "").replace("|", "") for name in ("session", "request", "device", "network"))
    body = f"guest-1|{link.replace('|', '')}|{_microseconds(at)}|{int(time.time())}|{backend_pid}|{secrets.token_hex(8)}|{doors}"
    return f"{body}|{hmac.new(bytes.fromhex(settings.ATLAS_CONTEXT_KEY), body.encode(), sha256).hexdigest()}"


@contextmanager
def as_guest(link: str, at: datetime, door: dict[str, str]) -> Iterator[None]:
    """Open a transaction in which the database knows under which link a guest acts. Raises LookupError where a post acts already."""
    if _subject.get() is not None:
        raise LookupError("A guest acts for no post, and no post for a guest.")
    with transaction.atomic():
        _set(GUEST_SETTING, guest_token(link, at, door, _backend_pid()))
        yield
        _set(GUEST_SETTING, "")


def renew() -> None:
    """Tell the database again who acts, in a long transaction: what was told holds for fifteen minutes only."""
    subject = _subject.get()
    if subject is not None:
        _tell(token(subject, _backend_pid()))


def _backend_pid() -> int:
    connection = connections["default"]
    connection.ensure_connection()
    pid: int = connection.connection.info.backend_pid
    return pid
