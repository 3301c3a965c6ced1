"""Classes by which records are kept, the dates that only paper knows, and holds. Row security: `gate/retained.py`."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.gate.models import AboutChild, version_field
from atlas.gate.policy import RecordKind
from atlas.retention.rules import EVENT_WORDS, GROUP_WORDS, Event, Group, Kept


class RetentionClass(models.Model):
    """A retention class: for whom, so many years from what, by which law or whose decision; as it was set, and from which day on.

    Never altered: another one from another day takes its place. Those without an authority came with Atlas and restate what was found; one of an authority
    was set by two people of its council. It says nothing of any child.
    """

    record_kind = RecordKind.RELATIONSHIP
    append_only: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+", null=True)
    group = models.CharField(max_length=16, choices=[(one.value, words) for one, words in GROUP_WORDS.items()])
    counted_from = models.CharField(max_length=12, choices=[(one.value, words) for one, words in EVENT_WORDS.items()])
    years = models.PositiveSmallIntegerField(null=True, help_text="empty: the council has not decided, and nothing of the class goes")
    years_after_early_death = models.PositiveSmallIntegerField(null=True, help_text="instead, from the death of a child who died before 18")
    is_law = models.BooleanField(default=False, help_text="a statute says how long at least; otherwise the council decides")
    ground = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    from_on = models.DateField(help_text="from this day on, in the place of the one before")
    instead_of = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    set_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    set_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "retention classes"
        constraints = (
            models.CheckConstraint(condition=Q(years__isnull=True) | Q(years__lte=200), name="retention_class_years"),
            models.CheckConstraint(
                condition=Q(authority__isnull=True, set_by__isnull=True) | Q(authority__isnull=False, set_by__isnull=False, set_at__isnull=False),
                name="retention_class_set_by",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["authority", "group", "from_on"], name="retention_class_of"),)

    @property
    def kept(self) -> Kept:
        """How long it keeps."""
        return Kept(Event(self.counted_from), self.years, self.years_after_early_death)

    @property
    def for_whom(self) -> Group:
        """Whom it is about."""
        return Group(self.group)


class RetentionDate(AboutChild):
    """A date that only paper knows and on which it hangs how long a child's record is kept. The latest of a kind stands."""

    record_kind = RecordKind.CHILD
    append_only: ClassVar[bool] = True
    version = None  # never altered

    class Kind(models.TextChoices):
        ADOPTION_ORDER = "adoption_order", "An adoption order was made"
        LAST_CONTACT = "last_contact", "There was contact after what Atlas knows of"

    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    on = models.DateField()
    source_words = models.CharField(max_length=200, help_text="the paper that says so, and where it is")
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["child", "kind"], name="retention_date_child"),)


class Hold(models.Model):
    """A hold: nothing of what it is about goes, whatever any class says, until two people lift it. About one child; or about what children have in
    common: a kind of record, an agency, a period, or all that the authority has. It wins over every class, and stops a record that is already set aside.
    """

    record_kind = RecordKind.RELATIONSHIP

    class Demand(models.TextChoices):
        INQUIRY = "inquiry", "An inquiry"
        COURT = "court", "A court, or a claim"
        ALLEGATION = "allegation", "An allegation that is being looked into"
        SUBJECT_ACCESS = "subject_access", "Somebody asked for their record"
        COMPLAINT = "complaint", "A complaint"
        REVIEW = "review", "A safeguarding practice review"
        OTHER = "other", "Something else"

    class Matter(models.TextChoices):
        EXPLOITATION = "exploitation", "Exploitation"
        MISSING = "missing", "Missing episodes and return interviews"
        LOOKED_AFTER = "looked_after", "Children who were looked after"
        PROTECTION = "protection", "Children who had a child protection plan"
        ALLEGATION = "allegation", "What was said of people who work with children"
        INTELLIGENCE = "intelligence", "Police intelligence"
        MEETING = "meeting", "Meetings of agencies"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+", null=True)
    matter = models.CharField(max_length=16, choices=Matter.choices, blank=True, help_text="empty: whatever it is about")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+", null=True)
    period_from = models.DateField(null=True)
    period_until = models.DateField(null=True)
    demand = models.CharField(max_length=16, choices=Demand.choices)
    demand_words = models.CharField(max_length=200, help_text="who demands it, with the reference")
    reason = models.CharField(max_length=500)
    placed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    review_on = models.DateField(help_text="by when somebody looks whether it is still needed; it holds on after that day")
    lifted_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.CharField(max_length=500, blank=True)
    version = version_field()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_lifted_by",
            ),
            models.CheckConstraint(
                condition=Q(child__isnull=True) | Q(matter="", agency__isnull=True, period_from__isnull=True, period_until__isnull=True),
                name="hold_about_child_or_matter",
            ),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True) | Q(period_until__isnull=True) | Q(period_until__gte=F("period_from")), name="hold_period"
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["authority"], name="hold_stands", condition=Q(lifted_at__isnull=True)),)


class HoldReview(models.Model):
    """That somebody looked whether a hold is still needed, and it is: why, and by when to look again."""

    record_kind = RecordKind.RELATIONSHIP
    append_only: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="reviews")
    words = models.CharField(max_length=500)
    review_on = models.DateField()
    reviewed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
