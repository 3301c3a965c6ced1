"""Whoever opens an entry about somebody who is no child, a group or a place is written down as one who looked (practice.md 4.12, G9)."""

from collections.abc import Iterable

from atlas.connections.grounds import OnGrounds
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, look_at

MOST = 100


def note_looks(request: PageRequest, page: str, entries: Iterable[OnGrounds | None]) -> None:
    """Write one look at these entries, by their ids, in the transaction that shows them; none where nothing is shown."""
    seen = sorted({f"{entry.looked_at_as} {entry.pk}" for entry in entries if entry is not None})
    for first in range(0, len(seen), MOST):
        look_at(page, request.subject, set(), Event.OPEN, searched=tuple(seen[first : first + MOST]))
