"""What attackers' own tools find: `python3 run.py bench attack [schemathesis] [wapiti] [sqlmap] [MINUTES]` (all, 3 minutes each; `--quick`: half a minute each).

Each runs in an environment of its own (requirements/attack.txt), on loopback, bounded in time, against a copy of the fictional authority, through a door that
signs each call of the API as a system let in by a worker, and gives each page the session of a worker: what it cannot reach without being let in was never in
doubt. The door counts: requests, answers of 500 and above with the request that made each, and the longest wait. Needs `run.py demo --once`.
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.large import fictional_authority, own_copy, serve
from bench.loading import wait_for
from bench.measuring import last_line, table, the_cluster
from run import ROOT, STATE, free_port

NAME, TOOLS = "bench_attack", ("schemathesis", "wapiti", "sqlmap")
CHOSEN = [word for word in sys.argv[1:] if word in TOOLS] or list(TOOLS)
SECONDS = 30 if "--quick" in sys.argv else 60 * next((int(word) for word in sys.argv[1:] if word.isdigit()), 3)
cluster = the_cluster()
fictional_authority(cluster, "attack")
own_copy(cluster, NAME)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.systems.commands import let_system_act  # noqa: E402
from atlas.systems.signing import Asked, sign  # noqa: E402
from bench.at_work import OURS, cookie  # noqa: E402
from tests.systems.given import Key, connected_system  # noqa: E402


@dataclass
class Seen:
    """What went through the door."""

    requests: int = 0
    failed: list[str] = field(default_factory=list)
    longest: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)


class Door:
    """A proxy on loopback that lets every request in as one worker, and looks at every answer."""

    def __init__(self, port: int, headers: Callable[[str, str, bytes], list[str]]) -> None:
        self.port, self.headers, self.seen, self.at = port, headers, Seen(), free_port()

    async def through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length[1])) if length else b""
            writer.write(await self.asked(head, body))
            await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # the tool sent what is no request, or went away
        finally:
            writer.close()

    async def asked(self, head: bytes, body: bytes) -> bytes:
        """The service's answer to a request, with what lets it in put in place of the tool's own."""
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, path, *_ = f"{first} / /".split(" ")
        kept = [
            line
            for line in lines
            if line.lower().split(":")[0] not in {"host", "cookie", "authorization", "connection", "origin", "referer"}
        ]
        sent = (
            "\r\n".join([first, f"Host: 127.0.0.1:{self.port}", "Connection: close", *self.headers(method, path, body), *kept]) + "\r\n\r\n"
        )
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(sent.encode("latin-1") + body)
            answer = await asyncio.wait_for(reader.read(-1), 60)
        finally:
            writer.close()
        self.seen.requests += 1
        self.seen.longest = max(self.seen.longest, time.perf_counter() - began)
        status = answer[9:12]
        self.seen.statuses[f"{status.decode()[:1]}xx" if status[:2] != b"40" else status.decode()] += 1
        if status >= b"500" or not answer:
            self.seen.failed.append(f"{status.decode() or 'nothing'}: {first[:160]} {body[:120]!r}")
        return answer.replace(f":{self.port}".encode(), f":{self.at}".encode())


def tools() -> Path:
    """The folder of the attackers' programs, installed once from their own pinned list."""
    folder, mark = STATE / "attack", STATE / "attack/list"
    wanted = (ROOT / "requirements/attack.txt").read_text()
    if not mark.exists() or mark.read_text() != wanted:
        uv, quiet = STATE / "tools/bin/uv", {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(folder)}
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, folder], check=True, env=quiet)
        subprocess.run([uv, "pip", "sync", "-q", "--require-hashes", ROOT / "requirements/attack.txt"], check=True, env=quiet)
        mark.write_text(wanted)
    return folder / "bin"


