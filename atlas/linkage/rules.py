"""Which two records a person is asked about, and when again. Pure.

A pair is asked about where what agrees is enough and nothing makes it plainly two children: brothers and sisters share all but the forename.
Source: shared/reference/peers.md (OpenCRVS 8789: all children of one mother flagged; 11073: a year that differs not flagged); protection.md D6.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from atlas.clocks.rules import PRODUCT_DEFAULT, Rank, TimeLimit, WorkingDays

JOIN_IN_MAIN = TimeLimit(
    key="join_in_main", name="Have the two records joined in the main case system", allowed=WorkingDays(10), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="It was decided that two records, both in the main case system, are of one child", stops="The main case system has joined them",
    valid_from=date(2026, 1, 1),
)  # fmt: skip
TIME_LIMITS = (JOIN_IN_MAIN,)
MAIN_SYSTEM = "main_system"  # as a reason: the main system gives the number of one as a former number of the other
EXPECTED_TWICE = 0.02  # our own estimate: of a hundred children of a council, two are recorded twice
ASK_AGAIN_AFTER, ASK_AGAIN_MOST = timedelta(days=28), timedelta(days=182)  # product defaults, not law
ENOUGH = 0.0  # bits: as likely one child as two
NUMBERS = ("nhs_number", "upn")
BEGINS, LEAST_BEGINNING = "begins", 3  # a forename that is the beginning of the other, of so many letters at least: Alex and Alexandra
# From the closest on; what is not here, or not known on one side, is not close.
CLOSER: dict[str, tuple[str, ...]] = {
    "forename": ("same", "joined", "turned", "family", "second", "close", BEGINS, "initial"),
    "surname": ("same", "part", "close"),
    "born": ("same", "transposed", "digit", "vague", "year"),
    "nhs_number": ("same",),
    "upn": ("same",),
    MAIN_SYSTEM: ("same",),
}
LIKE_FORENAME = frozenset({"same", "joined", "turned", "family"})
LIKE_BORN = frozenset({"same", "transposed"})
SLIPPED = frozenset({"digit", "vague"})  # with the very same forename and surname


@dataclass(frozen=True)
class Reason:
    """What one thing compared says of two records: which, how far it agrees, in words, and whether it speaks for one child, against, or neither way."""

    term: str
    degree: str
    words: str
    speaks: str  # "for", "against" or ""


def worth_asking(degrees: Mapping[str, str], weight: float, *, are_siblings: bool = False) -> bool:
    """Whether a person is asked if two records are of one child. `weight`: in bits, by the model; it only lets a pair in, and is kept nowhere.

    With another forename never, but for the same NHS or pupil number; of children known to be brothers and sisters only where the forename is the very same.
    A like forename with the same surname and date of birth always: a small council's names are not rare enough for the model.
    """
    has_number = any(degrees.get(name) == "same" for name in NUMBERS)
    forename = degrees.get("forename", "unknown")
    if forename == "other" and not has_number:
        return False
    if are_siblings and forename != "same" and not has_number:
        return False
    surname = degrees.get("surname", "unknown")
    is_like = forename in LIKE_FORENAME and (surname in {"same", "part"} or forename == "turned") and degrees.get("born") in LIKE_BORN
    is_slip = forename == surname == "same" and degrees.get("born") in SLIPPED
    return has_number or is_like or is_slip or weight >= ENOUGH


def is_beginning(one: str | None, other: str | None) -> bool:
    """Whether one forename is the beginning of the other, and long enough to say something."""
    short, long = sorted((one or "", other or ""), key=len)
    return len(short) >= LEAST_BEGINNING and short != long and long.startswith(short)


def is_news(now: Iterable[Reason], before: Iterable[Reason]) -> bool:
    """Whether two records that a person kept apart have since come closer in a name, the date of birth or a number: only then is it asked anew.

    That both moved to one address, or now have one telephone, is no news: so do brothers and sisters.
    """
    decided = {reason.term: reason.degree for reason in before}
    return any(_closeness(one.term, one.degree) > _closeness(one.term, decided.get(one.term, "")) for one in now)


def _closeness(term: str, degree: str) -> int:
    order = CLOSER.get(term, ())
    return len(order) - order.index(degree) if degree in order else 0


def may_ask_again(on: date, today: date) -> bool:
    """Whether a day on which somebody wants to be asked again lies ahead, and within half a year."""
    return today < on <= today + ASK_AGAIN_MOST


def paired(one: str, other: str) -> tuple[str, str]:
    """The two in the order in which they are always kept, so that a pair is there once."""
    return (one, other) if one < other else (other, one)
