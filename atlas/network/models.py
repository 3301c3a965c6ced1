"""A link: a child is tied to another child, a person of concern, a group or a place. What was told of children missing together, and the search that told it."""

import uuid
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from atlas.connections.grounds import Grounded
from atlas.gate.ageing import Ages
from atlas.gate.days import day_of
from atlas.gate.models import AboutChild, version_field
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


class TogetherSearch(models.Model):
    """A search for children who are missing together: for which authority and period, by which method and seed, on what input (its fingerprint). About no child.

    Row security: `gate/profiles.py`. Whoever asked for it writes to it; the rows that it tells are added by the gate, for the job sees nobody.
    """

    record_kind = RecordKind.RELATIONSHIP

    class State(models.TextChoices):
        WAITING = "waiting", "Waits its turn"
        RUNNING = "running", "Is being made"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Could not be made"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(help_text="the day after the last")
    asked_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0, help_text="per cent")
    parameters = models.JSONField(help_text="all that the answer depends on beside the input: method, seed, shuffles")
    input_fingerprint = models.CharField(max_length=64, blank=True, help_text="of the times and links that were read")
    finished_at = models.DateTimeField(null=True)
    failed_words = models.CharField(max_length=300, blank=True)
    version = version_field()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="together_search_period"),
            models.CheckConstraint(condition=Q(finished_at__isnull=True) | ~Q(input_fingerprint=""), name="together_search_fingerprint"),
        )
        indexes = (models.Index(fields=["authority", "-asked_at"], name="together_search_of"),)


class Together(AboutChild):
    """That two children, or a group of children, are missing at the same time more often than chance explains: no link, and nobody's word, until a person answers.

    Row security: open to whoever may read such records about every child of the row; to anybody else there is no such row. Deleted after three months.
    """

    record_kind = RecordKind.EXPLOITATION
    ages = Ages(by=("answered_at",))
    only_gate_writes: ClassVar[str] = "adds"
    names_all: ClassVar[str] = "children"

    class Answer(models.TextChoices):
        LINKED = "linked", "They are linked, and the link is written down"
        NOT_SO = "not_so", "It is not so"

    search = models.ForeignKey(TogetherSearch, on_delete=models.PROTECT, related_name="+")
    children = ArrayField(models.UUIDField(), help_text="two, or the members of a group; the child of the row is the first")
    occasions = models.PositiveSmallIntegerField(
        help_text="of two: on how many both were missing; of a group: how many pairs of it stand out"
    )
    expected = models.FloatField(null=True, help_text="of two: on how many one would expect it by chance")
    last_on = models.DateField()
    is_current = models.BooleanField(default=True, help_text="of the last search, or answered")
    expires_on = models.DateField(help_text="deleted after this day")
    answer = models.CharField(max_length=6, choices=Answer.choices, blank=True)
    answer_words = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(children__len__gte=2, child=F("children__0")), name="together_of_two_or_more"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer_words="")),
                name="together_answered_whole",
            ),
        )
        indexes = (models.Index(fields=["child"], name="together_child"), GinIndex(fields=["children"], name="together_children"))

    @property
    def is_group(self) -> bool:
        """Whether it is of three or more."""
        return len(self.children) > 2
