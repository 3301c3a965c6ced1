"""How Fernleigh must look: every figure with its source. Marks: [V] read in the source, [D] derived, [U] an assumption.

Sources are the sections of shared/reference/calibration.md (November 2026): 3a population, 3b missing, 3c return interviews,
3f the recipe for the fictional borough. Fernleigh does not exist.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Calibration:
    """One state of the authority. Shares are of one; hours and days are named so."""

    open_cin: int
    open_cp: int
    open_cla: int
    episodes: int
    missing_children: int
    offered: float  # of episodes
    completed: float  # of offered
    in_time: float  # of completed
    return_unknown_at_first: float
    told_late: float  # police notices over 24 hours late [U]
    social_workers: int
    teams: int


# 3f "after" (autumn 2018 like) and "before" (spring 2016 like): design choices anchored on 3a to 3e [D/U].
AFTER = Calibration(1900, 270, 320, 780, 260, 0.97, 0.66, 0.71, 0.02, 0.12, 205, 16)
BEFORE = Calibration(1850, 240, 300, 980, 300, 0.55, 0.60, 0.42, 0.12, 0.25, 170, 14)
# Small: for tests and a quick look; the shares are those of "after" [U].
SMALL = Calibration(48, 8, 14, 40, 16, 0.97, 0.66, 0.71, 0.05, 0.12, 12, 2)

REPEATS_MU, REPEATS_SIGMA, REPEATS_CAP = 0.15, 1.3, 60  # 3f generators: ceil(LogNormal), mean 3.2 [D]
NEXT_IS_TRIGGERED, NEXT_LAG_DAYS = 0.5, 20.0  # 3f: self-exciting; half of first repeats within 28 days [V]
DURATION_MEDIAN_HOURS, DURATION_SIGMA = 7.5, 1.45  # 3f [D]
HOURS = ((8, 15, 10), (15, 17, 18), (17, 22, 46), (22, 26, 20), (26, 32, 6))  # 3b: hour of day, per cent [U]
DAY_WEIGHTS = (0.98, 0.98, 0.97, 0.98, 1.29, 0.99, 0.81)  # 3b: Monday to Sunday [D]
AGES = ((12, 4), (13, 10), (14, 22), (15, 24), (16, 24), (17, 16))  # 3b: 93 % aged 12-17, most 15-17 [V2]
CIN_AGES = ((0, 4, 14), (5, 9, 26), (10, 12, 20), (13, 15, 27), (16, 17, 13))  # 3a: children in need, 31 March 2025 [V]
ETHNICITIES = (
    ("WBRI", 57),
    ("WOTH", 7),
    ("MWBC", 12),
    ("BCRB", 10),
    ("AIND", 8),
    ("OOTH", 4),
    ("", 2),
)  # 3a: children in need [V]; not known [U]
GRADES = (("HIGH", 16), ("MED", 68), ("LOW", 13), ("NAR", 3))  # 3b: one force, all ages [V]
EXPLOITATION_COHORT, COHORT_GOES_MISSING = 0.06, 0.8  # 3f: about 115 known of 1,900 [D]; how many of them go missing [U]
VIA_CARER, REFUSED, NOT_REACHED = 0.12, 0.55, 0.25  # of episodes, and of offers not held [U]
DAY_ONLY_RETURN = 0.06  # [U]
DUPLICATES = 0.04  # 3f mess [U]
PLACES = (  # 3f: five planted places, each with start and stop (share of the year) [U]
    ("Station forecourt, Fernleigh East", "ST07", 0.10, 0.70),
    ("Retail park takeaway", "ST99", 0.35, 0.95),
    ("Short-let flat above the arcade", "ST04", 0.50, 1.00),
    ("Millpond Park, by the bandstand", "ST07", 0.00, 0.45),
    ("A hotel outside the borough", "ST04", 0.60, 1.00),
)
# 3f: what children name besides, all through the year, so that a cluster stands out against something [U]: the words, and how they are spoken of on a list.
ELSEWHERE = tuple(
    f"{of} {what}"
    for of in ("North Fernleigh", "South Fernleigh", "Fernleigh Quay", "Harbour Road", "Old Fernleigh")
    for what in ("skate park", "swimming pool", "shopping arcade", "bus station")
)
NAMES_ELSEWHERE = 0.3  # of interviews in which none of the five is named [U]
GROUND = (
    650_000,
    340_000,
)  # metres: where Fernleigh lies on the British National Grid: in the sea, so that none of its places is anybody's
