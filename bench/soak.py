"""Sixty minutes of mixed use: whether memory grows, and whether a connection is left behind. `python3 run.py bench soak [MINUTES]` (60 unless said; `--quick`: one).

The crowd of `bench monday` at a rate that leaves room; each half minute the memory of the web's processes and of each worker, and the connections to the database.
The slope is that of the last two thirds (the first third fills caches), by least squares with its 95 % interval. What is said of a day is extrapolated.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time

import numpy as np
from scipy.stats import linregress
from scipy.stats import t as student

from bench.large import fictional_authority, own_copy, resident_of, serve
from bench.loading import wait_for
from bench.measuring import last_line, table, the_cluster

QUICK = "--quick" in sys.argv
MINUTES = 1 if QUICK else next((int(word) for word in sys.argv[1:] if word.isdigit()), 60)
RATE, EACH, USERS, NAME = 4.0, (5.0 if QUICK else 30.0), 300, "bench_soak"
SHARES = {"read": 0.89, "draft": 0.06, "contact": 0.04, "report": 0.01}

cluster = the_cluster()
fictional_authority(cluster, "soak")
own_copy(cluster, NAME)

import django  # noqa: E402

django.setup()

from bench.at_work import at_work  # noqa: E402
from bench.crowd import Crowd, Taken  # noqa: E402


def start(*words: str) -> "subprocess.Popen[bytes]":
    """A worker of the service, which leads a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "django", *words], env=dict(os.environ), start_new_session=True, stdout=subprocess.DEVNULL
    )


def connected() -> int:
    """Connections to the database of the service, ours apart."""
    return int(
        cluster.sql(
            "postgres",
            f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{NAME}' AND usename = 'atlas_app' AND pid <> pg_backend_pid()",
        )
    )


async def watched(crowd: Crowd, servers: dict[str, "subprocess.Popen[bytes]"]) -> tuple[Taken, list[list[float]]]:
    """Let the crowd go on, and look each half minute: minutes, memory of each, connections."""
    rows: list[list[float]] = []
    began = time.perf_counter()
    going = asyncio.create_task(crowd.arrive(RATE, 60.0 * MINUTES))
    while not going.done():
        await asyncio.sleep(EACH)
        rows.append(
            [(time.perf_counter() - began) / 60, *(resident_of(one) for one in servers.values()), float(await asyncio.to_thread(connected))]
        )
    return await going, rows


def slope(minutes: np.ndarray, held: np.ndarray) -> tuple[float, float, float]:
    """Mebibytes an hour, and its 95 % interval."""
    found = linregress(minutes / 60, held)
    reach = student.ppf(0.975, len(held) - 2) * found.stderr
    return found.slope, found.slope - reach, found.slope + reach


def main() -> None:
    """Serve, let the crowd go on, and say what grew."""
    people, _ = at_work(cluster, NAME, USERS)
    web, port = serve(cluster, "atlas.config.wsgi:application", "atlas_app", NAME)
    servers = {
        "web": web,
        "urgent": start("procrastinate", "worker", "--queues", "urgent"),
        "bulk": start("procrastinate", "worker", "--queues", "bulk"),
    }
    try:
        wait_for(port)
        asyncio.run(Crowd(port, people, {"read": 1.0}, 2).arrive(RATE, 10.0))
        taken, rows = asyncio.run(watched(Crowd(port, people, SHARES, 1), servers))
    finally:
        for one in servers.values():
            os.killpg(one.pid, signal.SIGTERM)
            one.wait(timeout=30)
    seen = np.array(rows)
    late = seen[len(seen) // 3 :]
    lines, figures = [], dict[str, float]()
    for at, name in enumerate(servers, 1):
        grows, low, high = slope(late[:, 0], late[:, at])
        share = 100 * grows * 24 / late[:, at].mean()
        lines.append([name, f"{seen[0, at]:.0f}", f"{seen[-1, at]:.0f}", f"{grows:.2f} ({low:.2f} to {high:.2f})", f"{share:.1f}"])
        figures |= {f"{name}_mib_an_hour": grows, f"{name}_low": low, f"{name}_high": high}
    table(["process", "MiB at first", "MiB at last", "MiB an hour (95 %)", "% a day, extrapolated"], lines)
    print(
        f"connections: {seen[0, -1]:.0f} at first, {seen[:, -1].max():.0f} at most, {seen[-1, -1]:.0f} at last; errors: {taken.errors[:3]}"
    )
    last_line(
        minutes=MINUTES,
        requests=len(taken.of()),
        errors=len(taken.errors),
        connections_grown=float(seen[-1, -1] - seen[len(seen) // 3, -1]),
        **figures,
    )


main()
