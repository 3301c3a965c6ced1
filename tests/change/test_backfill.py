"""A new column is filled in beside pages: in batches that stay, of a table whose rows its owner may not change; nobody who is typing is told of a change."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from atlas.children.models import Child
from atlas.gate.backfill import backfill
from atlas.gate.catalogue import findings
from tests import factories

FILLED = Q(name__startswith="Filled")


def rows(own_database: Any) -> list[tuple[str, int]]:
    """The names and versions of all children, as the superuser sees them."""
    own_database("postgres")
    found = list(Child.objects.order_by("name").values_list("name", "version"))
    own_database("owner")
    return found


def test_it_fills_in_batches_and_goes_on_where_it_was(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    own_database("app")
    for _ in range(5):
        factories.child()
    was = rows(own_database)
    values = {"name": Concat(Value("Filled "), F("name"))}
    assert Child.objects.all().update(**values) == 0  # what the owner may do
    with monkeypatch.context() as ended:
        ended.setattr(transaction, "atomic", _twice(transaction.atomic))
        with pytest.raises(KeyboardInterrupt):
            backfill(connection, Child, ~FILLED, batch=2, **values)
    assert sum(name.startswith("Filled") for name, _ in rows(own_database)) == 4
    assert backfill(connection, Child, ~FILLED, batch=2, **values) == len(was) - 4
    assert [version for _, version in rows(own_database)] == [version for _, version in was]
    own_database("app")
    assert findings(connection) == []


def _twice(atomic: Any) -> Any:
    """Ended by hand, in the third batch."""
    times = iter(range(2))

    def once(**given: Any) -> Any:
        if next(times, None) is None:
            raise KeyboardInterrupt
        return atomic(**given)

    return once
