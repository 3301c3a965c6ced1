"""The Missing table of the return of looked-after children (SSDA903) is checked by 19 rules before it leaves, each row by itself.

Source: validation rules of the SSDA903 return, Department for Education, as listed for 2024-25; INT04 and INT13 are the sector's own. The year
is that to 31 March 2025. Every child is born on 1 May 2010, in care from 1 January 2024, and in the Header table, unless the case says otherwise.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.returns.given import checked, episode

BORN, CAME = "01/05/2010", "01/01/2024"
ROWS = [
    #  type   start          end             flagged by
    ("M",     "02/05/2024",  "04/05/2024",   ""),
    ("A",     "02/05/2024",  "02/05/2024",   ""),             # out and back on one day
    ("M",     "20/03/2025",  "",             ""),             # still open when the year ends
    ("M",     "31/03/2025",  "31/03/2025",   ""),
    ("M",     "30/03/2024",  "01/04/2024",   ""),             # carried over from last year, ended on the first day
    ("m",     "2/5/2024",    "4/5/2024",     ""),             # small letters, and days without noughts, are read
    ("M",     "",            "",             "1004 564 581"),
    ("",      "02/05/2024",  "",             "565"),
    ("",      "02/05/2024",  "04/05/2024",   "565 566"),
    ("X",     "02/05/2024",  "04/05/2024",   "1006"),
    ("M",     "04/05/2024",  "02/05/2024",   "567"),
    ("M",     "01/04/2025",  "",             "570"),          # next year's
    ("M",     "01/03/2024",  "31/03/2024",   "571"),          # last year's
    ("M",     "31/03/2025",  "01/04/2025",   "571"),
    ("M",     "31/06/2024",  "",             "1004 581"),     # June has 30 days
    ("M",     "2024-05-02",  "",             "1004 581"),     # the year first
    ("M",     "05/25/2024",  "",             "1004 581"),     # the month first
    ("M",     "02/05/24",    "",             "1004 581"),
    ("M",     "02/05/2024",  "tbc",          "1005"),
    ("M",     "01/05/2010",  "",             "577 578 581 586"),  # on the day of birth
    ("M",     "31/12/2023",  "01/04/2024",   "578 581"),      # the day before care began
]  # fmt: skip

CARE = [
    #  episodes of care                                        missing periods                                    flagged by
    ("01/01/2024 to 01/06/2024; 01/06/2024 on",                "01/06/2024 to 02/06/2024",                        "-"),
    ("01/01/2024 to 01/06/2024; 01/06/2024 on",                "20/05/2024 on",                                   "575"),          # moved while missing
    ("01/01/2024 to 01/06/2024; 01/06/2024 on",                "20/05/2024 to 03/06/2024",                        "-"),
    ("01/01/2024 to 01/06/2024",                               "20/05/2024 on",                                   "575 577"),      # left care while missing
    ("01/01/2024 to 01/06/2024",                               "20/05/2024 to 02/06/2024",                        "577"),          # back the day after
    ("01/01/2024 to 01/06/2024",                               "02/06/2024 to 03/06/2024",                        "577 578 581"),
    ("01/01/2024 to 01/06/2024; 01/09/2024 on",                "01/07/2024 to 02/07/2024",                        "577 578 581"),  # between two periods of care
    ("01/01/2024 to 01/06/2024; 01/09/2024 on",                "10/09/2024 on",                                   "-"),
    ("01/01/2024 on",                                          "02/05/2024 to 04/05/2024; 04/05/2024 to 05/05/2024", "-; -"),      # one day ends and begins
    ("01/01/2024 on",                                          "02/05/2024 to 04/05/2024; 03/05/2024 to 06/05/2024", "-; 574"),
    ("01/01/2024 on",                                          "02/05/2024 on; 03/05/2024 to 06/05/2024",         "-; 574"),       # the first is still open
    ("01/01/2024 on",                                          "02/05/2024 to 20/05/2024; 04/05/2024 to 06/05/2024", "574; -"),    # one within another: the longer
]  # fmt: skip

LAST_YEAR = [
    #  open or closed last year       this year's first             flagged by
    ("20/03/2024 on",                 "20/03/2024 to 02/04/2024",   "-"),
    ("20/03/2024 to 25/03/2024",      "02/05/2024 to 03/05/2024",   "-"),
    ("20/03/2024 on",                 "02/05/2024 to 03/05/2024",   "576"),  # another period, and the open one forgotten
    ("20/03/2024 on",                 "21/03/2024 to 02/04/2024",   "576"),  # another start date
    ("20/03/2024 on",                 "",                           "576"),  # no row at all: the sector's validator does not see this one
]  # fmt: skip


def spells(words: str) -> list[list[str]]:
    """The first and the last day of each spell; the last is blank where it goes on."""
    return [
        spell.removesuffix(" on").split(" to ") if " to " in spell else [spell.removesuffix(" on"), ""]
        for spell in words.split("; ")
        if spell
    ]


@cache
def flagged() -> dict[tuple[str, int], str]:
    """Every case in one return: what flags each child's first, second, … row of the Missing table, and last year's (row 0)."""
    episodes, missing, last = [], [], []
    for number, (kind, start, end, _) in enumerate(ROWS):
        episodes.append(episode(f"R{number}", CAME))
        missing.append([f"R{number}", BORN, kind, start, end])
    for number, (care, periods, _) in enumerate(CARE):
        episodes += [episode(f"C{number}", *spell) for spell in spells(care)]
        missing += [[f"C{number}", BORN, "M", *period] for period in spells(periods)]
    for number, (before, first, _) in enumerate(LAST_YEAR):
        episodes.append(episode(f"L{number}", CAME))
        last += [[f"L{number}", BORN, "M", *period] for period in spells(before)]
        missing += [[f"L{number}", BORN, "M", *period] for period in spells(first)]
    header = [[child, "M", BORN, "WBRI", "", "", ""] for child in dict.fromkeys(row[0] for row in episodes)]
    missing += [["NOBODY", BORN, "M", "02/05/2024", "03/05/2024"], ["OTHER", "02/05/2010", "M", "02/05/2024", "03/05/2024"]]
    header += [["OTHER", "F", BORN, "WBRI", "", "", ""]]
    episodes += [episode("OTHER", CAME)]
    with TemporaryDirectory() as folder:
        _, found = checked(Path(folder), 2025, {"Header": header, "Episodes": episodes, "Missing": missing, "Missing_last": last})
    places: dict[tuple[str, int], list[str]] = {}
    rows = {child: [number for number, row in enumerate(missing, 2) if row[0] == child] for child in {row[0] for row in missing}}
    for one in found:
        place = rows[one.child].index(one.row) + 1 if one.table == "Missing" else 0
        places.setdefault((one.child, place), []).append(one.rule)
    return {place: " ".join(sorted(rules)) for place, rules in places.items()}


@pytest.mark.parametrize(("number", "case"), list(enumerate(ROWS)))
def test_a_row_is_judged_by_itself(number: int, case: tuple[str, str, str, str]) -> None:
    """What flags a row of this type, start and end."""
    kind, start, end, rules = case
    assert flagged().get((f"R{number}", 1), "") == rules, (kind, start, end)


@pytest.mark.parametrize(("number", "case"), list(enumerate(CARE)))
def test_a_row_is_judged_by_the_episodes_and_by_its_neighbours(number: int, case: tuple[str, str, str]) -> None:
    """What flags each missing period, beside these episodes of care."""
    rules = case[2].split("; ")
    assert [flagged().get((f"C{number}", place), "-") for place in range(1, len(rules) + 1)] == rules


@pytest.mark.parametrize(("number", "case"), list(enumerate(LAST_YEAR)))
def test_what_was_open_at_the_end_of_last_year_is_carried_over(number: int, case: tuple[str, str, str]) -> None:
    """What flags a period of this year, or last year's where there is none."""
    assert flagged().get((f"L{number}", 1 if case[1] else 0), "-") == case[2]


def test_a_child_is_in_the_header_and_has_episodes_and_one_date_of_birth() -> None:
    assert flagged()["NOBODY", 1] == "1012 INT04"
    assert flagged()["OTHER", 1] == "INT13"
