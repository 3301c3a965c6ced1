"""A contact as it was raised; the decision, the second view of it, the answer to whoever raised it, and what other agencies were asked."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from atlas.contacts.codes import Concern, HowAnswered, IsSafe, Level, NotAnswered, Outcome, ParentsTold, Rating, SetAside, Source
from atlas.design.words import reference_of
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind

MOST_WORDS, MOST_SAID, MOST_LINE = 4000, 2000, 200


class Contact(AboutChild):
    """Somebody is worried about a child: what was typed, as it was typed. About nobody until the front door has found out who it is.

    Until then it is open to whoever raised it and to the front door of its authority; from then on to whoever reads the child's screening,
    and to whoever raised it: their own words. Row security: `gate/own.py`. Several children typed at once are a contact each (`together`).
    """

    record_kind = RecordKind.SCREENING
    ages = Ages(by=("closed_at",))

    class State(models.TextChoices):
        RAISED = "raised", "To be matched"
        MATCHED = "matched", "To be decided"
        DECIDED = "decided", "Decided"
        SET_ASIDE = "set_aside", "Set aside"

    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+", null=True)  # type: ignore[assignment]
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, choices=Source.choices)
    raised_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    who_words = models.CharField(max_length=MOST_LINE, blank=True, help_text="who raised it, where it is somebody without an account")
    reach_words = models.CharField(max_length=MOST_LINE, blank=True, help_text="how they can be reached, where they said it")
    received_at = models.DateTimeField()
    together = models.UUIDField(default=uuid.uuid4, help_text="contacts that were typed at once share it")
    # about whom
    name = models.CharField(max_length=MOST_LINE)
    born_words = models.CharField(max_length=60, blank=True, help_text="date of birth or age, as typed")
    where_words = models.CharField(max_length=300, blank=True, help_text="school, address, or where the child can be found")
    # what
    concern = models.CharField(max_length=12, choices=Concern.choices)
    words = models.CharField(max_length=MOST_WORDS, help_text="what worries them, what happened and when, who else is there")
    said = models.CharField(max_length=MOST_SAID, blank=True, help_text="what the child says, in the child's words")
    is_safe = models.CharField(max_length=6, choices=IsSafe.choices)
    parents_told = models.CharField(max_length=10, choices=ParentsTold.choices)
    level_given = models.PositiveSmallIntegerField(null=True, choices=Level.choices, help_text="the level that whoever raised it sees")
    # what the front door does with it
    state = models.CharField(max_length=10, choices=State.choices, default=State.RAISED)
    decide_by = models.DateTimeField(help_text="when it must be decided: by the limit in force when it came")
    rating = models.CharField(max_length=6, choices=Rating.choices, blank=True)
    rated_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    rated_at = models.DateTimeField(null=True)
    rated_due_at = models.DateTimeField(null=True, help_text="what the local rating allows, from when it came")
    matched_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    matched_at = models.DateTimeField(null=True)
    set_aside = models.CharField(max_length=12, choices=SetAside.choices, blank=True)
    set_aside_words = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, help_text="decided or set aside, and whoever raised it answered, or said why not")
    # until somebody has matched it, nobody is asked by a task: tick tells people itself
    tells_at = models.DateTimeField(null=True, help_text="when the next people are told that it waits; empty where nobody need be")
    told_times = models.PositiveSmallIntegerField(default=0)
    form_key = models.CharField(max_length=80, blank=True, help_text="of a form from the public page: sent twice, it is taken once")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["raised", "set_aside"]) | Q(child__isnull=False, matched_at__isnull=False), name="contact_decided_of_child"
            ),
            models.CheckConstraint(condition=~Q(state="raised") | Q(child__isnull=True), name="contact_raised_of_nobody"),
            models.CheckConstraint(condition=~Q(state="set_aside") | ~Q(set_aside=""), name="contact_set_aside_why"),
            models.CheckConstraint(condition=Q(rating="") | Q(rated_at__isnull=False, rated_due_at__isnull=False), name="contact_rated"),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["authority", "decide_by"], name="contact_open", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["raised_by", "-received_at"], name="contact_raised_by"),
            models.Index(fields=["child"], name="contact_child"),
            models.Index(fields=["tells_at"], name="contact_tells", condition=Q(tells_at__isnull=False)),
        )

    @property
    def reference(self) -> str:
        """The reference that stands for it outside Atlas: eight characters of its own random id, about nobody."""
        return reference_of(self.pk)


class ContactDecision(AboutChild):
    """What the front door decided on a contact, by which version of the thresholds, and why. Never altered: a later one follows it."""

    record_kind = RecordKind.SCREENING
    append_only: ClassVar[bool] = True
    ages = Ages(by=("decided_at",))

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="decisions")
    level_given = models.PositiveSmallIntegerField(null=True, choices=Level.choices)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    document = models.ForeignKey("guidance.ThresholdDocument", on_delete=models.PROTECT, related_name="+", null=True)
    criteria = models.CharField(max_length=1000, help_text="what in the threshold document it goes by")
    rationale = models.CharField(max_length=MOST_WORDS)
    options = models.CharField(max_length=2000, help_text="what else was weighed, and why not")
    proportionate = models.CharField(max_length=1000, help_text="why this is enough, and not more than is needed")
    dissent = models.CharField(max_length=1000, blank=True, help_text="who saw it otherwise, and how")
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(rationale="") & ~Q(options=""), name="decision_has_reasons"),)
        indexes = (models.Index(fields=["child"], name="contact_decision_child"), models.Index(fields=["contact"], name="decision_contact"))

    @property
    def is_other_level(self) -> bool:
        """Whether the front door saw another level than whoever raised it."""
        return self.level_given is not None and self.level_given != self.level


class SecondView(AboutChild):
    """Another person's view of a decision: whether they agree, and why. Never altered; it changes no decision by itself."""

    record_kind = RecordKind.SCREENING
    append_only: ClassVar[bool] = True
    ages = Ages(by=("given_at",))

    decision = models.ForeignKey(ContactDecision, on_delete=models.PROTECT, related_name="second_views")
    agrees = models.BooleanField()
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    reasons = models.CharField(max_length=2000)
    given_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["decision", "given_by"], name="second_view_once"),
            models.CheckConstraint(condition=~Q(reasons=""), name="second_view_has_reasons"),
        )
        indexes = (models.Index(fields=["child"], name="second_view_child"),)


