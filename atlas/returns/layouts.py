"""The layouts of the return of looked-after children (SSDA903), for the collections of the years to 31 March 2017 to 2027.

Restated from the working specification of the sector's own pipeline (liia-tools-pipeline, `ssda903_pipeline/spec`, MIT, derived from the
guide of the Department for Education, OGL v3), commit 4aff9189, and, for tables that it lacks (DoLo), from the column lists of
csc-validator-be-903 0.1.17. A year is that in which the collection ends: 2018 is 1 April 2017 to 31 March 2018. Pure.
"""

from dataclasses import dataclass
from datetime import date

FIRST_YEAR, LAST_YEAR = 2017, 2027
SEX_IN_LETTERS = 2025  # the first collection that writes M, F or U; before it, 1 or 2


@dataclass(frozen=True)
class Layout:
    """One table of the return: its name, its columns in order, and the first collection that has it."""

    name: str
    columns: tuple[str, ...]
    since: int = FIRST_YEAR


def _layout(name: str, columns: str, since: int = FIRST_YEAR) -> Layout:
    return Layout(name, tuple(columns.split()), since)


LAYOUTS: tuple[Layout, ...] = (
    _layout("Header", "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB"),
    _layout("Episodes", "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN"),
    _layout("Missing", "CHILD DOB MISSING MIS_START MIS_END"),
    _layout("Reviews", "CHILD DOB REVIEW REVIEW_CODE"),
    _layout("UASC", "CHILD SEX DOB DUC"),
    _layout(
        "OC2",
        "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT SUBSTANCE_MISUSE "
        "INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    ),
    _layout("OC3", "CHILD DOB IN_TOUCH ACTIV ACCOM"),
    _layout("AD1", "CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR"),
    _layout("PlacedAdoption", "CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED"),
    _layout("PrevPerm", "CHILD DOB PREV_PERM LA_PERM DATE_PERM"),
    _layout("SWEpisodes", "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON", since=2024),
    _layout("DoLo", "CHILD DOB DOLO_START DOLO_END", since=2027),
)
LAYOUT = {layout.name: layout for layout in LAYOUTS}
READ = ("Header", "Episodes", "Missing")  # what the rules of the Missing table look at

# How some systems write a column's name. XML names two of them otherwise than CSV does.
ALSO = {
    "CHILDID": "CHILD",
    "CHILD_ID": "CHILD",
    "PL": "PLACE",
    "MISSING_TYPE": "MISSING",
    "MIS_START_DATE": "MIS_START",
    "MIS_END_DATE": "MIS_END",
}

Span = tuple[int, int]
_ALWAYS: Span = (FIRST_YEAR, LAST_YEAR)


def _codes(words: str, span: Span = _ALWAYS) -> dict[str, Span]:
    return dict.fromkeys(words.split(), span)


# column -> code -> (first collection, last collection) that knows it
CODES: dict[str, dict[str, Span]] = {
    "SEX": _codes("1 2", (FIRST_YEAR, SEX_IN_LETTERS - 1)) | _codes("M F U", (SEX_IN_LETTERS, LAST_YEAR)),
    "ETHNIC": _codes(
        "WBRI WIRI WOTH WIRT WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT"
    ),
    "MOTHER": _codes("0 1"),
    "RNE": _codes("S L P T B U"),
    "LS": _codes("C1 C2 D1 E1 V2 V3 V4 L1 L2 L3 J1 J2 J3"),
    "CIN": _codes("N1 N2 N3 N4 N5 N6 N7 N8"),
    "PLACE": _codes("A3 A4 A5 A6 K1 K2 P1 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4 U1 U2 U3 U4 U5 U6 Z1")
    | _codes("H5 P2", (FIRST_YEAR, 2024))
    | _codes("K3", (2025, LAST_YEAR))
    | _codes("Z11 Z12 Z13 Z14", (2026, LAST_YEAR)),
    "PLACE_PROVIDER": _codes("PR0 PR1 PR2 PR3 PR4 PR5"),
    "REC": _codes("X1 E11 E12 E2 E3 E4A E4B E13 E41 E5 E6 E7 E9 E14 E15 E16 E17 E8")
    | _codes("E43 E44", (FIRST_YEAR, 2018))
    | _codes("E45 E46 E47 E48", (2019, LAST_YEAR)),
    "REASON_PLACE_CHANGE": _codes("CARPL CLOSE ALLEG STAND APPRR CREQB CREQO CHILD LAREQ PLACE OTHER")
    | _codes("CUSTOD", (2019, LAST_YEAR)),
    "MISSING": _codes("M A"),
}  # fmt: skip
MISSING_WORDS = {"M": "Missing", "A": "Away from placement without authorisation"}


def year_of(year: int) -> tuple[date, date]:
    """The first and the last day of a collection: 2018 is 1 April 2017 to 31 March 2018."""
    return date(year - 1, 4, 1), date(year, 3, 31)


def collection_of(day: date) -> int:
    """The collection in which a day lies."""
    return day.year + (1 if (day.month, day.day) >= (4, 1) else 0)


def known_in(column: str, year: int) -> frozenset[str]:
    """The codes that a collection knows in a column."""
    return frozenset(code for code, (first, last) in CODES[column].items() if first <= year <= last)


def named(heading: str) -> str:
    """The column that a heading means, however it is written: without byte order mark, quotes, spaces of any kind and small letters."""
    plain = "_".join(heading.replace("\ufeff", "").replace("\xa0", " ").strip().strip("\"'").upper().replace("-", " ").split())
    return ALSO.get(plain, plain)


def table_of(headings: "list[str] | tuple[str, ...]") -> tuple[Layout, tuple[str, ...], tuple[str, ...]] | None:
    """Which table these headings name: (its layout, the columns that it lacks, those that no layout has). None where they name none.

    A file is a table's where it holds more of that table's own columns than of another's, and most of them.
    """
    held = [named(heading) for heading in headings]
    best = max(LAYOUTS, key=lambda layout: (len(set(layout.columns) & set(held)), -len(layout.columns)))
    common = set(best.columns) & set(held)
    if "CHILD" not in common or len(common) < max(2, len(best.columns) // 2):
        return None
    return best, tuple(c for c in best.columns if c not in common), tuple(h for h in dict.fromkeys(held) if h and h not in best.columns)
