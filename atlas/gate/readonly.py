"""Whether Atlas only reads now: because somebody said so, or because its database is a standby that takes no writes (ADR 55).

Known to each process, and asked again every few seconds: a page need not ask. It is never what protects: a standby refuses every write itself.
"""

import time
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connections

from atlas.design.words import when

# Why somebody says that nothing is changed for now, in words for every page.
BECAUSE = {
    "moving": "the database is being moved",
    "attack": "we are under attack, or may be",
    "restoring": "a copy is being restored or compared",
    "mending": "something is being mended",
}
ASKED = (
    "SELECT pg_is_in_recovery(), now(), pg_last_xact_replay_timestamp(), r.since_at, r.because FROM (SELECT 1) one "
    "LEFT JOIN running_readonlyspell r ON r.ended_at IS NULL"
)


@dataclass(frozen=True)
class ReadOnly:
    """That nothing is changed, since when and why; on a standby, how old what it shows is."""

    since: datetime
    because: str
    is_standby: bool = False
    as_at: datetime | None = None

    def words(self) -> str:
        """A sentence for every page."""
        if self.is_standby:
            age = f" What you see is as at {when(self.as_at)}." if self.as_at else ""
            return f"Atlas only shows: its main database is away.{age} Nothing can be written down here. That you look is kept."
        return f"Atlas only shows since {when(self.since)}: {self.because}. Nothing can be changed here."


WHAT_TO_DO = (
    "Nothing was saved, and what you typed stands here still. If a child may be in danger, ring 999. Ring those who must know, by the numbers on "
    "Missing now or in the emergency pack; write it on paper, with the time, and put it in here when Atlas takes it again."
)
_kept: tuple[float, ReadOnly | None] = (float("-inf"), None)


def read_only() -> ReadOnly | None:
    """How Atlas only reads now; None while it writes. At most a few seconds old."""
    asked_at, stands = _kept
    if settings.ATLAS_READ_ONLY_ASKED is None or time.monotonic() - asked_at < settings.ATLAS_READ_ONLY_ASKED:
        return stands
    return ask_now()


def ask_now() -> ReadOnly | None:
    """Ask the database, and keep the answer."""
    with connections["default"].cursor() as cursor:
        cursor.execute(ASKED)
        is_standby, now, as_at, since, because = cursor.fetchone()
    return keep(ReadOnly(since or now, BECAUSE.get(because, ""), is_standby, as_at) if is_standby or since else None)


def keep(stands: ReadOnly | None) -> ReadOnly | None:
    """Keep an answer until it is asked for again."""
    global _kept
    _kept = time.monotonic(), stands
    return stands


def forget() -> None:
    """Ask again at the next page: something did not fit what was kept."""
    global _kept
    _kept = float("-inf"), None


def is_standby() -> bool:
    """Whether the database takes no writes."""
    stands = read_only()
    return stands is not None and stands.is_standby
