"""Professional challenge: one agency puts to another what it sees otherwise or was not given, until it is settled or the dissent is kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.meetings.codes import ChallengeAbout, StepKind
from atlas.meetings.models.meeting import MeetingItem, OfMeeting
from atlas.meetings.models.record import AgencyAction
from atlas.meetings.rules.challenge import STAGES


class Challenge(OfMeeting):
    """Who challenges which agency about what, what is asked, how the child is safe meanwhile; where it stands on the ladder, and by when it is answered.

    `put_to` and `put_from`: the pair between whom it is now. Source: practice.md 6.5.
    """

    ages = Ages(by=("closed_at",))

    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="challenges")
    action = models.ForeignKey(AgencyAction, on_delete=models.PROTECT, null=True, related_name="challenges")
    about = models.CharField(max_length=12, choices=ChallengeAbout.choices)
    title = models.CharField(max_length=120, blank=True, help_text="what stood on the agenda, where it is no child")
    words = models.TextField(help_text="what it is about")
    asked = models.TextField(help_text="what is asked of the agency")
    interim = models.CharField(max_length=500, blank=True, help_text="how the child is safe until it is settled")
    is_unsafe = models.BooleanField(default=False, help_text="the child is not safe until it is settled: every stage is shorter")
    by_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    to_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    stage = models.PositiveSmallIntegerField(default=0)
    put_to = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    put_from = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="when whoever raised it was told that the last stage went by")
    closed_at = models.DateTimeField(null=True)
    is_settled = models.BooleanField(null=True, help_text="how it ended: settled, or with the dissent kept")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(stage__lte=4), name="challenge_on_ladder"),
            models.CheckConstraint(condition=Q(child__isnull=True) | ~Q(interim=""), name="challenge_child_safe_meanwhile"),
            models.CheckConstraint(condition=~Q(by_agency=models.F("to_agency")), name="challenge_of_another"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, is_settled__isnull=True) | Q(closed_at__isnull=False, is_settled__isnull=False),
                name="challenge_closed_how",
            ),
        )
        indexes = (
            models.Index(fields=["item"], name="challenge_item"),
            models.Index(fields=["raised_by"], name="challenge_raised_by"),
            models.Index(fields=["due_at"], name="challenge_due", condition=Q(closed_at__isnull=True, answered_at__isnull=True)),
        )

    @property
    def name(self) -> str:
        """What it is about: the child, or what stood on the agenda."""
        return self.title if self.child is None else self.child.name

    @property
    def is_open(self) -> bool:
        """Whether it still waits for something."""
        return self.closed_at is None

    @property
    def stands(self) -> str:
        """Where it stands, in words."""
        if self.closed_at is not None:
            return "Settled" if self.is_settled else "Ended, the dissent kept"
        return "Answered" if self.answered_at is not None else "Waits for an answer"

    @property
    def between(self) -> str:
        """Between whom it is at this stage."""
        return STAGES[self.stage].who


class ChallengeStep(AboutChild):
    """One step of a challenge, as it was: raised, tried, answered, gone up, settled. Never altered: attempts and dissent are kept."""

    record_kind = RecordKind.MEETING
    append_only: ClassVar[bool] = True
    version = None  # never altered
    ages = Ages(by=("made_at",))

    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+", null=True)  # type: ignore[assignment]
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    stage = models.PositiveSmallIntegerField()
    put_to = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    put_from = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["challenge"], name="challenge_step_of"),
            models.Index(fields=["put_to"], name="challenge_step_to"),
            models.Index(fields=["put_from"], name="challenge_step_from"),
        )
