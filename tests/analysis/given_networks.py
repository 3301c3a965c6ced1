"""Networks made for tests and benchmarks: of tables, as the service gives them, and of graphs of another library."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from atlas_analysis.networks.ties import Network, network

DAY = date(2026, 6, 1)
BEGAN, ENDS = date(2026, 1, 1), date(2026, 12, 31)


def points(ids: list[str], kinds: "list[str] | None" = None, capacities: "list[str] | None" = None) -> pa.Table:
    """A table of points: children, if nothing else is said."""
    return pa.table({"id": ids, "kind": kinds or ["child"] * len(ids), "capacity": capacities or [""] * len(ids)})


def tied(rows: list[tuple[Any, ...]]) -> pa.Table:
    """A table of ties: one, other, then kind, source, from and until where they are not the usual."""
    usual = ("seen together", "2", BEGAN, ENDS)
    full = [(*row, *usual[len(row) - 2 :]) for row in rows]
    names = ("one", "other", "kind", "source", "from_on", "until_on")
    types = (pa.string(), pa.string(), pa.string(), pa.string(), pa.date32(), pa.date32())
    return pa.table({name: pa.array([row[at] for row in full], types[at]) for at, name in enumerate(names)})


def of_edges(edges: "np.ndarray | list[tuple[int, int]]", size: int) -> Network:
    """The network of pairs of numbers below `size`."""
    return network(points([str(at) for at in range(size)]), tied([(str(one), str(other)) for one, other in edges]), DAY)
