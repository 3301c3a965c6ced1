"""A status, a placement, a conference or another fact begins, changes or ends, as the main case system says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment
from atlas.connections.commands import tie_family
from atlas.feeds.models import Row
from atlas.feeds.queries import MAIN_SYSTEM
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.statuses.conferences import INITIAL_CONFERENCE
from atlas.statuses.models import Conference, Dated, Family, FromMainSystem, LegalStatus, Placement, Spell

if TYPE_CHECKING:
    from atlas.agencies.models import Post

KINDS: dict[type[Dated], tuple[Kind, Kind]] = {
    Spell: (Kind.STATUS_STARTED, Kind.STATUS_ENDED),
    LegalStatus: (Kind.STATUS_STARTED, Kind.STATUS_ENDED),
    Placement: (Kind.PLACEMENT_STARTED, Kind.PLACEMENT_ENDED),
}


@dataclass(frozen=True)
class Said:
    """What the main system says of one fact: its key there, its dates where it has any, and its own columns."""

    model: type[FromMainSystem]
    source_key: str
    from_on: date | None
    until_on: date | None
    as_at: datetime
    columns: tuple[tuple[str, str | bool | date | None], ...] = ()
    words: str = ""


@command(needs=Permission.RECORD_STATUS)
def record_status(*, child: Child, said: Said, row: Row | None = None, is_historic: bool = False, by: "Post", at: datetime) -> Dated:
    """Take over one spell, placement or legal status. The same key again changes only what differs; an end makes its own entry."""
    if said.from_on is None:
        raise Invalid("The start date is missing. Ask the main system's team to give it; until then this row waits.")
    if said.until_on is not None and said.until_on < said.from_on:
        raise Invalid(f"It ends ({said.until_on}) before it starts ({said.from_on}). Ask the main system's team to put it right.")
    held = _held(child, said, row)
    assert isinstance(held, Dated)
    started, ended = KINDS[type(held)]
    if held._state.adding:
        held.entry = happened(started, child=child, at=Moment.on(said.from_on), words=said.words, row=row, is_historic=is_historic)
    was_open = held.until_on is None
    held.from_on, held.until_on = said.from_on, said.until_on
    held.save(force_insert=held._state.adding)
    if was_open and said.until_on is not None:
        happened(ended, child=child, at=Moment.on(said.until_on), words=said.words, row=row, is_historic=is_historic)
    return held


@command(needs=Permission.RECORD_STATUS)
def record_conference(
    *, child: Child, said: Said, row: Row | None = None, is_historic: bool = False, by: "Post", at: datetime
) -> Conference:
    """Take over one child protection conference; once it was held, it makes an entry. Raises Invalid where it has no date at all."""
    held = _held(child, said, row)
    assert isinstance(held, Conference)
    if held.due_on is None and held.held_on is None:
        raise Invalid("The conference has neither the date when it is due nor the date when it was held. Ask the main system's team.")
    if held.held_on is not None and held.entry is None:
        moment, words = Moment.on(held.held_on), str(held.get_kind_display())
        stops = [INITIAL_CONFERENCE] if held.kind == Conference.Kind.INITIAL and not is_historic else []
        held.entry = happened(
            Kind.CONFERENCE_HELD, child=child, at=moment, words=words, stops=stops, stops_all=True, row=row, is_historic=is_historic
        )
    held.save(force_insert=held._state.adding)
    return held


@command(needs=Permission.RECORD_STATUS)
def record_undated(*, child: Child, said: Said, row: Row | None = None, by: "Post", at: datetime) -> FromMainSystem:
    """Take over one fact that has no dates: a disability, a family. It makes no entry, since nobody says when it began.

    A family ties the child to the others whom the main system counts to it.
    """
    held = _held(child, said, row)
    held.save(force_insert=held._state.adding)
    if isinstance(held, Family):
        numbers = Family.objects.filter(child=child).values("number")
        family = Family.objects.filter(number__in=numbers, child__responsible_authority=child.responsible_authority_id)
        tie_family(child=child, family=family.values_list("child", flat=True), source=MAIN_SYSTEM, when=at)
    return held


def _held(child: Child, said: Said, row: Row | None) -> FromMainSystem:
    """The record under the same key, or a new one, with what is now said in its columns; not yet saved."""
    held = said.model.objects.filter(child=child, source_key=said.source_key).first()
    if held is None:
        held = said.model(child=child, source_key=said.source_key)
    for column, value in said.columns:
        setattr(held, column, value)
    held.as_at, held.row = said.as_at, row
    return held
