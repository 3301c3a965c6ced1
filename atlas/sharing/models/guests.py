"""What was asked of, or given to, people without an account, and what they answered."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.chronology.models import Entry
from atlas.design.words import reference_of
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.sharing.rules import GUEST_MOST_DAYS, MOST_TRIES, PURPOSES, Ground


class GuestRequest(AboutChild):
    """A guest request: one question to a named person without an account, opened by a link that names no child and by a code to a number
    that somebody checked. The link's own token is kept nowhere: only its hash.

    What the guest does is written by functions of the database alone (gate/guests.sql); the service's login may end it, and no more.
    """

    record_kind = RecordKind.DISCLOSURE
    append_only = True
    version = None  # only its end may be moved
    ends_by: ClassVar[str] = "ended_at"
    only_writers_read: ClassVar[bool] = True
    own_column: ClassVar[str] = "made_by_id"
    # One about a return interview rests on that, and not on disclosures: whoever may write about the interview asks and reads it.
    also_reached: ClassVar[RecordKind] = RecordKind.INTERVIEW

    class Asks(models.TextChoices):
        QUESTION = "question", "One question"
        WHETHER = "whether", "Whether the responsible authority holds the return interview"
        OUTCOME = "outcome", "What came of the return interview"
        CARER = "carer", "The carers’ page"
        TRANSFER = "transfer", "Whether another authority takes the child over"
        CHILD = "child", "The child’s own page"

    # What another authority owes or answers goes on past the birthday, and so does the young person's own page; what a parent, a school or
    # anybody else was given does not.
    ENDS_AT_18: ClassVar = frozenset({Asks.QUESTION, Asks.CARER})

    asks = models.CharField(max_length=8, choices=Asks.choices, default=Asks.QUESTION)
    rests_on = models.CharField(
        max_length=12, default=RecordKind.DISCLOSURE.value, help_text="the kind of record by which it is asked and read"
    )
    about_label = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    guest_name = models.CharField(max_length=100)
    organisation = models.CharField(max_length=120)
    number = models.CharField(max_length=16, help_text="the mobile number to which the code goes: digits alone")
    checked_by = models.CharField(max_length=100, help_text="who made sure that the number is this person's")
    checked_on = models.DateField()
    purpose = models.CharField(max_length=24, choices=[(purpose.value, words) for purpose, words in PURPOSES.items()])
    ground = models.CharField(max_length=16, choices=Ground.choices)
    reason = models.TextField(help_text="why it was necessary")
    is_family_told = models.BooleanField()
    family_reason = models.TextField(blank=True, help_text="why the family was not told")
    is_agreed = models.BooleanField(default=False, help_text="the young person, who is 18, agreed to it")
    view = models.JSONField(help_text="what the guest is shown, frozen")
    digest = models.CharField(max_length=64)
    policy = models.CharField(max_length=16)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    # What follows the guest moves, through the functions alone.
    code_hash = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    code_sent_at = models.DateTimeField(null=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    proof_hash = models.CharField(max_length=64, blank=True)
    proof_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    token = ""  # known to the one request that makes it, and to nobody after

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at"), expires_at__lte=F("made_at") + timedelta(days=GUEST_MOST_DAYS)),
                name="guest_request_expires",
            ),
            models.CheckConstraint(condition=Q(is_family_told=True) | ~Q(family_reason=""), name="guest_request_family_told_or_why"),
        )
        indexes = (
            models.Index(fields=["child", "-made_at"], name="guest_request_child"),
            models.Index(fields=["about_id"], name="guest_request_about", condition=Q(about_id__isnull=False)),
        )

    def state(self, at: datetime) -> str:
        """How it stands, in the words of the screen."""
        if self.answered_at is not None:
            return "Answered"
        if self.ended_at is not None:
            return "Shut after wrong codes" if self.wrong_tries >= MOST_TRIES else "Withdrawn"
        return "Out of date" if self.expires_at <= at else "Opened" if self.opened_at else "Waiting"

    def is_open(self, at: datetime) -> bool:
        """Whether it still waits for an answer at that moment, as far as the request itself says."""
        return self.answered_at is None and self.ended_at is None and self.expires_at > at


class GuestAnswer(AboutChild):
    """A guest answer: what somebody without an account wrote, sent or asked back, once. Written by the database's own function alone."""

    record_kind = RecordKind.DISCLOSURE
    append_only = True
    version = None
    only_writers_read: ClassVar[bool] = True
    only_gate_writes: ClassVar[bool | str] = True
    also_reached: ClassVar[RecordKind] = RecordKind.INTERVIEW

    class Kind(models.TextChoices):
        WORDS = "words", "An answer in words"
        FILE = "file", "A photograph, also of a page"
        RING_BACK = "ring_back", "Please ring back"
        ACCEPTED = "accepted", "Yes: we hold the return interview"
        REFUSED = "refused", "No: we do not hold it"
        OUTCOME = "outcome", "What came of it"

    rests_on = models.CharField(max_length=12, default=RecordKind.DISCLOSURE.value)
    request = models.OneToOneField(GuestRequest, on_delete=models.PROTECT, related_name="answer")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.TextField(blank=True)
    file = models.BinaryField(null=True, help_text="made anew from its pixels; never the file that was sent")
    file_kind = models.CharField(max_length=20, blank=True)
    answered_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, blank=True)

    @property
    def said(self) -> str:
        """What was answered, in the words of the question: a yes to a transfer is another than a yes to an interview."""
        is_transfer = self.request.asks == GuestRequest.Asks.TRANSFER
        return OF_TRANSFER.get(self.kind, "") if is_transfer else self.get_kind_display()

    @property
    def reference(self) -> str:
        """By which the guest and the worker speak of it: eight characters of its own random id, about nobody."""
        return reference_of(self.pk)


_KIND = GuestAnswer.Kind
# The same answers to another question.
OF_TRANSFER: dict[str, str] = {
    _KIND.ACCEPTED: "Yes: our authority takes the child over", _KIND.REFUSED: "No: it does not", _KIND.RING_BACK: str(_KIND.RING_BACK.label),
}  # fmt: skip


class CarerWords(AboutChild):
    """What a carer said on the carers' page, and what was done about it: "you said, we did". Added by the database's own function alone; whoever
    answers for the child, also at night, says what was done.
    """

    record_kind = RecordKind.WORK
    append_only = True
    version = None  # what was done about it is written once
    ends_by: ClassVar[str] = "did_at"
    ends_with: ClassVar[tuple[str, ...]] = ("did", "did_by_id")
    only_gate_writes: ClassVar[bool | str] = "adds"
    ages = Ages(by=("did_at",))

    class Kind(models.TextChoices):
        LATE = "late", "They are late, or I cannot find them"
        BACK = "back", "They are back"
        QUESTION = "question", "I want to ask or say something"

    request = models.ForeignKey(GuestRequest, on_delete=models.PROTECT, related_name="said")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.CharField(max_length=1000, blank=True)
    sent_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, blank=True)
    did = models.CharField(max_length=500, blank=True, help_text="what was done, in words that the carer reads")
    did_at = models.DateTimeField(null=True)
    did_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "carer words"
        constraints = (
            models.CheckConstraint(
                condition=Q(did_at__isnull=True, did="") | (Q(did_at__isnull=False) & ~Q(did="")), name="carer_words_done"
            ),
        )
        indexes = (models.Index(fields=["request"], name="carer_words_request"), models.Index(fields=["child"], name="carer_words_child"))
