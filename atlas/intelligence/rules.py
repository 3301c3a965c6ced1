"""The grading of intelligence (3x5x2), the older one (5x5x5) that still comes in, who may read a product, and what gives a source away."""

import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import TextChoices

from atlas.gate.events import LoggedVerb


class Handling(TextChoices):
    """Who may read it. The national scheme has P and C; what came under an older code that lets nobody read it keeps that."""

    PERMITTED = "P", "P: lawful sharing permitted"
    CONDITIONS = "C", "C: sharing permitted with conditions"
    AUTHOR_ONLY = "N", "Nobody outside the author agency"


class FactOrOpinion(TextChoices):
    FACT = "fact", "Fact"
    OPINION = "opinion", "Opinion"


class Capacity(TextChoices):
    """As what the child appears in the item. A sign of harm to a child is never stored as a risk that the child poses."""

    CHILD_AT_RISK = "child_at_risk", "Child at risk"
    VICTIM = "victim", "Victim"
    SUSPECTED_PERPETRATOR = "suspected_perpetrator", "Suspected perpetrator"
    ASSOCIATE = "associate", "Associate"
    LOCATION_ONLY = "location_only", "Location only"


class State(TextChoices):
    PROPOSED = "proposed", "Proposed"
    RELEASED = "released", "Released"
    SENT_BACK = "sent_back", "Sent back"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Checked(TextChoices):
    """What could give the source away, each answered before a product is proposed."""

    TIME = "time", "No exact time"
    PLACE = "place", "No exact place"
    UNIQUE_PHRASE = "unique_phrase", "No phrase of the source’s own"
    ONLY_ONE_COULD_KNOW = "only_one_could_know", "Nothing that only one person could know"


# Which of the six verbs of section 62 each command is. Whoever opens a page consults: the look is written. Nothing here combines or
# erases: no command joins two entries, and the service's login may delete none.
VERBS = {
    "record_intelligence": LoggedVerb.COLLECTION,
    "record_old_intelligence": LoggedVerb.COLLECTION,
    "propose_product": LoggedVerb.ALTERATION,
    "release_product": LoggedVerb.DISCLOSURE,
    "decline_product": LoggedVerb.ALTERATION,
    "review_intelligence": LoggedVerb.ALTERATION,
    "withdraw_product": LoggedVerb.ALTERATION,
}
OLD_HANDLING = {
    "1": Handling.AUTHOR_ONLY,
    "2": Handling.PERMITTED,
    "3": Handling.AUTHOR_ONLY,
    "4": Handling.AUTHOR_ONLY,
    "5": Handling.CONDITIONS,
}
WIDTH = {Handling.AUTHOR_ONLY: 0, Handling.CONDITIONS: 1, Handling.PERMITTED: 2}  # of two, the narrower holds
SOON = timedelta(days=14)  # so long before its review date a product stands on the desk
WORDS_IN_A_ROW = 4  # taken over from the original, more than these are pointed out
MONTHS_TO_REVIEW, MONTHS_TO_REVIEW_POLICE = 6, 3  # protection.md 3.4 rule 2


def handling_of_old(code: str) -> Handling:
    """What a handling code of the 5x5x5 means now; an unknown one lets nobody outside the author read. (protection.md 4.7)"""
    return OLD_HANDLING.get(code.strip(), Handling.AUTHOR_ONLY)


def latest_review(agency_kind: str, on: date) -> date:
    """The last day by which a product must be looked at again: six months, three where the police supplied it."""
    months = MONTHS_TO_REVIEW_POLICE if agency_kind == "police" else MONTHS_TO_REVIEW
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def is_released(*, handling: str, state: str, author: UUID, named: Collection[UUID], review_on: date, to: UUID, on: date) -> bool:
    """Whether an agency may read a product on that day: its author always; another only a released one, in date, by its handling."""
    if to == author:
        return True
    if state != State.RELEASED or review_on < on:
        return False
    return handling == Handling.PERMITTED or (handling == Handling.CONDITIONS and to in named)


def is_wider(asked: str, than: str) -> bool:
    """Whether a product's handling would let more people read it than its raw item's does. (protection.md 4.7: only the author widens)"""
    return WIDTH[Handling(asked)] > WIDTH[Handling(than)]


@dataclass(frozen=True)
class GivenAway:
    """Something in a proposed wording that could give the source away: what it is, and the words themselves."""

    what: str
    words: str


_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
_STREETS = "Street|St|Road|Rd|Avenue|Ave|Lane|Close|Court|Drive|Way|Place|Square|Terrace|Crescent|Gardens|Grove|Walk|House|Row|Hill|Park"
_WORD = re.compile(r"[\w’']+")
EXACT = (
    ("An exact time", re.compile(r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d(?: ?[ap]m)?\b|\b\d{1,2} ?[ap]m\b|\b[0-2]\d[0-5]\d ?(?:hrs|hours)\b", re.I)),
    ("An exact date", re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\b(?: \d{{4}})?|\b\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}\b", re.I)),
    ("An exact address", re.compile(rf"\b\d+[a-z]?,? (?:[A-Z][\w’']+ ){{1,3}}(?:{_STREETS})\b|\b[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}}\b")),
    ("A telephone number", re.compile(r"(?<!\d)(?:\+44 ?|0)\d(?: ?\d){8,9}(?!\d)")),
)  # fmt: skip


def given_away(original: str, wording: str) -> list[GivenAway]:
    """What of a wording could give the source away: words in a row from the original, exact times, dates, addresses, telephone numbers.

    Facts for the two people who answer for it, and no decision: the wording may still be released. In the order of the text, by kind.
    """
    found = [GivenAway(what, match[0].strip()) for what, pattern in EXACT for match in pattern.finditer(wording)]
    return [GivenAway("Words of the original", words) for words in _copied(original, wording)] + found


def _copied(original: str, wording: str) -> list[str]:
    """The longest runs of more than `WORDS_IN_A_ROW` words of the wording that stand in the original in the same order."""
    length = WORDS_IN_A_ROW + 1
    said = [match[0].casefold() for match in _WORD.finditer(original)]
    runs = {tuple(said[start : start + length]) for start in range(len(said) - WORDS_IN_A_ROW)}
    words = list(_WORD.finditer(wording))
    keys = [match[0].casefold() for match in words]
    found: list[tuple[int, int]] = []
    for start in range(len(keys) - WORDS_IN_A_ROW):
        if tuple(keys[start : start + length]) in runs:
            if found and start < found[-1][1]:
                found[-1] = (found[-1][0], start + length)
            else:
                found.append((start, start + length))
    return [wording[words[start].start() : words[end - 1].end()] for start, end in found]
