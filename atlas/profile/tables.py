"""Tables of a profile, protected before anything is kept: what is small is left unsaid, and so much beside it that nobody can reckon it back (protection.md 3.5)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from scipy.stats import fisher_exact

from atlas.profile.document import Table
from atlas.profile.rules import NOT_RECORDED
from atlas_analysis.rates.disclosure import protect
from atlas_analysis.rates.intervals import rate
from atlas_analysis.rates.shares import MOST_SMALL, wilson_interval

UNSAID = "not said"
TOO_FEW = "Too few to say anything without giving a child away."
TOTAL = "All together"


def is_small(count: int) -> bool:
    """Whether a count is too small to be said."""
    return 1 <= count <= MOST_SMALL


def said(count: int) -> str:
    """A count that stands alone, in words."""
    return UNSAID if is_small(count) else f"{count:,}"


def share(count: int, of: int) -> str:
    """A share with its 95 % interval; left unsaid where it, or the rest, is small."""
    if not of:
        return "none"
    if is_small(count) or is_small(of - count) or is_small(of):
        return UNSAID
    low, high = wilson_interval(count, of)
    return f"{count:,} of {of:,} ({count / of:.0%}; {low:.0%} to {high:.0%})"


def p_of_change(now: tuple[int, int], before: tuple[int, int]) -> float | None:
    """How easily chance makes two shares, each (count, of), as unlike as these (Fisher's exact test). None where one of the four cells is small, or nobody is."""
    table = [[count, of - count] for count, of in (now, before)]
    if not now[1] or not before[1] or any(is_small(cell) for row in table for cell in row):
        return None
    return float(fisher_exact(table).pvalue)


def per_10_000(count: int, people: int | None) -> str:
    """A rate per 10,000 children living here, with its exact interval; not known without their number."""
    if people is None:
        return "not known"
    if is_small(count):
        return UNSAID
    one = rate(count, people)
    return f"{one.rate:.1f} ({one.low:.1f} to {one.high:.1f})"


def counted(
    key: str, title: str, groups: Iterable[str], columns: Mapping[str, Sequence[str]], *, together: Sequence[str] = (), drill: str = ""
) -> Table:
    """How many of each group there are, with their share of all, in one or more columns: of each, what is counted and the group of each one counted.

    `groups`: those that there are, in order. What has no group is `NOT_RECORDED`; below the table stands what share of each column that is.
    `together`: groups of which another sentence says how many they are together.
    """
    order = _in_order(groups)
    made = {name: _column(order, these, together) for name, these in columns.items()}
    rows = [[group, *(column[group] for column in made.values())] for group in (*order, TOTAL)]
    unknown = "; ".join(f"{name}: {_unknown(made[name], these)}" for name, these in columns.items() if these)
    return Table(key, title, ["", *columns], rows, f"Not recorded – {unknown}." if unknown else "Nothing was counted.", drill)


def not_recorded(groups: Iterable[str], these: Sequence[str]) -> str:
    """Of what share the group is not recorded; left unsaid wherever `counted` leaves it unsaid, since it would give the others away."""
    return _unknown(_column(_in_order(groups), these), these)


def _unknown(column: Mapping[str, str], these: Sequence[str]) -> str:
    return UNSAID if column[NOT_RECORDED] == UNSAID else share(these.count(NOT_RECORDED), len(these))


def _in_order(groups: Iterable[str]) -> list[str]:
    return [*(group for group in groups if group != NOT_RECORDED), NOT_RECORDED]


def _column(order: Sequence[str], these: Sequence[str], together: Sequence[str] = ()) -> dict[str, str]:
    """The cells of one column with its total.

    Where a total would have to be left unsaid to protect a cell, no cell is said: other tables say the total. Where those of `together`, or all others,
    are few, the total is not said either, and no share, from which it could be reckoned.
    """
    tallied, total = Counter(these), len(these)
    parts = [part for part in ([one for one in order if one in together], [one for one in order if one not in together]) if part]
    if len(parts) > 1 and any(is_small(sum(tallied[one] for one in part)) for part in parts):
        return dict.fromkeys((*order, TOTAL), UNSAID)
    cells = {TOTAL: said(total)}
    for part in parts:
        unsaid = protect([[tallied[one]] for one in part]).unsaid[:, 0].tolist()
        hides_total = unsaid[-1] and not is_small(sum(tallied[one] for one in part))
        cells |= {one: UNSAID if hides_total or hidden else _of(tallied[one], total) for one, hidden in zip(part, unsaid, strict=False)}
    return cells


def _of(count: int, total: int) -> str:
    return f"{count:,} ({count / total:.0%})" if total else "0"


def crossed(
    key: str, title: str, rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[str, str], int], *, drill: str = ""
) -> Table:
    """A table of counts by two things at once, with its totals, of which small cells and those that would give them away are left unsaid."""
    if not rows or not columns:
        return Table(key, title, ["", *columns, TOTAL], [], "Nothing was counted.", drill)
    shown = protect([[cells.get((row, column), 0) for column in columns] for row in rows]).said()
    made = [
        [name, *(UNSAID if count is None else f"{count:,}" for count in line)] for name, line in zip([*rows, TOTAL], shown, strict=True)
    ]
    return Table(key, title, ["", *columns, TOTAL], made, "", drill)


def named(key: str, title: str, of: str, pairs: Mapping[str, int], base: int, *, note: str = "") -> Table:
    """How often each of several things that may come together was named, of so many; the most often first, those never named left out."""
    rows = [[name, share(count, base)] for name, count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0])) if count]
    return Table(key, title, ["", f"Of {said(base)} {of}"], rows, note)
