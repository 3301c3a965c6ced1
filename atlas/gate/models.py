"""Relationships and blocks on which the gate decides, and the record of acts and looks."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from atlas.gate.ageing import Ages
from atlas.gate.context import Subject
from atlas.gate.events import Event
from atlas.gate.policy import PROPOSAL_LIFE, Kind, Permission, RecordKind, Sensitivity
from atlas.gate.seen import note_seen
from atlas.gate.shown import GatedQuerySet


def version_field() -> "models.PositiveIntegerField[Any, Any]":
    """How often a record has been changed, and one: counted by the database itself at every change, so that no code can forget it."""
    return models.PositiveIntegerField(default=1, editable=False)


class AboutChild(models.Model):
    """A row about one child. Every such table is gated, has row security, and names the kind of record it holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    version = version_field()

    objects = GatedQuerySet.as_manager()

    record_kind: ClassVar[RecordKind]
    # written_as: the kind by which its rows are written, where that is another than the one by which they are read
    append_only: ClassVar[bool] = False
    # Columns of this table that hold the child's authorities; without them the policy looks the child up.
    authority_columns: ClassVar[tuple[str, ...]] = ()
    # Whether only those who may write such rows about the child read them; whether none but the gate's own functions
    # write any (or "adds": add any); the column that must name whoever adds one; and the column of a post that reads the row too, while anything opens the child to it.
    only_writers_read: ClassVar[bool] = False
    only_gate_writes: ClassVar[bool | str] = False
    own_column: ClassVar[str] = ""
    own_reads: ClassVar[str] = ""
    # Whether the author agency decides who reads a row: nobody else ("alone"), or others as its handling says ("by handling").
    obeys_author: ClassVar[str] = ""
    # The kind of record whose writers may add a row as an effect, though they may neither read nor change it; and how new it must be (in SQL).
    added_as: ClassVar[tuple[RecordKind, str] | None] = None
    # By what a row ages, for kinds of record of which some relationship opens only what is recent (policy.AGEING).
    ages: ClassVar[Ages | None] = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> Self:
        row = super().from_db(db, field_names, values, **options)
        if "child_id" in row.__dict__:
            note_seen(row.__dict__["child_id"])
        return row


class Relationship(AboutChild):
    """A live reason to open a child (or, held by a duty, an authority's children): who, what kind, from when until when."""

    record_kind = RecordKind.RELATIONSHIP
    written_by_gate: ClassVar[bool] = True  # break-glass alone: whoever breaks it may write nothing about the child

    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+", null=True)  # type: ignore[assignment]
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.value) for kind in Kind if kind is not Kind.LINE])
    holder_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    holder_team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, related_name="+", null=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=200)
    source_label = models.CharField(max_length=60)
    source_id = models.UUIDField(null=True)
    granted_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(child__isnull=False, authority__isnull=True) | Q(child__isnull=True, authority__isnull=False),
                name="relationship_child_or_authority",
            ),
            models.CheckConstraint(
                condition=Q(holder_post__isnull=False, holder_team__isnull=True) | Q(holder_post__isnull=True, holder_team__isnull=False),
                name="relationship_post_or_team",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=models.F("from_at")), name="relationship_ends_after_start"
            ),
        )
        indexes = (
            models.Index(fields=["holder_post", "kind"], name="relationship_post"),
            models.Index(fields=["holder_team", "kind"], name="relationship_team"),
            models.Index(fields=["child", "kind"], name="relationship_child"),
            models.Index(fields=["source_id"], name="relationship_source"),
        )

    @classmethod
    def live(cls, at: datetime) -> "models.QuerySet[Relationship]":
        """Relationships that hold at that moment."""
        return cls.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at)


class BlockSource(models.TextChoices):
    """Why somebody is shut out. Only what one declared oneself does one see; the others are silent."""

    DECLARED = "declared", "The worker knows the family"
    MANAGER = "manager", "Entered by a manager"
    WISH = "wish", "The child or a parent asked that this worker be kept out"
    SUGGESTION = "suggestion", "A suggestion, accepted"
    ALLEGATION = "allegation", "Something was said about the worker"


