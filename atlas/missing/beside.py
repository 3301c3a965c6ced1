"""A police report of an episode that was typed here already stands beside it: the same time away is one missing episode, and counts once."""

from django.db.models import Q

from atlas.children.models import Child
from atlas.feeds.handling import Carrying
from atlas.gate.context import acting_as
from atlas.missing.codes import Grade, PoliceStatus
from atlas.missing.commands.comparison import PoliceSays
from atlas.missing.commands.episode import has_live_marker, record_police_grade, record_police_reference
from atlas.missing.models import Episode
from atlas.missing.queries.comparison import side_of
from atlas.missing.rules.agreement import SAME_EPISODE, Side, is_same_episode
from atlas.missing.rules.grades import may_grade
from atlas.missing.workflow import OPEN_EPISODE, EpisodeState


def typed_here(child: Child, says: PoliceSays, carrying: Carrying) -> Episode | None:
    """The episode of this child that tells of the same time away and that this force has not reported yet: the one that begins nearest."""
    first = says.reported.earliest
    if first is None:
        return None
    police = Side(says.reported, says.returned, says.returned is not None or says.status == PoliceStatus.FOUND)
    with acting_as(carrying.by, carrying.at):
        near = Q(state__in=OPEN_EPISODE) | Q(returned_at__gte=first - SAME_EPISODE.time) | Q(reported_at__gte=first - SAME_EPISODE.time)
        found = Episode.objects.filter(near, child=child, is_historic=False).exclude(state=EpisodeState.WITHDRAWN)
        episodes = list(found.exclude(police_reports__force=says.force).select_related("child"))
    same = [episode for episode in episodes if is_same_episode(police, side_of(episode))]
    return min(same, key=lambda episode: abs(episode.reported_at - first), default=None)


def fill_in(episode: Episode, says: PoliceSays, carrying: Carrying) -> Episode:
    """Take over what our record lacks, and only the police can know: their reference, and their grade. All else is asked about, never changed."""
    if not episode.police_reference and episode.state != EpisodeState.WITHDRAWN:
        episode = record_police_reference(
            episode=episode, police_reference=says.force_reference, force=says.force, told_at=says.reported, by=carrying.by, at=carrying.at
        )
    with acting_as(carrying.by, carrying.at):
        may = (
            says.grade
            and not episode.grade
            and may_grade(says.grade, has_exploitation_marker=has_live_marker(episode.child), named_reason="")
        )
    if may:
        record_police_grade(
            episode=episode, grade=Grade(says.grade), graded_at=says.as_at, grader=says.force, by=carrying.by, at=carrying.at
        )
    return episode
