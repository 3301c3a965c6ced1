"""The lists that have a reason to leave: their columns, how each is said, and the rows that a person may take. Each folder names its own.

A column that no list names cannot leave. Contact details, places, intelligence and free words stand in none: for those there is a
disclosure, about one child, to one named post (protection.md section 4.7). Settings: `EXPORT_LISTS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from atlas.gate.context import Subject
from atlas.gate.policy import RecordKind
from atlas.sharing.exports.reading import Grammar
from atlas.sharing.exports.wording import Saying, Value


@dataclass(frozen=True)
class Column:
    """One column of a list. `of`: the fields that it is read from, as the data dictionary names them; their classes are its class."""

    saying: Saying
    reads: Callable[[Any], Value]
    of: tuple[str, ...]
    is_usual: bool = True  # ticked when the page opens

    @property
    def key(self) -> str:
        """The column's name."""
        return self.saying.key

    @property
    def name(self) -> str:
        """The column in the words of the screen."""
        return self.saying.headings[0]


CHILD = Column(
    Saying("child", ("Child", "Child’s name", "Name of the child", "Young person")), lambda row: row.child.name, ("children.Child.name",)
)


@dataclass(frozen=True)
class Exportable:
    """One list that may leave. `rows`: those of a period that the subject may take, with the child; `dated`: the column that dates a row,
    which is always part of an export.
    """

    key: str
    name: str
    record: RecordKind
    rows: Callable[[Subject, datetime, datetime], "QuerySet[Any]"]
    dated: Column
    columns: tuple[Column, ...]
    child_of: Callable[[Any], UUID] = lambda row: row.child_id
    name_of: Callable[[Any], str] = lambda row: row.child.name

    @property
    def grammar(self) -> Grammar:
        """How the list is said, for whoever reads a leaked text."""
        return Grammar(self.key, self.dated.saying, tuple(column.saying for column in self.columns))

    def chosen(self, keys: "list[str]") -> tuple[Column, ...]:
        """The columns of these names, in the list's own order. Raises KeyError for a name that is no column."""
        known = {column.key: column for column in self.columns}
        wanted = {known[key].key for key in keys}
        return tuple(column for column in self.columns if column.key in wanted)


@dataclass(frozen=True)
class Statutory:
    """One file whose layout a law sets: whole periods, all its columns, for roles that see all that belongs in it. It bears no mark: what is in it, in
    which words and which order, is the law's. `of`: the fields that it is read from; `writes`: each of its formats; `page`: where a year of it is shown beforehand.
    """

    key: str
    name: str
    record: RecordKind
    rows: Callable[[Subject, tuple[date, date]], list[Any]]
    columns: tuple[str, ...]
    of: tuple[str, ...]
    periods: Callable[[date], list[tuple[date, date]]]
    writes: Mapping[str, Callable[[list[Any]], bytes]]
    roles: frozenset[str]
    page: str
    child_of: Callable[[Any], UUID] = lambda row: row.child_id


@lru_cache(maxsize=1)
def statutory() -> dict[str, Statutory]:
    """Every statutory file that may leave, by its name. Settings: `STATUTORY_FILES`."""
    return {one.key: one for module in settings.STATUTORY_FILES for one in import_module(module).STATUTORY}


@lru_cache(maxsize=1)
def lists() -> dict[str, Exportable]:
    """Every list that may leave, by its name."""
    return {one.key: one for module in settings.EXPORT_LISTS for one in import_module(module).EXPORTS}
