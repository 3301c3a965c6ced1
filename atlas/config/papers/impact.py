"""The data protection impact assessment of the whole service (UK GDPR Article 35, recalled), written from the other papers and from what runs.

Those of single analyses are written by `atlas/profile/papers.py`, and no analysis runs before they are recorded.
"""

from pathlib import Path

from atlas.config.papers.algorithms import NEVER, RECKONED
from atlas.config.papers.compromises import COMPROMISES
from atlas.config.papers.processing import LEAVES, WHOM
from atlas.config.papers.safety import HAZARDS
from atlas.config.papers.threats import THREATS
from atlas.gate.install import gated_models
from atlas.gate.policy import OPENINGS, PURPOSE_WORDS, ROLES

WHY = (
    "It processes special categories and criminal allegations about children, at large scale, from several agencies, and joins them: Article 35 asks "
    "for an assessment before it begins.",
    "It is necessary because children come to harm between agencies that each hold a part: the law lets and asks them to share for safeguarding (the "
    "law is named in the record of processing of each agency, and is theirs to state).",
    "It is proportionate as far as each reads only what a live reason opens, and each look is written down.",
)
CONSULTED = (
    "Children and families: the words that a child reads were written to a reading age, and nobody has yet asked a panel of children. The partnership "
    "must, before the first use.",
    "Workers: the pages were tried by their authors alone. A pilot must ask them.",
    "Data protection officers of each agency: this paper is theirs to amend and sign.",
)
RIGHTS = (
    ("To be told", "each agency's privacy notice; the child's own page says who reads it"),
    ("To see", "copies compiled for the child or parent; who looked at the record, in a version for them"),
    ("To correct", "a wrong fact is corrected, with the first kept; what a child says against an entry stands beside it"),
    ("To object, and to be forgotten", "decided by people, case by case: most of what is held rests on a legal duty"),
    ("Not to be judged by a machine alone", "nothing decides about a person: see the algorithmic transparency record"),
)


def impact_assessment(root: Path) -> str:
    """The assessment, as Markdown."""
    kinds, most = len(gated_models()), max(len(opening.reads) for opening in OPENINGS)
    parts = [
        "# Data protection impact assessment",
        "Made from what runs by `manage docs`: it changes when Atlas does, and then is signed again. Each agency that is a controller puts its "
        "own lawful bases and its officer's advice beside it.",
        "## Why one is needed, and whether it is necessary",
        _list(WHY),
        "## What happens",
        _list(
            [
                f"About whom: {', '.join(name.lower() for name, _ in WHOM)}.",
                f"For what: {'; '.join(PURPOSE_WORDS.values())}.",
                f"{kinds} tables are about a child, each behind row security; {len(OPENINGS)} kinds of reason open one, each for its own time, the "
                f"widest {most} kinds of record; {len(ROLES)} roles open none.",
                f"It leaves by {len(LEAVES)} settings and by what a person sends: the record of processing lists them.",
                f"{len(RECKONED)} things ask by themselves, and none decides.",
            ]
        ),
        "## What it never does",
        _list(NEVER),
        "## Rights",
        _list([f"**{name}**: {how}." for name, how in RIGHTS]),
        "## Risks to people, and what stands against them",
        f"{len(THREATS)} threats by people and accidents, each with control, proof and what is left: threats.md. {len(COMPROMISES)} compromises, what "
        f"each gives away and must not: the same paper. "
        f"{len(HAZARDS)} hazards to a child: safety-case.md. What is left, in one list:",
        _list(
            [*(f"{one.words}: {one.left}" for one in THREATS if one.left), *(f"{one.holds}: {one.left}" for one in COMPROMISES if one.left)]
        ),
        "## Who was asked",
        _list(CONSULTED),
        "## What the officer decides",
        "Whether what is left may be accepted; whether the Information Commissioner must be asked first (Article 36, recalled). Name, day and words go "
        "here, by hand, in each agency's copy.",
    ]
    return "\n\n".join(parts) + "\n"


def _list(lines: "list[str] | tuple[str, ...]") -> str:
    return "\n".join(f"- {line}" for line in lines)
