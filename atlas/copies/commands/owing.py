"""A finished or corrected record owes its copy: an effect of the command that finishes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from atlas.agencies.models import Authority
from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.clocks.queries import bank_holidays_changed
from atlas.copies.kinds import copied
from atlas.copies.models import Channel, Copy
from atlas.copies.queries import channel_of, newest
from atlas.copies.rules import climbs_at, filed_by
from atlas.copies.workflow import NOT_FILED, CopyState
from atlas.feeds.queries import masters
from atlas.feeds.rules import System
from atlas.gate.act import asked_once
from atlas.gate.context import acting_subject
from atlas.sharing.compile import must_stay, written_in

MOVED = (
    "The child moved to another authority before this was known to be filed. Ask the team of the main system before, or file it by hand."
)


def owe_copy(*, kind: str, record: Any, entry: Entry) -> Copy | None:
    """Let a record that is finished, or that was corrected since, be copied to the main system of whoever is responsible for the child.

    None is owed where the authority is sent no copies, where its main system is master of this kind of record, and for what is historic. It only
    adds a row: whoever finishes a record need not see what went before. Whoever finishes it may see intelligence, which the feed does not; the feed
    sees every child of the authority: so both read the words. Raises LookupError outside a command.
    """
    subject, what, child = acting_subject(), copied()[kind], record.child
    authority_id = child.responsible_authority_id
    if (
        entry.is_historic
        or asked_once(("channel of copies", authority_id), lambda: channel_of(authority_id, entry.recorded_at)) is Channel.OFF
    ):
        return None
    held = asked_once(("masters", authority_id), lambda: masters(child.responsible_authority))
    if held[what.mastered] != System.ATLAS:
        return None
    at, changes, free = entry.recorded_at, bank_holidays_changed(), written_in(subject, child.pk, what.chosen(record))
    copy = Copy(
        child=child, kind=kind, about_label=record._meta.label, about_id=record.pk, authority_id=authority_id, entry=entry, owed_at=at,
        due_at=filed_by(at, changes), climbs_at=climbs_at(at, 0, changes), left_out=sorted(must_stay(subject, child.pk, free)), screened_at=None if free else at,
    )  # fmt: skip
    copy.save(force_insert=True)
    return copy


def owe_again(*, records: Mapping[str, Iterable[Any]], entry: Entry) -> list[Copy]:
    """Let those of these records (by kind) of which a copy is there be copied again: they were corrected, or withdrawn."""
    found = {record.pk: (kind, record) for kind, rows in records.items() for record in rows}
    held = Copy.objects.filter(about_id__in=list(found)).values_list("about_id", flat=True).distinct().order_by("about_id")
    return [copy for pk in held if (copy := owe_copy(kind=found[pk][0], record=found[pk][1], entry=entry)) is not None]


def hand_copies(*, child: Child, to: Authority, at: datetime) -> int:
    """Responsibility has moved, as a part of the command that runs now: the feed of the authority before does not read the child any more, so that what
    was not filed there would wait for ever. What was not sent goes to the main system of whoever is responsible now, within its own time limit;
    where that is sent none, or the copy went out and nothing was heard, it has failed, with words. Returns how many somebody must see to by hand.
    """
    held = list(newest(Copy.objects.filter(child=child, state__in=NOT_FILED)).exclude(authority=to))
    goes = [] if channel_of(to.pk, at) is Channel.OFF else [copy.pk for copy in held if copy.sent_at is None]
    changes = bank_holidays_changed()
    Copy.objects.filter(pk__in=goes).update(
        authority=to, state=CopyState.WAITING, tries=0, reason="", rung=0, due_at=filed_by(at, changes), climbs_at=climbs_at(at, 0, changes)
    )
    stays = [copy.pk for copy in held if copy.pk not in goes]
    Copy.objects.filter(pk__in=stays).update(state=CopyState.FAILED, reason=MOVED, climbs_at=None)
    return len(stays)
