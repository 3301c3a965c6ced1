#!/usr/bin/env python3
"""The one door for people: demo, test, check, bench, manage. Standard library only; each verb sets up what it needs."""

import argparse
import ctypes
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
STATE = ROOT / ".atlas"
VENV = STATE / "venv"
PYTHON = VENV / "bin/python"
STARTED = time.monotonic()
ADDRESSES = {
    "DATABASE_URL": "atlas_app",
    "DATABASE_OWNER_URL": "atlas_owner",
    "DATABASE_TICK_URL": "atlas_tick",
    "DATABASE_SEALER_URL": "atlas_sealer",
    "DATABASE_UNSEALER_URL": "atlas_unsealer",
}
# The last four are the sealer's alone, the unsealer's, and of whoever restores.
UNUSED = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "DJANGO_SETTINGS_MODULE",
    "VIRTUAL_ENV",
    "ATLAS_SEAL_KEY",
    "ATLAS_ANCHORS",
    "ATLAS_UNSEALING_KEY",
    "ATLAS_BACKUP_PRIVATE_KEY",
)


def say(words: str) -> None:
    """Show progress, with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:5.1f} s] {words}", flush=True)


def stop(words: str) -> "SystemExit":
    """End with one clear sentence."""
    return SystemExit(f"run.py: {words}")


def call(*command: object, **options: object) -> None:
    """Run a program; where it fails, end with its exit code."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        raise SystemExit(done.returncode)


def environment(kind: str) -> None:
    """Make the project's own environment from the pinned list (`service`, or `test`, which holds it), once for each list."""
    if sys.version_info < (3, 11):
        raise stop(f"Atlas needs Python 3.11 or later; this is {sys.version.split()[0]}.")
    lists = {name: ROOT / f"requirements/{name}.txt" for name in ("service", "test")}
    marks = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in lists.items()}
    mark = VENV / "atlas-list"
    held = mark.read_text() if mark.exists() else ""
    if PYTHON.exists() and held in ((marks["test"],) if kind == "test" else (marks["test"], marks["service"])):
        return
    uv = STATE / "tools/bin/uv"
    if not uv.exists():
        say("making the tools")
        try:
            call(sys.executable, "-m", "venv", STATE / "tools")
        except SystemExit:
            raise stop("Python's venv is missing. On Debian or Ubuntu: apt-get install python3-venv") from None
        call(STATE / "tools/bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "uv")
    say(f"installing what {'the service needs' if kind == 'service' else 'the tests need'}")
    quiet = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV)}
    if not PYTHON.exists():
        call(uv, "venv", "-q", "--python", sys.executable, VENV, env=quiet)
    call(uv, "pip", "sync", "-q", "--require-hashes", lists[kind], env=quiet)
    mark.write_text(marks[kind])


def secret(name: str, make: object) -> str:
    """A secret of this installation, made once and kept where only its owner reads it."""
    file = STATE / "secrets.json"
    held = json.loads(file.read_text()) if file.exists() else {}
    if name not in held:
        held[name] = make()  # type: ignore[operator]
        file.touch(mode=0o600)
        file.write_text(json.dumps(held))
    return str(held[name])


def database(name: str, *, durable: bool = True, databases: tuple[str, ...] = ("atlas",), **more: str) -> dict[str, str]:
    """Addresses for the logins: those given in the environment, or an embedded PostgreSQL that is started here. `more`: of logins that few may use."""
    given = {key: os.environ[key] for key in ADDRESSES if key in os.environ}
    if given:
        missing = set(ADDRESSES) - given.keys()
        if missing:
            raise stop(f"Give {', '.join(sorted(missing))} too: one address for each login (see README, Installing).")
        return given
    sys.path.insert(0, str(ROOT))
    from atlas.config.launcher import Cluster, NotStarted

    site = sysconfig.get_path("purelib", "venv", vars={"base": str(VENV)})
    cluster = Cluster(Path(site), STATE / name, durable)
    try:
        if not cluster.is_running() if (cluster.data / "PG_VERSION").exists() else True:
            say("starting PostgreSQL")
        cluster.start()
        cluster.prepare(*databases)
    except NotStarted as problem:
        raise stop(str(problem)) from None
    return {key: cluster.url(login) for key, login in (ADDRESSES | more).items()}


