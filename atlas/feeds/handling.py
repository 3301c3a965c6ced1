"""How the folders above take a row: each names its tables in a `feeds.py`, and the settings name those files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Model

from atlas.feeds.models import Delivery, Row
from atlas.gate.context import Subject

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@dataclass(frozen=True)
class Carrying:
    """What a row is taken with: its delivery, the feed's own post, and the moment of taking."""

    delivery: Delivery
    by: "Post"
    at: datetime

    @property
    def subject(self) -> Subject:
        """Who the database knows as acting while a delivery is taken: the feed's own post."""
        return Subject(self.by, self.at)

    @property
    def is_historic(self) -> bool:
        """Historic rows make chronology and closed clocks, never a task, alert or e-mail."""
        return self.delivery.is_historic


class Waits(Exception):
    """The row cannot be taken before a person has said who the child is: a sentence, and the children it may be."""

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message, self.candidates = message, candidates


Takers = dict[str, Callable[[Row, Carrying], Model | None]]
SetTakers = dict[str, Callable[[Sequence[Row], Carrying], dict[Row, Model]]]


@lru_cache(maxsize=1)
def takers() -> Takers:
    """Who takes which table."""
    found: Takers = {}
    for module in settings.FEED_TAKERS:
        found.update(import_module(module).TAKES)
    return found


@lru_cache(maxsize=1)
def set_takers() -> SetTakers:
    """Who takes many rows of a table at once, where a table has thousands; it leaves what it cannot to the taker of one row."""
    found: SetTakers = {}
    for module in settings.FEED_TAKERS:
        found.update(getattr(import_module(module), "TAKES_SETS", {}))
    return found


@lru_cache(maxsize=1)
def undoers() -> dict[str, Callable[[Row, Carrying], None]]:
    """Who undoes which table, where a table can be undone."""
    found: dict[str, Callable[[Row, Carrying], None]] = {}
    for module in settings.FEED_TAKERS:
        found.update(getattr(import_module(module), "UNDOES", {}))
    return found
