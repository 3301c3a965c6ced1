"""Random tamperings with the sealed record of acts and looks, as superuser on a copy: how many does the offline verifier find, and where?

Goal table B3: all of them, within 60 seconds, located to the row (for what was written again as a whole: to the first seal).
"""

import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from bench.measuring import last_line, own_database, sign_in_as, table, the_cluster

TIMES = 40 if "--quick" in sys.argv else 1000
cluster = the_cluster()
own_database("bench_tamper", cluster)

from atlas.audit.sealing import Key  # noqa: E402
from bench.tampering import KINDS, Log, make_log, problems, tamper  # noqa: E402
from tests import factories  # noqa: E402


def main() -> None:
    """Make a log, tamper with it in every way, print what was found."""
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder, "key")
        secret.touch(mode=0o600)
        secret.write_text("17" * 32)
        key, anchors = Key.read(str(secret)), [str(Path(folder, name)) for name in ("police", "health")]
        for anchor in anchors:
            Path(anchor).mkdir()
        posts = [factories.post("practitioner") for _ in range(5)]
        make_log(posts, 40, 3, key, anchors, lambda login: sign_in_as(cluster, f"atlas_{login}"))
        sign_in_as(cluster, "postgres")
        with redirect_stderr(StringIO()):
            start = time.perf_counter()
            from django.db import transaction

            with transaction.atomic():
                untouched = problems(bytes.fromhex(key.public), anchors)
            once = time.perf_counter() - start
            log = Log.read(key, seed=20261125)
            tried = [tamper(KINDS[number % len(KINDS)], log, anchors) for number in range(TIMES)]
    if untouched:
        raise SystemExit(f"The verifier finds something where nothing was done: {untouched[:3]}")
    counts = {what: Counter(one.kind for one in tried if which(one)) for what, which in (
        ("tried", lambda one: True), ("found", lambda one: one.is_found), ("located", lambda one: one.is_located),
    )}  # fmt: skip
    table(("kind", *counts), [(kind.__name__, *(counts[what][kind.__name__] for what in counts)) for kind in KINDS])
    print(f"{len(log.rows)} rows in {len(log.seals)} seals; nothing found where nothing was done; one verification {once:.2f} s")
    last_line(**{what: sum(count.values()) for what, count in counts.items()})


if __name__ == "__main__":
    main()
