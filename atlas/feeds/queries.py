"""Deliveries, what waits in them, and how old the last one of the main case system is."""

from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from atlas.design.words import when
from atlas.feeds.models import CodeMapping, Delivery, Row

MAIN_SYSTEM = "main case system"
STALE_AFTER = timedelta(hours=26)
WAITING = (Row.State.WAITING_MATCH, Row.State.WAITING_CODE, Row.State.QUARANTINED)


def stale_feed(at: datetime) -> str:
    """A sentence where the main system's last delivery is over 26 hours old; empty otherwise. It takes no access away."""
    last = Delivery.objects.filter(source=MAIN_SYSTEM, state=Delivery.State.COMMITTED).aggregate(last=Max("as_at"))["last"]
    if last is None or at - last <= STALE_AFTER:
        return ""
    return f"What comes from the main case system is as at {when(last)}. Something newer may be known there."


def deliveries() -> "QuerySet[Delivery]":
    """All deliveries, latest first, with how many rows wait for somebody."""
    waiting = Count("rows", filter=Q(rows__state__in=WAITING))
    return Delivery.objects.annotate(waiting=waiting).select_related("received_by__user", "authority").order_by("-received_at")


def waiting_rows(delivery: Delivery) -> "QuerySet[Row]":
    """The rows of a delivery that wait for somebody, in the file's order."""
    return delivery.rows.filter(state__in=WAITING).order_by("table", "number")


def unknown_codes() -> "QuerySet[CodeMapping]":
    """Local codes of which nobody has yet said what they mean."""
    return CodeMapping.objects.filter(meaning="").order_by("source", "list_name", "code")
