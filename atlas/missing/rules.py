"""Practice rules of missing children: time limits, independence, grades. Constants and pure functions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from atlas.agencies.codes import SkillKind
from atlas.clocks.rules import Hours, Rank, TimeLimit, WorkingDays

RETURN_INTERVIEW = TimeLimit(
    key="return_interview",
    name="Return interview",
    allowed=Hours(72),
    rank=Rank.STATUTORY_GUIDANCE,
    source="Children who run away or go missing from home or care (DfE, January 2014)",
    starts="The child is back at home or in the care setting",
    stops="The child was interviewed, or the interview was closed with a reason",
    valid_from=date(2014, 1, 17),
)

INTERVIEW_SHARED = TimeLimit(
    key="interview_shared",
    name="Pass on what the child agreed to",
    allowed=WorkingDays(2),
    rank=Rank.LOCAL,
    source="Atlas product default (2026); a partnership may set its own",
    starts="The return interview was held",
    stops="Every part that is to be passed on reached the social worker and the police",
    valid_from=date(2026, 1, 1),
)

RESPONSIBLE_REPLY = TimeLimit(
    key="responsible_reply",
    name="Answer of the responsible authority",
    allowed=Hours(24),
    rank=Rank.LOCAL,
    source="Atlas product default (2026), not law; a partnership may set its own",
    starts="The responsible authority was asked whether it holds the return interview, or what came of it",
    stops="Its answer came",
    valid_from=date(2026, 1, 1),
)

STARTED_BY_RETURN = (RETURN_INTERVIEW,)  # the clocks that start when a child is back

RESPONSE_AFTERLIFE_HOURS = 72  # protection.md 4.1: missing response lasts for the episode and 72 hours
INTERVIEW_AFTERLIFE_DAYS = 28  # real-life.md point 3
ADULT_AGE = 18


class Independence(StrEnum):
    """Whether the interviewer was independent of the child's care. Source: DfE 2014 by practice.md 3.8.4."""

    PASSES = "passes"
    PASSES_SAME_AUTHORITY = "passes, same authority"
    QUERIED = "queried"
    FAILS = "fails"


@dataclass(frozen=True)
class Interviewer:
    """What independence is derived from: never asked as yes or no."""

    agency_kind: str
    is_allocated_to_child: bool = False
    cares_for_child: bool = False
    works_in_placement: bool = False
    employed_by_responsible_authority: bool = False


def independence(interviewer: Interviewer) -> Independence:
    """Judge independence from the interviewer's relationship to the child.

    Carers, placement staff and police officers fail (the police hold the prevention interview); the allocated social
    worker is contested in practice, so it is queried and counted apart, as is school staff; a designated interviewer of
    the same authority passes, and is shown so; anyone from a commissioned provider passes.
    """
    if interviewer.cares_for_child or interviewer.works_in_placement or interviewer.agency_kind == "police":
        return Independence.FAILS
    if interviewer.is_allocated_to_child or interviewer.agency_kind == "school":
        return Independence.QUERIED
    if interviewer.employed_by_responsible_authority:
        return Independence.PASSES_SAME_AUTHORITY
    return Independence.PASSES


GRADES_ALLOWED_WITH_MARKER = frozenset({"LOW", "MED", "HIGH"})


def may_grade(grade: str, *, has_exploitation_marker: bool, named_reason: str) -> bool:
    """Whether this police grade may be recorded: *no apparent risk* is barred for a child with a live exploitation marker
    unless a named officer of sergeant or above gives the reason. Source: chief constables' letter of 2015 (practice.md R-RISK-5).
    """
    return grade in GRADES_ALLOWED_WITH_MARKER or not has_exploitation_marker or bool(named_reason.strip())


TRIGGER_PLAN_LIFE = timedelta(days=30)  # product default, not law (practice.md 3.4)
# Of a trigger plan, what says where the child is or how the child is reached: left out of everything while a sealed location exists.
SAYS_WHERE = frozenset(
    {
        "keeper_words",
        "telephone_words",
        "online_words",
        "transport_words",
        "people_words",
        "places_words",
        "safe_people_words",
        "safe_places_words",
    }
)


def why_stale(
    confirmed_at: datetime, at: datetime, *, moved_on: date | None, number_changed_on: date | None, missing_at: datetime | None
) -> list[str]:
    """Why a trigger plan must be read again, each in words; empty where it is current.

    `moved_on`, `number_changed_on`: the first day of the last placement and of the last telephone number; `missing_at`: the last
    episode's report. Product default, not law (practice.md 3.4).
    """
    day, reasons = confirmed_at.date(), []
    if at - confirmed_at > TRIGGER_PLAN_LIFE:
        reasons.append(f"Nobody has confirmed it for {(at - confirmed_at).days} days.")
    if moved_on is not None and moved_on > day:
        reasons.append("The child lives in another placement since. Say who keeps it now.")
    if number_changed_on is not None and number_changed_on > day:
        reasons.append("A telephone number has changed since.")
    if missing_at is not None and missing_at > confirmed_at:
        reasons.append("The child has been missing since. Write down what was learned.")
    return reasons


def skills_needed(*, is_marked: bool) -> tuple[SkillKind, ...]:
    """What somebody must be trained in to talk with a child who was missing; `is_marked`: there is a live concern about exploitation.

    Product default, not law; source: capabilities.md row 19.
    """
    return (SkillKind.MISSING, SkillKind.EXPLOITATION) if is_marked else (SkillKind.MISSING,)


ASKED_BEFORE = (timedelta(days=90), timedelta(days=30))  # real-life.md point 21


def decide_before_eighteen(born_on: date, day: date) -> tuple[date, date] | None:
    """(the 18th birthday, the day by which somebody decides who goes on), where the birthday is at most 90 days off; None otherwise.

    The decision is due 30 days before, or on the eve where those are past. Somebody born on 29 February is 18 on 1 March.
    """
    try:
        birthday = born_on.replace(year=born_on.year + ADULT_AGE)
    except ValueError:
        birthday = date(born_on.year + ADULT_AGE, 3, 1)
    first, last = ASKED_BEFORE
    if not birthday - first <= day < birthday:
        return None
    return birthday, max(day, birthday - last) if day <= birthday - last else birthday - timedelta(days=1)
