"""What fuzzing kept (protection.md table E, E1): each input that reached something new in its parser, in one file of the project, and every parser given all of it again.

`python3 run.py bench fuzz_corpus [PARSER …] [--quick] [--keep]`; `--quick`: every eighth input; `--keep`: first takes in what `bench fuzz` has found on this machine.
The figures to reach: 0 faults, none over 20 s. `bench fuzz` begins with the same inputs.
"""

import io
import sys
import tarfile
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from run import ROOT, STATE

KEPT = ROOT / "bench/fuzz_corpus.tar.xz"
MOST_SECONDS = 20
Corpus = dict[str, dict[str, bytes]]


def kept() -> Corpus:
    """Every input that is kept, by parser and by its digest."""
    found: Corpus = {}
    with tarfile.open(KEPT) as held:
        for member in held:
            parser, _, name = member.name.partition("/")
            content = held.extractfile(member)
            assert content is not None
            found.setdefault(parser, {})[name] = content.read()
    return found


def unpack(parser: str, folder: Path) -> None:
    """Lay a parser's inputs into a folder, to begin with."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in kept().get(parser, {}).items():
        (folder / name).write_bytes(content)


def keep() -> None:
    """Take in what this machine has found: each input once, and nothing of when or where."""
    every = kept() if KEPT.exists() else {}
    for file in sorted((STATE / "fuzz").glob("*/corpus/*")):
        content = file.read_bytes()
        every.setdefault(file.parts[-3], {})[sha256(content).hexdigest()[:16]] = content
    with tarfile.open(KEPT, "w:xz", preset=9) as held:
        for parser in sorted(every):
            for name, content in sorted(every[parser].items()):
                member = tarfile.TarInfo(f"{parser}/{name}")
                member.size = len(content)
                held.addfile(member, io.BytesIO(content))


def main() -> None:
    """Each parser on what was kept of it."""
    import django

    from bench.fuzz_parsers import PARSERS, fault, kind_of
    from bench.measuring import last_line, table

    if "--keep" in sys.argv:
        keep()
    django.setup()
    rows, began = list[list[object]](), time.monotonic()
    for name, inputs in kept().items():
        if name not in sys.argv and set(PARSERS) & set(sys.argv):
            continue
        taken, kinds = list[float](), set[str]()
        with tempfile.TemporaryDirectory() as work:
            parse, refusals = PARSERS[name].made(Path(work))
            for content in list(inputs.values())[:: 8 if "--quick" in sys.argv else 1]:
                start = time.monotonic()
                if problem := fault(parse, refusals, content):
                    kinds.add(kind_of(problem))
                taken.append(time.monotonic() - start)
        rows.append([name, len(taken), len(kinds), sum(one > MOST_SECONDS for one in taken), f"{max(taken):.2f}"])
        print(*sorted(kinds), sep="\n", end="\n" if kinds else "")
    table(["parser", "inputs", "faults", "over 20 s", "slowest s"], rows)
    last_line(inputs=sum(int(str(row[1])) for row in rows), faults=sum(int(str(row[2])) for row in rows),
              hangs=sum(int(str(row[3])) for row in rows), seconds=time.monotonic() - began)  # fmt: skip


if __name__ == "__main__":
    main()