def settings(addresses: dict[str, str], **more: str) -> dict[str, str]:
    """The environment in which Django runs."""
    kept = {key: value for key, value in os.environ.items() if key not in UNUSED}
    env = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "atlas.config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPYCACHEPREFIX": str(STATE / "pycache"),  # compiled once, though the machine says that nothing be written
        "ATLAS_SECRET_KEY": os.environ.get("ATLAS_SECRET_KEY") or secret("secret_key", lambda: secrets.token_urlsafe(48)),
        "ATLAS_CONTEXT_KEY": os.environ.get("ATLAS_CONTEXT_KEY") or secret("context_key", lambda: secrets.token_hex(32)),
        "ATLAS_UNSEALER": os.environ.get("ATLAS_UNSEALER") or str(STATE / "unseal/socket"),
        **addresses,
        **more,
    }
    return {**env, "ATLAS_SEALING_KEY": os.environ.get("ATLAS_SEALING_KEY") or sealing_key(env)}


def unsealing() -> dict[str, str]:
    """What the unsealer alone is given: the key that opens what is sealed, in a file that only its owner reads; not the service's own keys."""
    key = Path(os.environ.get("ATLAS_UNSEALING_KEY") or STATE / "unseal/key")
    if not key.exists():
        key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))  # any 32 bytes are an X25519 key
    return {
        "ATLAS_AS": "unsealer",
        "ATLAS_UNSEALING_KEY": str(key),
        "ATLAS_SECRET_KEY": "not the service's",
        "ATLAS_CONTEXT_KEY": "00" * 32,
    }


def sealing_key(env: dict[str, str]) -> str:
    """The public key that goes with it: with it anybody may seal, and nobody open."""
    public = STATE / "unseal/public"
    if not public.exists():
        command = [str(PYTHON), "-m", "django", "sealed", "key"]
        done = subprocess.run(command, cwd=ROOT, env={**env, **unsealing()}, stdout=subprocess.PIPE, text=True, check=True)
        public.write_text(done.stdout.strip())
    return public.read_text()


def sealing() -> dict[str, str]:
    """What the sealer alone is given: its key in a file that only its owner reads, and the folders that partner agencies hold.

    Here, where there is no partner, two folders of our own stand for theirs; they go with the cluster, whose seals they hold.
    """
    key = Path(os.environ.get("ATLAS_SEAL_KEY") or STATE / "seal/key")
    if not key.exists():
        key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))  # any 32 bytes are an Ed25519 key
    own = [STATE / "postgres/anchors" / name for name in ("police", "health")]
    anchors = os.environ.get("ATLAS_ANCHORS")
    for folder in () if anchors else own:
        folder.mkdir(parents=True, exist_ok=True)
    return {"ATLAS_AS": "sealer", "ATLAS_SEAL_KEY": str(key), "ATLAS_ANCHORS": anchors or os.pathsep.join(map(str, own))}


def django(env: dict[str, str], *words: str, as_login: str = "service") -> None:
    """Run one of Django's commands as one of the logins."""
    call(PYTHON, "-m", "django", *words, env={**env, "ATLAS_AS": as_login})


