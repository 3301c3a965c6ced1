"""The helper marks names, people who are not named, ways to reach somebody, and words that a ground may keep; not the child, not who wrote, not how a sentence begins."""

import re

import pytest

from atlas.subject_access.marks import Known, Mark, Why, _any, _outermost, common_words, marks, name_words

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


def named(text: str, known: Known = KNOWN) -> list[str]:
    """The words that are marked as a name, in order."""
    return [text[one.start : one.end] for one in marks([("Words", text)], known) if one.why == Why.NAME]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jade, Tom", ["Jade", "Tom"]),  # a sign between two names
        ("Jade and Tom", ["Jade", "Tom"]),  # a word between two names
        ("Robin Smith came", ["Robin Smith"]),  # the child's forename, and another's surname
        ("Smith Robin came", ["Smith Robin"]),
        ("robin came", []),  # the child's name is not marked in small letters either
        ("will came, and charlotte", ["charlotte"]),
        ("seen at LEEDS", []),  # five capitals are an abbreviation
        ("seen with JASMIN", ["JASMIN"]),
        ("seen with KYE", ["KYE"]),  # unless the record knows the name
        ("Kye rang", ["Kye"]),
        ("Robin's and Jade's phone", ["Jade's"]),
        ("known as Robin", []),
        ("is called home", []),
        ("goes by ghost", ["ghost"]),
        ("nicknamed “Ghost", ["“Ghost"]),
        ("known as Sam of the shop", []),
        ("known as Sam Big", ["Sam Big"]),
    ],
)  # fmt: skip
def test_these_words_are_the_name(text: str, names: list[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize("before", ["", "It rained. ", "Really! ", "Why? ", "Said: ", "Late; ", "• ", "Late\n", '"', "“", "(", "- "])
def test_a_sentence_begins_here(before: str) -> None:
    known = Known(common=frozenset({"hope", "it", "rained", "really", "said", "late"}))
    assert named(f"{before}Hope rang", known) == []
    assert named(f"{before}she met, Hope", known) == ["Hope"]


def test_parts_of_names_of_three_letters_and_words_in_small_letters() -> None:
    assert name_words(["Al Bo Kit", "Wren’s-Example"]) == {"kit", "wren’s-example"}
    assert common_words(["Hope hoped", "A tree"]) == {"hoped", "tree"}


def test_one_inside_another_goes_only_where_line_and_reason_are_the_same() -> None:
    source, legal = Why.SOURCE, Why.LEGAL
    assert _outermost({Mark(0, 2, 9, source), Mark(0, 3, 8, source)}) == [Mark(0, 2, 9, source)]
    assert _outermost({Mark(0, 2, 9, source), Mark(0, 2, 8, source)}) == [Mark(0, 2, 9, source)]
    assert _outermost({Mark(0, 2, 9, source), Mark(0, 3, 9, source)}) == [Mark(0, 2, 9, source)]
    for other in (Mark(1, 3, 8, source), Mark(0, 3, 8, legal), Mark(0, 3, 10, source), Mark(0, 9, 12, source)):
        assert _outermost({Mark(0, 2, 9, source), other}) == [Mark(0, 2, 9, source), other]


def test_words_of_which_any_marks_are_whole_words() -> None:
    assert re.findall(_any("solicitor", "court order"), "The solicitors; a solicitor asked for a court order, of this court") == [
        "solicitor",
        "court order",
    ]
