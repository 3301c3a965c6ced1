"""The unsealer as it runs: a process of its own at a socket, with the private key; asked by the service, which holds nothing of what comes back."""

import json
import socket
from typing import Any

import pytest
from django.utils import timezone

from atlas.gate.act import Invalid
from atlas.gate.context import Subject
from atlas.gate.policy import Purpose
from atlas.sealed.asking import NotOpened, Opened, ask
from atlas.sealed.commands import seal_set
from atlas.sealed.rules import AWAY
from tests.sealed.given import VALUES, WHY, SealedWorld


def asked(post: Any, verb: str, sealing: Any, reason: str = "", purpose: Purpose = Purpose.SECTION_17) -> Opened:
    """Ask as somebody who has just proved a factor."""
    now = timezone.now()
    return ask(Subject(post, now, purpose, now), verb, sealing, reason)


def test_the_service_asks_and_gets_one_set_for_fifteen_minutes(running: SealedWorld) -> None:
    sealing, post = running.sealing, running.custodian
    with pytest.raises(NotOpened, match="not open"):
        asked(post, "show", sealing)
    with pytest.raises(Invalid, match="30 characters"):
        asked(post, "open", sealing, "short")
    opened = asked(post, "open", sealing, WHY)
    assert opened.until is not None and 890 < (opened.until - timezone.now()).total_seconds() <= 900
    assert {line.name: line.value for line in asked(post, "show", sealing).lines} == {
        "Address": VALUES["address"],
        "Telephone": VALUES["telephone"],
    }
    later = seal_set(
        child=running.world.child, kind="location", values={"telephone": "07700 900777"}, by=running.world.worker, at=timezone.now()
    )
    lines = {line.name: line for line in asked(post, "show", later).lines}
    assert (lines["Address"].value, lines["Telephone"].value) == (VALUES["address"], "07700 900777")
    assert lines["Telephone"].sealed_at > lines["Address"].sealed_at
    other = seal_set(child=running.world.child, kind="refuge", values={"name": "Sample House"}, by=running.world.worker, at=timezone.now())
    with pytest.raises(Invalid, match="only one is open"):
        asked(post, "open", other, WHY)
    asked(post, "shut", sealing)
    with pytest.raises(NotOpened, match="not open"):
        asked(post, "show", sealing)
    asked(post, "open", other, WHY)
    with pytest.raises(NotOpened, match="no relationship"):
        asked(running.world.manager, "open", sealing, WHY)
    with pytest.raises(NotOpened, match="wrong purpose"):
        asked(post, "open", sealing, WHY, Purpose.STATISTICS)


def test_what_is_no_question_is_answered_and_nothing_follows(running: SealedWorld, settings: Any) -> None:
    words = [
        b"", b"\n", b"nonsense\n", b"[]\n", b'{"child": 7}\n', b"x" * 20_000,
        *(json.dumps({"verb": verb, "token": "t", "kind": kind, "reason": "", "door": door, "child": str(running.world.child.pk)}).encode() + b"\n"
          for verb, kind, door in (("tear", "location", {}), ("open", "weather", {}), ("open", "location", "x"))),
    ]  # fmt: skip
    for question in words:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(settings.ATLAS_UNSEALER)
            line.settimeout(20)
            with line.makefile("rwb") as both:
                assert "backend" in json.loads(both.readline())
                both.write(question)
                both.flush()
                line.shutdown(socket.SHUT_WR)
                assert json.loads(both.readline() or b"{}").get("code", "not understood") == "not understood", question[:40]
    unsigned = {"verb": "open", "token": "t", "kind": "location", "reason": WHY, "door": {}, "child": str(running.world.child.pk)}
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(settings.ATLAS_UNSEALER)
        with line.makefile("rwb") as both:
            both.readline()
            both.write(json.dumps(unsigned).encode() + b"\n")
            both.flush()
            assert json.loads(both.readline()) == {"code": "no token", "until": None}
    assert asked(running.custodian, "open", running.sealing, WHY).until


def test_without_the_unsealer_the_person_is_told_whom_to_ring(settings: Any) -> None:
    from atlas.sealed.models import SealedSet

    settings.ATLAS_UNSEALER = "/nowhere/socket"
    with pytest.raises(Invalid, match="Ring the custodians") as problem:
        asked(None, "show", SealedSet(kind="location"))
    assert problem.value.message == AWAY
