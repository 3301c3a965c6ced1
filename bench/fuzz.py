"""Each parser of what comes from outside, fuzzed with coverage (protection.md table E, E1): `python3 run.py bench fuzz [PARSER …] [MINUTES] [--quick]`.

15 minutes each unless said; `--quick`: 20 seconds. No peer: the figures to reach are 0 faults (anything raised but the parser's own refusal), 0 over 20 s, 0 over
512 MiB. It begins with beasts made by code (bench/beasts.py) and with what earlier runs kept (bench/fuzz_corpus.py); what reaches something new is kept in `.atlas/fuzz/`
on this machine and begun with next time; `bench fuzz_corpus --keep` takes it into the project.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.fuzz_corpus import unpack
from bench.measuring import last_line, table
from bench.proof_tools import proof_tools
from run import ROOT, STATE

# What stands in fuzz_parsers.py, which is imported in the fuzzing process alone.
NAMES = ("table", "packed", "sheet", "return", "picture", "call", "token", "receipt", "pack", "words")
CHOSEN = [word for word in sys.argv[1:] if word in NAMES] or list(NAMES)
HEADER = (
    "parser",
    "seconds",
    "tries",
    "reached at first",
    "reached",
    "kept",
    "faults",
    "over 20 s",
    "over 512 MiB",
    "ended the process",
    "MiB of the process",
)
SAID = {"tries": r"stat::number_of_executed_units: (\d+)", "cov": r"cov: (\d+)", "peak": r"stat::peak_rss_mb:\s+(\d+)"}
SECONDS = 20 if "--quick" in sys.argv else round(60 * next((float(word) for word in sys.argv[1:] if word.replace(".", "").isdigit()), 15))


@dataclass
class Fuzzed:
    """What came of one parser. `ended`: how often a library gave up the whole process, for want of the memory that a file asked for."""

    tries: int = 0
    first: int = 0
    reached: int = 0
    kept: int = 0
    hangs: int = 0
    memory: int = 0
    ended: int = 0
    peak: int = 0
    seconds: float = 0
    finds: list[dict[str, str]] = field(default_factory=list)


def fuzzed(name: str, folder: Path) -> Fuzzed:
    """One parser for so long; begun again where its process ended."""
    noted = folder / "finds/list.jsonl"
    shutil.rmtree(folder / "finds", ignore_errors=True)
    noted.parent.mkdir(parents=True)
    unpack(name, folder / "corpus")
    done, began = Fuzzed(), time.monotonic()
    while (left := round(SECONDS - (time.monotonic() - began))) > 3 or not done.seconds:
        once(name, folder, left, done)
        done.seconds = time.monotonic() - began
    kinds = {one["kind"]: one for one in map(json.loads, noted.read_text().splitlines() if noted.exists() else ())}
    done.finds += kinds.values()
    done.kept = sum(1 for _ in (folder / "corpus").glob("*"))
    return done


def once(name: str, folder: Path, seconds: int, done: Fuzzed) -> None:
    """One process, as long as it lasts; of what ended it, one is kept, and nothing begins with it again."""
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{proof_tools()}", "RUST_BACKTRACE": "0"}
    words = [sys.executable, "-m", "bench.fuzz_one", name, str(seconds), str(folder), *(["on"] if done.seconds else [])]
    said = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, errors="replace", timeout=seconds + 240, check=False)
    (folder / "said.txt").write_text(said.stderr)
    last = {name: re.findall(pattern, said.stderr, re.MULTILINE) or ["0"] for name, pattern in SAID.items()}
    done.tries += int(last["tries"][-1])
    done.first, done.reached = done.first or int(last["cov"][0]), max(done.reached, int(last["cov"][-1]))
    done.peak = max(done.peak, int(last["peak"][-1]))
    done.hangs += "libFuzzer: timeout" in said.stderr
    done.memory += "libFuzzer: out-of-memory" in said.stderr
    wanted = re.search(r"memory allocation of \d+ bytes failed", said.stderr)
    done.ended += wanted is not None
    if said.returncode and not (wanted or "libFuzzer: timeout" in said.stderr or "libFuzzer: out-of-memory" in said.stderr):
        print(said.stderr[-1500:])
        done.finds.append({"kind": f"the process ended with {said.returncode}", "said": "", "bytes": ""})
    for culprit in [one for kind in ("crash", "timeout", "oom") for one in (folder / "finds").glob(f"{kind}-*")]:
        content = culprit.read_bytes()
        for one in (folder / "corpus").glob("*"):
            if one.read_bytes() == content:
                one.unlink()


def main() -> None:
    """Each parser in turn."""
    rows, every, began = [], list[Fuzzed](), time.monotonic()
    for name in CHOSEN:
        one = fuzzed(name, STATE / "fuzz" / name)
        rows.append(
            [
                name,
                round(one.seconds),
                f"{one.tries:,}",
                one.first,
                one.reached,
                one.kept,
                len(one.finds),
                one.hangs,
                one.memory,
                one.ended,
                one.peak,
            ]
        )
        print(*rows[-1], flush=True)
        for find in one.finds:
            print(f"  {find['kind']}: {find['said']}\n      {find['bytes'][:160]}", flush=True)
        every.append(one)
    table(HEADER, rows)
    last_line(
        parsers=len(rows), seconds_each=SECONDS, tries=sum(one.tries for one in every), faults=sum(len(one.finds) for one in every),
        hangs=sum(one.hangs for one in every), memory=sum(one.memory for one in every), ended=sum(one.ended for one in every), seconds=time.monotonic() - began,
    )  # fmt: skip


main()
