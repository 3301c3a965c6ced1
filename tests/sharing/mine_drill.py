"""A child's copy, given as a page on their phone; and being the child."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from atlas.sharing.commands.copies import give_child_page
from atlas.sharing.copy import Audience, CompiledCopy, CopyBlock, CopyLine
from atlas.sharing.models import CopyGiven
from tests.factories import NOW
from tests.world import World

NUMBER = "07700 900321"
MINE = (
    CopyBlock("my_view", "What I think", (CopyLine("view-1", "I like it when my worker rings before she comes."),)),
    CopyBlock(
        "my_actions", "What I will do",
        (CopyLine("do-1", "I send a text when I am late."), CopyLine("do-2", "I keep my phone charged."), CopyLine("told-1", "Your worker rings on Monday.", False)),
    ),
)  # fmt: skip
SAFE_PEOPLE = CopyBlock("safe_people", "People I can ring", (CopyLine("safe-1", "Nan, on 01632 960111."),))
COPY = CompiledCopy(Audience.CHILD, "My plan", MINE)


def giving(world: World, **given: Any) -> dict[str, Any]:
    """What `give_child_page` takes, with these things said otherwise."""
    usual = {
        "child": world.child, "copy": COPY, "telephone": NUMBER, "is_number_confirmed": True, "who_else_can_open": "Nobody, she says",
        "safe_reason": "She keeps her phone with her, and it has a code.",
    }  # fmt: skip
    return {**usual, "by": world.worker, "at": NOW, **given}


def give(world: World, **given: Any) -> CopyGiven:
    """The page, given to the child by their worker."""
    return give_child_page(**giving(world, **given))


def follow_mine(token: str) -> Client:
    """A browser that has followed the link of a child's page."""
    client = Client()
    assert client.get(reverse("child_link", args=[token])).url == reverse("open_child_page")  # type: ignore[attr-defined]
    return client


def code_for(client: Client, texts: list[tuple[str, str]]) -> str:
    """Ask for a code; gives the one that was sent last."""
    client.post(reverse("open_child_page"), {"key": "k"})
    return re.match(r"\d{6}", texts[-1][1])[0] if texts else ""  # type: ignore[index]


def prove_mine(client: Client, code: str) -> Any:
    """Type the code."""
    return client.post(reverse("prove_child_page"), {"code": f"{code[:3]} {code[3:]}"})


def opened(given: CopyGiven, texts: list[tuple[str, str]]) -> Client:
    """The child's phone, with the page open."""
    assert given.request is not None
    client = follow_mine(given.request.token)
    assert prove_mine(client, code_for(client, texts)).url == reverse("child_page")
    return client


def say(client: Client, kind: str, line: str = "", words: str = "", key: str = "one") -> Any:
    """Say something: of a line, or of the whole."""
    return client.post(reverse("say_as_child"), {"kind": kind, "line": line, "words": words, "key": key.ljust(36, "k")})
