"""Work is given to somebody else, child by child; leave is covered, and nothing reallocated."""

from datetime import date, datetime
from uuid import UUID

from django.db import connections

from atlas.agencies.codes import WITHOUT_END, SkillKind
from atlas.agencies.models import Agency, ContactPoint, Post, Shift, Skill
from atlas.allocation.commands import cover_child
from atlas.allocation.models import Allocation
from atlas.children.models import Child
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.policy import ROLE, Kind, Permission
from atlas.oversight.held import is_of_line
from atlas.tasks.models import Task

NOT_TO_THEM = "This cannot be given to that person. Choose somebody else, or ask the privacy officer."


@command(needs=Permission.REASSIGN_WORK)
def reassign_work(*, child: Child, holder: Post, to: Post, by: Post, at: datetime) -> Child:
    """Give a child, with every open task that this post owns about the child, to another worker: the child opens to them at once, and the
    main case system is still to be told. Raises Invalid for somebody who does not stand, from whom the child is shut, or who works no task.
    """
    if to.pk == holder.pk or not to.stands_on(at.date()) or not to.user.is_active:
        raise Invalid("Choose somebody else, who holds a post today.", "to")
    if not _may_receive(to, child.pk) or Permission.COMPLETE_TASK not in ROLE[to.role].permissions:
        raise Invalid(NOT_TO_THEM, "to")  # one text, whatever the reason
    if not Allocation.objects.filter(child=child, post=to, until_at__isnull=True).exists():
        cover_child(child=child, post=to, by=by, at=at)
    Task.objects.filter(child=child, owner_post=holder, state=Task.State.OPEN).update(owner_post=to)
    return child


@command(needs=Permission.RECORD_LEAVE)
def record_leave(*, post: Post, covered_by: Post, from_at: datetime, until_at: datetime, by: Post, at: datetime) -> Shift:
    """Record that a worker is away, and let a colleague cover: each child that the worker holds opens to them for that time, and closes by itself.

    Nothing is reallocated. What the rota holds for the worker in that time goes to whoever covers, where that one is of the same team and free;
    else it falls away. A child who cannot be opened to them leaves the manager a task. Raises Invalid for a post outside one's line, a time that
    cannot be, leave that is recorded already, and somebody who is away too. Source: real-life.md point 11.
    """
    _may_be_away(post, covered_by, from_at, until_at, by)
    _free_rota(post, covered_by, from_at, until_at)
    leave = Shift(post=post, team=post.team, from_at=from_at, until_at=until_at, is_leave=True, covered_by=covered_by)
    leave.save(force_insert=True)
    held = Allocation.objects.filter(post=post, until_at__isnull=True).select_related("child").order_by("child_id").distinct("child_id")
    for allocation in held:
        if _may_receive(covered_by, allocation.child_id):
            because = f"covers for {post.user.name}, who is away"[:200]
            relate(
                kind=Kind.ALLOCATED,
                because=because,
                source=leave,
                from_at=from_at,
                until_at=until_at,
                child=allocation.child,
                post=covered_by,
            )
        else:
            Task.objects.create(
                child_id=allocation.child_id, name=f"Who covers for {post.user.name}?"[:120], about_label=Shift._meta.label, about_id=leave.pk,
                owner_post=by, due_at=from_at,
            )  # fmt: skip
    return leave


def _may_be_away(post: Post, covered_by: Post, from_at: datetime, until_at: datetime, by: Post) -> None:
    if not is_of_line(by, post):
        raise Invalid("You can record this for a worker of your own line alone.")
    if until_at <= from_at:
        raise Invalid("The end is before the beginning. Check both times.", "until_at")
    away = Shift.objects.filter(from_at__lt=until_at, until_at__gt=from_at, is_leave=True)
    if away.filter(post=post).exists():
        raise Invalid(f"{post.user.name} is recorded as away in that time already. End that first.", "from_at")
    if covered_by.pk == post.pk or not covered_by.stands_on(until_at.date()) or away.filter(post=covered_by).exists():
        raise Invalid("They are away themselves in that time, or their post ends. Choose somebody else.", "covered_by")


