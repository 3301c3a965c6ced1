"""Hostile requests (protection.md table E, E7 and E2): every page asked with query parameters, path words and forms that no browser of ours sends.

Whatever comes, the answer is below 500: a person who is let in sees the page, *not found*, or a sentence at the box that is wrong.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from atlas.agencies.models import Post
from atlas.gate.policy import ROLE
from tests import factories
from tests.guards.reading import ATLAS, gated_pages
from tests.guards.test_pages import AGAIN, NOT_SHOWN, Filled, filled

AT = AGAIN + timedelta(hours=1)
# As they stand in the address: NUL, invalid UTF-8 and overlong letters among them.
ASKED = (
    "99999999999999999999", "-1", "NaN", "a%00b", "%FF%FE%C0%AF", "2026-02-31", "9999-12-31", "0001-01-01", "1e999", "inf", "x" * 6_000,
    "00000000-0000-0000-0000-000000000000",
    "%D9%A3", "%E2%80%AE", "%27%22%5B%5D", "2026-13", "9" * 400, "-9223372036854775809", "..%2F..%2Fetc", "%ED%A0%80", "2026-Q9", "0", "%0D%0ASet-Cookie:a=b",
)  # fmt: skip
TYPED = (
    "a\x00b", "9" * 5_000, "x" * 40_000, "NaN", "\u202ea\u200b", "31/02/2025", "-1", "1e999", "٣", "\x1b[2J", "=cmd|'/C calc'!A0", "99999", "\ufffd\ufffe", "0",
    "{{7*7}}", "00:60", "inf", "\r\n" * 2_000,
)  # fmt: skip
FIELD = re.compile(r"<(input|select|textarea)\b([^>]*)>(.*?</select>)?", re.DOTALL)
ATTRIBUTE = re.compile(r'\b(name|type|value)="([^"]*)"')
OPTION = re.compile(r'<option[^>]*value="([^"]+)"')
READ = re.compile(r"GET\.get(?:list)?\(\"(\w+)\"")


@dataclass
class Asking:
    """One world, the posts in it, and what was answered. `fell`: each answer of 500 or more."""

    full: Filled
    whole: bool
    names: dict[str, list[str]]
    clients: dict[Any, Client] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    fell: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)

    def client(self, post: Post) -> Client:
        """Somebody who is signed in with this post and has just proved a second factor; a fault of ours answers 500, as in service."""
        if post.pk not in self.clients:
            self.clients[post.pk] = Client(raise_request_exception=False)
            factories.begin_session(self.clients[post.pk], post, AT)
        return self.clients[post.pk]

    def ask(self, what: str, client: Client, address: str, body: "dict[str, Any] | None" = None) -> HttpResponse:
        """One request; the world is afterwards as it was."""
        with transaction.atomic():
            answer = client.get(address) if body is None else client.post(address, body)
            transaction.set_rollback(True)
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            said = next((repr(sent)[:60] for sent in (body or {}).values() if sent in TYPED), "")
            self.fell.append(f"{what} {address[:160]} {said}: {answer.status_code}")
        return answer  # type: ignore[return-value]

    def opened(self, address: str, view: Any) -> tuple[Client, HttpResponse] | None:
        """Who may open a page, and the page; asked with odd parameters already, and plainly where it is not there with them."""
        for post in self.full.may:
            if view.needs in ROLE[post.role].permissions:
                client = self.client(post)
                answer = self.ask(f"{view.__name__} GET", client, address)
                if answer.status_code != 404:
                    return client, answer
        return None


def parameters() -> dict[str, list[str]]:
    """The names of the query parameters that pages read, by the folder that reads them."""
    read: dict[str, set[str]] = defaultdict(set)
    for path in ATLAS.rglob("*.py"):
        read[path.relative_to(ATLAS).parts[0]].update(READ.findall(path.read_text()))
    return {folder: sorted(names) for folder, names in read.items()}


def asked(folder: Path, *, whole: bool = False, every: int = 1) -> Asking:
    """Ask every page, or every so many. `whole`: with every value, one parameter at a time too; otherwise with a value in turn for all parameters."""
    asking = Asking(filled(folder), whole, parameters())
    for turn, (where, name, view) in enumerate(gated_pages()):
        if view.__name__ in NOT_SHOWN or turn % every:
            continue
        address = asking.full.address(where, name, view)
        first, *more = queries(asking, turn, view)
        if found := asking.opened(f"{address}?{first}", view) or asking.opened(address, view):
            asking.pages.add(view.__name__)
            client, page = found
            for query in more:
                asking.ask(f"{view.__name__} GET", client, f"{address}?{query}")
            for body in bodies(page, turn, whole=whole):
                asking.ask(f"{view.__name__} POST", client, address, body)
            for other in words_in(where, address, turn, whole=whole):
                asking.ask(f"{view.__name__} GET", client, other)
    return asking


def queries(asking: Asking, turn: int, view: Any) -> Iterator[str]:
    """What stands after the question mark: every name that any page reads, at once; and, whole, each alone that the pages of its folder read."""
    every = sorted({name for names in asking.names.values() for name in names})
    own = sorted({name for folder in (view.__module__.split(".")[1], "gate") for name in asking.names[folder]})
    for value in ASKED if asking.whole else [ASKED[turn % len(ASKED)]]:
        yield "&".join(f"{name}={value}" for name in every)
        if asking.whole:
            yield from (f"{name}={value}" for name in own)


def bodies(page: HttpResponse, turn: int, *, whole: bool) -> Iterator[dict[str, Any]]:
    """What the page's form may be sent with: chosen is what may be chosen, so that what is typed gets as far as it can."""
    text = page.getvalue().decode(errors="replace") if page.status_code == 200 else ""
    fields = [(tag, dict(ATTRIBUTE.findall(attributes)), inner) for tag, attributes, inner in FIELD.findall(text)]
    if 'method="post"' not in text.lower() or not fields:
        return
    for value in TYPED if whole else [TYPED[turn % len(TYPED)]]:
        for is_dated in (True, False) if whole else [bool(turn % 2)]:
            yield {
                known["name"]: filled_in(tag, known, inner, value, is_dated=is_dated)
                for tag, known, inner in reversed(fields)
                if known.get("name")
            }


