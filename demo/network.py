"""Links around one child of Fernleigh: friends, an adult of whom the panel speaks, a group and a place; how it grew over the year, and one that is over. Invented."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.connections.grades import Information, Source
from atlas.connections.grounds import Grounds
from atlas.connections.models import Group, PersonOfConcern
from atlas.exploitation.queries import current_assessment
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind, Purpose
from atlas.network.codes import Capacity, Confidence, DrawnIn, LinkKind
from atlas.network.commands import LinkGiven, end_link, record_link
from atlas.network.commands.together import search_together
from atlas.network.jobs import errand_of
from atlas.network.models import Link
from atlas.places.models import Place
from atlas.running.behalf import carry

MOST = 5
WORKER, MANAGER = "social.worker", "team.manager"


def tie(named: Mapping[str, Post], now: datetime) -> None:
    """The children whom one worker has known for some time, the last by name first; the manager writes what they and the panel know of them."""
    at, manager = now - timedelta(hours=3), named[MANAGER]
    with acting_as(named[WORKER], now):
        held = Relationship.live(now).filter(kind=Kind.ALLOCATED, holder_post=named[WORKER], child__isnull=False)
        children = [
            one for one in Child.objects.filter(pk__in=held.values("child")).order_by("-name", "born_on") if _may_be_tied(one, now)
        ][:MOST]
    with acting_as(manager, at) as subject:
        seen = set(Child.objects.visible_to(subject).filter(pk__in=[one.pk for one in children]).values_list("pk", flat=True))
        adult, group = PersonOfConcern.objects.order_by("added_at").first(), Group.objects.order_by("added_at").first()
        place = Place.objects.order_by("added_at").first()
    children = [one for one in children if one.pk in seen]
    if len(children) < 2:
        return
    first, *others = children
    of: dict[str, Any] = {"by": manager, "at": at}
    for number, other in enumerate(others):
        more = {"other_capacity": Capacity.ASSOCIATE, "first_seen_on": day_of(now - timedelta(days=240 - 60 * number))}
        record_link(
            child=first if number < 2 else others[number - 2],
            end=other,
            given=_given(LinkKind.FRIENDS, "A form tutor, this term", **more),
            **of,
        )
    if adult is not None:
        drawn = {"drawn_in": DrawnIn.BY_OTHER, "drawn_in_words": f"{first.name}, in a return interview", "confidence": Confidence.HIGH}
        known = {"capacity": Capacity.HARMED, "first_seen_on": day_of(now - timedelta(days=70)), **drawn}
        record_link(child=first, end=adult, given=_given(LinkKind.GIVEN, "The child, in a return interview", **known), **of)
        only_seen = _given(LinkKind.SEEN, "A patrol, last month", first_seen_on=day_of(now - timedelta(days=35)), capacity=Capacity.AT_RISK)
        record_link(child=others[-1], end=adult, given=only_seen, **of)
    if group is not None and _is_screened(first, manager, at):
        record_link(child=first, end=group, given=_given(LinkKind.FRIENDS, "Two parents", capacity=Capacity.COERCED), **of)
    if place is not None:
        given = _given(LinkKind.STAYS, "Return interviews", first_seen_on=day_of(now - timedelta(days=120)), capacity=Capacity.AT_RISK)
        record_link(child=others[0], end=place, given=given, **of)
        over: Link = record_link(child=first, end=place, given=given, **of)
        end_link(link=over, words="They go elsewhere since the summer.", is_error=False, by=manager, at=now - timedelta(hours=2))


def look_together(named: Mapping[str, Post], now: datetime) -> None:
    """The head of service asks who is missing together, and the job looks."""
    head, at = named["head.of.service"], now - timedelta(hours=5)
    search = search_together(by=head, at=at)
    carry(Behalf(head.pk, Purpose.SECTION_17, str(search.pk)), errand_of(search.pk), lambda: at)


def _may_be_tied(child: Child, now: datetime) -> bool:
    age = child.age_on(day_of(now))
    return age is not None and 11 <= age <= 17


def _is_screened(child: Child, manager: Post, at: datetime) -> bool:
    with acting_as(manager, at):
        return current_assessment(child) is not None


def _given(kind: LinkKind, source: str, **more: Any) -> LinkGiven:
    grounds = Grounds(
        "They were seen to spend evenings together, and say so themselves.", "Keeping children safe", source,
        source=Source.RELIABLE, information=Information.CORROBORATED,
    )  # fmt: skip
    held: dict[str, Any] = {"capacity": Capacity.ASSOCIATE, "confidence": Confidence.MODERATE, **more}
    return LinkGiven(kind, grounds=grounds, **held)
