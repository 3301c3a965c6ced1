"""Tasks, alerts and the notices by which an alert reaches people."""

from django.db import models
from django.db.models import Q

from atlas.chronology.models import Entry
from atlas.clocks.models import Clock
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind


class Task(AboutChild):
    """Something one post or one team must do for a child; it exists because of a clock, an entry, or the record that it is about."""

    record_kind = RecordKind.WORK
    open_to_tick = True
    ages = Ages(by=("ended_at",))

    class State(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done"
        NOT_NEEDED = "not_needed", "No longer needed"

    name = models.CharField(max_length=120)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="tasks", null=True)
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, null=True, related_name="tasks")
    owner_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="tasks")
    owner_team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, null=True, related_name="tasks")
    about_label = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(owner_post__isnull=False) | Q(owner_team__isnull=False), name="task_has_owner"),
            models.CheckConstraint(condition=Q(entry__isnull=False) | Q(about_id__isnull=False), name="task_has_reason"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | Q(~Q(state="open"), ended_at__isnull=False), name="task_ended_has_time"
            ),
        )
        indexes = (
            models.Index(fields=["owner_post", "due_at"], name="task_post", condition=Q(state="open")),
            models.Index(fields=["owner_team", "due_at"], name="task_team", condition=Q(state="open")),
            models.Index(fields=["clock"], name="task_clock"),
            models.Index(fields=["about_id"], name="task_about"),
        )


class Alert(AboutChild):
    """Something that a person must know now. It climbs the ladder until a person acknowledges it; the last rung is a telephone."""

    record_kind = RecordKind.WORK
    open_to_tick = True
    ages = Ages(by=("acknowledged_at",))

    class Reason(models.TextChoices):
        CHILD_MISSING = "child_missing", "A child is missing"
        CLOCK_MISSED = "clock_missed", "A time limit has passed"
        TASK_UNOWNED = "task_unowned", "Nobody owns a task"
        NOT_TAKEN_OVER = "not_taken_over", "What happened in the night was not taken over"
        CARER_SAID = "carer_said", "A carer says something that cannot wait"
        CHILD_SAID = "child_said", "A child wrote to us out of hours"

    reason = models.CharField(max_length=20, choices=Reason.choices)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="alerts")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="alerts")
    about_label = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    owner_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    owner_team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    rung = models.PositiveSmallIntegerField(default=0)
    climbs_at = models.DateTimeField(null=True, help_text="when the next rung is told; empty on the last rung")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        # The task too: the steps of one episode begin with the same entry, and each that is late is told.
        constraints = (models.UniqueConstraint(fields=["reason", "about_id", "entry", "task"], nulls_distinct=False, name="alert_once"),)
        indexes = (
            models.Index(fields=["climbs_at"], name="alert_climbing", condition=Q(acknowledged_at__isnull=True, climbs_at__isnull=False)),
            models.Index(fields=["child"], name="alert_open", condition=Q(acknowledged_at__isnull=True)),
            models.Index(fields=["about_id"], name="alert_about"),
        )


class Notice(AboutChild):
    """One telling of an alert to one post: in the application, by e-mail, by text or by voice; with a reference only, never a name."""

    record_kind = RecordKind.WORK
    open_to_tick = True
    ages = Ages(by=("told_at",), hangs_on=("tasks.Alert", "id", "alert_id", "acknowledged_at"))

    class Channel(models.TextChoices):
        SCREEN = "screen", "In Atlas"
        EMAIL = "email", "E-mail"
        TEXT = "text", "Text message"
        VOICE = "voice", "Read out by telephone"
        TELEPHONE = "telephone", "Telephone"

    class Answer(models.TextChoices):
        REACHED = "reached", "Spoke with them"
        NO_ANSWER = "no_answer", "Rang, no answer"

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="notices")
    rung = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    to_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    to_words = models.CharField(max_length=120)
    reference = models.CharField(max_length=20)
    told_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["alert", "rung", "channel", "to_post"], condition=~Q(channel="telephone"), name="notice_once"),
        )


class OvernightLine(AboutChild):
    """One thing that happened while nobody of the day was at work. In the morning a named worker of the day takes it over; else it climbs."""

    record_kind = RecordKind.WORK
    open_to_tick = True
    ages = Ages(by=("accepted_at",))

    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    morning_on = models.DateField(help_text="the working day that takes it over")
    what = models.CharField(max_length=200)
    noted_at = models.DateTimeField()
    about_label = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    owner_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    owner_team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    climbed_at = models.DateTimeField(null=True, help_text="when it became an alert, since nobody had taken it over")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True) | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="overnight_accepted_by_somebody",
            ),
        )
        indexes = (
            models.Index(fields=["morning_on"], name="overnight_morning"),
            models.Index(fields=["child"], name="overnight_open", condition=Q(accepted_at__isnull=True)),
        )
