"""A database as the migrations leave it, made once for each list of them: the suite, the journeys and the linter of row security copy it."""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from atlas.config.launcher import Cluster

ROOT = Path(__file__).resolve().parents[1]


def cluster() -> Cluster:
    """The tests' own PostgreSQL, which may lose everything."""
    return Cluster(Path(next(path for path in sys.path if path.endswith("site-packages"))), ROOT / ".atlas/postgres-test", False)


def recreate(name: str, template: str = "template1") -> None:
    """A new database of this name, empty or as another stands; whoever is still in either is sent out."""
    cluster().copy(template, name)


def migrated() -> str:
    """The name of the database to copy. One that is half made has no such name; an old one goes once another has been made."""
    lists = [ROOT / "requirements/test.txt", ROOT / "atlas/config/launcher.py", *sorted(ROOT.glob("*/*/migrations/*.py"))]
    name = f"migrated_{hashlib.sha256(b''.join(path.name.encode() + path.read_bytes() for path in lists)).hexdigest()[:16]}"
    with (ROOT / ".atlas/migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes that test at once make it once
        own = cluster()
        made = own.sql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'migrated_%'").split()
        if name not in made:
            recreate(f"{name}_now")
            django(f"{name}_now", "migrate", "-v0")
            own.sql("postgres", f"ALTER DATABASE {name}_now RENAME TO {name}")
            for old in made:
                own.sql("postgres", f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")
    return name


def django(name: str, *words: str) -> None:
    """Run one of Django's commands on a database, as its owner."""
    own = cluster()
    addresses = {"DATABASE_OWNER_URL": own.url("atlas_owner", name), "DATABASE_URL": own.url("atlas_app", name)}
    environment = {**os.environ, "ATLAS_AS": "owner", **addresses}
    subprocess.run([sys.executable, "-m", "django", *words], check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
