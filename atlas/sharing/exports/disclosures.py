"""Decisions on sharing, as a list that may leave: to whom, for what, on which ground, until when; never what was shared, nor why in words."""

from datetime import datetime
from typing import TYPE_CHECKING

from atlas.chronology.models import moment_of
from atlas.gate.context import Subject
from atlas.gate.policy import Mode, RecordKind
from atlas.gate.queries import rows_opened_by
from atlas.sharing.exports.lists import CHILD, Column, Exportable
from atlas.sharing.exports.wording import Saying
from atlas.sharing.models import Disclosure

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _rows(subject: Subject, from_at: datetime, until_at: datetime) -> "QuerySet[Disclosure]":
    """Of children about whom the subject may disclose: whoever was only given something takes none of it out."""
    mine = rows_opened_by(subject, Disclosure, RecordKind.DISCLOSURE, Mode.WRITE)
    rows = Disclosure.objects.filter(mine, made_at__gte=from_at, made_at__lt=until_at)
    return rows.select_related("child", "recipient__user", "recipient__team__agency", "made_by__user", "made_by__team__agency")


EXPORTS = (
    Exportable(
        "disclosures", "Decisions on sharing", RecordKind.DISCLOSURE, _rows,
        Column(
            Saying(
                "decided", ("Decided", "Decision made", "Date of the decision", "Decided on"),
                ("the decision was made {}", "it was decided {}", "somebody decided {}", "the date of deciding was {}"),
            ),
            lambda row: moment_of(row.made_at, "minute"), ("sharing.Disclosure.made_at",),
        ),
        (
            CHILD,
            Column(
                Saying(
                    "sharing_outcome", ("Outcome", "What was decided", "Result", "Decision"),
                    ("the outcome was {}", "what came of it: {}", "it ended as {}", "and the result is {}"),
                    {
                        "shared": ("Shared with them", "Given out", "Information given", "Passed to the recipient"),
                        "refused": ("Not shared", "Withheld", "Information withheld", "Kept back"),
                    },
                ),
                lambda row: row.outcome, ("sharing.Disclosure.outcome",),
            ),
            Column(
                Saying("given_to", ("Recipient", "Who received it", "Given to", "Shared with")),
                lambda row: f"{row.recipient}, {row.recipient.team.agency.name}" if row.recipient else "", ("sharing.Disclosure.recipient",),
            ),
            Column(
                Saying(
                    "open_until", ("Open until", "Ends", "May be read until", "Last moment"),
                    ("it may be read until then: {}", "the access ends {}", "open to the recipient until {}", "sharing stops {}"),
                ),
                lambda row: moment_of(row.until_at, "minute") if row.until_at else None, ("sharing.Disclosure.until_at",),
            ),
            Column(Saying("what_for", ("Purpose", "What for", "Shared for", "In aid of")), lambda row: row.get_purpose_display(), ("sharing.Disclosure.purpose",)),
            Column(
                Saying("ground", ("Lawful ground", "Ground in law", "Ground", "Basis in law")), lambda row: row.get_ground_display(), ("sharing.Disclosure.ground",),
                is_usual=False,
            ),
            Column(
                Saying("decided_by", ("Decided by", "Who decided", "Decision of", "Person deciding")), lambda row: str(row.made_by), ("sharing.Disclosure.made_by",),
            ),
        ),
    ),
)  # fmt: skip
