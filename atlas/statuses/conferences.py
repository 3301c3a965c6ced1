"""How long after a strategy discussion that began a section 47 enquiry the initial child protection conference is held. Pure.

Working Together to Safeguard Children (statutory guidance), as process-and-data.md section 2, clock 4 holds it: 15 working days, counted from the discussion at
which the enquiry was begun; where there were several, from that one, neither the first nor the last.
"""

from datetime import date

from atlas.clocks.rules import Rank, TimeLimit, WorkingDays

INITIAL_CONFERENCE = TimeLimit(
    key="initial_conference", name="Hold the initial child protection conference, or say that none is needed", allowed=WorkingDays(15),
    rank=Rank.STATUTORY_GUIDANCE, source="Working Together to Safeguard Children", valid_from=date(2018, 1, 1),
    starts="A strategy discussion was held at which a section 47 enquiry was begun", stops="The initial conference was held, or the enquiry ended without one",
)  # fmt: skip
