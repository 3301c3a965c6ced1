"""Allocations of posts to children, and the team that is responsible for each child."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.agencies.codes import Sex
from atlas.chronology.models import Entry
from atlas.feeds.models import Row
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind


class Allocation(AboutChild):
    """A post works with a child, in what capacity, from when until when."""

    record_kind = RecordKind.ALLOCATION

    class Capacity(models.TextChoices):
        CASE_HOLDER = "case_holder", "Allocated worker"
        CO_WORKER = "co_worker", "Co-worker"
        COVERING = "covering", "Covering"

    post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="allocations")
    capacity = models.CharField(max_length=12, choices=Capacity.choices)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    change_reason = models.CharField(max_length=60, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    row = models.ForeignKey(Row, on_delete=models.PROTECT, null=True, related_name="+")
    source_key = models.CharField(max_length=48, blank=True)
    as_at = models.DateTimeField(null=True, help_text="when the main system last said so; empty for one who covers")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="allocation_ends_after_start"),
            models.UniqueConstraint(fields=["source_key"], condition=~Q(source_key=""), name="allocation_once_per_source"),
        )
        indexes = (
            models.Index(fields=["child"], name="allocation_child"),
            models.Index(fields=["post"], name="allocation_post", condition=Q(until_at__isnull=True)),
        )


class ResponsibleTeam(AboutChild):
    """The team that answers for a child: the allocated worker's team, or the front door where nobody is allocated."""

    record_kind = RecordKind.ALLOCATION

    team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    is_front_door = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["child"], condition=Q(until_at__isnull=True), name="responsible_team_one"),)


class ForWhoeverWorks(AboutChild):
    """What whoever works with a child must know to go on where somebody else stopped. Read by who may know who works with the child; written by
    those who work with the child.
    """

    record_kind = RecordKind.ALLOCATION
    written_as: ClassVar[RecordKind] = RecordKind.WORK

    class Meta:
        abstract = True


class Promise(ForWhoeverWorks):
    """What one of us promised a child. It is ours, not one worker's: whoever comes next keeps it, or tells the child why not."""

    class Outcome(models.TextChoices):
        KEPT = "kept", "We kept it"
        CHANGED = "changed", "The child wants something else now"
        NOT_KEPT = "not_kept", "We could not keep it, and told the child why"

    words = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_words = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="promise_ended_with_outcome",
            ),
        )
        indexes = (models.Index(fields=["child"], name="promise_open", condition=Q(ended_at__isnull=True)),)


class TalkWish(ForWhoeverWorks):
    """A talk wish: with whom a child would rather talk, as the child said it: a woman or a man, in which language, and what else helps. The latest stands."""

    sex = models.CharField(max_length=6, choices=Sex.choices)
    language = models.CharField(max_length=60, blank=True, help_text="empty: English, or the child did not say")
    words = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField()
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["child", "-said_at"], name="talk_wish_child"),)


class TrustedAdult(ForWhoeverWorks):
    """A grown-up whom the child trusts, as the child said it: asked first who should talk with the child."""

    name = models.CharField(max_length=120)
    who = models.CharField(max_length=120, help_text="who this is to the child")
    said_at = models.DateTimeField()
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["child"], name="trusted_now", condition=Q(ended_at__isnull=True)),)
