"""The glossary: at least forty words, each with what it means and what to avoid, each a word that Atlas uses."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENTRY = re.compile(r"^## (?P<word>.+)\n(?P<means>.+)\n_Avoid_: (?P<avoid>.+)$", re.MULTILINE)
USED = "\n".join(
    path.read_text().lower() for kind in ("*.py", "*.html") for path in (ROOT / "atlas").rglob(kind) if "migrations" not in path.parts
).replace("_", " ")


def test_every_word_has_its_meaning_and_what_to_avoid_and_is_used() -> None:
    text = (ROOT / "GLOSSARY.md").read_text()
    entries = list(ENTRY.finditer(text))
    assert len(entries) == text.count("\n## ") >= 40
    words = [entry["word"] for entry in entries]
    assert words == sorted(set(words))
    for entry in entries:
        assert entry["word"].lower() in USED, entry["word"]


def test_a_word_to_avoid_is_no_word_of_the_glossary() -> None:
    entries = list(ENTRY.finditer((ROOT / "GLOSSARY.md").read_text()))
    words = {entry["word"] for entry in entries}
    for entry in entries:
        avoided = {word.strip() for word in re.sub(r"\(.*?\)", "", entry["avoid"]).split(",")}
        assert not avoided & words - {"screen"}, (entry["word"], avoided & words)


def test_every_decision_has_its_four_parts() -> None:
    records = sorted((ROOT / "docs/adr").glob("*.md"))
    assert len(records) >= 8
    for record in records:
        for part in ("## Context", "## Options", "## Decision", "## Consequences"):
            assert part in record.read_text(), (record.name, part)
