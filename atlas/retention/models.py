"""Classes by which records are kept, the dates that only paper knows, holds, runs with their records, and certificates. Row security: `gate/retained.py`."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.design.words import reference_of
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


class RetentionForecast(models.Model):
    """How many records would fall due in a month, as it was counted on a day: what a run of that month is held against. Counted by tick alone."""

    record_kind = RecordKind.RELATIONSHIP
    append_only: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="its first day")
    counted_on = models.DateField()
    records = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["authority", "counted_on", "month"], name="retention_forecast_once"),)


class RetentionRun(models.Model):
    """A retention run: the records that nothing keeps any more, selected and counted, and nothing more until two people agree. Stopped where it is larger than
    it may be.
    """

    record_kind = RecordKind.RELATIONSHIP

    class State(models.TextChoices):
        READY = "ready", "Waits for two people"
        STOPPED = "stopped", "Stopped"
        AGREED = "agreed", "Agreed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    selected_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    selected_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    report = models.JSONField(
        help_text="counts alone: of what is selected, held, kept by its class, not reckoned; and what it was held against"
    )
    stopped_because = models.CharField(max_length=300, blank=True)
    agreed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    agreed_at = models.DateTimeField(null=True)
    version = version_field()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state="stopped") | Q(stopped_because=""), name="retention_run_stopped"),
            models.CheckConstraint(
                condition=Q(state="agreed", agreed_by__isnull=False) | (~Q(state="agreed") & Q(agreed_by__isnull=True)), name="retention_run_agreed"
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["authority", "-selected_at"], name="retention_run_of"),)


class DueRecord(models.Model):
    """One child's record in a run: why and since when nothing keeps it; set aside (nobody sees the child), restored whole, kept after all, or erased.

    It names the child by a plain id, which goes when the record is erased.
    """

    record_kind = RecordKind.RELATIONSHIP

    class State(models.TextChoices):
        DUE = "due", "Selected"
        SET_ASIDE = "set_aside", "Set aside: nobody sees it"
        RESTORED = "restored", "Restored"
        KEPT = "kept", "Kept after all"
        ERASED = "erased", "Erased"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(RetentionRun, on_delete=models.PROTECT, related_name="records")
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    whose = models.UUIDField(null=True)
    one = models.UUIDField(null=True, help_text="the same for every record that is of the same child")
    group = models.CharField(max_length=16, choices=[(one.value, words) for one, words in GROUP_WORDS.items()])
    due_on = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DUE)
    erase_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    ended_because = models.CharField(max_length=500, blank=True)
    version = version_field()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="set_aside") | Q(erase_on__isnull=False, whose__isnull=False), name="due_record_set_aside"
            ),
            models.CheckConstraint(
                condition=~Q(state="erased") | Q(whose__isnull=True, one__isnull=True), name="due_record_erased_names_none"
            ),
            models.UniqueConstraint(fields=["whose"], condition=Q(state="set_aside"), name="due_record_set_aside_once"),
        )
        indexes = (
            models.Index(fields=["run", "due_on"], name="due_record_run"),
            models.Index(fields=["whose"], name="due_record_child"),
            models.Index(fields=["erase_on"], condition=Q(state="set_aside"), name="due_record_erase_on"),
        )

    @property
    def number(self) -> str:
        """What stands for it where nobody may be named: eight characters of its own random id."""
        return reference_of(self.pk)


class ErasureCertificate(models.Model):
    """That a record was erased: how many rows of which kind, when, by whose agreement, under which class, and a fingerprint; no name and no id of a child.

    Written by the database's own function in the transaction that erased (`gate_erase`), and by nobody else.
    """

    record_kind = RecordKind.RELATIONSHIP
    append_only: ClassVar[bool] = True
    only_gate_writes: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    record = models.OneToOneField(DueRecord, on_delete=models.PROTECT, related_name="certificate")
    erased_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    kinds = models.JSONField(help_text="table: how many of its rows")
    fingerprint = models.CharField(
        max_length=64, help_text="SHA-256 of the child's id, the moment and the counts: who knows the id can check it"
    )

    class Meta:
        indexes = (models.Index(fields=["authority", "-erased_at"], name="erasure_certificate_of"),)
