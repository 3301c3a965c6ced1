"""The published book of rules says what tests/rules say, and is current."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from atlas.config.practice_rules import practice_rules, section


def test_a_rule_becomes_words_limit_and_table(tmp_path: Path) -> None:
    page = tmp_path / "test_return_talk.py"
    page.write_text('''"""A child is talked to in time."""
from atlas.missing.rules.interview import RETURN_INTERVIEW
DUE = [
    #   returned  is due
    ("Monday",    True),   # a | b
    (Kind.NOT_SO, None),
]  # fmt: skip
@pytest.mark.parametrize(("a", "b"), DUE)
def test_due(a, b):
    """It is due."""
''')
    words = section(page)
    assert words.startswith(
        "## Return talk\n\nA child is talked to in time.\n\n- **Return interview**: 72 hours\n- Rank and source: statutory guidance."
    )
    assert words.endswith(
        "It is due.\n\n| Returned | Is due |  |\n| --- | --- | --- |\n| Monday | yes | a \\| b |\n| not so | not known |  |\n"
    )


@pytest.mark.parametrize(
    ("source", "words"), [("X = 1\n", "has no docstring"), ('"""Rule."""\nX = [\n    (1, 2),\n]\n', "names its 2 columns")]
)
def test_a_rule_that_nobody_could_read_is_refused(tmp_path: Path, source: str, words: str) -> None:
    page = tmp_path / "test_x.py"
    page.write_text(source)
    with pytest.raises(ValueError, match=words):
        section(page)


def test_no_rules_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        practice_rules(tmp_path)


def test_check_fails_where_the_page_is_old(tmp_path: Path, settings: object) -> None:
    settings.ROOT = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "tests/rules").mkdir(parents=True)
    (tmp_path / "tests/rules/test_x.py").write_text('"""A rule."""\n')
    with pytest.raises(CommandError, match="out of date"):
        call_command("docs", "practice-rules.md", "--check")
    call_command("docs", "practice-rules.md", verbosity=0)
    call_command("docs", "practice-rules.md", "--check")
    (tmp_path / "tests/rules/test_x.py").write_text('"""Another rule."""\n')
    with pytest.raises(CommandError, match="out of date"):
        call_command("docs", "practice-rules.md", "--check")
    with pytest.raises(CommandError, match="no document"):
        call_command("docs", "nothing")
