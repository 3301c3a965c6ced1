"""A child and family assessment that Atlas keeps, where the partnership chose so; each time that it was lengthened, and why."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind


class Assessment(AboutChild):
    """A child and family assessment (section 17): from the referral to the manager's authorisation. Where the main case system is master, it
    is mirrored there as a spell instead, and none of these is made.
    """

    record_kind = RecordKind.SCREENING
    ages = Ages(by=("authorised_at",))

    class Outcome(models.TextChoices):
        NOTHING_FURTHER = "nothing_further", "Nothing further is needed"
        EARLY_HELP = "early_help", "Early help"
        CHILD_IN_NEED = "child_in_need", "Child in need plan"
        STRATEGY = "strategy", "Strategy discussion"
        CARE = "care", "Looked after"
        OTHER = "other", "Something else"

    contact = models.ForeignKey("contacts.Contact", on_delete=models.PROTECT, related_name="+", null=True)
    referred_at = models.DateTimeField(help_text="when the contact came that led to it: the clock of guidance counts from here")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)
    seen_alone = models.BooleanField(null=True)
    seen_words = models.CharField(max_length=2000, blank=True, help_text="what the child said; or why the child was not seen alone")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    review_words = models.CharField(max_length=2000, blank=True)
    factors = ArrayField(models.CharField(max_length=4), default=list, help_text="codes of the census of children in need")
    analysis = models.CharField(max_length=8000, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    authorised_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    authorised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["child"], condition=Q(authorised_at__isnull=True), name="assessment_one_open"),
            models.CheckConstraint(
                condition=Q(authorised_at__isnull=True) | (~Q(outcome="") & ~Q(analysis="") & Q(authorised_by__isnull=False)),
                name="assessment_authorised_whole",
            ),
            models.CheckConstraint(condition=Q(seen_at__isnull=True) | Q(seen_alone__isnull=False), name="assessment_seen_how"),
        )
        indexes = (models.Index(fields=["child", "-started_at"], name="assessment_child"),)


class AssessmentExtension(AboutChild):
    """More time for an assessment, with the reason. It pauses no clock: what is past the limit stays past it, and says why."""

    record_kind = RecordKind.SCREENING
    append_only: ClassVar[bool] = True
    ages = Ages(by=("extended_at",))

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="extensions")
    reason = models.CharField(max_length=1000)
    until_on = models.DateField()
    extended_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    extended_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),)
        indexes = (models.Index(fields=["child"], name="assessment_extension_child"),)
