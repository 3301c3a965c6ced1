"""The front door's queue, and how alike decisions are, on Fernleigh and on an authority with very many contacts. Needs `python3 run.py demo --once`.

No peer: nobody that we could read counts this (reference/peers.md 1.3). What is printed is the growth: time and statements of a page with every contact of
Fernleigh many times over, made by SQL from rows that commands made, against the same page before.
"""

import os
import subprocess
import sys
import time

from bench.measuring import last_line, table, the_cluster, use
from bench.multiply import multiply

QUICK = "--quick" in sys.argv
TIMES, ROUNDS = (200, 3) if QUICK else (2000, 7)
NAME = "bench_contacts"
cluster = the_cluster()
cluster.copy("atlas", NAME)
use(NAME, cluster)
for words in (("migrate", "-v0"), ("gate", "install")):  # of a demo that was made before the last change
    subprocess.run([sys.executable, "-m", "django", *words], check=True, env={**os.environ, "ATLAS_AS": "owner"}, stdout=subprocess.DEVNULL)

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from tests.factories import begin_session  # noqa: E402

PAGES = {"view_contacts": "front.door", "view_consistency": "front.door", "view_my_contacts": "school.lead"}


def measured() -> dict[str, tuple[float, int]]:
    """(milliseconds, statements) of each page: the quickest of some rounds."""
    found = {}
    for name, username in PAGES.items():
        client, address = Client(headers={"host": "127.0.0.1"}), reverse(f"contacts:{name}")
        begin_session(client, Post.objects.select_related("user", "team__agency").get(user__username=username), timezone.now())
        client.get(address)
        took = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            assert client.get(address).status_code == 200
            took.append(time.perf_counter() - start)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        found[name] = (min(took) * 1000, len(asked))
    return found


def main() -> None:
    """Before, and with every contact many times over."""
    before = measured()
    multiply(
        cluster,
        NAME,
        ("contacts.Contact", "contacts.ContactDecision", "contacts.SecondView", "contacts.ContactAnswer", "contacts.AgencyAsk"),
        TIMES,
    )
    many = int(cluster.sql(NAME, "SELECT count(*) FROM contacts_contactdecision").strip())
    after = measured()
    rows = [(name, f"{before[name][0]:.0f}", before[name][1], f"{after[name][0]:.0f}", after[name][1]) for name in PAGES]
    table(("page", "ms", "statements", f"ms with {many:,} decisions", "statements"), rows)
    last_line(
        decisions=many,
        **{f"{name}_ms": round(after[name][0]) for name in PAGES},
        same_statements=all(before[name][1] >= after[name][1] for name in PAGES),
    )


main()