class Block(AboutChild):
    """This person never opens this child, in any post and through any relationship: a tie to the family, or the child's wish."""

    record_kind = RecordKind.CONFLICT

    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=200)
    source = models.CharField(max_length=12, choices=BlockSource.choices, default=BlockSource.DECLARED)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    lifted_because = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True, help_text="when the manager was told of what the worker declared")

    class Meta:
        indexes = (models.Index(fields=["user", "child"], name="block_user_child"),)


class Restriction(AboutChild):
    """This child is guarded: restricted (a relationship and a name on the list) or hidden (for all others the child does not exist)."""

    record_kind = RecordKind.GUARD
    append_only = True
    ends_by = "until_at"

    sensitivity = models.CharField(max_length=12, choices=[(level.value, level.value) for level in Sensitivity if level != "standard"])
    because = models.CharField(max_length=200)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["child"], name="restriction_child"),)


class NamedHolder(AboutChild):
    """A named holder: a post or team on the list of names of a guarded child."""

    record_kind = RecordKind.GUARD
    append_only = True
    ends_by = "until_at"

    holder_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    holder_team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, related_name="+", null=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    named_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=200, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(holder_post__isnull=False, holder_team__isnull=True) | Q(holder_post__isnull=True, holder_team__isnull=False),
                name="named_post_or_team",
            ),
        )
        indexes = (models.Index(fields=["child"], name="named_child"),)


class ProposalQuerySet(GatedQuerySet):
    """Proposals, each open to those who may do what it proposes."""

    def visible_to(self, subject: Subject, record: RecordKind | None = None) -> Self:
        """The proposals of what the subject's role may do, about children to whom the subject may do it; as row security decides."""
        from atlas.gate.queries import proposals_open_to  # as above

        return self.filter(proposals_open_to(subject, self.model))


class Proposal(AboutChild):
    """An act that takes two people, as the first one put it: done only when a second person approves it.

    Never altered but for its state; the database itself sets who proposed it and who decided it (`gate_two_persons` in install.sql).
    """

    record_kind = RecordKind.GUARD

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "Waiting for a second person"
        APPROVED = "approved", "Approved and done"
        NOT_APPROVED = "not_approved", "Not approved"
        WITHDRAWN = "withdrawn", "Taken back"

    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+", null=True)  # type: ignore[assignment]
    permission = models.CharField(max_length=60)
    command = models.CharField(max_length=60)
    about_label = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    arguments = models.JSONField(help_text="what the command is called with: records by their ids; never a sealed value")
    content = models.CharField(max_length=64, help_text="the hash of the command, its arguments and the records as they were then")
    because = models.CharField(max_length=500)
    purpose = models.CharField(max_length=24)
    proposed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    decided_because = models.CharField(max_length=500, blank=True)
    decided_tx = models.BigIntegerField(null=True, editable=False, help_text="the transaction in which it was decided, and done")

    objects = ProposalQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True) | (~Q(state="waiting") & Q(decided_by__isnull=False)),
                name="proposal_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=models.F("proposed_by")), name="proposal_approved_by_another_post"
            ),
            models.CheckConstraint(condition=Q(expires_at__lte=models.F("proposed_at") + PROPOSAL_LIFE), name="proposal_expires"),
        )
        indexes = (models.Index(fields=["expires_at"], condition=Q(state="waiting"), name="proposal_waiting"),)

    def is_waiting(self, at: datetime) -> bool:
        """Whether a second person may still approve it."""
        return self.state == self.State.WAITING and self.expires_at > at


class Outcome(models.TextChoices):
    DONE = "done", "done"
    PROPOSED = "proposed", "proposed to a second person"
    REFUSED = "refused", "refused"


class Recorded(models.Model):
    """A row of the record of acts and looks (protection.md section 5). Never altered: neither grant nor trigger lets anybody.

    `id`, `tx` and `written_at` are set by the database, whatever the service says: a number that counts acts and looks
    together, the transaction (by whose end the sealer knows that a row is settled), and the server's own time. A column
    that is added later must be NULL in the rows that were there before: what is NULL is not part of a sealed row.
    """

    record_kind = RecordKind.AUDIT
    append_only: ClassVar[bool] = True
    never_altered: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    tx = models.BigIntegerField(db_default=0)
    event = models.CharField(max_length=16)
    written_at = models.DateTimeField(db_default=Now())
    # Plain ids, no foreign keys: the record of acts never stands in the way of the live data, nor goes with it.
    relationships = ArrayField(models.UUIDField(), null=True)
    session = models.CharField(max_length=64, blank=True)
    request = models.CharField(max_length=32, null=True)
    device = models.CharField(max_length=10, null=True)
    network = models.CharField(max_length=44, null=True)
    purpose = models.CharField(max_length=24, null=True)
    on_behalf = models.CharField(
        max_length=60, null=True, help_text="the job by which the service did it on the post's behalf; empty: the post itself"
    )
    policy = models.CharField(max_length=16)

    objects = GatedQuerySet.as_manager()

    class Meta:
        abstract = True


