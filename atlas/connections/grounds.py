"""What is held of somebody or something that is no child: on what grounds, from what source, how surely, until when (protection.md 3.4, practice.md 4.12).

An entry that was not looked at again in time is shown to nobody but its own agency, which looks at it or removes it; soon after, it is deleted.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.agencies.queries import expect_served
from atlas.connections.grades import Information, Source
from atlas.connections.rules import expires_on, review_on
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.models import version_field
from atlas.gate.policy import REGIME_WORDS, RecordKind
from atlas.gate.rules import Decision

if TYPE_CHECKING:
    from atlas.agencies.models import Post


class Grounded(models.Model):
    """What is held on grounds: what is known, what for, says who, graded how, written by whom, and until when it is shown and kept."""

    why = models.TextField(help_text="what is known that makes it matter: facts, and who saw them")
    purpose_words = models.CharField(max_length=200, help_text="what it is held for")
    regime = models.CharField(
        max_length=8, choices=[(one.value, words) for one, words in REGIME_WORDS.items()], help_text="the lawful basis"
    )
    source_words = models.CharField(max_length=200, help_text="who says so, and as of when")
    source = models.CharField(max_length=1, choices=Source.choices)
    information = models.CharField(max_length=1, choices=Information.choices)
    added_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    reviewed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_on = models.DateField(help_text="shown until this day, if it is not looked at again")
    expires_on = models.DateField(help_text="deleted after this day, if it is not looked at again")

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(condition=Q(expires_on__gt=F("review_on")), name="%(class)s_expires_after_review"),
            models.CheckConstraint(condition=~Q(why="") & ~Q(purpose_words="") & ~Q(source_words=""), name="%(class)s_has_grounds"),
        )


class OnGrounds(Grounded):
    """An entry with its grounds. It names no child; row security: `gate/grounds.py`."""

    # About no child: its own rules say who reads it.
    record_kind = RecordKind.RELATIONSHIP
    looked_at_as: ClassVar[str] = ""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+", help_text="that wrote it down and answers for it"
    )
    version = version_field()

    class Meta(Grounded.Meta):
        abstract = True

    def is_current(self, day: date) -> bool:
        """Whether it is shown on that day to others than its own agency."""
        return self.review_on >= day


@dataclass(frozen=True)
class Grounds:
    """Why something is held: what is known, what for, on what basis, says who, graded how."""

    why: str
    purpose_words: str
    source_words: str
    regime: str = "uk_gdpr"
    source: str = Source.UNTESTED
    information: str = Information.NOT_CORROBORATED


def put_grounds(entry: Grounded, grounds: Grounds, by: "Post", at: datetime) -> None:
    """Write the grounds of an entry, and from when it must have been looked at again. Raises Invalid for a point that nobody answered."""
    for value, field, said in (
        (grounds.why, "why", "Write what is known, as facts, and who saw them."),
        (grounds.purpose_words, "purpose_words", "Write what it is held for."),
        (grounds.source_words, "source_words", "Write who says so, and as of when."),
    ):
        if not value.strip():
            raise Invalid(said, field)
    entry.why, entry.purpose_words = grounds.why.strip(), grounds.purpose_words.strip()[:200]
    entry.source_words, entry.regime = grounds.source_words.strip()[:200], grounds.regime
    entry.source, entry.information = grounds.source, grounds.information
    day = day_of(at)
    entry.review_on = review_on(by.team.agency.kind, day)
    entry.expires_on = expires_on(entry.review_on)


def renew(entry: OnGrounds, grounds: Grounds, by: "Post", at: datetime) -> None:
    """Let an entry stand anew, for the grounds as they are now, as an effect of the command that runs now. Raises Refused for another agency's."""
    if entry.agency_id != by.team.agency_id:
        raise Refused("renew", acting_subject(), Decision.NO_RELATIONSHIP, entry)
    put_grounds(entry, grounds, by, at)
    entry.reviewed_by, entry.reviewed_at = by, at


def put_first(entry: OnGrounds, by: "Post", at: datetime) -> None:
    """Write who added an entry, and for which authority. Raises Invalid for a post whose agency serves none."""
    entry.authority, entry.agency, entry.added_by, entry.added_at = expect_served(by), by.team.agency, by, at
