"""Whether one who attacks keeps others from their pages (protection.md table E, E7): `python3 run.py bench denial [PART OF A NAME …] [--quick]`.

Before each attack a few people read at an even rate, and again beside it: p95 of their pages, and what they were refused. Twice: at Atlas itself, and through
nginx with the sample of `deploy/` (Debian's package, where it is there), behind which it is meant to stand. Loopback only; each attack ends with its time.
"""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.large import serve
from bench.loading import wait_for
from bench.measuring import last_line, own_database, p95, table, the_cluster
from run import ROOT, free_port

QUICK, NAME = "--quick" in sys.argv, "bench_denial"
SECONDS, RATE = (5.0 if QUICK else 12.0), 5.0
WORDS = [word for word in sys.argv[1:] if not word.startswith("-")]
cluster = the_cluster()
own_database(NAME, cluster)

from django.utils import timezone  # noqa: E402

from bench.at_work import OURS, cookie  # noqa: E402
from bench.crowd import Crowd, Person, Taken  # noqa: E402
from bench.denial_attacks import SLOW  # noqa: E402
from bench.denial_requests import KINDS, written  # noqa: E402
from tests.world import World, make_world  # noqa: E402

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
FLOOR, GOAL = 2.0, 1.2


def people(world: World) -> list[Person]:
    """Who reads meanwhile: what a worker and a coordinator have open all day."""
    mine = ["/", f"/child/{world.child.pk}/", "/find_child/"]
    return [Person(cookie(world.worker, OURS), mine), Person(cookie(world.coordinator, OURS), ["/", "/missing/"])]


@contextmanager
def proxy(port: int) -> Iterator[int]:
    """nginx with the sample of `deploy/`, without TLS, in front of this port: its own port."""
    at = free_port()
    with TemporaryDirectory(dir="/dev/shm") as folder:
        sample = (ROOT / "deploy/nginx-atlas.conf").read_text()
        for found, instead in (
            (r"listen 443 ssl http2", f"listen 127.0.0.1:{at}"), (r" *ssl_certificate.*\n", ""), (r"127\.0\.0\.1:8000", f"127.0.0.1:{port}"), ("/run/", f"{folder}/"),
        ):  # fmt: skip
            sample, changed = re.subn(found, instead, sample)
            assert changed, found
        spare = "\n".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("fastcgi", "uwsgi", "scgi")
        )  # which nothing here uses, and it makes all the same
        conf = Path(folder) / "nginx.conf"
        conf.write_text(
            f"worker_processes 2; daemon off; pid {folder}/pid; error_log {folder}/error.log crit;\nevents {{ worker_connections 8192; }}\n"
            f"http {{ access_log off;\n{spare}\n{sample}\n}}\n"
        )
        os.chmod(folder, 0o755)  # noqa: S103  (nginx's own user writes below it)
        server = subprocess.Popen([str(NGINX), "-p", folder, "-c", str(conf)], start_new_session=True)
        try:
            wait_for(at)
            yield at
        finally:
            server.terminate()
            server.wait(timeout=20)


@contextmanager
def silenced() -> Iterator[None]:
    """What is begun here says nothing on standard error: each refused form would be a line."""
    held, silent = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 2)
    try:
        yield
    finally:
        os.dup2(held, 2)


def beside(name: str, port: int, given: Path, readers: list[Person]) -> Taken:
    """What the readers took while an attack went on."""
    attacker = subprocess.Popen([sys.executable, "-m", "bench.denial_attacks", name, str(port), str(given)], cwd=ROOT)
    try:
        time.sleep(2)  # until it has opened all that it opens
        return asyncio.run(Crowd(port, readers, {"read": 1.0}, 2).arrive(RATE, SECONDS))
    finally:
        attacker.kill()
        attacker.wait()
        time.sleep(2)  # until the service has noticed


def at_door(door: str, port: int, world: World, names: list[str]) -> list[list[object]]:
    """Each attack at one door."""
    readers, rows = people(world), []
    for _ in range(2):
        asyncio.run(Crowd(port, readers, {"read": 1.0}, 1).arrive(RATE, 3.0))  # warm
    for name in names:
        calm = asyncio.run(Crowd(port, readers, {"read": 1.0}, 1).arrive(RATE, SECONDS))
        with TemporaryDirectory() as folder:
            given = written(name, world, Path(folder))
            taken = beside(name, port, given, readers)
        before, after = 1000 * p95(calm.of()), 1000 * (p95(taken.of()) if taken.of() else float("nan"))
        share = f"{after / before:.1f}" if not taken.errors else "-"
        rows.append([door, name, f"{before:.0f}", f"{after:.0f}", share, len(calm.errors), len(taken.errors), taken.done])
        print(*rows[-1], *taken.errors[:2], sep=" | ", flush=True)
    return rows


def main() -> None:
    """Each attack at each door."""
    world, began = make_world(), time.monotonic()
    names = [name for name in (*SLOW, *KINDS) if not WORDS or any(word in name for word in WORDS)]
    rows: list[list[object]] = []
    for door in ("Atlas itself", *(["through nginx"] if NGINX else [])):
        os.environ["ATLAS_PROXIES"] = str(int(door != "Atlas itself"))
        with silenced():
            web, port = serve(cluster, "atlas.config.wsgi:application", "atlas_app", NAME)
        try:
            wait_for(port)
            if door == "Atlas itself":
                rows += at_door(door, port, world, names)
            else:
                with proxy(port) as at:
                    rows += at_door(door, at, world, names)
        finally:
            os.killpg(web.pid, signal.SIGKILL)  # a held thread would keep it
            web.wait(timeout=30)
    if not NGINX:
        print("nginx is not here: only Atlas itself was asked.")
    table(["door", "attack", "p95 ms before", "p95 ms beside", "times", "errors before", "errors beside", "asked beside"], rows)
    last_line(
        attacks=len(names), seconds=time.monotonic() - began, taken_at=timezone.now().timestamp(),
        **{f"held_{'itself' if door == 'Atlas itself' else 'proxied'}": sum(row[0] == door and _holds(row) for row in rows) for door in {str(row[0]) for row in rows}},
    )  # fmt: skip


def _holds(row: list[object]) -> bool:
    """Whether the floor is held: nobody refused, and p95 at most twice."""
    return not row[6] and float(str(row[4])) <= FLOOR


main()
