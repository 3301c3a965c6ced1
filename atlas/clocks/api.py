"""Clocks over HTTP: which time limits run about a record, when they end, and why."""

from datetime import datetime
from uuid import UUID

from ninja import Router, Schema

from atlas.clocks.models import Clock
from atlas.gate.api import operation
from atlas.gate.page import PageRequest
from atlas.gate.policy import Permission

router = Router(tags=["Clocks"])
MOST = 500


class ClockShown(Schema):
    """A time limit that started. `due` and `due_latest` differ where the start is not known exactly; both are empty where it is not known at all."""

    id: UUID
    limit: str
    name: str
    why: str
    about: UUID | None
    started: datetime | None
    due: datetime | None
    due_latest: datetime | None
    outcome: str
    stopped: datetime | None


def clock_shown(clock: Clock) -> ClockShown:
    """A clock as it leaves."""
    return ClockShown(
        id=clock.pk, limit=clock.limit, name=clock.limit_name, why=clock.why, about=clock.about_id, started=clock.started_at, due=clock.due_at,
        due_latest=clock.due_latest_at, outcome=clock.outcome, stopped=clock.stopped_at,
    )  # fmt: skip


@router.get("", response=list[ClockShown])
@operation(needs=Permission.VIEW_MY_WORK)
def view_clocks(request: PageRequest, about: UUID | None = None) -> list[ClockShown]:
    """The clocks about one record (a missing episode, a return interview), or without `about` all that run; the earliest due first, at most 500."""
    clocks = Clock.objects.visible_to(request.subject)
    wanted = clocks.filter(about_id=about) if about else clocks.filter(outcome=Clock.Outcome.RUNNING)
    return [clock_shown(clock) for clock in wanted.order_by("due_at", "pk")[:MOST]]
