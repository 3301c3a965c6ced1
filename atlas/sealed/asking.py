"""The service's side: asks the unsealer, in the name of whoever acts, for one set. Holds nothing of what comes back."""

import json
import socket
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from atlas.gate.act import Invalid
from atlas.gate.context import Subject, token
from atlas.gate.door import at_the_door
from atlas.sealed.models import SealedSet
from atlas.sealed.rules import AWAY, SAID, SETS

WAIT_SECONDS = 15
MOST_BYTES = 1_000_000


class NotOpened(Exception):
    """The unsealer opens nothing here, and why is not told: the audit holds the code."""


@dataclass(frozen=True)
class Line:
    """One line of an open set: what it is called, what it says, since when."""

    name: str
    value: str
    sealed_at: datetime


@dataclass(frozen=True)
class Opened:
    """What the unsealer answered: until when the set stands open, and what is in it."""

    until: datetime | None
    lines: tuple[Line, ...] = ()


def ask(subject: Subject, verb: str, sealing: SealedSet, reason: str = "", lift: UUID | None = None) -> Opened:
    """Ask to `open`, `show` or `shut` the set of this sealing, or to `put_back` what was lifted by `lift`.

    Raises Invalid with what the person can do about it, or NotOpened.
    """
    try:
        question = {"verb": verb, "child": str(sealing.child_id), "kind": sealing.kind, "reason": reason, "door": at_the_door()}
        answer = _asked(subject, question | ({"lift": str(lift)} if lift else {}))
    except (OSError, ValueError):
        raise Invalid(AWAY) from None
    code = answer.get("code")
    if code in SAID:
        raise Invalid(*SAID[code])
    if code in {"away", "unopenable"}:
        raise Invalid(AWAY)
    if code != "allowed":
        raise NotOpened(code)
    names = SETS[sealing.kind][1]
    lines = [Line(names[field], value, datetime.fromisoformat(at)) for field, value, at in answer.get("lines", ())]
    return Opened(datetime.fromisoformat(answer["until"]) if answer["until"] else None, tuple(lines))


def _asked(subject: Subject, question: dict[str, Any]) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(WAIT_SECONDS)
        line.connect(settings.ATLAS_UNSEALER)
        with line.makefile("rwb") as both:
            backend = int(json.loads(both.readline(MOST_BYTES))["backend"])
            both.write(json.dumps({**question, "token": token(subject, backend)}).encode() + b"\n")
            both.flush()
            answer: dict[str, Any] = json.loads(both.readline(MOST_BYTES))
            return answer
