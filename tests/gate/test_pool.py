"""A database that was away is reached again soon after it is back (protection.md table C, C1: ready within 30 s of a kill)."""

import os
import time

from psycopg_pool import ConnectionPool

from atlas.config.settings import POOL
from atlas.gate.pool import try_again

AWAY, SOON = 3.5, 2.5  # seconds; by its own pauses of 1, 2, 4 … seconds the pool would come back 3.5 s later
NOWHERE = "postgresql://127.0.0.1:1/nothing"


def test_the_pauses_between_tries_begin_anew() -> None:
    assert (POOL["reconnect_timeout"], POOL["reconnect_failed"]) == (3, try_again)
    where = [NOWHERE]
    own = {"min_size": 1, "max_size": 2, "timeout": 20, "reconnect_timeout": 0.5, "reconnect_failed": try_again}
    with ConnectionPool(lambda: where[0], **own) as pool:  # type: ignore[arg-type]
        time.sleep(AWAY)
        where[0] = os.environ["DATABASE_URL"]
        back = time.monotonic()
        with pool.connection() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert time.monotonic() - back < SOON
