"""The measures of return interviews, RHI-1 to RHI-9: what each counts, of what, what is left out, and how sure a share is.

Source: shared/reference/practice.md 3.8.2 and real-life.md points 2 and 14 (November 2026). Lead with outcomes of every 100 returns and
with held in time of all returns; never with a share of those held alone.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from atlas_analysis.rates.shares import wilson_interval

LEAST_INTERVIEWS = 5  # an interviewer with fewer conversations is not shown: real-life.md point 14, and nothing can be read from fewer
LEFT_OUT = "episodes withdrawn as recorded in error; episodes from before Atlas, taken over as history; children not yet back"


@dataclass(frozen=True)
class Measure:
    """One measure: counts `numerator` of `denominator` (names in `queries.COUNTED`), or a median in hours.

    `is_timed`: it is judged by a time, so that it is also shown for exact times only, and a return of which only the day is
    known is neither in time nor late.
    """

    key: str
    name: str
    numerator: str
    denominator: str
    definition: str
    is_timed: bool = False
    is_median: bool = False


MEASURES: tuple[Measure, ...] = (
    Measure("RHI-4a", "Held in time, of all returns", "in_time", "returned",
            "Returns after which the child was interviewed within 72 hours of being back, of all returns.", is_timed=True),
    Measure("RHI-4b", "Held in time by the first recorded return, of all returns", "in_time_at_first", "returned",
            "The same, judged on the time of return as it was first recorded, before any correction.", is_timed=True),
    Measure("RHI-4", "Held in time, of those held", "in_time", "held",
            "Returns after which the child was interviewed within 72 hours, of those after which the child was interviewed at all. Read it beside the first.",
            is_timed=True),
    Measure("RHI-1", "Offered to the child", "offered", "returned",
            "Returns after which the child personally was offered an interview, of all returns. An offer through a carer is not one."),
    Measure("RHI-2", "Accepted, of those offered", "accepted", "offered", "Returns after which the child said yes, of those offered to the child."),
    Measure("RHI-3", "Held, of all returns", "held", "returned", "Returns after which the child was interviewed, of all returns."),
    Measure("RHI-3b", "Held, of those offered", "held", "offered", "Returns after which the child was interviewed, of those offered to the child."),
    Measure("RHI-5", "Hours from return to first offer (median)", "offer_latency", "offered",
            "Median hours from the return to the first offer to the child. Returns of which only the day is known have no hours and are left out.",
            is_timed=True, is_median=True),
    Measure("RHI-6", "Hours from return until the council knew (median)", "told_latency", "returned",
            "Median hours from the return to the moment at which the return was recorded here; nobody types that moment. It is not the moment at which the "
            "council was told that the child was missing, which is mostly before the return. Returns of which only the day is known have no hours and are left out.",
            is_timed=True, is_median=True),
    Measure("RHI-7", "Independent interviewer", "independent", "conversations",
            "Conversations with someone who passes the independence test, of all conversations. The allocated worker and school staff are counted apart."),
    Measure("RHI-8", "Not offered, with a manager’s reason", "not_offered", "returned",
            "Returns after which a manager decided that none is offered, of all returns. A list, no target."),
    Measure("RHI-9", "Passed on within 2 working days", "shared_in_time", "conversations",
            "Conversations whose agreed content reached social worker and police within 2 working days, of all conversations."),
)  # fmt: skip

# What came of a return: every return is in exactly one of these.
OUTCOMES = {
    "in_time": "Held in time",
    "late": "Held late",
    "day_only": "Held: neither in time nor late",
    "said_no": "Said no for now",
    "not_reached": "Not reached",
    "not_offered": "Not offered",
    "ended_otherwise": "Closed for another reason",
    "still_owed": "Still owed",
}
# What the list behind each number is called.
COUNT_NAMES = OUTCOMES | {
    "returned": "Returns",
    "offered": "Offered to the child",
    "accepted": "The child said yes",
    "held": "Returns answered by a conversation",
    "conversations": "Conversations held",
    "in_time_at_first": "Held in time by the first recorded return",
    "estimated": "Returns whose time is estimated",
    "by_the_day": "Returns of which only the day is known, or less",
    "independent": "Conversations with an independent interviewer",
    "shared_in_time": "Passed on within 2 working days",
    "elsewhere": "Living in another authority than the one that owes the interview",
    "outcome_changed": "Judged otherwise than by the first recorded return",
    "left_out": "Left out of every number",
}


@dataclass(frozen=True)
class Share:
    """So many of so many, with its 95 % interval. Never shown without its two counts, so a share of few cannot mislead."""

    count: int
    of: int

    @property
    def percent(self) -> str:
        """The share of every 100, rounded to whole ones; a dash of none."""
        return f"{100 * self.count / self.of:.0f}" if self.of else "–"

    @property
    def interval(self) -> str:
        """The 95 % interval in words: "44 to 84"; empty of none."""
        if not self.of:
            return ""
        low, high = wilson_interval(self.count, self.of)
        return f"{100 * low:.0f} to {100 * high:.0f}"


def periods(today: date) -> dict[str, tuple[date, date]]:
    """The periods that are asked for most, first and last day included: name -> days. A financial year starts on 1 April."""
    day_after = today + timedelta(days=1)
    month, day = (3, 1) if (day_after.month, day_after.day) == (2, 29) else (day_after.month, day_after.day)
    april = date(today.year if today.month >= 4 else today.year - 1, 4, 1)
    quarter = date(today.year, today.month - (today.month - 1) % 3, 1)  # the one that today is in
    before = quarter - timedelta(days=1)
    return {
        "Last 12 months": (date(day_after.year - 1, month, day), today),
        "This financial year": (april, today),
        "Last quarter": (date(before.year, before.month - 2, 1), before),
    }
