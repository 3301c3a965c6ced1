"""What the police's own system says of an episode is kept beside ours; where the two differ, one person is asked, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from atlas.agencies.models import Authority
from atlas.chronology.moments import Moment
from atlas.feeds.models import Row
from atlas.flow import lead
from atlas.gate.act import command
from atlas.gate.policy import Permission
from atlas.missing.models import Comparison, Difference, Episode, PoliceReport
from atlas.missing.queries.comparison import Heard, halves_of, has_news, is_news, what_differs
from atlas.missing.rules.agreement import Found
from atlas.missing.whose import response_team
from atlas.tasks.commands import end_tasks_about, make_task

if TYPE_CHECKING:
    from atlas.agencies.models import Post

ANSWER_WITHIN = timedelta(hours=24)  # product default, not law


@dataclass(frozen=True)
class PoliceSays:
    """What one row of a force's delivery says of an episode."""

    force: str
    source_key: str
    force_reference: str
    reported: Moment
    as_at: datetime
    returned: Moment | None = None
    status: str = ""
    grade: str = ""


@command(needs=Permission.RECORD_POLICE_REPORT)
def record_police_report(*, episode: Episode, says: PoliceSays, row: Row | None = None, by: "Post", at: datetime) -> PoliceReport:
    """Keep what the police's own system says of an episode. It changes nothing of ours; the comparison asks where the two differ."""
    assert says.reported.at is not None
    report = PoliceReport.objects.filter(source_key=says.source_key).first() or PoliceReport(
        child=episode.child, source_key=says.source_key
    )
    report.episode, report.force, report.force_reference = episode, says.force, says.force_reference
    report.responsible_authority_id, report.host_authority_id = episode.responsible_authority_id, episode.host_authority_id
    report.reported_at, report.reported_precision = says.reported.at, says.reported.precision
    if says.returned is not None:
        report.returned_at, report.returned_precision = says.returned.at, says.returned.precision
    report.status, report.grade, report.as_at, report.received_at = says.status, says.grade, says.as_at, at
    report.row, report.is_undone = row, False
    report.save(force_insert=report._state.adding)
    return report


@command(needs=Permission.RECORD_POLICE_REPORT)
def set_police_report_aside(*, report: PoliceReport, by: "Post", at: datetime) -> PoliceReport:
    """Compare no longer with what a delivery said that was undone. The record stays."""
    report.is_undone = True
    report.save(update_fields=["is_undone"])
    return report


@command(needs=Permission.ASK_DIFFERENCES)
def ask_differences(*, episode: Episode, heard: Heard, by: "Post", at: datetime) -> list[Difference]:
    """Ask what differs between the two halves of an episode and is not asked yet; let go what agrees by now. Gives the new questions.

    Each becomes one task of the council's missing team. Of what came from before Atlas nothing is asked.
    """
    (halves,) = halves_of([episode])
    found = [] if episode.is_historic else what_differs(halves, heard, at)
    if not has_news(halves, found):
        return []
    differing = {one.differs for one in found}
    still_open = {one.differs: one for one in halves.asked if one.state == Difference.State.OPEN}
    for settled in (one for differs, one in still_open.items() if differs not in differing):
        settled.state, settled.settled_at = Difference.State.AGREED, at
        settled.save(update_fields=["state", "settled_at"])
        end_tasks_about(about_id=settled.pk, at=at)
    asked = []
    for news in (one for one in found if is_news(one, halves.asked)):
        difference = still_open.get(news.differs) or _new(episode, news, at)
        is_new = difference._state.adding
        _let_say(difference, halves.report, news)
        difference.save(force_insert=is_new)
        if is_new:
            _give(difference, at)
            asked.append(difference)
    return asked


def _new(episode: Episode, found: Found, at: datetime) -> Difference:
    return Difference(
        child=episode.child, episode=episode, responsible_authority_id=episode.responsible_authority_id, host_authority_id=episode.host_authority_id,
        differs=found.differs, found_at=at,
    )  # fmt: skip


def _let_say(difference: Difference, report: PoliceReport | None, found: Found) -> None:
    difference.police_report, difference.police_says, difference.council_says = report, found.police_says, found.council_says
    if found.police is not None:
        difference.police_at, difference.police_precision = found.police.at, found.police.precision
    if found.council is not None:
        difference.council_at, difference.council_precision = found.council.at, found.council.precision


def _give(difference: Difference, at: datetime) -> None:
    episode = difference.episode
    post, team = None, response_team(episode.responsible_authority) or response_team(episode.host_authority)
    if team is None:
        post, team = lead(episode.child, at)
    make_task(
        name=f"Police and council records differ: {difference.get_differs_display()}", entry=episode.entry, about=difference, post=post, team=team,
        due_at=at + ANSWER_WITHIN,
    )  # fmt: skip


@command(needs=Permission.RECORD_COMPARISON)
def record_comparison(
    *, authority: Authority, day: date, episodes: int, agreed: int, asked: Sequence[Difference], by: "Post", at: datetime
) -> Comparison:
    """Write down that a day's comparison of an authority was made, and what it came to. A second one of the day takes its place."""
    made = Comparison.objects.filter(authority=authority, day=day).first() or Comparison(authority=authority, day=day)
    made.asked = len(asked) + (made.asked or 0)
    made.compared_at, made.episodes, made.agreed = at, episodes, agreed
    made.save(force_insert=made._state.adding)
    return made
