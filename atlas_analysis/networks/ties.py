"""The network as it stands on one day, made of ties that hold then and are graded well enough."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

KINDS = ("child", "adult", "unknown age", "place", "group")
CONCERNS = frozenset({"suspected perpetrator", "facilitator", "convicted"})
OF_NODES = ("id", "kind", "capacity")
OF_TIES = ("one", "other", "kind", "source", "from_on", "until_on")
SOURCES = {"1": 1, "2": 2, "3": 3}  # reliable, untested, not reliable (3x5x2)


@dataclass(frozen=True)
class Network:
    """Points and the ties between them on `day`. `starts`, `ends`, `tie`: for each point its neighbours, both ways, as compressed rows.

    `one`, `other`: for each tie its two points, as places in `ids`; `of_table`: which row of the table of ties it was. `left_out`: in words, what did not count.
    """

    day: date
    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    capacities: tuple[str, ...]
    one: np.ndarray
    other: np.ndarray
    of_table: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    tie: np.ndarray
    left_out: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many points there are."""
        return len(self.ids)

    def place(self, wanted: str) -> int:
        """Where a point stands. Raises ValueError where there is none of that id."""
        if wanted not in self._places:
            raise ValueError("There is nobody and nothing of that id in this network.")
        return self._places[wanted]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {pk: at for at, pk in enumerate(self.ids)}

    def people_of_concern(self) -> tuple[str, ...]:
        """Adults whose capacity is a concern, in the order of the table. Never a child, nor somebody whose age nobody knows."""
        held = zip(self.ids, self.kinds, self.capacities, strict=True)
        return tuple(pk for pk, kind, capacity in held if kind == "adult" and capacity in CONCERNS)


def network(nodes: pa.Table, ties: pa.Table, day: date, worst_source: str = "3") -> Network:
    """The network on a day. `nodes`: id, kind (of KINDS), capacity (words; may be empty). `ties`: one, other (ids), kind, source ("1" reliable to "3"
    not reliable), from_on, until_on (dates; until_on null for a tie without an end, which does not count: every tie ends).

    Ties that have not begun, that have ended, that have no end, and whose source is worse than `worst_source` are left out and said. The same two tied
    twice count once a kind. Raises ValueError for missing columns, ids that are no points, ids twice, and a kind or a grade that is not known.
    """
    has(nodes, OF_NODES, "points")
    has(ties, OF_TIES, "ties")
    ids, kinds = tuple(nodes["id"].to_pylist()), tuple(nodes["kind"].to_pylist())
    if len(set(ids)) != len(ids):
        raise ValueError("A point stands in the table twice: each id once.")
    _known(kinds, KINDS, "kind of point")
    _known(ties["source"].to_pylist(), SOURCES, "grade of a source")
    places = {pk: at for at, pk in enumerate(ids)}
    pairs = list(zip(ties["one"].to_pylist(), ties["other"].to_pylist(), strict=True))
    if strangers := {pk for pair in pairs for pk in pair if pk not in places}:
        raise ValueError(f"{len(strangers)} ends of ties are no points of this network: give a row for each in the table of points.")
    one, other = (np.array([places[pair[at]] for pair in pairs], np.int64) for at in (0, 1))
    holds, left_out = _holding(ties, day, worst_source)
    apart = one != other
    if (holds & ~apart).any():
        left_out.append(f"{int((holds & ~apart).sum())} tie a point to itself")
    kept = np.flatnonzero(holds & apart)
    kept = kept[_once(one[kept], other[kept], ties["kind"].to_pylist(), kept)]
    starts, ends, tie = rows_of(one[kept], other[kept], len(ids))
    capacities = tuple(word or "" for word in nodes["capacity"].to_pylist())
    return Network(day, ids, kinds, capacities, one[kept], other[kept], kept, starts, ends, tie, tuple(left_out))


def has(table: pa.Table, wanted: tuple[str, ...], of: str) -> None:
    """Raise ValueError, saying which, where a table lacks a column."""
    if missing := [name for name in wanted if name not in table.column_names]:
        raise ValueError(f"The table of {of} has no column {', '.join(missing)}. It needs {', '.join(wanted)}.")


def _known(values: "list[str] | tuple[str, ...]", known: "tuple[str, ...] | dict[str, int]", what: str) -> None:
    if strange := sorted({str(value) for value in values} - set(known)):
        raise ValueError(f"“{strange[0]}” is no {what}. It is one of: {', '.join(known)}.")


def _holding(ties: pa.Table, day: date, worst: str) -> tuple[np.ndarray, list[str]]:
    """Which ties hold on the day, and what was left out, in words."""
    begins, until = ties["from_on"], ties["until_on"]
    source = np.array([SOURCES[value] for value in ties["source"].to_pylist()], int)
    reasons = (
        ("have no day on which they end", _array(pc.is_null(until))),
        ("had ended", _array(pc.fill_null(pc.less_equal(until, pa.scalar(day, until.type)), False))),
        ("had not begun", _array(pc.fill_null(pc.greater(begins, pa.scalar(day, begins.type)), True))),
        (f"have a source worse than {worst}", source > SOURCES[worst]),
    )
    holds, said = np.ones(ties.num_rows, bool), []
    for words, out in reasons:
        if (holds & out).any():
            said.append(f"{int((holds & out).sum())} {words}")
        holds &= ~out
    return holds, said


def _array(column: "pa.ChunkedArray | pa.Array") -> np.ndarray:
    return np.asarray(column.to_pylist(), bool)


def _once(one: np.ndarray, other: np.ndarray, kinds: list[str], kept: np.ndarray) -> np.ndarray:
    """Of ties of the same kind between the same two, the first."""
    seen: set[tuple[int, int, str]] = set()
    first = []
    for at, (left, right, row) in enumerate(zip(one.tolist(), other.tolist(), kept.tolist(), strict=True)):
        key = (min(left, right), max(left, right), kinds[row])
        if key not in seen:
            seen.add(key)
            first.append(at)
    return np.array(first, np.int64)


def rows_of(one: np.ndarray, other: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Neighbours both ways as compressed rows: where each point's begin, the neighbours, and by which tie."""
    left, right = np.concatenate([one, other]), np.concatenate([other, one])
    tie = np.concatenate([np.arange(len(one)), np.arange(len(one))])
    order = np.lexsort((tie, right, left))
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(left, minlength=size), out=starts[1:])
    return starts, right[order].astype(np.int64), tie[order].astype(np.int64)
