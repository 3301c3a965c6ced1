"""Asking somebody without an account, and being them."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from atlas.gate.policy import Purpose
from atlas.sharing.commands.disclosure import Grounds, Guest, ask_guest
from atlas.sharing.models import GuestRequest
from atlas.sharing.rules import Ground
from tests.factories import NOW
from tests.world import World

LATER = NOW + timedelta(hours=1)
GROUNDS = Grounds(Purpose.SECTION_17, Ground.PUBLIC_TASK, "The surgery saw the child last", True)
QUESTION = "Have you seen this child since March, and were you worried?"
SURGERY = Guest("Dr Sample Doctor", "Elm Surgery", "+44 7700 900123", "Sample Worker", NOW.date())


def asking(world: World, **given: Any) -> dict[str, Any]:
    """What `ask_guest` takes, with these things said otherwise."""
    usual = {"child": world.child, "guest": SURGERY, "question": QUESTION, "items": [f"who:{world.child.pk}"], "grounds": GROUNDS}
    return {**usual, "by": world.worker, "at": NOW, **given}


def ask(world: World, **given: Any) -> GuestRequest:
    """A question to the surgery about the child."""
    return ask_guest(**asking(world, **given))


def follow(asked: GuestRequest | str) -> Client:
    """A browser that has followed the link."""
    client = Client()
    token = asked if isinstance(asked, str) else asked.token
    assert client.get(reverse("guest_link", args=[token])).url == reverse("open_guest")  # type: ignore[attr-defined]
    return client


def send_code(client: Client, texts: list[tuple[str, str]]) -> str:
    """Ask for a code; gives the one that was sent last."""
    client.post(reverse("open_guest"), {"key": "k"})
    return re.match(r"\d{6}", texts[-1][1])[0] if texts else ""  # type: ignore[index]


def proved(asked: GuestRequest, texts: list[tuple[str, str]]) -> Client:
    """A browser that has proved the code."""
    client = follow(asked)
    code = send_code(client, texts)
    assert client.post(reverse("prove_guest"), {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    return client
