"""Two children of one family in Fernleigh who were missing together: one report, one return, an interview owed to each."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.connections.models import Tie
from atlas.gate.context import acting_as
from atlas.missing.commands.report import Report
from atlas.missing.commands.together import record_return_together, report_missing_together
from atlas.missing.models import Episode
from atlas.missing.workflow import EpisodeState
from atlas.sealed.models import SealedLocation

FAMILIES = 40


def go_together(named: Mapping[str, Post], now: datetime) -> None:
    """The first family, by id, of whom two are of an age to go and neither is missing; nobody where there is none. Both are back by now."""
    coordinator = named["missing.coordinator"]
    went = now - timedelta(hours=20)
    pair = _pair(coordinator, went)
    if pair is None:
        return
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
        ties = Tie.objects.visible_to(subject).filter(kind=Tie.Kind.SIBLING, until_at__isnull=True).order_by("pk")[:FAMILIES]
        children = Child.objects.visible_to(subject).in_bulk([end for tie in ties for end in (tie.child_id, tie.tied_id)])
        sealed = set(SealedLocation.objects.filter(until_at__isnull=True, child__in=children).values_list("child", flat=True))
        missing = set(Episode.objects.filter(child__in=children, reported_at__gte=at - timedelta(days=30)).values_list("child", flat=True))
        for tie in ties:
            both = children.get(tie.child_id), children.get(tie.tied_id)
            if both[0] and both[1] and all(_may_go(one, at) and one.pk not in sealed | missing for one in both if one):
                return both[0], both[1]
    return None


def _may_go(child: Child, at: datetime) -> bool:
    age = child.age_on(at.date())
    return age is not None and 10 <= age <= 16 and " " in child.name
