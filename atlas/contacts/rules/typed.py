"""What can be read out of what somebody typed about a child: a date of birth, an age, further children one on a line. Pure."""

import re
from datetime import date, datetime

MOST_OTHERS = 8  # children typed at once; more than that are rung through
_DAY = re.compile(r"\b(\d{1,2})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{4})\b")
_WRITTEN = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\s+(\d{4})\b")
_AGE = re.compile(r"^\s*(?:aged?\s+|about\s+|around\s+)*(\d{1,2})\b(?!\s*[./-])")


def born_on(words: str) -> date | None:
    """The date of birth in these words, day first; None where there is none, or no such day."""
    if found := _DAY.search(words):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _WRITTEN.search(words):
        for form in ("%d %B %Y", "%d %b %Y"):
            try:
                return datetime.strptime(" ".join(found.groups()), form).date()  # noqa: DTZ007  (a day, of no zone)
            except ValueError:
                continue
    return None


def _date(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def age_in(words: str) -> int | None:
    """The age in these words ("about 9", "15 years"), where no date stands there; None where there is none."""
    found = None if born_on(words) else _AGE.match(words)
    return int(found[1]) if found and int(found[1]) < 26 else None


def others_on_lines(text: str) -> list[tuple[str, str]]:
    """Further children, one on a line: (name, date of birth or age as typed). What stands after the first comma is the second part."""
    lines = [line.strip(" -•\t") for line in text.splitlines()]
    pairs = [line.partition(",") for line in lines if line]
    return [(name.strip(), rest.strip()) for name, _, rest in pairs]
