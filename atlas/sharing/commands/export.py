"""A list leaves: asked for, made and handed over on behalf of whoever asked, fetched; and a leaked text is traced to who exported it."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from atlas.agencies.models import Post
from atlas.chronology.moments import Moment
from atlas.design.words import day
from atlas.gate.act import Invalid, Refused, act_of, command
from atlas.gate.behalf import Behalf
from atlas.gate.context import Subject, acting_subject
from atlas.gate.events import Event
from atlas.gate.models import Act, Outcome
from atlas.gate.page import look_at
from atlas.gate.policy import FINGERPRINT, ROLE, Mode, Permission, Purpose, RecordKind
from atlas.gate.proposing import Proposed, approved_now
from atlas.gate.queries import standings
from atlas.gate.rules import Asked, Decision, judged
from atlas.gate.sets import save_all
from atlas.sharing.exports.compile import document_of, givable, opened_of, rows_of
from atlas.sharing.exports.files import csv_of, pdf_of, xlsx_of
from atlas.sharing.exports.lists import Exportable, Statutory, lists, statutory
from atlas.sharing.exports.naming import Candidate, Marked, candidates
from atlas.sharing.exports.reading import evidence_in
from atlas.sharing.exports.store import locked, opened
from atlas.sharing.models import Export, ExportFile
from atlas.sharing.rules import MOST_CHILDREN, MOST_EXPORT_DAYS, MOST_TOGETHER, PURPOSES, USUAL_EXPORT_DAYS

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none is taken for another on paper
SURE = 0.5
NOT_THERE = "This export cannot be opened any more: it has ended, or a record in it is no longer open to you. Export the list again."


@dataclass(frozen=True)
class Wanted:
    """What somebody asks to take out of Atlas, for whom, and why. Either `recipient`, or a person outside with an organisation."""

    listed: str
    columns: tuple[str, ...]
    format: Export.Format
    period: tuple[date, date]
    purpose: Purpose
    reason: str
    recipient: Post | None = None
    outside_name: str = ""
    outside_organisation: str = ""
    days: int = USUAL_EXPORT_DAYS

    def checked(self, by: Post) -> "Wanted":
        """The same, where it is whole. Raises Invalid."""
        self._checked_list(by)
        if self.purpose not in PURPOSES or self.purpose not in ROLE[by.role].purposes:
            raise Invalid("Choose what it is for.", "purpose")
        if not self.reason.strip():
            raise Invalid("Say why they need it.", "reason")
        outside = bool(self.outside_name.strip() and self.outside_organisation.strip())
        if outside == (self.recipient is not None) or bool(self.outside_name.strip()) != bool(self.outside_organisation.strip()):
            raise Invalid(
                "Choose one recipient: somebody with a post in Atlas, or else the name of somebody outside, and where they work.",
                "recipient",
            )
        if self.recipient and (self.recipient.is_service or Permission.DOWNLOAD_EXPORT not in ROLE[self.recipient.role].permissions):
            raise Invalid("Atlas cannot give an export to that person. Choose another recipient.", "recipient")
        if self.period[0] > self.period[1]:
            raise Invalid("The first day is after the last day. Correct one of them.", "from_on")
        if not 1 <= self.days <= MOST_EXPORT_DAYS:
            raise Invalid(f"Choose from 1 to {MOST_EXPORT_DAYS} days.", "days")
        return self

    def _checked_list(self, by: Post) -> None:
        if self.listed in statutory():
            whole = statutory()[self.listed]
            if by.role not in whole.roles:
                raise Invalid("Whoever makes this file must see every child who belongs in it. Ask the missing coordinator to make it.")
            if self.columns != whole.columns or self.format not in whole.writes or self.period not in whole.periods(self.period[1]):
                raise Invalid("This file leaves whole: for one collection, with all its columns, in a format that the DfE takes.")
        elif self.listed not in lists() or self.format == Export.Format.XML:
            raise Invalid("Choose a list.")
        elif not self.columns or not set(self.columns) <= {column.key for column in lists()[self.listed].columns}:
            raise Invalid("Tick what the recipient needs.", "columns")


def leaving(key: str) -> Exportable | Statutory:
    """The list, or the statutory file, of this name."""
    return statutory()[key] if key in statutory() else lists()[key]


@dataclass(frozen=True)
class Made:
    """A file that has been made and is not yet anybody's: in memory only."""

    content: bytes
    children: frozenset[UUID]
    rows: int


@command(needs=Permission.EXPORT)
def export(*, wanted: Wanted, by: Post, at: datetime) -> Export:
    """Ask for a list to leave; the service makes it on behalf of whoever asked. Raises Invalid where nothing would be in it, or too much."""
    wanted.checked(by)
    _capped(_children(wanted), MOST_CHILDREN)
    asked = _asked(wanted, by, at)
    asked.save(force_insert=True)
    _defer(asked)
    return asked


