"""Finding a child: whom the subject may be shown, and nobody else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connections
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject

from atlas.allocation.queries import who_works
from atlas.children.models import Child
from atlas.desk.models import FrontDoorQuestion, SilentNotice
from atlas.exploitation.queries import levels_told
from atlas.feeds.handling import Fact
from atlas.gate.act import Invalid
from atlas.gate.context import Subject, current_subject
from atlas.gate.kept import Kept
from atlas.gate.models import Proposal
from atlas.gate.policy import ROLE, TWO_PERSONS, Permission, Shape
from atlas.gate.proposing import Gone, arguments_of, verb_of
from atlas.gate.queries import in_one_line
from atlas.gate.seen import note_seen
from atlas.intelligence.queries import any_products, has_readable_products
from atlas.linkage.pairs import recorded_twice
from atlas.missing.workflow import OPEN_INTERVIEW
from atlas.people.models import Identifier, IdentifierKind
from atlas.people.rules import age_on, name_keys
from atlas.plans.queries.lists import plan_told
from atlas.sealed.queries import location_sealed
from atlas.statuses.models import Spell
from atlas.statuses.queries import mirrored

NOTICED_FOR = timedelta(days=14)


def child_with_numbers() -> "QuerySet[Child]":
    """A child with what the top of a page about the child shows, and whether there is intelligence that whoever acts may read."""
    return _with_numbers(has_readable_products(current_subject(), "pk"))


def _with_numbers(has_intelligence: "Exists | Value") -> "QuerySet[Child]":
    """Authorities, the missing profile, the numbers held now, and whether a sealed location exists."""
    numbers = Identifier.objects.filter(person=OuterRef("pk"), until_on__isnull=True).order_by("kind", "pk")
    return Child.objects.select_related("responsible_authority", "host_authority", "missing_profile").annotate(
        numbers=ArraySubquery(numbers.values(number=JSONObject(kind="kind", value="value"))),
        is_location_sealed=location_sealed("pk"),
        died_on=F("person__died_on"),
        has_intelligence=has_intelligence,
    )


def child_at_a_glance() -> Kept:
    """The same, with how the safety plan and the level of exploitation stand, and whether there is another record of the child: the child's page asks it in the
    one statement that finds the child, so that it stays within its bound of twelve (performance.md section 4).
    """
    return _GLANCE[isinstance(has_readable_products(current_subject(), "pk"), Exists)]


def _at_a_glance(has_intelligence: "Exists | Value") -> Kept:
    def ask(pk: UUID, at: datetime, today: date) -> "QuerySet[Child]":
        rows = _with_numbers(has_intelligence).filter(pk=pk)
        return rows.annotate(plan_told=plan_told("pk", at, today), levels_told=levels_told("pk"), is_recorded_twice=recorded_twice("pk"))

    return Kept(ask, UUID, datetime, date)


# By whether intelligence is asked after, which it is not for a post that is not vetted.
_GLANCE = {True: _at_a_glance(any_products("pk")), False: _at_a_glance(Value(False))}


def mirrored_fact(subject: Subject, child: Child, record: UUID) -> Fact | None:
    """The fact of the main case system that this record about a child (from `child_with_numbers`) holds; None where it is none
    that the subject sees.
    """
    is_known_there = any(number["kind"] == IdentifierKind.COUNCIL for number in child.numbers)  # type: ignore[attr-defined]
    itself = [Fact(child.pk, Child._meta.label, child.pk, "Who the child is")] if is_known_there else []
    facts = (*itself, *(one.fact for one in mirrored(subject, child)[0]), *(one.fact for one in who_works(subject, child)))
    return next((fact for fact in facts if fact is not None and fact.id == record), None)


def proposals_with_people() -> "QuerySet[Proposal]":
    """Proposals with who proposed and who decided them."""
    return Proposal.objects.select_related("proposed_by__user", "decided_by__user")


def waiting_proposals(subject: Subject) -> "QuerySet[Proposal]":
    """What waits for a second person and the subject may do: its own proposals too, the one that expires first first."""
    waiting = Proposal.objects.visible_to(subject).filter(state=Proposal.State.WAITING, expires_at__gt=subject.at)
    return waiting.select_related("child", "proposed_by__user", "proposed_by__team").order_by("expires_at", "pk")


def words_of(proposal: Proposal) -> str:
    """What a proposal will change, in one sentence; or that what it is about is not there any more."""
    try:
        return verb_of(proposal).proposed.words(**arguments_of(proposal))
    except Gone:
        return "What this is about is not there any more, or is not shown to you."


def why_not_second(proposal: Proposal, subject: Subject) -> str:
    """Why the subject cannot be the second person of a proposal, as it stands; empty where it may be."""
    post, first = subject.post, proposal.proposed_by
    one_is = TWO_PERSONS[Permission(proposal.permission)].one_is
    if first.user_id == post.user_id:
        return "You proposed this yourself. It takes a second person."
    if in_one_line(first.user_id, post.user_id, subject.at):
        return f"You and {first.user.name} are in one line. It takes somebody outside it."
    if one_is and not {post.role, first.role} & one_is:
        return f"One of the two must be a {' or a '.join(sorted(ROLE[role].name.lower() for role in one_is))}."
    return _why_not_by_verb(proposal, subject)


def _why_not_by_verb(proposal: Proposal, subject: Subject) -> str:
    """What the act itself asks of its second person."""
    asks = verb_of(proposal).proposed.second
    try:
        if asks is not None:
            asks(by=subject.post, at=subject.at, **arguments_of(proposal))
    except Invalid as said:
        return said.message
    except Gone:
        pass
    return ""


@dataclass(frozen=True)
class Card:
    """What a search says of a child whom the searcher may not see. `name` and what follows it are empty but for the front door."""

    child: UUID
    is_protected: bool
    name: str
    age: int | None
    council: str
    statuses: tuple[str, ...]
    lead: str
    team: str
    telephone: str


def search_shape() -> Shape:
    """What the acting post's searches may say of children whom it may not see: judged by the database."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_search_shape()")
        return Shape(cursor.fetchone()[0])


