"""A referral to a team across agencies: the question, the answer, and what was made of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind


class Referral(AboutChild):
    """A child referred to a team with a question: a dated consultation. It opens the child to the team until somebody takes it on, and then to
    that adviser alone until it is answered (the relationship *advice*).

    Added and moved on by the gate's functions alone (`gate/referrals.sql`): who is asked may write nothing else about the child. Whoever asked
    reads it too, without a relationship that opens the chronology.
    """

    record_kind = RecordKind.CHRONOLOGY
    only_gate_writes: ClassVar[bool] = True
    own_reads: ClassVar[str] = "asked_by_id"
    ages = Ages(by=("ended_at",))

    class Wants(models.TextChoices):
        ADVICE = "advice", "Advice on a question"
        WORK = "work", "That the team works with the child too"
        INTERVIEW = "interview", "Somebody to talk with the child"

    class State(models.TextChoices):
        ASKED = "asked", "Waiting for the team"
        ACCEPTED = "accepted", "Taken on"
        ANSWERED = "answered", "Answered"
        SENT_BACK = "sent_back", "Sent back"
        DECIDED = "decided", "Answered, and decided on"

    class Outcome(models.TextChoices):
        TAKEN = "taken", "Taken"
        IN_PART = "in_part", "Taken in part"
        NOT_TAKEN = "not_taken", "Not taken"

    team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, related_name="+")
    wants = models.CharField(max_length=10, choices=Wants.choices)
    question = models.CharField(max_length=1000)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    asked_words = models.CharField(max_length=200, blank=True, help_text="who rang, where it was by telephone: the adviser wrote it down")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    adviser = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    accepted_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=2000, blank=True, help_text="the advice; or why it was sent back")
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_words = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="sent back, or decided on")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="asked", adviser__isnull=True) | Q(state="sent_back") | Q(adviser__isnull=False), name="referral_has_adviser"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "accepted"], answered_at__isnull=True) | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="referral_answered_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | (~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False)), name="referral_decided"
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["child"], name="referral_child"),
            models.Index(fields=["team"], name="referral_team", condition=Q(state__in=["asked", "accepted"])),
            models.Index(fields=["asked_by"], name="referral_asked_by"),
        )