def end_with_parent() -> None:
    """Let a child process end when this one does, however it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def demo(arguments: argparse.Namespace) -> None:
    """Make the fictional authority and serve it."""
    environment("service")
    env = settings(database("postgres"), ATLAS_DEMO="1")
    say("preparing the database")
    django(env, "migrate", "-v0", as_login="owner")
    django(env, "gate", "install", as_login="owner")
    port = next(port for port in range(arguments.port, arguments.port + 50) if is_free(port))
    address, mail = f"http://127.0.0.1:{port}/", free_port()
    env |= {"ATLAS_ADDRESS": address, "ATLAS_EMAIL_PORT": str(mail), "ATLAS_MAILBOX": str(STATE / "mailbox")}
    say("making the fictional authority (the first time takes a few minutes)")
    words = [word for word, wanted in (("--small", arguments.small), ("--before", arguments.before)) if wanted]
    # What is made here can be made again: it need not wait for the disk after each command.
    django({**env, "PGOPTIONS": "-c synchronous_commit=off"}, "demo", "make", *words)
    say("starting the mailbox, the service, the jobs, tick, the sealer and the unsealer")
    children = [spawn(env, "demo", "mailbox")]
    while is_free(mail) and children[0].poll() is None:
        time.sleep(0.1)
    children += [
        spawn({**env, "PROMETHEUS_MULTIPROC_DIR": emptied(STATE / "metrics")}, *web(port), module=False),
        *(spawn(env, *words) for words in JOBS),
        spawn({**env, "ATLAS_AS": "tick"}, *TICK),
        spawn({**env, **sealing()}, "audit", "seal", "--every", "1"),
        spawn({**env, **unsealing()}, "sealed", "serve"),
    ]
    try:
        wait_for(address + "accounts/login/")
        say("ready")
        django(env, "demo", "people")
        print(f"\nAtlas is at {address}   (end with Ctrl-C)\n", flush=True)
        while not arguments.once and all(child.poll() is None for child in children):
            time.sleep(1)
    except KeyboardInterrupt:
        pass
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=20)


# An alert never waits behind a long job: what is urgent has a worker of its own.
JOBS = tuple(("procrastinate", "worker", "--queues", queue) for queue in ("urgent", "bulk"))
TICK = ("tick", "--every", "60")


def web(port: int, application: str = "atlas.config.wsgi:application", workers: int = 2) -> tuple[str, ...]:
    """The words that start the service, or what a benchmark serves, on a port of this machine."""
    where = (
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "2",
        "--workers-lifetime",
        "4h",
        "--workers-kill-timeout",
        "30s",
    )
    return (str(VENV / "bin/granian"), "--interface", "wsgi", *where, "--log-level", "error", "--no-access-log", application)


def emptied(folder: Path) -> str:
    """A folder with nothing in it: what the processes of an earlier run counted is over."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return str(folder)


def spawn(env: dict[str, str], *words: str, module: bool = True) -> "subprocess.Popen[bytes]":
    """Start a process that ends with this one."""
    program = (str(PYTHON), "-m", "django", *words) if module else words
    return subprocess.Popen(program, cwd=ROOT, env=alone({"ATLAS_AS": "service", **env}), preexec_fn=end_with_parent)


def alone(env: dict[str, str]) -> dict[str, str]:
    """The environment of a process that goes on running: of the logins' addresses, that of its own alone, so that whoever takes it over has no other."""
    own = "DATABASE_URL" if env["ATLAS_AS"] == "service" else f"DATABASE_{env['ATLAS_AS'].upper()}_URL"
    return {key: value for key, value in env.items() if key == own or not (key.startswith("DATABASE_") and key.endswith("_URL"))}


def wait_for(address: str, seconds: float = 60) -> None:
    """Wait until a page answers."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        if time.monotonic() > until:
            raise stop(f"{address} did not answer within {seconds:.0f} seconds.")
        time.sleep(0.3)


def is_free(port: int) -> bool:
    """Whether nothing listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def free_port() -> int:
    """A port that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def browser() -> None:
    """Make sure of a Chromium for the journeys."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing Chromium for the browser journeys")
        call("apt-get", "update", "-qq")
        call("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", stdout=subprocess.DEVNULL)
        return
    raise stop("The browser journeys need Chromium. Install it (on Debian: sudo apt-get install chromium) and run the tests again.")


def test_environment() -> dict[str, str]:
    """The environment in which tests and checks run: a cluster of its own that may lose everything."""
    environment("test")
    return settings(database("postgres-test", durable=False), ATLAS_TEST="1")


