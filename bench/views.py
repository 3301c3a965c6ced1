"""Shared views (protection.md table A, A10): random disclosures with a marker planted in every other item, each opened as its recipient.

Page and PDF are searched: bytes, inflated streams, metadata, outlines, text. No peer: the figure to reach is 0.
"""

import sys
import time

from bench.measuring import last_line, own_database, table, the_cluster

QUICK = "--quick" in sys.argv
VIEWS = 50 if QUICK else 5_000
own_database("bench_views", the_cluster())

from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from tests.factories import NOW, begin_session  # noqa: E402
from tests.sharing.views_drill import drilled  # noqa: E402
from tests.world import make_world  # noqa: E402


def fetch(post: Post, address: str) -> bytes:
    """What a page sends to somebody who is signed in with this post."""
    client = Client()
    begin_session(client, post, NOW)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return bytes(answer.content)


def main() -> None:
    """Drill, and print what reached whom."""
    setup_test_environment()
    setattr(timezone, "now", lambda: NOW)  # noqa: B010  (the doors alone read the clock, and there it stands still)
    start = time.perf_counter()
    done = drilled(make_world(), fetch, VIEWS)
    took = time.perf_counter() - start
    table(
        ("what", "count"),
        (
            ("disclosures, page and PDF each opened by its recipient", done.views), ("foreign markers found", len(done.foreign)),
            ("own markers not found", len(done.lost)), ("found by colluding recipients beyond what all were given", len(done.beyond_union)),
            ("seconds", round(took, 1)),
        ),
    )  # fmt: skip
    last_line(views=done.views, foreign=len(done.foreign), lost=len(done.lost), beyond_union=len(done.beyond_union), seconds=took)


main()
