"""The time limits of meetings. Sources: practice.md 6.2, process-and-data.md section 2 (clocks 3, 3a, 4, 8); those of no national rank are defaults."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from atlas.clocks.calendar import Override, add_working_days
from atlas.clocks.rules import PRODUCT_DEFAULT, Hours, Rank, TimeLimit, WorkingDays
from atlas.meetings.rules.kinds import OF_STRATEGY, MeetingKind

HOLD_STRATEGY = TimeLimit(
    key="hold_strategy", name="Hold the strategy discussion", allowed=Hours(24), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="It was decided that a strategy discussion is needed", stops="The strategy discussion was held", valid_from=date(2026, 1, 1),
)  # fmt: skip
STRATEGY_RECORD = TimeLimit(
    key="strategy_record", name="Send the record of the strategy discussion", allowed=WorkingDays(1), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="The strategy discussion was held", stops="Its record was closed and sent", valid_from=date(2026, 1, 1),
)  # fmt: skip
MEETING_RECORD = TimeLimit(
    key="meeting_record", name="Send the record of the meeting", allowed=WorkingDays(5), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="The meeting was held", stops="Its record was closed and sent", valid_from=date(2026, 1, 1),
)  # fmt: skip
HEALTH_JOINS = TimeLimit(
    key="health_joins", name="Health says what it knows of a discussion held by telephone", allowed=WorkingDays(1), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="A strategy discussion was held by telephone, without health", stops="Somebody of health wrote what is known, or was asked and heard",
    valid_from=date(2026, 1, 1),
)  # fmt: skip
RECORDS = (STRATEGY_RECORD, MEETING_RECORD)
# How long before a meeting, and after it, those who were asked see what was released to them (protection.md 4.1).
OPENS_BEFORE, CLOSES_AFTER = 5, 10  # working days
# After how many working days an agency action that is late is told: to the line manager of whoever it is for, then to the chair (practice.md 5.3, LP-8).
CHASED_AFTER = (2, 5)
# After how many working days a line of a safety plan that is late stands before the panel (practice.md 5.3, LP-8).
BEFORE_PANEL_AFTER = 5


def times_late(due_on: date, today: date, changes: Iterable[Override] = ()) -> int:
    """How often somebody is to have been told by today of what was due on a day: not yet, the line manager, the chair too."""
    changes = tuple(changes)
    return sum(add_working_days(due_on, days, changes) < today for days in CHASED_AFTER)


def record_limit(kind: MeetingKind) -> TimeLimit:
    """By when the record of such a meeting is out: a strategy discussion's; otherwise that of every meeting, or sooner where the kind says so."""
    if kind.answers == OF_STRATEGY:
        return STRATEGY_RECORD
    most = MEETING_RECORD.allowed
    assert isinstance(most, WorkingDays)
    return (
        replace(MEETING_RECORD, allowed=WorkingDays(kind.record_within), source=kind.source)
        if kind.record_within < most.count
        else MEETING_RECORD
    )
