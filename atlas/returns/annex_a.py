"""List 8 of Ofsted's Annex A, as far as missing children go: how its headings and cells are read, and how it differs from what Atlas counts. Pure.

Source: layout of January 2024 as the sector's pipeline has it (liia-tools-pipeline, `Annex_A_schema.yml`, MIT, commit 4aff9189); that pipeline's
words for yes and no. The counts are of the twelve months before the day for which the workbook was made; the interview is that after the
last missing episode.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LIST = re.compile(r"list\s*_?\s*8\b", re.IGNORECASE)
# How a heading is known, once quotes, brackets, spaces of every kind and case are set aside.
HEADINGS = {
    "key": re.compile(r"\bchild\b.*\b(id|identifier)\b|\b(id|identifier)\b.*\bchild\b"),
    "missing": re.compile(r"number of episodes the child has been.*missing"),
    "absent": re.compile(r"number of episodes the child has been.*absent"),
    "offered": re.compile(r"offered a return.*interview"),
    "accepted": re.compile(r"accept a return.*interview"),
}
WHAT = {
    "missing": "Missing episodes in 12 months", "absent": "Episodes away without authorisation in 12 months",
    "offered": "Offered an interview after the last missing episode", "accepted": "Accepted an interview after the last missing episode",
}  # fmt: skip
NOTHING = {"", "#n/a", "n/a", "na", "nan", "null", "none", "-", "not applicable", "#value!", "#ref!"}
YES = ("a) yes", "yes", "y", "1", "true", "offered and accepted", "offered and accepted (cyp not present/refused on arrival)")
NO = ("b) no", "no", "n", "0", "false", "not offered (missing again)", "not offered (other)", "not offered (unable to make contact)")
SAID_NO = re.compile(r"offered and dec[a-z]+ \(by yp\)")  # in that pipeline's own word; offered, and not accepted


@dataclass(frozen=True)
class Line:
    """One row of the list: the child's number, what the workbook says (None: nothing), and what of it cannot be read."""

    row: int
    key: str
    said: Mapping[str, int | bool | None]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One value in which the workbook and Atlas differ."""

    line: Line
    what: str
    workbook: int | bool | None
    atlas: int | bool | None


def plain(text: str) -> str:
    """A heading or a cell without what varies: quotes, brackets, spaces of every kind, case."""
    return " ".join(re.sub(r"[‘’'\"“”]", "", text.replace("\xa0", " ").replace("_", " ")).lower().split())


def columns_of(headings: Iterable[str]) -> dict[str, str]:
    """Which heading holds what. The first that fits counts."""
    found: dict[str, str] = {}
    for heading in headings:
        for name, known in HEADINGS.items():
            if name not in found and known.search(re.sub(r"[()]", " ", plain(heading))):
                found[name] = heading
                break
    return found


def line_of(row: int, cells: Mapping[str, str], columns: Mapping[str, str]) -> Line | None:
    """One row; None where it has no child's number."""
    key = plain(cells.get(columns["key"], "")).upper().removesuffix(".0")
    if not key or plain(key) in NOTHING:
        return None
    said: dict[str, int | bool | None] = {}
    unread = []
    for name in WHAT:
        text = plain(cells.get(columns.get(name, ""), ""))
        try:
            said[name] = _count(text) if name in ("missing", "absent") else _answer(text, name)
        except ValueError:
            said[name] = None
            unread.append(f"{WHAT[name]}: “{text[:40]}”")
    return Line(row, key, said, tuple(unread))


def _count(text: str) -> int | None:
    if text in NOTHING:
        return None
    count = float(text)
    if count < 0 or count != int(count):
        raise ValueError(text)
    return int(count)


def _answer(text: str, name: str) -> bool | None:
    if text in NOTHING or text == "c) unknown":
        return None
    if SAID_NO.fullmatch(text):
        return name == "offered"
    if text in YES or text in NO:
        return text in YES
    raise ValueError(text)


def differences(lines: Iterable[Line], counted: Mapping[str, Mapping[str, int | bool | None]]) -> list[Difference]:
    """In what the workbook differs from what Atlas counts, of the children whom Atlas shows. A blank count is none; a blank answer is no answer."""
    found = []
    for line in lines:
        for what, atlas in counted.get(line.key, {}).items():
            said = line.said[what]
            if what in ("missing", "absent"):
                said = said or 0
            if said != atlas and what not in {one.partition(":")[0] for one in line.unread}:
                found.append(Difference(line, what, said, atlas))
    return found
