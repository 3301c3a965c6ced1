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
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections, transaction

if TYPE_CHECKING:
    from atlas.agencies.models import Post

SETTING = "atlas.context"
LIFE_SECONDS = 900


@dataclass(frozen=True)
class Subject:
    """Who asks, and at which moment (aware)."""

    post: "Post"
    at: datetime
    known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)  # what the gate has asked already


_subject: ContextVar[Subject | None] = ContextVar("atlas_subject", default=None)


def current_subject() -> Subject | None:
    """The subject of the transaction that is open now, if any."""
    return _subject.get()


def token(subject: Subject, backend_pid: int) -> str:
    """The signed text: post, its moment, when it was issued, for which server process, a nonce, and the keyed hash of these.

    The moment is the moment of acting: the year of the fictional authority is made by calling commands in its own past.
    """
    moment = int(subject.at.timestamp() * 1_000_000)
    body = f"1.{subject.post.pk}.{moment}.{int(time.time())}.{backend_pid}.{secrets.token_hex(8)}"
    return f"{body}.{hmac.new(bytes.fromhex(settings.ATLAS_CONTEXT_KEY), body.encode(), sha256).hexdigest()}"


def _tell(text: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, text])


@contextmanager
def acting_as(post: "Post", at: datetime, *, savepoint: bool = True) -> Iterator[Subject]:
    """Open a transaction (or a savepoint in one) in which the database knows who acts. Restores the one before at the end.

    `savepoint` false: inside a transaction, none is made; an error then undoes what the caller's own savepoint holds.
    """
    subject, before = Subject(post, at), _subject.get()
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
