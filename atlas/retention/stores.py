"""Every place in which something of a child stands, beside the rows that name the child by a foreign key: what is done with each when the record is erased.

Rows with a foreign key are found in the database's own catalogue (`gate_erase`): no list can forget one. A plain id is in no catalogue: a test holds this list against
the models, and a new column that may name a child fails it until it is here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Loose:
    """Rows that name a child by a plain id. `theirs`: that a row is of one of these children, as SQL; `scrubs`: the columns that are emptied where the row itself
    stays; none: the row is deleted. `columns`: what is read to find it.
    """

    theirs: str
    columns: tuple[str, ...]
    scrubs: tuple[str, ...] = ()


# What the eraser empties or deletes.
LOOSE = {
    "feeds.Row": Loose("child_id = ANY ({})", ("child_id",), ("values", "source_key", "meaning", "child_id", "result_id", "reason")),
    "sharing.ExportFile": Loose("children && {}", ("children",)),
    "network.Together": Loose("children && {}", ("children",)),
    "desk.SilentNotice": Loose("child_id = ANY ({})", ("child_id",)),
}
# What names a child by a plain id and stays, and why.
STAYS = {
    "gate.Act": "The record of acts cannot be altered: who did what about which id, and no name.",
    "gate.Look": "The record of looks cannot be altered: who looked at which id. The words of a search that found the child stand there in clear.",
    "audit.OddLook": "The same record, as it was worked through: ids alone.",
    "retention.DueRecord": "Emptied of the id by the function itself, when it has erased.",
}
# Where more of a child may stand, outside the tables.
ELSEWHERE = (
    ("What was typed and not sent", "Gone after twelve hours; one that names the child goes with the record."),
    (
        "The file of an export",
        "Deleted with the record, and otherwise when the export ends. What was downloaded is with whoever was given it.",
    ),
    ("Pages of local profiles", "Counts without names, protected before they are kept; keyed marks that lead back to nobody."),
    ("What waits to be done later", "Ids alone; what it would look for is not there any more."),
    (
        "Copies of the database",
        "Hold the record until they are pruned (docs/bad-days.md). After a restore, tick erases again what was set aside.",
    ),
    ("The main case system and partners’ own systems", "Not Atlas’s to erase: each has its own schedule."),
)
