"""A transfer of a child from one authority to another, with what was offered and what was answered."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from atlas.chronology.models import Entry
from atlas.gate.act import Invalid
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.transfers.workflow import TRANSFER_STEPS, TransferState


class Transfer(AboutChild):
    """A child is offered to another authority: by whom, to which named manager (or, outside Atlas, to whom), with what, and the answer.

    The authority before stays responsible until the answer is yes. Its own missing coordinator and its deliveries go on reading the row.
    """

    record_kind = RecordKind.ALLOCATION
    authority_columns: ClassVar[tuple[str, ...]] = ("from_authority",)

    state = models.CharField(max_length=9, choices=TransferState.choices, default=TransferState.WAITING)
    from_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    to_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    host_after = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+", help_text="where the child then lives")
    to_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+", help_text="empty: outside Atlas")
    to_words = models.CharField(max_length=240, blank=True, help_text="outside Atlas: who was asked, of which council")
    reason = models.TextField(help_text="why the child moves")
    view = models.JSONField(default=dict, help_text="what whoever is asked reads, frozen; outside Atlas it stands with the link")
    numbers = ArrayField(
        models.CharField(max_length=60), default=list, help_text="by which the first authority's main system knows the child"
    )
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    answer_words = models.TextField(blank=True)
    lead = models.ForeignKey(
        "agencies.Post", on_delete=models.PROTECT, null=True, related_name="+", help_text="who works with the child from then on"
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["child"], condition=Q(state="waiting"), name="transfer_one_waiting"),
            models.CheckConstraint(condition=~Q(from_authority=F("to_authority")), name="transfer_of_two_authorities"),
            models.CheckConstraint(
                condition=Q(to_post__isnull=False, to_words="") | (Q(to_post__isnull=True) & ~Q(to_words="")), name="transfer_asks_somebody"
            ),
            models.CheckConstraint(condition=Q(state="waiting") | Q(answered_at__isnull=False), name="transfer_answered"),
        )
        indexes = (
            models.Index(fields=["to_post"], name="transfer_waiting", condition=Q(state="waiting")),
            models.Index(fields=["from_authority", "-started_at"], name="transfer_from"),
        )

    @property
    def is_outside(self) -> bool:
        """Whether it goes to an authority that does not work in Atlas."""
        return self.to_post_id is None

    @property
    def stays_here(self) -> bool:
        """Whether the child goes on living in the authority before."""
        return self.host_after_id != self.to_authority_id

    def move(self, step: str) -> None:
        """Take one step of the workflow. Raises Invalid where somebody has answered, or taken it back, already."""
        may_start_from, ends_in = TRANSFER_STEPS[step]
        if self.state not in may_start_from:
            raise Invalid("This transfer was answered or taken back already, so nothing was changed. Reload the page.")
        self.state = ends_in
