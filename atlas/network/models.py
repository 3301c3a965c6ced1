"""A link: a child is tied to another child, a person of concern, a group or a place."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.connections.grounds import Grounded
from atlas.gate.ageing import Ages
from atlas.gate.days import day_of
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.network.codes import HARMED_FIRST, Capacity, Confidence, DrawnIn, LinkKind
from atlas.network.rules import stands_on

if TYPE_CHECKING:
    from atlas.children.models import Child
    from atlas.connections.models import Group, PersonOfConcern
    from atlas.places.models import Place

ENDS = ("other_child", "person", "group", "place")


_ONE_END = (
    Q(other_child__isnull=False, person=None, group=None, place=None) | Q(other_child=None, person__isnull=False, group=None, place=None)
    | Q(other_child=None, person=None, group__isnull=False, place=None) | Q(other_child=None, person=None, group=None, place__isnull=False)
)  # fmt: skip


class Link(Grounded, AboutChild):
    """One child, one other end, in what capacity the child stands in it, how it is known. It lapses unless somebody looks at it again.

    Row security: open to whoever may read such records about the child, and about the other child; and whose other end is open to them. The database
    deletes it with the person, the group or the place that it names: no list of what was removed is kept.
    """

    record_kind = RecordKind.EXPLOITATION
    ages = Ages(by=("ended_at",))
    # Whoever may not read such records about the other child, or the entry that it names, reads no such row.
    names_other_child: ClassVar[str] = "other_child_id"
    names_entries: ClassVar[dict[str, str]] = {
        "person_id": "connections_personofconcern", "group_id": "connections_group", "place_id": "places_place",
    }  # fmt: skip

    # Refused by the database before both impact assessments of the network are recorded.
    after_papers: ClassVar[str] = "network"

    other_child = models.ForeignKey("children.Child", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("connections.PersonOfConcern", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    group = models.ForeignKey("connections.Group", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")

    kind = models.CharField(max_length=8, choices=LinkKind.choices)
    capacity = models.CharField(max_length=10, choices=Capacity.choices, help_text="the child's own side")
    other_capacity = models.CharField(max_length=10, choices=Capacity.choices, blank=True, help_text="of another child")
    is_concern_too = models.BooleanField(default=False, help_text="the child may harm others too, beside what is done to the child")
    concern_words = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence.choices)
    drawn_in = models.CharField(max_length=8, choices=DrawnIn.choices, blank=True)
    drawn_in_words = models.CharField(max_length=200, blank=True, help_text="who said so")
    first_seen_on = models.DateField(null=True)
    last_seen_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    ended_words = models.CharField(max_length=300, blank=True)
    is_error = models.BooleanField(default=False)
    instead_of = models.UUIDField(null=True, help_text="the link that this one corrects, for as long as that is kept")

    class Meta(Grounded.Meta):
        constraints = (  # type: ignore[assignment]
            *Grounded.Meta.constraints,
            models.CheckConstraint(condition=_ONE_END, name="link_one_end"),
            models.CheckConstraint(condition=Q(other_child__isnull=True) | ~Q(child=F("other_child")), name="link_of_two"),
            models.CheckConstraint(
                condition=Q(is_concern_too=False, drawn_in__in=["", DrawnIn.BY_OTHER]) | Q(capacity__in=HARMED_FIRST),
                name="link_child_first",
            ),
            models.CheckConstraint(condition=Q(is_concern_too=False) | ~Q(concern_words=""), name="link_concern_has_words"),
            models.CheckConstraint(condition=Q(drawn_in="") | ~Q(drawn_in_words=""), name="link_drawn_in_stated"),
            models.CheckConstraint(condition=~Q(kind=LinkKind.SEEN) | Q(confidence=Confidence.LOW), name="link_seen_is_low"),
            models.CheckConstraint(
                condition=Q(first_seen_on__isnull=True) | Q(last_seen_on__isnull=True) | Q(last_seen_on__gte=F("first_seen_on")),
                name="link_last_after_first",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, is_error=False) | (Q(ended_by__isnull=False) & ~Q(ended_words="")), name="link_ended"
            ),
        )
        indexes = (
            models.Index(fields=["child"], name="link_child"),
            *(models.Index(fields=[end], name=f"link_{end}", condition=Q(**{f"{end}__isnull": False})) for end in ENDS),
        )

    @property
    def end(self) -> "Child | PersonOfConcern | Group | Place":
        """The other end."""
        return next(one for name in ENDS if (one := getattr(self, name)) is not None)

    @property
    def from_on(self) -> date:
        """Since when: the first day on which it was seen, or else the day on which it was written down."""
        return self.first_seen_on or day_of(self.added_at)

    def stands_on(self, day: date) -> bool:
        """Whether it is on the picture of that day."""
        ended_on = day_of(self.ended_at) if self.ended_at else None
        entry = self.person or self.group or self.place
        return (
            not self.is_error
            and (entry is None or entry.is_current(day))
            and stands_on(day, from_on=self.from_on, ended_on=ended_on, review_on=self.review_on)
        )
