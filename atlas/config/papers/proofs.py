"""What proves a sentence in a paper: a test, or a benchmark, by its name in this repository; so that a paper cannot name what is not there."""

import re
from collections.abc import Iterable
from pathlib import Path

Proof = str  # "tests/gate/test_matrix.py", "tests/gate/test_page.py::test_name", "bench restore", or "run.py check"
FUNCTION = "^(async )?def {}\\("


def lacking(root: Path, proofs: Iterable[Proof]) -> list[Proof]:
    """Which of these proofs are not in the repository at `root`: no such file, folder, test in it, or benchmark."""
    return sorted({proof for proof in proofs if not _is_there(root, proof)})


def _is_there(root: Path, proof: Proof) -> bool:
    if proof == "run.py check":
        return True
    if proof.startswith("bench "):
        return (root / "bench" / f"{proof.split()[1]}.py").is_file()
    path, _, test = proof.partition("::")
    if not path.startswith("tests/") or not (root / path).exists():
        return False
    return not test or bool(re.search(FUNCTION.format(re.escape(test)), (root / path).read_text(encoding="utf-8"), re.MULTILINE))


def named(proofs: Iterable[Proof]) -> str:
    """Proofs as a paper shows them."""
    return ", ".join(f"`{'run.py ' if proof.startswith('bench ') else ''}{proof}`" for proof in proofs)
