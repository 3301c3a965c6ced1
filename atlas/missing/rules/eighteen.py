"""Nothing closes by itself at eighteen: when somebody must decide who goes on. Pure."""

from datetime import date, timedelta

ADULT_AGE = 18

ASKED_BEFORE = (timedelta(days=90), timedelta(days=30))  # real-life.md point 21


def decide_before_eighteen(born_on: date, day: date) -> tuple[date, date] | None:
    """(the 18th birthday, the day by which somebody decides who goes on), where the birthday is at most 90 days off; None otherwise.

    The decision is due 30 days before, or on the eve where those are past. Somebody born on 29 February is 18 on 1 March.
    """
    try:
        birthday = born_on.replace(year=born_on.year + ADULT_AGE)
    except ValueError:
        birthday = date(born_on.year + ADULT_AGE, 3, 1)
    first, last = ASKED_BEFORE
    if not birthday - first <= day < birthday:
        return None
    return birthday, max(day, birthday - last) if day <= birthday - last else birthday - timedelta(days=1)