def test(arguments: argparse.Namespace) -> None:
    """Run the checks and every test, or the tests about some words."""
    env = test_environment()
    browser()
    if not arguments.words:
        run_checks(env)
    say("running the tests")
    words = [f"-k={' and '.join(arguments.words)}"] if arguments.words else []
    call(PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadscope", "--no-loadscope-reorder", *words, env=env)


def check(arguments: argparse.Namespace) -> None:
    """Look at format, lint, types, import contracts, migrations, generated documents, row security and new migrations; change nothing."""
    run_checks(test_environment())


def run_checks(env: dict[str, str]) -> None:
    """Every check, one after the other; row security, which makes a database first, and what new migrations would stop beside them."""
    folders = ("run.py", "verify_audit.py", "open_pack.py", "atlas", "atlas_analysis", "demo", "tests", "bench")
    bin_folder, owner = VENV / "bin", {**env, "ATLAS_AS": "owner"}
    say("checking row security, and change without downtime")
    beside = [
        subprocess.Popen([str(PYTHON), "-m", module], cwd=ROOT, env=owner, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for module in ("tests.gate.row_security", "tests.change.linter")
    ]
    try:
        for name, command in (
            ("format", (bin_folder / "ruff", "format", "--check", "-q", *folders)),
            ("lint", (bin_folder / "ruff", "check", "-q", *folders)),
            ("imports", (bin_folder / "lint-imports", "--no-cache")),
            ("types", (bin_folder / "mypy",)),
            ("migrations", (PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run", "-v0")),
            ("documents", (PYTHON, "-m", "django", "docs", "--check")),
        ):
            say(f"checking {name}")
            call(*command, env=owner)
        said = [one.communicate()[0] for one in beside]
    finally:
        for one in beside:
            one.kill()
    print(*said, sep="", end="", flush=True)
    if any(one.returncode for one in beside):
        raise SystemExit(1)
    say("checked row security, and change without downtime")


def bench(arguments: argparse.Namespace) -> None:
    """Run one benchmark beside its peer."""
    environment("test")
    env = settings(database("postgres"), ATLAS_DEMO="1")
    more = [*(["--quick"] if arguments.quick else []), *(["--satscan", arguments.satscan] if arguments.satscan else [])]
    call(PYTHON, "-m", f"bench.{arguments.name}", *arguments.parts, *more, env=env)


def manage(arguments: argparse.Namespace) -> None:
    """Run one of Django's commands, as the owner where it changes the database's shape."""
    environment("service")
    backup = arguments.words[:1] == ["backup"]
    addresses = database("postgres", **({"DATABASE_BACKUP_URL": "atlas_backup"} if backup else {}))
    env = settings(addresses, ATLAS_DEMO=os.environ.get("ATLAS_DEMO", "1" if "DATABASE_URL" not in os.environ else "0"))
    owner = arguments.words[:1] in (["migrate"], ["makemigrations"], ["gate"])
    login = "owner" if owner else {"tick": "tick", "audit": "sealer", "sealed": "unsealer"}.get("".join(arguments.words[:1]), "service")
    if login == "sealer" or backup:
        env |= sealing()
    if backup:
        env |= {"ATLAS_BACKUP_PRIVATE_KEY": os.environ.get("ATLAS_BACKUP_PRIVATE_KEY", "")}
    if login == "unsealer":
        env |= unsealing()
    django(env, *arguments.words, as_login=login)


def main() -> None:
    """Read the words and run the verb."""
    parser = argparse.ArgumentParser(prog="run.py", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, does in ((demo, "make and serve the fictional authority"), (test, "every test, or those about some words"),
                       (check, "format, lint, types, contracts"), (bench, "one benchmark beside its peer"), (manage, "Django's commands")):  # fmt: skip
        sub = verbs.add_parser(verb.__name__, help=does)
        sub.set_defaults(run=verb)
        if verb is demo:
            sub.add_argument("--once", action="store_true", help="end after the first page has answered")
            sub.add_argument("--small", action="store_true", help="a small authority")
            sub.add_argument("--before", action="store_true", help="the authority before it improved")
            sub.add_argument("--port", type=int, default=8000)
        elif verb is bench:
            sub.add_argument("name")
            sub.add_argument("parts", nargs="*", help="of a benchmark that has parts, only these")
            sub.add_argument("--quick", action="store_true")
            sub.add_argument("--satscan", metavar="PATH", help="of bench scan: that program, to compare with")
        elif verb is test:
            sub.add_argument("words", nargs="*")
        elif verb is manage:
            sub.add_argument("words", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
