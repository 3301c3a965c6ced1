"""An attacker who has every table of a profile, and every total in it, comes within two of no cell that is left unsaid (protection.md 3.5).

All that is said is an equation: the groups of a column add up to its total, and the same children are counted in several tables.
"""

import random
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from atlas.profile.making import made
from atlas.profile.sections.cohort import CHARACTERISTICS, concerned
from atlas.profile.sections.scale import CONCERNED
from atlas.profile.tables import TOTAL, UNSAID
from atlas_analysis.rates.disclosure import WITHIN
from atlas_analysis.rates.shares import MOST_SMALL
from tests.profile.test_sections import FROM, child, facts

Cell = tuple[str, str, int, str]  # table, row, column; and of “3 of 12” the 3, or the rest of 9
ALONE, COUNT, REST = "", "count", "rest"
NUMBER = re.compile(r"(\d[\d,]*)(?: of (\d[\d,]*))?")
SAME_CHILDREN = ("age", "sex", "ethnicity", "disability", "care")
FAIR = ("fair_ethnicity", "fair_sex")
PAIRS = {"interviews", "quality", "twice", *FAIR}
NOT_RECORDED = {"Age on the last day": "age", "Sex": "sex", "Ethnic group": "ethnicity", "Disability": "disability"}


def small_world(seed: int) -> Any:
    """Few children, of many kinds, so that much is small."""
    draw = random.Random(seed)
    children = [
        child(
            f"c{n}", sex=draw.choice("FFFMMU"), ethnicity=draw.choice("WWWWWWBAMO"), years=draw.choice([11, 12, 13, 14, 15, 15, 16, 17, None]),
            level=draw.choice([0, 1, 2, 2, 3, None]), was=draw.choice([None, 0, 1, 2]), is_disabled=draw.random() < 0.2,
            is_disability_asked=draw.random() < 0.8, is_looked_after=draw.random() < 0.2, is_ours=draw.random() < 0.9,
            types=draw.choice([["criminal"], ["sexual"], []]),
        )
        for n in range(draw.randrange(25, 160))
    ]  # fmt: skip
    episodes, interviews = [], []
    for number in range(draw.randrange(30, 260)):
        on, of = FROM - timedelta(days=100) + timedelta(days=draw.randrange(280)), draw.choice(children)["child"]
        episodes.append(
            {"child": of, "on": on, "hour": draw.choice([None, 3, 14, 22]), "hours": 3.0, "is_elsewhere": False, "grade": "MED"}
        )
        kept = {"held_on": on, "is_offered": True, "timeliness": draw.choice(["in_time", "in_time", "late"])}
        interviews.append({"child": of, "interview": f"i{number}", "on": on, **kept})
    coded: dict[str, list[dict[str, Any]]] = {"answer": [], "reading": []}
    twice = draw.choice([0.1, 0.5, 0.95])
    for talk in interviews:
        kinds = ["answer", "reading"] if draw.random() < twice else ["answer"]
        coded_here = [(kind, question) for kind in kinds for question in ("push", "with") if draw.random() < 0.9]
        for kind, question in coded_here:
            coded[kind].append({"interview": talk["interview"], "on": talk["on"], "question": question, "code": "none_said"})
    return facts(child=children, episode=episodes, interview=interviews, **coded)


def read(content: dict[str, Any]) -> tuple[dict[Cell, int | None], dict[str, list[list[str]]]]:
    """Every number of every table, None where it is not said; and the tables' rows."""
    cells: dict[Cell, int | None] = {}
    tables = {table["key"]: table for section in content["sections"] for table in section["tables"]}
    for key, table in tables.items():
        for row in table["rows"]:
            for at, text in enumerate(row[1:2] if key == "twice" else row[1:]):  # alpha is no count
                found = NUMBER.match(text)
                numbers = [int(part.replace(",", "")) if part else None for part in found.groups()] if found else [None, None]
                if key in PAIRS:
                    count, of = numbers
                    cells[key, row[0], at, COUNT], cells[key, row[0], at, REST] = count, None if count is None or of is None else of - count
                else:
                    cells[key, row[0], at, ALONE] = numbers[0]
    cells |= {(key, "Not recorded", 0, number): None for key in FAIR for number in (COUNT, REST)}  # of whom the table has no line
    return cells, {key: table["rows"] for key, table in tables.items()}


