"""Records of persons in one form, and what was wrong with them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from atlas_analysis.matching.names import forenames_of, surname_of

NEEDED = ("id", "source", "forenames", "surname", "date_of_birth")
OPTIONAL = ("sex", "postcode", "area", "telephone", "nhs_number", "upn")
PLACEHOLDERS = {date(1900, 1, 1), date(1901, 1, 1), date(1800, 1, 1), date(1970, 1, 1)}
SEXES = {"m": "m", "male": "m", "boy": "m", "1": "m", "f": "f", "female": "f", "girl": "f", "2": "f"}
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])([A-Z]{2})")
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # DfE, Unique pupil numbers, guide 1.2: the letter checks twelve digits
STANDARD = (
    "forename", "root", "second", "given", "forename_letters", "surname", "head", "tail", "surname_letters", "whole", "turned", "born",
    "turned_born", "birth_year", "vague_year", "sex", "postcode", "sector", "area", "telephone", "nhs_number", "upn",
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """Records in one form: `table` has a row for each record, in the order given: `unique_id` (int64, from 0), `id`, `source`, and the columns of STANDARD (text,
    missing where not known). `faults` counts what was given and could not be used, by column; `missing` the share without, by column.
    """

    table: pa.Table
    faults: Mapping[str, int]
    missing: Mapping[str, float]


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value).strip()


@lru_cache(maxsize=100_000)
def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%d %b %Y", "%d %B %Y"):
        try:
            return datetime.strptime(text[:10] if form == "%Y-%m-%d" else text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


@lru_cache(maxsize=100_000)
def _born(text: str, at: date) -> tuple[str | None, str | None, str | None, str | None]:
    """A date of birth: itself, with day and month transposed (itself where that is no other day), its year, and the year again on 1 January."""
    day = _day(text)
    if day is None or day in PLACEHOLDERS or day > at or day.year < at.year - 115:
        return None, None, None, None
    turned = day.replace(month=day.day, day=day.month) if day.day <= 12 else day
    year = f"{day.year:04d}"
    return day.isoformat(), turned.isoformat(), year, year if (day.month, day.day) == (1, 1) else None


@lru_cache(maxsize=100_000)
def _place(text: str) -> tuple[str | None, str | None, str | None]:
    found = POSTCODE.fullmatch(re.sub(r"[^A-Z0-9]", "", text.upper()))
    if not found:
        return None, None, None
    district, sector, unit = found.groups()
    return f"{district} {sector}{unit}", f"{district} {sector}", district


def _telephone(text: str) -> str | None:
    digits = re.sub(r"\D", "", text)
    digits = re.sub(r"^(?:0044|44)0?(?=\d{9,10}$)", "0", digits)
    return digits if 10 <= len(digits) <= 15 and len(set(digits[1:])) > 2 else None


def _nhs_number(text: str) -> str | None:
    """NHS Data Dictionary, NHS NUMBER: the tenth digit is eleven less the weighted sum modulo eleven; ten is never issued."""
    digits = re.sub(r"\D", "", text)
    if len(digits) != 10 or len(set(digits)) == 1:
        return None
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return digits if check % 11 == int(digits[9]) and check != 10 else None


def _upn(text: str) -> str | None:
    plain = re.sub(r"[^A-Z0-9]", "", text.upper())
    if not re.fullmatch(r"[A-Z]\d{11}[A-Z0-9]", plain):
        return None
    if plain[-1].isalpha():
        return plain  # a temporary number: no digit to check against
    weighed = sum(int(digit) * (place + 2) for place, digit in enumerate(plain[1:]))
    return plain if UPN_LETTERS[weighed % 23] == plain[0] else None


def _names(forenames: str, surname: str) -> dict[str, str | None]:
    given, family = forenames_of(forenames), surname_of(surname)
    both = given.forename and family.surname
    return {
        "forename": given.forename, "root": given.root, "second": given.second, "given": given.given, "forename_letters": given.letters,
        "surname": family.surname, "head": family.head, "tail": family.tail, "surname_letters": family.letters,
        "whole": f"{given.given} {family.surname}" if both else None, "turned": f"{family.surname} {given.given}" if both else None,
    }  # fmt: skip


def standard(record: Mapping[str, Any], at: date) -> dict[str, str | None]:
    """One record, given with the columns of `put_in_one_form`, in one form: the columns of STANDARD."""
    text = {name: _text(record.get(name)) for name in (*NEEDED, *OPTIONAL)}
    born, turned_born, birth_year, vague_year = _born(text["date_of_birth"], at)
    postcode, sector, district = _place(text["postcode"])
    return {
        **_names(text["forenames"], text["surname"]),
        "born": born, "turned_born": turned_born, "birth_year": birth_year, "vague_year": vague_year,
        "sex": SEXES.get(text["sex"].lower()), "postcode": postcode, "sector": sector, "area": text["area"] or district,
        "telephone": _telephone(text["telephone"]), "nhs_number": _nhs_number(text["nhs_number"]), "upn": _upn(text["upn"]),
    }  # fmt: skip


def _each(column: pa.ChunkedArray, act: Callable[[str], Any]) -> pa.Array:
    """Apply an act to each different value of a column, once."""
    coded = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    done = [act(_text(value)) for value in coded.dictionary.to_pylist()]
    if done and isinstance(done[0], tuple):
        return [pa.array([one[place] for one in done], pa.string()).take(coded.indices) for place in range(len(done[0]))]
    return pa.array(done, pa.string()).take(coded.indices)


def _columns(records: pa.Table, at: date) -> dict[str, pa.Array]:
    def forenames(text: str) -> tuple[str | None, ...]:
        found = forenames_of(text)
        return found.forename, found.root, found.second, found.given, found.letters

    def surname(text: str) -> tuple[str | None, ...]:
        found = surname_of(text)
        return found.surname, found.head, found.tail, found.letters

    names = set(records.column_names)
    none = pa.nulls(records.num_rows, pa.string())
    columns = dict(zip(("forename", "root", "second", "given", "forename_letters"), _each(records["forenames"], forenames), strict=True))
    columns |= dict(zip(("surname", "head", "tail", "surname_letters"), _each(records["surname"], surname), strict=True))
    columns["whole"] = pc.binary_join_element_wise(columns["given"], columns["surname"], " ")
    columns["turned"] = pc.binary_join_element_wise(columns["surname"], columns["given"], " ")
    born = _each(records["date_of_birth"], lambda text: _born(text, at))
    columns |= dict(zip(("born", "turned_born", "birth_year", "vague_year"), born, strict=True))
    columns["sex"] = _each(records["sex"], lambda text: SEXES.get(text.lower())) if "sex" in names else none
    places = _each(records["postcode"], _place) if "postcode" in names else [none] * 3
    columns |= dict(zip(("postcode", "sector", "area"), places, strict=True))
    if "area" in names:
        columns["area"] = pc.coalesce(_each(records["area"], lambda text: text or None), columns["area"])
    for name, act in (("telephone", _telephone), ("nhs_number", _nhs_number), ("upn", _upn)):
        columns[name] = _each(records[name], act) if name in names else none
    return columns


def _refuse(records: pa.Table) -> None:
    absent = [name for name in NEEDED if name not in records.column_names]
    if absent:
        raise ValueError(f"The records have no column {', '.join(absent)}. Rename or add it: needed are {', '.join(NEEDED)}.")
    if records.num_rows == 0:
        raise ValueError("There are no records to compare: the table is empty. Give the records of at least one agency.")
    for name in ("id", "source"):
        if records[name].null_count:
            raise ValueError(
                f"{records[name].null_count} records have no {name}. Each needs one, so that a match can be traced back to where it came from."
            )
    times = records.select(["source", "id"]).group_by(["source", "id"], use_threads=False).aggregate([([], "count_all")])
    twice = times.filter(pc.greater(times["count_all"], 1))
    if twice.num_rows:
        source, name = twice["source"][0].as_py(), twice["id"][0].as_py()
        raise ValueError(
            f"{twice.num_rows} records are there more than once, the first {name!r} of {source!r}: was a file delivered twice? Keep each once."
        )


def put_in_one_form(records: pa.Table, at: date) -> People:
    """Records of persons in one form.

    `records`: columns `id` and `source` (together unique, never missing), `forenames`, `surname`, `date_of_birth` (a date, or text as 2009-03-31 or 31/03/2009),
    and where there are `sex`, `postcode`, `area` (of one kind throughout: used where given, else the postcode's district), `telephone`, `nhs_number`, `upn`.
    `at`: the day on which they are compared; who is born after it has no date of birth. Raises ValueError for an empty table, a missing column, an id
    given twice, or where nobody has a name or nobody a date of birth.
    """
    _refuse(records)
    columns = _columns(records, at)
    faults = {}
    for given, used in (
        ("date_of_birth", "born"),
        ("postcode", "postcode"),
        ("telephone", "telephone"),
        ("nhs_number", "nhs_number"),
        ("upn", "upn"),
    ):
        if given in records.column_names:
            filled = pc.not_equal(pc.fill_null(pc.cast(records[given], pa.string()), ""), "")
            faults[given] = int(pc.sum(pc.and_(filled, pc.is_null(columns[used]))).as_py() or 0)
    missing = {
        name: columns[name].null_count / records.num_rows
        for name in ("forename", "surname", "born", "sex", "area", "telephone", "nhs_number", "upn")
    }
    for name, words in (("forename", "forename"), ("surname", "surname"), ("born", "date of birth that can be used")):
        if missing[name] == 1:
            raise ValueError(f"No record has a {words}. Without it nobody can be matched; look at how the column was read.")
    table = pa.table({
        "unique_id": pa.array(range(records.num_rows), pa.int64()),
        "id": pc.cast(records["id"], pa.string()),
        "source": pc.cast(records["source"], pa.string()),
        **{name: columns[name] for name in STANDARD},
    })  # fmt: skip
    return People(table, faults, missing)
