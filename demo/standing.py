"""What stands on the director's list: a child judged at the highest level after the discussion, held in view with a discussion to come; the other stays unnamed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.meetings.commands.calling import Called, call_meeting
from atlas.meetings.commands.inviting import Asked, invite
from atlas.meetings.commands.standing import hold_in_view
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from demo.exploitation import judge_highest

WHY = "Housing and police do not agree who acts on the flat opposite, and nobody has asked licensing."


def hold(named: dict[str, Post], children: Sequence[Child], now: datetime) -> None:
    """The first of these children: judged, held in view by the director, and a discussion that she chairs in two days."""
    director = named["director"]
    for child in children[:1]:
        judge_highest(child, named["social.worker"], now - timedelta(days=8))
        at, review_on = now - timedelta(hours=6), day_of(now + timedelta(days=21))
        seen = hold_in_view(child_id=child.pk, because=WHY, review_on=review_on, by=director, at=at)
        called = Called(
            SHIPPED_BY_KEY["review_strategy_discussion"],
            now + timedelta(days=2),
            director,
            60,
            named["minute.taker"],
            "The civic centre, room 1",
        )
        meeting = call_meeting(child=seen, called=called, why=WHY, by=director, at=at)
        for username in ("social.worker", "team.manager", "police.exploitation", "health.nurse", "housing.manager"):
            invite(meeting=meeting, asked=Asked(post=named[username]), by=director, at=at)