def commands(at: int, work: Path, child: str) -> dict[str, list[object]]:
    """How each tool is called: what it asks, and for how long."""
    bin_folder, here = tools(), f"http://127.0.0.1:{at}"
    schema = json.loads((ROOT / "docs/openapi.json").read_text())
    (work / "openapi.json").write_text(json.dumps(schema))
    pages = [
        f"{here}/find_child/?name=a&born_on=1",
        f"{here}/child/{child}/?page=1",
        f"{here}/network/child/{child}/view_way/?to=a&day=1",
        f"{here}/meetings/view_meetings/?page=1",
    ]
    (work / "pages.txt").write_text("\n".join(pages))
    return {
        "schemathesis": [bin_folder / "st", "run", work / "openapi.json", "--url", here, "--checks", "not_a_server_error", "--max-time", SECONDS,
                         "--continue-on-failure", "--suppress-health-check", "all", "--request-timeout", 30, "--no-color"],
        "wapiti": [bin_folder / "wapiti", "-u", f"{here}/", "--scope", "domain", "-x", f"{here}/accounts/logout/*", "--max-scan-time", SECONDS,
                   "--max-attack-time", max(SECONDS // 6, 5), "-f", "json", "-o", work / "wapiti.json", "--flush-session", "--no-bugreport", "-v", "0",
                   "-m", "sql,timesql,xss,permanentxss,exec,file,crlf,redirect,xxe,ldap"],
        "sqlmap": [bin_folder / "sqlmap", "-m", work / "pages.txt", "--batch", "--level", 5, "--risk", 3, "--dbms", "postgresql", "--threads", 2, "--flush-session",
                   "--output-dir", work / "sqlmap", "--disable-coloring", "--skip-static"],
    }  # fmt: skip


def findings(tool: str, said: str, work: Path) -> list[str]:
    """What a tool says that it found."""
    if tool == "wapiti":
        report = json.loads((work / "wapiti.json").read_text()) if (work / "wapiti.json").exists() else {"vulnerabilities": {}}
        return [
            f"{kind}: {one['path']} {one.get('parameter')}: {one['info']} {one['http_request'][-200:]!r}"
            for kind, some in report["vulnerabilities"].items()
            for one in some
        ]
    if tool == "sqlmap":
        return re.findall(r"^Parameter: .*|.* is vulnerable.*", said, re.MULTILINE)
    return re.findall(r"^.*Server error.*$", said, re.MULTILINE)


async def attack(door: Door, command: list[object], log: Path) -> str:
    """Let one tool run, no longer than it may; what it said."""
    server = await asyncio.start_server(door.through, "127.0.0.1", door.at, limit=2**20)
    env = {"PATH": os.environ["PATH"], "HOME": str(log.parent), "LC_ALL": "C.UTF-8"}
    with log.open("w") as said:
        tool = await asyncio.create_subprocess_exec(
            *map(str, command), stdout=said, stderr=subprocess.STDOUT, env=env, cwd=log.parent, start_new_session=True
        )
        try:
            await asyncio.wait_for(tool.wait(), SECONDS + 60)
        except TimeoutError:
            os.killpg(tool.pid, signal.SIGKILL)
            await tool.wait()
    server.close()
    return log.read_text(errors="replace")


def main() -> None:
    """Each tool in turn."""
    worker, now, key = Post.objects.select_related("user", "team__agency").get(user__username="social.worker"), timezone.now(), Key()
    system = connected_system(worker.team.agency, key, at=now)
    grant = let_system_act(system=system, by=worker, at=now)
    child = cluster.sql(
        NAME,
        f"SELECT child_id FROM gate_relationship WHERE kind = 'allocated' AND holder_post_id = '{worker.pk}' AND until_at IS NULL LIMIT 1",
    ).strip()
    session = cookie(worker, OURS)
    web, port = serve(cluster, "atlas.config.wsgi:application", "atlas_app", NAME)

    def lets_in(method: str, path: str, body: bytes) -> list[str]:
        if not path.startswith("/api/"):
            return [f"Cookie: {session}"]
        door.seen.requests % 100 or cluster.sql(
            NAME, "DELETE FROM systems_systemcall"
        )  # so many calls of a grant an hour are not what is tried here
        token = sign(
            key.private,
            system.pk,
            grant.pk,
            Asked(method, path, body),
            settings.ATLAS_ADDRESS,
            timezone.now(),
        )
        return [f"Authorization: Bearer {token}"]

    rows, failed, found = [], list[str](), list[str]()
    try:
        wait_for(port)
        with TemporaryDirectory() as folder:
            work = Path(folder)
            for tool in CHOSEN:
                door = Door(port, lets_in)
                said = asyncio.run(attack(door, commands(door.at, work, child)[tool], work / f"{tool}.log"))
                some = findings(tool, said, work)
                rows.append(
                    [
                        tool,
                        door.seen.requests,
                        len(door.seen.failed),
                        len(some),
                        f"{door.seen.longest:.1f}",
                        " ".join(f"{many} × {one}" for one, many in sorted(door.seen.statuses.items())),
                    ]
                )
                failed += door.seen.failed
                found += some
                if not door.seen.requests:
                    print(said[-1500:])
    finally:
        os.killpg(web.pid, signal.SIGTERM)
        web.wait(timeout=30)
    table(["tool", "requests", "answers of 500 and above", "says that it found", "longest s", "answers"], rows)
    print(*dict.fromkeys([*failed, *found]), sep="\n")
    last_line(seconds_each=SECONDS, requests=sum(int(str(row[1])) for row in rows), server_errors=len(failed), found=len(found))


main()