def match_cards(*, name: str, born_on: date | None, number: str, on: date) -> list[Card]:
    """The match cards of one search, at most 20; each counts as a look at its child. `on`: the day on which ages count.

    The database judges (`gate_match`): exact matches alone; nothing of a hidden child, nor of one from whom the person is shut.
    """
    numbers = sorted({number.strip(), number.replace(" ", "").strip()} - {""})
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM gate_match(%s::text[], %s::date, %s::text[])", [name_keys(name), born_on, numbers])
        rows = cursor.fetchall()
    for child, *_ in rows:
        note_seen(child)
    return [
        Card(
            child, is_protected, called or "", age_on(born, on) if born else None, council or "",
            tuple(str(Spell.Status(status).label) for status in statuses or ()), lead or "", team, telephone,
        )
        for child, is_protected, called, born, council, statuses, lead, team, telephone in rows
    ]  # fmt: skip


# By hand: it is asked on the page that everybody opens first, and mostly answered with no. Row security says which rows there are.
_WAITING = """
SELECT EXISTS (SELECT 1 FROM break_glass_breakglassnotice WHERE to_post_id = %(post)s AND told_at > %(since)s),
       EXISTS (SELECT 1 FROM desk_silentnotice WHERE child_id IS NOT NULL AND searched_at > %(since)s),
       EXISTS (SELECT 1 FROM connections_declaration WHERE user_id = %(person)s AND declared_at IS NULL),
       EXISTS (SELECT 1 FROM tasks_alert a WHERE acknowledged_at IS NULL AND (owner_post_id = %(post)s OR owner_team_id = %(team)s
               OR EXISTS (SELECT 1 FROM tasks_notice n WHERE n.alert_id = a.id AND n.to_post_id = %(post)s))),
       EXISTS (SELECT 1 FROM missing_returninterview WHERE state = ANY (%(owed)s)
               AND (interviewer_id = %(post)s OR (team_id = %(team)s AND interviewer_id IS NULL))),
       EXISTS (SELECT 1 FROM desk_frontdoorquestion WHERE answered_at IS NULL),
       EXISTS (SELECT 1 FROM contacts_contact WHERE closed_at IS NULL AND state IN ('raised', 'matched')),
       EXISTS (SELECT 1 FROM contacts_agencyask WHERE to_team_id = %(team)s AND replied_at IS NULL),
       EXISTS (SELECT 1 FROM gate_proposal WHERE state = 'waiting' AND expires_at > %(at)s),
       (SELECT count(*) FROM meetings_invitation i JOIN meetings_meeting m ON m.id = i.meeting_id
        WHERE i.post_id = %(post)s AND i.withdrawn_at IS NULL AND i.reply = '' AND m.state = 'called' AND i.part = 'member'),
       (SELECT count(*) FROM meetings_agencyaction WHERE owner_post_id = %(post)s AND state IN ('asked', 'accepted'))
"""


@dataclass(frozen=True)
class Waiting:
    """What waits for a post at all: being told of a break-glass, and of a search for a child whom it guards (of the last 14 days); a declaration
    asked of its person; alerts; interviews owed; questions to its front door; contacts to be decided there; what its own team is asked; proposals that it may read. How
    many invitations to meetings it has not answered, and how many agency actions are its to do.
    """

    told: bool
    searched: bool
    asked: bool
    alerts: bool
    interviews: bool
    questions: bool
    contacts: bool
    team_asked: bool
    proposals: bool
    invitations: int
    actions: int


def waiting(subject: Subject) -> Waiting:
    """What waits for the subject. One statement, so that what is rare costs the page nothing."""
    post = subject.post
    given: dict[str, Any] = {
        "post": post.pk,
        "person": post.user_id,
        "team": post.team_id,
        "at": subject.at,
        "since": subject.at - NOTICED_FOR,
    }
    with connections["default"].cursor() as cursor:
        cursor.execute(_WAITING, given | {"owed": [str(state) for state in OPEN_INTERVIEW]})
        return Waiting(*cursor.fetchone())


def silent_notices(at: datetime) -> "QuerySet[SilentNotice]":
    """Searches of the last 14 days for children on whose lists of names the acting post stands, latest first; row security says which."""
    rows = SilentNotice.objects.filter(searched_at__gt=at - NOTICED_FOR, child__isnull=False)
    return rows.select_related("child", "post__user", "post__team__agency").order_by("-searched_at", "pk")


def front_door_questions() -> "QuerySet[FrontDoorQuestion]":
    """What waits for an answer at the front doors where the acting post answers, oldest first; row security says which."""
    rows = FrontDoorQuestion.objects.select_related("authority", "post__user", "post__team__agency")
    return rows.filter(answered_at__isnull=True).order_by("asked_at", "pk")
