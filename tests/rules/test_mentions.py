"""A place that three interviews or more named within 30 days is put before the panel (practice.md 4.14, a product default)."""

import pytest

from atlas.missing.rules.mentions import asks_panel, said_alike
from tests.factories import at

CASES = [
    # named on                                              today            asks the panel
    (("2 May 2026", "9 May 2026"),                          "10 May 2026",   False),
    (("2 May 2026", "9 May 2026", "10 May 2026"),           "10 May 2026",   True),
    (("10 April 2026", "9 May 2026", "10 May 2026"),        "10 May 2026",   False),
    (("11 April 2026", "9 May 2026", "10 May 2026"),        "10 May 2026",   True),
    (("9 May 2026", "10 May 2026", "11 May 2026"),          "10 May 2026",   False),
]  # fmt: skip


@pytest.mark.parametrize(("named_on", "today", "asks"), CASES)
def test_three_in_thirty_days_ask(named_on: tuple[str, ...], today: str, asks: bool) -> None:
    days = [at(f"{day} 12:00").date() for day in named_on]
    assert asks_panel(days, at(f"{today} 12:00").date()) is asks


ALIKE = [
    # one                                  another                               say the same
    (("Millpond Park", ""),                ("millpond  park!", ""),              True),
    (("McDonald’s", "Town"),               ("mcdonalds", "town"),                True),
    (("The café", ""),                     ("the cafe", ""),                     True),
    (("The park", "Northside"),            ("The park", "Southside"),            False),
    (("The park", ""),                     ("The car park", ""),                 False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "same"), ALIKE)
def test_the_same_words_are_one_whatever_their_capitals_and_points(one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    assert (said_alike(*one) == said_alike(*other)) is same
