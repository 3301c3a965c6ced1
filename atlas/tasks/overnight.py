"""What follows with the morning: a time limit that passed at night waits for it, and what nobody has taken over by 10:00 climbs. Called by tick."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.clocks.models import Clock
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.tasks.commands import overnight_line
from atlas.tasks.models import Alert, OvernightLine
from atlas.tasks.rules import taken_over_by

BATCH = 500


def note_missed(alerts: Iterable[tuple[Clock, Alert]], at: datetime) -> None:
    """Put the time limits that passed at this moment on the list of the morning, if it is night."""
    words = Alert.Reason.CLOCK_MISSED.label
    lines = [
        overnight_line(
            what=f"{words}: {clock.limit_name}", child_id=clock.child_id, authority_id=clock.authority_id, entry_id=clock.started_by_id,
            about=(clock.about_label, clock.about_id), owner=(alert.owner_post_id, alert.owner_team_id), at=at,
        )
        for clock, alert in alerts
    ]  # fmt: skip
    OvernightLine.objects.bulk_create([line for line in lines if line is not None])


def climb_overnight(*, by: Post, at: datetime) -> int:
    """Raise one alert for each child whose night nobody took over in time; the ladder tells people of it. Returns how many."""
    raised = 0
    while lines := _late(by, at):
        raised += lines
    return raised


def _late(by: Post, at: datetime) -> int:
    with acting_as(by, at):
        day = day_of(at)
        last = day if at >= taken_over_by(day) else day - timedelta(days=1)
        due = OvernightLine.objects.filter(accepted_at__isnull=True, climbed_at__isnull=True, morning_on__lte=last)
        lines = list(due.order_by("child_id", "noted_at", "pk").select_for_update(skip_locked=True)[:BATCH])
        OvernightLine.objects.filter(pk__in=[line.pk for line in lines]).update(climbed_at=at)
        firsts = {line.child_id: line for line in reversed(lines)}
        Alert.objects.bulk_create(_alert(line, at) for line in firsts.values())
    return len(firsts)


def _alert(line: OvernightLine, at: datetime) -> Alert:
    return Alert(
        child_id=line.child_id, reason=Alert.Reason.NOT_TAKEN_OVER, entry_id=line.entry_id, authority_id=line.authority_id,
        owner_post_id=line.owner_post_id, owner_team_id=line.owner_team_id, raised_at=at, climbs_at=at, about_label=OvernightLine._meta.label,
        about_id=line.pk,
    )  # fmt: skip
