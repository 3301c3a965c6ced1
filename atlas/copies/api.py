"""Receipts over HTTP: the main system says what became of a copy, for a person who lets it."""

from typing import Literal
from uuid import UUID

from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from atlas.chronology.api import Instant
from atlas.copies.commands import sending
from atlas.copies.models import Copy
from atlas.copies.queries import copies_with_child
from atlas.copies.rules import MOST_REASON, MOST_REFERENCE, Receipt
from atlas.gate.api import Problem, acting, operation
from atlas.gate.page import PageRequest
from atlas.gate.policy import Permission

router = Router(tags=["Copies for the main system"])


class ReceiptSaid(Schema):
    """What became of a copy: filed, under which reference; or failed, and why."""

    state: Literal["filed", "failed"]
    reference: str = Field("", max_length=MOST_REFERENCE)
    filed_at: Instant | None = None
    reason: str = Field("", max_length=MOST_REASON)


class CopyShown(Schema):
    """Where a copy stands. What is in it goes out with the copy itself."""

    id: UUID
    kind: str
    record: UUID
    state: str
    reference: str
    filed_at: AwareDatetime | None
    version: int


@router.post("/{pk}/record_receipt", response={200: CopyShown, 409: Problem, 422: Problem})
@operation(about=Copy, needs=Permission.RECORD_RECEIPT, rows=copies_with_child)
def record_receipt(request: PageRequest, copy: Copy, said: ReceiptSaid) -> CopyShown:
    """Say that a copy was filed in the main system, or why it could not be. The same receipt twice is once."""
    receipt = Receipt(said.state == "filed", said.reference.strip(), said.filed_at, said.reason)
    sending.record_receipt(copy=copy, receipt=sending.heard(receipt, request.at), **acting(request))
    now = Copy.objects.get(pk=copy.pk)
    return CopyShown(
        id=now.pk, kind=now.kind, record=now.about_id, state=now.state, reference=now.reference, filed_at=now.filed_at, version=now.version
    )  # fmt: skip
