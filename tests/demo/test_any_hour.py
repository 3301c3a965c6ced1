"""Fernleigh is made at whatever moment somebody, or a test, begins; `bench any_hour` makes all of it at awkward ones."""

from datetime import UTC, datetime, timedelta

import pytest

from atlas.guidance.models import ThresholdDocument
from demo.contacts import publish_thresholds
from tests.contacts.given import door

LAST_HOUR_OF_A_WINTER_EVENING = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_thresholds_are_published_on_the_day_of_london() -> None:
    """The same time of day 120 days before was past midnight in London: by the day of UTC they would hold from a day gone by."""
    head = door(with_thresholds=False).head
    publish_thresholds(head, LAST_HOUR_OF_A_WINTER_EVENING - timedelta(days=365), LAST_HOUR_OF_A_WINTER_EVENING)
    found = ThresholdDocument.objects.order_by("valid_from").values_list("valid_from", flat=True)
    assert [f"{day:%-d %B %Y}" for day in found] == ["29 November 2025", "2 August 2026"]
