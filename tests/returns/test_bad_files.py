"""What bad input gets: whatever is wrong with a return, one clear sentence in the words of whoever must put it right, and every row is still judged."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from atlas.returns.checking.check import check
from atlas.returns.checking.staging import Given, Problem
from tests.returns.given import Rows, checked, episode

CHILD = ("1", "01/05/2010")
HEADER = [[*CHILD[:1], "F", CHILD[1], "WBRI", "", "", ""]]
CARE = [episode("1", "01/01/2020")]
GOOD = ["1", "01/05/2010", "M", "01/12/2024", "02/12/2024"]
FOUND: dict[str, tuple[Mapping[str, Rows], str, str]] = {
    "an end before its start": (
        {"Missing": [[*CHILD, "M", "05/06/2024", "04/06/2024"], GOOD]}, "567",
        "It began on 05/06/2024 and ended on 04/06/2024, which is earlier. Correct one of the two dates.",
    ),
    "overlapping spells": (
        {"Missing": [[*CHILD, "M", "01/06/2024", "05/06/2024"], [*CHILD, "M", "04/06/2024", "07/06/2024"], GOOD]}, "574",
        "It began on 04/06/2024, but the period before it (01/06/2024 to 05/06/2024) was not over. Correct the dates, or make one row of the two.",
    ),
    "an unknown child": (
        {"Missing": [["9", "01/05/2010", "M", "01/06/2024", "02/06/2024"], GOOD], "Header": HEADER}, "INT04",
        "The Header table has no child with this number. Correct the number here, or add the child to the Header table.",
    ),
    "a child with no episode of care": (
        {"Missing": [["9", "01/05/2010", "M", "01/06/2024", "02/06/2024"], GOOD], "Episodes": CARE}, "1012",
        "The Episodes table has no row for this child. Add the child's episodes, or take this row out if the child was not looked after this year.",
    ),
    "an impossible date": (
        {"Missing": [[*CHILD, "M", "31/02/2025", "01/03/2025"], GOOD]}, "1004",
        "“31/02/2025” is no day of the calendar. Write the right day as dd/mm/yyyy.",
    ),
    "an American date": (
        {"Missing": [[*CHILD, "M", "02/25/2025", "01/03/2025"], GOOD]}, "1004",
        "“02/25/2025” seems to be written with the month first. If so, write 25/02/2025.",
    ),
    "a code nobody has seen": (
        {"Missing": [[*CHILD, "Q", "01/06/2024", "02/06/2024"], GOOD]}, "1006",
        "The row says “Q”. Write M (missing) or A (away without authorisation).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FOUND)
def test_what_is_wrong_with_a_row_is_said_of_that_row_and_the_others_are_still_judged(tmp_path: Path, what: str) -> None:
    tables, rule, words = FOUND[what]
    done, found = checked(tmp_path, 2025, tables)
    bad = len(tables["Missing"]) - 2
    said = [one.words("01/04/2024", "31/03/2025") for one in found if one.rule == rule and one.row == bad + 2]
    assert said == [words]
    assert all(one.row != len(tables["Missing"]) + 1 for one in found)  # nothing is said of the good row below it
    assert ["Missing", "missing.csv", len(tables["Missing"])] in done["tables"]  # and no row was lost on the way


def test_another_year_s_layout_and_codes_are_asked_about_and_the_rest_is_judged_all_the_same(tmp_path: Path) -> None:
    """A return of 2024/25 given as that of 2017/18: its codes, its dates, and a table that came later."""
    later = [["1", CHILD[1], "SW1", "01/04/2024", "", "MANAGE"]]
    rows = [GOOD, [*CHILD, "M", "05/06/2024", "04/06/2024"]]
    done, found = checked(tmp_path, 2018, {"Header": HEADER, "Missing": rows, "SWEpisodes": later})
    asked = "\n".join(done["questions"])
    for words in (
        "“swepisodes.csv” is the SWEpisodes table, which only begins with the collection of 2024. Is this the return of the year to 31 March 2018?",
        "SEX in the Header table holds “F” in 1 row. Such a code begins with the collection of 2025.",
        "2 of 2 start dates lie in the year to 31 March 2025",
    ):
        assert words in asked
    assert "567" in {one.rule for one in found}


def test_a_bomb_is_not_opened_and_nothing_beside_it_is_half_checked(tmp_path: Path) -> None:
    """In the checker's own process, as the service starts it."""
    entities = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))
    bomb, good = tmp_path / "return.xml", tmp_path / "missing.csv"
    bomb.write_text(f'<!DOCTYPE r [<!ENTITY x0 "ha">{entities}]><EXPSSDA903><CHILD>&x11;</CHILD></EXPSSDA903>')
    good.write_text("CHILD,DOB,MISSING,MIS_START,MIS_END\n" + ",".join(GOOD) + "\n")
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(Problem, match="declares a document type or entities, which a return never does and by which a file can do harm"):
        check([Given(good, "missing.csv"), Given(bomb, "return.xml")], 2025, work)
    assert not (work / "findings.csv").exists()
