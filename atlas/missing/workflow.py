"""States and steps of a missing episode and of a return interview: step, may start from, ends in.

Source: shared/reference/practice.md 3.8.3; the words of the screen follow real-life.md point 25.
"""

from django.db.models import TextChoices


class EpisodeState(TextChoices):
    MISSING = "missing", "Missing"
    FOUND = "found", "Found, not yet back"
    RETURNED = "returned", "Back"
    WITHDRAWN = "withdrawn", "Withdrawn: recorded in error"
    ENDED = "ended", "Ended"


E = EpisodeState
OPEN_EPISODE = (E.MISSING, E.FOUND)

EPISODE_STEPS: dict[str, tuple[frozenset[EpisodeState], EpisodeState]] = {
    # step                 may start from                         ends in
    "record_found": (frozenset({E.MISSING}), E.FOUND),
    "record_lost_again": (frozenset({E.FOUND}), E.MISSING),
    "record_return": (frozenset({E.MISSING, E.FOUND}), E.RETURNED),
    "end_episode": (frozenset({E.MISSING, E.FOUND}), E.ENDED),
    "withdraw_episode": (frozenset({E.MISSING, E.FOUND, E.RETURNED}), E.WITHDRAWN),
}


class InterviewState(TextChoices):
    DUE = "due", "Due"
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "The child said yes"
    BOOKED = "booked", "Arranged"
    NOT_MET = "not_met", "We did not manage to meet"
    SAID_NO = "said_no", "Said no for now"
    NOT_REACHED = "not_reached", "Not reached"
    MISSING_AGAIN = "missing_again", "Missing again before we met"
    NOT_OFFERED = "not_offered", "Not offered"
    HELD = "held", "Held"
    CLOSED = "closed", "Closed"


S = InterviewState
BEFORE_MEETING = frozenset({S.DUE, S.OFFERED, S.ACCEPTED, S.BOOKED, S.NOT_MET, S.SAID_NO, S.NOT_REACHED, S.MISSING_AGAIN})
OPEN_INTERVIEW = tuple(sorted(BEFORE_MEETING - {S.SAID_NO, S.NOT_REACHED}))

INTERVIEW_STEPS: dict[str, tuple[frozenset[InterviewState], InterviewState]] = {
    # step                  may start from                         ends in
    "offer_interview": (BEFORE_MEETING, S.OFFERED),
    "accept": (BEFORE_MEETING, S.ACCEPTED),
    "say_no": (BEFORE_MEETING, S.SAID_NO),
    "book_interview": (BEFORE_MEETING, S.BOOKED),
    "record_not_met": (frozenset({S.BOOKED, S.ACCEPTED, S.OFFERED}), S.NOT_MET),
    "record_not_reached": (BEFORE_MEETING - {S.SAID_NO}, S.NOT_REACHED),
    "miss_again": (BEFORE_MEETING - {S.SAID_NO}, S.MISSING_AGAIN),
    "decide_not_offered": (frozenset({S.DUE, S.MISSING_AGAIN}), S.NOT_OFFERED),
    "record_interview": (BEFORE_MEETING, S.HELD),
    "close_interview": (BEFORE_MEETING | {S.HELD, S.NOT_OFFERED}, S.CLOSED),
}
