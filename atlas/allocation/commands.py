"""Allocations begin, end, and are covered; every child always has a responsible team. What goes on when a worker changes: what was promised to
the child, whom the child trusts, and that the child was told who comes.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from atlas.agencies.codes import Sex
from atlas.agencies.models import Post, Team, TeamPurpose
from atlas.allocation.models import Allocation, Promise, ResponsibleTeam, TalkWish, TrustedAdult
from atlas.children.commands import Known, register_child, take_over
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision, start_of_day
from atlas.clocks.commands import stop_all_clocks
from atlas.feeds.models import Row
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.days import day_of
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.linkage.jobs import search_soon
from atlas.people.models import Name
from atlas.people.models import Sex as PersonSex
from atlas.tasks.commands import end_all_work, end_tasks_about, make_task
from atlas.tasks.models import Task
from atlas.tasks.rules import TELL_CHILD

if TYPE_CHECKING:
    from atlas.agencies.models import Authority

FRONT_DOOR_AFTERLIFE = timedelta(hours=24)
UNBORN = "Unborn baby"
IS_BORN = "Is the baby born? Record the birth, or that the pregnancy ended"
ENDED = "Nothing is asked, sent or timed any more."
PREGNANCY, OVERDUE = timedelta(days=300), timedelta(days=31)  # product default, not law: beyond these an expected date is a slip of the pen
TELL_CHILD_WITHIN = timedelta(days=2)  # product default, not law


@command(needs=Permission.REGISTER_CHILD)
def receive_child(
    *, known: Known, responsible: "Authority", host: "Authority | None" = None, source: str, row: Row | None = None, is_historic: bool = False,
    by: Post, at: datetime,
) -> Child:  # fmt: skip
    """Record a child for the first time, and make the front door answer for the child until somebody is allocated."""
    child = register_child(known=known, responsible=responsible, host=host, source=source, by=by, at=at)
    give_to_front_door(child=child, at=at)
    entry = happened(Kind.REGISTERED, child=child, at=Moment(at, Precision.MINUTE), words=source, row=row, is_historic=is_historic)
    if not by.is_service:
        search_soon(child)
    if child.expected_on is not None and not is_historic:
        make_task(name=IS_BORN, entry=entry, about=child, team=front_door(child), due_at=start_of_day(child.expected_on))
    return child


@command(needs=Permission.REGISTER_UNBORN)
def register_unborn(*, known: Known, responsible: "Authority", source: str, by: Post, at: datetime) -> Child:
    """Record a child who is not born yet: a record like any other, with an expected date instead of a date of birth. The front door answers for
    it until somebody is allocated, and is asked on the expected day whether the child is born. Source: real-life.md point 20.

    Raises Invalid without an expected date, for one that no pregnancy has, and where nothing says whose child it is.
    """
    if by.team != front_door_team(responsible):
        raise Invalid(f"The front door of {responsible.name} records a child who is not born yet, and answers for it. Ring them.")
    if known.expected_on is None:
        raise Invalid(
            "Give the day on which the birth is expected. If it is not known to the day, ask the midwife, or give the likely one.",
            "expected_on",
        )
    if not day_of(at) - OVERDUE <= known.expected_on <= day_of(at) + PREGNANCY:
        raise Invalid(
            "The expected day is more than ten months off, or over a month past. Check it; for a child who is born, record the child.",
            "expected_on",
        )
    if not known.mother_name.strip() and not known.surname.strip():
        raise Invalid("Give the mother’s name, or the surname that the child is expected to have.", "mother_name")
    named = replace(
        known, forename=known.forename.strip() or UNBORN, surname=known.surname.strip() or known.mother_name.split()[-1], born_on=None
    )
    return receive_child(known=named, responsible=responsible, source=source, by=by, at=at)


@command(needs=Permission.REGISTER_CHILD)
def record_birth(
    *, child: Child, born_on: date, forename: str = "", surname: str = "", sex: PersonSex = PersonSex.UNKNOWN, row: Row | None = None,
    is_historic: bool = False, by: Post, at: datetime,
) -> Child:  # fmt: skip
    """Record that a child who was expected is born. It is the same record, with the same id: who may see it, the chronology and what is due
    stay as they are; the name until now stays as a former name, and the expected date as it was. Raises Invalid for a child who is born already,
    and for a day to come.
    """
    if not child.is_unborn:
        raise Invalid("The birth of this child is recorded already. A wrong date of birth is put right in the main case system.", "born_on")
    if born_on > day_of(at):
        raise Invalid("This day is still to come. Give the day of the birth.", "born_on")
    child.pregnancy_ended_on = None
    child.save(update_fields=["pregnancy_ended_on"])
    person, name = child.person, Name.objects.get(person=child.pk, is_in_use=True)
    called = (forename.strip() or name.forename, surname.strip() or name.surname)
    take_over(child, Known(*called, born_on=born_on, sex=person.sex if sex == PersonSex.UNKNOWN else sex), "birth", at)  # type: ignore[arg-type]
    happened(Kind.BORN, child=child, at=Moment.on(born_on), about=child, row=row, is_historic=is_historic)
    _end_expecting(child, whole=False)
    return child


@command(needs=Permission.REGISTER_CHILD)
def end_pregnancy(*, child: Child, ended_on: date, row: Row | None = None, is_historic: bool = False, by: Post, at: datetime) -> Child:
    """Record that a pregnancy ended without a birth, whatever the reason: nobody is asked for it. All that was to come stops in the same
    transaction: clocks, tasks, alerts, links and texts. Nothing is deleted. The same day again changes nothing. Raises Invalid for a child who
    was born, and for a day to come.
    """
    if not child.is_unborn:
        raise Invalid("This child was born, so a death is meant. The main case system says it; ring the team that keeps it.", "ended_on")
    if ended_on > day_of(at):
        raise Invalid("This day is still to come. Check it.", "ended_on")
    if child.pregnancy_ended_on == ended_on:
        return child
    child.pregnancy_ended_on = ended_on
    child.save(update_fields=["pregnancy_ended_on"])
    entry = happened(Kind.PREGNANCY_ENDED, child=child, at=Moment.on(ended_on), words=ENDED, row=row, is_historic=is_historic)
    stop_all_clocks(entry=entry)
    end_all_work(child_id=child.pk, at=at)
    _end_expecting(child, whole=True)
    return child


def _end_expecting(child: Child, *, whole: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_end_expecting(%s, %s)", [child.pk, whole])


@command(needs=Permission.RECORD_ALLOCATION)
def record_allocation(
    *, child: Child, post: Post, from_at: Moment, capacity: Allocation.Capacity = Allocation.Capacity.CASE_HOLDER,
    change_reason: str = "", source_key: str = "", as_at: datetime | None = None, is_over: bool = False, row: Row | None = None,
    is_historic: bool = False, by: Post, at: datetime,
) -> Allocation:  # fmt: skip
    """Record that a post works with a child: opens the child to the post, and makes its team responsible.

    `as_at`: when the main system wrote it; `is_over`: it has ended already, so the team does not become responsible by it.
    """
    if from_at.earliest is None:
        raise Invalid("The allocation has no start date, so Atlas cannot tell from when the worker may see the child.")
    entry = happened(Kind.ALLOCATED, child=child, at=from_at, words=f"{post.user.name}, {post.team.name}", row=row, is_historic=is_historic)
    allocation = Allocation(
        child=child, post=post, capacity=capacity, from_at=from_at.earliest, change_reason=change_reason, entry=entry, row=row,
        source_key=source_key, as_at=as_at,
    )  # fmt: skip
    allocation.save(force_insert=True)
    relate(kind=RelationshipKind.ALLOCATED, because=allocation.get_capacity_display(), source=allocation, from_at=allocation.from_at,
           child=child, post=post)  # fmt: skip
    if capacity == Allocation.Capacity.CASE_HOLDER and not is_over:
        make_responsible(child=child, team=post.team, at=max(allocation.from_at, child_known_at(child, at)))
        _end_covering(child, at)
        if not is_historic and Allocation.objects.filter(child=child).exclude(pk=allocation.pk).exists():  # somebody was there before
            make_task(name=TELL_CHILD, entry=entry, about=allocation, post=post, due_at=at + TELL_CHILD_WITHIN)
    return allocation


@command(needs=Permission.RECORD_ALLOCATION)
def end_allocation(
    *, allocation: Allocation, until_at: Moment, as_at: datetime | None = None, row: Row | None = None, is_historic: bool = False,
    by: Post, at: datetime,
) -> Allocation:  # fmt: skip
    """Record that a post no longer works with a child. A child with whom nobody works goes to the front door."""
    end = until_at.latest or at
    allocation.until_at, allocation.as_at = max(end, allocation.from_at), as_at or allocation.as_at
    allocation.save(update_fields=["until_at", "as_at"])
    happened(Kind.ALLOCATION_ENDED, child=allocation.child, at=until_at, words=str(allocation.post), row=row, is_historic=is_historic)
    end_relationships(source=allocation, until_at=allocation.until_at, because="allocation ended")
    if not Allocation.objects.filter(child=allocation.child, until_at__isnull=True).exists():
        give_to_front_door(child=allocation.child, at=at)
    return allocation


@command(needs=Permission.RECORD_ALLOCATION)
def replace_allocation(*, allocation: Allocation, by: Post, at: datetime) -> Allocation:
    """Record that the main system now says something else under this allocation's number: another worker, child or capacity, or
    that it has not ended. What stood ends now, and leaves its number to what is recorded next; nothing is rewritten.
    """
    if allocation.until_at is None:
        allocation.until_at = max(at, allocation.from_at)
        words = f"{allocation.post}: the main system says otherwise now"
        happened(Kind.ALLOCATION_ENDED, child=allocation.child, at=Moment(at, Precision.MINUTE), words=words)
        end_relationships(source=allocation, until_at=allocation.until_at, because="the main system says otherwise now")
    allocation.source_key = ""
    allocation.save(update_fields=["until_at", "source_key"])
    return allocation


@command(needs=Permission.COVER_CHILD)
def cover_child(*, child: Child, post: Post, by: Post, at: datetime) -> Allocation:
    """Let a colleague cover for a child today, in two taps; the next feed of the main system says who it is and ends it."""
    if not post.stands_on(day_of(at)):
        raise Invalid(f"{post.user.name} does not hold this post today. Choose someone who does.", "post")
    return begin_covering(child=child, post=post, at=at)


def begin_covering(*, child: Child, post: Post, at: datetime) -> Allocation:
    """Let a post work with a child until the main system says who does, as an effect of the command that runs now."""
    entry = happened(Kind.COVERED, child=child, at=Moment(at, Precision.MINUTE), words=f"{post.user.name}, {post.team.name}")
    allocation = Allocation(child=child, post=post, capacity=Allocation.Capacity.COVERING, from_at=at, entry=entry)
    allocation.save(force_insert=True)
    relate(kind=RelationshipKind.ALLOCATED, because="covering", source=allocation, from_at=at, child=child, post=post)
    make_task(name=TELL_CHILD, entry=entry, about=allocation, post=post, due_at=at + TELL_CHILD_WITHIN)
    return allocation


def end_allocations(*, child: Child, at: datetime, because: str, but: Allocation | None = None) -> None:
    """Let everybody who works with a child stop now (but one, where it is given), as an effect of the command that runs now."""
    standing = Allocation.objects.filter(child=child, until_at__isnull=True).select_related("post__user", "post__team")
    for allocation in standing:
        if but is None or allocation.pk != but.pk:
            _end_now(allocation, at, because)


def end_covering(*, child: Child, post: Post, at: datetime, because: str) -> None:
    """Let a post that only covers for a child stop now, as an effect of the command that runs now. What the main system says of it stands."""
    covering = Allocation.objects.filter(child=child, post=post, capacity=Allocation.Capacity.COVERING, until_at__isnull=True)
    for allocation in covering.select_related("post__user", "post__team"):
        _end_now(allocation, at, because)


def _end_now(allocation: Allocation, at: datetime, because: str) -> None:
    allocation.until_at = max(at, allocation.from_at)
    allocation.save(update_fields=["until_at"])
    happened(Kind.ALLOCATION_ENDED, child=allocation.child, at=Moment(at, Precision.MINUTE), words=f"{allocation.post}: {because}"[:300])
    end_tasks_about(about_id=allocation.pk, at=at)
    end_relationships(source=allocation, until_at=allocation.until_at, because=because)


def make_responsible(*, child: Child, team: Team, at: datetime, is_front_door: bool = False) -> ResponsibleTeam:
    """Make a team answer for a child, as an effect of the command that runs now; the team before stops answering."""
    current = ResponsibleTeam.objects.filter(child=child, until_at__isnull=True).first()
    if current is not None and current.team_id == team.pk and current.is_front_door == is_front_door:
        return current
    if current is not None:
        current.until_at = max(at, current.from_at)
        current.save(update_fields=["until_at"])
        afterlife = FRONT_DOOR_AFTERLIFE if current.is_front_door else timedelta(0)
        end_relationships(source=current, until_at=current.until_at + afterlife, because="another team is responsible")
    responsible = ResponsibleTeam(child=child, team=team, from_at=at, is_front_door=is_front_door)
    kind = RelationshipKind.FRONT_DOOR if is_front_door else RelationshipKind.TEAM_DUTY
    # Opened first: the front door that records a child answers for it by this alone.
    relate(kind=kind, because="responsible team", source=responsible, from_at=at, child=child, team=team)
    responsible.save(force_insert=True)
    return responsible


def give_to_front_door(*, child: Child, at: datetime, of: "Authority | None" = None) -> ResponsibleTeam:
    """Make a front door answer for a child with whom nobody works; `of`: the one that keeps the record of a child who has moved away."""
    return make_responsible(child=child, team=front_door(child, of), at=at, is_front_door=True)


def front_door(child: Child, of: "Authority | None" = None) -> Team:
    """The front door of the responsible authority; where that one does not work in Atlas, the host's; then `of`, where it is given.

    Raises Invalid where neither has one: then nobody would answer.
    """
    for authority in (child.responsible_authority, child.host_authority, *((of,) if of else ())):
        team = front_door_team(authority)
        if team is not None:
            return team
    raise Invalid(f"{child.responsible_authority.name} has no front door team. An administrator must add one first.")


def front_door_team(authority: "Authority") -> Team | None:
    """The front door of one authority, where it has one here."""
    return Team.objects.filter(agency__authorities=authority, purpose=TeamPurpose.FRONT_DOOR).order_by("name").first()


def child_known_at(child: Child, at: datetime) -> datetime:
    """The moment from which a team may become responsible: not before the one now responsible did."""
    current = ResponsibleTeam.objects.filter(child=child, until_at__isnull=True).first()
    return current.from_at if current is not None else at


def _end_covering(child: Child, at: datetime) -> None:
    for covering in Allocation.objects.filter(child=child, capacity=Allocation.Capacity.COVERING, until_at__isnull=True):
        covering.until_at = max(at, covering.from_at)
        covering.save(update_fields=["until_at"])
        end_relationships(source=covering, until_at=covering.until_at, because="the main system says who it is")
        end_tasks_about(about_id=covering.pk, at=at)


@command(needs=Permission.MAKE_PROMISE)
def make_promise(*, child: Child, words: str, by: Post, at: datetime) -> Promise:
    """Write down what was promised to a child, so that it outlasts whoever promised it. Source: real-life.md point 11."""
    promise = Promise(child=child, words=words.strip()[:300], made_at=at, made_by=by)
    promise.save(force_insert=True)
    happened(Kind.PROMISED, child=child, at=Moment(at, Precision.MINUTE), about=promise, words=promise.words)
    return promise


@command(needs=Permission.END_PROMISE)
def end_promise(*, promise: Promise, outcome: Promise.Outcome, words: str = "", by: Post, at: datetime) -> Promise:
    """Write down what came of a promise. Raises Invalid where that is written already, or where it was not kept and nothing is said of why."""
    if promise.ended_at is not None:
        raise Invalid("Somebody has written down what came of this already. Reload the page.")
    if outcome != Promise.Outcome.KEPT and not words.strip():
        raise Invalid("Write what the child said, or why it could not be kept.", "words")
    promise.outcome, promise.outcome_words, promise.ended_at, promise.ended_by = outcome, words.strip()[:300], at, by
    promise.save(update_fields=["outcome", "outcome_words", "ended_at", "ended_by"])
    said = f"{promise.words}: {Promise.Outcome(outcome).label.lower()}"
    happened(Kind.PROMISE_ENDED, child=promise.child, at=Moment(at, Precision.MINUTE), about=promise, words=said[:300])
    return promise


@command(needs=Permission.NAME_TRUSTED_ADULT)
def name_trusted_adult(*, child: Child, name: str, who: str, by: Post, at: datetime) -> TrustedAdult:
    """Write down a grown-up whom the child says they trust. Several may stand beside each other."""
    adult = TrustedAdult(child=child, name=name.strip()[:120], who=who.strip()[:120], said_at=at, recorded_by=by)
    adult.save(force_insert=True)
    return adult


@command(needs=Permission.RECORD_TALK_WISH)
def record_talk_wish(*, child: Child, sex: Sex, language: str = "", words: str = "", by: Post, at: datetime) -> TalkWish:
    """Write down with whom the child would rather talk, as the child said it. It takes the place of what was written before. Source: real-life.md 12."""
    wish = TalkWish(child=child, sex=sex, language=language.strip()[:60], words=words.strip()[:200], said_at=at, recorded_by=by)
    wish.save(force_insert=True)
    return wish


@command(needs=Permission.END_TRUSTED_ADULT)
def end_trusted_adult(*, adult: TrustedAdult, by: Post, at: datetime) -> TrustedAdult:
    """Write down that the child does not trust this grown-up any more. A second time changes nothing."""
    if adult.ended_at is None:
        adult.ended_at, adult.ended_by = at, by
        adult.save(update_fields=["ended_at", "ended_by"])
    return adult


@command(needs=Permission.TELL_CHILD)
def tell_child(*, child: Child, told_at: Moment, told_by: str, words: str = "", by: Post, at: datetime) -> Entry:
    """Write down by whom, and when, the child was told who works with them now. Ends the task that asked for it.

    Raises Invalid for a time to come, and where nobody is named: a child is told by a person.
    """
    if told_at.earliest is not None and told_at.earliest > at:
        raise Invalid("This time is still to come. Check the date and the time.", "told_at")
    if not told_by.strip():
        raise Invalid("Say who told the child.", "told_by")
    said = f"Told by {told_by.strip()}. {words.strip()}".strip()
    entry = happened(Kind.CHILD_TOLD, child=child, at=told_at, words=said[:300])
    asked = Task.objects.filter(child=child, name=TELL_CHILD, state=Task.State.OPEN)
    asked.update(state=Task.State.DONE, ended_at=at, ended_by=by)
    return entry
