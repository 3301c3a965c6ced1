"""SECURITY.md: whatever it names as a proof is there."""

import re

from tests.guards.reading import ROOT

NAMED = re.compile(r"`(?:run\.py )?(bench) (\w+)(?: --quick)?`|`((?:tests|bench|atlas|demo)/[\w/]*(?:\.py)?)`|`(test_\w+\.py)`")
ONE_OF = 40


def test_every_proof_that_it_names_is_there() -> None:
    named = NAMED.findall((ROOT / "SECURITY.md").read_text())
    assert len(named) >= ONE_OF
    for is_bench, bench, path, test in named:
        where = ROOT / "bench" / f"{bench}.py" if is_bench else ROOT / path
        assert next(ROOT.glob(f"tests/**/{test}"), None) if test else where.exists(), bench or path or test
