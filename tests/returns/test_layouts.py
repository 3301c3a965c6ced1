"""The layouts are those of the specification where it lies beside the project: tables, columns, and each year's codes."""

from pathlib import Path

import pytest
import yaml

from atlas.returns.layouts import CODES, LAST_YEAR, LAYOUT, LAYOUTS, collection_of, known_in, named, table_of, year_of

SPEC = Path(__file__).resolve().parents[3] / "shared/data/ssda903/spec"
NAMES = {
    "header": "Header", "episodes": "Episodes", "missing": "Missing", "reviews": "Reviews", "uasc": "UASC", "oc2": "OC2", "oc3": "OC3", "ad1": "AD1",
    "placed_adoption": "PlacedAdoption", "prev_perm": "PrevPerm", "social_worker": "SWEpisodes",
}  # fmt: skip


@pytest.mark.skipif(not SPEC.exists(), reason="the specification of the return lies beside the project only in its workshop")
def test_each_year_has_the_columns_and_codes_of_the_specification() -> None:
    held = yaml.safe_load((SPEC / "SSDA903_schema_2017.yml").read_text())["column_map"]
    for year in range(2017, 2027):
        for path in SPEC.glob(f"SSDA903_schema_{year}.diff.yml"):
            for place, change in yaml.safe_load(path.read_text()).items():
                _, table, *column = place.split(".")
                if column:
                    held[table][column[0]]["category"] = change["value"]
                else:
                    held[table] = change["value"]
        for table, columns in held.items():
            layout = LAYOUT[NAMES[table]]
            assert set(columns) == set(layout.columns), table
            assert layout.since <= year
            for column, spec in columns.items() if table in ("header", "episodes", "missing") else ():
                if "category" in spec:
                    assert known_in(column, year) == {code["code"] for code in spec["category"]}, (year, column)
    assert {layout.name for layout in LAYOUTS} - {NAMES[table] for table in held} == {"DoLo"}


def test_a_collection_is_named_after_the_march_in_which_it_ends() -> None:
    assert [f"{day:%d/%m/%Y}" for day in year_of(2018)] == ["01/04/2017", "31/03/2018"]
    assert [collection_of(day) for day in year_of(2018)] == [2018, 2018]


@pytest.mark.parametrize(("heading", "column"), [
    ("CHILD", "CHILD"), ("\ufeffchild", "CHILD"), (' "Mis_Start" ', "MIS_START"), ("MIS START", "MIS_START"), ("mis-end\xa0", "MIS_END"), ("PL", "PLACE"),
    ("ChildID", "CHILD"),
])  # fmt: skip
def test_a_heading_is_known_however_it_is_written(heading: str, column: str) -> None:
    assert named(heading) == column


def test_a_table_is_known_by_its_headings_and_says_what_it_lacks() -> None:
    found = table_of(["CHILD", "DOB", "MISSING", "MIS_START", "NOTES"])
    assert found is not None
    assert (found[0].name, found[1], found[2]) == ("Missing", ("MIS_END",), ("NOTES",))
    assert table_of(["Name", "Born"]) is None
    for layout in LAYOUTS:
        whole = table_of(layout.columns)
        assert whole is not None
        assert (whole[0].name, whole[1], whole[2]) == (layout.name, (), ())
    assert all(last <= LAST_YEAR for codes in CODES.values() for _, last in codes.values())
