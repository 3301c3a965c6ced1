"""What row security costs a page (protection.md table A, A16): a child's page, and a worklist of 200 children, with it and past it.

Peer: the same pages of the same service, in turn, by a login that row security does not hold (BYPASSRLS); all else is the same, the looks
that are written too. Floor 2 ×, goal 1.3 ×; the worklist of 200 children within 50 ms.
"""

import random
import sys
import time
from datetime import timedelta

from bench.measuring import last_line, own_database, p95, sign_in_as, table, the_cluster

QUICK = "--quick" in sys.argv
ASKED, CHILDREN, PAST = (40 if QUICK else 400), 200, "bench_past"
cluster = the_cluster()
own_database("bench_gate", cluster)

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.chronology.moments import Moment  # noqa: E402
from atlas.missing.commands.report import Report, report_missing  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories import NOW, begin_session  # noqa: E402
from tests.missing.test_spine import reported  # noqa: E402
from tests.world import make_world  # noqa: E402

LATER = NOW + timedelta(minutes=30)


def signed_in(post: Post) -> Client:
    """A client whose session has passed the second factor."""
    client = Client()
    begin_session(client, post, LATER)
    return client


def taken(client: Client, path: str) -> float:
    """Milliseconds that one answer takes, from the request to its last byte."""
    start = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Fill, ask in turn, and print what row security adds."""
    setup_test_environment()
    setattr(timezone, "now", lambda: LATER)  # noqa: B010  (the doors alone read the clock, and there it stands still)
    world = make_world()
    reported(world)
    for _ in range(CHILDREN - 1):
        report = Report(reported=Moment(NOW), worry="Not home from school")
        report_missing(child=factories.child(), report=report, by=world.coordinator, at=NOW)
    cluster.sql("bench_gate", f"DROP ROLE IF EXISTS {PAST}")
    cluster.sql("bench_gate", f"CREATE ROLE {PAST} LOGIN BYPASSRLS IN ROLE atlas_app PASSWORD '{cluster.secrets['atlas_app']}'")
    pages = {
        "a child's page": (f"/child/{world.child.pk}/", signed_in(world.worker)),
        f"worklist of {CHILDREN} children": ("/missing/", signed_in(world.coordinator)),
    }
    found: dict[tuple[str, str], list[float]] = {(page, login): [] for page in pages for login in ("atlas_app", PAST)}
    turns = [login for login in ("atlas_app", PAST) for _ in range(10)]
    random.Random(4).shuffle(turns)
    for login in turns:
        sign_in_as(cluster, "atlas_app")
        connection.settings_dict["USER"] = login  # of one password
        for page, (path, client) in pages.items():
            for _ in range(3):
                taken(client, path)  # warm: a new connection plans anew
            found[page, login] += [taken(client, path) for _ in range(ASKED // 10)]
    sign_in_as(cluster, "atlas_app")
    cluster.sql("bench_gate", f"DROP ROLE {PAST}")
    rows = {page: (p95(found[page, "atlas_app"]), p95(found[page, PAST])) for page in pages}
    table(("page", "with row security, p95 ms", "past it, p95 ms", "ratio"),
          [(page, f"{ours:.1f}", f"{past:.1f}", f"{ours / past:.2f}") for page, (ours, past) in rows.items()])  # fmt: skip
    child, worklist = rows.values()
    last_line(page_ratio=child[0] / child[1], worklist_ratio=worklist[0] / worklist[1], worklist_ms=worklist[0])


main()
