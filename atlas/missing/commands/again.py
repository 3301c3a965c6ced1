"""A return interview is read and coded once more, by somebody who did not hold it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.missing.codes import ANSWERS, FULL_ANSWERS
from atlas.missing.models import ReturnInterview, SecondReading
from atlas.missing.rules.again import is_drawn_again

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@command(needs=Permission.READ_AGAIN)
def read_again(
    *, interview: ReturnInterview, codes: Mapping[str, Sequence[str]], had_seen: bool, by: "Post", at: datetime
) -> SecondReading:
    """Code an interview that chance drew from what was written down of it. Nothing of the interview changes, and no clock or task hangs on it.

    Raises Invalid for one's own interview, one that was not drawn or was read already, a code that is in no list, and where nothing is coded.
    """
    if interview.held_at is None or interview.held_with_id is not None or not is_drawn_again(interview.pk):
        raise Invalid("This interview is not one of those that are read again. Choose one from the list.")
    if interview.held_by_id == by.pk:
        raise Invalid("You talked with this child yourself. Somebody else reads it again.")
    if SecondReading.objects.filter(interview=interview).exists():
        raise Invalid("This was read again already. Reload the page.")
    given = {question: sorted(set(chosen)) for question, chosen in codes.items() if chosen}
    if not given:
        raise Invalid("Choose what the record tells, for at least one question.")
    for question, chosen in given.items():
        if set(chosen) - {*ANSWERS.get(question, {}), *FULL_ANSWERS}:
            raise Invalid("Choose one of the answers listed.", question)
    reading = SecondReading(
        child=interview.child, interview=interview, codes=given, had_seen=had_seen, recorded_at=at, recorded_by=by
    )  # fmt: skip
    reading.save(force_insert=True)
    return reading
