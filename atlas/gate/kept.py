"""A question about one child that every look at a page asks: its statement is made once for a process.

For these the query builder costs more than the query. The statement stays the query builder's own, so that it follows the models.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Model, QuerySet

NO_CHILD = UUID("00000000-0000-4000-8000-00000000c41d")  # stands where the child's id goes in


class Kept:
    """A question whose statement is kept. `ask`: given a child's id, the queryset; it depends on nothing else."""

    def __init__(self, ask: Callable[[UUID], "QuerySet[Any, Any]"]) -> None:
        self.ask, self.made = ask, None
        self.__doc__ = ask.__doc__

    made: "tuple[type[Model], str, tuple[Any, ...]] | None"

    def rows(self, child_id: UUID) -> list[Any]:
        """The records about this child, with what the queryset annotates."""
        model, statement, values = self._statement(child_id)
        return list(model._default_manager.raw(statement, values))

    def values(self, child_id: UUID) -> list[tuple[Any, ...]]:
        """The values about this child, where the queryset asks for values."""
        _, statement, values = self._statement(child_id)
        with connections["default"].cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def _statement(self, child_id: UUID) -> tuple[type[Model], str, list[Any]]:
        if self.made is None:
            asked = self.ask(NO_CHILD)
            self.made = (asked.model, *asked.query.sql_with_params())
        model, statement, values = self.made
        return model, statement, [child_id if value == NO_CHILD else value for value in values]
