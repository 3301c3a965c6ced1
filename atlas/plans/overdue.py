"""What follows with time for safety plans: an owner who has left, a line that is late, a plan that nobody read, a birthday. Called by tick.

Source: practice.md 5.3 (LP-4, LP-8), 7 (EV-39, EV-45); real-life.md point 11. What is five working days late stands before panels (`meetings/queries/late_lines.py`).
"""

from datetime import date, datetime, timedelta

from django.db import connection

from atlas.chronology.moments import start_of_day
from atlas.clocks.calendar import is_working_day
from atlas.clocks.queries import bank_holidays_changed
from atlas.gate.days import day_of
from atlas.tasks.models import Task

EVERY_MINUTES = 15
LATE_AFTER = 2  # working days
NAMES = {
    "unowned": "Say who does a line of the safety plan now: whoever did it has left",
    "late": "A line of a safety plan is late: ask whoever does it",
    "quiet": "Nothing was heard for 30 days: is the safety plan still right?",
    "birthday": "A birthday changes what protects the child: read the safety plan",
}


def ask_of_plans(at: datetime) -> int:
    """Give each question that time asks of a plan to whoever must answer, once. Run every quarter of an hour. Returns how many were asked."""
    if at.minute % EVERY_MINUTES:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT child, why, label, record, due, post, team FROM gate_plans_asking(%s)", [late_before(at)])
        rows = cursor.fetchall()
    asked = 0
    for child, why, label, record, due, post, team in rows:
        due_at = start_of_day(due)
        if (post is None and team is None) or Task.objects.filter(about_id=record, name=NAMES[why], due_at=due_at).exists():
            continue
        Task.objects.create(
            child_id=child, name=NAMES[why], about_label=label, about_id=record, owner_post_id=post, owner_team_id=team, due_at=due_at
        )
        asked += 1
    return asked


def late_before(at: datetime, working_days: int = LATE_AFTER) -> date:
    """The first day that is not yet so many working days over: what was due before it is late."""
    day, left, overrides = day_of(at), working_days, bank_holidays_changed()
    while left:
        day -= timedelta(days=1)
        left -= is_working_day(day, overrides)
    return day
