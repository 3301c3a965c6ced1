"""What the audit costs and whether it misses anything: goals B1, B4 and B5 of protection.md. Needs `python3 run.py demo --once`.

*kept_share*: pages of a child a second with every look written, over those with none. *missing*: children (by id, or by whole name) in
responses that no look of that page and session names. *who_p95_ms*: the page *Who has looked* over ten million looks.
"""

import asyncio
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from html import unescape
from multiprocessing import get_context

import psycopg

from bench.loading import together, wait_for
from bench.measuring import last_line, p95, table, the_cluster, use
from run import free_port, web

QUICK = "--quick" in sys.argv
RESPONSES, LOAD_SECONDS, ROUNDS, LOOKS, CHILDREN, ASKED = (200, 3, 2, 10**6, 4_000, 60) if QUICK else (100_000, 8, 3, 10**7, 40_000, 200)
NAME = "bench_audit"
USERS = ("social.worker", "team.manager", "missing.coordinator", "night.worker", "interviewer", "police.missing", "privacy.officer")
cluster = the_cluster()
cluster.copy("atlas", NAME)
cluster.sql(NAME, "VACUUM ANALYZE")
use(NAME, cluster)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import resolve  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.gate.door import hashed  # noqa: E402
from tests.factories import begin_session  # noqa: E402

LINK = re.compile(r'href="(/[^"#]*)"')
SHUT = ("/accounts", "/static", "/post")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def signed_in(username: str) -> Client:
    """A client whose session has passed the second factor."""
    post = Post.objects.select_related("user").get(user__username=username)
    client = Client(HTTP_HOST="127.0.0.1")
    begin_session(client, post, timezone.now())
    return client


class Looked:
    """The looks as the superuser reads them: by session and page, the children."""

    def __init__(self) -> None:
        self.database = psycopg.connect(cluster.url("postgres", NAME), autocommit=True)
        self.last = self.database.execute("SELECT coalesce(max(id), 0) FROM gate_look").fetchone()[0]  # type: ignore[index]
        self.by: dict[tuple[str, str], set[str]] = {}

    def at(self, session: str, page: str) -> set[str]:
        for one, of, on, children in self.database.execute(
            "SELECT id, session, page, children::text[] FROM gate_look WHERE id > %s", [self.last]
        ):
            self.last = max(self.last, one)
            self.by.setdefault((of, on), set()).update(children)
        return self.by.get((session, page), set())


def crawl_together() -> list[int]:
    """(responses, children shown, children shown that no look names), by two processes that go on until there are enough responses."""
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as two:
        return [sum(figures) for figures in zip(*two.map(crawl, (7, 8)), strict=True)]


def crawl(seed: int) -> tuple[int, int, int]:
    """(responses, children shown, children shown that no look names), over every page that seven kinds of worker can reach."""
    looked = Looked()
    names: dict[str, set[str]] = {}
    for one, name in looked.database.execute("SELECT person_id::text, name FROM children_child"):
        names.setdefault(name, set()).add(one)
    every = set().union(*names.values())
    staff = {f"{first} {last}" for first, last in looked.database.execute("SELECT first_name, last_name FROM agencies_user")}
    clients = {username: signed_in(username) for username in USERS}
    start = ["/", *(f"/child/{one}/" for one in sorted(every))]  # most children are nobody's of these: not found
    todo, done = {username: list(start) for username in USERS}, {username: set(start) for username in USERS}
    responses = shown = missing = 0
    opened: dict[str, set[str]] = {username: set() for username in USERS}
    choose = random.Random(seed)
    while responses < RESPONSES // 2:
        username = choose.choice(USERS)
        if not todo[username]:  # everything was opened: a new session opens it again
            again = ["/", *sorted(opened[username]), *choose.sample(start, 50)]
            clients[username], todo[username], done[username] = signed_in(username), again, set(again)
        path = todo[username].pop(choose.randrange(len(todo[username])))
        answer = clients[username].get(path)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        responses += 1
        opened[username] |= {path} & set(start)
        text = unescape(answer.text)
        links = {link for link in LINK.findall(text) if not link.startswith(SHUT)} - done[username]
        done[username] |= links
        todo[username] += sorted(links)
        seen = [{one} for one in set(UUID.findall(text)) & every]
        # Children of one name: one of them was meant. A whole name: "Ross Ellis" does not stand in "Ross Ellis-Mellor".
        seen += [
            ids
            for name, ids in names.items()
            if name in text and name not in staff and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
        ]
        logged = looked.at(hashed(f"session:{clients[username].session.session_key}"), resolve(path.split("?")[0]).func.__name__)
        lost = [ids for ids in seen if not ids & logged]
        if lost and missing < 10:
            print(f"not in the audit: {len(lost)} on {path.split('?')[0]} as {username}")
        shown, missing = shown + len(seen), missing + len(lost)
    return responses, shown, missing