class ContactAnswer(AboutChild):
    """What whoever raised a contact was told, or why they were told nothing. Never altered.

    Whoever raised it reads what they were told, without seeing the child's record; why somebody was told nothing they do not read.
    """

    record_kind = RecordKind.SCREENING
    append_only: ClassVar[bool] = True
    ages = Ages(by=("answered_at",))

    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+", null=True)  # type: ignore[assignment]
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="answers")
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    to_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    how = models.CharField(max_length=10, choices=HowAnswered.choices, blank=True)
    words = models.CharField(max_length=2000, blank=True)
    not_answered = models.CharField(max_length=12, choices=NotAnswered.choices, blank=True)
    because = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(not_answered="") & ~Q(words="") & ~Q(how="")) | (~Q(not_answered="") & Q(words="")), name="answered_or_why_not"
            ),
            models.CheckConstraint(condition=Q(not_answered="") | ~Q(because=""), name="not_answered_has_reason"),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["contact"], name="contact_answer_contact"),
            models.Index(fields=["to_post"], name="contact_answer_to"),
        )


class AgencyAsk(AboutChild):
    """What one team of another agency was asked about a child, and what it said it knows. Shown to that team and to whoever reads the child's
    screening; never to another agency that is asked. It says itself about whom, since whoever is asked sees no record.
    """

    record_kind = RecordKind.SCREENING
    ages = Ages(by=("replied_at",))

    class Knows(models.TextChoices):
        KNOWS = "knows", "We know the child or the family"
        NOTHING = "nothing", "We know nothing of them"

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="asks")
    to_team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, related_name="+")
    about_words = models.CharField(max_length=300, help_text="who the child is, as whoever is asked needs it")
    question = models.CharField(max_length=1000)
    asked_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="by the local limit in force when it was asked")
    knows = models.CharField(max_length=8, choices=Knows.choices, blank=True)
    reply = models.CharField(max_length=MOST_WORDS, blank=True)
    replied_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(replied_at__isnull=True, knows="") | (Q(replied_at__isnull=False, replied_by__isnull=False) & ~Q(knows="")),
                name="ask_replied_whole",
            ),
            models.CheckConstraint(condition=~Q(knows="knows") | ~Q(reply=""), name="ask_replied_with_words"),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["child"], name="agency_ask_child"), models.Index(fields=["contact"], name="agency_ask_contact"),
            models.Index(fields=["to_team", "due_at"], name="agency_ask_open", condition=Q(replied_at__isnull=True)),
        )  # fmt: skip
