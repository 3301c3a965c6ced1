"""An answer, made from what is given and from nothing else: it is built up item by item, never the record with parts blacked out. Pure.

Source: protection.md 1 (what leaks is an outgoing document), 3.2 (rebuilt from permitted items, with a log of each removal and its ground), 4.7.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any

from atlas.subject_access.rules import IN_ITS_PLACE, Asks, Ground

Cut = tuple[int, int, int, Ground]
# What every answer says of itself (UK GDPR Article 15(1), recalled). Short sentences: a child may read it alone.
SAYS = (
    "This is what {council} and the agencies it works with wrote down about {whom} in Atlas. Atlas is where they keep you safe together.",
    "They wrote it to find missing children, to keep children safe, and to know whether what they do helps.",
    "The law asks them to (UK GDPR Article 6(1)(c) and (e), Article 9(2)(g)).",
    "It comes from: {sources}.",
    "Some things may not be in it: what is about other people, what would put somebody in danger, and what a court or another law keeps back.",
    "Not every removal is marked.",
    "It is kept as long as the law and the council’s rules say. Ask us how long.",
    "If something is wrong, say so: we put it right, or write what you say beside it.",
    "If you are not happy with this answer, tell us. You can also complain to the Information Commissioner, or ask a court.",
)


@dataclass(frozen=True)
class Weighable:
    """An item as far as an answer asks of it."""

    number: int
    heading: str
    lines: tuple[tuple[str, str], ...]
    happened: str
    source: str
    agency: str
    outcome: str
    cuts: tuple[Cut, ...]
    ground: str
    is_quiet: bool


def without(text: str, cuts: Iterable[tuple[int, int, Ground]], *, is_quiet: bool) -> str:
    """The text without these stretches (from, to): in place of each stands why, or nothing where the answer does not say so. Stretches that touch are one."""
    made, at, last = "", 0, None
    for start, end, ground in sorted(cuts):
        start, end = max(0, start), min(len(text), end)
        if start > at or last is None:
            made += text[at:start]
            made += "" if is_quiet else IN_ITS_PLACE[Ground(ground)]
        at, last = max(at, end), ground
    made += text[at:]
    return re.sub(r" {2,}", " ", made).strip()


def given_lines(item: Weighable) -> list[list[str]]:
    """What is given of an item: its lines, each without what is cut; none where it is left out quietly."""
    if item.outcome == "leave_out":
        return [] if item.is_quiet else [["", IN_ITS_PLACE[Ground(item.ground)]]]
    lines = []
    for number, (name, text) in enumerate(item.lines):
        cuts = [(start, end, ground) for line, start, end, ground in item.cuts if line == number] if item.outcome == "part" else []
        if said := without(text, cuts, is_quiet=item.is_quiet):
            lines.append([name, said])
    return lines


def view_of(
    items: Sequence[Weighable], *, asks: Asks, child: str, name: str, council: str, asked: str, received: str, made: str, marking: str
) -> dict[str, Any]:
    """The answer as it is kept, and as its page and PDF are made of it. Of what is left out on a ground that it says, the kind and the day stay; nothing else does."""
    shown = []
    for item in items:
        if lines := given_lines(item):
            is_out = item.outcome == "leave_out"
            shown.append(
                {"heading": item.heading, "happened": item.happened, "source": "" if is_out else ", ".join(filter(None, (item.source, item.agency))), "lines": lines}
            )  # fmt: skip
    sources = sorted({item.agency for item in items if item.agency and item.outcome != "leave_out"})
    whom = "you" if asks == Asks.CHILD else child
    says = [line.format(council=council, whom=whom, sources=", ".join(sources) or council) for line in SAYS]
    return {
        "marking": marking, "title": "Your record" if asks == Asks.CHILD else f"The record of {child}", "for": name, "asked": asked, "received": received, "made": made,
        "says": says, "items": shown,
    }  # fmt: skip


def removal_of(item: Weighable) -> dict[str, Any] | None:
    """The line of the log about an item from which something was removed: which, how many characters, on which grounds; never the words. None where all is given."""
    if item.outcome == "leave_out":
        characters, grounds = sum(len(text) for _, text in item.lines), [item.ground]
    elif item.outcome == "part":
        characters, grounds = sum(end - start for _, start, end, _ in item.cuts), sorted({str(ground) for *_, ground in item.cuts})
    else:
        return None
    return {
        "number": item.number, "heading": item.heading, "happened": item.happened, "whole": item.outcome == "leave_out", "pieces": len(item.cuts) or 1,
        "characters": characters, "grounds": grounds, "is_quiet": item.is_quiet,
    }  # fmt: skip


def grounds_counted(removals: Iterable[dict[str, Any]]) -> list[tuple[str, int]]:
    """How many items something was removed from, by ground, the most first."""
    counted = Counter(ground for one in removals for ground in one["grounds"])
    return [(str(Ground(ground).label), many) for ground, many in counted.most_common()]


def digest_of(view: dict[str, Any], removals: list[dict[str, Any]]) -> str:
    """The hash of an answer with its log: 64 hex digits."""
    return sha256(dumps([view, removals], sort_keys=True, ensure_ascii=False).encode()).hexdigest()
