"""The grading of intelligence (3x5x2), the older one (5x5x5) that still comes in, and who may read a product."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import TextChoices


class Source(TextChoices):
    """How reliable the source is."""

    RELIABLE = "1", "1: reliable"
    UNTESTED = "2", "2: untested"
    NOT_RELIABLE = "3", "3: not reliable"


class Information(TextChoices):
    """How the information is known."""

    KNOWN_DIRECTLY = "A", "A: known directly"
    CORROBORATED = "B", "B: known indirectly, and corroborated"
    NOT_CORROBORATED = "C", "C: known indirectly"
    NOT_KNOWN = "D", "D: not known"
    SUSPECTED_FALSE = "E", "E: suspected to be false"


class Handling(TextChoices):
    """Who may read it. The national scheme has P and C; what came under an older code that lets nobody read it keeps that."""

    PERMITTED = "P", "P: lawful sharing permitted"
    CONDITIONS = "C", "C: sharing permitted with conditions"
    AUTHOR_ONLY = "N", "Nobody outside the author agency"


class FactOrOpinion(TextChoices):
    FACT = "fact", "Fact"
    OPINION = "opinion", "Opinion"


class Capacity(TextChoices):
    """As what the child appears in the item. A sign of harm to a child is never stored as a risk that the child poses."""

    CHILD_AT_RISK = "child_at_risk", "Child at risk"
    VICTIM = "victim", "Victim"
    SUSPECTED_PERPETRATOR = "suspected_perpetrator", "Suspected perpetrator"
    ASSOCIATE = "associate", "Associate"
    LOCATION_ONLY = "location_only", "Location only"


class State(TextChoices):
    PROPOSED = "proposed", "Proposed"
    RELEASED = "released", "Released"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Checked(TextChoices):
    """What could give the source away, each answered before a product is proposed."""

    TIME = "time", "No exact time"
    PLACE = "place", "No exact place"
    UNIQUE_PHRASE = "unique_phrase", "No phrase of the source’s own"
    ONLY_ONE_COULD_KNOW = "only_one_could_know", "Nothing that only one person could know"


OLD_HANDLING = {
    "1": Handling.AUTHOR_ONLY,
    "2": Handling.PERMITTED,
    "3": Handling.AUTHOR_ONLY,
    "4": Handling.AUTHOR_ONLY,
    "5": Handling.CONDITIONS,
}
MONTHS_TO_REVIEW, MONTHS_TO_REVIEW_POLICE = 6, 3  # protection.md 3.4 rule 2


def handling_of_old(code: str) -> Handling:
    """What a handling code of the 5x5x5 means now; an unknown one lets nobody outside the author read. (protection.md 4.7)"""
    return OLD_HANDLING.get(code.strip(), Handling.AUTHOR_ONLY)


def latest_review(agency_kind: str, on: date) -> date:
    """The last day by which a product must be looked at again: six months, three where the police supplied it."""
    months = MONTHS_TO_REVIEW_POLICE if agency_kind == "police" else MONTHS_TO_REVIEW
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def is_released(*, handling: str, state: str, author: UUID, named: Collection[UUID], review_on: date, to: UUID, on: date) -> bool:
    """Whether an agency may read a product on that day: its author always; another only a released one, in date, by its handling."""
    if to == author:
        return True
    if state != State.RELEASED or review_on < on:
        return False
    return handling == Handling.PERMITTED or (handling == Handling.CONDITIONS and to in named)
