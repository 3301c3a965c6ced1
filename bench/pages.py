"""Missing now, a child's page and my work, with 8 and with 32 clients, on Fernleigh and on an authority 20 times as large.

Ours: everything that the service does (second factor, gate, row security, the look written down, accessible markup). Peer:
bare Django pages that read the same rows (`bench/bare.py`), served by the same server with the same workers, in turn with
ours. Needs the fictional authority: `python3 run.py demo --once` makes it.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time

from bench.large import LARGE, copy_of, cpu_of, fictional_authority, own_copy, serve
from bench.loading import together, wait_for
from bench.measuring import last_line, p95, table, the_cluster
from bench.multiply import multiply

QUICK = "--quick" in sys.argv
SECONDS, CLIENTS, TIMES = (2.0 if QUICK else 8.0), ((8,) if QUICK else (8, 32)), 20
cluster = the_cluster()
fictional_authority(cluster, "pages")
own_copy(cluster, "bench_pages")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.chronology.models import Entry  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from tests.factories import begin_session  # noqa: E402

OURS, BARE = "allauth.account.auth_backends.AuthenticationBackend", "django.contrib.auth.backends.ModelBackend"


def signed_in(username: str, backend: str = OURS) -> tuple[Client, str]:
    """A client whose session has passed the second factor, and its cookie."""
    post = Post.objects.select_related("user").get(user__username=username)
    client = Client(HTTP_HOST="127.0.0.1")
    begin_session(client, post, timezone.now(), backend)
    return client, f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"


def fullest_child(username: str) -> str:
    """The child of a worker about whom most is written down."""
    post = Post.objects.select_related("user", "team").get(user__username=username)
    with acting_as(post, timezone.now()) as subject:
        rows = Entry.objects.visible_to(subject).values("child").annotate(many=Count("pk")).order_by("-many", "child")
        return str(rows[0]["child"])


def queries_of(client: Client, path: str) -> tuple[int, float]:
    """How many statements a page takes (transaction and context apart), and its size in kilobytes."""
    client.get(path)
    counted: list[str] = []

    def count(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        counted.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    apart = ("SELECT set_config", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not sql.startswith(apart) for sql in counted), len(answer.content) / 1024


def load(server: "subprocess.Popen[bytes]", port: int, path: str, cookie: str, clients: int) -> dict[str, float]:
    """The p50 and p95 in milliseconds, requests a second, and CPU milliseconds a request, under so many clients."""
    before, start = cpu_of(server), time.perf_counter()
    taken = asyncio.run(together(port, path, cookie, clients, SECONDS))
    wall = time.perf_counter() - start
    cpu = 1000 * (cpu_of(server) - before) / len(taken)
    return {"p50": 1000 * sorted(taken)[len(taken) // 2], "p95": 1000 * p95(taken), "rate": len(taken) / wall, "cpu": cpu}


def measure(name: str, size: str, rows: list[list[object]]) -> dict[tuple[str, int], dict[str, float]]:
    """Every page with every number of clients, ours and bare in turn."""
    for alias in connections:
        connections[alias].close()
        connections[alias].close_pool()  # type: ignore[attr-defined]
        connections[alias].settings_dict["NAME"] = name
    child = fullest_child("social.worker")
    shown = {
        "missing now": ("/missing/", "missing.coordinator"),
        "child": (f"/child/{child}/", "social.worker"),
        "my work": ("/", "social.worker"),
    }
    counted = {page: queries_of(signed_in(username)[0], path) for page, (path, username) in shown.items()}
    pages = {page: (path, signed_in(username)[1], signed_in(username, BARE)[1]) for page, (path, username) in shown.items()}
    ours, bare = (
        serve(cluster, "atlas.config.wsgi:application", "atlas_app", name),
        serve(cluster, "bench.bare:application", "postgres", name),
    )
    found: dict[tuple[str, int], dict[str, float]] = {}
    try:
        for _, port in (ours, bare):
            wait_for(port)
        for page, (path, cookie, bare_cookie) in pages.items():
            for port, given in ((ours[1], cookie), (bare[1], bare_cookie)):
                asyncio.run(together(port, path, given, 4, 1.5))  # warm
            for clients in CLIENTS:
                one, other = load(*ours, path, cookie, clients), load(*bare, path, bare_cookie, clients)
                queries, kilobytes = counted[page]
                found[page, clients] = one | {"ratio": one["p95"] / other["p95"], "queries": queries, "kilobytes": kilobytes}
                rows.append([
                    page, size, clients, f"{one['p50']:.0f} / {one['p95']:.0f}", f"{other['p50']:.0f} / {other['p95']:.0f}", f"{one['p95'] / other['p95']:.2f}",
                    f"{one['cpu']:.1f}", f"{other['cpu']:.1f}", queries, f"{kilobytes:.0f}", f"{one['rate']:.0f}",
                ])  # fmt: skip
    finally:
        for server, _ in (ours, bare):
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=20)
    return found


lines: list[list[object]] = []
small = measure("bench_pages", "1 ×", lines)
for alias in connections:
    connections[alias].close()
    connections[alias].close_pool()  # type: ignore[attr-defined]
copy_of(cluster, "bench_pages", "bench_pages_20")
multiply(cluster, "bench_pages_20", LARGE, TIMES - 1)
children = {name: int(cluster.sql(name, "SELECT count(*) FROM children_child")) for name in ("bench_pages", "bench_pages_20")}
assert children["bench_pages_20"] == TIMES * children["bench_pages"], children
orphans = cluster.sql(
    "bench_pages_20",
    "SELECT count(*) FROM missing_returninterview i LEFT JOIN missing_episode e ON e.id = i.episode_id AND e.child_id = i.child_id WHERE e.id IS NULL",
)
assert orphans.strip() == "0", orphans
large = measure("bench_pages_20", f"{TIMES} ×", lines)

table(
    [
        "page",
        "size",
        "clients",
        "ours p50 / p95 ms",
        "bare p50 / p95 ms",
        "p95 ratio",
        "ours cpu ms",
        "bare cpu ms",
        "queries",
        "kB",
        "ours a second",
    ],
    lines,
)
grown = max(large[key]["p95"] / small[key]["p95"] for key in small)
print(f"children: {children['bench_pages']:,} and {children['bench_pages_20']:,}; worst p95 at {TIMES} × against 1 ×: {grown:.2f}")
both = [*small.values(), *large.values()]
last_line(
    p95_ratio=max(one["ratio"] for one in both), queries=max(one["queries"] for one in both), cpu_ms=max(one["cpu"] for one in both),
    kilobytes=max(one["kilobytes"] for one in both), growth=grown,
)  # fmt: skip
