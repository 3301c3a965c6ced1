"""What makes a tie of what the main case system says, and how long a tie that a person wrote down stands without being looked at again.

Product defaults, not law; source: protection.md 4.4 (siblings, household); DESIGN section 4 (no entry without a review date).
"""

import json
from datetime import date, timedelta

from atlas.people.rules import name_key

REVIEWED_WITHIN = timedelta(days=365)
# A worker is asked for a declaration at joining and yearly (protection.md 4.4), and has so long to give it.
DECLARED_EVERY = timedelta(days=365)
DECLARED_WITHIN = timedelta(days=14)
# More children than this at one address: a home, a hostel, a hotel. It is no household.
MOST_IN_HOUSEHOLD = 8
# More children than this under one family number: a number that stands for "not known". It is no family.
MOST_IN_FAMILY = 20
# How long an entry of somebody who is no child, a group or a place stands without being looked at again (protection.md 3.4): what the police supplied, and
# the rest; and how long after that its own agency may still look at it, before it is deleted.
ENTRY_REVIEWED = {"police": timedelta(days=91)}
ENTRY_REVIEWED_ELSE = timedelta(days=182)
ENTRY_EXPIRES_AFTER = timedelta(days=28)
# Keys of the Standard Safeguarding Dataset's address (item ADDR001A) that together say which dwelling it is.
DWELLING = ("ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "POSTCODE")


def dwelling(text: str, postcode: str) -> str:
    """Which dwelling an address is, folded for comparing: the lines that say so, and the postcode; empty where they do not say enough.

    A postcode alone, or a street without a number, is no dwelling. Takes the main case system's form (JSON) or a line of text.
    """
    lines = " ".join(_lines(text))
    has_number = any(mark.isdigit() for mark in lines)
    code = postcode.replace(" ", "").casefold()
    words = name_key(lines)
    words = words.removesuffix(name_key(postcode)).removesuffix(code).strip()
    return f"{words}|{code}" if words and code and has_number else ""


def _lines(text: str) -> list[str]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):  # brackets by thousands are no address
        return [text]
    if not isinstance(given, dict):
        return [text]
    named = {str(key).upper(): str(value).strip() for key, value in given.items() if value}
    return [named[key] for key in DWELLING[:-1] if key in named]


def telephone(text: str) -> str:
    """A telephone number as digits in the national form, for comparing: "+44 7700 900123" is "07700900123"."""
    digits = "".join(mark for mark in text if mark.isdigit())
    if digits.startswith("0044"):
        digits = digits[2:]
    return "0" + digits[2:].lstrip("0") if digits.startswith("44") else digits


def review_on(agency_kind: str, day: date) -> date:
    """The day until which an entry is shown that was written, or looked at, on `day` by an agency of this kind."""
    return day + ENTRY_REVIEWED.get(agency_kind, ENTRY_REVIEWED_ELSE)


def expires_on(reviewed: date) -> date:
    """The day after which an entry is deleted that was to be looked at by this one."""
    return reviewed + ENTRY_EXPIRES_AFTER
