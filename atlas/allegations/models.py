"""What was said of somebody who works with children, and what was done about it, step by step. Neither is ever altered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from atlas.design.words import reference_of
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind


class WorksAs(models.TextChoices):
    """What somebody does with children, as whoever wrote it down knows it."""

    CARER = "carer", "Foster carer or other carer"
    HOME = "home", "Works in a children's home or other place where children live"
    ESCORT = "escort", "Driver or escort"
    POLICE = "police", "Police officer or police staff"
    COUNCIL = "council", "Social worker or other worker of the council"
    HEALTH = "health", "Health worker"
    SCHOOL = "school", "Works in a school or nursery"
    VOLUNTARY = "voluntary", "Works or volunteers for a charity or club"
    OTHER = "other", "Something else"


class Allegation(AboutChild):
    """What a child said of somebody who works with children: of a worker of Atlas, or of somebody who is not in it.

    Open to its receivers alone, none of whom sees the child's record: so it carries who the child is. Row security: `gate/own.py`.
    """

    record_kind = RecordKind.CONFLICT
    written_as: ClassVar[RecordKind] = RecordKind.INTERVIEW
    append_only: ClassVar[bool] = True

    accused = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+", null=True)
    accused_name = models.CharField(max_length=120)
    works_for = models.CharField(max_length=200, help_text="employer, home or agency")
    works_as = models.CharField(max_length=10, choices=WorksAs.choices)
    words = models.TextField(help_text="in the child's words")
    child_name = models.CharField(max_length=200, help_text="as recorded then: its receivers do not see the child's record")
    child_born_on = models.DateField(null=True)
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["child"], name="allegation_child"),)

    @property
    def reference(self) -> str:
        """The reference that stands for it outside Atlas: eight characters of its own random id, about nobody."""
        return reference_of(self.pk)


class AllegationStep(AboutChild):
    """One thing done about an allegation: sent to a receiver, received, decided, closed. Whoever recorded it reads that it was sent and received."""

    class Kind(models.TextChoices):
        SENT = "sent", "Sent"
        RECEIVED = "received", "Received"
        DECIDED = "decided", "Decided"
        CLOSED = "closed", "Closed"

    class Answer(models.TextChoices):
        """What a receiver decided, and what it came to in the end."""

        MEETING = "meeting", "A strategy meeting (allegations management meeting) is called"
        MET = "met", "The threshold is met: it is looked into"
        NOT_MET = "not_met", "The threshold is not met"
        ADVICE = "advice", "Advice given, nothing more is needed from the designated officer"
        SHOWN = "shown", "Enquiries found that it happened"
        NOT_SHOWN = "not_shown", "Enquiries could not show whether it happened"
        DID_NOT_HAPPEN = "did_not_happen", "Enquiries found that it did not happen"
        NO_ENQUIRY = "no_enquiry", "Closed without enquiries"

    record_kind = RecordKind.CONFLICT
    written_as: ClassVar[RecordKind] = RecordKind.INTERVIEW
    append_only: ClassVar[bool] = True

    allegation = models.ForeignKey(Allegation, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    to_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    due_at = models.DateTimeField(null=True, help_text="to be received by")
    instead_of = models.OneToOneField("self", on_delete=models.PROTECT, related_name="+", null=True, help_text="not received in time")
    answer = models.CharField(max_length=16, choices=Answer.choices, blank=True)
    meets_on = models.DateField(null=True, help_text="the day of the strategy meeting that was called")
    words = models.TextField(blank=True)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", help_text="who recorded the allegation")

    class Meta:
        verbose_name = "allegation step"
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="sent", due_at__isnull=False) | Q(~Q(kind="sent"), to_post=None, due_at=None, instead_of=None),
                name="allegation_sent_is_due",
            ),
            models.CheckConstraint(
                # These two are read by whoever recorded it: they hold nothing of what was decided.
                condition=~Q(kind__in=["sent", "received"]) | Q(answer="", words=""),
                name="allegation_receipt_says_nothing",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["sent", "received"])
                | Q(~Q(words=""), kind="decided", answer__in=["meeting", "met", "not_met", "advice"])
                | Q(~Q(words=""), kind="closed", answer__in=["shown", "not_shown", "did_not_happen", "no_enquiry"]),
                name="allegation_answer_fits",
            ),
            models.CheckConstraint(
                condition=Q(answer="meeting", meets_on__isnull=False) | Q(~Q(answer="meeting"), meets_on=None),
                name="allegation_meeting_has_day",
            ),
            models.UniqueConstraint(fields=["allegation", "to_post"], condition=Q(kind="sent"), name="allegation_sent_once"),
            models.UniqueConstraint(fields=["allegation", "made_by"], condition=Q(kind="received"), name="allegation_received_once"),
            models.UniqueConstraint(fields=["allegation"], condition=Q(kind="closed"), name="allegation_closed_once"),
        )
        indexes = (
            models.Index(fields=["to_post"], name="allegation_sent_to", condition=Q(kind="sent")),
            models.Index(fields=["recorded_by"], name="allegation_recorder"),
        )


DECISIONS = (AllegationStep.Answer.MEETING, AllegationStep.Answer.MET, AllegationStep.Answer.NOT_MET, AllegationStep.Answer.ADVICE)
OUTCOMES = tuple(answer for answer in AllegationStep.Answer if answer not in DECISIONS)