def _may_export_many(*, wanted: Wanted, at_most: int, by: Post, **_: object) -> None:
    """Of the first person: whoever may export, what is whole, and more children than one person may take."""
    if Permission.EXPORT not in ROLE[by.role].permissions:
        raise Invalid("Whoever wants the export proposes it; the privacy officer approves it.")
    count = len(_children(wanted.checked(by)))
    if count <= MOST_CHILDREN:
        raise Invalid(
            f"It would hold {count} children. Up to {MOST_CHILDREN} leave without a second person: export the list itself.", "from_on"
        )
    if not MOST_CHILDREN < at_most <= MOST_TOGETHER:
        raise Invalid(f"Choose a number from {MOST_CHILDREN + 1} to {MOST_TOGETHER}.", "at_most")
    if count > at_most:
        raise Invalid(f"This would take {count} children out of Atlas, and you ask for at most {at_most}. Correct one of them.", "at_most")


def _exporting_many(*, wanted: Wanted, at_most: int, **_: object) -> str:
    listed, whom = leaving(wanted.listed), wanted.recipient or f"{wanted.outside_name}, {wanted.outside_organisation}"
    told = ", ".join(
        listed.columns if isinstance(listed, Statutory) else (column.name.lower() for column in listed.chosen(list(wanted.columns)))
    )
    return (
        f"At most {at_most} children leave Atlas: {listed.name}, {day(wanted.period[0])} to {day(wanted.period[1])}, with {told}. "
        f"For {whom}, for {wanted.days} days. What it is for: {PURPOSES[Purpose(wanted.purpose)]}."
    )


@command(needs=Permission.EXPORT_MANY, proposed=Proposed(_exporting_many, first=_may_export_many))
def export_many(*, wanted: Wanted, at_most: int, because: str, by: Post, at: datetime) -> Export:
    """Let a list leave with more children than one person may take: at most so many, for this recipient and purpose. It takes two people, one the
    privacy officer. The service makes it on behalf of the first, of what the first may read then.
    """
    proposal = approved_now()
    asked = _asked(wanted.checked(proposal.proposed_by), proposal.proposed_by, at)
    asked.most_children, asked.approval = at_most, proposal
    asked.save(force_insert=True)  # which asks for nothing back: the second person need not see what the first exports
    _defer(asked)
    return asked


def _children(wanted: Wanted) -> set[UUID]:
    """The children whom the acting post may take out so."""
    listed = leaving(wanted.listed)
    rows = rows_of(acting_subject(), listed, wanted.period, wanted.recipient.pk if wanted.recipient else None)
    return {listed.child_of(row) for row in rows}


def _asked(wanted: Wanted, by: Post, at: datetime) -> Export:
    return Export(
        reference=f"EX-{''.join(secrets.choice(LETTERS) for _ in range(8))}", mark=secrets.token_bytes(16), listed=wanted.listed,
        columns=list(wanted.columns), format=wanted.format, period_from=wanted.period[0], period_until=wanted.period[1], purpose=wanted.purpose,
        reason=wanted.reason, recipient=wanted.recipient, outside_name=wanted.outside_name.strip(),
        outside_organisation=wanted.outside_organisation.strip(), made_by=by, agency=by.team.agency, asked_at=at,
        until_at=at + timedelta(days=wanted.days), policy=FINGERPRINT,
    )  # fmt: skip


def _defer(asked: Export) -> None:
    behalf = Behalf(asked.made_by_id, Purpose(asked.purpose), str(asked.pk))
    app.configure_task("sharing.run_export", queue="bulk").defer(export=str(asked.pk), **behalf.as_arguments())


@command(needs=Permission.EXPORT)
def compile_export(*, export: Export, by: Post, at: datetime) -> Made:
    """Make the file of an export, of what its asker may read at this moment. It is kept nowhere: `deliver_export` does that, or nobody."""
    if export.state != Export.State.ASKED:
        raise Invalid("This export has been made already, or was stopped.")
    listed = leaving(export.listed)
    rows = rows_of(acting_subject(), listed, (export.period_from, export.period_until), export.recipient_id)
    children = {listed.child_of(row) for row in rows}
    _capped(children, export.most_children)
    content = listed.writes[export.format](rows) if isinstance(listed, Statutory) else _marked_file(export, rows)
    return Made(content, frozenset(children), len(rows))


def _marked_file(export: Export, rows: list[Any]) -> bytes:
    document = document_of(export, rows)
    return {
        Export.Format.CSV: lambda: csv_of(document), Export.Format.XLSX: lambda: xlsx_of(document, Moment(export.asked_at)),
        Export.Format.PDF: lambda: pdf_of(document),
    }[Export.Format(export.format)]()  # fmt: skip


