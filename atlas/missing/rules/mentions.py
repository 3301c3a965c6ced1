"""Which mentions of places say the same, and when places that children name are put before the panel: pure. Source: practice.md 4.14 (DES); a product
default, not law.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta

WITHIN = timedelta(days=30)
MANY = 3
BETWEEN = re.compile(r"[\W_]+")


def asks_panel(named_on: Iterable[date], today: date) -> bool:
    """Whether three children's interviews or more named a place in the last 30 days. One day for each interview; those to come do not count."""
    return sum(today - WITHIN < day <= today for day in named_on) >= MANY


def said_alike(words: str, area: str = "") -> tuple[str, str]:
    """Words and area, folded: two mentions with the same two say the same. Capitals, accents, spaces and punctuation make no difference; another area does."""
    return _folded(words), _folded(area)


def _folded(text: str) -> str:
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(mark))
    return BETWEEN.sub(" ", plain.replace("’", "").replace("'", "")).strip()
