"""What is to be done, which alerts are open, and whom an alert tells next."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from atlas.agencies.models import Post, Shift, Team
from atlas.agencies.queries import duty_teams, is_away, number_of, on_duty, stand_in
from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.tasks.models import Alert, Notice, OvernightLine, Task
from atlas.tasks.rules import LADDER, Who


def open_tasks(subject: Subject) -> "QuerySet[Task]":
    """What the subject must do, most urgent first: the post's own tasks, those of its team that nobody has taken, and those of whom it covers."""
    away = Shift.objects.filter(covered_by=subject.post, is_leave=True, from_at__lte=subject.at, until_at__gt=subject.at)
    mine = Q(owner_post=subject.post) | Q(owner_team=subject.post.team_id, owner_post__isnull=True) | Q(owner_post__in=away.values("post"))
    tasks = Task.objects.visible_to(subject).filter(mine, state=Task.State.OPEN)
    return tasks.select_related("child", "clock").order_by("due_at", "pk")


def team_tasks(subject: Subject) -> "QuerySet[Task]":
    """What the subject's team must do: its own tasks and those of its posts, most urgent first."""
    team = Q(owner_team=subject.post.team_id) | Q(owner_post__team=subject.post.team_id) | Q(owner_post__line_manager=subject.post)
    tasks = Task.objects.visible_to(subject).filter(team, state=Task.State.OPEN)
    return tasks.select_related("child", "clock", "owner_post__user", "owner_team").order_by("due_at", "pk")


def open_alerts(subject: Subject) -> "QuerySet[Alert]":
    """Every alert that the subject may see and nobody has acknowledged, oldest first.

    Its entry is not joined: not everyone who must see the alert may read the chronology, and a join would lose the alert.
    """
    alerts = Alert.objects.visible_to(subject).filter(acknowledged_at__isnull=True)
    return alerts.select_related("child", "authority").order_by("raised_at", "pk")


def overnight_lines(subject: Subject, morning: date) -> list[OvernightLine]:
    """What happened in the night before a morning, as far as the subject may see it: child by child, in the order in which it was noted."""
    lines = OvernightLine.objects.visible_to(subject).filter(morning_on=morning)
    named = lines.select_related(
        "child", "authority", "owner_post__user", "owner_post__team__agency", "owner_team__agency", "accepted_by__user"
    )
    return list(named.order_by("noted_at", "pk"))


@dataclass(frozen=True)
class Night:
    """The night of one child: its lines in order. One that is not taken over names no worker."""

    child: Child
    lines: list[OvernightLine]

    @property
    def open(self) -> OvernightLine | None:
        """The first line that nobody has taken over yet."""
        return next((line for line in self.lines if line.accepted_at is None), None)


def nights(lines: list[OvernightLine]) -> dict[str, list[Night]]:
    """Lines put together child by child, under the team whose they are and its agency; what is still open first."""
    found: dict[str, dict[UUID, Night]] = {}
    for line in lines:
        team = line.owner_post.team if line.owner_post else line.owner_team
        of_team = found.setdefault(f"{team.name}, {team.agency.name}" if team else f"{line.authority.name}: no team", {})
        of_team.setdefault(line.child_id, Night(line.child, [])).lines.append(line)
    return {team: sorted(found[team].values(), key=lambda night: night.open is None) for team in sorted(found)}


def told_by(alert: Alert, rung: int, at: datetime) -> list[Post]:
    """The posts that a rung of the ladder tells: vacant and absent ones left out, deputies in; and nobody whom a conflict, or the list of
    names of a guarded child, shuts out, since they could not open it. Empty: climb on.
    """
    return not_shut(_of_rung(alert, LADDER[rung].who, at), alert.child_id)


