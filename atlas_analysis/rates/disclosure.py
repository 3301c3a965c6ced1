"""What is left unsaid in a table that leaves the casework, so that nobody can reckon back how many a small cell holds.

Counts of 1 to 5 are left unsaid; then so many others, of the least children, that whoever has every row, every column and all totals cannot pin an unsaid cell
down to within two of what it holds. Source: protection.md 3.5 (after the practice of the Department for Education); the pattern is found along the
cheapest cycles through each cell (Kelly, Golden and Assad, Networks 1992; 22: 397-417), and then attacked with the linear programme that an attacker would use.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from atlas_analysis.rates.shares import MOST_SMALL

WITHIN = 2  # how near an attacker may not come
Cell = tuple[int, int]


@dataclass(frozen=True)
class Protected:
    """A table with its totals in the last row and column. `unsaid`: which cells are not said, totals included; `secondary`: how many of these only protect others."""

    counts: np.ndarray
    unsaid: np.ndarray
    secondary: int

    def said(self) -> list[list[int | None]]:
        """As it is published: None for what is left unsaid."""
        return [
            [None if hidden else int(count) for count, hidden in zip(*row, strict=True)]
            for row in zip(self.counts, self.unsaid, strict=True)
        ]


def protect(table: Sequence[Sequence[int]]) -> Protected:
    """Decide what is left unsaid of a table of counts (rows x columns, without totals: they are added).

    Raises ValueError for a table that is ragged, empty, or holds anything but whole counts.
    """
    counts = with_totals(table)
    unsaid = (counts >= 1) & (counts <= MOST_SMALL)
    small = [(int(row), int(column)) for row, column in np.argwhere(unsaid)]
    for cell in sorted(small, key=lambda one: -counts[one]):
        _protect_cell(counts, unsaid, cell)
    # Cycles that cross may undo one another: the attacker has the last word.
    while (found := [cell for cell in small if is_pinned(counts, unsaid, cell)]) and not unsaid.all():
        before = int(unsaid.sum())
        ways = [_protect_cell(counts, unsaid, cell, anew=True) for cell in found]
        if not all(ways) or int(unsaid.sum()) == before:  # no way through other cells is left: then nothing is said
            unsaid |= True
    return Protected(counts, unsaid, int(unsaid.sum()) - len(small))


def with_totals(table: Sequence[Sequence[int]]) -> np.ndarray:
    """The table with a last row and a last column of totals."""
    try:
        counts = np.asarray(table)
    except ValueError:
        counts = np.empty(0)
    if counts.ndim != 2 or not counts.size or not np.issubdtype(counts.dtype, np.integer) or (counts < 0).any():
        raise ValueError("A table to protect has rows of equal length, of whole counts that are not below nought.")
    counts = np.vstack([counts, counts.sum(0)])
    return np.hstack([counts, counts.sum(1, keepdims=True)])


def is_pinned(counts: np.ndarray, unsaid: np.ndarray, cell: Cell) -> bool:
    """Whether an attacker who knows everything said knows this cell to within two."""
    low, high = attack(counts, unsaid, cell)
    return counts[cell] - low <= WITHIN + 1e-6 and high - counts[cell] <= WITHIN + 1e-6


def attack(counts: np.ndarray, unsaid: np.ndarray, cell: Cell) -> tuple[float, float]:
    """The least and the most that a cell can hold, by all that is said: every row and column adds up, and nothing is below nought."""
    places = {place: at for at, place in enumerate(map(tuple, np.argwhere(unsaid)))}
    height, width = counts.shape
    lines = [([(row, column) for column in range(width)], (row, width - 1)) for row in range(height)]
    lines += [([(row, column) for row in range(height)], (height - 1, column)) for column in range(width)]
    matrix, rest = [], []
    for line, total in lines:
        row, known = np.zeros(len(places)), 0
        for place in line:
            sign = -1 if place == total else 1
            if place in places:
                row[places[place]] = sign
            else:
                known += sign * int(counts[place])
        matrix.append(row)
        rest.append(-known)
    wanted = np.zeros(len(places))
    wanted[places[cell]] = 1
    ends = [linprog(sign * wanted, A_eq=np.array(matrix), b_eq=np.array(rest), bounds=(0, None)) for sign in (1, -1)]
    low, high = (float(one.fun) if one.status == 0 else np.inf for one in ends)
    return low, -high if np.isfinite(high) else np.inf


def _protect_cell(counts: np.ndarray, unsaid: np.ndarray, cell: Cell, *, anew: bool = False) -> bool:
    """Leave the cheapest cycle through a cell unsaid, along which its count could be greater by three. Whether there is one."""
    height, width = counts.shape
    row, column = cell
    # The rows and the columns are the points, the cells are the ways; from the cell's column back to its row by other cells.
    start, goal = height + column, row
    best: dict[int, float] = {start: 0.0}
    came: dict[int, int] = {}
    heap = [(0.0, start, 0)]
    while heap:
        cost, here, steps = heapq.heappop(heap)
        if here == goal:
            break
        if cost > best.get(here, np.inf):
            continue
        for there in range(height, height + width) if here < height else range(height):
            place = (here, there - height) if here < height else (there, here - height)
            if place == cell or (_falls(place, steps, counts) and counts[place] <= WITHIN):
                continue
            added = cost + _cost(counts, unsaid, place, anew)
            if added < best.get(there, np.inf):
                best[there], came[there] = added, here
                heapq.heappush(heap, (added, there, steps + 1))
    if goal not in best:
        return False
    here = goal
    while here != start:
        before = came[here]
        unsaid[(here, before - height) if here < height else (before, here - height)] = True
        here = before
    return True


def _falls(place: Cell, steps: int, counts: np.ndarray) -> bool:
    """Whether this cell must become less where the first one becomes more: every other one on the way; a total in the last line turns the sign."""
    is_total = (place[0] == counts.shape[0] - 1) != (place[1] == counts.shape[1] - 1)
    return (steps % 2 == 0) != is_total


def _cost(counts: np.ndarray, unsaid: np.ndarray, place: Cell, anew: bool) -> float:
    if unsaid[place]:
        return 0.5 if anew else 1e-3
    lines = (place[0] == counts.shape[0] - 1) + (place[1] == counts.shape[1] - 1)
    return 1.0 + float(counts[place]) + lines * float(counts[-1, -1])  # a total is the last to be left unsaid


def rounded(total: int, to: int = 10) -> int:
    """A total of a nation or a region, to the nearest ten; halves upwards."""
    return int((total + to / 2) // to * to)
