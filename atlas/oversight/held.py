"""What a post holds, and to whom it may be given: for the worker and for the line."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from atlas.agencies.models import Post, Shift
from atlas.agencies.queries import posts_standing
from atlas.allocation.models import Allocation, Promise, TrustedAdult
from atlas.allocation.queries import promises_to, trusted_by
from atlas.children.models import Child
from atlas.clocks.models import Clock
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.policy import ROLES, Permission
from atlas.missing.models import Appointment, ReturnInterview
from atlas.missing.workflow import OPEN_INTERVIEW, InterviewState
from atlas.plans.models import PlanLine
from atlas.plans.queries.lists import lines_owned_by
from atlas.tasks.models import Task


@dataclass
class Held:
    """What a post holds of one child: whether it works with the child, what is to be done, what runs, whom it is to meet; and what was promised
    to the child, and whom the child trusts.
    """

    child: Child
    capacities: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    interviews: list[tuple[ReturnInterview, datetime | None]] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    trusted: list[TrustedAdult] = field(default_factory=list)
    plan_lines: list[PlanLine] = field(default_factory=list)


def posts_with_line() -> "QuerySet[Post]":
    """Posts, each with the person, the team and the manager above."""
    return Post.objects.select_related("user", "team__agency", "line_manager")


def held_by(subject: Subject, post: Post) -> bool:
    """Whether the subject may see what this post holds: its own, its line's up to two levels, or (a manager) the team's."""
    return subject.post.pk == post.pk or is_of_line(subject.post, post)


def is_of_line(own: Post, post: Post) -> bool:
    """Whether a post is another's line, up to two levels; or its team's manager."""
    line = (post.line_manager_id, post.line_manager.line_manager_id if post.line_manager else None)
    return own.pk != post.pk and (own.pk in line or (own.role == "manager" and own.team_id == post.team_id))


def leave_with_post() -> "QuerySet[Shift]":
    """Leave, each with the worker and the line above."""
    return Shift.objects.filter(is_leave=True).select_related("post__user", "post__line_manager")


def handover(subject: Subject, post: Post) -> list[Held]:
    """All that a post holds, child by child in the order of their names, as far as the subject sees it."""
    found: dict[UUID, Held] = {}

    def line(child: Child) -> Held:
        return found.setdefault(child.pk, Held(child))

    for allocation in Allocation.objects.visible_to(subject).filter(post=post, until_at__isnull=True).select_related("child"):
        line(allocation.child).capacities.append(str(allocation.get_capacity_display()))
    tasks = Task.objects.visible_to(subject).filter(owner_post=post, state=Task.State.OPEN).select_related("child", "clock")
    for task in tasks.order_by("due_at", "pk"):
        line(task.child).tasks.append(task)
    booked = Max("appointments__meets_at", filter=Q(appointments__came=Appointment.Came.PLANNED))
    interviews = ReturnInterview.objects.visible_to(subject).filter(interviewer=post, state__in=[*OPEN_INTERVIEW, InterviewState.HELD])
    for interview in interviews.select_related("child").annotate(meets_at=booked):
        line(interview.child).interviews.append((interview, interview.meets_at))
    for one in lines_owned_by(subject, post):
        line(one.child).plan_lines.append(one)
    clocks = Clock.objects.visible_to(subject).filter(child__in=list(found), outcome=Clock.Outcome.RUNNING)
    for clock in clocks.order_by("due_at", "pk"):
        found[clock.child_id].clocks.append(clock)
    for promise in promises_to(subject, found):
        found[promise.child_id].promises.append(promise)
    for adult in trusted_by(subject, found):
        found[adult.child_id].trusted.append(adult)
    return sorted(found.values(), key=lambda held: (held.child.name.casefold(), held.child.pk))


def colleagues(subject: Subject, post: Post) -> list[Post]:
    """To whom a post's work may be given: who stands in its team or in the subject's line, not the post itself."""
    near = Q(team=post.team_id) | Q(line_manager=subject.post) | Q(pk=subject.post.pk)
    roles = [role.key for role in ROLES if Permission.COMPLETE_TASK in role.permissions]
    posts = posts_standing(day_of(subject.at)).filter(near, role__in=roles, is_service=False).exclude(pk=post.pk)
    return list(posts.order_by("user__last_name", "user__first_name", "pk"))


def posts_of_line(subject: Subject) -> list[Post]:
    """The subject's own post, and those of its team and line: also those that have ended, while they still hold something there."""
    own = subject.post
    near = Q(line_manager=own) | Q(pk=own.pk) | (Q(team=own.team_id) if own.role == "manager" else Q(pk=own.pk))
    return list(
        Post.objects.filter(near, is_service=False).select_related("user", "team").order_by("user__last_name", "user__first_name", "pk")
    )


def leave_of(post: Post, at: datetime) -> "QuerySet[Shift]":
    """When a post is, or will be, away, and who covers."""
    away = Shift.objects.filter(post=post, is_leave=True, until_at__gt=at)
    return away.select_related("covered_by__user").order_by("from_at")
