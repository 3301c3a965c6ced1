"""Eighteen is near, and something is still open: nothing closes by itself, a person decides who goes on (real-life.md point 21)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Model

from atlas.chronology.models import Entry
from atlas.chronology.moments import start_of_day
from atlas.flow import lead
from atlas.gate.days import day_of
from atlas.missing.rules.eighteen import decide_at_once, decide_before_eighteen, question_of
from atlas.tasks.commands import make_task
from atlas.tasks.models import Task

if TYPE_CHECKING:
    from atlas.children.models import Child

EVERY_MINUTES = 15


def ask_before_eighteen(child: "Child", about: Model, entry: Entry, at: datetime) -> None:
    """Give the lead practitioner the question who goes on, where the child turns 18 within 90 days or is 18 already; as an effect of the command
    that runs now. Where it waits already, or has been answered for the same day, it is not asked twice. `tick` asks again 30 days before.
    """
    asked = decide_at_once(child.born_on, day_of(at)) if child.born_on else None
    if asked is None:
        return
    birthday, by_day = asked
    name, due_at = question_of(birthday), start_of_day(by_day)
    if Task.objects.filter(child=child, name=name, due_at=due_at).exists():
        return
    post, team = lead(child, at)
    make_task(name=name, entry=entry, about=about, post=post, team=team, due_at=due_at)


def ask_who_goes_on(at: datetime) -> int:
    """Ask who goes on with each child who turns 18 within 90 days while a missing episode or a return interview is open; and again within 30,
    in place of a question that still waits. Run every quarter of an hour. Returns how many were asked. Source: real-life.md point 21.
    """
    if at.minute % EVERY_MINUTES:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT child, born, label, record, entry, post, team FROM gate_nearly_eighteen()")
        rows = cursor.fetchall()
    today, asked = day_of(at), 0
    for child, born, label, record, entry, post, team in rows:
        question = decide_before_eighteen(born, today)
        if question is None:
            continue
        of_child = Task.objects.filter(child=child, name=question_of(question[0]))
        due_at = start_of_day(question[1])
        if of_child.filter(due_at=due_at).exists():
            continue
        of_child.filter(state=Task.State.OPEN).update(state=Task.State.NOT_NEEDED, ended_at=at)
        Task.objects.create(
            child_id=child, name=question_of(question[0]), entry_id=entry, owner_post_id=post, owner_team_id=team, due_at=due_at,
            about_label=label, about_id=record,
        )  # fmt: skip
        asked += 1
    return asked
