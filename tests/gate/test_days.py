"""A day is London's: in the hour after midnight in summer, yesterday in UTC, a post stands or has ended as people expect, in Python and in the database."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from atlas.agencies.queries import posts_standing
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.queries import is_live
from tests import factories

pytestmark = pytest.mark.django_db
HALF_PAST_MIDNIGHT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
FIRST = date(2026, 7, 1)
LAST_NIGHT_OF_SUMMER_TIME = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 01:30 for the first time, on the same day in both


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (HALF_PAST_MIDNIGHT, FIRST), (LAST_NIGHT_OF_SUMMER_TIME, date(2026, 10, 25)), (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), date(2026, 3, 30)), (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), date(2026, 3, 28)),
    ],
)  # fmt: skip
def test_a_moment_falls_on_london_s_day(moment: datetime, day: date) -> None:
    assert day_of(moment) == day


@pytest.mark.parametrize(
    ("from_on", "until_on", "stands"), [(FIRST, None, True), (date(2026, 1, 1), date(2026, 6, 30), False), (date(2026, 1, 1), FIRST, True)]
)
def test_a_post_begins_and_ends_at_midnight_in_london(from_on: date, until_on: date | None, stands: bool) -> None:
    post = factories.post("practitioner", from_on=from_on)
    post.until_on = until_on
    post.save()
    assert posts_standing(day_of(HALF_PAST_MIDNIGHT)).filter(pk=post.pk).exists() == stands
    with acting_as(post, HALF_PAST_MIDNIGHT) as subject, connection.cursor() as cursor:
        cursor.execute("SELECT gate_post()")
        assert (is_live(subject), cursor.fetchone()[0] == post.pk) == (stands, stands)
