"""What somebody without an account does, under the link that they were given: each through one function of the database (gate/guests.sql).

No post acts here. A link is known by the hash of its token, a code and a proof by keyed hashes; nothing that opens anything is kept in clear.
"""

import json
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connections

from atlas.gate.context import as_guest
from atlas.gate.door import at_the_door, hashed
from atlas.sharing.rules import CODE_DIGITS

NO_LINK = sha256(b"").hexdigest()  # of a session that followed no link: as unknown as any


def hash_of_token(token: str) -> str:
    """The hash by which a link is known. Its token has 256 random bits, so a plain hash cannot be turned back."""
    return sha256(token.encode()).hexdigest()


def hash_of_code(link: str, code: str) -> str:
    """The keyed hash of a code of this link: six digits alone would be guessed from a plain one."""
    return hashed(f"guest code:{link}:{code}")


def from_here() -> dict[str, str]:
    """Through which door the request came, as far as it is known."""
    return {name: value for name, value in at_the_door().items() if value}


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def may_ask_for_code(link: str, at: datetime) -> bool:
    """Whether a code may be asked for from here, whatever the link; the asking is written down."""
    return bool(_called(link, at, from_here(), "SELECT gate_guest_may_ask()"))


def keep_code(link: str, code: str, at: datetime, by_door: dict[str, str]) -> str | None:
    """Keep the hash of a new code. Gives the number that it goes to; None where the link takes none now."""
    goes_to = _called(link, at, by_door, "SELECT gate_guest_code(%s)", hash_of_code(link, code))
    return str(goes_to) if goes_to else None


def prove(link: str, code: str, at: datetime) -> str | None:
    """The secret by which this browser has proved the code, for half an hour; None where the code or the link does not hold."""
    proof = secrets.token_urlsafe(32)
    return (
        proof if _called(link, at, from_here(), "SELECT gate_guest_prove(%s, %s)", hash_of_code(link, code), hash_of_token(proof)) else None
    )


def shown_to(link: str, proof: str, at: datetime) -> dict[str, Any] | None:
    """What the guest is shown; None where the proof or the link does not hold."""
    view = _called(link, at, from_here(), "SELECT gate_guest_view(%s)", hash_of_token(proof))
    return None if view is None else dict(json.loads(view)) if isinstance(view, str) else dict(view)


def give_answer(link: str, proof: str, at: datetime, *, key: str, kind: str, words: str, file: bytes | None, file_kind: str) -> str | None:
    """The reference of the answer, which is now a record about the child; None where it was not taken."""
    taken = _called(
        link, at, from_here(), "SELECT gate_guest_answer(%s, %s, %s, %s, %s, %s)", hash_of_token(proof), key, kind, words, file, file_kind,
    )  # fmt: skip
    return str(taken) if taken else None


def _called(link: str, at: datetime, by_door: dict[str, str], statement: str, *given: Any) -> Any:
    with as_guest(link, at, by_door), connections["default"].cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchone()[0]


def carer_shown(link: str, proof: str, at: datetime) -> dict[str, Any] | None:
    """What the carers' page shows; None where the proof or the link does not hold, or is no carers' page."""
    view = _called(link, at, from_here(), "SELECT gate_carer_view(%s)", hash_of_token(proof))
    return None if view is None else dict(json.loads(view)) if isinstance(view, str) else dict(view)


def say_as_carer(link: str, proof: str, at: datetime, *, given: dict[str, Any], held: dict[str, Any], is_night: bool) -> str | None:
    """The reference of what a carer said, which is now a task with a clock; None where it was not taken."""
    words, key = given["words"].strip()[:1000], given["key"]
    taken = _called(
        link, at, from_here(), "SELECT gate_carer_say(%s, %s, %s, %s, %s, %s)", hash_of_token(proof), key, given["kind"], words, is_night,
        json.dumps(held),
    )  # fmt: skip
    return str(taken) if taken else None


def child_shown(link: str, proof: str, at: datetime) -> dict[str, Any] | None:
    """What the child's page shows, with what became of what the child sent; None where the proof or the link does not hold, or is no child's page.
    The page then stays open for five more minutes.
    """
    view = _called(link, at, from_here(), "SELECT gate_child_view(%s)", hash_of_token(proof))
    return None if view is None else dict(json.loads(view)) if isinstance(view, str) else dict(view)


def say_as_child(link: str, proof: str, at: datetime, *, given: dict[str, Any], held: dict[str, Any], is_night: bool) -> str | None:
    """The reference of what the child said of a line, or of the whole where it names none; None where it was not taken."""
    taken = _called(
        link, at, from_here(), "SELECT gate_child_say(%s, %s, %s, %s, %s, %s, %s)", hash_of_token(proof), given["key"], given["line"], given["kind"],
        given["words"].strip()[:1000], is_night, json.dumps(held),
    )  # fmt: skip
    return str(taken) if taken else None
