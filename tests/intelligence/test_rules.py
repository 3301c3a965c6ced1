"""Who may read a product, and until when, by hand: every handling, state and agency; the end of a month; older codes."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from atlas.intelligence.rules import GivenAway, Handling, State, given_away, handling_of_old, is_released, latest_review

AUTHOR, NAMED, OTHER = (UUID(int=number) for number in (1, 2, 3))
DAY = date(2026, 5, 5)


@pytest.mark.parametrize("handling", Handling)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_who_may_read_it(handling: Handling, state: State, days: int) -> None:
    def may(to: UUID) -> bool:
        return is_released(
            handling=handling, state=state, author=AUTHOR, named=[NAMED], review_on=DAY + timedelta(days=days), to=to, on=DAY
        )  # fmt: skip

    is_out = state == "released" and days >= 0  # on the day of its review it still stands
    assert may(AUTHOR)
    assert may(NAMED) == (is_out and handling in ("P", "C"))
    assert may(OTHER) == (is_out and handling == "P")


@pytest.mark.parametrize(
    ("kind", "on", "by"),
    [
        ("police", date(2026, 5, 5), date(2026, 8, 5)),
        ("council", date(2026, 5, 5), date(2026, 11, 5)),
        ("health", date(2026, 6, 30), date(2026, 12, 30)),
        ("police", date(2026, 9, 30), date(2026, 12, 30)),
        ("police", date(2026, 10, 31), date(2027, 1, 31)),
        ("police", date(2026, 11, 30), date(2027, 2, 28)),
        ("council", date(2026, 8, 31), date(2027, 2, 28)),
        ("council", date(2027, 8, 31), date(2028, 2, 29)),
        ("council", date(2026, 7, 1), date(2027, 1, 1)),
        ("council", date(2026, 1, 31), date(2026, 7, 31)),
    ],
)
def test_it_is_looked_at_again_after_six_months_or_three(kind: str, on: date, by: date) -> None:
    assert latest_review(kind, on) == by


@pytest.mark.parametrize(
    ("code", "now"), [("1", "N"), ("2", "P"), ("3", "N"), ("4", "N"), ("5", "C"), (" 2 ", "P"), ("6", "N"), ("", "N")]
)  # fmt: skip
def test_an_older_code_opens_to_nobody_whom_it_did_not_name(code: str, now: str) -> None:
    assert handling_of_old(code) == now


def test_runs_of_words_are_told_apart_joined_and_cut_where_they_end() -> None:
    original = "one two three four five six seven. eight nine ten eleven twelve"

    def runs(wording: str) -> list[str]:
        found = given_away(original, wording)
        assert all(one.what == "Words of the original" for one in found)
        return [one.words for one in found]

    assert runs("one two three four") == []
    assert runs("one two three four five") == ["one two three four five"]
    assert runs("so one two three four five six, then") == ["one two three four five six"]
    assert runs("two three four five six no eight nine ten eleven twelve") == ["two three four five six", "eight nine ten eleven twelve"]
    assert runs("one two three four five eight nine ten eleven twelve") == ["one two three four five", "eight nine ten eleven twelve"]
    assert runs("one two three four five one two three four five") == ["one two three four five", "one two three four five"]
    three = "one two three four five six no seven eight nine ten eleven twelve"  # each run is longer than the shortest: joined to its own beginning
    assert runs(three) == ["one two three four five six", "seven eight nine ten eleven twelve"]
    assert given_away(original, "At 9 pm") == [GivenAway("An exact time", "9 pm")]
