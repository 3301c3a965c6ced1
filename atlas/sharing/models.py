"""Disclosures: what was shared with whom, why and until when; and what was refused. Exports: lists that left, and their files.
Guests: what was asked of people without an account, and what they answered.
"""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from atlas.chronology.models import Entry
from atlas.design.words import reference_of
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild, version_field
from atlas.gate.policy import RecordKind
from atlas.sharing.rules import GUEST_MOST_DAYS, MOST_CHILDREN, MOST_DAYS, MOST_EXPORT_DAYS, MOST_TOGETHER, MOST_TRIES, PURPOSES, Ground


class Disclosure(AboutChild):
    """One decision on sharing about a child: shared with one named post until a day, as one frozen version; or refused, and why.

    Nothing of it is altered but its end.
    """

    record_kind = RecordKind.DISCLOSURE
    append_only = True
    version = None  # only its end may be moved
    ends_by: ClassVar[str] = "until_at"
    # Row security: beside those who may disclose about the child, the recipient alone, until it ends.
    recipient_column: ClassVar[str] = "recipient_id"

    class Outcome(models.TextChoices):
        SHARED = "shared", "Shared"
        REFUSED = "refused", "Not shared"

    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    purpose = models.CharField(max_length=24, choices=[(purpose.value, words) for purpose, words in PURPOSES.items()])
    ground = models.CharField(max_length=16, choices=Ground.choices)
    asked_words = models.TextField(blank=True, help_text="who asked, for what")
    reason = models.TextField(help_text="why it was necessary, or why it was refused")
    is_family_told = models.BooleanField()
    family_reason = models.TextField(blank=True, help_text="why the family was not told")
    is_agreed = models.BooleanField(default=False, help_text="the young person, who is 18, agreed to it")
    recipient = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    selection = models.JSONField(default=list)
    view = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    policy = models.CharField(max_length=16)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="shared", recipient__isnull=False, view__isnull=False, until_at__isnull=False)
                | Q(outcome="refused", recipient__isnull=True, view__isnull=True, until_at__isnull=True),
                name="disclosure_shared_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("made_at"), until_at__lte=F("made_at") + timedelta(days=MOST_DAYS)),
                name="disclosure_ends",
            ),
            models.CheckConstraint(condition=Q(is_family_told=True) | ~Q(family_reason=""), name="disclosure_family_told_or_why"),
        )
        indexes = (
            models.Index(fields=["child", "-made_at"], name="disclosure_child"),
            models.Index(fields=["recipient", "until_at"], name="disclosure_recipient"),
        )

    def is_open(self, at: datetime) -> bool:
        """Whether the recipient may still read it at that moment."""
        return self.until_at is not None and self.until_at > at


class Export(models.Model):
    """One list that left, or was to leave: for what, to whom, by whom, until when; and the secret of its marks. It names no child."""

    record_kind = RecordKind.DISCLOSURE

    class State(models.TextChoices):
        ASKED = "asked", "Being made"
        READY = "ready", "Ready"
        STOPPED = "stopped", "Stopped"

    class Format(models.TextChoices):
        CSV = "csv", "Text table (CSV)"
        XLSX = "xlsx", "Workbook (XLSX)"
        PDF = "pdf", "Paper (PDF)"
        XML = "xml", "Statutory file (XML)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = version_field()
    reference = models.CharField(max_length=12, unique=True)
    mark = models.BinaryField(help_text="from this secret follow the choices of words by which a leak names its exporter")
    listed = models.CharField(max_length=40)
    columns = ArrayField(models.CharField(max_length=40))
    format = models.CharField(max_length=4, choices=Format.choices)
    period_from = models.DateField()
    period_until = models.DateField()
    purpose = models.CharField(max_length=24, choices=[(purpose.value, words) for purpose, words in PURPOSES.items()])
    reason = models.TextField(help_text="why the recipient needs it")
    recipient = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    outside_name = models.CharField(max_length=100, blank=True, help_text="a person who has no post in Atlas")
    outside_organisation = models.CharField(max_length=120, blank=True)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    until_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    delivered_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)
    children_counted = models.PositiveSmallIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text="of the file as it was made")
    policy = models.CharField(max_length=16)
    most_children = models.PositiveSmallIntegerField(
        default=MOST_CHILDREN, help_text="how many may be in it: more only where two people said so"
    )
    approval = models.OneToOneField(
        "gate.Proposal", on_delete=models.PROTECT, null=True, related_name="+", help_text="by which two people said so"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, outside_name="", outside_organisation="")
                | (Q(recipient__isnull=True) & ~Q(outside_name="") & ~Q(outside_organisation="")),
                name="export_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(until_at__gt=F("asked_at"), until_at__lte=F("asked_at") + timedelta(days=MOST_EXPORT_DAYS)), name="export_ends"
            ),
            models.CheckConstraint(
                condition=Q(children_counted__isnull=True) | Q(children_counted__lte=F("most_children")), name="export_capped"
            ),
            models.CheckConstraint(
                condition=Q(most_children__lte=MOST_CHILDREN) | Q(approval__isnull=False, most_children__lte=MOST_TOGETHER),
                name="export_many_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(delivered_at__isnull=False, children_counted__isnull=False), name="export_ready"
            ),
        )
        indexes = (models.Index(fields=["made_by", "-asked_at"], name="export_made_by"),)

    @property
    def recipient_words(self) -> str:
        """For whom it is."""
        if self.recipient:
            return f"{self.recipient}, {self.recipient.team.agency.name}"
        return f"{self.outside_name}, {self.outside_organisation}"


class ExportFile(models.Model):
    """The file of an export, locked with a key that goes with it when it ends; and every child in it.

    Row security shows it to whoever made it only while every child in it is open to them, and to its recipient only while none is shut.
    """

    record_kind = RecordKind.DISCLOSURE
    append_only = True

    export = models.OneToOneField(Export, primary_key=True, on_delete=models.PROTECT, related_name="file")
    children = ArrayField(models.UUIDField())
    record = models.CharField(max_length=16, help_text="the kind of record that it was read from")
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    content = models.BinaryField()
    secret = models.BinaryField()
    until_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["until_at"], name="export_file_until"),)


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

    # What another authority owes or answers goes on past the birthday; what a parent, a school or anybody else was given does not.
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
