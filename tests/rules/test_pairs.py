"""Two records may be of one child: whom a person is asked about, and when again. Brothers and sisters, who share all but the forename, are not asked about."""

from typing import Any

import pytest

from atlas.linkage.rules import Reason, is_beginning, is_news, may_ask_again, paired, worth_asking
from tests.factories import at

CASES = [
    # forename     surname     date of birth   number      brothers or sisters   by the model   asked
    ("same",       "same",     "same",         "unknown",  False,                -3.0,          True),   # in a small council names are not rare enough for the model
    ("family",     "same",     "same",         "unknown",  False,                -3.0,          True),   # Jamie and James
    ("turned",     "unknown",  "same",         "unknown",  False,                -3.0,          True),   # forename and surname the other way round
    ("same",       "part",     "transposed",   "unknown",  False,                -3.0,          True),   # 3 April and 4 March
    ("close",      "same",     "same",         "unknown",  False,                2.0,           True),   # a slip of the keyboard
    ("close",      "same",     "same",         "unknown",  False,                -2.0,          False),
    ("same",       "same",     "digit",        "unknown",  False,                -3.0,          True),   # one digit of the date
    ("same",       "same",     "year",         "unknown",  False,                -3.0,          False),
    ("same",       "same",     "year",         "unknown",  False,                1.0,           True),   # another day of the same year
    ("same",       "other",    "other",        "same",     False,                -5.0,          True),   # the same NHS or pupil number always
    ("other",      "same",     "same",         "unknown",  False,                12.0,          False),  # twins
    ("other",      "same",     "same",         "same",     False,                12.0,          True),   # twins with one number: somebody must look
    ("close",      "same",     "same",         "unknown",  True,                 12.0,          False),  # Mara and Maya, known to be sisters
    ("same",       "same",     "same",         "unknown",  True,                 12.0,          True),   # the very same name: a tie with oneself
    ("initial",    "same",     "same",         "unknown",  False,                1.0,           True),
    ("unknown",    "unknown",  "unknown",      "unknown",  False,                -9.0,          False),
]  # fmt: skip
AGAIN = [
    # kept apart when                            now                                             asked anew
    ({"forename": "close", "born": "same"},      {"forename": "close", "born": "same"},          False),
    ({"forename": "close", "born": "year"},      {"forename": "close", "born": "same"},          True),   # the date of birth was put right
    ({"forename": "same", "upn": "unknown"},     {"forename": "same", "upn": "same"},            True),   # a number came
    ({"forename": "same", "place": "other"},     {"forename": "same", "place": "same"},          False),  # they live together now: so do brothers
    ({"forename": "same", "telephone": "other"}, {"forename": "same", "telephone": "same"},      False),
    ({"forename": "same", "born": "same"},       {"forename": "same", "born": "digit"},          False),  # further apart
]  # fmt: skip


@pytest.mark.parametrize(("forename", "surname", "born", "number", "siblings", "weight", "asked"), CASES)
def test_who_is_asked_about(forename: str, surname: str, born: str, number: str, siblings: bool, weight: float, asked: bool) -> None:
    for name in ("nhs_number", "upn"):
        degrees = {"forename": forename, "surname": surname, "born": born, name: number}
        assert worth_asking(degrees, weight, are_siblings=siblings) is asked


@pytest.mark.parametrize(("before", "now", "asked"), AGAIN)
def test_what_was_kept_apart_is_asked_anew_only_where_it_came_closer(before: Any, now: Any, asked: bool) -> None:
    assert is_news(*([Reason(term, degree, "", "") for term, degree in said.items()] for said in (now, before))) is asked


def test_a_forename_that_is_the_beginning_of_the_other() -> None:
    cases = (
        ("alex", "alexandra", True),
        ("alexandra", "alex", True),
        ("al", "alexandra", False),
        ("alex", "alex", False),
        (None, "alex", False),
    )
    for one, other, is_so in cases:
        assert is_beginning(one, other) is is_so


def test_it_is_asked_again_within_half_a_year_and_not_today() -> None:
    today = at("5 May 2026 12:00").date()
    for day, may in (("5 May 2026", False), ("6 May 2026", True), ("3 November 2026", True), ("4 November 2026", False)):
        assert may_ask_again(at(f"{day} 12:00").date(), today) is may
    assert paired("b", "a") == paired("a", "b") == ("a", "b")
