"""What another panel or meeting has already decided of a child, so that no child is discussed twice unaware."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections

from atlas.agencies.models import Post
from atlas.chronology.moments import when_words
from atlas.meetings.codes import Answer, Settles
from atlas.meetings.models import Meeting, MeetingDecision, Panel
from atlas.meetings.queries.leading import panel_kinds

LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Elsewhere:
    """That another meeting took a child: of which kind or panel, when, who chaired it; and what it decided, where that is open to whoever asks."""

    child_id: UUID
    meeting_id: UUID
    what: str
    starts_at: datetime
    chair: Post | None
    is_panel: bool
    decision: MeetingDecision | None
    is_over: bool

    @property
    def words(self) -> str:
        """In one sentence, with whom to ask where what was decided is not open."""
        said = f"{self.what}, {when_words(self.starts_at)}"
        if self.decision is not None:
            return f"{said}: {Answer(self.decision.answer).label}"
        if not self.is_over:
            return f"{said}: still to come{self._ask}"
        return f"{said}: what it decided is not open to you, or not written yet{self._ask}"

    @property
    def _ask(self) -> str:
        return f". Ask {self.chair}" if self.chair is not None else ""


def discussed_elsewhere(children: Iterable[UUID], meeting: Meeting | None, at: datetime) -> dict[UUID, list[Elsewhere]]:
    """For each of these children the other meetings of the last year, and to come, on whose agenda the child stood: the latest first. Of the same panel, none: its
    own list says that.
    """
    asked = sorted(set(children))
    if not asked:
        return {}
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT child, item, meeting, panel, kind, kind_name, starts_at, chair FROM gate_discussed(%s::uuid[], %s)",
            [asked, at - LOOKS_BACK],
        )
        rows = [row for row in cursor.fetchall() if meeting is None or not _is_same(meeting, row[2], row[3])]
    decisions = {
        one.item_id: one
        for one in MeetingDecision.objects.filter(item__in=[row[1] for row in rows], settles=Settles.DECISION, replaced_by=None)
    }
    panels = Panel.objects.in_bulk([row[3] for row in rows if row[3]])
    chairs = {
        post.pk: post for post in Post.objects.filter(pk__in=[row[7] for row in rows if row[7]]).select_related("user", "team__agency")
    }
    of_panels = panel_kinds() if rows else set()
    found: dict[UUID, list[Elsewhere]] = {}
    for child, item, of, panel, kind, kind_name, starts_at, chair in rows:
        what = panels[panel].name if panel in panels else kind_name
        one = Elsewhere(child, of, what, starts_at, chairs.get(chair), kind in of_panels, decisions.get(item), starts_at <= at)
        found.setdefault(child, []).append(one)
    return found


def _is_same(meeting: Meeting, other: UUID, panel: UUID | None) -> bool:
    return other == meeting.pk or (panel is not None and panel == meeting.panel_id)
