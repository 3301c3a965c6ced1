"""A step-down: a child protection plan ends, and the child goes on as a child in need."""

from django.db import models
from django.db.models import Q

from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.meetings.models.meeting import Meeting


class StepDown(AboutChild):
    """That a child protection plan ends and help as a child in need begins: on what evidence of sustained change, with the child's own view, and what is done
    if it does not hold; and the first child in need meeting, chaired by somebody apart from the work with the child.
    """

    record_kind = RecordKind.MEETING
    ages = Ages(by=("decided_at",))

    ended_on = models.DateField(help_text="when the child protection plan ends")
    evidence = models.TextField(help_text="what has changed, since when, and how we know that it lasts")
    child_view = models.TextField(blank=True, help_text="in the child's own words")
    no_view_because = models.CharField(max_length=300, blank=True)
    contingency = models.TextField(help_text="what would show that it does not hold, and what is done then")
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="step_down")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(evidence="") & ~Q(contingency=""), name="step_down_reasons"),
            models.CheckConstraint(condition=~Q(child_view="") | ~Q(no_view_because=""), name="step_down_child_view"),
            models.UniqueConstraint(fields=["child", "ended_on"], name="step_down_once"),
        )
        indexes = (models.Index(fields=["child"], name="step_down_child"),)
