"""Which systems are connected, and which of them may act for a person now."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet

from atlas.gate.context import current_subject
from atlas.systems.models import ConnectedSystem, SystemGrant

if TYPE_CHECKING:
    from atlas.agencies.models import Post


def systems() -> "QuerySet[ConnectedSystem]":
    """Every connected system, those that stand first, then by agency and name."""
    rows = ConnectedSystem.objects.select_related("agency", "registered_by__user")
    return rows.order_by(F("ended_at").desc(nulls_first=True), "agency__name", "name", "pk")


def systems_for(post: "Post") -> "QuerySet[ConnectedSystem]":
    """The systems of a post's own agency that stand, by name."""
    return ConnectedSystem.objects.filter(agency=post.team.agency_id, ended_at__isnull=True).order_by("name", "pk")


def own_systems() -> "QuerySet[ConnectedSystem]":
    """The systems of the agency of whoever acts now: nobody else's are theirs to let act."""
    subject = current_subject()
    return systems_for(subject.post) if subject else ConnectedSystem.objects.none()


def own_grants() -> "QuerySet[SystemGrant]":
    """The grants of the person who acts now, in any of their posts."""
    subject = current_subject()
    return SystemGrant.objects.filter(post__user=subject.post.user_id) if subject else SystemGrant.objects.none()


def open_grants(post: "Post", at: datetime) -> "QuerySet[SystemGrant]":
    """What a post lets systems do at a moment, the latest first. The sessions of its person have not been ended since."""
    held = SystemGrant.objects.filter(
        post=post, until_at__gt=at, system__ended_at__isnull=True, session_epoch=F("post__user__session_epoch")
    )
    return held.select_related("system__agency").order_by("-from_at", "pk")
