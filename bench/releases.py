"""What an attacker reckons back from releases of the same table that follow one another (protection.md table G, G4): `python3 run.py bench releases [--quick]`.

The attacker has both tables as published, their totals, and knows that nobody left the group between them; a linear programme says what each cell, and what came to
each cell, can at least and at most have been. Tables are made by chance, 1 child more, or more. Without the guard both are released; with it, as Atlas releases.
A cell of 1 to 5 is found where it is bounded within two; the floor is 0 found to the child, the goal 0 within two. No peer.
"""

import random
import sys
import time
from collections import Counter

from atlas_analysis.rates.differencing import too_near
from atlas_analysis.rates.disclosure import Protected, protect
from atlas_analysis.rates.releases import attacked, protect_after
from bench.measuring import last_line, table

PAIRS = 20 if "--quick" in sys.argv else 150
ADDED = (1, 3, 6, 12, 40)
COUNTS = (0, 0, 1, 2, 4, 5, 7, 12, 40, 90)


def pair(seed: int, added: int) -> tuple[list[list[int]], list[list[int]]]:
    """A table, and the same when so many children have come."""
    chance = random.Random(f"{seed} {added}")
    width, height = chance.randint(2, 5), chance.randint(2, 5)
    first = [[chance.choice(COUNTS) for _ in range(width)] for _ in range(height)]
    second = [list(row) for row in first]
    for _ in range(added):
        second[chance.randrange(height)][chance.randrange(width)] += 1
    return first, second


def members(counts: list[list[int]]) -> list[bytes]:
    """The children of a table: those of an earlier one are in it too."""
    return [
        f"{row} {column} {number}".encode()
        for row, line in enumerate(counts)
        for column, count in enumerate(line)
        for number in range(count)
    ]


def found(earlier: Protected, later: Protected) -> Counter[str]:
    """How many small cells an attacker knows: of each release, and of who came between."""
    counted = Counter[str]()
    for kind, holds, low, high in attacked(earlier, later):
        counted[f"{kind}: small"] += 1
        counted[f"{kind}: to the child"] += high - low < 1
        counted[f"{kind}: within two"] += holds - low <= 2 + 1e-6 and high - holds <= 2 + 1e-6
    return counted


def main() -> None:
    """Each number of children more, released by each rule."""
    began, rows, sums = time.monotonic(), [], Counter[str]()
    for added in ADDED:
        for rule in ("no guard", "guard of the group", "and of every cell"):
            counted, withheld, unsaid, cells = Counter[str](), 0, 0, 0
            for seed in range(PAIRS):
                first, second = pair(seed, added)
                earlier, later = protect(first), protect(second)
                if rule != "no guard" and too_near(members(second), [("the first", members(first))]):
                    withheld += 1
                    continue
                if rule == "and of every cell":
                    later = protect_after(second, earlier)
                counted += found(earlier, later)
                unsaid, cells = unsaid + int(later.unsaid.sum()), cells + later.unsaid.size
            kinds = ("cell: small", "cell: to the child", "cell: within two", "came: small", "came: to the child", "came: within two")
            rows.append([added, rule, PAIRS, withheld, *(counted[kind] for kind in kinds), f"{unsaid / cells:.0%}" if cells else "-"])
            for kind in kinds:
                sums[f"{rule}, {kind}"] += counted[kind]
    header = (
        "children more",
        "released by",
        "pairs",
        "withheld",
        "small cells",
        "found",
        "within two",
        "small cells of who came",
        "found",
        "within two",
        "unsaid of the second",
    )
    table(header, rows)
    last_line(
        pairs=len(ADDED) * PAIRS,
        **{name.replace(", ", "_").replace(": ", "_").replace(" ", "_"): many for name, many in sums.items()},
        seconds=time.monotonic() - began,
    )


main()
