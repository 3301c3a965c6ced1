"""The rows behind the page of measures, as they may leave: each return, how soon it was followed up, and how it is judged."""

from datetime import datetime
from typing import TYPE_CHECKING

from atlas.chronology.models import moment_of
from atlas.gate.context import Subject
from atlas.gate.policy import RecordKind
from atlas.missing.exports import TIMELINESS
from atlas.missing.models import ReturnInterview
from atlas.sharing.exports.lists import CHILD, Column, Exportable
from atlas.sharing.exports.wording import Saying

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _rows(subject: Subject, from_at: datetime, until_at: datetime) -> "QuerySet[ReturnInterview]":
    rows = ReturnInterview.objects.visible_to(subject).filter(returned_at__gte=from_at, returned_at__lt=until_at)
    return rows.select_related("child", "episode", "responsible_authority", "host_authority", "team__agency")


EXPORTS = (
    Exportable(
        "timeliness", "Timeliness, row by row", RecordKind.INTERVIEW, _rows,
        Column(
            Saying(
                "return_time", ("Return", "Moment of return", "Return at", "Return counted from"),
                ("this return counts from {}", "the clock began {}", "counted from the return {}", "the return that is measured was {}"),
            ),
            lambda row: moment_of(row.returned_at, row.returned_precision), ("missing.ReturnInterview.returned_at",),
        ),
        (
            CHILD,
            Column(
                Saying(
                    "offer_minutes", ("Minutes to the offer", "Offer after (minutes)", "Return to offer, minutes", "Offered within (minutes)"),
                    ("minutes until the offer: {}", "the offer followed within minutes: {}", "from return to offer, in minutes: {}", "time to the offer in minutes {}"),
                ),
                lambda row: "" if row.offer_minutes is None else str(row.offer_minutes), ("missing.ReturnInterview.offer_minutes",),
            ),
            Column(
                Saying(
                    "told_minutes", ("Minutes until recorded", "Recorded after (minutes)", "Return to record, minutes", "Written down within (minutes)"),
                    ("minutes until it was recorded: {}", "written down within minutes: {}", "from return to record, in minutes: {}", "minutes to the record {}"),
                ),
                lambda row: "" if row.told_minutes is None else str(row.told_minutes), ("missing.ReturnInterview.told_minutes",), is_usual=False,
            ),
            Column(
                Saying(
                    "outcome", ("Outcome", "Judged as", "Measure", "Counts as"),
                    ("by the limit it was {}", "judged against 72 hours: {}", "the measure counts it as {}", "in the figures it is {}"), TIMELINESS,
                ),
                lambda row: row.timeliness, ("missing.ReturnInterview.timeliness",),
            ),
            Column(
                Saying(
                    "first_outcome", ("Outcome by the first time", "Judged by the first record", "First measure", "Counted at first as"),
                    ("by the time first recorded, {}", "at first it was judged {}", "before any correction: {}", "the first record made it {}"), TIMELINESS,
                ),
                lambda row: row.timeliness_at_first, ("missing.ReturnInterview.timeliness_at_first",), is_usual=False,
            ),
            Column(
                Saying("given_to", ("Interviewing agency", "Agency of the interview", "Interview given to", "Asked to interview")),
                lambda row: row.team.agency.name if row.team else "", ("missing.ReturnInterview.team",),
            ),
        ),
    ),
)  # fmt: skip
