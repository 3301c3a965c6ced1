"""The kinds of record that are copied back: each folder names its own in a `copies.py`, and the settings name those files."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings

from atlas.feeds.rules import Mastered
from atlas.gate.context import Subject
from atlas.sharing.compile import Chosen

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Copied:
    """A kind of record that is copied back, and what of it.

    `rows`: the records as the subject may see them, with what the rest reads; `chosen`: which parts go, by the allow-list of each; `fields`: what
    the main system's own table asks of it, by the table's words, given the child's number there; `page`: the address at which the record is
    read; `never`: what is never in it, in a sentence.
    """

    key: str
    name: str
    mastered: Mastered
    rows: Callable[[Subject], "QuerySet[Any]"]
    chosen: Callable[[Any], Chosen]
    fields: Callable[[Any, str], dict[str, dict[str, str | None]]]
    page: Callable[[Any], str]
    is_withdrawn: Callable[[Any], bool]
    is_not_told: Callable[[Any], bool]
    never: str


@lru_cache(maxsize=1)
def copied() -> dict[str, Copied]:
    """Every kind that is copied back, by its key."""
    return {kind.key: kind for module in settings.COPIED for kind in import_module(module).COPIED}


def is_parent_not_told(record: Any) -> bool:
    """Whether a manager's decision not to tell a parent yet stands for the child whom a record is about, whichever folder holds the decision."""
    return any(asked(record.child_id) for module in settings.COPIED if (asked := getattr(import_module(module), "NOT_TOLD", None)))
