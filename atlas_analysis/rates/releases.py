"""Two releases of the same table, one after the other: what both together tell, and what of the later is left unsaid so that they do not.

Whoever has both knows that the children of the first are in the second too, and reckons with every row, column and total of either: a linear programme says the least
and the most that a cell, and what came to it, can have been. Source: protection.md 3.5 and table G, G4.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import linprog

from atlas_analysis.rates.disclosure import WITHIN, Cell, Protected, protect
from atlas_analysis.rates.shares import MOST_SMALL


def attacked(earlier: Protected, later: Protected) -> Iterator[tuple[str, int, float, float]]:
    """Each count of 1 to 5: of a cell ("cell", of either release), or of the children who came to one ("came"); what it holds, and the least and the most that
    an attacker finds. Raises ValueError where the two are not of one shape.
    """
    equations = _equations(earlier, later)
    for kind, cell, counts in _small(earlier, later):
        low, high = _bounds(equations, earlier.counts.shape, kind, cell)
        yield kind.split()[0], int(counts[cell]), low, high


def protect_after(table: Sequence[Sequence[int]], earlier: Protected) -> Protected:
    """Decide what is left unsaid of a later release of a table, so that beside the earlier one no small cell, and no few who came, are found within two.

    Where nothing less will do, nothing of it is said. Raises ValueError as `protect`, where the two are not of one shape, and where a count has become less.
    """
    told = protect(table)
    unsaid = told.unsaid.copy()
    _one_shape(earlier, told)
    came = told.counts - earlier.counts
    if (came < 0).any():
        raise ValueError(
            "A count is less than it was. Only a table to which children have come, and from which none has gone, can follow an earlier one so."
        )
    unsaid |= (came >= 1) & (came <= MOST_SMALL) & ~earlier.unsaid
    while not unsaid.all() and (pinned := _pinned(earlier, Protected(told.counts, unsaid, 0))):
        before = int(unsaid.sum())
        for cell in pinned:
            _leave_more(told.counts, unsaid, cell)
        if int(unsaid.sum()) == before:
            unsaid |= True
    return Protected(told.counts, unsaid, int((unsaid & ~((told.counts >= 1) & (told.counts <= MOST_SMALL))).sum()))


def _one_shape(earlier: Protected, later: Protected) -> None:
    if earlier.counts.shape != later.counts.shape:
        raise ValueError("The two releases are not of the same rows and columns.")


def _small(earlier: Protected, later: Protected) -> Iterator[tuple[str, Cell, np.ndarray]]:
    came = later.counts - earlier.counts
    for kind, counts in (("cell of the first", earlier.counts), ("cell of the second", later.counts), ("came", came)):
        for row, column in np.argwhere((counts >= 1) & (counts <= MOST_SMALL)):
            yield kind, (int(row), int(column)), counts


def _pinned(earlier: Protected, later: Protected) -> list[Cell]:
    equations, found = _equations(earlier, later), []
    for kind, cell, counts in _small(earlier, later):
        low, high = _bounds(equations, earlier.counts.shape, kind, cell)
        if counts[cell] - low <= WITHIN + 1e-6 and high - counts[cell] <= WITHIN + 1e-6:
            found.append(cell)
    return found


def _leave_more(counts: np.ndarray, unsaid: np.ndarray, cell: Cell) -> None:
    """Leave the cell unsaid, and of its row and its column the said cell of the least children."""
    unsaid[cell] = True
    row, column = cell
    for line in ([(row, at) for at in range(counts.shape[1])], [(at, column) for at in range(counts.shape[0])]):
        said = [place for place in line if not unsaid[place]]
        if said:
            unsaid[min(said, key=lambda place: int(counts[place]))] = True


def _equations(earlier: Protected, later: Protected) -> tuple[np.ndarray, np.ndarray, list[tuple[float, float | None]]]:
    """What an attacker knows: of the first release and of who came since, every row and column adds up, what is said is said, and nobody left."""
    _one_shape(earlier, later)
    height, width = earlier.counts.shape
    size = height * width
    lines, known = [], []
    for half in (0, size):
        for row in range(height):
            line = np.zeros(2 * size)
            line[[half + row * width + column for column in range(width)]] = 1
            line[half + row * width + width - 1] = -1
            lines.append(line)
            known.append(0.0)
        for column in range(width):
            line = np.zeros(2 * size)
            line[[half + row * width + column for row in range(height)]] = 1
            line[half + (height - 1) * width + column] = -1
            lines.append(line)
            known.append(0.0)
    for row in range(height):
        for column in range(width):
            place = row * width + column
            if not later.unsaid[row, column]:
                line = np.zeros(2 * size)
                line[[place, size + place]] = 1
                lines.append(line)
                known.append(float(later.counts[row, column]))
    said = [
        (float(count), float(count)) if not hidden else (0.0, None)
        for count, hidden in zip(earlier.counts.flat, earlier.unsaid.flat, strict=True)
    ]
    return np.array(lines), np.array(known), [*said, *[(0.0, None)] * size]


def _bounds(
    equations: tuple[np.ndarray, np.ndarray, list[tuple[float, float | None]]], shape: tuple[int, ...], kind: str, cell: Cell
) -> tuple[float, float]:
    """The least and the most of a cell of the first release, of the second, or of who came."""
    matrix, known, limits = equations
    size, place = shape[0] * shape[1], cell[0] * shape[1] + cell[1]
    wanted = np.zeros(2 * size)
    if kind != "came":
        wanted[place] = 1
    if kind != "cell of the first":
        wanted[size + place] = 1
    low, high = (linprog(sign * wanted, A_eq=matrix, b_eq=known, bounds=limits) for sign in (1, -1))
    return (float(low.fun) if low.status == 0 else 0.0), (-float(high.fun) if high.status == 0 else float("inf"))
