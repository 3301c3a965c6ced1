"""Eighteen is near, and something is still open: nothing closes by itself, a person decides who goes on (real-life.md point 21)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Model

from atlas.chronology.models import Entry
from atlas.chronology.moments import day_words, start_of_day
from atlas.flow import lead
from atlas.missing.rules.eighteen import decide_before_eighteen
from atlas.tasks.commands import make_task

if TYPE_CHECKING:
    from atlas.children.models import Child


def ask_before_eighteen(child: "Child", about: Model, entry: Entry, at: datetime) -> None:
    """Give the lead practitioner the question who goes on, where the child turns 18 within 90 days; as an effect of the command that runs now."""
    asked = decide_before_eighteen(child.born_on, at.date()) if child.born_on else None
    if asked is None:
        return
    birthday, by_day = asked
    post, team = lead(child, at)
    name = f"18 on {day_words(birthday)}: decide who goes on (adult safeguarding, leaving care, youth justice, police)"
    make_task(name=name[:120], entry=entry, about=about, post=post, team=team, due_at=start_of_day(by_day))
