"""The helper marks names, people who are not named, ways to reach somebody, and words that a ground may keep; not the child, not who wrote, not how a sentence begins."""

import pytest

from atlas.subject_access.marks import Known, Mark, Why, common_words, marks, name_words

KNOWN = Known(
    own=name_words(["Robin Rowan"]),
    staff=name_words(["Sam Okafor"]),
    others=name_words(["Kye"]),
    common=common_words(["she refused and walked"]),
)


def marked(text: str) -> set[tuple[str, str]]:
    """(the words, why) of every mark in a text."""
    return {(text[one.start : one.end], str(one.why)) for one in marks([("Words", text)], KNOWN)}


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        ("She was with Jade Smith at noon", "Jade Smith", Why.NAME),
        ("Jade Smith was there", "Jade Smith", Why.NAME),
        ("with O’Brien-Shaw", "O’Brien-Shaw", Why.NAME),
        ("she met kye again", "kye", Why.NAME),  # a name that the record knows, however it is typed
        ("messaged by charlotte all night", "charlotte", Why.NAME),  # a common forename in small letters
        ("a man known as Big T", "Big T", Why.NAME),
        ("with Jade Rowan", "Jade Rowan", Why.NAME),  # somebody who shares the child's surname
        ("The woman who runs the shop", "The woman", Why.OTHER),
        ("it was Kye’s idea", "Kye’s", Why.NAME),
        ("her mother’s boyfriend shouts", "boyfriend", Why.OTHER),
        ("a 17 year old friend drove", "a 17 year old friend", Why.OTHER),
        ("another young person in the home", "another young person", Why.OTHER),
        ("ring 07700 900123 at night", "07700 900123", Why.REACH),
        ("lives at 12 Elm Road", "12 Elm Road", Why.REACH),
        ("now in FR1 9ZZ", "FR1 9ZZ", Why.REACH),
        ("car AB12 CDE outside", "AB12 CDE", Why.REACH),
        ("write to kit@example.org", "kit@example.org", Why.REACH),
        ("told us in strict confidence", "in strict confidence", Why.SOURCE),
        ("the caller asked not to be named", "asked not to be named", Why.SOURCE),
        ("legal advice was taken", "legal advice", Why.LEGAL),
        ("the solicitor said no", "solicitor", Why.LEGAL),
        ("has been diagnosed", "diagnosed", Why.HEALTH),
        ("disclosed self-harm", "self-harm", Why.HEALTH),
        ("he is under investigation", "under investigation", Why.POLICE),
        ("an allegation against staff", "allegation against", Why.WORKER),
    ],
)  # fmt: skip
def test_is_marked(text: str, words: str, why: Why) -> None:
    found = marked(text)
    assert any(words in one and reason == why for one, reason in found), found


@pytest.mark.parametrize(
    "text",
    [
        "Robin Rowan was seen in the park on Monday",
        "Robin’s phone is off",
        "Sam Okafor rang",
        "Refused to say",  # the record has the word in small letters too
        "She said that she was fine. They walked home in May",
        "CAMHS and the GP were told",
        "Returned at 10.30 by bus",
        "",
    ],
)
def test_is_not_marked(text: str) -> None:
    assert marked(text) == set()


def test_the_same_words_are_marked_once_for_a_reason_and_in_order() -> None:
    found = marks([("A", "with Jade"), ("B", "Jade Smith and Jade")], KNOWN)
    assert found == sorted(found)
    assert [one for one in found if one.why == Why.NAME] == [
        Mark(0, 5, 9, Why.NAME), Mark(1, 0, 10, Why.NAME), Mark(1, 15, 19, Why.NAME),
    ]  # fmt: skip


def test_a_name_at_the_beginning_is_marked_unless_the_record_has_it_as_a_word() -> None:
    assert marked("Kit rang") == {("Kit", "name")}
    assert marks([("A", "Hope rang")], Known(common=common_words(["we hope so"]))) == []
