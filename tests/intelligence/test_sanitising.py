"""What of a wording could give the source away: pointed out, never decided."""

import pytest

from atlas.intelligence.rules import GivenAway, given_away, is_wider

ORIGINAL = "At 10.30 the man in the red van waited by the ninth lamp behind Larkfield Academy, and gave her a phone."


@pytest.mark.parametrize(
    ("wording", "found"),
    [
        ("An adult may have waited near a school, and given the child something.", []),
        ("A man in the red car waited", []),  # four in a row are not pointed out
        ("Said: The Man in the red van waited.", [("Words of the original", "The Man in the red van waited")]),
        ("by the ninth lamp behind a school, and gave her a phone", [
            ("Words of the original", "by the ninth lamp behind"), ("Words of the original", "and gave her a phone")]),
        ("By the ninth lamp, BEHIND Larkfield Academy", [("Words of the original", "By the ninth lamp, BEHIND Larkfield Academy")]),
        ("About 10:30 or 9 pm or 2215 hours", [("An exact time", "10:30"), ("An exact time", "9 pm"), ("An exact time", "2215 hours")]),
        ("On 17 April 2026, or the 3rd of May, or 17/4/26", [
            ("An exact date", "17 April 2026"), ("An exact date", "3rd of May"), ("An exact date", "17/4/26")]),
        ("At 14 Larkfield Road, ZZ9 9ZZ", [("An exact address", "14 Larkfield Road"), ("An exact address", "ZZ9 9ZZ")]),
        ("Ring 07700 900123 or 01632 960001", [("A telephone number", "07700 900123"), ("A telephone number", "01632 960001")]),
        ("In April 2026, at night, in a park", []),
    ],
)  # fmt: skip
def test_what_could_give_the_source_away_is_pointed_out(wording: str, found: list[tuple[str, str]]) -> None:
    assert given_away(ORIGINAL, wording) == [GivenAway(*one) for one in found]


def test_an_original_shorter_than_five_words_has_no_run() -> None:
    assert given_away("Seen near school", "Seen near school") == []
    assert given_away("", "") == []


def test_nothing_is_wider_than_it_came() -> None:
    wider = {(asked, than) for asked in "PCN" for than in "PCN" if is_wider(asked, than)}
    assert wider == {("P", "C"), ("P", "N"), ("C", "N")}
