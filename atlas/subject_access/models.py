"""Requests for a child's record, what is weighed of it item by item, who was asked, and the answers that two people release. Row security: `gate/asked_for.py`."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.subject_access.rules import Asked, Asks, Ground, Pause, Refusal, answer_by


class SubjectAccessRequest(AboutChild):
    """A subject access request: who asks for a child's record, by what right, how the answer reaches them safely, and how it stands.

    Known to the privacy officer and to whoever is named to answer it, and to nobody who works with the child: an abuser may ask too.
    """

    record_kind = RecordKind.DISCLOSURE

    class State(models.TextChoices):
        RECEIVED = "received", "Received: who asks is being looked at"
        OPEN = "open", "Being answered"
        RELEASED = "released", "Released: to be handed over"
        HANDED_OVER = "handed_over", "Handed over"
        REFUSED = "refused", "Turned down"

    class How(models.TextChoices):
        IN_PERSON = "in_person", "Read together, and handed over in person"
        COLLECTED = "collected", "Collected at an office, after they showed who they are"
        SECURE = "secure", "Sent by a secure way that they alone open"
        POST = "post", "By recorded post"

    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    asks = models.CharField(max_length=14, choices=Asks.choices)
    name = models.CharField(max_length=200, help_text="who asks")
    words = models.CharField(max_length=1000, help_text="what they ask for, as they said it")
    received_on = models.DateField()
    received_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    proof_asked_on = models.DateField(null=True, help_text="when they were asked to show who they are; empty: it was clear")
    proved_on = models.DateField(null=True)
    identity_words = models.CharField(max_length=300, blank=True)
    right_words = models.CharField(max_length=500, blank=True, help_text="what showed that they may ask for this child")
    child_understands = models.BooleanField(null=True)
    child_agrees = models.BooleanField(null=True)
    how = models.CharField(max_length=10, choices=How.choices, blank=True)
    safe_words = models.CharField(max_length=500, blank=True, help_text="why it is safe to hand it over in this way")
    accepted_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    accepted_at = models.DateTimeField(null=True)
    officer = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True, help_text="who answers it")
    extended_at = models.DateTimeField(null=True)
    extended_because = models.CharField(max_length=500, blank=True)
    gathered_at = models.DateTimeField(null=True)
    refused_because = models.CharField(max_length=14, choices=Refusal.choices, blank=True)
    refused_words = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, help_text="when it was handed over, or refused")
    ended_words = models.CharField(max_length=500, blank=True, help_text="to whom it was handed, and who was there")
    ended_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)

    class Meta:
        verbose_name = "subject access request"
        constraints = (
            models.CheckConstraint(
                condition=~Q(state__in=["open", "released", "handed_over"])
                | (Q(accepted_by__isnull=False, officer__isnull=False, proved_on__isnull=False) & ~Q(identity_words="") & ~Q(safe_words="")),
                name="subject_access_accepted",
            ),
            # A child who understands it decides: without the child's yes nothing opens for a parent.
            models.CheckConstraint(
                condition=~Q(state__in=["open", "released", "handed_over"]) | ~Q(asks="parent") | Q(child_understands=False) | Q(child_agrees=True),
                name="subject_access_child_agrees",
            ),
            models.CheckConstraint(condition=Q(ended_at__isnull=True) | Q(ended_by__isnull=False), name="subject_access_ended_by"),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["child", "-received_on"], name="subject_access_child"),
            models.Index(fields=["authority"], name="subject_access_open", condition=Q(ended_at__isnull=True)),
        )

    @property
    def is_over(self) -> bool:
        """Whether it was handed over or refused."""
        return self.ended_at is not None

    def due_on(self, pauses: "list[Clarification] | None" = None) -> date | None:
        """By when the answer is in time; None while they are asked what they want."""
        asked = self.clarifications.all() if pauses is None else pauses
        began = max(self.received_on, self.proved_on) if self.proof_asked_on and self.proved_on else self.received_on
        return answer_by(began, pauses=[Pause(one.asked_on, one.answered_on) for one in asked], is_extended=self.extended_at is not None)


class Clarification(AboutChild):
    """That somebody who asks was asked what they want, and what they said: until they answer, the time does not run."""

    record_kind = RecordKind.DISCLOSURE

    request = models.ForeignKey(SubjectAccessRequest, on_delete=models.PROTECT, related_name="clarifications")
    words = models.CharField(max_length=500)
    asked_on = models.DateField()
    asked_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_on = models.DateField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["request"], condition=Q(answered_on__isnull=True), name="clarification_one_open"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=models.F("asked_on")), name="clarification_order"
            ),
        )


class AnswerItem(AboutChild):
    """One record as it was gathered for a request, and what was decided about it: given, given in part, or left out, on which ground.

    `lines`: [[field, words], …]. `marks`: what the helper marked, [[line, from, to, why], …]. `cuts`: what a person takes out, [[line, from, to, ground], …].
    """

    record_kind = RecordKind.DISCLOSURE

    class Outcome(models.TextChoices):
        GIVE = "give", "Give it"
        PART = "part", "Give it without some words"
        LEAVE_OUT = "leave_out", "Leave it out"

    request = models.ForeignKey(SubjectAccessRequest, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField(help_text="its place in the order of the child's life")
    label = models.CharField(max_length=60)
    source_id = models.UUIDField()
    heading = models.CharField(max_length=120)
    lines = models.JSONField()
    source = models.CharField(max_length=300, blank=True)
    agency = models.CharField(max_length=200, blank=True)
    happened = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=64)
    marks = models.JSONField(default=list)
    is_gone = models.BooleanField(default=False, help_text="it is in the record no more")
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    cuts = models.JSONField(default=list)
    ground = models.CharField(max_length=12, choices=Ground.choices, blank=True)
    is_quiet = models.BooleanField(default=False, help_text="the answer does not say that something was left out")
    because = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["request", "label", "source_id"], name="answer_item_once"),
            models.CheckConstraint(condition=~Q(outcome="leave_out") | ~Q(ground=""), name="answer_item_ground"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(decided_by__isnull=False, decided_at__isnull=False), name="answer_item_decided"
            ),
        )
        indexes = (models.Index(fields=["request", "number"], name="answer_item_order"),)


class Opinion(AboutChild):
    """What somebody said who was asked before something is given or left out: who, when, and what they think."""

    record_kind = RecordKind.DISCLOSURE
    append_only: ClassVar[bool] = True
    version = None

    request = models.ForeignKey(SubjectAccessRequest, on_delete=models.PROTECT, related_name="opinions")
    asked = models.CharField(max_length=12, choices=Asked.choices)
    who_words = models.CharField(max_length=200)
    words = models.CharField(max_length=1000)
    given_on = models.DateField()
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()


class SubjectAccessAnswer(AboutChild):
    """An answer as it was made, frozen, with its hash; and the log of every removal: which item, how much, on which ground, by whom; without the words removed.

    `view`: what the answer says. `removals`: [{number, heading, happened, whole, characters, ground, is_quiet, because, by, at}, …].
    """

    record_kind = RecordKind.DISCLOSURE

    request = models.ForeignKey(SubjectAccessRequest, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    view = models.JSONField()
    removals = models.JSONField()
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    released_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "subject access answer"
        constraints = (
            models.UniqueConstraint(fields=["request", "number"], name="subject_access_answer_number"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True) | Q(released_at__isnull=False, released_by__isnull=False),
                name="subject_access_answer_released",
            ),
        )
