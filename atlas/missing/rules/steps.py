"""The steps that are taken while a child is missing: a product default, not law. Each authority sets its own times, from a day on.

No national timetable was found (practice.md 3.5); what each step says and when is Atlas's own, built from several areas' protocols.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from atlas.chronology.moments import LONDON
from atlas.clocks.calendar import Override, is_working_day
from atlas.clocks.rules import PRODUCT_DEFAULT, Amount, CalendarDays, Hours, Rank, TimeLimit

DAY_BEGINS, DAY_ENDS = 8, 18  # hours in London on a working day; outside them, the first answer has longer


class Owner(StrEnum):
    """Whose a step is, and so whose alert it is when it is late."""

    RESPONSE = "response"  # the team that answers for missing children
    MANAGER = "manager"  # of the lead practitioner
    HEAD = "head"  # the manager above


def _limit(key: str, name: str, allowed: Amount) -> TimeLimit:
    return TimeLimit(
        key=key, name=name, allowed=allowed, rank=Rank.LOCAL, source=PRODUCT_DEFAULT, starts="The child was reported missing",
        stops="Somebody said that it is done, or the child is back", valid_from=date(2026, 1, 1),
    )  # fmt: skip


STEP_PLAN = _limit("step_plan", "Read the trigger plan; check orders, warning notices and referrals; ask for the police grade", Hours(1))
STEP_CARER = _limit("step_carer", "The carer has told the police, the social worker or emergency duty, and the parents", Hours(1))
STEP_ANSWERED = _limit("step_answered", "The front door or emergency duty has it; the police grade is agreed or challenged", Hours(4))
STEP_ANSWERED_NIGHT = _limit(
    "step_answered_night", "The front door or emergency duty has it; the police grade is agreed or challenged (out of hours)", Hours(8)
)
STEP_LIST = _limit("step_list", "On the daily list of missing children", Hours(12))
STEP_STRATEGY = _limit("step_strategy", "Decide whether a strategy meeting is held, with the reason", Hours(24))
STEP_HEAD = _limit("step_head", "The head of service is told", Hours(24))
STEP_MEETING = _limit("step_meeting", "The strategy meeting is held, if the child is still missing", Hours(48))
STEP_ASSISTANT = _limit("step_assistant", "The assistant director is told; media and a recovery order are decided on", Hours(72))
STEP_DIRECTOR = _limit(
    "step_director", "The director is told; second strategy meeting; harbouring and warning notices reviewed", CalendarDays(5)
)
STEP_MEMBER = _limit("step_member", "The lead member is told; a strategy meeting every week from here", CalendarDays(7))
STEP_REVIEW = _limit(
    "step_review", "The review of the care or protection plan is brought forward; the reviewing officer is told", CalendarDays(14)
)
STEP_LONG = _limit("step_long", "Review of a long episode with national partners, then every month", CalendarDays(28))


@dataclass(frozen=True)
class Step:
    """One step: its time limit, whose it is, and who hears of it. `needs_words`: what must be written down when it is done."""

    limit: TimeLimit
    owner: Owner
    told: str = ""
    needs_words: str = ""

    @property
    def key(self) -> str:
        """The key of its time limit."""
        return self.limit.key


STEPS: tuple[Step, ...] = (
    Step(STEP_PLAN, Owner.RESPONSE, "Social worker, team manager, and the authority that placed the child"),
    Step(STEP_CARER, Owner.RESPONSE),
    Step(STEP_ANSWERED, Owner.RESPONSE, "Police"),
    Step(STEP_ANSWERED_NIGHT, Owner.RESPONSE, "Police"),
    Step(STEP_LIST, Owner.RESPONSE, "Police, youth justice, health, education, and the team across agencies"),
    Step(STEP_STRATEGY, Owner.MANAGER, "Police, health, education, and where the child lives", "Write what was decided, and why."),
    Step(STEP_HEAD, Owner.MANAGER, "Head of service"),
    Step(STEP_MEETING, Owner.HEAD, "Those who were invited", "Write when it was held, and what was agreed."),
    Step(STEP_ASSISTANT, Owner.HEAD, "Assistant director, legal team", "Write what was decided on media and on a recovery order."),
    Step(STEP_DIRECTOR, Owner.HEAD, "Director for children"),
    Step(STEP_MEMBER, Owner.HEAD, "Lead member"),
    Step(STEP_REVIEW, Owner.MANAGER, "Reviewing officer"),
    Step(STEP_LONG, Owner.HEAD, "National partners"),
)
STEP = {step.key: step for step in STEPS}
STEP_LIMITS = tuple(step.limit for step in STEPS)


def steps_for(reported_at: datetime, overrides: Iterable[Override] = ()) -> list[Step]:
    """The steps of an episode that was reported then: out of hours the first answer has its own, longer limit."""
    left_out = STEP_ANSWERED if is_out_of_hours(reported_at, overrides) else STEP_ANSWERED_NIGHT
    return [step for step in STEPS if step.limit is not left_out]


def is_out_of_hours(moment: datetime, overrides: Iterable[Override] = ()) -> bool:
    """Whether a moment is outside 08:00 to 18:00 of a working day, in London. Product default, not law."""
    local = moment.astimezone(LONDON)
    return not (is_working_day(local.date(), tuple(overrides)) and DAY_BEGINS <= local.hour < DAY_ENDS)


AT_ONCE_FACTORS = {"disability": "a disability", "exploitation": "exploitation known or suspected"}
UNDER = 13


def why_meet_at_once(*, grade: str, age: int | None, has_marker: bool, risk_factors: Iterable[str]) -> list[str]:
    """Why a strategy meeting is held at once, each reason in words; empty where none is recorded. Product default, not law (practice.md 3.5).

    What is not recorded here (a referral to the national referral mechanism, trafficking) gives no reason: the page says to ask.
    """
    reasons = ["the police grade is high"] if grade == "HIGH" else []
    reasons += [f"the child is under {UNDER}"] if age is not None and age < UNDER else []
    reasons += ["there is a live concern about exploitation"] if has_marker else []
    return reasons + [
        words for factor, words in AT_ONCE_FACTORS.items() if factor in set(risk_factors) and not (has_marker and factor == "exploitation")
    ]
