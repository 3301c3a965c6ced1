"""A meeting of some kind, its agenda, and who is asked to it as what. Row security: `gate/meetings.sql` and `gate/own.py`."""

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q

from atlas.design.words import reference_of
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild, version_field
from atlas.gate.policy import RecordKind
from atlas.meetings.codes import About, Answer, Attended, ItemKind, Part, Reply, Settles
from atlas.meetings.codes import Group as Speaks
from atlas.meetings.rules.kinds import MeetingKind

if TYPE_CHECKING:
    from atlas.connections.models import Group, PersonOfConcern
    from atlas.places.models import Place


class LocalMeetingKind(models.Model):
    """A local meeting kind, which a council added: the same facts as those Atlas comes with (`rules/kinds.py`). Names no child."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=9, choices=About.choices)
    chaired_by = ArrayField(models.CharField(max_length=24), help_text="roles")
    quorum = ArrayField(models.CharField(max_length=13, choices=Speaks.choices), default=list)
    answers = ArrayField(models.CharField(max_length=20))
    settles = ArrayField(models.CharField(max_length=11, choices=Settles.choices), default=list)
    is_independent = models.BooleanField(default=False)
    with_family = models.BooleanField(default=False)
    record_within = models.PositiveSmallIntegerField(default=5, help_text="working days until the record is out")
    until_age = models.PositiveSmallIntegerField(default=18)
    set_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = version_field()

    def __str__(self) -> str:
        return self.name

    def as_kind(self) -> MeetingKind:
        """As the rules take it."""
        return MeetingKind(
            self.key, self.name, About(self.about), frozenset(self.chaired_by), tuple(Speaks(one) for one in self.quorum),
            tuple(Answer(one) for one in self.answers), tuple(Settles(one) for one in self.settles), self.is_independent, self.with_family,
            self.record_within, self.until_age, f"Set by {self.authority.name}",
        )  # fmt: skip


class Panel(models.Model):
    """A panel or group that meets again and again, with its terms of reference. Names no child."""

    # Which panels there are, and who sits on them, is how people stand to children, and no more.
    record_kind = RecordKind.RELATIONSHIP

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40, help_text="the key of its kind of meeting")
    name = models.CharField(max_length=120, unique=True)
    terms = models.JSONField(default=dict, help_text="point of the terms of reference (rules/terms.py): what was agreed on it")
    every_days = models.PositiveSmallIntegerField(default=28)
    opened_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    review_on = models.DateField(help_text="when its terms are looked at again")
    closed_at = models.DateTimeField(null=True)
    version = version_field()

    def __str__(self) -> str:
        return self.name


class PanelMember(models.Model):
    """Who speaks on a panel for which agency, and who in their place. Names no child; it opens to its post what stands on the panel's agendas without one."""

    record_kind = RecordKind.RELATIONSHIP

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="members")
    post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=13, choices=Speaks.choices)
    part = models.CharField(max_length=12, choices=Part.choices, default=Part.MEMBER)
    deputy = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    named_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    version = version_field()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["panel", "post"], condition=Q(until_at__isnull=True), name="panel_member_once"),)


class Meeting(models.Model):
    """One meeting: of what kind, when and where, and where it stands. It names no child: what is about a child hangs on its items."""

    # That there is a meeting, and who is asked to it, is how people stand to a child, and no more.
    record_kind = RecordKind.RELATIONSHIP

    class State(models.TextChoices):
        CALLED = "called", "Called"
        HELD = "held", "Held, record being written"
        CLOSED = "closed", "Record sent"
        CANCELLED = "cancelled", "Called off"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    kind_name = models.CharField(max_length=80, help_text="as it was called when it was called together")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, null=True, related_name="meetings")
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    starts_at = models.DateTimeField()
    until_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    joining = models.CharField(max_length=300, blank=True, help_text="how to join from afar")
    by_telephone = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.CALLED)
    called_at = models.DateTimeField()
    called_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(null=True)
    quorum_reason = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_because = models.CharField(max_length=300, blank=True)
    version = version_field()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until_at__gt=models.F("starts_at")), name="meeting_ends_after_start"),
            models.CheckConstraint(condition=~Q(state__in=["held", "closed"]) | Q(held_at__isnull=False), name="meeting_held_when"),
            models.CheckConstraint(condition=~Q(state="closed") | Q(closed_at__isnull=False), name="meeting_closed_when"),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(cancelled_because=""), name="meeting_cancelled_because"),
        )
        indexes = (
            models.Index(fields=["authority", "-starts_at"], name="meeting_authority"),
            models.Index(fields=["panel"], name="meeting_panel"),
        )

    def __str__(self) -> str:
        return self.kind_name

    @property
    def reference(self) -> str:
        """What stands for it outside Atlas: eight characters of its own random id, about nobody."""
        return reference_of(self.pk)

    @property
    def is_open(self) -> bool:
        """Whether its record can still be written."""
        return self.state in {self.State.CALLED, self.State.HELD}


