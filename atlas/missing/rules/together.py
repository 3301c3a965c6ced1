"""One report for several children: how many, and what may not stand in it. Source: real-life.md point 20 (copies carry one child only)."""

import re
from collections.abc import Iterable

MOST_CHILDREN = 8  # product default, not law: of more, somebody should speak with somebody first


def names_one(text: str, names: Iterable[str]) -> bool:
    """Whether a text names one of these people: by the whole name in any case, or by the first name as it is written.

    Whole words alone, so that "Hope" is found and "hopeful" is not; a first name that is also a word is found only with its capital.
    """
    for name in names:
        first, whole = name.split(" ")[0], re.escape(name)
        if re.search(rf"\b{whole}\b", text, re.IGNORECASE) or re.search(rf"\b{re.escape(first)}\b", text):
            return True
    return False
