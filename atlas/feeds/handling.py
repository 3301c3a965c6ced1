"""How the folders above take a row: each names its tables in a `feeds.py`, and the settings name those files."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Model

from atlas.feeds.models import Delivery, Row
from atlas.feeds.queries import MAIN_SYSTEM, masters
from atlas.feeds.rules import Mastered, System
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
        return Subject.of(self.by, self.at)

    @property
    def is_historic(self) -> bool:
        """Historic rows make chronology and closed clocks, never a task, alert or e-mail."""
        return self.delivery.is_historic

    @cached_property
    def masters(self) -> dict[Mastered, System]:
        """Which system is master of each kind of record; asked once for the delivery."""
        return masters(self.delivery.authority)

    @cached_property
    def moved_away(self) -> dict[str, str]:
        """The numbers of children who are another authority's now, each with where to; asked once for the delivery."""
        found: dict[str, str] = {}
        for module in settings.FEED_TAKERS if self.delivery.source == MAIN_SYSTEM else ():
            if ask := getattr(import_module(module), "MOVED_AWAY", None):
                found |= ask(self)
        return found

    @cached_property
    def former_numbers(self) -> dict[str, list[str]]:
        """The former numbers that the delivery itself gives for each person's number; asked once for the delivery."""
        rows = Row.objects.filter(
            delivery=self.delivery, table="ssd_linked_identifiers", values__link_identifier_type__icontains="former id"
        )
        found: dict[str, list[str]] = defaultdict(list)
        for number, former in rows.values_list("values__link_person_id", "values__link_identifier_value"):
            found[number].append(former)
        return found


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
def takers_too() -> dict[str, list[Callable[[Row, Carrying, Model], None]]]:
    """Who takes more of a row of a table once it is taken: folders above the one that owns its first fact. In the same transaction."""
    found: dict[str, list[Callable[[Row, Carrying, Model], None]]] = defaultdict(list)
    for module in settings.FEED_TAKERS:
        for table, take in getattr(import_module(module), "TAKES_TOO", {}).items():
            found[table].append(take)
    return found


@lru_cache(maxsize=1)
def undoers() -> dict[str, Callable[[Row, Carrying], None]]:
    """Who undoes which table, where a table can be undone."""
    found: dict[str, Callable[[Row, Carrying], None]] = {}
    for module in settings.FEED_TAKERS:
        found.update(getattr(import_module(module), "UNDOES", {}))
    return found


@dataclass(frozen=True)
class Fact:
    """A fact of the main case system that Atlas mirrors: about whom, its key there, the record that holds it here, and its words."""

    child_id: UUID
    label: str
    id: UUID
    words: str
    key: str = ""


@lru_cache(maxsize=1)
def open_facts() -> dict[str, Callable[[], Iterable[Fact]]]:
    """For each table whose rows stand open here until the main system ends them: what stands open."""
    found: dict[str, Callable[[], Iterable[Fact]]] = {}
    for module in settings.FEED_TAKERS:
        found.update(getattr(import_module(module), "OPEN", {}))
    return found


def follow_delivery(carrying: Carrying) -> None:
    """What follows when the rows of a delivery of the main case system have been taken, in the folders above."""
    for module in settings.FEED_TAKERS if carrying.delivery.source == MAIN_SYSTEM else ():
        for follow in getattr(import_module(module), "FOLLOWS", ()):
            follow(carrying)
