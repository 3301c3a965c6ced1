"""The unsealer: a process of its own, with a key and a login that the service does not have. It opens one set at a time, for whoever may.

Everything is judged in the database (install.sql: `sealed.open`, `sealed.show`), under the signed context that the service gives for this very
connection; the audit row is committed before anything is decrypted. One line of JSON each way, over a Unix socket:

    unsealer: {"backend": 4711}                                          the server process for which a token must be signed
    service:  {"verb": "open", "token": …, "child": …, "kind": …, "reason": …, "door": {…}}     or "show", or "shut";
                                                                         or "put_back", with a "lift"
    unsealer: {"code": "allowed", "until": …, "lines": [[field, value, sealed at], …]}           lines for "show" alone
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingMixIn, UnixStreamServer
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connections, transaction

from atlas.gate.pool import SETTING
from atlas.sealed.boxes import Box, MasterKey, Unopenable, about
from atlas.sealed.rules import MOST_TEXT, SETS, TooLong, details, merged

MOST_BYTES = 8192
WAIT_SECONDS = 10
log = logging.getLogger(__name__)


class NotUnderstood(Exception):
    """What was asked is no question of ours."""


class Unsealer(ThreadingMixIn, UnixStreamServer):
    """Listens at a socket that the service's own group may reach."""

    daemon_threads = True

    def __init__(self, path: str, master: MasterKey) -> None:
        self.master = master
        with suppress(FileNotFoundError):
            Path(path).unlink()
        before = os.umask(0o117)
        try:
            super().__init__(path, _Asked)
        finally:
            os.umask(before)


class _Asked(StreamRequestHandler):
    timeout = WAIT_SECONDS

    def handle(self) -> None:
        """Answer one question. What goes wrong is answered with a code; no word of what was asked is logged."""
        connection = connections["default"]
        try:
            connection.ensure_connection()
            self._say({"backend": connection.connection.info.backend_pid})
            self._say(answered(_understood(self.rfile.readline(MOST_BYTES)), self.server.master))  # type: ignore[attr-defined]
        except NotUnderstood:
            self._say({"code": "not understood"})
        except Unopenable as problem:
            log.error("A box could not be opened: %s", problem)
            self._say({"code": "unopenable"})
        except DatabaseError as problem:
            log.error("The database did not answer: %s", type(problem).__name__)
            self._say({"code": "away"})
        except OSError:
            log.warning("Whoever asked went away.")
        finally:
            connection.close()

    def _say(self, answer: dict[str, Any]) -> None:
        with suppress(OSError):
            self.wfile.write(json.dumps(answer).encode() + b"\n")


def _understood(line: bytes) -> dict[str, Any]:
    """A question, with every part of it of its kind. Raises NotUnderstood."""
    try:
        asked = json.loads(line)
        asked["child"] = UUID(asked["child"])
        asked["lift"] = UUID(asked.get("lift") or str(UUID(int=0)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotUnderstood from None
    texts = all(isinstance(asked.get(name), str) for name in ("verb", "token", "kind", "reason"))
    if not texts or asked["kind"] not in SETS or not isinstance(asked.get("door"), dict):
        raise NotUnderstood
    return dict(asked)


def answered(asked: dict[str, Any], master: MasterKey) -> dict[str, Any]:
    """The answer to one question: judged and written down in a transaction that is over before a box is opened."""
    place, door = (asked["child"], asked["kind"]), json.dumps(asked["door"])
    if asked["verb"] == "put_back":
        return {"code": _put_back(asked["token"], asked["lift"], door, master), "until": None}
    with _told(asked["token"]) as cursor:
        if asked["verb"] == "open":
            cursor.execute("SELECT * FROM sealed.open(%s, %s, %s, %s)", [*place, asked["reason"][:MOST_TEXT], door])
        elif asked["verb"] == "show":
            cursor.execute("SELECT * FROM sealed.show(%s, %s, %s)", [*place, door])
        elif asked["verb"] == "shut":
            cursor.execute("SELECT sealed.shut(), NULL")
        else:
            raise NotUnderstood
        rows = cursor.fetchall()
    code, until = rows[0][:2] if rows else ("nothing sealed", None)
    answer = {"code": code, "until": until.isoformat() if until else None}
    return {**answer, "lines": _lines(rows, *place, master)} if asked["verb"] == "show" and code == "allowed" else answer


def _lines(rows: list[Any], child: UUID, kind: str, master: MasterKey) -> list[list[str]]:
    at = {str(sealing): sealed_at.isoformat() for _, _, sealing, sealed_at, *_ in rows}
    opened = [
        (str(sealing), master.values(Box(key, bytes(wrapped), bytes(box)), about(child, kind, sealing)))
        for _, _, sealing, _, key, wrapped, box in rows
    ]
    return [[field, value, at[sealing]] for field, value, sealing in merged(opened)]


def _put_back(token: str, lift: UUID, door: str, master: MasterKey) -> str:
    """Put what two people lifted back to the clear. Gives the code. No value leaves this process but to the database."""
    with _told(token) as cursor:
        cursor.execute("SELECT code, child, kind, sealing, master, wrapped, box FROM sealed.release(%s, %s)", [lift, door])
        rows = cursor.fetchall()
    if not rows or rows[0][0] != "allowed":
        return str(rows[0][0]) if rows else "nothing lifted"
    opened = [
        (str(sealing), master.values(Box(key, bytes(wrapped), bytes(box)), about(child, kind, sealing)))
        for _, child, kind, sealing, key, wrapped, box in rows
    ]
    try:
        clear = details({field: value for field, value, _ in merged(opened)})
    except TooLong:
        return "too long"
    with _told(token) as cursor:
        cursor.execute("SELECT sealed.put_back(%s, %s, %s)", [lift, json.dumps(clear), door])
        return str(cursor.fetchone()[0])


@contextmanager
def _told(token: str) -> Iterator[Any]:
    """A transaction in which the database knows who acts."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, token])
        yield cursor
