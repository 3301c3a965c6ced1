"""Transfers: which wait for whom, and one with what was said and answered."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from atlas.children.models import Child
from atlas.feeds.handling import Carrying
from atlas.gate.context import Subject, acting_as
from atlas.sharing.models import GuestRequest
from atlas.transfers.models import Transfer
from atlas.transfers.workflow import TransferState

SHOWN_FOR = timedelta(days=28)
MOST = 100


def transfers_with_child() -> "QuerySet[Transfer]":
    """Transfers with what their page shows beside them."""
    posts = ("started_by__user", "to_post__user", "to_post__team__agency", "answered_by__user", "lead__user")
    return Transfer.objects.select_related("child", "from_authority", "to_authority", "host_after", *posts)


def waiting_for(subject: Subject) -> list[Transfer]:
    """The transfers that wait for this post's own answer, the oldest first."""
    rows = transfers_with_child().filter(to_post=subject.post, state=TransferState.WAITING)
    return list(rows.filter(pk__in=Transfer.objects.visible_to(subject)).order_by("started_at", "pk")[:MOST])


def others_shown(subject: Subject, at: datetime) -> list[Transfer]:
    """The other transfers that the subject may see: those that wait, and those answered or taken back in the last 28 days."""
    recent = Q(state=TransferState.WAITING) | Q(answered_at__gt=at - SHOWN_FOR)
    rows = transfers_with_child().filter(recent, pk__in=Transfer.objects.visible_to(subject))
    return list(rows.exclude(to_post=subject.post, state=TransferState.WAITING).order_by("state", "-started_at", "pk")[:MOST])


def request_of(transfer: Transfer) -> GuestRequest | None:
    """What somebody without an account was asked, with the answer where there is one; as far as the reader may see it."""
    rows = GuestRequest.objects.filter(about_id=transfer.pk).select_related("answer").defer("answer__file")
    return rows.order_by("-made_at", "pk").first()


def moved_away(carrying: Carrying) -> dict[str, str]:
    """The numbers of the main system that carries this delivery whose children were transferred to another authority, each with where to. A
    child who has come back is not among them.
    """
    authority = carrying.delivery.authority
    with acting_as(carrying.by, carrying.at):
        rows = Transfer.objects.filter(from_authority=authority, state=TransferState.ACCEPTED).order_by("answered_at", "pk")
        accepted = list(rows.values_list("child", "numbers", "to_authority__name", "answered_at"))
        back: set[UUID] = set(
            Child.objects.filter(pk__in=[child for child, *_ in accepted], responsible_authority=authority).values_list("pk", flat=True)
        )
    return {
        number: f"{to}, on {when:%d %B %Y}"
        for child, numbers, to, when in accepted
        if child not in back and when is not None
        for number in numbers
    }
