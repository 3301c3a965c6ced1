"""Flow: what follows at once when something happens. One table says which alert; the call says which clocks.

`happened()` writes the entry, stops and starts clocks, gives the task to whoever works with the child, and raises the
alert, all in the transaction of the command that runs now. What follows with time is in `tick.py`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model, Q

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.commands import start_clock, stop_clocks
from atlas.clocks.models import Clock
from atlas.clocks.queries import bank_holidays_changed
from atlas.clocks.rules import TimeLimit
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
    }
)  # fmt: skip


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
    answers: bool = True,
    row: Row | None = None,
    is_historic: bool = False,
    corrects: Entry | None = None,
) -> Entry:
    """Write down what happened to a child, and do what follows at once.

    `at`: when it happened; `known_at`: when the first agency knew (the same, where not said); recorded by whoever runs
    the command, at its moment. `about`: the record that says more; its clocks are the ones that stop, with those of
    `stops_about`. `answers`: the clocks that stop were answered, not merely no longer needed. A historic event makes
    closed clocks, never a task or an alert. Raises LookupError outside a command.
    """
    entry = entry_of(kind, child=child, at=at, about=about, known_at=known_at, words=words, row=row, is_historic=is_historic)
    entry.corrects = corrects
    entry.save(force_insert=True)
    if stops:
        _stop(entry, stops, [record.pk for record in (about, *stops_about) if record is not None], answers)
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
        about_label=about._meta.label if about else "", about_id=about.pk if about else None,
    )  # fmt: skip


def _stop(entry: Entry, limits: Sequence[TimeLimit], about_ids: Sequence[UUID], answers: bool) -> None:
    """Clocks that this stops, and their tasks with them."""
    stopped = stop_clocks(limits=limits, entry=entry, about_ids=about_ids, is_answer=answers)
    end_tasks(clocks=stopped, at=entry.recorded_at, state=Task.State.DONE if answers else Task.State.NOT_NEEDED)


def _follow(entry: Entry, kind: Kind, about: Model | None, clocks: Sequence[Clock]) -> None:
    """Each clock makes a task for whoever works with the child; some kinds raise an alert; some, at night, wait for the morning."""
    is_night = kind in OVERNIGHT and morning_of(entry.recorded_at, bank_holidays_changed()) is not None
    if not clocks and kind not in ALERTS and not is_night:
        return
    post, team = lead(entry.child, entry.recorded_at)
    if is_night and (post is None or post.pk != entry.recorded_by_id):  # who works with the child wrote it down, and knows
        _note_overnight(entry, kind, post, team)
    for clock in clocks:
        make_task(name=clock.limit_name, entry=entry, about=about, clock=clock, post=post, team=team)
    if kind in ALERTS:
        authority = entry.child.responsible_authority
        raise_alert(reason=ALERTS[kind], entry=entry, about=about, authority=authority, at=entry.recorded_at, post=post, team=team)


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
