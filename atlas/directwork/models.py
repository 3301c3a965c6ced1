"""A programme of direct work with a child, tied to a line of the safety plan; and its sessions."""

from django.db import models
from django.db.models import Q

from atlas.chronology.models import Entry
from atlas.directwork.rules import Advocate, Interpreter, Met, Outcome, Speaks, Theme, Tool
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.plans.models import SafetyPlan


class Programme(AboutChild):
    """A programme of direct work: its aim, the line of the plan that it serves, who does it; and, at its end, what came of the aim."""

    record_kind = RecordKind.PLAN
    ages = Ages(by=("ended_at",))

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="programmes")
    line_key = models.UUIDField(help_text="the line of the plan, the same through all its changes")
    line_words = models.TextField(help_text="that line, as it stood when the work began")
    theme = models.CharField(max_length=14, choices=Theme.choices)
    aim = models.TextField()
    tool = models.CharField(max_length=10, choices=Tool.choices)
    tool_words = models.CharField(max_length=120, blank=True, help_text="its name, where it has one")
    planned = models.PositiveSmallIntegerField(help_text="how many sessions were planned")
    worker = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    speaks = models.CharField(max_length=14, choices=Speaks.choices, help_text="how the child communicates")
    speaks_words = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=11, choices=Outcome.choices, blank=True)
    outcome_words = models.TextField(blank=True, help_text="what came of the aim, and how we know")
    outcome_child_words = models.TextField(blank=True, help_text="what the child says that it changed")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="") & ~Q(outcome_words="")),
                name="programme_ended_with",
            ),
        )
        indexes = (
            models.Index(fields=["child", "-began_at"], name="programme_child"),
            models.Index(fields=["line_key"], name="programme_line"),
        )


class DirectWorkSession(AboutChild):
    """One session: what was planned and what was done, what the child took from it and how they took part, in their words; what changes, what is next."""

    record_kind = RecordKind.PLAN
    append_only = True
    version = None  # never altered
    ages = Ages(by=("recorded_at",))

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    met = models.CharField(max_length=7, choices=Met.choices)
    happened_at = models.DateTimeField(help_text="when we met, or were to meet")
    place = models.CharField(max_length=120, blank=True)
    planned = models.TextField(blank=True)
    done = models.TextField(blank=True)
    took_words = models.TextField(blank=True, help_text="what the child took from it, in the child's words, or as they showed it")
    took_part_words = models.TextField(blank=True, help_text="how the child found it, in the child's words, or as they showed it")
    learned = models.TextField(blank=True, help_text="what we learned")
    plan_changes = models.TextField(blank=True, help_text="what should change in the plan; empty: nothing")
    next_words = models.TextField(blank=True)
    advocate = models.CharField(max_length=11, choices=Advocate.choices, blank=True)
    interpreter = models.CharField(
        max_length=11, choices=[(one.value, one.label) for one in Interpreter if one != Interpreter.RELATED], blank=True
    )
    not_met_words = models.CharField(max_length=300, blank=True, help_text="what we know of why we did not meet")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "number"], name="direct_session_once"),
            models.CheckConstraint(condition=Q(met="not_met") | (~Q(done="") & ~Q(took_words="")), name="direct_session_held"),
        )
        indexes = (models.Index(fields=["child", "-happened_at"], name="direct_session_child"),)
