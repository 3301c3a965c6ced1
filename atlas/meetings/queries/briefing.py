"""A briefing about a child for the chair of a meeting: facts of the record as they stand at that moment, each with its source; no score, no rank."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from atlas.children.models import Child
from atlas.chronology.moments import day_words, when_words
from atlas.exploitation.models import NrmReferral
from atlas.exploitation.queries import current_level, live_harm, live_items
from atlas.gate.context import Subject
from atlas.meetings.queries.actions import OPEN, actions_with_people, came_of
from atlas.meetings.queries.room import meetings_about
from atlas.missing.models import Episode
from atlas.plans.queries.lists import plan_state
from atlas.statuses.queries import mirrored

SINCE = timedelta(days=90)
MOST = 6


def briefing_of(subject: Subject, child: Child, at: datetime) -> list[str]:
    """The lines of the briefing, each a fact that whoever compiles it may read: level and harm, missing episodes of 90 days, the safety plan, what was seen,
    referrals, what earlier meetings decided, what agencies did of it and whether it worked, and what they have not done.
    """
    return [
        *_exploitation(subject, child),
        *_missing(subject, child, at),
        *_plan(subject, child, at),
        *_meetings(subject, child),
        *_statuses(subject, child),
    ]


def _exploitation(subject: Subject, child: Child) -> Iterator[str]:
    level = current_level(child)
    if level is None:
        yield "Exploitation: no assessment is finished here."
    else:
        yield f"Exploitation: {level.words}, since {when_words(level.since)}."
    for harm in live_harm(child)[:MOST]:
        yield f"Harm: {harm.words}"
    for item in live_items(child).filter(kind="indicator").order_by("-last_seen_on")[:MOST]:
        seen = f", last seen {day_words(item.last_seen_on)}" if item.last_seen_on else ""
        yield f"Seen: {item.words}{seen}."
    for referral in NrmReferral.objects.of_child(subject, child.pk).order_by("-decided_on", "-recorded_at")[:1]:
        yield f"National Referral Mechanism: {referral.get_state_display().lower()}, {day_words(referral.decided_on)}."


def _missing(subject: Subject, child: Child, at: datetime) -> Iterator[str]:
    recent = (
        Episode.objects.of_child(subject, child.pk).filter(reported_at__gt=at - SINCE).exclude(state="withdrawn").order_by("-reported_at")
    )
    episodes = list(recent)
    if not episodes:
        yield "Missing: not reported missing in the last 90 days."
        return
    hours = sum(((one.returned_at or at) - one.reported_at).total_seconds() for one in episodes) / 3600
    times = "once" if len(episodes) == 1 else f"{len(episodes)} times"
    yield f"Missing: reported {times} in the last 90 days, {hours:.0f} hours in all; last {when_words(episodes[0].reported_at)}."


def _plan(subject: Subject, child: Child, at: datetime) -> Iterator[str]:
    state = plan_state(subject, child.pk, at)
    yield f"Safety plan: {state.words.lower()}." if state is not None else "Safety plan: there is none."
    if state is not None and state.waiting:
        yield f"Since it was last true: {'; '.join(state.waiting)}."


def _meetings(subject: Subject, child: Child) -> Iterator[str]:
    for item in meetings_about(subject, child.pk).filter(meeting__state__in=["held", "closed"])[:3]:
        said = "; ".join(one.get_answer_display() for one in item.now) or "nothing decided"  # type: ignore[attr-defined]
        yield f"{item.meeting.kind_name}, {when_words(item.meeting.starts_at)}: {said}."
    for action in came_of([child.pk], None, subject.at)[:MOST]:
        worked = f"{action.get_worked_display()}: {action.worked_words}" if action.worked else "nobody has said yet whether it worked"
        yield f"Asked of {action.agency.name}: {action.words} {action.get_state_display()}: {action.evidence} Intended: {action.intended} {worked}"
    undone = actions_with_people().filter(child=child, state__in=[*OPEN, "refused"]).order_by("due_on")[:MOST]
    for action in undone:
        yield f"Asked of {action.agency.name} by {day_words(action.due_on)}: {action.words} ({action.get_state_display().lower()})"


def _statuses(subject: Subject, child: Child) -> Iterator[str]:
    now = [one.fact.words for one in mirrored(subject, child)[0] if one.until_on is None]
    if now:
        yield f"In the main case system: {'; '.join(now)}."
