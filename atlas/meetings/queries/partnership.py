"""The numbers of the partnership: counted in the database, without a row about any child."""

from datetime import date, datetime

from django.db import connections

from atlas.chronology.moments import start_of_day
from atlas.gate.days import day_of
from atlas.meetings.rules.partnership import CountedOf

MONTHS = 6


def months_to(day: date) -> list[date]:
    """The first days of the last six months, this one the last."""
    months = [(day.year * 12 + day.month - 1) - back for back in reversed(range(MONTHS))]
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def partnership_counted(at: datetime) -> list[CountedOf]:
    """What each agency of the subject's authorities did in the last six months of what was asked of it."""
    from_at = start_of_day(months_to(day_of(at))[0])
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT agency, kind, month, measure, outcome, many FROM gate_partnership(%s, %s)", [from_at, at])
        return [CountedOf(*row) for row in cursor.fetchall()]
