"""Nothing closes by itself at eighteen: when somebody must decide who goes on. Pure."""

from datetime import date, timedelta

from atlas.chronology.moments import day_words
from atlas.people.rules import adult_on

ASKED_BEFORE = (timedelta(days=90), timedelta(days=30))  # real-life.md point 21


def decide_before_eighteen(born_on: date, day: date) -> tuple[date, date] | None:
    """(the 18th birthday, the day by which somebody decides who goes on), where the birthday is at most 90 days off; None otherwise.

    Asked twice: from 90 days before, to be decided 30 days before; and again from then on, to be decided by the eve.
    """
    birthday = adult_on(born_on)
    first, last = ASKED_BEFORE
    if not birthday - first <= day < birthday:
        return None
    return birthday, birthday - last if day < birthday - last else birthday - timedelta(days=1)


def decide_at_once(born_on: date, day: date) -> tuple[date, date] | None:
    """The same for what begins on this day: of somebody who is 18 already, or since (missing the night before), the decision is due the same day."""
    birthday = adult_on(born_on)
    return (birthday, day) if day >= birthday else decide_before_eighteen(born_on, day)


def question_of(birthday: date) -> str:
    """What is asked, as the task says it: the same words each time, by which one knows that it has been asked."""
    return f"18 on {day_words(birthday)}: decide who goes on (adult safeguarding, leaving care, youth justice, police)"
