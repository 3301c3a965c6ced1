"""Names of many cultures in one form: folded letters, parts, particles, families of forenames."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from atlas_analysis.matching.nicknames import families

FAMILY = families()
UNKNOWN = {  # what people type where they do not know a name; compared in capitals, whole
    "", "?", "-", ".", "NK", "N/K", "N/A", "NA", "NULL", "NONE", "NOT KNOWN", "NOTKNOWN", "UNKNOWN", "UNKNOWN UNKNOWN", "NOT GIVEN", "NOT STATED",
    "REFUSED", "TBC", "TBA", "XX", "XXX", "XXXX", "ANON", "ANONYMOUS", "UNBORN", "UNBORN BABY", "BABY", "BABY BOY", "BABY GIRL", "INFANT", "FNU", "LNU", "NFN", "NAN",
}  # fmt: skip
TITLES = {"mr", "mrs", "miss", "ms", "mx", "master", "dr", "rev", "sir", "jr", "jnr", "junior", "snr", "iii"}
PARTICLES = {
    "al", "el", "ul", "ud", "bin", "ibn", "bint", "binti", "binte", "ben", "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "las", "le", "los",
    "van", "von", "der", "den", "ter", "ten", "af", "av", "zu", "y", "e", "i", "ap", "ab", "ferch", "st", "o", "mc", "mac", "singh", "kaur", "begum",
}  # fmt: skip
SHARED_FIRST = {
    FAMILY.get(name, name) for name in ("mohammed", "abdul", "syed", "abu", "umm", "bibi", "maria", "jean")
}  # several in a family may have it before their own
OWN_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ə": "a", "ħ": "h", "ŋ": "n"}
)


@dataclass(frozen=True)
class Forenames:
    """What is compared of a person's forenames: the first, its family, the second, all their letters in a row
    (Anne-Marie is Annemarie), and the letters of the first in the order of the alphabet (what changed places is the same)."""

    forename: str | None
    root: str | None
    second: str | None
    given: str | None
    letters: str | None


@dataclass(frozen=True)
class Surname:
    """What is compared of a surname: all its letters in a row, and its first and last part that is no particle (van, al, de, Singh), and its letters in order."""

    surname: str | None
    head: str | None
    tail: str | None
    letters: str | None


@lru_cache(maxsize=200_000)
def parts(text: str) -> tuple[str, ...]:
    """The parts of a name, folded: without accents, capitals and apostrophes, divided at spaces, hyphens and points. Other scripts are kept as they are."""
    if " ".join(text.split()).upper() in UNKNOWN:
        return ()
    folded = unicodedata.normalize("NFKD", text.lower().translate(OWN_LETTERS))
    letters = "".join("" if unicodedata.combining(one) or one in "'’‘`ʼʻ´" else one if one.isalpha() else " " for one in folded)
    found = tuple(part for part in letters.split() if part not in TITLES)
    return found or tuple(letters.split())


@lru_cache(maxsize=200_000)
def forenames_of(text: str | None) -> Forenames:
    """Forenames as typed, in one form. A missing or placeholder name (NK, Unknown, Baby) is none."""
    found = parts(text or "")
    if not found:
        return Forenames(None, None, None, None, None)
    first = found[0]
    return Forenames(first, FAMILY.get(first, first), found[1] if len(found) > 1 else None, "".join(found), "".join(sorted(first)))


@lru_cache(maxsize=200_000)
def surname_of(text: str | None) -> Surname:
    """A surname as typed, in one form. Where all its parts are particles (Kaur, Begum), they are the name."""
    found = parts(text or "")
    if not found:
        return Surname(None, None, None, None)
    own = tuple(part for part in found if part not in PARTICLES) or found
    return Surname("".join(found), own[0], own[-1], "".join(sorted("".join(found))))
