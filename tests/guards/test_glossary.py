"""The glossary: each word with what it means and what to avoid; each is used, each table has one, none to avoid is on a screen."""

import re

from atlas.config.data_dictionary import our_models
from tests.guards.reading import ATLAS, ROOT, SOURCES, name_of, shown_in, texts

ENTRY = re.compile(r"^## (?P<word>.+)\n(?P<means>.+)\n_Avoid_: (?P<avoid>.+)$", re.MULTILINE)
USED = "\n".join([path.read_text() for path in [*SOURCES, *ATLAS.rglob("*.html")]]).lower().replace("_", " ")
# Tables whose word in the glossary is another than their name.
WORDS = {"episode": "missing episode", "offer": "offered"}
# Phrases in which a word to avoid means something else, and words of everyday English that are avoided as names of things alone.
PHRASES = re.compile(
    r"main case system|service post|about this service|heads? of service|known to services|no further action|director of children’s services|agency action"
    r"|safety case|subject access request|service managers|space-time permutation scan"
    r"|disclosure and barring service|direct work sessions?|sessions? of direct work|Atlas's logins",
    re.IGNORECASE,
)
EVERYDAY = {"account", "closed", "done", "history", "message", "warning"}


def entries() -> "list[re.Match[str]]":
    return list(ENTRY.finditer((ROOT / "GLOSSARY.md").read_text()))


def avoided() -> dict[str, str]:
    """Each word to avoid everywhere, with the word that stands for it; one with a bracket is avoided in some places alone."""
    listed = {word.strip(): entry["word"] for entry in entries() for word in entry["avoid"].split(",")}
    return {word: instead for word, instead in listed.items() if "(" not in word}


def test_every_word_has_its_meaning_and_what_to_avoid_and_is_used() -> None:
    assert len(entries()) == (ROOT / "GLOSSARY.md").read_text().count("\n## ") >= 40
    words = [entry["word"] for entry in entries()]
    assert words == sorted(set(words))
    for word in words:
        assert re.search(rf"\b{re.escape(word.lower())}s?\b", USED), word


def test_every_table_has_its_word() -> None:
    words = {entry["word"].lower() for entry in entries()}
    for model in our_models():
        name = str(model._meta.verbose_name)
        assert WORDS.get(name, name) in words, f"{model._meta.label}: give “{name}” an entry in GLOSSARY.md."


def test_a_word_to_avoid_is_no_word_of_the_glossary() -> None:
    words = {entry["word"] for entry in entries()}
    assert not set(avoided()) & words, set(avoided()) & words


def test_no_word_to_avoid_stands_on_a_screen() -> None:
    """What a template shows, and every sentence or label in our code: what begins with a capital."""
    bad = re.compile(rf"\b({'|'.join(map(re.escape, sorted(set(avoided()) - EVERYDAY)))})s?\b", re.IGNORECASE)
    shown = [(path.name, shown_in(path)) for path in ATLAS.rglob("*.html")]
    ours = [path for path in SOURCES if name_of(path) != "returns/annex_a/lists.py"]  # Ofsted's own headings, letter for letter
    shown += [(f"{name_of(path)}:{line}", text) for path in ours for line, text in texts(path) if re.match(r"[A-Z][a-z]", text)]
    for where, text in shown:
        assert not (found := bad.search(PHRASES.sub(" ", text))), (where, found, avoided().get(found[1].lower()))


def test_every_decision_has_its_four_parts() -> None:
    records = sorted((ROOT / "docs/adr").glob("*.md"))
    assert len(records) >= 8
    for record in records:
        for part in ("## Context", "## Options", "## Decision", "## Consequences"):
            assert part in record.read_text(), (record.name, part)
