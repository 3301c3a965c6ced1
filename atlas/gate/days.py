"""On which day something happens: London's, also in the hour after midnight in summer, when it is still yesterday in UTC."""

from datetime import date, datetime

from django.utils import timezone


def day_of(moment: datetime) -> date:
    """The day of London on which a moment falls."""
    return timezone.localtime(moment).date()
