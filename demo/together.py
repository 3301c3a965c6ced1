"""Two children of one family in Fernleigh who were missing together: one report, one return, an interview owed to each."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.connections.commands import record_tie
from atlas.connections.models import Tie
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.missing.commands.report import Report
from atlas.missing.commands.together import record_return_together, report_missing_together
from atlas.missing.models import Episode
from atlas.missing.workflow import EpisodeState
from atlas.sealed.models import SealedLocation

MOST = 200


def go_together(named: Mapping[str, Post], now: datetime) -> None:
    """Two children, by id, of an age to go, neither of them missing lately, whom the privacy officer has written down as sisters or brothers. Both
    are back by now; nobody goes where there are no two.
    """
    coordinator = named["missing.coordinator"]
    went = now - timedelta(hours=20)
    pair = _pair(coordinator, went)
    if pair is None:
        return
    privacy = named["privacy.officer"]
    record_tie(child=pair[0], other=pair[1], kind=Tie.Kind.SIBLING, grade=Tie.Grade.TOLD, source="Their aunt", by=privacy, at=went)
    report = Report(
        reported=Moment(went), council_told=Moment(went), worry="They did not come home after the match.", tried="Their telephones are off.",
        police_reference="NM/70002/26", police_force="Northmarch Police", reporter_name="Their aunt", clothing="Football kit",
    )  # fmt: skip
    report_missing_together(children=pair, report=report, wore={pair[1].pk: "Jeans and a grey top"}, by=coordinator, at=went)
    with acting_as(coordinator, went):
        episodes = tuple(Episode.objects.filter(child__in=pair, state=EpisodeState.MISSING).select_related("child").order_by("child"))
    back = went + timedelta(hours=6)
    record_return_together(episodes=episodes, returned_at=Moment(back), returned_to="Home", by=coordinator, at=back)


def _pair(coordinator: Post, at: datetime) -> tuple[Child, Child] | None:
    with acting_as(coordinator, at) as subject:
        missing = Episode.objects.filter(reported_at__gte=at - timedelta(days=30)).values_list("child", flat=True)
        sealed = SealedLocation.objects.filter(until_at__isnull=True).values_list("child", flat=True)
        children = Child.objects.visible_to(subject).exclude(pk__in=[*missing, *sealed]).order_by("pk")[:MOST]
        found = [child for child in children if _may_go(child, at)][:2]
    return (found[0], found[1]) if len(found) == 2 else None


def _may_go(child: Child, at: datetime) -> bool:
    age = child.age_on(day_of(at))
    return age is not None and 10 <= age <= 16 and " " in child.name
