"""From a child protection plan to help as a child in need, and child in need plans that last. Source: process-and-data.md section 3 (step-down) and clocks 8
and 8d: the first meeting within 10 working days and the audit of every plan of two years are local practice, an example and not a rule.
"""

from datetime import date

from atlas.clocks.rules import PRODUCT_DEFAULT, Rank, TimeLimit, WorkingDays

GAP_DAYS = 28  # a child in need plan that is opened again within so many days goes on
FIRST_MEETING = TimeLimit(
    key="first_child_in_need", name="Hold the first child in need meeting after child protection", allowed=WorkingDays(10), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="The child protection plan ended, or its end was decided", stops="The first child in need meeting was held", valid_from=date(2026, 1, 1),
)  # fmt: skip
