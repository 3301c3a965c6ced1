"""Identifiers and names, pure: is this number one that could have been given, and are these names the same but for spelling?"""

import re
import unicodedata
from datetime import date

ADULT_AGE = 18
NHS_WEIGHTS = range(10, 1, -1)
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(r"^[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]$")


def nhs_number(text: str) -> str | None:
    """The ten digits of an NHS number whose check digit is right; None otherwise.

    Modulus 11: the first nine digits by weights 10 to 2; 11 less the remainder is the tenth; 11 is 0 and 10 is never given.
    Source: NHS Data Dictionary, NHS NUMBER.
    """
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{10}", digits):
        return None
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, NHS_WEIGHTS, strict=False)) % 11
    return digits if check % 11 == int(digits[9]) and check != 10 else None


def upn(text: str) -> str | None:
    """A unique pupil number (13 characters) whose first letter is the check letter of the rest; None otherwise.

    Source: DfE, Unique pupil numbers: guidance: weights 2 to 13, modulus 23; a letter in the last place counts as its position.
    """
    value = text.strip().upper()
    if not _UPN.match(value):
        return None
    numbers = [int(mark) if mark.isdigit() else UPN_LETTERS.index(mark) for mark in value[1:]]
    return value if UPN_LETTERS[sum(n * w for n, w in zip(numbers, range(2, 14), strict=True)) % 23] == value[0] else None


def name_key(name: str) -> str:
    """A name folded for comparing: case, accents, hyphens, apostrophes and double spaces no longer count.

    "O'Brien-Łoś" and "obrien los" have the same key.
    """
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("Ø", "O").replace("ß", "ss"))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()
    letters = re.sub(r"['’‘`.]", "", letters)
    return " ".join(re.sub(r"[^\w]+", " ", letters).split())


def name_keys(name: str) -> list[str]:
    """The keys under which a whole name may be held, whichever of forename and surname was typed first; empty for no name."""
    parts = name_key(name).split()
    return sorted({" ".join(order) for order in (parts, [*parts[1:], *parts[:1]], [*parts[-1:], *parts[:-1]])} - {""})


def age_on(born_on: date, day: date) -> int:
    """Age in whole years on a day; below nought before birth."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def adult_on(born_on: date) -> date:
    """The day on which somebody is 18. Somebody born on 29 February is 18 on 1 March: eighteen years after a leap year there is no such day."""
    year = born_on.year + ADULT_AGE
    return date(year, 3, 1) if (born_on.month, born_on.day) == (2, 29) else born_on.replace(year=year)
