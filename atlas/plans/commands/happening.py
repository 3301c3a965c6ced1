"""Somebody writes down what happened to a child; a change of pace is looked at."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.flow import EVENT_OF, happened
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.plans.models import PatternAnswer

if TYPE_CHECKING:
    from atlas.agencies.models import Post

QUIET_AT_MOST = timedelta(days=28)


@command(needs=Permission.RECORD_EVENT)
def record_event(
    *, child: Child, kind: Kind, happened_at: Moment, known_at: Moment | None = None, words: str, source: str, by: "Post", at: datetime
) -> Entry:  # fmt: skip
    """Write down something that may change what keeps the child safe, from the catalogue. What it asks of the plan follows at once.

    Raises Invalid for a kind that another act records, for a time to come, and without words or a source.
    """
    if kind not in EVENT_OF or not EVENT_OF[kind].by_hand:
        raise Invalid("Choose what happened from the list.", "kind")
    if not words.strip():
        raise Invalid("Write what happened, in a sentence.", "words")
    if not source.strip():
        raise Invalid("Say who told us, or how we know.", "source")
    if happened_at.earliest is not None and happened_at.earliest > at:
        raise Invalid("That time is still to come. Check the date and the time.", "happened_at")
    said = f"{words.strip()} (From: {source.strip()})"
    return happened(kind, child=child, at=happened_at, known_at=known_at, words=said[:300])


@command(needs=Permission.ANSWER_PATTERN)
def answer_pattern(
    *, child: Child, pattern: str, cited: Sequence[UUID], reason: str, quiet_until: date, by: "Post", at: datetime
) -> PatternAnswer:  # fmt: skip
    """Say what one makes of a change of pace, and until when it is quiet: at most four weeks, and less where more happens."""
    today = day_of(at)
    if not reason.strip():
        raise Invalid("Write what you make of it, and what follows.", "reason")
    if not today < quiet_until <= today + QUIET_AT_MOST:
        raise Invalid("Choose a day within the next four weeks.", "quiet_until")
    answer = PatternAnswer(
        child=child, pattern=pattern, cited=list(cited), reason=reason.strip(), quiet_until=quiet_until, answered_at=at, answered_by=by
    )
    answer.save(force_insert=True)
    happened(Kind.PATTERN_ANSWERED, child=child, at=Moment(at, Precision.MINUTE), words=reason[:300])
    return answer
