"""A seeded return of looked-after children with N rows in its Missing table: header, episodes, missing, and last year's missing; dirt planted.

N/2 children with a header row and two episodes each on average, two missing periods each, N/2 rows in last year's table. In one row of fifty
something is planted: a blank, an impossible, an ISO or an American date, a wrong code, an overlap, an unknown child, another date of birth, a
period after care ended or before it began, an open period not carried over; in one child of 400 one of a child who has no row this year.
"""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

FIRST, LAST = date(2024, 4, 1), date(2025, 3, 31)
LETTERS = "BCEKLMNS"
YEAR = 2025
HEADINGS = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
    "missing": "CHILD,DOB,MISSING,MIS_START,MIS_END",
    "missing-last": "CHILD,DOB,MISSING,MIS_START,MIS_END",
}


def said(day: date) -> str:
    """A date as the return writes it."""
    return f"{day:%d/%m/%Y}"


def make(folder: Path, rows: int, *, posts: bool = True, seed: int = 903) -> list[Path]:
    """Write the four files of a return with so many rows in its Missing table."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.csv" for name in HEADINGS]
    files = [path.open("w", newline="") for path in paths]
    writers = [csv.writer(file, lineterminator="\n") for file in files]
    for writer, heading in zip(writers, HEADINGS.values(), strict=True):
        writer.writerow(heading.split(","))
    draw = random.Random(seed)
    for number in range(rows // 2):
        for writer, made in zip(writers, child(draw, 100_000 + number, posts), strict=True):
            writer.writerows(made)
    for file in files:
        file.close()
    return paths


def child(draw: random.Random, number: int, posts: bool) -> tuple[list[list[str]], ...]:
    """One child's rows in each of the four tables."""
    born = date(2007, 1, 1) + timedelta(draw.randrange(4_000))
    key, came = str(number), date(2023, 1, 1) + timedelta(draw.randrange(400))
    moved = came + timedelta(draw.randrange(200, 500))
    left = None if draw.random() < 0.7 else moved + timedelta(draw.randrange(60, 300))
    header = [key, draw.choice("MFU"), said(born), draw.choice(("WBRI", "MWBC", "BAFR", "ABAN")), f"A{draw.randrange(10**12):012}", "", ""]
    place = ["C2", "N1", draw.choice(("U4", "K2", "U6")), "PR4"]
    # Areas that do not exist, with first letters that do: by those the validator loads its tables of post codes, as for a real file.
    post = (
        [f"{draw.choice(LETTERS)}Q{draw.randrange(1, 9)} 1ZZ", f"{draw.choice(LETTERS)}Q{draw.randrange(1, 9)} 1ZZ", "SC000001"]
        if posts
        else [""] * 3
    )
    episodes = [
        [key, said(came), "S", *place, said(moved), "X1", "CARPL", *post],
        [key, said(moved), "P", *place, said(left) if left else "", "E8" if left else "", "", *post],
    ]
    start = FIRST + timedelta(draw.randrange(150))
    end = start + timedelta(draw.randrange(5))
    again = end + timedelta(draw.randrange(1, 60))
    missing = [
        [key, said(born), draw.choice("MMMA"), said(start), said(end)],
        [key, said(born), draw.choice("MMMA"), said(again), said(again + timedelta(draw.randrange(9)))],
    ]
    opened = FIRST - timedelta(draw.randrange(1, 300))
    last = [[key, said(born), "M", said(opened), "" if draw.random() < 0.02 else said(opened + timedelta(1))]]
    for row in missing:
        if draw.random() < 0.02:
            spoil(draw, row)
    if last[0][4] == "" and draw.random() < 0.5:
        missing[0][3:5] = [last[0][3], said(FIRST + timedelta(3))]
    if number % 400 == 0:  # a child whose open period nobody carried over
        last.append([f"9{key}", said(born), "M", said(opened), ""])
    return [header], episodes, missing, last


def spoil(draw: random.Random, row: list[str]) -> None:
    """Plant one thing that is wrong."""
    planted = {
        "unknown child": {0: f"X{draw.randrange(10**6)}"}, "another date of birth": {1: "01/01/2010"}, "blank type": {2: ""}, "wrong code": {2: "X"},
        "blank start": {3: ""}, "impossible start": {3: "31/02/2025"}, "ISO start": {3: "2024-07-01"}, "American start": {3: "07/25/2024"},
        "short year": {3: "01/07/24"}, "before birth": {3: "01/01/2005"}, "after the year": {3: "09/04/2025"}, "blank end": {4: ""},
        "impossible end": {4: "00/13/2024"}, "ended before": {4: "01/04/2024"}, "ended last year": {4: "30/03/2024"}, "ended next year": {4: "02/04/2025"},
        "overlap": {3: "02/04/2024", 4: "30/03/2025"}, "neither": {2: "", 3: ""},
    }  # fmt: skip
    for place, value in planted[draw.choice(sorted(planted))].items():
        row[place] = value


def all_rows(paths: list[Path]) -> Iterator[int]:
    """How many rows each file has, without its headings."""
    for path in paths:
        with path.open("rb") as file:
            yield sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1
