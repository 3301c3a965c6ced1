"""How old somebody must be to read a text: measured, so that what Atlas says to a child is said to a child (real-life.md 7: nine years).

The Flesch-Kincaid grade (Kincaid and others, 1975: words in a sentence, syllables in a word), and five years for the first school year. It knows
nothing of meaning: a text that passes may still be hard, and a name or a long day of the week makes one harder than it is.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import pyphen

from atlas.sharing.copy import CompiledCopy

CHILD_READS_AT = 9  # real-life.md 7 and 25
FEWEST_WORDS = 4  # of fewer the formula says nothing but how long the longest word is
_SENTENCE, _WORD = re.compile(r"[.!?:]+(?:\s|$)"), re.compile(r"[A-Za-z]+(?:[’'][A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")


@lru_cache(maxsize=1)
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB")


def syllables(word: str) -> int:
    """How many syllables a word has: as its hyphens say or as its vowels do, whichever is more, so that no text is judged easier than it is."""
    small = word.casefold().replace("’", "'")
    heard = len(_VOWELS.findall(small.removesuffix("'s")))
    if heard > 1 and small.endswith("e") and not small.endswith(("le", "ee", "ye")):
        heard -= 1
    return max(1, heard, len(_hyphens().positions(small)) + 1)


def reading_age(text: str) -> float:
    """The age in years at which a text can be read, to one decimal; at least 5. A text without words: 5."""
    sentences = [words for part in _SENTENCE.split(text) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 5.0
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(syllables(word) for word in words) / len(words) - 15.59
    return round(max(5.0, grade + 5), 1)


def hard_lines(copy: CompiledCopy, most: float = CHILD_READS_AT) -> list[tuple[str, float]]:
    """The lines of a copy that somebody of that age cannot read, each with its reading age: for the worker, before it is given."""
    lines = (line.words for block in copy.blocks for line in block.lines)
    return hard(lines, most)


def hard(texts: Iterable[str], most: float = CHILD_READS_AT) -> list[tuple[str, float]]:
    """Those of these texts that somebody of that age cannot read, each with its reading age. Texts of fewer than four words are not judged."""
    return [(text, age) for text in texts if len(_WORD.findall(text)) >= FEWEST_WORDS and (age := reading_age(text)) > most]
