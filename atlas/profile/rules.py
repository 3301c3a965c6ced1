"""What a profile is made by: its period, its bands, within how long a finding is decided, and how many families live here. Product defaults, not law.

Source: practice.md 4.11 (quarterly tables, an annual narrative; too short a period is no profile), protection.md 3.4 and 3.5.
"""

from datetime import date, timedelta

METHOD = "2"  # of what is counted and how; a profile says by which it was made
SHORTEST, LONGEST = timedelta(days=90), timedelta(days=366)
DECIDED_WITHIN = timedelta(days=30)
PAPERS_STAND = timedelta(days=365)
FEW_TWICE = 30  # interviews coded twice, below which how alike is said with a caveat
STALE_AFTER = timedelta(days=92)  # the tables at least each quarter
SEED = 2027
LOOKS_BACK = timedelta(days=365)  # of mentions of places, so that a place is compared with its own past
LONGEST_WINDOW = 60  # days of the longest window in which more than chance may have happened
SHUFFLES = 999
ASKS = 0.05  # the chance, with nothing there, that a place is told of at all
BANDS = ((12, "Under 12"), (14, "12 and 13"), (16, "14 and 15"), (150, "16 and over"))
PARTS_OF_DAY = ((6, "Midnight to 6 am"), (12, "6 am to noon"), (18, "Noon to 6 pm"), (24, "6 pm to midnight"))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOT_RECORDED = "Not recorded"


def age_band(years: int | None) -> str:
    """The band of an age in whole years."""
    return NOT_RECORDED if years is None else next(name for below, name in BANDS if years < below)


def part_of_day(hour: int | None) -> str:
    """The part of the day of an hour, 0 to 23."""
    return "The hour is not known" if hour is None else next(name for below, name in PARTS_OF_DAY if hour < below)


def before(from_on: date, until_on: date) -> date:
    """The first day of the period before, of the same length. `until_on` is the day after the last."""
    return from_on - (until_on - from_on)


def what_is_wrong(from_on: date, until_on: date, today: date) -> str:
    """Why a period is no period of a profile, in words; empty where it is one. `until_on` is the day after the last."""
    if until_on > today:
        return "The last day must be over. Choose yesterday or earlier."
    if until_on - from_on < SHORTEST:
        return f"A profile of fewer than {SHORTEST.days} days says what chance did. Choose an earlier first day."
    if until_on - from_on > LONGEST:
        return f"A profile covers at most {LONGEST.days} days. Choose a later first day."
    return ""
