"""Questions about what is sealed: that something is, never what."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.models import Relationship
from atlas.gate.policy import ROLE, Clearance, Kind, Permission
from atlas.sealed.models import SealedLocation, SealedSet, SealLift


def location_sealed(child: str) -> Exists:
    """The same as a column of a query; `child`: its column with the child."""
    return Exists(SealedLocation.objects.filter(child=OuterRef(child), until_at__isnull=True))


def sets_to_open(subject: Subject) -> "QuerySet[SealedSet]":
    """Every set that the subject may open, child by child, one row for each kind. By name alone: what is in a set orders nothing."""
    rows = (
        SealedSet.objects.visible_to(subject)
        .filter(lifted_at__isnull=True)
        .order_by("child", "kind", "-sealed_at", "pk")
        .distinct("child", "kind")
    )
    return SealedSet.objects.filter(pk__in=rows.values("pk")).select_related("child").order_by("child__name", "child", "kind")


def sets_with_child() -> "QuerySet[SealedSet]":
    """Sets with what the top of their page shows."""
    return SealedSet.objects.select_related("child")


def is_location_sealed(child_id: UUID) -> bool:
    """Whether a sealed location exists, as far as whoever acts may know how the child stands."""
    return SealedLocation.objects.filter(child=child_id, until_at__isnull=True).exists()


def sets_of(subject: Subject, child: Child) -> "QuerySet[SealedSet]":
    """The sets of a child, one row for each kind: the latest sealing."""
    return (
        SealedSet.objects.of_child(subject, child.pk)
        .filter(lifted_at__isnull=True)
        .select_related("sealed_by__user")
        .order_by("kind", "-sealed_at", "pk")
        .distinct("kind")
    )


def has_been_sealed_again(sealing: SealedSet) -> bool:
    """Whether the set of this sealing was added to, or lifted, since: then what was read of it is not what it holds."""
    later = Q(sealed_at__gt=sealing.sealed_at) | Q(sealed_at=sealing.sealed_at, pk__lt=sealing.pk)
    return sealing.lifted_at is not None or SealedSet.objects.filter(later, child=sealing.child_id, kind=sealing.kind).exists()


def lifts_of(subject: Subject, child: Child) -> "QuerySet[SealLift]":
    """The seals of a child that two people lifted, latest first."""
    rows = SealLift.objects.of_child(subject, child.pk).select_related("sealing", "proposed_by__user", "lifted_by__user")
    return rows.order_by("-lifted_at", "pk")


def lifts_with_set() -> "QuerySet[SealLift]":
    """Lifted seals with what the top of their page shows."""
    return SealLift.objects.select_related("child", "sealing")


def is_custodian(post: Post, child_id: UUID, at: datetime) -> bool:
    """Whether a post is a named custodian of the child's sealed sets at that moment."""
    return Relationship.live(at).filter(child=child_id, kind=Kind.CUSTODIAN, holder_post=post).exists()


def custodians_of(child: Child, subject: Subject) -> "QuerySet[Relationship]":
    """The named custodians of a child, now."""
    held = Relationship.live(subject.at).filter(child=child, kind=Kind.CUSTODIAN)
    return held.select_related("holder_post__user", "holder_post__team").order_by("from_at", "pk")


def may_be_custodian(post: Post, subject: Subject) -> bool:
    """Whether a post is vetted to keep sealed sets, and works with children."""
    return post.clearance_on(day_of(subject.at)) >= Clearance.CUSTODIAN and Permission.OPEN_SEALED_SET in ROLE[post.role].permissions


def possible_custodians(subject: Subject) -> "QuerySet[Post]":
    """The posts of the own agency that are vetted to keep sealed sets, the own one left out."""
    today = day_of(subject.at)
    stands = Q(until_on__isnull=True) | Q(until_on__gte=today)
    vetted = Post.objects.filter(stands, from_on__lte=today, clearance__gte=Clearance.CUSTODIAN, vetted_until__gte=today, is_service=False)
    return vetted.filter(team__agency=subject.post.team.agency_id).exclude(user=subject.post.user_id).select_related("user", "team")
