"""Flow: what follows at once when something happens. Tables say which alert, and what it asks of the safety plan; the call says which clocks.

`happened()` writes the entry, stops and starts clocks, gives the task to whoever works with the child, and raises the
alert, all in the transaction of the command that runs now. What follows with time is in `tick.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections
from django.db.models import Model, Q

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import start_clock, stop_clocks
from atlas.clocks.models import Clock
from atlas.clocks.queries import bank_holidays_changed
from atlas.clocks.rules import PRODUCT_DEFAULT, Hours, Rank, TimeLimit, WorkingDays
from atlas.feeds.models import Row
from atlas.gate.context import acting_subject
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind as RelationshipKind
from atlas.systems.jobs import tell_systems
from atlas.tasks.commands import end_tasks, make_task, overnight_line, raise_alert
from atlas.tasks.models import Alert, Task
from atlas.tasks.rules import morning_of

if TYPE_CHECKING:
    from atlas.agencies.models import Post, Team
    from atlas.children.models import Child

# What raises an alert at once. A late clock raises one with time.
ALERTS: dict[Kind, Alert.Reason] = {Kind.REPORTED_MISSING: Alert.Reason.CHILD_MISSING}

# What the day must know of the night, where it was written down then. What the main case system says in its nightly delivery is no news of it.
OVERNIGHT = frozenset(
    {
        Kind.COVERED, Kind.EXPLOITATION_MARKED, Kind.EXPLOITATION_MARK_ENDED, Kind.REPORTED_MISSING, Kind.POLICE_STATUS_CHANGED,
        Kind.COUNCIL_STATUS_CHANGED, Kind.POLICE_GRADED, Kind.POLICE_GRADE_QUESTIONED, Kind.POLICE_TOLD, Kind.CONTACT_OR_SIGHTING, Kind.FOUND,
        Kind.CARER_ANSWERED, Kind.RETURNED, Kind.RETURN_CORRECTED, Kind.EPISODE_WITHDRAWN, Kind.MISSING_AGAIN, Kind.NOT_OFFERED, Kind.DISCLOSED,
        Kind.CONTACT_RAISED, Kind.CONTACT_DECIDED,
    }
)  # fmt: skip


class Effect(StrEnum):
    """What an event asks (practice.md 7, LP-1)."""

    NOTE = "N"  # read with the next decision
    CONFIRM = "C"  # somebody says that the safety plan is still right
    REVISE = "R"  # a new version is needed
    STRATEGY = "S"  # decide whether a strategy discussion is held
    LEVEL = "LV"  # look at the level of concern again
    PANEL = "P"
    NRM = "NRM"
    POLICE = "POL"
    HEALTH = "HLT"


EFFECT_WORDS = {
    Effect.NOTE: "to be read", Effect.CONFIRM: "is the plan still right?", Effect.REVISE: "the plan needs a new version",
    Effect.STRATEGY: "is a strategy discussion needed?", Effect.LEVEL: "is the level still right?", Effect.PANEL: "for the panel",
    Effect.NRM: "National Referral Mechanism: referred, or why not", Effect.POLICE: "tell the police", Effect.HEALTH: "health care",
}  # fmt: skip
_STARTS, _STOPS = "Somebody wrote down what happened", "The safety plan was confirmed or revised, or it was decided that none is needed"
# The catalogue sets both; no national document pairs an event with an answer.
PLAN_DECISION = TimeLimit(
    key="plan_decision", name="Answer what happened: the safety plan", allowed=WorkingDays(2), rank=Rank.LOCAL, source=PRODUCT_DEFAULT, starts=_STARTS,
    stops=_STOPS, valid_from=date(2026, 1, 1),
)  # fmt: skip
# "The same day", as elapsed time: what becomes known late in the evening has the night and the morning.
PLAN_TODAY = TimeLimit(
    key="plan_today", name="Answer today: the safety plan", allowed=Hours(24), rank=Rank.LOCAL, source=PRODUCT_DEFAULT, starts=_STARTS, stops=_STOPS,
    valid_from=date(2026, 1, 1),
)  # fmt: skip
PLAN_LIMITS = (PLAN_DECISION, PLAN_TODAY)
_ASKS = {Effect.CONFIRM, Effect.REVISE, Effect.STRATEGY, Effect.LEVEL, Effect.NRM}


@dataclass(frozen=True)
class RiskEvent:
    """One row of the catalogue: what happens to a child that may change the safety plan, what it asks and by when.

    `seen`: the step in `follows` was read in a published source; otherwise practice, to be agreed locally. `by_hand`: a person says that it
    happened; the others are told by the commands that record them. Source: practice.md section 7; A-rows: its LP-6, capabilities.md row 44.
    """

    code: str
    kind: Kind | None
    effects: frozenset[Effect]
    limit: TimeLimit | None
    follows: str = ""
    seen: bool = False
    by_hand: bool = False

    @property
    def asks(self) -> bool:
        """Whether it wants an answer where there is a safety plan."""
        return bool(self.effects & _ASKS)

    @property
    def asks_without_plan(self) -> bool:
        """Whether it wants to know, where there is none, if one is needed."""
        return bool(self.effects & (_ASKS - {Effect.CONFIRM, Effect.REVISE}))


def _event(code: str, kind: Kind | None, effects: str, follows: str = "", *marks: str) -> RiskEvent:
    of = frozenset(Effect(effect) for effect in effects.split())
    limit = (PLAN_TODAY if "today" in marks else PLAN_DECISION) if of & _ASKS else None
    return RiskEvent(code, kind, of, limit, follows, "seen" in marks, "hand" in marks)


K = Kind
# fmt: off
EVENTS: tuple[RiskEvent, ...] = (
    # each report, not the first alone: an agreed plan is asked at every one (capabilities.md row 44)
    _event("EV-01", K.REPORTED_MISSING, "C", "Grade, prevention interview, return interview within 72 hours of coming back", "seen"),
    _event("EV-02", K.MISSING_REPEATEDLY, "R S P", "Strategy meeting; the care plan is reviewed", "seen"),
    _event("EV-03", K.MISSING_OVERNIGHT, "R S", "Strategy decision", "seen"),
    _event("EV-04", None, "N", "Away without authorisation: a return interview by the local rule; asked about after three in 30 days"),
    _event("EV-05", K.RETURNED_HURT, "R S POL HLT", "Police and a doctor the same day; keep clothes; sexual assault referral centre", "today", "hand"),
    _event("EV-06", K.FOUND_OUT_OF_AREA, "R S LV NRM", "Refer to the National Referral Mechanism; tell both areas; the plan goes to handover", "today", "hand", "seen"),
    _event("EV-07", K.FOUND_WITH_ADULT, "R S LV POL", "Is a warning notice possible? Record who it was", "hand"),
    _event("EV-08", K.UNEXPLAINED_THINGS, "C LV", "In most lists of indicators", "hand", "seen"),
    _event("EV-09", K.DEBT_OR_THREAT, "R S LV POL", "Debt is a way of control: record it as harm", "hand"),
    _event("EV-10", K.DISCLOSED_SEXUAL_HARM, "S LV HLT POL NRM", "Section 47 threshold; police; sexual assault referral centre; no leading questions", "today", "hand"),
    _event("EV-11", K.DISCLOSED_CRIMINAL_HARM, "S LV NRM", "Section 47 threshold; police, as somebody harmed", "hand"),
    _event("EV-12", K.DISCLOSURE_TAKEN_BACK, "R LV", "Do not close: it is an indicator of its own", "hand", "seen"),
    _event("EV-13", K.NEW_COMPANY, "C LV", "Who is it, how do we know, how sure; is a warning notice or an order possible?", "hand"),
    _event("EV-14", K.PEER_EXPLOITED, "C P", "Who else is at risk?", "hand"),
    _event("EV-15", K.NEW_PLACE, "P", "What can be changed about the place", "hand"),
    _event("EV-16", K.SUSPENDED, "C", "Tell the social worker; somebody the child trusts in touch within 24 hours", "hand"),
    _event("EV-17", K.EXCLUDED, "R S P", "Agencies meet before, where exploitation is known; schooling within days", "hand"),
    _event("EV-18", K.AWAY_FROM_SCHOOL, "C LV", "In most lists of indicators", "hand"),
    _event("EV-19", K.MOVE_PLANNED, "R", "Tell the area that receives; write the plan anew before the move", "hand", "seen"),
    _event("EV-20", K.PLACEMENT_BROKE_DOWN, "R S", "Strategy discussion from level 2 on", "hand"),
    _event("EV-21", K.PLACEMENT_STARTED, "R P", "Panels of both areas; referrals, warning notices and intelligence are passed on"),
    _event("EV-22", K.CARER_CHANGED, "C", "Help for the family; the carer’s part of the plan", "hand"),
    _event("EV-23", K.SAID_NO_TWICE, "C", "Somebody may be pressing the child: another person, another place", "seen"),
    _event("EV-24", K.INTERVIEW_TOLD, "R LV P", "Pass on what may be passed on; is the level still right?"),
    _event("EV-25", K.HOSPITAL_ASSAULT, "R S LV POL", "Tell social worker and police; speak with the child before they go home", "today", "hand", "seen"),
    _event("EV-26", K.HOSPITAL_SELF_HARM, "C HLT", "Mental health care; is the level still right?", "hand", "seen"),
    _event("EV-27", K.SEXUAL_HEALTH, "LV HLT", "Age and pressure; under 13, the police", "hand"),
    _event("EV-28", K.SUBSTANCES, "C", "Refer for help with alcohol or drugs", "hand"),
    _event("EV-29", K.ARRESTED, "S R NRM", "Referral at once; strategy discussion before release; appropriate adult", "today", "hand", "seen"),
    _event("EV-30", K.WEAPON_FOUND, "R S", "Police, plan, place", "hand"),
    _event("EV-31", K.COURT, "C", "Powers and curfew in the plan", "hand"),
    _event("EV-32", K.RELEASED, "R", "Meet before release; the plan is live at the gate", "hand"),
    _event("EV-33", K.NRM_DECIDED, "LV", "Negative does not mean not exploited"),
    _event("EV-34", K.MEASURE_STARTED, "C", "Everyone who holds the plan knows"),
    _event("EV-35", K.SUSPECT_CHANGED, "R", "Review the plan before release", "hand"),
    _event("EV-36", K.HARMED_ONLINE, "R S", "Police; have images taken down; plan for telephone and accounts", "hand"),
    _event("EV-37", K.VIOLENCE_NEAR, "R S POL", "Police: threat to life; the plan the same day", "today", "hand"),
    _event("EV-38", K.BEREAVED, "C", "Offer help", "hand"),
    _event("EV-39", K.BIRTHDAY, "C P", "What protected the child may end at 16 or 18; adulthood is planned for from 17", "seen"),
    _event("EV-40", K.LOOKS_CHANGED, "N LV", "An indicator", "hand"),
    # what intelligence says stands in no entry: whoever may read it looks at the level
    _event("EV-41", None, "LV", "New intelligence that is graded A or B: the level is looked at within 1 working day"),
    _event("EV-42", K.DIRECT_WORK_LAPSED, "C", "Whether the child comes is part of many assessments"),
    _event("EV-43", K.SERVICE_WAITED_FOR, "P", "A gap in what is commissioned", "hand"),
    _event("EV-44", K.PLAN_LINE_BROKEN, "R", "The line needs a new answer"),
    _event("EV-45", K.PLAN_QUIET, "C", "Nothing was heard for 30 days at level 2 or above"),
    _event("EV-46", K.GOOD_NEWS, "LV", "It protects: may the level come down?", "hand"),
    _event("EV-47", K.AGENCY_DISAGREES, "C", "The way of professional challenge", "hand"),
    _event("EV-48", K.LINKED_CHILD_AT_RISK, "C LV", "Look at the whole group", "hand"),
    _event("EV-49", K.PLAN_DOES_NOT_HELP, "R", "Advocate", "hand"),
    _event("EV-50", K.ALLOCATED, "C", "Whom the child trusts is what protects", "seen"),
    _event("A-01", K.LEVEL_CHANGED, "C", "Assessment and plan say the same"),
    _event("A-02", K.HARM_RECORDED, "R S", "Harm is answered by the plan, not by the next review"),
    _event("A-03", K.CONTACT_RAISED, "C", "Somebody is worried: does the plan answer it?"),
    _event("A-04", K.COVERED, "C", "Somebody else works with the child: does somebody still do each line?"),
)
# fmt: on
EVENT = {event.code: event for event in EVENTS}
# Kinds that are another end of the same event: a measure or an order that was broken or is over.
ALSO = {K.ORDER_CHANGED: "EV-34", K.MEASURE_ENDED: "EV-34"}
EVENT_OF = {event.kind: event for event in EVENTS if event.kind is not None} | {kind: EVENT[code] for kind, code in ALSO.items()}


def happened(
    kind: Kind,
    *,
    child: "Child",
    at: Moment,
    about: Model | None = None,
    known_at: Moment | None = None,
    words: str = "",
    starts: Sequence[TimeLimit] = (),
    stops: Sequence[TimeLimit] = (),
    stops_about: Iterable[Model] = (),
    stops_all: bool = False,
    answers: bool = True,
    row: Row | None = None,
    is_historic: bool = False,
    corrects: Entry | None = None,
) -> Entry:
    """Write down what happened to a child, and do what follows at once.

    `at`: when it happened; `known_at`: when the first agency knew (the same, where not said); recorded by whoever runs
    the command, at its moment. `about`: the record that says more; its clocks are the ones that stop, with those of
    `stops_about`; `stops_all`: whatever of the child they are about. `answers`: the clocks that stop were answered, not merely no longer needed. A historic event makes
    closed clocks, never a task or an alert. Raises LookupError outside a command.
    """
    entry = entry_of(kind, child=child, at=at, about=about, known_at=known_at, words=words, row=row, is_historic=is_historic)
    entry.corrects = corrects
    entry.save(force_insert=True)
    if stops:
        _stop(entry, stops, None if stops_all else [record.pk for record in (about, *stops_about) if record is not None], answers)
    clocks = [start_clock(limit=limit, entry=entry, about=about) for limit in starts]
    if not is_historic:
        _follow(entry, kind, about, clocks)
        tell_systems(about)
    return entry


def entry_of(
    kind: Kind, *, child: "Child", at: Moment, about: Model | None = None, known_at: Moment | None = None, words: str = "",
    row: Row | None = None, is_historic: bool = False,
) -> Entry:  # fmt: skip
    """The entry that says so, not yet saved: for `happened`, and for a verb's set form. Raises LookupError outside a command."""
    subject = acting_subject()
    known = known_at or at
    return Entry(
        child=child, kind=kind, happened_at=at.at, happened_precision=at.precision, known_at=known.at, known_precision=known.precision,
        recorded_at=subject.at, recorded_by=subject.post, words=words, row=row, is_historic=is_historic,
        event="" if is_historic or kind not in EVENT_OF else EVENT_OF[kind].code,
        about_label=about._meta.label if about else "", about_id=about.pk if about else None,
    )  # fmt: skip