@command(needs=Permission.EXPORT)
def deliver_export(*, export: Export, made: Made, by: Post, at: datetime) -> Export:
    """Hand the file over, where its asker still has the right to every child in it, at this moment; written down for each of them."""
    listed, subject = leaving(export.listed), acting_subject()
    _still_open(export, subject, made.children, listed.record)
    content, secret = locked(made.content, export.pk)
    ExportFile(
        export=export, children=sorted(made.children), record=listed.record, made_by=by, recipient=export.recipient, content=content, secret=secret,
        until_at=export.until_at,
    ).save(force_insert=True)  # fmt: skip
    export.state, export.delivered_at, export.digest = Export.State.READY, at, sha256(made.content).hexdigest()
    export.rows, export.children_counted = made.rows, len(made.children)
    export.save(update_fields=["state", "delivered_at", "digest", "rows", "children_counted"])
    save_all(_acts("deliver_export", subject, export, made.children))
    look_at("export", subject, set(made.children), Event.EXPORT)
    return export


@command(needs=Permission.DOWNLOAD_EXPORT)
def download_export(*, export: Export, by: Post, at: datetime) -> tuple[bytes, frozenset[UUID]]:
    """Fetch the file, and every child in it. Raises Invalid where it has ended, or where a child in it is shut by now; never says which."""
    file = ExportFile.objects.filter(export=export).first()
    may = export.recipient_id == by.pk or Permission.EXPORT in ROLE[by.role].permissions
    if file is None or not may:
        raise Invalid(NOT_THERE)
    save_all(_acts("download_export", acting_subject(), export, frozenset(file.children)))
    return opened(bytes(file.content), bytes(file.secret), export.pk), frozenset(file.children)


@command(needs=Permission.TRACE_EXPORT)
def trace_export(*, text: str, by: Post, at: datetime) -> list[tuple[Candidate, Export]]:
    """Whose export a leaked text comes from, the surest first: of the exports of the agencies that this privacy officer answers for."""
    exports = {
        export.reference: export for export in Export.objects.select_related("made_by__user", "made_by__team__agency", "recipient__user")
    }
    found = candidates(
        evidence_in(text, [listed.grammar for listed in lists().values()]),
        [_marked(export) for export in exports.values() if export.listed in lists()],  # a statutory file bears no mark
    )
    subject = acting_subject()
    save_all([
        act_of("trace_export", subject, Outcome.DONE, Decision.ALLOWED, exports[one.name]) for one in found if one.sure >= SURE
    ])  # fmt: skip
    return [(one, exports[one.name]) for one in found]


def _marked(export: Export) -> Marked:
    dated = lists()[export.listed].dated.key
    return Marked(export.reference, export.listed, frozenset({dated, *export.columns}), bytes(export.mark))


def stop_export(export: UUID, problem: Refused | Invalid) -> int:
    """Say that nothing came of an export: for the job, when its asker has lost the right, which the record of acts holds by then.

    No command: whoever has lost the right may do nothing. Row security lets the acting post close its own export while that is empty.
    """
    return Export.objects.filter(pk=export, state=Export.State.ASKED).update(state=Export.State.STOPPED)


def _capped(children: set[UUID], most: int) -> None:
    if not children:
        raise Invalid(
            "No child in this period is open to you and to the recipient, so there is nothing to export. Choose other days.", "from_on"
        )
    if len(children) > most:
        raise Invalid(
            f"This would take {len(children)} children out of Atlas; at most {most} may leave at once. Choose a shorter period, or propose it to "
            f"the privacy officer: on the page Exports, more than {MOST_CHILDREN} children.",
            "from_on",
        )


def _still_open(export: Export, subject: Subject, children: frozenset[UUID], record: RecordKind) -> None:
    """Raise Refused where one of the children is shut by now, to the asker or to the recipient: with the decision, about the export."""
    now = givable(export.recipient_id, set(children), record) if export.recipient_id else opened_of(set(children), record)
    if lost := children - now:
        asked = Asked(record, Mode.READ)
        decisions = [judged(how, asked) for how in standings(subject, sorted(lost)).values()]
        raise Refused("deliver_export", subject, next((one for one in decisions if one is not Decision.ALLOWED), Decision.BLOCKED), export)


def _acts(name: str, subject: Subject, export: Export, children: frozenset[UUID]) -> list[Act]:
    """One act for each child in an export, by which relationship."""
    subject.known.update(standings(subject, sorted(children)))
    return [act_of(name, subject, Outcome.DONE, Decision.ALLOWED, export, child_id=child) for child in sorted(children)]