class Act(Recorded):
    """One command, done or refused, or a sign-in: who, in which post, what, about whom, when, under which policy."""

    command = models.CharField(max_length=60)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    decision = models.CharField(max_length=40)
    post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", db_constraint=False, null=True)
    signed_in = models.UUIDField(null=True)  # the user who signs in or out, before any post acts
    guest = models.UUIDField(null=True)  # the guest request under whose link somebody without an account acts: no post does
    child_id = models.UUIDField(null=True)
    about_label = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    result_label = models.CharField(max_length=60, blank=True)
    result_id = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=80, null=True)
    content = models.CharField(max_length=64, blank=True, default="", help_text="the hash of what was sent under the key")
    acted_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=1)
    proposed_by = models.UUIDField(null=True)  # the first post, where the act took two people; `post` is the second

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["post", "command", "key"],
                condition=Q(key__isnull=False, outcome__in=["done", "proposed"]),
                name="act_once_per_key",
            ),
        )
        indexes = (
            models.Index(fields=["child_id", "-acted_at"], name="act_child"),
            BrinIndex(fields=["tx"], name="act_tx", autosummarize=True, pages_per_range=32),
            # How often somebody without an account was refused from one network lately; and what was done under one link.
            models.Index(fields=["network", "acted_at"], name="act_guest_network", condition=Q(event=Event.GUEST.value)),
            models.Index(fields=["guest"], name="act_guest", condition=Q(guest__isnull=False)),
        )


class Look(Recorded):
    """One page shown: who looked, in which post, at which children, through which relationship, when."""

    page = models.CharField(max_length=60)
    post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    about_child = models.UUIDField(null=True)  # the one child whom the page is about; a list is about none
    children = ArrayField(models.UUIDField())
    through = ArrayField(models.CharField(max_length=24))
    terms = ArrayField(models.CharField(max_length=60), null=True)  # of a search; hashed where no child found is called so
    decision = models.CharField(max_length=20, null=True)
    looked_at = models.DateTimeField()

    class Meta:
        indexes = (
            GinIndex(fields=["children"], name="look_children"),
            models.Index(fields=["session", "page", "-looked_at"], name="look_session_page"),
            models.Index(fields=["looked_at"], name="look_looked_at"),
            # When this post last looked at this child: under row security an index over `children` cannot be asked.
            models.Index(fields=["post", "about_child", "page", "-looked_at"], name="look_last"),
            BrinIndex(fields=["tx"], name="look_tx", autosummarize=True, pages_per_range=32),
        )


class Draft(models.Model):
    """What a person has typed into a form and not yet sent: theirs alone, for twelve hours, and no part of any record.

    Row security shows it to its owner only, and not while the child whom it is about is closed to them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("agencies.User", on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=80)
    record = models.CharField(max_length=160, blank=True, help_text="the rest of the page's path: ids, never a name")
    child = models.ForeignKey("children.Child", on_delete=models.CASCADE, related_name="+", null=True)
    typed = models.JSONField(help_text="what stood in each box; never of a field that is sealed or secret")
    key = models.CharField(max_length=80, blank=True, help_text="the form's own key, so that what is put back is still sent once")
    saved_at = models.DateTimeField()

    record_kind = RecordKind.CHILD

    objects = GatedQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "page", "record"], name="draft_one_for_each_page"),)
        indexes = (models.Index(fields=["saved_at"], name="draft_saved_at"),)


__all__ = [
    "AboutChild", "Act", "Block", "BlockSource", "Draft", "GatedQuerySet", "Look",
    "NamedHolder", "Outcome", "Permission", "Proposal", "Relationship", "Restriction", "version_field",
]  # fmt: skip
