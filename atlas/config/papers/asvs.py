"""The OWASP Application Security Verification Standard 5.0.0, requirement by requirement: met with its proof, or why not. The rows stand in asvs.txt."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from atlas.config.papers.proofs import Proof, named

SOURCE = "OWASP Application Security Verification Standard 5.0.0 (https://github.com/OWASP/ASVS, CC BY-SA 4.0)"
ROWS = Path(__file__).with_name("asvs.txt")


class Stands(StrEnum):
    """How Atlas stands to a requirement."""

    MET = "met"
    NOT_MET = "not met"
    NOT_APPLICABLE = "not applicable"
    COUNCIL = "the council's"


@dataclass(frozen=True)
class Requirement:
    """One requirement, in a few words of our own. `how`: how it is met, what is missing, whose it is, or why it does not apply."""

    number: str
    level: int
    stands: Stands
    asks: str
    how: str
    proofs: Sequence[Proof]


def requirements(text: str) -> dict[str, list[Requirement]]:
    """The requirements by chapter. Raises ValueError, with the line, for one that cannot be read."""
    chapters: dict[str, list[Requirement]] = {}
    for at, line in enumerate(text.splitlines(), 1):
        if line.startswith("## "):
            chapters[line.removeprefix("## ")] = []
        elif line and not line.startswith("#"):
            chapters[next(reversed(chapters))].append(_read(line, at))
    return chapters


def _read(line: str, at: int) -> Requirement:
    parts = [part.strip() for part in line.split(" | ")]
    try:
        number, level, stands, asks, how, *proofs = parts
        return Requirement(number, int(level), Stands(stands), asks, how, tuple(filter(None, (proofs[0] if proofs else "").split(", "))))
    except ValueError as problem:
        raise ValueError(f"asvs.txt, line {at}: number | level | answer | what is asked | how | proofs ({problem}).") from None


def asvs(root: Path) -> str:
    """The table, as a paper."""
    chapters = requirements(ROWS.read_text(encoding="utf-8"))
    every = [one for rows in chapters.values() for one in rows]
    counted = Counter((one.level, one.stands) for one in every)
    lines = [
        "# Security verification: OWASP ASVS 5.0.0",
        "",
        f"Every requirement of the {SOURCE}, in a few words of our own, and how Atlas stands to it. What is *met* names what proves it. "
        "*The council's* is what a deployment decides; README, *Installing*, and the [inventory](security-inventory.md) say with which setting. "
        "Nobody outside has verified it.",
        "",
        "Made by `python3 run.py manage docs papers/asvs.md` from `atlas/config/papers/asvs.txt`. Change it there, not here.",
        "",
        "| Level | " + " | ".join(Stands) + " | all |",
        "| --- |" + " --- |" * (len(Stands) + 1),
        *(_counted(str(level), {stands: counted[level, stands] for stands in Stands}) for level in (1, 2, 3)),
        _counted("all", {stands: sum(counted[level, stands] for level in (1, 2, 3)) for stands in Stands}),
        "",
        "## What is not met",
        "",
        *(f"- {one.number} (level {one.level}), {one.asks}: {one.how}." for one in every if one.stands is Stands.NOT_MET),
    ]
    for name, rows in chapters.items():
        lines += [
            "",
            f"## {name}",
            "",
            "| Number | Level | What is asked | Answer | How, or why not | Proof |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        lines += [f"| {one.number} | {one.level} | {one.asks} | {one.stands} | {one.how} | {named(one.proofs)} |" for one in rows]
    return "\n".join(lines) + "\n"


def _counted(name: str, by: dict[Stands, int]) -> str:
    return f"| {name} | " + " | ".join(str(by[stands]) for stands in Stands) + f" | {sum(by.values())} |"
