"""How old a child must be to read what Atlas says to children (real-life.md 7: nine). No peer: the floor is the age. Needs no database.

Every text of `atlas/sharing/words_for_children.py` is measured (`atlas/sharing/reading_age.py`: Flesch-Kincaid, syllables by pyphen or by vowels, whichever
is more); texts of fewer than four words are printed and not judged, since the formula then says only how long the longest word is.
"""

from atlas.sharing.reading_age import CHILD_READS_AT, FEWEST_WORDS, reading_age
from atlas.sharing.words_for_children import all_words
from bench.measuring import last_line, table

measured = sorted(((reading_age(text), name, text) for name, text in all_words().items()), reverse=True)
judged = [age for age, _, text in measured if len(text.split()) >= FEWEST_WORDS]
table(
    ("reading age", "words", "text"),
    [(f"{age:.1f}{'' if len(text.split()) >= FEWEST_WORDS else ' *'}", str(len(text.split())), text[:90]) for age, _, text in measured],
)
print("* fewer than four words: not judged")
last_line(
    texts=len(measured), judged=len(judged), oldest=max(judged), above=sum(age > CHILD_READS_AT for age in judged),
    mean=sum(judged) / len(judged), whole=reading_age(" ".join(text if text[-1] in ".?!:" else f"{text}." for _, _, text in measured)),
)  # fmt: skip
