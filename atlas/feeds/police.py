"""Police missing reports: every force has its own columns and words, each in a mapping file of its own (`forces/`).

To add a force: copy one of the files, name the force's columns and the words it uses, and give it a layout name. Nothing else.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from atlas.feeds.layouts import Column, Holds, Table

FORCES = Path(__file__).with_name("forces")
_FIELDS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("force_reference", is_required=True),
        Column("forename"),
        Column("surname", is_required=True),
        Column("born_on", Holds.DAY),
        Column("sex", Holds.CODE, codes="sex"),
        Column("police_person"),
        Column("last_seen_at", Holds.TIME),
        Column("last_seen_place"),
        Column("reported_at", Holds.TIME, is_required=True),
        Column("police_recorded_at", Holds.TIME),
        Column("council_told_at", Holds.TIME),
        Column("grade", Holds.CODE, codes="grade"),
        Column("status", Holds.CODE, codes="status"),
        Column("found_at", Holds.TIME),
        Column("found_place"),
        Column("returned_at", Holds.TIME),
        Column("worry"),
    )
}
TABLE = Table("police_missing", "force_reference", tuple(_FIELDS.values()))


@dataclass(frozen=True)
class Force:
    """A force's columns and words. `columns`: the force's name of a column -> ours; `words`: list -> the force's word -> our code."""

    name: str
    layout: str
    columns: dict[str, str]
    words: dict[str, dict[str, str]]

    def cells(self, given: dict[str, str]) -> dict[str, str]:
        """A row by our names of the columns."""
        return {ours: given[theirs] for theirs, ours in self.columns.items() if theirs in given}

    def missing_columns(self, given: set[str]) -> list[str]:
        """The force's names of needed columns that a file does not have."""
        needed = {column.name for column in TABLE.columns if column.is_required}
        return sorted(theirs for theirs, ours in self.columns.items() if ours in needed and theirs not in given)


@lru_cache(maxsize=1)
def forces() -> dict[str, Force]:
    """The forces by layout. Raises ValueError for a mapping file that names a field that is not there."""
    found = {}
    for path in sorted(FORCES.glob("*.toml")):
        force = Force(**tomllib.loads(path.read_text(encoding="utf-8")))
        unknown = set(force.columns.values()) - _FIELDS.keys()
        if unknown:
            raise ValueError(f"{path.name} maps columns to fields that are not there: {', '.join(sorted(unknown))}.")
        found[force.layout] = force
    return found