def kept_share() -> tuple[float, float]:
    """Pages of a child a second without any look, and with every look, in turn; the medians."""
    client = signed_in("social.worker")
    with psycopg.connect(cluster.url("postgres", NAME)) as database:
        found = database.execute(
            "SELECT r.child_id FROM gate_relationship r JOIN agencies_post p ON p.id = r.holder_post_id JOIN agencies_user u ON u.id = p.user_id "
            "WHERE u.username = 'social.worker' AND r.kind = 'allocated' AND r.child_id IS NOT NULL AND r.until_at IS NULL LIMIT 1"
        ).fetchone()
    assert found, "social.worker has no child: make the fictional authority again"
    child = f"/child/{found[0]}/"
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    servers = {}
    for looks in ("none", "every"):
        port = free_port()
        program = web(port, "bench.audited:application")
        servers[looks] = port, subprocess.Popen(program, env={**os.environ, "BENCH_LOOKS": looks}, start_new_session=True)
    rates: dict[str, list[float]] = {"none": [], "every": []}
    try:
        for port, _ in servers.values():
            wait_for(port)
            asyncio.run(together(port, child, cookie, 4, 1.5))
        for _ in range(ROUNDS):
            for looks, (port, _) in servers.items():
                rates[looks].append(len(asyncio.run(together(port, child, cookie, 16, LOAD_SECONDS))) / LOAD_SECONDS)
    finally:
        for _, server in servers.values():
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=20)
    return statistics.median(rates["none"]), statistics.median(rates["every"])


def who_looked() -> float:
    """The 95th percentile of the page *Who has looked*, in milliseconds, over LOOKS looks at CHILDREN children by the posts there are."""
    with psycopg.connect(cluster.url("postgres", NAME)) as database:
        index: dict[str, str] = dict(database.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'gate_look' AND indexname <> 'gate_look_pkey'"
        ).fetchall())  # fmt: skip
    cluster.sql(NAME, "".join(f'DROP INDEX "{name}";' for name in index))
    cluster.sql(
        NAME,
        f"""SET session_replication_role = replica; SET synchronous_commit = off;
        CREATE TEMP TABLE c AS SELECT row_number() OVER () AS n, id FROM (SELECT person_id AS id FROM children_child UNION ALL
            SELECT md5(g::text)::uuid FROM generate_series(1, {CHILDREN}) g) a LIMIT {CHILDREN}; CREATE UNIQUE INDEX ON c (n);
        CREATE TEMP TABLE p AS SELECT row_number() OVER () AS n, id FROM agencies_post WHERE NOT is_service; CREATE UNIQUE INDEX ON p (n);
        INSERT INTO gate_look (id, tx, event, page, post_id, about_child, children, through, session, request, device, network, decision, looked_at, policy)
        SELECT 100000000 + g, g, 'open', 'view_child', p.id, c.id, ARRAY[c.id], ARRAY['allocated'], md5((g / 20)::text), md5(g::text), 'computer',
               '192.0.2.0/24', 'allowed', now() - interval '900 days' * (1 - g::float / {LOOKS}), '0123456789abcdef'
        FROM generate_series(1, {LOOKS}) g
        JOIN c ON c.n = 1 + abs(hashint4(g)::bigint) % (SELECT count(*) FROM c) JOIN p ON p.n = 1 + abs(hashint4(g + 7)::bigint) % (SELECT count(*) FROM p)""",
    )
    cluster.sql(
        NAME, "SET maintenance_work_mem = '1GB';" + "".join(f"{definition};" for definition in index.values()) + "VACUUM ANALYZE gate_look"
    )
    children = [
        one
        for (one,) in psycopg.connect(cluster.url("postgres", NAME)).execute(
            "SELECT person_id FROM children_child ORDER BY random() LIMIT %s", [ASKED]
        )
    ]
    client, taken = signed_in("privacy.officer"), []
    for child in children:
        start = time.perf_counter()
        answer = client.get(f"/audit/child/{child}/view_looks/")
        taken.append(time.perf_counter() - start)
        assert answer.status_code == 200, answer.status_code
    return 1000 * p95(taken[5:])


def main() -> None:
    """Crawl, load, and ask who looked."""
    responses, shown, missing = crawl_together()
    print(f"{responses} responses, {shown} children shown, {missing} not in the audit", flush=True)
    none, every = kept_share()
    print(f"{none:.0f} pages a second without looks, {every:.0f} with", flush=True)
    who = who_looked()
    table(
        ("what", "figure"),
        [
            ("responses read", responses), ("children shown in them", shown), ("children that no look names", missing),
            ("pages of a child a second, no look written", f"{none:.0f}"), ("the same, every look written", f"{every:.0f}"),
            ("share kept", f"{every / none:.2f}"), (f"who looked, p95 ms over {LOOKS:,} looks", f"{who:.0f}"),
        ],
    )  # fmt: skip
    last_line(kept_share=every / none, missing=missing, responses=responses, shown=shown, who_p95_ms=who, looks=LOOKS)


if __name__ == "__main__":
    main()
