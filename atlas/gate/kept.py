"""A question that every look at a page asks: its statement is made once for a process, and holds nothing of any record.

For these the query builder costs more than the query. The statement stays the query builder's own, so that it follows the models.
"""

from collections.abc import Callable
from copy import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

_FIRST = UUID("00000000-0000-4000-8000-00000000c41d")
# What stands where a value goes in, while the statement is made: the n-th of its type, which nobody's record holds.
_STANDS: dict[type, Callable[[int], Any]] = {
    UUID: lambda n: UUID(int=_FIRST.int + n),
    datetime: lambda n: datetime(1, 1, 2 + n, tzinfo=UTC),
    date: lambda n: date(1, 2, 2) + timedelta(days=n),
    str: lambda n: f"stands for what is given at {n}",
}


class Kept:
    """A question whose statement is kept. `ask`: given a value of each of these types, the queryset; it depends on nothing else, and the
    database is given each value as it is.
    """

    def __init__(self, ask: "Callable[..., QuerySet[Any, Any]]", *types: type) -> None:
        self.ask, self.made = ask, None
        self.stands = [_STANDS[one](place) for place, one in enumerate(types or (UUID,))]
        self.__doc__ = ask.__doc__

    made: "tuple[QuerySet[Any, Any], Any, str, tuple[Any, ...]] | None"

    @property
    def model(self) -> type[Model]:
        """The kind of record that it asks for."""
        model: type[Model] = self.ask(*self.stands).model
        return model

    def rows(self, *given: Any) -> list[Any]:
        """The records, with what the queryset joins and annotates."""
        return list(ModelIterable(_Answered(self, given)))  # type: ignore[arg-type]

    def values(self, *given: Any) -> list[tuple[Any, ...]]:
        """The values, where the queryset asks for values."""
        _, _, statement, values = self.statement(given)
        with connections["default"].cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def statement(self, given: tuple[Any, ...]) -> "tuple[QuerySet[Any, Any], Any, str, list[Any]]":
        """The queryset and what compiled it, the statement, and its values with what is given in their places."""
        if self.made is None:
            asked = self.ask(*self.stands)
            compiler = asked.query.get_compiler("default")
            self.made = (asked, compiler, *compiler.as_sql())
        asked, compiler, statement, values = self.made
        pairs = list(zip(self.stands, given, strict=True))
        return asked, compiler, statement, [next((now for stand, now in pairs if _is(value, stand)), value) for value in values]


def _is(value: Any, stand: Any) -> bool:
    return type(value) is type(stand) and bool(value == stand)


class _Answered:
    """A kept question as Django's own reader of rows takes it: a queryset that is compiled already."""

    db = "default"
    _known_related_objects: "dict[Any, Any]" = {}

    def __init__(self, kept: Kept, given: tuple[Any, ...]) -> None:
        asked, self.compiler, *self.ready = kept.statement(given)
        self.model: type[Model] = asked.model
        self.query = self

    def get_compiler(self, using: str) -> Any:
        """One for this reading alone, on this thread's connection."""
        compiler = copy(self.compiler)
        compiler.connection, compiler.as_sql = connections[using], lambda: tuple(self.ready)
        return compiler
