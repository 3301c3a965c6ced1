"""The measures of return interviews, RHI-1 to RHI-9: what each counts, of what, and what is left out.

Source: shared/reference/practice.md 3.8.2 and real-life.md point 14 (November 2026). Lead with held in time of all returns.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One measure: counts `numerator` of `denominator` (names in `queries.COUNTED`), or a median in hours."""

    key: str
    name: str
    numerator: str
    denominator: str
    definition: str
    excluded: str = "Episodes withdrawn as recorded in error; episodes from before Atlas, taken over as history; children not yet back"
    is_median: bool = False


MEASURES: tuple[Measure, ...] = (
    Measure("RHI-4a", "Held in time, of all returns", "in_time", "returned",
            "Returns after which the child was interviewed within 72 hours of being back, of all returns. Estimated times are in; a return or "
            "interview of which only the day is known counts as neither in time nor late, and is shown beside."),
    Measure("RHI-1", "Offered to the child", "offered", "returned",
            "Returns after which the child personally was offered an interview, of all returns. An offer through a carer is not one."),
    Measure("RHI-2", "Accepted, of those offered", "accepted", "offered", "Interviews to which the child said yes, of those offered to the child."),
    Measure("RHI-3", "Held, of all returns", "held", "returned", "Interviews held with the child, of all returns."),
    Measure("RHI-3b", "Held, of those offered", "held", "offered", "Interviews held with the child, of those offered to the child."),
    Measure("RHI-4", "Held in time, of those held", "in_time", "held", "Interviews held within 72 hours of the return, of those held."),
    Measure("RHI-4b", "Held in time by the first recorded return", "in_time_at_first", "held",
            "The same, judged on the time of return as it was first recorded, before any correction."),
    Measure("RHI-5", "Hours from return to first offer (median)", "offer_latency", "offered", "Median hours from the return to the first offer to the child.",
            is_median=True),
    Measure("RHI-6", "Hours from return until the council knew (median)", "told_latency", "returned",
            "Median hours from the return to the moment it was recorded here.", is_median=True),
    Measure("RHI-7", "Independent interviewer", "independent", "held",
            "Interviews by someone who passes the independence test, of those held. The allocated worker and school staff are counted apart."),
    Measure("RHI-8", "Not offered, with a manager's reason", "not_offered", "returned", "Returns after which a manager decided that none is offered. A list, no target."),
    Measure("RHI-9", "Passed on within 2 working days", "shared_in_time", "held",
            "Interviews whose agreed content reached social worker and police within 2 working days, of those held."),
)  # fmt: skip
MEASURE = {measure.key: measure for measure in MEASURES}