def _may_receive(post: Post, child_id: UUID) -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_may_be_told(%s::uuid[], %s)", [[post.pk], child_id])
        return post.pk in cursor.fetchone()[0]


def _free_rota(post: Post, covered_by: Post, from_at: datetime, until_at: datetime) -> None:
    """Take a post off the rota for that time; what is left before and after stays."""
    for shift in Shift.objects.filter(post=post, is_leave=False, from_at__lt=until_at, until_at__gt=from_at):
        begins, ends = max(shift.from_at, from_at), min(shift.until_at, until_at)
        kept = [(shift.from_at, begins), (ends, shift.until_at)]
        shift.delete()
        Shift.objects.bulk_create(Shift(post=post, team=shift.team, from_at=a, until_at=b) for a, b in kept if a < b)
        is_free = not Shift.objects.filter(post=covered_by, from_at__lt=ends, until_at__gt=begins).exists()
        if covered_by.team_id == shift.team_id and is_free:
            Shift.objects.create(post=covered_by, team=shift.team, from_at=begins, until_at=ends)


@command(needs=Permission.END_LEAVE)
def end_leave(*, leave: Shift, by: Post, at: datetime) -> Shift:
    """Record that a worker is back before the leave was to end: what was opened to whoever covers ends now.

    Raises Invalid for a post outside one's line, and for leave that is over. Leave that has not begun falls away.
    """
    if not is_of_line(by, leave.post):
        raise Invalid("You can record this for a worker of your own line alone.")
    if leave.until_at <= at:
        raise Invalid("This is over already. Go back.")
    end_relationships(source=leave, until_at=at, because="the worker is back")
    if leave.from_at < at:
        leave.until_at = at
        leave.save(update_fields=["until_at"])
    else:
        leave.delete()
    return leave


@command(needs=Permission.RECORD_SKILL)
def record_skill(*, post: Post, kind: SkillKind, until_on: date | None = None, words: str = "", by: Post, at: datetime) -> Skill:
    """Record what a worker of one's line is trained in, and until when it counts; a language that they speak with children; or, with their consent, that
    they are a woman or a man, since a child may ask for one.

    A later entry takes the place of an earlier one. Raises Invalid for a post outside one's line, training without an end, a language without a name.
    """
    if not is_of_line(by, post):
        raise Invalid("You can record this for a worker of your own line alone.")
    if kind in WITHOUT_END:
        if not words.strip():
            raise Invalid("Name the language." if kind == SkillKind.LANGUAGE else "Write what the worker says: woman, or man.", "words")
        if kind == SkillKind.WOMAN_OR_MAN and words.strip().casefold() not in {"woman", "man"}:
            raise Invalid("Write woman or man, as the worker says it. Leave it out where the worker would rather not say.", "words")
        until_on = None
    elif until_on is None:
        raise Invalid("Give the last day on which the training counts: what has no end is never looked at again.", "until_on")
    skill = Skill(post=post, kind=kind, words=words.strip()[:60], until_on=until_on, recorded_at=at, recorded_by=by)
    skill.save(force_insert=True)
    return skill


@command(needs=Permission.NAME_CONTACT_POINT)
def name_contact_point(*, agency: Agency, post: Post, deputy: Post, by: Post, at: datetime) -> ContactPoint:
    """Name whom one asks in an agency, and who stands in: both of that agency. Raises Invalid where they are not two who hold posts there today."""
    for one, where in ((post, "post"), (deputy, "deputy")):
        if one.team.agency_id != agency.pk or not one.stands_on(at.date()):
            raise Invalid(f"{one.user.name} holds no post of {agency.name} today. Choose somebody who does.", where)
    if post.user_id == deputy.user_id:
        raise Invalid("The deputy must be somebody else.", "deputy")
    point = ContactPoint.objects.filter(agency=agency).first() or ContactPoint(agency=agency)
    point.post, point.deputy, point.named_at, point.named_by = post, deputy, at, by
    point.save()
    return point
