"""Who is master of what is chosen; and the rows of a delivery that are left because Atlas is master, or because something newer was taken."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from atlas.design.words import when
from atlas.feeds.handling import Carrying
from atlas.feeds.models import Delivery, Master, Row
from atlas.feeds.queries import MAIN_SYSTEM
from atlas.feeds.rules import CHOOSABLE, TABLES_OF, Mastered, System
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post

TAKEABLE = (Row.State.NEW, Row.State.CHANGED)


@command(needs=Permission.SET_MASTER)
def set_master(*, authority: "Authority", record: Mastered, system: System, by: "Post", at: datetime) -> Master:
    """Say which system is master of one kind of record, from the next delivery on. What was taken before stays as it is."""
    if record not in CHOOSABLE:
        raise Invalid(f"“{record.label}” cannot be changed: choose one of those that have a link beside them.", "system")
    master, _ = Master.objects.update_or_create(
        authority=authority, record=record, defaults={"system": system, "decided_at": at, "decided_by": by}
    )
    return master


def refuse_older(delivery: Delivery) -> None:
    """An old file sent late must not overwrite what is newer. Raises Invalid, in words, where a newer whole one holds its tables.

    Only of the main case system, which says each night how everything stands; a force's report says what happened.
    """
    if delivery.source != MAIN_SYSTEM:
        return
    tables = Row.objects.filter(delivery=delivery).values("table")
    newer = _newer(delivery).filter(delivery__is_partial=False, delivery__is_historic=False, table__in=tables)
    last = newer.order_by("-delivery__as_at").values_list("delivery__as_at", flat=True).first()
    if last is not None:
        raise Invalid(
            f"This is older (as at {when(delivery.as_at)}) than what was taken already (as at {when(last)}), so it cannot be taken. "
            "Ask the main system's team for a new file."
        )


def leave_rows(carrying: Carrying) -> None:
    """Leave the rows of which Atlas is master, and those under whose key a newer delivery has brought something."""
    if carrying.delivery.source != MAIN_SYSTEM:
        return
    refuse_older(carrying.delivery)
    rows = Row.objects.filter(delivery=carrying.delivery, state__in=TAKEABLE)
    ours = [table for record, tables in TABLES_OF.items() if carrying.masters[record] == System.ATLAS for table in tables]
    rows.filter(table__in=ours).update(state=Row.State.LEFT, reason="Atlas is master of this, so the main system's copy is not taken.")
    same_key = _newer(carrying.delivery).filter(table=OuterRef("table"), source_key=OuterRef("source_key"))
    taken = same_key.filter(state__in=[Row.State.APPLIED, Row.State.SAME])
    rows.filter(Exists(taken)).update(state=Row.State.LEFT, reason="A newer delivery has brought this already.")


def _newer(delivery: Delivery) -> "QuerySet[Row]":
    """The rows of newer deliveries from the same main system that were taken."""
    return Row.objects.filter(
        delivery__source=delivery.source, delivery__authority=delivery.authority_id, delivery__as_at__gt=delivery.as_at,
        delivery__state=Delivery.State.COMMITTED,
    )  # fmt: skip
