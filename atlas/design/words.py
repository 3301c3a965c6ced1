"""Times, lengths of time and counts in the words of the screen."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone

_NUMBER = re.compile(r"\+?[\d ()-]{7,24}")


def when(moment: Any) -> str:
    """A moment or an instant as staff write it, in London: "2 May 2025 14:00"."""
    if moment is None:
        return "not known"
    if hasattr(moment, "words"):
        return str(moment.words())
    local = timezone.localtime(moment)
    return f"{local.day} {local:%B %Y %H:%M}"


def day(value: date | datetime | None) -> str:
    """A day: "2 May 2025"."""
    if value is None:
        return "not known"
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{local.day} {local:%B %Y}"


def how_long(length: timedelta) -> str:
    """A length of time in words, its two largest parts: "3 hours 20 minutes", "2 days 4 hours"."""
    minutes = int(abs(length).total_seconds() // 60)
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    while len(parts) > 1 and parts[0][0] == 0:
        parts.pop(0)
    return " ".join(plural(count, name) for count, name in parts[:2] if count) or "less than a minute"


def how_long_left(due: datetime, now: datetime) -> str:
    """How long is left, or how late it is: "5 hours left", "2 days 1 hour late"."""
    return f"{how_long(due - now)} {'left' if due >= now else 'late'}"


def plural(count: int, name: str, names: str = "") -> str:
    """A count with its noun: "1 day", "3 days"."""
    shown = intcomma(count) if count >= 1000 else count  # most are small, and a list has many
    return f"{shown} {name if count == 1 else names or name + 's'}"


def reference_of(pk: UUID) -> str:
    """The reference that stands for a record outside Atlas: eight characters of its own random id, about nobody."""
    return str(pk)[:8].upper()


def dialled(number: str) -> str:
    """A telephone number as a telephone dials it, without spaces; empty where the text is no number alone."""
    return re.sub(r"[ ()-]", "", number) if _NUMBER.fullmatch(number.strip()) else ""
