"""Missing episodes from before Atlas, thousands at once: the set form of report, grade, found and return.

Every row is made by the functions that the single verbs use, so that both forms leave the same state
(tests/missing/test_history.py); only the saving is by sets. Live episodes are never taken so: they raise alerts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Model

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.commands import clock_of
from atlas.clocks.models import Clock
from atlas.feeds.models import Row
from atlas.flow import entry_of
from atlas.gate.act import act_of, command, lock_all, may_all
from atlas.gate.context import Subject, acting_subject
from atlas.gate.models import Act, Outcome
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision
from atlas.gate.sets import save_all
from atlas.missing.codes import Grade, GradeScheme
from atlas.missing.commands.back import (
    check_time,
    interview_of,
    take_found,
    take_return,
    what_came_back,
    what_was_found,
)
from atlas.missing.commands.episode import what_was_graded
from atlas.missing.commands.report import Report, check_report, episode_of, first_statuses, what_was_reported
from atlas.missing.models import Episode, PoliceGrade, ReturnInterview, StatusChange
from atlas.missing.rules.interview import STARTED_BY_RETURN

if TYPE_CHECKING:
    from atlas.agencies.models import Post

# In the order in which their keys point at each other.
TABLES: tuple[type[Model], ...] = (Entry, Episode, StatusChange, PoliceGrade, Clock, ReturnInterview, Act)
VERBS = (Permission.REPORT_MISSING, Permission.RECORD_POLICE_GRADE, Permission.RECORD_FOUND, Permission.RECORD_RETURN)


@dataclass(frozen=True)
class Past:
    """One missing episode from before Atlas, as a row tells it. What the row does not say is None."""

    child: Child
    report: Report
    row: Row
    source_key: str
    grade: Grade | None = None
    graded_at: datetime | None = None
    grader: str = ""
    named_reason: str = ""
    found: Moment | None = None
    found_words: str = ""
    returned: Moment | None = None


@dataclass
class _Set:
    """The rows that a set of episodes leaves, by table."""

    subject: Subject
    rows: dict[type[Model], list[Model]] = field(default_factory=lambda: {model: [] for model in TABLES})

    def add(self, *rows: Model) -> None:
        for row in rows:
            self.rows[type(row)].append(row)

    def act(self, name: str, record: Model, result: Model) -> None:
        """The act that the single verb would leave."""
        self.add(act_of(name, self.subject, Outcome.DONE, Decision.ALLOWED, record, result))


@command(needs=Permission.REPORT_MISSING)
def record_past_episodes(*, pasts: Sequence[Past], by: "Post", at: datetime) -> list[Episode]:
    """Record missing episodes from before Atlas: chronology, closed clocks and closed interviews; nobody is told.

    Raises Invalid for the first that cannot be, and ValueError for a child to whom `by` may not do all of it: check
    beforehand with `check_past` and `may_all`.
    """
    children = {past.child.pk for past in pasts}
    lock_all(children)
    subject = acting_subject()
    if may_all(subject, children, *VERBS) != children:
        raise ValueError("A child of this set is not open to this post: take these rows one by one.")
    made = _Set(subject)
    episodes = [_past(past, made, by, at) for past in pasts]
    for rows in made.rows.values():
        save_all(rows)
    return episodes


def check_past(past: Past, at: datetime) -> None:
    """Raise Invalid where the episode cannot be, as the single verbs would."""
    check_report(past.child, past.report, at)
    for moment, name in ((past.found, "found_at"), (past.returned, "returned_at")):
        if moment is not None:
            check_time(past.report.last_seen, past.report.reported, moment, at, name)


def _past(past: Past, made: _Set, by: "Post", at: datetime) -> Episode:
    episode = episode_of(past.child, past.report, row=past.row, source_key=past.source_key, is_historic=True, at=at)
    episode.entry = entry_of(Kind.REPORTED_MISSING, **what_was_reported(episode, past.report))
    made.add(episode.entry, episode, *first_statuses(episode, by, at))
    made.act("report_missing", past.child, episode)
    if past.grade and past.graded_at:
        _graded(past, episode, made, by, past.grade, past.graded_at)
    if past.found is not None:
        take_found(episode, past.found, past.found_words)
        made.add(entry_of(Kind.FOUND, **what_was_found(episode, past.found)))
        made.act("record_found", episode, episode)
    if past.returned is not None:
        _returned(past, episode, made, by, at, past.returned)
    return episode


def _graded(past: Past, episode: Episode, made: _Set, by: "Post", grade: Grade, graded_at: datetime) -> None:
    graded = PoliceGrade(
        child=past.child, episode=episode, scheme=GradeScheme.APP2017, grade=grade, graded_at=graded_at, grader=past.grader,
        named_reason=past.named_reason, recorded_by=by,
    )  # fmt: skip
    episode.grade = graded.grade
    made.add(graded, entry_of(Kind.POLICE_GRADED, **what_was_graded(graded)))
    made.act("record_police_grade", episode, graded)


def _returned(past: Past, episode: Episode, made: _Set, by: "Post", at: datetime, returned: Moment) -> None:
    take_return(episode, returned, "", at)
    entry = entry_of(Kind.RETURNED, **what_came_back(episode, returned, past.row, True))
    clocks = [clock_of(limit=limit, entry=entry, about=episode) for limit in STARTED_BY_RETURN]
    made.add(entry, *clocks, interview_of(episode, returned, by, at, is_historic=True))
    made.act("record_return", episode, episode)
