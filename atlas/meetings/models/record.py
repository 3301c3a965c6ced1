"""The record of a meeting: each agency's own words, decisions as versions, and what agencies agreed to do."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atlas.gate.ageing import Ages
from atlas.meetings.codes import ActionState, Answer, Audience, ClosedAs, Evidence, Settles, Worked
from atlas.meetings.models.meeting import Invitation, MeetingItem, OfMeeting, Panel

MOST_WORDS = 4000


class MeetingContribution(OfMeeting):
    """What one agency brings: its own entry, which nobody else writes in. Before the meeting, in the room, or instead of coming."""

    ages = Ages(by=("written_at",))

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="contributions")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+", help_text="of whoever knows it")
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, related_name="said", help_text="of somebody without an account, written down"
    )
    words = models.TextField()
    source_words = models.CharField(max_length=200, help_text="how they know, and as of when")
    audience = models.CharField(max_length=13, choices=Audience.choices, default=Audience.PROFESSIONALS)
    agencies = ArrayField(models.UUIDField(), default=list, help_text="the agencies that may read it, beside its own")
    is_new = models.BooleanField(
        default=False, help_text="tells of harm or danger that was not known: less is not asked at the same meeting"
    )
    in_room = models.BooleanField(default=False)
    written_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["item"], name="meeting_contribution_item"),)


class MeetingDecision(OfMeeting):
    """One point that a meeting settled on one thing of its agenda. A change is a new version, so that nothing is written over."""

    append_only: ClassVar[bool] = True
    version = None  # never altered
    ages = Ages(by=("decided_at",))

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="decisions")
    settles = models.CharField(max_length=11, choices=Settles.choices)
    answer = models.CharField(max_length=20, choices=Answer.choices, blank=True)
    words = models.TextField(blank=True)
    reason = models.TextField()
    dissent = models.CharField(max_length=500, blank=True, help_text="who saw it otherwise, and how")
    evidence = ArrayField(
        models.CharField(max_length=12, choices=Evidence.choices), default=list, help_text="what shows that less may be asked"
    )
    closed_as = models.CharField(max_length=17, choices=ClosedAs.choices, blank=True)
    passed_to = models.ForeignKey(
        Panel, on_delete=models.PROTECT, null=True, related_name="+", help_text="on whose next agenda it stands then"
    )
    dissent_by = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason="") & ~(Q(answer="") & Q(words="")), name="meeting_decision_says"),
            models.CheckConstraint(
                condition=Q(passed_to__isnull=True) | Q(child__isnull=True, answer="pass_on"), name="meeting_decision_no_child_passed"
            ),
            models.UniqueConstraint(fields=["item", "settles"], condition=Q(replaces__isnull=True), name="meeting_decision_first"),
        )
        indexes = (models.Index(fields=["item"], name="meeting_decision_item"),)

    @property
    def evidence_words(self) -> str:
        """What shows that less may be asked, in words."""
        return "; ".join(Evidence(one).label for one in self.evidence)


class AgencyAction(OfMeeting):
    """What one agency will do: whose it is, what effect is intended, by when, how it will be seen; whether it was done, and whether it worked."""

    ages = Ages(by=("ended_at",))

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="actions")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    owner_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="agency_actions")
    owner_words = models.CharField(max_length=120, blank=True, help_text="name and role of somebody without an account")
    about = models.CharField(max_length=120, blank=True, help_text="what it is about, where it is about no child")
    words = models.TextField()
    intended = models.CharField(max_length=300, help_text="what should be different for the child, or the place")
    evidence_wanted = models.CharField(max_length=300, help_text="how we shall see that it was done, and that it worked")
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=ActionState.choices, default=ActionState.ASKED)
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer_words = models.CharField(max_length=500, blank=True, help_text="why it is not taken on, or what stands in its way")
    ended_at = models.DateTimeField(null=True)
    evidence = models.CharField(max_length=500, blank=True)
    worked = models.CharField(max_length=8, choices=Worked.choices, blank=True)
    worked_words = models.CharField(max_length=500, blank=True)
    worked_at = models.DateTimeField(null=True)
    worked_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    chased_at = models.DateTimeField(null=True, help_text="when somebody was last told that it is late")
    chased_times = models.PositiveSmallIntegerField(default=0, help_text="to how many rungs it was told: the line manager, then the chair")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(owner_post__isnull=False) | ~Q(owner_words=""), name="agency_action_owner_named"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(answer_words=""), name="agency_action_refused_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "not_done"]) | (Q(ended_at__isnull=False) & ~Q(evidence="")), name="agency_action_ended_how"
            ),
        )
        indexes = (
            models.Index(fields=["item"], name="agency_action_item"),
            models.Index(fields=["owner_post"], name="agency_action_owner"),
            models.Index(fields=["due_on"], name="agency_action_due", condition=Q(state__in=["asked", "accepted"])),
        )

    @property
    def owned_by(self) -> str:
        """Whose it is, in words."""
        return str(self.owner_post) if self.owner_post is not None else self.owner_words

    @property
    def name(self) -> str:
        """What it is about: the child, or what stood on the agenda."""
        return self.child.name if self.child is not None else self.about

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in {ActionState.ASKED, ActionState.ACCEPTED}