class OfMeeting(AboutChild):
    """A row of a meeting: about a child, or about none (a place, a theme)."""

    record_kind = RecordKind.MEETING

    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+", null=True)  # type: ignore[assignment]
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class MeetingItem(OfMeeting):
    """One thing on the agenda: a child, or a person of concern, group, place or theme in words; and why it is there."""

    ages = Ages(by=("ended_at",))

    kind = models.CharField(max_length=6, choices=ItemKind.choices)
    title = models.CharField(max_length=120, blank=True, help_text="of what is no child; a child has its name")
    # What is recorded of somebody who is no child, a group or a place. It may be deleted, and the database then empties these (migration 0005).
    person = models.ForeignKey("connections.PersonOfConcern", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    group = models.ForeignKey("connections.Group", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    came_from = models.OneToOneField(
        "meetings.MeetingDecision",
        on_delete=models.PROTECT,
        null=True,
        related_name="put_as",
        help_text="of another panel or group, which passed it on",
    )
    why = models.TextField(help_text="why it is taken to this meeting")
    number = models.PositiveSmallIntegerField(default=1)
    put_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="when the record was closed, or the meeting called off")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="child", child__isnull=False) | (~Q(kind="child") & Q(child__isnull=True) & ~Q(title="")),
                name="meeting_item_of_one",
            ),
            *(
                models.CheckConstraint(condition=Q(kind=one) | Q(**{f"{one}__isnull": True}), name=f"meeting_item_{one}")
                for one in ("person", "group", "place")
            ),
            *(models.UniqueConstraint(fields=["meeting", one], name=f"meeting_{one}_once") for one in ("person", "group", "place")),
            models.UniqueConstraint(fields=["meeting", "child"], condition=Q(child__isnull=False), name="meeting_child_once"),
        )
        indexes = (models.Index(fields=["child"], name="meeting_item_child"), models.Index(fields=["meeting"], name="meeting_item_meeting"))
        ordering = ("number", "put_at")

    @property
    def name(self) -> str:
        """As it stands on the agenda."""
        held = self.held
        return self.child.name if self.child is not None else held.name if held is not None else self.title

    @property
    def held(self) -> "PersonOfConcern | Group | Place | None":
        """What is recorded of it elsewhere and is open to whoever asks; None where it is a child, in words alone, not looked at again, or deleted."""
        for one in ("person", "group", "place"):
            if getattr(self, f"{one}_id") is not None:
                try:
                    return getattr(self, one)
                except ObjectDoesNotExist:  # row security does not show it
                    return None
        return None


class Invitation(OfMeeting):
    """Who is asked to a meeting, as what, for whom they speak; what they answer, and whether they were there. Of the family: how they were asked, who
    prepared them, what they said beforehand, which part they were there for and why not all (real-life.md point 9).

    It opens the meeting to its post from `opens_at` until `closes_at`. `child`: whose family it is; empty for whoever speaks for an agency.
    """

    ages = Ages(by=("closes_at",), otherwise="invited_at")

    part = models.CharField(max_length=12, choices=Part.choices, default=Part.MEMBER)
    group = models.CharField(max_length=13, choices=Speaks.choices)
    post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=120, blank=True, help_text="name and role of somebody without an account")
    stands_in_for = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="deputy")
    how = models.CharField(max_length=120, blank=True, help_text="how somebody without an account was asked")
    prepared_by = models.CharField(max_length=120, blank=True)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    reply = models.CharField(max_length=11, choices=Reply.choices, blank=True)
    reply_words = models.CharField(max_length=300, blank=True)
    replied_at = models.DateTimeField(null=True)
    view = models.TextField(blank=True, help_text="what somebody of the family said beforehand, in their words")
    attended = models.CharField(max_length=6, choices=Attended.choices, blank=True)
    attended_words = models.CharField(max_length=300, blank=True, help_text="for which part; why not, or why not all")
    is_able_to_decide = models.BooleanField(default=True, help_text="may decide for the agency (practice.md 6.1)")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(post__isnull=False) | ~Q(words=""), name="invitation_of_somebody"),
            models.UniqueConstraint(
                fields=["meeting", "post"], condition=Q(withdrawn_at__isnull=True, post__isnull=False), name="invited_once"
            ),
            models.UniqueConstraint(fields=["meeting"], condition=Q(withdrawn_at__isnull=True, part="chair"), name="meeting_one_chair"),
        )
        indexes = (
            models.Index(fields=["post"], name="invitation_post", condition=Q(withdrawn_at__isnull=True)),
            models.Index(fields=["meeting"], name="invitation_meeting"),
        )

    @property
    def who(self) -> str:
        """Name and role, as others know them."""
        return str(self.post) if self.post is not None else self.words
