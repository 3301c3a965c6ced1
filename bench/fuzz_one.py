"""One parser, fuzzed in one process with what it reaches as the guide (atheris, on libFuzzer): `python -m bench.fuzz_one PARSER SECONDS FOLDER [on]`.

FOLDER: `corpus` holds what reached something new (kept from run to run), `finds` the first bytes of each kind of fault. A fault is noted and the run goes on;
a hang (over 20 s), too much memory, or a library that ends the process by itself ends the run, as libFuzzer says; `on`: go on after that.
"""

import json
import resource
import sys
import tempfile
from pathlib import Path

import atheris

from bench.fuzz_parsers import PARSERS, dictionary, fault, kind_of, seeds

name, seconds, folder, is_first = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:] != ["on"]
parser = PARSERS[name]
MOST_SECONDS, MOST_MEGABYTES = 20, 512


def main() -> None:
    """Go on for so long."""
    corpus, finds = folder / "corpus", folder / "finds"
    for one in (corpus, finds):
        one.mkdir(parents=True, exist_ok=True)
    with atheris.instrument_imports(include=list(parser.modules), enable_loader_override=False):
        import django

        django.setup()
        work = Path(tempfile.mkdtemp(dir="/dev/shm"))
        parse, refusals = parser.made(work)
    for number, content in enumerate(seeds(parser) if is_first else ()):
        (corpus / f"seed-{number:03}").write_bytes(content)
    (folder / "words.dict").write_text(dictionary())
    noted = set[str]()

    def once(content: bytes) -> None:
        if problem := fault(parse, refusals, content):
            kind = kind_of(problem)
            if kind not in noted:
                noted.add(kind)
                (finds / f"{len(noted):02}").write_bytes(content)
                (finds / "list.jsonl").open("a").write(
                    json.dumps({"kind": kind, "said": str(problem)[:200], "bytes": content[:200].hex()}) + "\n"
                )

    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    words = [f"-max_total_time={seconds}", f"-timeout={MOST_SECONDS}", f"-rss_limit_mb={began + MOST_MEGABYTES}", f"-max_len={parser.longest}",
             f"-artifact_prefix={finds}/", f"-dict={folder / 'words.dict'}", "-print_final_stats=1", "-verbosity=1", str(corpus)]  # fmt: skip
    atheris.Setup([sys.argv[0], *words], once)
    atheris.Fuzz()


main()
