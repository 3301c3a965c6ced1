"""A copy as it leaves: one PDF for people, and a structured note for the main system. Made of the record as whoever sends it sees it then.

Nothing in it hangs on when it is made, so that sending it twice sends the same.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from atlas.copies.kinds import Copied, copied
from atlas.copies.models import Copy
from atlas.copies.queries import number_of, versions
from atlas.copies.rules import NOTE_LAYOUT, RECEIPT_LAYOUT
from atlas.design.words import reference_of
from atlas.feeds.queries import MAIN_SYSTEM
from atlas.gate.act import Invalid
from atlas.gate.context import Subject
from atlas.people.models import Identifier, IdentifierKind
from atlas.sharing.compile import Sent, compiled_for_main_system
from atlas.sharing.pdf import pdf_of

NO_NUMBER = (
    "The main system has no number for this child here yet, so it cannot know whom this is about. Once a delivery has brought the number, send it "
    "again; or file it by hand."
)
NOT_TOLD = "Do not tell a parent yet: a decision of a manager stands. Ask in Atlas before anything of this reaches a parent or carer."
WITHDRAWN = "This was recorded in error. Mark what was filed before as an error."

Numbered = tuple[int, UUID | None]  # which version it is, and which it replaces


@dataclass(frozen=True)
class Made:
    """What is handed over: the structured note (JSON, UTF-8) and the PDF, both named by the copy's own id."""

    name: str
    note: bytes
    document: bytes

    @property
    def digest(self) -> str:
        """The hash of the note, which holds that of the PDF: 64 hex digits."""
        return sha256(self.note).hexdigest()


def view_of(copy: Copy, subject: Subject) -> dict[str, Any]:
    """What people read of a copy, as this subject may pass it on. Raises Invalid where the record is not theirs to see, or its words are not
    screened.
    """
    return shown_of(copy, subject, versions(copy))[0]


def shown_of(copy: Copy, subject: Subject, among: Iterable[Copy]) -> tuple[dict[str, Any], str]:
    """The same, with the address of the record itself. `among`: the versions of the copy, newest first."""
    kind = copied()[copy.kind]
    _is_screened(copy)
    record = _record(copy, kind, subject)
    return _view(copy, kind, record, subject, number_of(copy, among)), kind.page(record)


def made_of(copy: Copy, subject: Subject) -> Made:
    """The copy as it leaves. Raises Invalid as `view_of` does, and where the main system has no number for the child."""
    kind = copied()[copy.kind]
    _is_screened(copy)
    record, number = _record(copy, kind, subject), main_number(copy, subject)
    if not number:
        raise Invalid(NO_NUMBER)
    numbered = number_of(copy, versions(copy))
    document = pdf_of(_view(copy, kind, record, subject, numbered), f"Copy {reference_of(copy.pk)}, {copy.authority.name}")
    note = _note(copy, kind, record, number, document, numbered)
    return Made(str(copy.pk), json.dumps(note, indent=1, sort_keys=True).encode(), document)


def main_number(copy: Copy, subject: Subject) -> str:
    """The child's number in the main system, as it is now; empty where it has none."""
    held = Identifier.objects.visible_to(subject).filter(
        person=copy.child_id, kind=IdentifierKind.COUNCIL, system=MAIN_SYSTEM, until_on__isnull=True
    )
    return str(held.order_by("pk").values_list("value", flat=True).first() or "")


def _is_screened(copy: Copy) -> None:
    if copy.screened_at is None:
        raise Invalid("What was written is being checked before it leaves. Open this again in five minutes.")


def _record(copy: Copy, kind: Copied, subject: Subject) -> Any:
    record = kind.rows(subject).filter(pk=copy.about_id).first()
    if record is None:
        raise Invalid("The record itself is not yours to see, so you cannot send or read its copy. Ask whoever works with the child.")
    return record


def _view(copy: Copy, kind: Copied, record: Any, subject: Subject, numbered: Numbered) -> dict[str, Any]:
    number, replaces = numbered
    told = [f"Version {number}" + (f", replaces copy {reference_of(replaces)}" if replaces else "")]
    told += [words for words, holds in ((NOT_TOLD, kind.is_not_told(record)), (WITHDRAWN, kind.is_withdrawn(record))) if holds]
    sent = Sent(
        title=kind.name, recipient=f"Main case system, {copy.authority.name}", number=main_number(copy, subject), as_at=copy.owed_at,
        told=tuple(told), never=kind.never, left_out=frozenset(copy.left_out),
    )  # fmt: skip
    return compiled_for_main_system(subject, copy.child_id, kind.chosen(record), sent)


def _note(copy: Copy, kind: Copied, record: Any, number: str, document: bytes, numbered: Numbered) -> dict[str, Any]:
    """The structured note: ids and codes; no name, no words that somebody wrote, no place."""
    version, replaces = numbered
    return {
        "layout": NOTE_LAYOUT, "copy": str(copy.pk), "version": version, "replaces": str(replaces) if replaces else None, "kind": copy.kind,
        "record": str(copy.about_id), "authority": copy.authority.code, "person": number, "finished_at": copy.owed_at.isoformat(),
        "is_withdrawn": kind.is_withdrawn(record), "do_not_tell_parent": kind.is_not_told(record), **kind.fields(record, number),
        "document": {"name": f"{copy.pk}.pdf", "bytes": len(document), "sha256": sha256(document).hexdigest()},
        "receipt": {"layout": RECEIPT_LAYOUT, "copy": str(copy.pk)},
    }  # fmt: skip


def as_text(view: dict[str, Any]) -> str:
    """The same as plain text, to be pasted."""
    lines = [view["title"], *view["conditions"], ""]
    kind = ""
    for item in view["items"]:
        if item["kind"] != kind:
            kind = item["kind"]
            lines += [kind.upper()]
        lines += [f"{name}: {value}" for name, value in item["lines"]] + [f"(Source: {item['source']})", ""]
    return "\n".join(lines).strip() + "\n"