def _stop(entry: Entry, limits: Sequence[TimeLimit], about_ids: Sequence[UUID] | None, answers: bool) -> None:
    """Clocks that this stops, and their tasks with them."""
    stopped = stop_clocks(limits=limits, entry=entry, about_ids=about_ids, is_answer=answers)
    end_tasks(clocks=stopped, at=entry.recorded_at, state=Task.State.DONE if answers else Task.State.NOT_NEEDED)


def _follow(entry: Entry, kind: Kind, about: Model | None, clocks: Sequence[Clock]) -> None:
    """Each clock makes a task for whoever works with the child; some kinds raise an alert; some, at night, wait for the morning."""
    is_night = kind in OVERNIGHT and morning_of(entry.recorded_at, bank_holidays_changed()) is not None
    question = _question(entry)
    if not clocks and kind not in ALERTS and not is_night and question is None:
        return
    post, team = lead(entry.child, entry.recorded_at)
    if is_night and (post is None or post.pk != entry.recorded_by_id):  # who works with the child wrote it down, and knows
        _note_overnight(entry, kind, post, team)
    for clock in clocks:
        make_task(name=clock.limit_name, entry=entry, about=about, clock=clock, post=post, team=team)
    if question is not None:
        make_task(name=question.limit_name, entry=entry, about=entry, clock=question, post=post, team=team)
    if kind in ALERTS:
        authority = entry.child.responsible_authority
        raise_alert(reason=ALERTS[kind], entry=entry, about=about, authority=authority, at=entry.recorded_at, post=post, team=team)


