"""Which legal powers fit a child's age and legal status, each with its source and how sure. Pure. What nobody has checked is never said as law.

Source: practice.md 3.12 (November 2026). An empty place is said: for some children none of these fits.
"""

from dataclasses import dataclass
from enum import StrEnum

IN_CARE = frozenset({"C1", "C2"})  # SSDA903 legal status: interim and full care order
EMERGENCY = frozenset({"L1", "L2"})  # police protection; emergency protection order
ACCOMMODATED = frozenset({"V2", "V3", "V4"})
ADVICE = "Take legal advice"
READ = "The text of the Act was read for this list"
GUIDANCE = "National guidance, read for this list; not statutory, and no power of itself"
PARTLY = "Only part of the source was seen"
UNCHECKED = "Police protection, an emergency protection order and secure accommodation were not checked for this list. Take legal advice."


class Fits(StrEnum):
    """Whether a power fits a child."""

    YES = "Fits"
    NO = "Does not fit"
    UNKNOWN = "Not known: the date of birth is not recorded"
    ADVICE = "Take legal advice"


@dataclass(frozen=True)
class Power:
    """One power: who applies, what it does, whether it fits this child and why, its source and how sure."""

    name: str
    who: str
    effect: str
    fits: Fits
    because: str
    source: str
    sure: str


def powers(codes: frozenset[str], age: int | None) -> list[Power]:
    """The powers for a child with these legal statuses (SSDA903 codes that hold now; none: not looked after) and this age in whole years."""
    held, why = _by_status(codes)
    return [
        Power(
            "Recovery order", "Whoever has parental responsibility by the order, or the designated officer",
            "The child is produced or may be removed; whoever knows where the child is must say; named premises may be searched",
            held, why, "Children Act 1989, section 50", READ,
        ),
        Power(
            "Offence of taking, keeping or inducing to run away", "Police", "Up to six months", held, why, "Children Act 1989, section 49", READ,
        ),
        Power(
            "Offence of taking a child from lawful control", "Police", "By somebody who is not connected with the child",
            *_under(16, age), "Child Abduction Act 1984, section 2", READ,
        ),
        Power(
            "Child abduction warning notice", "Police, with whoever has parental responsibility",
            "A written warning; a breach is evidence", *_notice(codes, age, held), "National guidance on warning notices", GUIDANCE,
        ),
        Power(
            "Child Rescue Alert", "Police", "The public is asked for help, where serious harm is feared and there is something to tell it",
            *_under(18, age), "College of Policing, authorised professional practice", PARTLY,
        ),
    ]  # fmt: skip


def is_gap(codes: frozenset[str], age: int | None) -> bool:
    """Whether none of recovery order, section 49, section 2 and a warning notice fits: 16 or 17, and not under an order or police protection."""
    return age in {16, 17} and _by_status(codes)[0] is Fits.NO


def _by_status(codes: frozenset[str]) -> tuple[Fits, str]:
    if codes & IN_CARE:
        return Fits.YES, f"in care ({', '.join(sorted(codes & IN_CARE))})"
    if codes & EMERGENCY:
        return Fits.YES, f"under police protection or an emergency protection order ({', '.join(sorted(codes & EMERGENCY))})"
    if codes - ACCOMMODATED:
        return Fits.ADVICE, f"legal status {', '.join(sorted(codes))}: what it opens was not checked"
    if codes:
        return Fits.NO, f"accommodated, and not in care ({', '.join(sorted(codes))})"
    return Fits.NO, "no legal status of a looked-after child is recorded here"


def _under(limit: int, age: int | None) -> tuple[Fits, str]:
    if age is None:
        return Fits.UNKNOWN, f"for a child under {limit}"
    return (Fits.YES if age < limit else Fits.NO), f"{age} years old; for a child under {limit}"


def _notice(codes: frozenset[str], age: int | None, held: Fits) -> tuple[Fits, str]:
    if age is not None and 16 <= age < 18 and codes & IN_CARE:
        return Fits.YES, "under 18 and in care by a care order"
    if age is not None and 16 <= age < 18 and held is not Fits.NO:
        return Fits.ADVICE, "16 or 17, and in care by no care order"
    return _under(16, age)
