"""What is compared of two records, and in which degrees of agreement.

Each degree is said twice: as SQL for the library, which learns and links (only what DuckDB and Spark say alike), and as Python for one record at a time. A test
holds the two equal on random pairs. The SQL names columns of `standard` with `_l` and `_r`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from atlas_analysis.matching.spelling import edits

Row = Mapping[str, str | None]
Agrees = Callable[[Row, Row], bool]


@dataclass(frozen=True)
class Level:
    """A degree of agreement: its name, in SQL, in Python, in words; `common` is the column whose common values weigh less than rare ones.

    `holds` is None for the degree that is left when no other holds; `unknown` marks the one that says nothing either way.
    """

    name: str
    sql: str
    holds: Agrees | None
    words: str
    common: str | None = None
    unknown: bool = False


@dataclass(frozen=True)
class Term:
    """What is compared: its name, the column that must be known for it to say anything, the words for it, its degrees from the closest on."""

    name: str
    column: str
    words: str
    levels: tuple[Level, ...]


def _same(column: str, other: str | None = None) -> Agrees:
    other = other or column
    return lambda a, b: a[column] is not None and a[column] == b[other]


def _unknown(column: str) -> Level:
    def holds(a: Row, b: Row) -> bool:
        return a[column] is None or b[column] is None

    return Level("unknown", f"{column}_l IS NULL OR {column}_r IS NULL", holds, "is not known on both sides", unknown=True)


def _close(column: str) -> Level:
    """One letter added, lost or other in names of four letters or more, or two changed places; two in names of seven or more."""
    letters = f"{column}_letters"
    short = f"least(length({column}_l), length({column}_r))"
    allowed = f"CASE WHEN {short} < 4 THEN -1 WHEN {short} >= 7 OR {letters}_l = {letters}_r THEN 2 ELSE 1 END"
    sql = f"levenshtein({column}_l, {column}_r) <= {allowed}"

    def holds(a: Row, b: Row) -> bool:
        left, right = a[column] or "", b[column] or ""
        short = min(len(left), len(right))
        if short < 4 or abs(len(left) - len(right)) > 2:
            return False
        return edits(left, right) <= (2 if short >= 7 or a[letters] == b[letters] else 1)

    return Level("close", sql, holds, "is spelt almost the same")


def _other(words: str) -> Level:
    return Level("other", "ELSE", None, words)


def _initial(a: Row, b: Row) -> bool:
    left, right = a["forename"] or "", b["forename"] or ""
    return bool(left and right) and left[0] == right[0] and 1 in (len(left), len(right))


def _part(a: Row, b: Row) -> bool:
    return bool({a["head"], a["tail"]} & {b["head"], b["tail"]} - {None})


TURNED = Level(
    "turned", "whole_l = turned_r", _same("whole", "turned"), "is where the other record has the surname, and the other way round"
)
FORENAME = Term("forename", "forename", "forename", (
    _unknown("forename"),
    Level("same", "forename_l = forename_r", _same("forename"), "is the same", common="forename"),
    Level("joined", "given_l = given_r", _same("given"), "is the same, written with or without a space or hyphen"),
    TURNED,
    Level("family", "root_l = root_r", _same("root"), "is a short form or another spelling of the same name"),
    Level("second", "forename_l = second_r OR second_l = forename_r", lambda a, b: _same("forename", "second")(a, b) or _same("second", "forename")(a, b),
          "is a second forename on the other record"),
    _close("forename"),
    Level("initial", "(length(forename_l) = 1 OR length(forename_r) = 1) AND substr(forename_l, 1, 1) = substr(forename_r, 1, 1)", _initial,
          "is only an initial, and begins with the same letter"),
    _other("is another name"),
))  # fmt: skip
SURNAME = Term("surname", "surname", "surname", (
    Level("unknown", "surname_l IS NULL OR surname_r IS NULL OR whole_l = turned_r",
          lambda a, b: a["surname"] is None or b["surname"] is None or _same("whole", "turned")(a, b), 
          "is not known on both sides, or counted with the forename", unknown=True),
    Level("same", "surname_l = surname_r", _same("surname"), "is the same", common="surname"),
    Level("part", "head_l = head_r OR tail_l = tail_r OR head_l = tail_r OR tail_l = head_r", _part, "shares a part: double-barrelled, or with another particle"),
    _close("surname"),
    _other("is another name"),
))  # fmt: skip
BORN = Term("born", "born", "date of birth", (
    _unknown("born"),
    Level("same", "born_l = born_r", _same("born"), "is the same", common="born"),
    Level("transposed", "born_l = turned_born_r", _same("born", "turned_born"), "is the same with day and month transposed"),
    Level("digit", "levenshtein(born_l, born_r) = 1", lambda a, b: edits(a["born"] or "", b["born"] or "") == 1, "differs in one digit"),
    Level("vague", "vague_year_l = birth_year_r OR birth_year_l = vague_year_r",
          lambda a, b: _same("vague_year", "birth_year")(a, b) or _same("birth_year", "vague_year")(a, b), "is of the same year, on one side only as 1 January"),
    Level("year", "birth_year_l = birth_year_r", _same("birth_year"), "is another day of the same year"),
    _other("is another day in another year"),
))  # fmt: skip
SEX = Term("sex", "sex", "sex", (_unknown("sex"), Level("same", "sex_l = sex_r", _same("sex"), "is the same"), _other("differs")))
PLACE = Term("place", "area", "where they live", (
    _unknown("area"),
    Level("same", "postcode_l = postcode_r", _same("postcode"), "is the same postcode"),
    Level("sector", "sector_l = sector_r", _same("sector"), "is a postcode near by"),
    Level("area", "area_l = area_r", _same("area"), "is the same area"),
    _other("is another area"),
))  # fmt: skip
TELEPHONE, NHS_NUMBER, UPN = (
    Term(
        name,
        name,
        words,
        (_unknown(name), Level("same", f"{name}_l = {name}_r", _same(name), "is the same", common=name), _other("differs")),
    )
    for name, words in (("telephone", "telephone number"), ("nhs_number", "NHS number"), ("upn", "unique pupil number"))
)
TERMS = (FORENAME, SURNAME, BORN, SEX, PLACE, TELEPHONE, NHS_NUMBER, UPN)
BY_NAME = {term.name: term for term in TERMS}


def degree(term: Term, a: Row, b: Row) -> int:
    """Which degree of a term holds between two records: its place in `term.levels`, the first that holds."""
    return next(place for place, level in enumerate(term.levels) if level.holds is None or level.holds(a, b))
