"""A group that is planted in Fernleigh's year: children who go missing together on some Friday evenings and name the same flat. Drawn apart, so that it is there whatever
else of the year moves.
"""

from datetime import UTC, datetime, timedelta
from random import Random

from demo.calibration import AFTER, Calibration
from demo.people import Invented
from demo.year import Planned

MEMBERS = (5, 6, 7, 8, 9, 10)  # by number among those who go missing
SMALL_MEMBERS = (5, 6, 7, 8, 9)
EVENINGS = (0.52, 0.57, 0.63, 0.70, 0.76, 0.82)  # shares of the year
COMES = 0.85
FLAT = ("Short-let flat above the arcade", "ST04")
WORDS = {
    "before_words": "Somebody messaged me to come out.", "during_words": "There were some older people I don't really know.",
    "help_words": "If I could ring my sister when it gets loud.",
}  # fmt: skip


def members(calibration: Calibration) -> tuple[int, ...]:
    """The numbers of the planted children, as the year has them."""
    return MEMBERS if calibration.missing_children >= AFTER.missing_children else SMALL_MEMBERS


def plant(planned: list[Planned], children: list[Invented], calibration: Calibration, start: datetime, now: datetime) -> list[Planned]:
    """The year with the group in it: what else was planned for these children at that time is left out, for no child is missing twice at once."""
    planted: list[Planned] = []
    for number in members(calibration):
        random = Random(f"the group of the flat {number}")
        comes = [share for share in EVENINGS if random.random() < COMES]
        planted += [_evening(children[number], random, start + share * (now - start)) for share in comes]
    return sorted([one for one in planned if not _meets(one, planted)] + planted, key=lambda episode: episode.reported)


def _evening(child: Invented, random: Random, near: datetime) -> Planned:
    """Out on the Friday after that moment, back in the night; talked with within two days."""
    friday = (near + timedelta(days=(4 - near.weekday()) % 7)).astimezone(UTC).replace(hour=18, minute=0, second=0, microsecond=0)
    last_seen = friday + timedelta(minutes=random.randrange(0, 120))
    reported = last_seen + timedelta(minutes=random.randrange(30, 150))
    returned = friday + timedelta(hours=8, minutes=random.randrange(0, 360))
    offered, held = returned + timedelta(hours=random.randrange(4, 20)), returned + timedelta(hours=random.randrange(24, 60))
    return Planned(
        child, last_seen, reported, reported + timedelta(minutes=random.randrange(5, 90)), returned, "MED", offered_at=offered, held_at=held,
        place=FLAT, words=dict(WORDS), push="P15", withwhom="W04", harm="none_said", is_of_group=True,
    )  # fmt: skip


def _meets(one: Planned, planted: list[Planned]) -> bool:
    """Whether it would run into an evening of the same child: from the moment the child goes until everything about it is over, and some hours."""
    apart = timedelta(hours=6)
    return any(
        other.child.number == one.child.number and other.last_seen - apart < _over(one) and one.last_seen < _over(other) + apart
        for other in planted
    )


def _over(one: Planned) -> datetime:
    ends = (one.returned, one.told, one.held_at, one.offered_at)
    return max(end for end in ends if end is not None)
