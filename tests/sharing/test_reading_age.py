"""What Atlas says to a child can be read at nine (real-life.md 7 and 25); and a worker is told which of their own lines cannot."""

import pytest

from atlas.plans.rules.parts import PARTS, Section
from atlas.sharing.copy import Audience, CompiledCopy, CopyBlock, CopyLine
from atlas.sharing.reading_age import CHILD_READS_AT, FEWEST_WORDS, hard, hard_lines, reading_age, syllables
from atlas.sharing.words_for_children import all_words

HARD = "Professionals will coordinate a multi-agency response to mitigate contextual vulnerabilities identified during the assessment."


def test_every_text_that_atlas_says_to_a_child_can_be_read_at_nine() -> None:
    texts = all_words()
    assert len(texts) > 50
    assert not hard(texts.values()), hard(texts.values())
    # And the headings of the parts that their copy may hold.
    assert not hard(section.label for section in PARTS[Audience.CHILD] | {Section.AGENCY, Section.CARER})
    # Short labels, on which the formula says nothing: no word of more than three syllables.
    labels = [text for text in texts.values() if len(text.split()) < FEWEST_WORDS]
    assert all(syllables(word) <= 3 for text in labels for word in text.split())


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("phone", 1),
        ("late", 1),
        ("table", 2),
        ("worker", 2),
        ("safety", 3),
        ("idea", 2),
        ("advocate", 3),
        ("That’s", 1),
        ("exploitation", 4),
    ],
)
def test_syllables_are_counted_as_they_are_heard_or_more(word: str, count: int) -> None:
    assert syllables(word) >= count
    assert syllables(word) <= count + 1


def test_the_measure_tells_a_child_s_sentence_from_a_meeting_s() -> None:
    assert reading_age("I ring Nan when I am late. She comes and gets me.") <= CHILD_READS_AT
    assert reading_age(HARD) > 18
    assert reading_age("") == reading_age("999") == 5.0


def test_a_worker_is_told_which_lines_a_child_cannot_read() -> None:
    lines = (CopyLine("a", "I send a text when I am late."), CopyLine("b", HARD), CopyLine("c", "Multi-agency coordination"))
    copy = CompiledCopy(Audience.CHILD, "My plan", (CopyBlock("my_actions", "What I will do", lines),))
    ((words, age),) = hard_lines(copy)
    assert (words, age > 18) == (HARD, True)
