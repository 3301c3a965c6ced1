"""Who may receive an allegation, what one has received, and what one has passed on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from atlas.agencies.models import AgencyKind, Post, User
from atlas.agencies.queries import posts_standing
from atlas.allegations.models import Allegation, AllegationStep
from atlas.allegations.rules import HEAD, OFFICER
from atlas.children.models import Child
from atlas.design.words import reference_of
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.people.rules import name_key

Kind = AllegationStep.Kind
MOST_FOUND = 20


def workers_called(words: str, at: datetime) -> list[Post]:
    """The posts standing now whose holders are called so: every word typed is in the forename or the surname. At most twenty."""
    found = posts_standing(day_of(at)).filter(is_service=False)
    for word in words.split():
        found = found.filter(Q(user__first_name__icontains=word) | Q(user__last_name__icontains=word))
    return list(found[:MOST_FOUND]) if words.split() else []


def is_worker_called(name: str, at: datetime) -> bool:
    """Whether a worker who uses Atlas is called exactly so: typed as somebody else, they could be sent what was said of themselves."""
    return any(name_key(post.user.name) == name_key(name) for post in workers_called(name, at))


def receivers(child_id: UUID, role: str, accused: UUID | None) -> list[UUID]:
    """The posts of a role that may receive an allegation about this child, the first first; as the database judges it: none that is the
    person, their team or their line, or from whom the child is shut.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post FROM gate_allegation_receivers(%s, %s, %s) WITH ORDINALITY AS r (post, place) ORDER BY place",
            [child_id, role, accused],
        )
        return [post for (post,) in cursor.fetchall()]


def needs_block(child_id: UUID, user: User) -> bool:
    """Whether what the acting post has just recorded must shut this worker out: it is about them, and nothing of its kind does so yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_allegation_shuts(%s, %s)", [child_id, user.pk])
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True)
class Received:
    """An allegation before its receiver: until when it is to be received, and where it stands."""

    allegation: Allegation
    due_at: datetime
    state: str
    is_late: bool


def who_decide(sent: Iterable[AllegationStep]) -> set[UUID]:
    """The posts that decide and close: the designated officers to whom it was sent, and a head of service in their stead: where none of
    them had it, or it came to the head because one did not receive it. `sent`: the sendings, each with its post. Row security holds the same.
    """
    held = {step.pk: step for step in sent}
    officers = {step.to_post.pk for step in held.values() if step.to_post and step.to_post.role == OFFICER}
    heads = (step for step in held.values() if step.to_post and step.to_post.role == HEAD)
    return officers | {step.to_post_id for step in heads if step.to_post_id and (not officers or _is_in_stead(step, held))}


def _is_in_stead(step: AllegationStep, held: dict[UUID, AllegationStep]) -> bool:
    """Whether what was passed on to here was once an officer's, or nobody's."""
    before = held.get(step.instead_of_id) if step.instead_of_id else None
    return before is not None and (before.to_post is None or before.to_post.role == OFFICER or _is_in_stead(before, held))


def received_by(subject: Subject) -> list[Received]:
    """What was sent to the subject, what waits for a receipt first, then the latest."""
    steps = list(
        AllegationStep.objects.filter(kind=Kind.SENT, to_post=subject.post).select_related("allegation").order_by("-made_at", "pk")
    )
    done = AllegationStep.objects.filter(allegation__in=[step.allegation_id for step in steps]).exclude(kind=Kind.SENT)
    states: dict[UUID, str] = {}
    for step in done.order_by("made_at", "pk"):
        states[step.allegation_id] = step.get_kind_display()
    closed = {step.allegation_id for step in done if step.kind == Kind.CLOSED}
    received = {step.allegation_id for step in done if step.kind == Kind.RECEIVED and step.made_by_id == subject.post.pk}
    waiting = {step.allegation_id for step in steps} - received - closed
    rows = [
        Received(
            one.allegation,
            one.due_at,
            "To be received" if one.allegation_id in waiting else states[one.allegation_id],
            one.allegation_id in waiting and one.due_at < subject.at,
        )
        for one in steps
        if one.due_at
    ]
    return sorted(rows, key=lambda row: row.allegation.pk not in waiting)


@dataclass(frozen=True)
class PassedOn:
    """What one passed on oneself: of which child, when, when whoever decides received it; and whether nobody in Atlas could, or it is late."""

    reference: str
    child: str
    sent_at: datetime
    received_at: datetime | None
    must_ring: bool


def passed_on_by(subject: Subject) -> list[PassedOn]:
    """That what one passed on was sent, and received; no more. The latest first."""
    mine = (
        AllegationStep.objects.filter(recorded_by=subject.post, kind__in=[Kind.SENT, Kind.RECEIVED])
        .select_related("to_post")
        .order_by("made_at", "pk")
    )
    by_allegation: dict[UUID, list[AllegationStep]] = {}
    for step in mine:
        by_allegation.setdefault(step.allegation_id, []).append(step)
    names = dict(Child.objects.filter(pk__in={steps[0].child_id for steps in by_allegation.values()}).values_list("pk", "name"))
    there = {step.to_post_id for step in mine if step.to_post_id}
    there = set(posts_standing(day_of(subject.at)).filter(pk__in=there).values_list("pk", flat=True))
    rows = [
        _passed_on(pk, steps, there, names.get(steps[0].child_id, "A child whom you no longer work with"), subject.at)
        for pk, steps in by_allegation.items()
    ]
    return sorted(rows, key=lambda row: row.sent_at, reverse=True)


def _passed_on(pk: UUID, steps: list[AllegationStep], there: set[UUID], child: str, at: datetime) -> PassedOn:
    """`there`: the posts that still stand. What was received by one that does not is with nobody, until it has been passed on and received."""
    sent = [step for step in steps if step.kind == Kind.SENT]
    decide = who_decide(sent) & there
    got = next((step.made_at for step in steps if step.kind == Kind.RECEIVED and step.made_by_id in decide), None)
    late = any(step.due_at and step.due_at < at for step in sent if step.to_post_id in decide)
    must_ring = _lacks_officer(sent, there) or (got is None and (late or not decide))
    return PassedOn(reference_of(pk), child, sent[0].made_at, got, must_ring)


def _lacks_officer(sent: list[AllegationStep], there: set[UUID]) -> bool:
    """Whether it was sent to nobody, and no designated officer has come since who is still there."""
    officers = [step.to_post_id for step in sent if step.to_post and step.to_post.role == OFFICER]
    return any(step.to_post is None for step in sent) and not there & set(officers)


def kind_of_employer(post: Post | None, works_as: str) -> str:
    """Whom somebody works for, as the rules take it: a worker of Atlas for their agency, anybody else for what they were said to be."""
    return AgencyKind(post.team.agency.kind).value if post else works_as
