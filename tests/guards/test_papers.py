"""The papers (docs/papers): what they name is there, nothing that asks or leaves is left out, and no threat, hazard or compromise is without proof."""

import re
from pathlib import Path

import pytest

from atlas.config.papers import proofs
from atlas.config.papers.algorithms import RECKONED
from atlas.config.papers.compromises import COMPROMISES
from atlas.config.papers.processing import LEAVES, settings_that_name_somebody
from atlas.config.papers.safety import HAZARDS
from atlas.config.papers.threats import THREATS
from tests.guards.reading import ROOT

PROTECTION = ROOT.parent / "shared/reference/protection.md"
EVERY = [
    *(proof for threat in THREATS for proof in threat.proofs),
    *(proof for lost in COMPROMISES for _, held in lost.must_not for proof in held),
    *(proof for hazard in HAZARDS for proof in hazard.proofs),
    *(proof for one in RECKONED for proof in one.proofs),
]


def test_every_proof_that_a_paper_names_is_there() -> None:
    assert proofs.lacking(ROOT, EVERY) == []


@pytest.mark.parametrize("proof", ["tests/none.py", "tests/gate/test_matrix.py::test_none", "bench none", "atlas/flow.py", "nothing"])
def test_a_proof_that_is_not_there_is_found(proof: str) -> None:
    assert proofs.lacking(ROOT, [proof, "bench restore", "run.py check", "tests/gate"]) == [proof]


def test_each_threat_hazard_and_compromise_has_its_proof() -> None:
    assert [threat.number for threat in THREATS] == list(range(1, 33))
    assert all(threat.proofs for threat in THREATS)
    assert all(held for lost in COMPROMISES for _, held in lost.must_not)
    assert all(hazard.proofs and hazard.left for hazard in HAZARDS)
    assert len({hazard.key for hazard in HAZARDS}) == len(HAZARDS)


@pytest.mark.skipif(not PROTECTION.exists(), reason="the specification is not here")
def test_the_threats_and_compromises_are_those_of_the_specification() -> None:
    words = PROTECTION.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| ([A-Z/]+) \|", words[words.index("### 8.2") : words.index("### 8.3")], re.MULTILINE)
    assert [(int(number), kinds.replace("/", "")) for number, kinds in rows] == [(threat.number, threat.kinds) for threat in THREATS]
    held = words[words.index("### 8.3") : words.index("## 9.")]
    assert len(re.findall(r"^\| (?!If)", held, re.MULTILINE)) == len(COMPROMISES)


def test_nothing_that_leaves_by_a_setting_is_left_out() -> None:
    assert settings_that_name_somebody(ROOT) - {"ATLAS_ADDRESS"} == set(LEAVES)


def test_everything_that_asks_is_in_the_record() -> None:
    """Whoever uses the analysis engine for more than a share with its interval or an unsaid cell stands in the algorithmic transparency record, by its folder."""
    assert len({one.module for one in RECKONED}) == len(RECKONED)
    folders = {one.module.split(".")[1] for one in RECKONED}
    for path in Path(ROOT, "atlas").rglob("*.py"):
        if re.search(r"from atlas_analysis\.(?!rates)", path.read_text(encoding="utf-8")):
            assert path.relative_to(ROOT).parts[1] in folders, path
