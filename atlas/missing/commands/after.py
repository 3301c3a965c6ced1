"""After a child is back: the police saw the child; a repeat is decided on; a sampled interview is checked."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.copies.commands.owing import owe_copy
from atlas.flow import happened, lead
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.missing.codes import PointAnswer, PreventionMode, YesNo
from atlas.missing.copies import PREVENTION_INTERVIEW
from atlas.missing.models import Episode, PreventionInterview, QualityCheck, RepeatTrigger, ReturnInterview, TriggerPlan
from atlas.missing.rules.quality import POINTS, drawn_words, is_drawn
from atlas.missing.rules.repeats import Past, met
from atlas.missing.workflow import EpisodeState
from atlas.tasks.commands import end_tasks_about, make_task
from atlas.tasks.models import Task

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@dataclass(frozen=True)
class Seen:
    """What the officer says of the prevention interview."""

    mode: PreventionMode
    held_by: str
    seen_alone: YesNo
    sexual_harm: YesNo
    clothing_kept: YesNo
    advice: str = ""
    injuries: str = ""
    where: str = ""
    said: str = ""
    crime_reference: str = ""
    referral: str = ""
    next_time: str = ""


@command(needs=Permission.RECORD_PREVENTION_INTERVIEW)
def record_prevention_interview(*, episode: Episode, seen: Seen, held_at: Moment, by: "Post", at: datetime) -> PreventionInterview:
    """Record that the police saw the child on return. It is not the return interview, and stops no clock.

    Raises Invalid while the child is missing, for a time to come, and where sexual harm is possible and nobody was asked for advice first.
    """
    if episode.state == EpisodeState.MISSING:
        raise Invalid("The child is still recorded as missing. Record that the child was found, or is back, first.")
    if held_at.earliest is not None and held_at.earliest > at:
        raise Invalid("This time is still to come. Check the date and the time.", "held_at")
    if not seen.held_by.strip():
        raise Invalid("Write which officer saw the child, and of which force.", "held_by")
    if seen.sexual_harm == YesNo.YES and not seen.advice.strip():
        raise Invalid(
            "Still needed: whom the officer asked (police specialist, sexual assault referral centre) before any detailed talk, and what they said. "
            "If nobody was asked yet, ask now, and write it here.",
            "advice",
        )
    row = PreventionInterview(
        child=episode.child, episode=episode, held_at=held_at.at, held_precision=held_at.precision, mode=seen.mode,
        held_by_words=seen.held_by.strip()[:120], seen_alone=seen.seen_alone, sexual_harm=seen.sexual_harm, advice_words=seen.advice.strip(),
        clothing_kept=seen.clothing_kept, injury_words=seen.injuries.strip(), where_words=seen.where.strip(), said_words=seen.said.strip(),
        crime_reference=seen.crime_reference.strip()[:60], referral_words=seen.referral.strip(), next_time_words=seen.next_time.strip(), recorded_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    entry = happened(Kind.PREVENTION_INTERVIEW, child=episode.child, at=held_at, about=episode, words=row.get_mode_display())
    owe_copy(kind=PREVENTION_INTERVIEW, record=row, entry=entry)
    return row


def ask_of_repeats(episode: Episode, at: datetime) -> list[RepeatTrigger]:
    """Ask once for each rule on repeats that this episode meets, in one task, as an effect of the command that runs now.

    A rule that is asked already, and waits, is not asked again (real-life.md point 15).
    """
    rows = (
        Episode.objects.filter(child=episode.child_id).exclude(state=EpisodeState.WITHDRAWN).values_list("pk", "reported_at", "returned_at")
    )
    past = [Past(pk, reported, back - reported if back else None) for pk, reported, back in rows]
    found = met(past, episode.reported_at, has_plan=TriggerPlan.objects.filter(child=episode.child_id).exists()) if len(past) > 1 else []
    asked = (
        set(RepeatTrigger.objects.filter(child=episode.child_id, decided_at__isnull=True).values_list("rule", flat=True))
        if found
        else set()
    )
    fresh = [
        RepeatTrigger(child=episode.child, episode=episode, rule=rule.key, episodes=[one.pk for one in counted], fired_at=at)
        for rule, counted in found
        if rule.key not in asked
    ]
    for one in fresh:
        one.save(force_insert=True)
    if fresh:
        words = ", ".join(rule.words for rule, _ in found if rule.key not in asked)
        moment = Moment(at, Precision.MINUTE)
        entry = happened(Kind.MISSING_REPEATEDLY, child=episode.child, at=moment, about=episode, words=words[:300])
        post, team = lead(episode.child, at)
        make_task(name="Missing again: answer what repeated episodes ask", entry=entry, about=fresh[-1], post=post, team=team)
    return fresh


@command(needs=Permission.DECIDE_REPEAT)
def decide_repeat(*, trigger: RepeatTrigger, words: str, by: "Post", at: datetime) -> RepeatTrigger:
    """Say what was decided where a rule on repeats was met; the task ends with the last that waits. Raises Invalid without words."""
    if trigger.decided_at is not None:
        raise Invalid("This was decided already. Reload the page.")
    if not words.strip():
        raise Invalid("Write what was decided, and why: a meeting and when, or why none.", "words")
    trigger.decision_words, trigger.decided_at, trigger.decided_by = words.strip(), at, by
    trigger.save(update_fields=["decision_words", "decided_at", "decided_by"])
    waiting = RepeatTrigger.objects.filter(child=trigger.child_id, decided_at__isnull=True)
    if not waiting.exists():
        asked = Task.objects.filter(child=trigger.child_id, about_label=RepeatTrigger._meta.label, state=Task.State.OPEN)
        for about_id in asked.values_list("about_id", flat=True):
            end_tasks_about(about_id=about_id, at=at)
    happened(Kind.REPEAT_DECIDED, child=trigger.child, at=Moment(at, Precision.MINUTE), about=trigger.episode, words=words.strip()[:300])
    return trigger


def draw_for_check(interview: ReturnInterview, at: datetime) -> QualityCheck | None:
    """Draw a held interview for a quality check, where chance says so; as an effect of the command that runs now."""
    if interview.held_at is None or interview.held_with_id is not None or not is_drawn(interview.pk):
        return None
    drawn = QualityCheck(child=interview.child, interview=interview, drawn_at=at, drawn_words=drawn_words())
    drawn.save(force_insert=True)
    return drawn


@command(needs=Permission.CHECK_QUALITY)
def check_quality(*, check: QualityCheck, points: dict[str, str], words: str = "", by: "Post", at: datetime) -> QualityCheck:
    """Judge the five points of a drawn interview. Raises Invalid for one's own interview, a point left open, and one judged already."""
    if check.checked_at is not None:
        raise Invalid("This was checked already. Reload the page.")
    if check.interview.held_by_id == by.pk:
        raise Invalid("You talked with this child yourself. Somebody else checks it.")
    for name in POINTS:
        if points.get(name) not in PointAnswer.values:
            raise Invalid("Answer each of the five points.", name)
        setattr(check, name, points[name])
    check.checked_words, check.checked_at, check.checked_by = words.strip(), at, by
    check.save()
    return check
