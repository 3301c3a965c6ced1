"""Challenges: one's own, those put to one, those of one's meetings; by when the next stage is to be answered."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from atlas.agencies.models import Post
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.queries import in_force
from atlas.meetings.models import Challenge, ChallengeStep
from atlas.meetings.queries.choosing import who_may_come
from atlas.meetings.rules.challenge import limit_of, same_day

if TYPE_CHECKING:
    from atlas.agencies.models import Authority


def challenges_with_people() -> "QuerySet[Challenge]":
    """Challenges with everybody whom a page names."""
    return Challenge.objects.select_related(
        "child", "meeting", "action", "by_agency", "to_agency", "raised_by__user", "put_to__user", "put_from__user"
    ).order_by("closed_at", "due_at", "pk")


def steps_of(challenge: Challenge) -> "QuerySet[ChallengeStep]":
    """What was done of it, the first first."""
    steps = ChallengeStep.objects.filter(challenge=challenge).select_related("made_by__user", "put_to__user", "put_from__user")
    return steps.order_by("made_at", "pk")


def answers_challenge(challenge: Challenge, post: Post) -> bool:
    """Whether it is put to this post now."""
    return challenge.put_to_id == post.pk


def holds_challenge(challenge: Challenge, post: Post) -> bool:
    """Whether this post raised it, or speaks for whoever did at its stage now."""
    return post.pk in {challenge.raised_by_id, challenge.put_from_id}


def due_at_stage(stage: int, *, is_unsafe: bool, authority_id: UUID, at: datetime) -> datetime:
    """By when a challenge that comes to a stage at that moment is answered: by the limit in force in the authority."""
    limit = limit_of(stage, is_unsafe=is_unsafe)
    if limit is None:
        return same_day(at)
    start = Moment(at, Precision.MINUTE)
    held, changes = in_force(limit, authority_id, start)
    due = held.due(start, changes)
    assert due is not None
    return due.latest


def who_may_be_challenged(authority: "Authority", own_agency: UUID, at: datetime) -> "list[Post]":
    """The posts of other agencies that go to meetings, by agency and name."""
    posts = who_may_come(authority, at).exclude(team__agency=own_agency)
    return sorted(posts, key=lambda post: (post.team.agency.name, post.user.name, str(post.pk)))
