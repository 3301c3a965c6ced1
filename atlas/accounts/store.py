"""Sessions: rows of the database; while that takes no writes, when a session was last used, and that it was ended, stand in files beside the looks kept aside.

So whoever was signed in when the main database went goes on, and is signed out after 15 minutes without use as ever; the time in which
Atlas did not answer counts as no use of theirs, and is not held against them. Nobody signs in anew until the database takes writes again (ADR 55).
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db

from atlas.accounts.sessions import LAST_SEEN
from atlas.gate.door import hashed
from atlas.gate.readonly import is_standby, read_only


class SessionStore(db.SessionStore):
    """A session of the database, or beside it."""

    def load(self) -> dict[str, Any]:
        """What the session carries; nothing where it was ended meanwhile."""
        held: dict[str, Any] = super().load()
        if not held or not is_standby():
            return held
        if self._aside("ended").exists():
            self._session_key = None
            return {}
        seen, standby = self._aside("seen"), read_only()
        since = standby.since.timestamp() if standby else 0.0
        if LAST_SEEN in held:
            held[LAST_SEEN] = max(held[LAST_SEEN], seen.stat().st_mtime if seen.exists() else since)
        return held

    def save(self, must_create: bool = False) -> None:
        """Keep it; on a standby, only that it was used."""
        if not is_standby():
            super().save(must_create)
        elif self.session_key and not must_create:
            self._touch("seen")

    def delete(self, session_key: str | None = None) -> None:
        """End it."""
        if not is_standby():
            super().delete(session_key)
        elif session_key or self.session_key:
            self._touch("ended")

    def _aside(self, what: str) -> Path:
        return Path(settings.ATLAS_LOOKS_FOLDER or "/nonexistent", f"session-{hashed(f'session:{self.session_key}')}.{what}")

    def _touch(self, what: str) -> None:
        path = self._aside(what)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
