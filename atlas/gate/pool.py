"""A connection that is handed back to the pool must not remember who acted: the next one is somebody else's.

The context is local to its transaction, so it is gone by then; this makes sure, and a connection that still knew somebody is thrown away.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool

SETTING = "atlas.context"


class StillKnown(Exception):
    """A connection came back to the pool that still knew who acted."""


def handed_back(connection: "Connection[Any]") -> None:
    """The pool's reset. Raises StillKnown, upon which the pool closes the connection and opens another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('atlas.context', true), '')")
        row = cursor.fetchone()
        if row is None or row[0]:
            raise StillKnown


def try_again(pool: "ConnectionPool[Any]") -> None:
    """The pool's answer to a database that was away for as long as it tries: it begins anew, so that no pause grows longer than the outage."""
    pool.check()
