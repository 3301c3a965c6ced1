"""A status, a placement or a legal status begins, changes or ends, as the main case system says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment
from atlas.feeds.models import Row
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.statuses.models import FromMainSystem, LegalStatus, Placement, Spell

if TYPE_CHECKING:
    from atlas.agencies.models import Post

KINDS: dict[type[FromMainSystem], tuple[Kind, Kind]] = {
    Spell: (Kind.STATUS_STARTED, Kind.STATUS_ENDED),
    LegalStatus: (Kind.STATUS_STARTED, Kind.STATUS_ENDED),
    Placement: (Kind.PLACEMENT_STARTED, Kind.PLACEMENT_ENDED),
}


@dataclass(frozen=True)
class Said:
    """What the main system says of one spell, placement or legal status: its key there, its dates, and its own columns."""

    model: type[FromMainSystem]
    source_key: str
    from_on: date | None
    until_on: date | None
    as_at: datetime
    columns: tuple[tuple[str, str | bool], ...] = ()
    words: str = ""


@command(needs=Permission.RECORD_STATUS)
def record_status(
    *, child: Child, said: Said, row: Row | None = None, is_historic: bool = False, by: "Post", at: datetime
) -> FromMainSystem:
    """Take over one spell, placement or legal status. The same key again changes only what differs; an end makes its own entry."""
    if said.from_on is None:
        raise Invalid("The start date is missing. Ask the main system's team to give it; until then this row waits.")
    if said.until_on is not None and said.until_on < said.from_on:
        raise Invalid(f"It ends ({said.until_on}) before it starts ({said.from_on}). Ask the main system's team to put it right.")
    started, ended = KINDS[said.model]
    held = said.model.objects.filter(child=child, source_key=said.source_key).first()
    if held is None:
        entry = happened(started, child=child, at=Moment.on(said.from_on), words=said.words, row=row, is_historic=is_historic)
        held = said.model(child=child, source_key=said.source_key, from_on=said.from_on, entry=entry)
        was_open = True
    else:
        was_open = held.until_on is None
    for column, value in said.columns:
        setattr(held, column, value)
    held.from_on, held.until_on, held.as_at, held.row = said.from_on, said.until_on, said.as_at, row
    held.save(force_insert=held._state.adding)
    if was_open and said.until_on is not None:
        happened(ended, child=child, at=Moment.on(said.until_on), words=said.words, row=row, is_historic=is_historic)
    return held
