"""A benchmark's own database, its clock, and its last line."""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import django

from atlas.config.launcher import Cluster


def own_database(name: str, cluster: Cluster) -> None:
    """Make an empty database of this name with migrations and the gate, and let Django use it as the service's login."""
    cluster.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    cluster.sql("postgres", f"CREATE DATABASE {name} OWNER atlas_owner")
    use(name, cluster)
    for words in (("migrate", "-v0"), ("gate", "install")):
        subprocess.run(
            [sys.executable, "-m", "django", *words], check=True, env={**os.environ, "ATLAS_AS": "owner"}, stdout=subprocess.DEVNULL
        )
    cluster.sql(name, "INSERT INTO gate_word VALUES ('posts are set up', 'bench')")  # as in tests/factories.py
    django.setup()


def use(name: str, cluster: Cluster) -> None:
    """Let this process, and those that it starts, use that database with the logins of the service."""
    for key, login in (
        ("DATABASE_URL", "atlas_app"), ("DATABASE_OWNER_URL", "atlas_owner"), ("DATABASE_TICK_URL", "atlas_tick"),
        ("DATABASE_SEALER_URL", "atlas_sealer"), ("DATABASE_UNSEALER_URL", "atlas_unsealer"),
    ):  # fmt: skip
        os.environ[key] = cluster.url(login, name)


def the_cluster() -> Cluster:
    """The embedded cluster that run.py has started for the demo: durable, as in service."""
    from pathlib import Path

    site = next(path for path in sys.path if path.endswith("site-packages"))
    return Cluster(Path(site), Path(__file__).resolve().parents[1] / ".atlas/postgres", True)


def seconds(act: Callable[[], Any], times: int = 1) -> float:
    """The median of how long an act takes, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def p95(taken: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(taken)[max(0, round(len(taken) * 0.95) - 1)]


def peak_megabytes() -> float:
    """The most memory that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table of text."""
    wide = [max(len(str(row[place])) for row in (header, *rows)) for place in range(len(header))]
    for row in (header, *rows):
        print("  ".join(str(cell).rjust(size) for cell, size in zip(row, wide, strict=True)))


def last_line(**figures: float) -> None:
    """The machine, then the figures as one JSON object: the benchmark's contract."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, Django {django.__version__}")
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


def sign_in_as(cluster: Cluster, login: str) -> None:
    """Let the default connection be another of the database's logins."""
    from django.db import connections

    connection: Any = connections["default"]
    connection.close()
    connection.close_pool()
    connection.settings_dict["USER"], connection.settings_dict["PASSWORD"] = login, cluster.secrets[login]
