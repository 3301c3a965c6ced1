"""Practice rules of the return interview: its time limits, who may hold it independently and with which skills. Constants and pure functions."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from atlas.agencies.codes import SkillKind
from atlas.clocks.rules import PRODUCT_DEFAULT, Hours, Rank, TimeLimit, WorkingDays

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
    source=PRODUCT_DEFAULT,
    starts="The responsible authority was asked whether it holds the return interview, or what came of it",
    stops="Its answer came",
    valid_from=date(2026, 1, 1),
)

# How long the link stays open: as long as the interview itself may take. Product default, not law.
RESPONSIBLE_USUAL_DAYS = 3

STARTED_BY_RETURN = (RETURN_INTERVIEW,)  # the clocks that start when a child is back

RESPONSE_AFTERLIFE_HOURS = 72  # protection.md 4.1: missing response lasts for the episode and 72 hours

INTERVIEW_AFTERLIFE_DAYS = 28  # real-life.md point 3


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


def skills_needed(*, is_marked: bool) -> tuple[SkillKind, ...]:
    """What somebody must be trained in to talk with a child who was missing; `is_marked`: there is a live concern about exploitation.

    Product default, not law; source: capabilities.md row 19.
    """
    return (SkillKind.MISSING, SkillKind.EXPLOITATION) if is_marked else (SkillKind.MISSING,)
