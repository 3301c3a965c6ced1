"""Rules on repeated episodes, with the count that meets them; and the standing duties for a looked-after child. Pure. Defaults, not law.

Source: practice.md 3.9 and 3.11. No national figure was found; windows roll by when the child was reported missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LONG = timedelta(hours=24)


@dataclass(frozen=True)
class Past:
    """One episode as the rules count it: when it was reported, and how long it lasted (None: the child is not back, or not known)."""

    pk: UUID
    reported_at: datetime
    lasted: timedelta | None = None


@dataclass(frozen=True)
class Rule:
    """What is counted within how many days (None: ever), how often meets it, what is asked then, and on what it rests."""

    key: str
    count: int
    days: int | None
    asks: str
    basis: str
    only_long: bool = False

    @property
    def words(self) -> str:
        """What met it, in words."""
        what = "episodes of more than 24 hours" if self.only_long else "episodes"
        what = what if self.count > 1 else what.replace("episodes", "episode")
        return f"{self.count} {what} {'in all' if self.days is None else f'in {self.days} days'}"


DEFAULT = "Product default, not law"
RULES: tuple[Rule, ...] = (
    Rule("plan", 2, None, "Write a trigger plan", DEFAULT),
    Rule("plan_long", 1, None, "Write a trigger plan", DEFAULT, only_long=True),
    Rule("thirty", 3, 30, "Decide on a strategy meeting", f"{DEFAULT}: the practice of one area"),
    Rule("ninety", 3, 90, "Decide on a meeting of the agencies", f"{DEFAULT}: common in local protocols, no national figure was found"),
    Rule("many", 5, 90, "Decide on a strategic referral and whether the child lives in the right place", DEFAULT),
    Rule("many_long", 2, 90, "Decide on a strategic referral and whether the child lives in the right place", DEFAULT, only_long=True),
    Rule("year", 6, 365, "Look at the year as a whole with the child", f"{DEFAULT}: missing more than five times in 12 months"),
)
RULE = {rule.key: rule for rule in RULES}


def met(past: Iterable[Past], at: datetime, *, has_plan: bool) -> list[tuple[Rule, list[Past]]]:
    """The rules that these episodes meet at that moment, each with the episodes that count, the oldest first.

    A rule that asks for a trigger plan is met by no child who has one.
    """
    ordered = sorted(past, key=lambda one: (one.reported_at, str(one.pk)))
    found = []
    for rule in RULES:
        counted = [
            one
            for one in ordered
            if (rule.days is None or timedelta(0) <= at - one.reported_at <= timedelta(days=rule.days))
            and (not rule.only_long or (one.lasted is not None and one.lasted > LONG))
        ]
        if len(counted) >= rule.count and not (has_plan and rule.key.startswith("plan")):
            found.append((rule, counted))
    return found


UNCHECKED = "The text was not checked for this list. Product default, not law: ask your reviewing officer"
READ = "Statutory guidance, read for this list"
DUTIES: tuple[tuple[str, str, str, str], ...] = (
    ("duty_placement_plan", "The placement plan says what happens if the child is away without permission", "before placement", UNCHECKED),
    (
        "duty_care_plan",
        "The care plan says how the child is kept safe, and how going missing is made less likely",
        "standing",
        "Part of the guidance was seen",
    ),
    ("duty_visit", "The child was visited since coming back, and alone", "after each episode", UNCHECKED),
    ("duty_review", "An early review was considered", "where it repeats, or there is concern", UNCHECKED),
    (
        "duty_regulator",
        "The home has told Ofsted and the responsible authority, where it is serious or exploitation is suspected",
        "at once",
        UNCHECKED,
    ),
    ("duty_record", "The absence, and what was done, is in the child's record", "each episode", UNCHECKED),
    ("duty_interviewer", "The return interviewer is from outside the placement and the responsible authority", "within the limit", READ),
    ("duty_parenting", "Reported to the corporate parenting panel", "each quarter", UNCHECKED),
)
DUTY = {key: name for key, name, _, _ in DUTIES}
