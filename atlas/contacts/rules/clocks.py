"""The time limits of a contact and of a child and family assessment. Source: process-and-data.md section 2, clocks 1 to 2a."""

from datetime import date, datetime

from atlas.clocks.rules import PRODUCT_DEFAULT, Hours, Rank, TimeLimit, WorkingDays
from atlas.contacts.codes import Rating

GUIDANCE = "Working Together to Safeguard Children (DfE, 2023)"

CONTACT_DECISION = TimeLimit(
    key="contact_decision", name="Decide on the contact", allowed=WorkingDays(1), rank=Rank.STATUTORY_GUIDANCE, source=GUIDANCE,
    starts="The contact came", stops="The front door decided, with the reasons", valid_from=date(2023, 12, 15),
)  # fmt: skip
ANSWER_REFERRER = TimeLimit(
    key="answer_referrer", name="Answer whoever raised the contact", allowed=WorkingDays(1), rank=Rank.STATUTORY_GUIDANCE, source=GUIDANCE,
    starts="The contact came", stops="Whoever raised it was answered, or it was written down why not", valid_from=date(2023, 12, 15),
)  # fmt: skip
# The hub's own rating. Elapsed hours: where a hub counts only the hours in which it is open, its own limit is the looser one, and is not taken over.
_HUB = "A local rating of multi-agency hubs, as Luton and Surrey had it; not law, and no hub must have one"
CONTACT_RED, CONTACT_AMBER, CONTACT_GREEN = (
    TimeLimit(
        key=f"contact_{colour}", name=f"Look at the contact: {colour}", allowed=Hours(hours), rank=Rank.LOCAL, source=_HUB,
        starts="The contact came", stops="The front door decided", valid_from=date(2026, 1, 1),
    )
    for colour, hours in (("red", 4), ("amber", 24), ("green", 72))
)  # fmt: skip
RATED = {Rating.RED: CONTACT_RED, Rating.AMBER: CONTACT_AMBER, Rating.GREEN: CONTACT_GREEN}
AGENCY_REPLY = TimeLimit(
    key="agency_reply", name="Say what your agency knows", allowed=WorkingDays(1), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="The front door asked", stops="The agency said what it knows, or that it knows nothing", valid_from=date(2026, 1, 1),
)  # fmt: skip
ASSESSMENT_FINISHED = TimeLimit(
    key="assessment_finished", name="Child and family assessment", allowed=WorkingDays(45), rank=Rank.STATUTORY_GUIDANCE, source=GUIDANCE,
    starts="The contact came that led to the assessment", stops="The manager authorised the assessment", valid_from=date(2023, 12, 15),
)  # fmt: skip
ASSESSMENT_REVIEW = TimeLimit(
    key="assessment_review", name="Look at the assessment together, on the way", allowed=WorkingDays(10), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="The assessment started", stops="Manager and worker looked at it together", valid_from=date(2026, 1, 1),
)  # fmt: skip

# When people are told of a contact that waits and that nobody has matched to a child: how long after those before them.
TELL_AGAIN_MINUTES = (15, 15, 30)
MOST_TOLD = len(TELL_AGAIN_MINUTES)


def first_told_at(received_at: datetime, late_at: datetime, *, is_night: bool, is_unsafe: bool) -> datetime:
    """When the first people are told: at once where it came after hours or the child may not be safe now; otherwise when it is late.

    Source: real-life.md point 6: what is sent after hours goes to emergency duty, not to a morning queue.
    """
    return received_at if is_night or is_unsafe else late_at
