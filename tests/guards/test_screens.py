"""What a person may come to see or to find: no blaming word on a screen, no secret and no machine's address in a file."""

import re

from tests.guards.reading import ATLAS, ROOT, SOURCES, kept, name_of, shown_in, texts

# Source: practice.md 2.2 and real-life.md point 25; DESIGN section 4: children do not place themselves at risk.
BLAMING = re.compile(
    r"no[- ]shows?\b|\babscond|proof of life|\bovertaken\b|hold (an?|the)? ?interview|broken line|hard stop|withhold from parent"
    r"|\bdeclined\b|\bpromiscuous|lifestyle choice|\bprostitut|\bboyfriend|\bAWOL\b|\bnominals?\b"
    r"|\b(put|puts|putting|place|places|placing) (him|her|them)sel(f|ves) (at|in) (risk|danger)",
    re.IGNORECASE,
)
MACHINE = re.compile(r"(?<![\w.])/(work|root|home|Users|opt|mnt|tmp|private)/|\b[A-Z]:\\\\")
REGISTRY = re.compile(
    r"\b(pypi|pythonhosted|npmjs|yarnpkg|unpkg|jsdelivr|cdnjs|crates|rubygems|anaconda|goproxy|golang|conda)\.(org|com|net|io|cn)\b"
    r"|https?://\S+\.(whl|tar\.gz|tgz|zip|deb|exe)\b|\bgit\+https?:|--(extra-)?index-url"
)
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\b(AKIA|ASIA)[0-9A-Z]{16}\b|\b(gh[pousr]_|github_pat_|glpat-|xox[abp]-)[A-Za-z0-9_-]{16,}"
    r"|postgres(ql)?://[\w.-]+:(?!secret@)[\w-]{6,}@"
)

# What a tab is called stays in the browser's history, and stands on the wall in a meeting (protection.md table A5, *browser storage*).
TITLED = re.compile(r"\{% block title %\}(?:(?!\{% endblock).)*child\.name|\bheading=f\"[^\"]*child\.name")
# Lists of words: which a writer is asked about; which are marked before a record is given.
LISTS_OF_WORDS = {"design/heard.py", "subject_access/marks.py"}


def test_no_blaming_word_stands_on_a_screen() -> None:
    for path in ATLAS.rglob("*.html"):
        assert not (found := BLAMING.search(shown_in(path))), (path, found)
    for path in [*ATLAS.rglob("atlas.js"), *(ROOT / "docs").glob("*.md")]:
        assert not (found := BLAMING.search(path.read_text())), (path, found)
    for path in SOURCES:
        for line, text in texts(path) if name_of(path) not in LISTS_OF_WORDS else ():
            assert not (found := BLAMING.search(text)), (name_of(path), line, found)
    for path in {*(ROOT / "demo").rglob("*.py")} - {ROOT / "demo/files.py"}:  # that one writes files in the police's own words
        for line, text in texts(path):
            assert not (found := BLAMING.search(text)), (path, line, found)


def test_no_title_names_a_child() -> None:
    for path in [*ATLAS.rglob("*.html"), *SOURCES]:
        assert not (found := TITLED.search(path.read_text())), (
            f"{name_of(path)}: {found}. Name the child in the caption: a title stays in the browser's history."
        )


def test_no_secret_no_path_of_a_machine_and_no_registry_in_what_is_kept() -> None:
    read = 0
    for path in kept():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        read += 1
        for pattern in (MACHINE, REGISTRY, SECRET):
            assert not (found := pattern.search(text)), (path.relative_to(ROOT), found)
    assert {path.suffix for path in kept()} >= {".py", ".html", ".md", ".css", ".js", ".toml", ".txt", ".in", ".sql", ".svg"}
    assert read > 250