def _question(entry: Entry) -> Clock | None:
    """The clock of what an event asks of the safety plan; None where it asks nothing, or where a question that is as urgent waits already.

    One question a child, however much happens: it is answered for all events at once; and what only asks whether the plan still holds is not
    asked again where the same was answered within 7 days (real-life.md point 15). It counts from when it was written down, since nobody can
    answer what is not known. Asked through a function: whoever reports does not always read the plan.
    """
    event = EVENT.get(entry.event)
    if event is None or event.limit is None:
        return None
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT has_plan, asked, known FROM gate_plan_asked(%s)", [entry.child_id])
        has_plan, asked, known = cursor.fetchone() or (False, [], [])
    waits = PLAN_TODAY.key in asked or event.limit.key in asked or (event.code in known and event.effects == {Effect.CONFIRM})
    if waits or not (event.asks if has_plan else event.asks_without_plan):
        return None
    return start_clock(limit=event.limit, entry=entry, about=entry, since=Moment(entry.recorded_at, Precision.MINUTE))


def _note_overnight(entry: Entry, kind: Kind, post: "Post | None", team: "Team | None") -> None:
    line = overnight_line(
        what=kind.words, child_id=entry.child_id, authority_id=entry.child.responsible_authority_id, entry_id=entry.pk,
        about=(entry.about_label, entry.about_id), owner=(post.pk if post else None, team.pk if team else None), at=entry.recorded_at,
    )  # fmt: skip
    if line is not None:
        line.save(force_insert=True)


