"""Work is given to somebody else, child by child; leave is covered, and nothing reallocated."""

from datetime import date, datetime
from uuid import UUID

from atlas.agencies.codes import WITHOUT_END, SkillKind
from atlas.agencies.models import Agency, ContactPoint, Post, Shift, Skill
from atlas.allocation.commands import cover_child, end_covering
from atlas.allocation.models import Allocation
from atlas.children.models import Child
from atlas.design.words import when
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.days import day_of
from atlas.gate.policy import ROLE, Kind, Permission
from atlas.oversight.held import is_of_line
from atlas.oversight.rota_rules import LONGEST_SHIFT
from atlas.plans.commands.lines import hand_lines
from atlas.tasks.models import Task
from atlas.tasks.queries import not_shut

NOT_TO_THEM = "This cannot be given to that person. Choose somebody else, or ask the privacy officer."


@command(needs=Permission.REASSIGN_WORK)
def reassign_work(*, child: Child, holder: Post, to: Post, by: Post, at: datetime) -> Child:
    """Give a child, with every open task and line of the safety plan that this post owns, to another worker: the child opens to them at once, and the
    main case system is still to be told. Whoever only covered stops: what went to the wrong person is undone by giving it back. Raises Invalid for
    somebody who does not stand, from whom the child is shut, or who works no task.
    """
    if to.pk == holder.pk or not to.stands_on(day_of(at)) or not to.user.is_active:
        raise Invalid("Choose somebody else, who holds a post today.", "to")
    if not not_shut([to], child.pk) or Permission.COMPLETE_TASK not in ROLE[to.role].permissions:
        raise Invalid(NOT_TO_THEM, "to")  # one text, whatever the reason
    if not Allocation.objects.filter(child=child, post=to, until_at__isnull=True).exists():
        cover_child(child=child, post=to, by=by, at=at)
    Task.objects.filter(child=child, owner_post=holder, state=Task.State.OPEN).update(owner_post=to)
    hand_lines(child=child, from_post=holder, to=to)
    end_covering(child=child, post=holder, at=at, because="somebody else works with the child now")
    return child


@command(needs=Permission.RECORD_LEAVE)
def record_leave(*, post: Post, covered_by: Post, from_at: datetime, until_at: datetime, by: Post, at: datetime) -> Shift:
    """Record that a worker is away, and let a colleague cover: each child that the worker holds opens to them for that time, and closes by itself.

    Nothing is reallocated. What the rota holds for the worker in that time goes to whoever covers, where that one is of the same team and free;
    else it falls away. A child who cannot be opened to them leaves the manager a task. Raises Invalid for a post outside one's line, a time that
    cannot be, leave that is recorded already, and somebody who is away too. Source: real-life.md point 11.
    """
    _may_be_away(post, covered_by, from_at, until_at, by)
    _free_rota(post, covered_by, (from_at, until_at), by, at)
    leave = Shift(post=post, team=post.team, from_at=from_at, until_at=until_at, is_leave=True, covered_by=covered_by)
    leave.save(force_insert=True)
    held = Allocation.objects.filter(post=post, until_at__isnull=True).select_related("child").order_by("child_id").distinct("child_id")
    for allocation in held:
        if not_shut([covered_by], allocation.child_id):
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
    if not (covered_by.team_id == post.team_id or covered_by.pk == by.pk or is_of_line(by, covered_by)):
        raise Invalid("Choose somebody of the same team, or of your own line.", "covered_by")
    if covered_by.pk == post.pk or not covered_by.stands_on(day_of(until_at)) or away.filter(post=covered_by).exists():
        raise Invalid("They are away themselves in that time, or their post ends. Choose somebody else.", "covered_by")


def _free_rota(post: Post, covered_by: Post, away: tuple[datetime, datetime], by: Post, at: datetime) -> None:
    """Take a post off the rota for that time; what is left before and after stays, and so does what is over."""
    from_at, until_at = away
    for shift in Shift.objects.filter(post=post, is_leave=False, from_at__lt=until_at, until_at__gt=max(from_at, at)):
        begins, ends = max(shift.from_at, from_at), min(shift.until_at, until_at)
        after = (ends, shift.until_at)
        if shift.from_at < begins:
            shift.until_at = begins
            shift.save(update_fields=["until_at"])
        else:
            shift.delete()
        if after[0] < after[1]:
            Shift.objects.create(post=post, team=shift.team, from_at=after[0], until_at=after[1])
        is_free = (
            covered_by.user_id != by.user_id and not Shift.objects.filter(post=covered_by, from_at__lt=ends, until_at__gt=begins).exists()
        )
        # Nobody puts themself on the rota: a manager who covers sees the children, and the duty stays for somebody else.
        if covered_by.team_id == shift.team_id and is_free and ends > at:
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
        if one.team.agency_id != agency.pk or not one.stands_on(day_of(at)):
            raise Invalid(f"{one.user.name} holds no post of {agency.name} today. Choose somebody who does.", where)
    if post.user_id == deputy.user_id:
        raise Invalid("The deputy must be somebody else.", "deputy")
    point = ContactPoint.objects.filter(agency=agency).first() or ContactPoint(agency=agency)
    point.post, point.deputy, point.named_at, point.named_by = post, deputy, at, by
    point.save()
    return point


