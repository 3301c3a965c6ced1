"""When places that children name are put before the panel: pure. Source: practice.md 4.14 (DES); a product default, not law."""

from collections.abc import Iterable
from datetime import date, timedelta

WITHIN = timedelta(days=30)
MANY = 3


def asks_panel(named_on: Iterable[date], today: date) -> bool:
    """Whether three children's interviews or more named a place in the last 30 days. One day for each interview; those to come do not count."""
    return sum(today - WITHIN < day <= today for day in named_on) >= MANY