def lead(child: "Child", at: datetime) -> "tuple[Post | None, Team | None]":
    """The lead practitioner of a child: the longest allocated post; where nobody is, the team that is responsible.

    Read from the live relationships, since allocation stands above this file. Every child has one or the other; the
    second is never both empty in a state that commands can reach.
    """
    return leads([child.pk], at).get(child.pk, (None, None))


def leads(child_ids: "Iterable[UUID]", at: datetime) -> "dict[UUID, tuple[Post | None, Team | None]]":
    """The lead practitioner (or the team) of each of many children, in one statement."""
    kinds = (RelationshipKind.ALLOCATED, RelationshipKind.FRONT_DOOR, RelationshipKind.TEAM_DUTY)
    live = Q(until_at__isnull=True) | Q(until_at__gt=at)
    held = Relationship.objects.filter(live, child__in=list(child_ids), kind__in=kinds, from_at__lte=at).order_by("from_at", "pk")
    posts: dict[UUID, tuple[Post | None, Team | None]] = {}
    teams: dict[UUID, tuple[Post | None, Team | None]] = {}
    for relationship in held.select_related("holder_post", "holder_team"):
        if relationship.kind == RelationshipKind.ALLOCATED and relationship.holder_post is not None:
            posts.setdefault(relationship.child_id, (relationship.holder_post, None))
        elif relationship.holder_team is not None:
            teams.setdefault(relationship.child_id, (None, relationship.holder_team))
    return teams | posts