@command(needs=Permission.PUT_ON_SHIFT)
def put_on_shift(*, post: Post, from_at: datetime, until_at: datetime, by: Post, at: datetime) -> Shift:
    """Put a worker of one's line on the rota of that worker's own team. While they stand on it, what the team's duty opens is open to them.

    Raises Invalid for oneself and for a post outside one's line, a time that cannot be or is over, more than 24 hours, somebody who is on leave or on
    the rota then already, and a post that ends before. Source: real-life.md point 5.
    """
    _may_stand(post, from_at, until_at, by, at)
    shift = Shift(post=post, team=post.team, from_at=from_at, until_at=until_at)
    shift.save(force_insert=True)
    return shift


def _may_stand(post: Post, from_at: datetime, until_at: datetime, by: Post, at: datetime, besides: tuple[UUID, ...] = ()) -> None:
    if post.user_id == by.user_id:
        raise Invalid("You cannot put yourself on the rota. Ask the manager above you.", "post")
    if not is_of_line(by, post):
        raise Invalid("You can put workers of your own line alone on the rota.", "post")
    if until_at <= from_at:
        raise Invalid("The end is before the beginning. Check both times.", "until_at")
    if until_at <= at:
        raise Invalid("This time is over. The rota shows who stood on it; it is not written afterwards.", "until_at")
    if until_at - from_at > LONGEST_SHIFT:
        raise Invalid("A shift is 24 hours at most. Put them on day by day.", "until_at")
    if not (post.stands_on(day_of(from_at)) and post.stands_on(day_of(until_at))) or not post.user.is_active:
        raise Invalid(f"{post.user.name} does not hold this post on that day. Choose somebody who does.", "post")
    taken = Shift.objects.filter(post=post, from_at__lt=until_at, until_at__gt=from_at).exclude(pk__in=besides).order_by("from_at").first()
    if taken is not None:
        what = "on leave" if taken.is_leave else "on the rota already"
        raise Invalid(f"{post.user.name} is {what} from {when(taken.from_at)} until {when(taken.until_at)}. Choose somebody else.", "post")


@command(needs=Permission.SWAP_SHIFT)
def swap_shift(*, shift: Shift, to: Post, instead: Shift | None = None, by: Post, at: datetime) -> Shift:
    """Give a shift to a colleague of the same team, who gives one of theirs for it (`instead`) or none. Gives the colleague's new shift.

    Raises Invalid for leave, a shift that is over, another team's, and as `put_on_shift` does for each of the two.
    """
    given = [one for one in (shift, instead) if one is not None]
    if any(one.is_leave or one.until_at <= at for one in given):
        raise Invalid("Only a shift that is not over can be swapped.", "to")
    if to.team_id != shift.team_id or to.pk == shift.post_id or (instead is not None and instead.post_id != to.pk):
        raise Invalid("Choose a colleague of the same team.", "to")
    besides = tuple(one.pk for one in given)
    _may_stand(to, shift.from_at, shift.until_at, by, at, besides)
    if instead is not None:
        _may_stand(shift.post, instead.from_at, instead.until_at, by, at, besides)
    elif not is_of_line(by, shift.post):
        raise Invalid("You can change the shifts of workers of your own line alone.")
    for one in given:
        one.delete()
    if instead is not None:
        Shift(post=shift.post, team=shift.team, from_at=instead.from_at, until_at=instead.until_at).save(force_insert=True)
    made = Shift(post=to, team=shift.team, from_at=shift.from_at, until_at=shift.until_at)
    made.save(force_insert=True)
    return made


@command(needs=Permission.TAKE_OFF_SHIFT)
def take_off_shift(*, shift: Shift, by: Post, at: datetime) -> Shift:
    """Take a worker of one's line off the rota: what the shift would open stays closed; of one that has begun, what is over stays written.

    Raises Invalid for leave, which is ended on the worker's own page, for one that is over, and for a post outside one's line.
    """
    if shift.is_leave or shift.until_at <= at:
        raise Invalid("Only a shift that is not over can be taken off.")
    if not is_of_line(by, shift.post):
        raise Invalid("You can change the shifts of workers of your own line alone.")
    if shift.from_at < at:
        shift.until_at = at
        shift.save(update_fields=["until_at"])
    else:
        shift.delete()
    return shift
