"""The safety plan, its versions and lines, what somebody decided about it, and which events that answered."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atlas.chronology.models import Entry
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.plans.rules.parts import Section


class AboutPlan(AboutChild):
    """A row of a child's safety plan."""

    record_kind = RecordKind.PLAN

    class Meta:
        abstract = True


class WithChild(models.TextChoices):
    """How the child stands to a version. A plan runs without the child's yes; it then holds what agencies and carers do."""

    AGREED = "agreed", "The child agrees"
    PARTLY = "partly", "The child agrees with some of it"
    NOT_AGREED = "not_agreed", "The child does not agree"
    NOT_SAFE = "not_safe", "It is not safe to share it with the child now"
    NOT_YET = "not_yet", "Not yet shared with the child"


class SafetyPlan(AboutPlan):
    """One plan of a child, from when it is begun until it is closed; a child has one open plan at a time."""

    ages = Ages(by=("closed_at",))

    began_at = models.DateTimeField()
    began_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    began_because = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField(default=0, help_text="of the version that is in force; 0 while the first is being written")
    decided_at = models.DateTimeField(null=True, help_text="when somebody last said that it is true")
    review_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    closed_because = models.TextField(blank=True)
    opens_again = models.TextField(blank=True, help_text="what would open a plan again")
    told_words = models.CharField(max_length=300, blank=True, help_text="who was told that it is closed")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["child"], condition=Q(closed_at__isnull=True), name="plan_one_open"),
            models.CheckConstraint(condition=Q(closed_at__isnull=True) | ~Q(closed_because=""), name="plan_closed_because"),
        )


class PlanVersion(AboutPlan):
    """One version: being written until it is agreed, then in force until the next one is."""

    ages = Ages(by=("agreed_at",))

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    begun_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    because = models.TextField(blank=True, help_text="why this version was needed")
    with_child = models.CharField(max_length=10, choices=WithChild.choices, blank=True)
    child_words = models.TextField(blank=True, help_text="the child's view of this version, in the child's words")
    no_view_because = models.CharField(max_length=300, blank=True)
    level = models.PositiveSmallIntegerField(null=True, help_text="the level of concern on which it was agreed")
    is_harmed = models.BooleanField(default=False)
    assessment_id = models.UUIDField(null=True, help_text="the exploitation assessment that it answers")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.UniqueConstraint(fields=["plan"], condition=Q(agreed_at__isnull=True), name="plan_version_one_written"),
        )


class PlanLine(AboutPlan):
    """One line as it stood from one version to another. What is changed becomes a new row under the same key: so a version can be read as it was."""

    ages = Ages(by=("ended_at",))

    class Owner(models.TextChoices):
        CHILD = "child", "The child"
        CARER = "carer", "A parent or carer"
        POST = "post", "Somebody with an account here"
        OTHER = "other", "Somebody else"

    class Status(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done"
        NOT_DONE = "not_done", "Not done, because"

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="lines")
    key = models.UUIDField(help_text="the same through all its changes")
    section = models.CharField(max_length=13, choices=Section.choices)
    words = models.TextField()
    risk_words = models.CharField(max_length=300, blank=True, help_text="which harm or risk it answers")
    # The item of the assessment that it answers: its label and id, since assessments stand beside.
    risk_label = models.CharField(max_length=60, blank=True)
    risk_id = models.UUIDField(null=True)
    whose = models.CharField(max_length=6, choices=Owner.choices, blank=True)
    owner_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="plan_lines")
    owner_words = models.CharField(max_length=120, blank=True, help_text="name and role of somebody without an account")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    evidence = models.CharField(max_length=300, blank=True, help_text="how we shall see that it works, or that it was done")
    telephone = models.CharField(max_length=20, blank=True)
    left_out_of = ArrayField(
        models.CharField(max_length=12), default=list, help_text="copies that do not hold this line, though its part would"
    )
    on_child_copy = models.BooleanField(default=False, help_text="somebody said that the child's copy may hold it")
    checked_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True, help_text="a number that failed, a place that closed")
    failed_words = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    status_at = models.DateTimeField(null=True)
    status_words = models.CharField(max_length=300, blank=True)
    from_number = models.PositiveIntegerField()
    until_number = models.PositiveIntegerField(null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    because = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+", help_text="the event behind it")
    ended_because = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until_number__isnull=True) | Q(until_number__gte=models.F("from_number")), name="line_in_order"
            ),
            models.UniqueConstraint(fields=["plan", "key", "from_number"], name="line_once_a_version"),
            models.UniqueConstraint(fields=["plan", "key"], condition=Q(until_number__isnull=True), name="line_stands_once"),
            models.CheckConstraint(condition=~Q(whose="post") | Q(owner_post__isnull=False), name="line_owner_named"),
        )
        indexes = (
            models.Index(fields=["plan", "section"], name="line_plan"),
            models.Index(fields=["owner_post"], name="line_owner", condition=Q(until_number__isnull=True)),
        )

    def stands_in(self, number: int) -> bool:
        """Whether it stands in that version."""
        return self.from_number <= number and (self.until_number is None or self.until_number > number)

    @property
    def owned_by(self) -> str:
        """Whose it is, in words; empty where nobody owns it."""
        if self.whose == self.Owner.POST and self.owner_post is not None:
            return str(self.owner_post)
        return self.owner_words or (self.get_whose_display() if self.whose in {self.Owner.CHILD, self.Owner.CARER} else "")


class PlanDecision(AboutPlan):
    """What somebody decided about a child's plan after reading what happened: an act, never altered."""

    append_only = True
    version = None  # never altered
    ages = Ages(by=("decided_at",))

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", "Still right"
        REVISED = "revised", "A new version was agreed"
        NO_PLAN = "no_plan", "No safety plan is needed"

    class Strategy(models.TextChoices):
        YES = "yes", "A strategy discussion is needed"
        NO = "no", "No strategy discussion is needed"

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, null=True, related_name="decisions")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    number = models.PositiveIntegerField(default=0, help_text="of the version in force after it")
    reason = models.TextField()
    strategy = models.CharField(max_length=3, choices=Strategy.choices, blank=True)
    also = models.TextField(blank=True, help_text="level, National Referral Mechanism, police, health: what was done or why not")
    changed = models.PositiveSmallIntegerField(default=0, help_text="how many lines a new version changed")
    seconds = models.PositiveIntegerField(null=True, help_text="between opening the page and deciding")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["child", "-decided_at"], name="plan_decision_child"),)


class EventAnswered(AboutPlan):
    """One event that a decision considered."""

    append_only = True
    version = None  # never altered
    ages = Ages(by=("answered_at",))

    decision = models.ForeignKey(PlanDecision, on_delete=models.PROTECT, related_name="answered")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="plan_answer")
    event = models.CharField(max_length=5, help_text="its row of the catalogue, as the entry says it")
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "events answered"
        indexes = (models.Index(fields=["child", "-answered_at"], name="event_answered_child"),)


class PatternAnswer(AboutPlan):
    """A change of pace that somebody looked at: what they say of it, and until when it is quiet unless more happens."""

    append_only = True
    version = None  # never altered
    ages = Ages(by=("answered_at",))

    pattern = models.CharField(max_length=16)
    cited = ArrayField(models.UUIDField(), help_text="the entries that showed it")
    reason = models.TextField()
    quiet_until = models.DateField()
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["child", "pattern"], name="pattern_answer_child"),)
