"""What a privacy officer says of an odd look."""

from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.audit.models import OddLook
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission

MOST_WORDS = 1000
MORE_TIME = timedelta(days=7)


@command(needs=Permission.CLOSE_ODD_LOOK)
def close_odd_look(*, odd_look: OddLook, outcome: str, words: str, by: Post, at: datetime) -> OddLook:
    """Close an odd look with an outcome and a few words; one that needs more stays open, for another week.

    Raises Invalid where it is closed already, or nothing is said. Row security shows it only to a privacy officer who
    answers for the agency, and never to the worker who looked. Source: protection.md section 5 (*Work it*).
    """
    if odd_look.closed_at is not None:
        raise Invalid("Somebody has closed this already. Go back to the list.")
    if not words.strip():
        raise Invalid("Say what you found, in a few words.", "words")
    if outcome not in OddLook.Outcome.values:
        raise Invalid("Choose what came of it.", "outcome")
    odd_look.outcome, odd_look.words, odd_look.closed_by = outcome, words.strip()[:MOST_WORDS], by
    if outcome == OddLook.Outcome.NEEDS_MORE:
        odd_look.due_on = day_of(at + MORE_TIME)
    else:
        odd_look.closed_at = at
    odd_look.save(update_fields=["outcome", "words", "closed_by", "closed_at", "due_on"])
    return odd_look