def not_shut(posts: list[Post], child_id: UUID) -> list[Post]:
    """Of these posts, in their order, those to whom the child is not shut, as the database judges it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_may_be_told(%s::uuid[], %s)", [[post.pk for post in posts], child_id])
        may = set(cursor.fetchone()[0])
    return [post for post in posts if post.pk in may]


@dataclass(frozen=True)
class ToRing:
    """One to ring about an alert: a post, or (None) the number that is always answered; and whether somebody rang it without an answer."""

    post: Post | None
    name: str
    number: str
    is_unanswered: bool

    @property
    def key(self) -> str:
        """How a form names it."""
        return str(self.post.pk) if self.post else "staffed"


def calls_about(alert: Alert) -> list[Notice]:
    """Who was told of an alert, how, and what came of each call; the first first."""
    return list(alert.notices.select_related("to_post", "recorded_by__user").order_by("told_at", "pk"))


def ring_list(alert: Alert, at: datetime, calls: list[Notice], but: Post) -> list[ToRing]:
    """Whom to ring about an alert, in the ladder's order and last the number that is always answered. Vacant and absent posts, those shut out,
    and those without a number are not in it; nor is `but`, who rings.
    """
    unanswered = {call.to_post_id for call in calls if call.answer == Notice.Answer.NO_ANSWER}
    posts: dict[UUID, Post] = {}
    for rung in range(len(LADDER) - 1):
        posts |= {post.pk: post for post in told_by(alert, rung, at) if post.pk not in posts and post.user_id != but.user_id}
    reached = [
        ToRing(post, f"{post.user.name}, {post.title}", number_of(post), post.pk in unanswered)
        for post in posts.values() if number_of(post)
    ]  # fmt: skip
    staffed = alert.authority
    return [*reached, ToRing(None, f"{staffed.name}: the number that is always answered", staffed.staffed_number, False)]


def next_to_ring(listed: list[ToRing]) -> ToRing:
    """The first of them who has not been rung without an answer; last, the number that is always answered."""
    return next(one for one in listed if not one.is_unanswered)


def _of_rung(alert: Alert, who: Who, at: datetime) -> list[Post]:
    if who is Who.OWNER:
        return _owners(alert, at)
    if who is Who.DUTY:
        return list(on_duty(duty_teams(*_concerned(alert)), at))
    if who in {Who.LINE_MANAGER, Who.SECOND_LINE}:
        manager = _line(alert, at)
        above = manager.line_manager if manager and who is Who.SECOND_LINE else manager
        found = stand_in(above, at)
        return [found] if found else []
    return []


def _concerned(alert: Alert) -> set[UUID]:
    """The authority that is responsible, and the one where the child lives: at night the child is looked for from there, whoever placed the child."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_lives_in(%s)", [alert.child_id])
        return {alert.authority_id, *(host for (host,) in cursor if host)}


def _owners(alert: Alert, at: datetime) -> list[Post]:
    if alert.owner_post is not None:
        found = stand_in(alert.owner_post, at)
        return [found] if found else []
    return list(on_duty([alert.owner_team], at)) if alert.owner_team else []


def _line(alert: Alert, at: datetime) -> Post | None:
    if alert.owner_post is not None:
        return alert.owner_post.line_manager
    return _manager(alert.owner_team, at) if alert.owner_team else None


def _manager(team: Team, at: datetime) -> Post | None:
    managers = [post for post in Post.objects.filter(team=team, role="manager").order_by("pk") if not is_away(post, at)]
    return managers[0] if managers else None


# By hand: it runs on every page. It gives a number only; row security decides which alerts are in it.
_ALERTS_FOR = """
SELECT count(*) FROM tasks_alert a
WHERE a.acknowledged_at IS NULL
  AND (a.owner_post_id = %(post)s OR a.owner_team_id = %(team)s
       OR EXISTS (SELECT 1 FROM tasks_notice n WHERE n.alert_id = a.id AND n.to_post_id = %(post)s))
"""


def alerts_for(subject: Subject) -> int:
    """How many open alerts stand before the subject: those it owns, its team owns, or that were told to it."""
    with connection.cursor() as cursor:
        cursor.execute(_ALERTS_FOR, {"post": subject.post.pk, "team": subject.post.team_id})
        count: int = cursor.fetchone()[0]
    return count


def alerts_waiting(subject: Subject) -> "QuerySet[Alert]":
    """The open alerts that stand before the subject, oldest first."""
    post = subject.post
    told = Exists(Notice.objects.filter(alert=OuterRef("pk"), to_post=post))
    return open_alerts(subject).filter(Q(owner_post=post) | Q(owner_team=post.team_id) | told)
