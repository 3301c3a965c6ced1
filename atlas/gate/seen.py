"""Which children a page has read: noted as rows are loaded, so that no look can be forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_seen: ContextVar[set[UUID] | None] = ContextVar("atlas_seen", default=None)


@contextmanager
def noting() -> Iterator[set[UUID]]:
    """Collect the children whose rows are loaded inside."""
    seen: set[UUID] = set()
    reset = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(reset)


def note_seen(child_id: UUID | None) -> None:
    """Note that a row about this child was read. Queries that load plain values call it themselves."""
    seen = _seen.get()
    if seen is not None and child_id is not None:
        seen.add(child_id)
