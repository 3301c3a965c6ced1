"""The equality view of levels of exploitation and of closures, every quarter: who is at which level, whose level came down to none, by one characteristic
at a time. Counts under five, and what would give them away, are left unsaid. It says that somebody should ask why, and nothing about any child.

Source: real-life.md point 23; practice.md 8.3 and 4.12 (G8). The owner is the head of service.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import connections
from django.http import HttpResponse
from django.shortcuts import render

from atlas.chronology.moments import day_words, start_of_day
from atlas.contacts.rules.consistency import Share, share
from atlas.design.asked import small_number
from atlas.exploitation.codes import Level
from atlas.exploitation.rules.recency import months_after
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, page
from atlas.gate.policy import Permission
from atlas_analysis.rates.shares import SMALL, left_unsaid

ATTRIBUTES = {"sex": "Sex", "ethnicity": "Ethnic group", "age": "Age", "disability": "Disability", "care": "Care"}
SHOWN_QUARTERS = 4
TOGETHER = "Groups of fewer than five, together"


@dataclass(frozen=True)
class Cell:
    """So many children of one group, alike in the rest."""

    attribute: str
    called: str
    level: int
    is_harm: bool
    is_closed: bool
    many: int


@dataclass(frozen=True)
class Line:
    """One group: how many were assessed, the share at each level, with harm occurring, and closed in the quarter."""

    called: str
    many: int
    levels: tuple[Share, ...]
    harm: Share
    closed: Share


def quarter_of(day: date) -> tuple[date, date]:
    """The first day of the quarter of a day, and of the next."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    return first, months_after(first, 3)


def quarters(today: date) -> list[tuple[date, date]]:
    """The quarters to look at, the one that goes on first."""
    found = [quarter_of(today)]
    while len(found) < SHOWN_QUARTERS:
        found.append(quarter_of(months_after(found[-1][0], -3)))
    return found


def counted(from_at: datetime, until_at: datetime) -> list[Cell]:
    """Counted in the database, by one characteristic at a time; nothing for whoever is not the council's head of service."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT attribute, called, level, is_harm, is_closed, many FROM gate_equality(%s, %s)", [from_at, until_at])
        return [Cell(*row) for row in cursor.fetchall()]


def lines(cells: list[Cell], attribute: str) -> list[Line]:
    """The groups of one characteristic, in the order of their names: no league. Groups of fewer than five stand together; where that is still fewer, with
    the smallest other one, so that none can be reckoned back. Empty where all of them are too few.
    """
    held: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.attribute == attribute:
            held[cell.called].append(cell)
    many = {called: sum(cell.many for cell in of) for called, of in held.items()}
    small = {called for called, count in many.items() if count < SMALL}
    others = sorted(set(many) - small, key=lambda called: (many[called], called))
    if small and sum(many[called] for called in small) < SMALL and others:
        small.add(others[0])
    named = [(called, held[called]) for called in sorted(set(held) - small)]
    if small and sum(many[called] for called in small) >= SMALL:
        named.append((TOGETHER, [cell for called in sorted(small) for cell in held[called]]))
    levels = _unsaid(named, [partial(_is_at, level) for level in Level])
    harm, closed = (_unsaid(named, [partial(_is, name, True), partial(_is, name, False)]) for name in ("is_harm", "is_closed"))
    return [
        Line(called, sum(cell.many for cell in of), tuple(levels[at]), harm[at][0], closed[at][0]) for at, (called, of) in enumerate(named)
    ]


def _is_at(level: Level, cell: Cell) -> bool:
    return cell.level == level


def _is(name: str, value: bool, cell: Cell) -> bool:
    return getattr(cell, name) is value


def _unsaid(named: list[tuple[str, list[Cell]]], columns: list[Callable[[Cell], bool]]) -> list[list[Share]]:
    """The shares of each group in columns that make up all of it; what is small, and what would give it away, unsaid."""
    table = [[sum(cell.many for cell in of if is_so(cell)) for is_so in columns] for _, of in named]
    hidden = left_unsaid(table) if table else []
    return [[share(None if hidden[at][n] else count, sum(row)) for n, count in enumerate(row)] for at, row in enumerate(table)]


@page(needs=Permission.VIEW_EQUALITY)
def view_equality(request: PageRequest) -> HttpResponse:
    """Levels and closures of a quarter, by sex, ethnic group, age, disability and care."""
    found = quarters(day_of(request.at))
    asked = small_number(request.GET.get("quarter", ""))
    chosen = asked if asked < len(found) else 0
    first, after = found[chosen]
    cells = counted(start_of_day(first), min(start_of_day(after), request.at))
    many = sum(cell.many for cell in cells if cell.attribute == "sex")
    shown = {
        "tables": [(name, lines(cells, key)) for key, name in ATTRIBUTES.items()], "levels": [level.label for level in Level],
        "many": many if many >= SMALL else 0, "owner": str(request.post), "chosen": chosen,
        "quarters": [f"{day_words(one)} to {day_words(other)}, not included" for one, other in found], "small": SMALL,
    }  # fmt: skip
    return render(request, "oversight/view_equality.html", shown)
