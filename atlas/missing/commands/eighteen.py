"""Eighteen is near, and something is still open: nothing closes by itself, a person decides who goes on (real-life.md point 21)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Model

from atlas.chronology.models import Entry
from atlas.chronology.moments import LONDON, start_of_day
from atlas.flow import lead
from atlas.missing.rules.eighteen import decide_at_once, question_of
from atlas.tasks.commands import make_task
from atlas.tasks.models import Task

if TYPE_CHECKING:
    from atlas.children.models import Child


def ask_before_eighteen(child: "Child", about: Model, entry: Entry, at: datetime) -> None:
    """Give the lead practitioner the question who goes on, where the child turns 18 within 90 days or is 18 already; as an effect of the command
    that runs now. Where it waits already, or has been answered for the same day, it is not asked twice. `tick` asks again 30 days before.
    """
    asked = decide_at_once(child.born_on, at.astimezone(LONDON).date()) if child.born_on else None
    if asked is None:
        return
    birthday, by_day = asked
    name, due_at = question_of(birthday), start_of_day(by_day)
    if Task.objects.filter(child=child, name=name, due_at=due_at).exists():
        return
    post, team = lead(child, at)
    make_task(name=name, entry=entry, about=about, post=post, team=team, due_at=due_at)