def equations(rows: dict[str, list[list[str]]], content: dict[str, Any]) -> list[tuple[list[Cell], Cell | int]]:
    """What an attacker knows: these cells together are that cell, or that number."""
    known: list[tuple[list[Cell], Cell | int]] = []
    for key, lines in rows.items():
        groups = [line[0] for line in lines if line[0] != TOTAL]
        if len(groups) < len(lines):  # the last line is the total
            known += [([(key, group, at, ALONE) for group in groups], (key, TOTAL, at, ALONE)) for at in range(len(lines[0]) - 1)]
    for at in range(2):
        known += [([(key, TOTAL, at, ALONE)], ("age", TOTAL, at, ALONE)) for key in SAME_CHILDREN[1:]]
        known += [([("quality", name, at, COUNT)], (key, "Not recorded", at, ALONE)) for name, key in NOT_RECORDED.items()]
    known += [([("levels", line[0], 0, ALONE) for line in rows["levels"] if line[0][0] in "123"], ("age", TOTAL, 0, ALONE))]
    for key in FAIR:  # every interview is of one child, and so of one group
        for number in (COUNT, REST):
            groups = [line[0] for line in rows[key]] + ["Not recorded"]
            known += [([(key, group, 0, number) for group in groups], ("interviews", "Held within 72 hours of the return", 0, number))]
    said = " ".join(words for section in content["sections"] for words in section["words"])
    if twice := re.search(r"two people coded: (\d[\d,]*) of", said):  # each was answered in both codings, or not
        whole = int(twice.group(1).replace(",", ""))
        known += [([("twice", line[0], 0, number) for number in (COUNT, REST)], whole) for line in rows["twice"]]
    words = " ".join(content["sections"][1]["words"])
    for begins, at in ((f"{CONCERNED}: ", 0), ("here or from here: ", 1)):
        if found := re.search(begins + r"(\d[\d,]*)", words):
            known.append(([("age", TOTAL, at, ALONE)], int(found.group(1).replace(",", ""))))
    return known


def pinned(content: dict[str, Any]) -> list[tuple[Cell, float, float]]:
    """The cells that are not said, and that can lie within two of one number only."""
    cells, rows = read(content)
    at = {cell: number for number, cell in enumerate(cell for cell, value in cells.items() if value is None)}
    matrix, rest = [], []
    for parts, whole in equations(rows, content):
        line, left = np.zeros(len(at)), 0
        for cell, sign in ((part, 1) for part in parts):
            left -= sign * (cells[cell] or 0)
            if cell in at:
                line[at[cell]] += sign
        if isinstance(whole, int):
            left += whole
        elif whole in at:
            line[at[whole]] -= 1
        else:
            left += cells[whole] or 0
        if line.any():
            matrix.append(line)
            rest.append(left)
    found = []
    for cell, number in at.items():
        wanted = np.zeros(len(at))
        wanted[number] = 1
        ends = [linprog(sign * wanted, A_eq=np.array(matrix), b_eq=np.array(rest), bounds=(0, None)) for sign in (1, -1)] if matrix else []
        assert all(one.status in {0, 3} for one in ends), "What is said contradicts itself."
        stands_nowhere = cell[0] in FAIR and cell[1] == "Not recorded"  # no line of a table: given away where it is few
        is_hidden = not stands_nowhere or (ends and ends[0].status == 0 and ends[0].fun <= MOST_SMALL)
        if ends and all(one.status == 0 for one in ends) and -ends[1].fun - ends[0].fun <= WITHIN and is_hidden:
            found.append((cell, ends[0].fun, -ends[1].fun))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_no_unsaid_cell_of_a_profile_is_found_out_from_all_its_tables(seed: int) -> None:
    content = made(small_world(seed), "Fernleigh", 75_000).content
    cells, _ = read(content)
    assert sum(value is None for value in cells.values()) > 5
    assert pinned(content) == []


def test_the_attacker_finds_what_is_given_away() -> None:
    """The same documents with all unsaid cells of a column written in but one."""
    given_away = 0
    for seed in range(3):
        counted = small_world(seed)
        content = made(counted, "Fernleigh", 75_000).content
        tables = {table["key"]: table for section in content["sections"] for table in section["tables"]}
        for key, _, of, _ in CHARACTERISTICS:
            unsaid = [row for row in tables[key]["rows"] if row[1] == UNSAID and row[0] != TOTAL]
            if len(unsaid) > 1 and tables[key]["rows"][-1][1] != UNSAID:
                truth = Counter(of(concerned(counted)))
                for row in unsaid[1:]:
                    row[1] = str(truth[row[0]])
                assert (key, unsaid[0][0], 0, ALONE) in [cell for cell, _, _ in pinned(content)]
                given_away += 1
                break
    assert given_away
