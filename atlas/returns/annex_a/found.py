"""What a workbook for Ofsted says, list by list: what was read of it, what must be asked, and where Atlas says otherwise. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from atlas.feeds.reading import ReadRow, Unreadable
from atlas.returns.annex_a.beside import Difference, Held, differences
from atlas.returns.annex_a.cells import Line, lines_of
from atlas.returns.annex_a.lists import LISTS, AnnexList, columns_of, list_of

FIRST_ROWS = 5


@dataclass(frozen=True)
class ListRead:
    """One list as it was read. `lacks`: columns of which nothing is there; `beyond`: headings that no column has."""

    of: AnnexList
    sheet: str
    lines: tuple[Line, ...]
    lacks: tuple[str, ...]
    beyond: tuple[str, ...]

    @property
    def keys(self) -> set[str]:
        """The children's numbers; of the list of adopters, none: they are no children."""
        return {line.key for line in self.lines if line.key} if self.of.number != LISTS[-1].number else set()


@dataclass(frozen=True)
class Asked:
    """One question about one column: of how many rows it is asked, and the first of them."""

    column: str
    words: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class ListFound:
    """What is to be said of one list. `known`: rows about children whom the reader may see; `unlisted`: children of Atlas whom it should name."""

    read: ListRead
    known: int
    asked: tuple[Asked, ...]
    differences: tuple[Difference, ...]
    unlisted: tuple[tuple[UUID, str], ...]


def lists_read(rows: Iterable[ReadRow], until: date) -> list[ListRead]:
    """The lists of a workbook, in their order. Raises Unreadable, in the user's words, where there is none, or one twice."""
    sheets: dict[str, list[ReadRow]] = {}
    for row in rows:
        if list_of(row.sheet):
            sheets.setdefault(row.sheet, []).append(row)
    if not sheets:
        raise Unreadable(
            "This workbook has none of the lists of Annex A: no sheet is named List 1, List 2 or so on. Give the workbook made for Ofsted."
        )
    named: dict[int, str] = {}
    for sheet in sheets:
        one = list_of(sheet)
        assert one
        if one.number in named:
            raise Unreadable(
                f"Two sheets are list {one.number}: “{named[one.number]}” and “{sheet}”. Take out the one that does not count."
            )
        named[one.number] = sheet
    return [_read(one, named[one.number], sheets[named[one.number]], until) for one in LISTS if one.number in named]


def _read(one: AnnexList, sheet: str, rows: Sequence[ReadRow], until: date) -> ListRead:
    headings = list(dict.fromkeys(name for row in rows for name in row.cells))
    columns = columns_of(one, headings)
    lines = lines_of(one, ((row.number, row.cells) for row in rows if row.cells), columns, until)
    return ListRead(
        one, sheet, tuple(lines), tuple(column.name for column in one.columns if column.name not in columns),
        tuple(heading for heading in headings if heading not in columns.values()),
    )  # fmt: skip


def found(read: ListRead, children: Mapping[str, Held], unlisted: Sequence[tuple[UUID, str]]) -> ListFound:
    """What is to be said of one list beside Atlas. `children`: by number, of those whom the reader may see."""
    of = {key: held for key, held in children.items() if key in read.keys}
    known = sum(line.key in of for line in read.lines)
    return ListFound(read, known, tuple(asked(read.lines)), tuple(differences(read.of, read.lines, of)), tuple(unlisted))


def asked(lines: Iterable[Line]) -> list[Asked]:
    """The questions, each once, with its rows: what is asked of most rows first."""
    rows: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        for problem in line.problems:
            rows.setdefault((problem.column, problem.words), []).append(line.row)
    many = [Asked(column, words, len(at), tuple(at[:FIRST_ROWS])) for (column, words), at in rows.items()]
    return sorted(many, key=lambda one: (-one.count, one.rows))
