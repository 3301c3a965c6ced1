"""A profile as it is made: its sections with their tables, and what it found that asks for a decision."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """A table as it is read: a heading for each column, and rows of text of which the first cell is the row's heading."""

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    drill: str = ""  # the list of rows behind it, for those who may


@dataclass(frozen=True)
class Section:
    """One of the fifteen sections: sentences, tables, and what one must know before one reads them."""

    number: int
    title: str
    words: Sequence[str] = ()
    tables: Sequence[Table] = ()
    caveats: Sequence[str] = field(default=())

    def as_content(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


@dataclass(frozen=True)
class Found:
    """A finding as it is made: in which section, what it is about (so that the next profile knows it again), and in words, with how sure it is."""

    section: str
    key: str
    words: str


@dataclass(frozen=True)
class Made:
    """What a run says, as it is kept, and what of it asks for a decision."""

    content: dict[str, Any]
    found: tuple[Found, ...]
