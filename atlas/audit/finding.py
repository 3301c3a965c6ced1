"""Odd looks, found once a day from yesterday's looks: facts about how a look stands to the worker, and one in a hundred by chance."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import connections

from atlas.agencies.models import Post
from atlas.audit.models import LooksChecked, OddLook
from atlas.gate.context import acting_as
from atlas.gate.days import day_of

if TYPE_CHECKING:
    from uuid import UUID

LONDON = ZoneInfo("Europe/London")
DAYS_BACK = 7  # after an outage
DAYS_TO_CLOSE = 7
AT_HOUR = 2  # the day is over, and its last long transaction too


def find_odd_looks(*, by: Post, at: datetime) -> int:
    """Go through each of the last days that nobody has gone through yet. Returns how many odd looks were found.

    Run by tick, under its own login: the database finds them (`gate_odd_looks`), so that no name reaches tick.
    """
    if at.astimezone(LONDON).hour < AT_HOUR:
        return 0
    today = day_of(at)
    days = [today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
    checked = set(LooksChecked.objects.filter(day__in=days).values_list("day", flat=True))
    return sum(_find(day, by, at) for day in days if day not in checked)


def _find(day: date, by: Post, at: datetime) -> int:
    since = datetime.combine(day, time(0), LONDON)
    until = datetime.combine(day + timedelta(days=1), time(0), LONDON)
    with acting_as(by, at):
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT reason, post, agency, child, look, looks, looked_at, children FROM gate_odd_looks(%s, %s)", [since, until]
            )
            found = cursor.fetchall()
        people: dict[UUID, UUID] = dict(Post.objects.filter(pk__in={row[1] for row in found}).values_list("pk", "user"))
        OddLook.objects.bulk_create(
            (
                OddLook(
                    day=day, reason=reason, post_id=post, person_looking=people[post], agency_id=agency, child_id=child, look=look, looks=looks,
                    looked_at=looked_at, children=children, found_at=at, due_on=day_of(at) + timedelta(days=DAYS_TO_CLOSE),
                )
                for reason, post, agency, child, look, looks, looked_at, children in found
            ),
            ignore_conflicts=True,
        )  # fmt: skip
        LooksChecked.objects.bulk_create([LooksChecked(day=day, odd=len(found), checked_at=at)], ignore_conflicts=True)
    return len(found)
