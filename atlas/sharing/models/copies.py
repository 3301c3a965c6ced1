"""Copies of a plan that were given, each with how, to whom and whether it is safe to hold; and what the child said about theirs."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from atlas.chronology.models import Entry
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.sharing.copy import Audience
from atlas.sharing.models.guests import GuestRequest


class CopyGiven(AboutChild):
    """A copy given: what of a plan one recipient was given, frozen, with its hash; when, how and to whom; and whether it is safe to hold.

    A page on the child's phone is a copy too: `request` holds its link, number and end (practice.md 5.2; real-life.md 7).
    """

    record_kind = RecordKind.PLAN
    append_only = True
    version = None
    ages = Ages(by=("given_at",))

    class How(models.TextChoices):
        REHEARSED = "rehearsed", "Rehearsed together: nothing was handed over"
        READ_ALOUD = "read_aloud", "Read aloud together: nothing was handed over"
        PICTURES = "pictures", "Pictures"
        PAPER = "paper", "Paper"
        SENT = "sent", "Sent securely"
        PHONE = "phone", "A page on the child's phone"

    audience = models.CharField(max_length=12, choices=Audience.choices)
    title = models.CharField(max_length=120)
    copy = models.JSONField(help_text="what was given, frozen")
    digest = models.CharField(max_length=64)
    how = models.CharField(max_length=10, choices=How.choices, default=How.REHEARSED)
    to_whom = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    is_safe_to_hold = models.BooleanField()
    safe_reason = models.CharField(max_length=500, help_text="why it is safe to hold, or why not")
    who_else_can_open = models.CharField(max_length=200, blank=True, help_text="who else can open the phone, as recorded with the child")
    request = models.OneToOneField(GuestRequest, on_delete=models.PROTECT, null=True, related_name="copy_given")
    about_label = models.CharField(max_length=60, blank=True, help_text="the version of the plan that it was compiled from")
    about_id = models.UUIDField(null=True)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "copies given"
        constraints = (
            models.CheckConstraint(
                condition=Q(how="phone", request__isnull=False) | (~Q(how="phone") & Q(request__isnull=True)), name="copy_given_on_phone"
            ),
            # What is not safe to hold is handed over in no form.
            models.CheckConstraint(condition=Q(is_safe_to_hold=True) | Q(how__in=["rehearsed", "read_aloud"]), name="copy_given_safe"),
            models.CheckConstraint(condition=~Q(safe_reason=""), name="copy_given_why"),
        )
        indexes = (
            models.Index(fields=["child", "-given_at"], name="copy_given_child"),
            models.Index(fields=["about_id"], name="copy_given_about", condition=Q(about_id__isnull=False)),
        )


class ChildWords(AboutChild):
    """What a child said about their copy, line by line or of the whole, and what was done with it, or why not: *you said, we did*.

    On the phone page it is added by the database's own function; on paper or in speech a worker writes it down, in the child's words.
    """

    record_kind = RecordKind.WORK
    append_only = True
    version = None  # what was done about it is written once
    ends_by: ClassVar[str] = "did_at"
    ends_with: ClassVar[tuple[str, ...]] = ("did", "did_by_id", "is_acted_on")
    own_column: ClassVar[str] = "written_by_id"
    ages = Ages(by=("did_at",))

    class Kind(models.TextChoices):
        RIGHT = "right", "That’s right"
        NOT_RIGHT = "not_right", "That’s not right"
        WORDS = "words", "Something in their own words"
        DOES_NOT_HELP = "does_not_help", "The plan does not help me"
        WRONG_ABOUT_ME = "wrong_about_me", "This is wrong about me"
        COMPLAINT = "complaint", "A complaint"

    # A yes alone asks for nothing; everything else is answered.
    WANT_ANSWER: ClassVar = frozenset({Kind.NOT_RIGHT, Kind.WORDS, Kind.DOES_NOT_HELP, Kind.WRONG_ABOUT_ME, Kind.COMPLAINT})
    BY_DATE: ClassVar = frozenset({Kind.WRONG_ABOUT_ME, Kind.COMPLAINT})

    copy_given = models.ForeignKey(CopyGiven, on_delete=models.PROTECT, related_name="said")
    line = models.CharField(max_length=80, blank=True, help_text="the key of the line that it is about; empty: the whole")
    line_words = models.CharField(max_length=500, blank=True, help_text="that line, as the child read it")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    words = models.CharField(max_length=1000, blank=True)
    sent_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True, help_text="by when the child was told that there is an answer")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, blank=True)
    written_by = models.ForeignKey(
        "agencies.Post",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="who wrote it down; nobody: the child, on the phone",
    )
    did = models.CharField(max_length=500, blank=True, help_text="what was done, in words that the child reads")
    is_acted_on = models.BooleanField(null=True)
    did_at = models.DateTimeField(null=True)
    did_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "child words"
        constraints = (
            models.CheckConstraint(
                condition=Q(did_at__isnull=True, did="", is_acted_on__isnull=True)
                | (Q(did_at__isnull=False, is_acted_on__isnull=False) & ~Q(did="")),
                name="child_words_done",
            ),
        )
        indexes = (
            models.Index(fields=["copy_given", "-sent_at"], name="child_words_copy"),
            models.Index(fields=["child", "-sent_at"], name="child_words_child"),
        )

    @property
    def wants_answer(self) -> bool:
        """Whether it still waits for what was done about it."""
        return self.did_at is None and (self.kind in self.WANT_ANSWER or bool(self.words))
