"""What shows that a restored database is the one that it should be, and still guards what it holds. Each proof is a sentence; one that fails fails the drill."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from atlas.backups.restoring import address_on
from atlas.config.launcher import Cluster

ROOT = Path(__file__).resolve().parents[2]
LOGINS = {
    "service": "DATABASE_URL",
    "tick": "DATABASE_TICK_URL",
    "sealer": "DATABASE_SEALER_URL",
    "unsealer": "DATABASE_UNSEALER_URL",
    "owner": "DATABASE_OWNER_URL",
}
LATEST_SEAL = timedelta(seconds=5)  # a seal bears the moment at which it was begun: the last before the moment asked may have come after it


@dataclass(frozen=True)
class Proof:
    """One thing that was looked at: whether it is as it should be, and what was seen."""

    of: str
    holds: bool
    words: str


def prove(restored: Cluster, addresses: Mapping[str, str], until: datetime | None, anchors: Sequence[str], key: str) -> Iterator[Proof]:
    """Look at a restored database, as the service's logins and as nobody else.

    `addresses`: those of the old server, by the names of LOGINS. `anchors`: the folders that partners hold, in which every act and every look stands by its digest.
    `key`: the public key of the seals, as it was handed over on paper.
    """
    here = {name: address_on(restored, addresses[name]) for name in LOGINS.values()}
    yield _every_login(here)
    yield _closed(here["DATABASE_URL"])
    yield _said("The gate", "owner", here, "gate", "check")
    yield _said("The shape of the tables", "owner", here, "migrate", "--check")
    yield anchored(here, until, anchors, key)


def last_act(restored: Cluster, sealer: str) -> datetime | None:
    """When the last act was written that the restored database holds."""
    with psycopg.connect(address_on(restored, sealer)) as server:
        row = server.execute("SELECT max(written_at) FROM gate_act").fetchone()
        return row[0] if row else None


def _every_login(here: Mapping[str, str]) -> Proof:
    refused = []
    for login, name in LOGINS.items():
        try:
            psycopg.connect(here[name]).close()
        except psycopg.OperationalError:
            refused.append(login)
    return Proof(
        "Who signs in",
        not refused,
        f"refused: {', '.join(refused)}" if refused else f"{len(LOGINS)} with the passwords of the old server",
    )


def _closed(address: str) -> Proof:
    """Without the signed context of a person the service's login sees nobody."""
    with psycopg.connect(address) as server:
        row = server.execute(
            "SELECT count(*), (SELECT reltuples::bigint FROM pg_class WHERE relname = 'children_child') FROM children_child"
        ).fetchone()
    seen, there = row or (1, 0)
    return Proof("Row security", seen == 0, f"the service, asked by nobody, sees {seen} of about {max(there, 0):,} children")


def _said(of: str, login: str, here: Mapping[str, str], *words: str) -> Proof:
    """What one of Django's commands says of it."""
    done = _django(login, here, *words)
    said = (done.stdout + done.stderr).strip().splitlines()
    return Proof(
        of,
        done.returncode == 0,
        said[-1] if said else "as the migrations leave it" if done.returncode == 0 else "not as the migrations leave it",
    )


def anchored(here: Mapping[str, str], until: datetime | None, anchors: Sequence[str], key: str) -> Proof:
    """Every act and every look that a partner's folder knows of is there, unaltered, and nothing was slipped in between."""
    if not anchors:
        return Proof("The anchors", False, "no folder of a partner was given (ATLAS_ANCHORS): nothing outside says what should be there")
    with TemporaryDirectory() as place:
        done = _django("sealer", here, "audit", "export", place)
        if done.returncode:
            return Proof("The anchors", False, done.stderr.strip())
        words = [sys.executable, ROOT / "verify_audit.py", place, "--key", key]
        for folder in anchors:
            words += ["--anchor", folder]
        if until:
            words += ["--until", (until - LATEST_SEAL).astimezone(UTC).isoformat()]
        found = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    problems = found.stdout.strip().splitlines()
    shown = "; ".join(problems[:3]) + (f"; and {len(problems) - 3} more" if len(problems) > 3 else "")
    return Proof("The anchors", found.returncode == 0, found.stderr.strip() if found.returncode == 0 else shown or found.stderr.strip())


def _django(login: str, here: Mapping[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, **here, "ATLAS_AS": login}
    with suppress(KeyError):
        del environment["DATABASE_BACKUP_URL"]
    return subprocess.run([sys.executable, "-m", "django", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