def filled_in(tag: str, known: dict[str, str], inner: str, value: str, *, is_dated: bool) -> str:
    """What one box is sent with. `is_dated`: with a day that can be, where it is a part of one."""
    if tag == "select":
        return next(iter(OPTION.findall(inner)), value)
    if tag == "input" and known.get("type") in ("hidden", "radio", "checkbox", "submit"):
        return unescape(known.get("value", "on"))
    part = re.search(r"_([0-3])$", known["name"])
    return ("1", "5", "2026", "10:00")[int(part[1])] if part and is_dated else value


def words_in(where: str, address: str, turn: int, *, whole: bool) -> Iterator[str]:
    """The same address with other words in place of those that are no id: a year, a kind, a code."""
    words = re.findall(r"<(str|int|slug):(\w+)>", where)
    values = ("0", "99999999999999999999", "-1", "a%00b", "%FF", "%E2%80%AE", quote("x" * 2_000)) if words else ()
    kinds, shape = re.findall(r"<(\w+):\w+>", where), "/" + where.strip("^$/")
    found = re.search(re.sub(r"<\w+:\w+>", "([^/]+)", shape), address)
    for value in (values if whole else values[turn % 3 :: 3]) if found else ():
        made = shape
        for kind, held in zip(kinds, found.groups() if found else (), strict=True):
            made = re.sub(r"<\w+:\w+>", value if kind in ("str", "int", "slug") else held, made, count=1)
        yield made + ("/" if address.endswith("/") else "")
