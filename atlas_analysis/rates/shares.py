"""A share of few: its interval, and which cells of a table are left unsaid so that none can be reckoned back."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist

SMALL = 5  # fewer than this are not said inside the partnership
MOST_SMALL = 5  # counts from 1 to this are left unsaid in what leaves the casework


def wilson_interval(count: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of a proportion without continuity correction: two shares from 0 to 1.

    Source: Wilson, J Am Stat Assoc 1927; 22: 209-212; recommended for small numbers by Newcombe, Stat Med 1998; 17: 857-872, method 3.
    Raises ValueError for no denominator, or a count outside it.
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"There is no share of {count} in {of}.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle, spread = count + z * z / 2, z * sqrt(count * (of - count) / of + z * z / 4)
    return max(0.0, (middle - spread) / (of + z * z)), min(1.0, (middle + spread) / (of + z * z))


def left_unsaid(table: Sequence[Sequence[int]]) -> list[list[bool]]:
    """Which cells of a table, whose row and column totals are said, are left unsaid: those from 1 to 4, and so many others that none of these
    can be reckoned back from a total. A row or column has none unsaid, or two at least.
    """
    hidden = [[0 < cell < SMALL for cell in row] for row in table]
    height, width = len(table), len(table[0]) if table else 0
    lines = [[(row, column) for column in range(width)] for row in range(height)]
    lines += [[(row, column) for row in range(height)] for column in range(width)]
    changed = True
    while changed:
        changed = False
        for line in lines:
            if sum(hidden[row][column] for row, column in line) != 1 or len(line) < 2:
                continue
            shown = [(table[row][column], row, column) for row, column in line if not hidden[row][column]]
            _, row, column = min((one for one in shown if one[0]), default=min(shown))
            hidden[row][column] = changed = True
    return hidden
