"""The kinds of record that are copied back: each folder names its own in a `copies.py`, and the settings name those files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from atlas.feeds.rules import Mastered
from atlas.gate.context import Subject
from atlas.sharing.compile import Part

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Copied:
    """A kind of record that is copied back, and what of it.

    `rows`: the records as the subject may see them, with what the rest reads; `chosen`: which parts go, by the allow-list of each; `fields`: what
    the main system's own table asks of it, by the table's words, given the child's number there; `free`: the words in it that somebody wrote
    (id of their row, words); `page`: the address at which the record is read.
    """

    key: str
    name: str
    mastered: Mastered
    rows: Callable[[Subject], "QuerySet[Any]"]
    chosen: Callable[[Any], Iterable[tuple[Part, Iterable[UUID]]]]
    fields: Callable[[Any, str], dict[str, dict[str, str | None]]]
    page: Callable[[Any], str]
    is_withdrawn: Callable[[Any], bool]
    is_not_told: Callable[[Any], bool]
    free: Callable[[Any], Iterable[tuple[UUID, str]]] = lambda record: ()


@lru_cache(maxsize=1)
def copied() -> dict[str, Copied]:
    """Every kind that is copied back, by its key."""
    return {kind.key: kind for module in settings.COPIED for kind in import_module(module).COPIED}
