"""Missing episodes from a police file, end to end: parse, check, match, stage, command, audit; beside a bare `bulk_create`.

Ours: a force's CSV of historic reports, received, previewed and taken through the service's own login, row security and acts
included. Peer: Django's `bulk_create` of the very rows that ours left behind, in the same tables of a copy of the database,
as the superuser (no row security, no check, no match). One row in a hundred has a fault and waits with its reason.
"""

import json
import subprocess
import sys

from bench.measuring import last_line, table

SIZES = (1_000, 4_000) if "--quick" in sys.argv else (10_000, 100_000)


def main() -> None:
    """Each size in a process of its own, so that its peak of memory is its own."""
    found = {}
    for rows in SIZES:
        done = subprocess.run([sys.executable, "-m", "bench.feed_once", str(rows)], check=True, capture_output=True, text=True)
        found[rows] = json.loads(done.stdout.splitlines()[-1])
    shown = [
        [f"{rows:,}", f"{one['receive']:.1f}", f"{one['take']:.1f}", f"{rows / (one['receive'] + one['take']):,.0f}", f"{one['rows']:,}", f"{one['bare']:.1f}",
         f"{one['bare'] / (one['receive'] + one['take']):.2f}", f"{one['megabytes']:.0f}"]
        for rows, one in found.items()
    ]  # fmt: skip
    table(["episodes", "receive s", "take s", "episodes a second", "rows written", "bare s", "ratio", "peak MB"], shown)
    small, large = (found[rows] | {"each": (found[rows]["receive"] + found[rows]["take"]) / rows} for rows in SIZES)
    last_line(
        rows_per_s=1 / large["each"], ratio=min(one["bare"] / (one["receive"] + one["take"]) for one in found.values()),
        growth=large["each"] / small["each"], megabytes=large["megabytes"], megabytes_growth=large["megabytes"] / small["megabytes"],
    )  # fmt: skip


main()
