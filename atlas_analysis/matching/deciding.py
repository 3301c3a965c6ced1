"""Which pairs are joined of themselves, which are shown to a person, which are left apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from atlas_analysis.matching.terms import BY_NAME

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Degrees = npt.NDArray[np.int64]  # the place of a degree in its term's levels
SHARED_BY = 4  # a telephone on more records than this is a home's, a hostel's or a school's


class Decision(StrEnum):
    """What is done with a pair."""

    AUTOMATIC = "automatic"
    TO_A_PERSON = "to a person"
    APART = "apart"


@dataclass(frozen=True)
class Limits:
    """From which weight, in bits, a pair may be joined of itself, and from which it is shown to a person; 0 is as likely as not.

    The weight alone never joins: see `safe`. Another record of the same source within `rival` bits makes a pair doubtful where that source holds people once.
    """

    automatic: float = 13.0
    to_a_person: float = 0.0
    rival: float = 6.0

    def __post_init__(self) -> None:
        if self.automatic < self.to_a_person:
            raise ValueError("What is joined of itself must weigh at least what is shown to a person.")


def _is(degrees: Mapping[str, Degrees], term: str, *names: str) -> Flags:
    """Where a term has one of these degrees; nowhere where it was not compared."""
    if term not in degrees:
        some = next(iter(degrees.values()))
        return np.full(len(some), "unknown" in names)
    wanted = [place for place, level in enumerate(BY_NAME[term].levels) if level.name in names]
    return np.isin(degrees[term], wanted)


@dataclass(frozen=True)
class Beside:
    """What is known of each pair beside its degrees: whether a date of birth is 1 January; how many records have their telephone; whether both have a second forename
    and these differ; whether the first is one that brothers share (Mohammed, Abdul) and a second is missing; whether somebody of another forename, born on that
    day, is known at that address, by that telephone or of that surname: a twin.
    """

    vague: Flags
    shared_by: Places
    other_second: Flags
    shared_first: Flags
    twin: Flags


def safe(degrees: Mapping[str, Degrees], beside: Beside) -> Flags:
    """Pairs of which nothing suggests that they are two people: same forename and date of birth, a like surname, nothing known against it, and one thing more.

    Twins and siblings share all but the forename, so a forename that is only alike is never enough, not even with the same number: a twin's number is typed on
    the wrong record. Nor is the same one, where a twin is known or brothers share it, without a number. A date of birth that differs a little needs the same NHS
    or pupil number: cousins are named alike. Namesakes born on one day need an address, a number, or a telephone that is not a whole home's.
    """
    numbered = _is(degrees, "nhs_number", "same") | _is(degrees, "upn", "same")
    against = _is(degrees, "nhs_number", "other") | _is(degrees, "upn", "other") | _is(degrees, "sex", "other") | beside.other_second
    forename = _is(degrees, "forename", "same", "joined") & (~(beside.shared_first | beside.twin) | numbered)
    surname = _is(degrees, "surname", "same", "part", "close")
    born = (_is(degrees, "born", "same") & (~beside.vague | numbered)) | (_is(degrees, "born", "transposed", "digit") & numbered)
    reached = _is(degrees, "telephone", "same") & (beside.shared_by <= SHARED_BY)
    return forename & surname & born & ~against & (numbered | reached | _is(degrees, "place", "same"))


def contested(
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    sources: npt.NDArray[np.int64],
    once: Places,
    rival: float,
) -> Flags:
    """Pairs beside which another record of the same source fits one of the two nearly as well, where that source holds people once."""
    found = np.zeros(len(left), bool)
    for mine, other in ((left, right), (right, left)):
        where = np.isin(sources[other], once)
        groups = mine * (int(sources.max(initial=0)) + 1) + sources[other]
        order = np.lexsort((-weights, groups))
        order = order[where[order]]
        ranked, weighed = groups[order], weights[order]
        first = np.r_[True, ranked[1:] != ranked[:-1]] if len(ranked) else np.zeros(0, bool)
        best = np.maximum.accumulate(np.where(first, np.arange(len(ranked)), 0))
        second = np.full(len(ranked), -np.inf)
        follows = np.flatnonzero(~first & np.r_[False, first[:-1]]) if len(ranked) else np.zeros(0, int)
        second[best[follows]] = weighed[follows]
        nearest_rival = np.where(np.arange(len(ranked)) == best, second[best], weighed[best])
        found[order] |= weighed - nearest_rival < rival
    return found


def decide(weights: npt.NDArray[np.float64], is_safe: Flags, is_contested: Flags, limits: Limits) -> npt.NDArray[np.str_]:
    """The decision on each pair."""
    automatic = is_safe & ~is_contested & (weights >= limits.automatic)
    return np.where(
        automatic, Decision.AUTOMATIC.value, np.where(weights >= limits.to_a_person, Decision.TO_A_PERSON.value, Decision.APART.value)
    )


def one_to_one(left: Places, right: Places, weights: npt.NDArray[np.float64], sources: Places) -> Flags:
    """Pairs kept where each record may have one partner in each other source: the best for both, then the best for both of what that leaves, and so on.

    Equal ones are both kept, for a person to choose. `sources`: the number of each record's source.
    """
    many = int(sources.max(initial=0)) + 1
    sides = [np.unique(mine * many + sources[other], return_inverse=True)[1] for mine, other in ((left, right), (right, left))]
    kept, open_still = np.zeros(len(left), bool), np.ones(len(left), bool)
    while open_still.any():
        best_for_both = open_still.copy()
        for places in sides:
            best = np.full(int(places.max(initial=-1)) + 1, -np.inf)
            np.maximum.at(best, places[open_still], weights[open_still])
            best_for_both &= weights >= best[places] - 1e-9
        kept |= best_for_both
        for places in sides:
            taken = np.zeros(int(places.max(initial=-1)) + 1, bool)
            taken[places[best_for_both]] = True
            open_still &= ~taken[places]
    return kept
