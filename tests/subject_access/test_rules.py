"""By when an answer is in time, on every awkward day; what is shown in place of what was taken out. Published examples: the Information Commissioner's, as recalled."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.clocks.calendar import Override
from atlas.subject_access.answer import without
from atlas.subject_access.rules import IN_ITS_PLACE, Asks, Ground, Pause, Right, answer_by, open_until, why_not
from tests.factories import at

O = Ground.OTHER_PERSON  # noqa: E741


@pytest.mark.parametrize(
    ("came", "by"),
    [
        (date(2026, 9, 3), date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2026, 3, 31), date(2026, 4, 30)),  # no 31 April
        (date(2026, 1, 30), date(2026, 3, 2)),  # no 30 February; the 28th is a Saturday
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas Day, a Saturday that is Boxing Day, its Monday instead
        (date(2026, 3, 3), date(2026, 4, 7)),  # Good Friday to Easter Monday
    ],
)
def test_a_month_ends_on_the_day_of_the_same_number_or_the_next_working_day(came: date, by: date) -> None:
    assert answer_by(came) == by


def test_two_more_months_and_the_days_of_a_pause() -> None:
    came = date(2026, 9, 3)
    assert answer_by(came, is_extended=True) == date(2026, 12, 3)
    assert answer_by(came, pauses=[Pause(date(2026, 9, 10), date(2026, 9, 17))]) == date(2026, 10, 12)  # the 10th is a Saturday
    assert answer_by(came, pauses=[Pause(date(2026, 9, 10), None)]) is None


def test_what_is_taken_out_says_why_or_nothing() -> None:
    text = "with Jade Smith and Tom, then home"
    assert without(text, [(5, 15, O)], is_quiet=False) == f"with {IN_ITS_PLACE[O]} and Tom, then home"
    assert without(text, [(5, 15, O), (20, 23, Ground.CRIME)], is_quiet=True) == "with and , then home"
    assert without(text, [(5, 12, O), (8, 15, O)], is_quiet=False) == f"with {IN_ITS_PLACE[O]} and Tom, then home"


@given(st.text(min_size=1, max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5), st.booleans())
def test_no_character_that_is_cut_is_left_and_none_that_is_not_is_lost(text: str, places: list[tuple[int, int]], quiet: bool) -> None:
    cuts = [(min(one), max(one), O) for one in places if min(one) < min(max(one), len(text))]
    out = {at for start, end, _ in cuts for at in range(start, min(end, len(text)))}
    kept = "".join(one for at, one in enumerate(text) if at not in out)
    made = without(text, cuts, is_quiet=quiet).replace(IN_ITS_PLACE[O], "")
    assert sorted(made.replace(" ", "")) == sorted(kept.replace(" ", "").strip()) or "".join(made.split()) == "".join(kept.split())


NEEDS = {
    "identity_words": [Right(who, identity, "Order", True, True) for who in Asks for identity in ("", " ")],
    "right_words": [Right(who, "Passport", words, True, True) for who in (Asks.PARENT, Asks.REPRESENTATIVE) for words in ("", " ")],
    "child_understands": [Right(Asks.PARENT, "Passport", "Birth certificate", None, agrees) for agrees in (True, False, None)],
    "child_agrees": [Right(Asks.PARENT, "Passport", "Birth certificate", True, agrees) for agrees in (False, None)],
    "": [
        Right(Asks.CHILD, "Passport", "", None, None),
        Right(Asks.REPRESENTATIVE, "Passport", "Authority", None, None),
        Right(Asks.REPRESENTATIVE, "Passport", "Authority", True, False),
        Right(Asks.PARENT, "Passport", "Birth certificate", True, True),
        Right(Asks.PARENT, "Passport", "Birth certificate", False, None),
    ],
}


@pytest.mark.parametrize(("missing", "right"), [(missing, right) for missing, rights in NEEDS.items() for right in rights])
def test_by_what_right_somebody_asks(missing: str, right: Right) -> None:
    said = why_not(right)
    assert (said[0] if said else "") == missing
    assert said is None or said[1].endswith(".")


def test_a_request_opens_the_record_for_ninety_days() -> None:
    assert open_until(at("5 May 2026 10:00")) == at("3 August 2026 10:00")


def test_the_days_of_every_pause_count_and_a_day_of_the_council_s_own_is_no_working_day() -> None:
    came = date(2026, 9, 1)
    assert answer_by(came) == date(2026, 10, 1)
    assert answer_by(came, pauses=[Pause(date(2026, 9, 3), date(2026, 9, 4)), Pause(date(2026, 9, 7), date(2026, 9, 11))]) == date(
        2026, 10, 6
    )
    assert answer_by(came, overrides=[Override(date(2026, 10, 1), True)]) == date(2026, 10, 2)
