"""Who is tied to a child, who is kept out of the child's record, and what one has declared oneself: each as far as the reader may know."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from atlas.children.models import Child
from atlas.connections.models import Declaration, Suggestion, Tie
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.models import Block, BlockSource
from atlas.sealed.models import SealedLocation


@dataclass(frozen=True)
class Tied:
    """A tie as it is seen from one child: the other child, whom the reader may see too, and whether it stands."""

    tie: Tie
    other: Child
    stands: bool


@dataclass(frozen=True)
class KeptOut:
    """A worker who is kept out of a child's record; `through`: the child to whom the block belongs, where it is another."""

    block: Block
    through: Child | None


def ties_of(subject: Subject, child: Child) -> list[Tied]:
    """The ties of a child to children whom the reader may see, what stands first. One whose other child is shut to the reader is absent.

    Where it is sealed where one of the two is, one household is not shown: the other child's address would say it.
    """
    ties = list(Tie.objects.filter(Q(child=child) | Q(tied=child.pk), is_error=False).order_by("kind", "from_at", "pk"))
    sealed = set(
        SealedLocation.objects.filter(
            until_at__isnull=True, child__in={end for tie in ties for end in (tie.child_id, tie.tied_id)}
        ).values_list("child", flat=True)
    )
    ties = [tie for tie in ties if tie.kind != Tie.Kind.HOUSEHOLD or not sealed & {tie.child_id, tie.tied_id}]
    others = Child.objects.visible_to(subject).filter(pk__in=[_other(tie, child.pk) for tie in ties]).in_bulk()
    day = day_of(subject.at)
    shown = [
        Tied(tie, others[_other(tie, child.pk)], tie.until_at is None and (tie.review_on is None or tie.review_on >= day))
        for tie in ties
        if _other(tie, child.pk) in others
    ]
    return sorted(shown, key=lambda one: not one.stands)


def _other(tie: Tie, child_id: UUID) -> UUID:
    return tie.tied_id if tie.child_id == child_id else tie.child_id


def blocks_on(subject: Subject, child: Child, tied: list[Tied]) -> list[KeptOut]:
    """Who is kept out of a child's record now, through a block on the child or on a child tied to it; never what is on the reader."""
    others = {one.other.pk: one.other for one in tied}
    live = _live(subject.at).filter(child__in=[child.pk, *others]).exclude(user=subject.post.user_id)
    blocks = live.select_related("user", "made_by__user").order_by("from_at", "pk")
    return [KeptOut(block, others.get(block.child_id)) for block in blocks]


def own_declarations(subject: Subject) -> "QuerySet[Block, tuple[UUID, str, datetime]]":
    """What one has declared oneself and nobody has lifted: a reference, one's own note, and since when; the latest first.

    Plain values: no row about the child is read, so that one's own list is no look at the child. Any other block is silent.
    """
    mine = _live(subject.at).filter(user=subject.post.user_id, source=BlockSource.DECLARED)
    return mine.order_by("-from_at", "pk").values_list("pk", "because", "from_at")


def _live(at: datetime) -> "QuerySet[Block]":
    return Block.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at)


def last_declaration(subject: Subject) -> Declaration | None:
    """What one last declared of one's own home; None where one never did."""
    return Declaration.objects.filter(user=subject.post.user_id, declared_at__isnull=False).order_by("-declared_at", "pk").first()


def declaration_asked(subject: Subject) -> Declaration | None:
    """The declaration that one is asked for and has not given yet, if any."""
    return Declaration.objects.filter(user=subject.post.user_id, declared_at__isnull=True).first()


def suggestions() -> "QuerySet[Suggestion]":
    """What workers and children have in common, as far as row security shows it, the oldest first."""
    return Suggestion.objects.filter(closed_at__isnull=True).select_related("child", "user").order_by("found_at", "pk")


@dataclass(frozen=True)
class Entries:
    """Entries that are open to whoever asks: those that are shown, and those of their own agency that must be looked at again or go."""

    current: list[Any]
    to_review: list[Any]

    @property
    def all(self) -> list[Any]:
        """Both."""
        return [*self.current, *self.to_review]


def entries_of(rows: "QuerySet[Any]", day: date) -> Entries:
    """Of these entries, as row security shows them, those that stand on that day and those that were not looked at again in time; by name."""
    found = list(rows.order_by("name", "pk"))
    return Entries([one for one in found if one.is_current(day)], [one for one in found if not one.is_current(day)])
