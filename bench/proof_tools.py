"""The tools that try the proofs themselves (a fuzzer, a measure of what tests reach), which only the benchmarks install: beside the tests' own environment, not in it."""

import os
import shutil
import subprocess
from pathlib import Path

from run import ADDRESSES, PYTHON, ROOT, STATE, test_environment


def proof_tools() -> Path:
    """The folder that holds them, to be put on the path; installed once from their own pinned list."""
    folder, wanted = STATE / "proof", (ROOT / "requirements/proof.txt").read_text()
    mark = folder / "list"
    if not mark.exists() or mark.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        uv, quiet = STATE / "tools/bin/uv", {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
        words = (
            "pip",
            "install",
            "-q",
            "--python",
            PYTHON,
            "--target",
            folder,
            "--no-deps",
            "--require-hashes",
            "-r",
            ROOT / "requirements/proof.txt",
        )
        subprocess.run([uv, *words], check=True, env=quiet)
        mark.write_text(wanted)
    return folder


def as_in_tests() -> dict[str, str]:
    """The environment of the tests, with their own cluster that may lose everything: a benchmark is started in that of the demo."""
    for name in (*ADDRESSES, "ATLAS_DEMO"):
        os.environ.pop(name, None)
    return test_environment()
