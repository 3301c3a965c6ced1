"""A year of missing episodes as a plan, from a seed: who, when, for how long, and what came of each return interview."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from demo import calibration as figures
from demo.calibration import Calibration
from demo.people import Invented

REFUSALS = (
    "I'm fine. I don't want to talk to anyone new.", "Not now. Maybe next week.", "I already told my keyworker.", "It was only my mate's house.",
    "I've got nothing to say about it.", "Ask me another time, I'm tired.",
)  # fmt: skip
BEFORE_WORDS = (
    "We had a row about my phone and I needed air.", "It was too loud in the house.", "I missed my old street.", "I wasn't allowed to see my brother.",
    "Nothing happened. I just didn't want to be there.", "Somebody messaged me to come out.",
)  # fmt: skip
DURING_WORDS = (
    "We walked about and then sat on the wall by the shops.", "I stayed at a friend's and her mum made tea.", "We went on the bus to the end and back.",
    "I was in the park till it got cold.", "There were some older people I don't really know.", "We just played on the console.",
)  # fmt: skip
HELP_WORDS = (
    "If I could ring my sister when it gets loud.", "A later time on Fridays.", "Someone who listens before shouting.", "A quiet room.",
    "To know when I'm moving.", "Nothing really. It was good that you asked.",
)  # fmt: skip


MISSING_NOW, BY_FILE = (30.0, 14.0, 9.0, 5.0, 1.5), (14.0, 5.0)  # hours since last seen; those whom the police's file brings


@dataclass
class Planned:
    """One missing episode to come. Times are instants; `held_at` None where no interview is held."""

    child: Invented
    last_seen: datetime
    reported: datetime
    told: datetime
    returned: datetime | None
    grade: str
    return_precision: str = "minute"
    offered_at: datetime | None = None
    via_carer: bool = False
    answer: str = "yes"
    held_at: datetime | None = None
    place: tuple[str, str] | None = None
    words: dict[str, str] = field(default_factory=dict)
    comes_by_file: bool = False  # reported by the police's own file, not typed
    push: str = "P15"
    withwhom: str = "W02"
    harm: str = "none_said"
    is_of_group: bool = False  # planted, and left where it is

    @property
    def known_back(self) -> datetime | None:
        """When everybody knows that the child is back, or has been talked with; None while the child is missing."""
        if self.returned is None:
            return None
        return max(self.returned, self.told + timedelta(minutes=1), self.held_at or self.returned) + timedelta(minutes=30)


def plan_year(calibration: Calibration, random: Random, children: list[Invented], start: datetime, now: datetime) -> list[Planned]:
    """About `calibration.episodes` episodes of these children between start and now, in order; no child is missing twice at once."""
    planned: list[Planned] = []
    for child in children:
        planned += _of_child(calibration, random, child, start, now)
    planned.sort(key=lambda episode: episode.reported)
    return planned


def end_year(planned: list[Planned], now: datetime) -> list[Planned]:
    """The year as it ends: children missing now, and interviews still owed."""
    _live(planned, now)
    return planned


def _of_child(calibration: Calibration, random: Random, child: Invented, start: datetime, now: datetime) -> list[Planned]:
    count = min(figures.REPEATS_CAP, math.ceil(random.lognormvariate(figures.REPEATS_MU, figures.REPEATS_SIGMA)))
    length = (now - start).total_seconds() / 86400 - 6
    days: list[float] = []
    for _ in range(count):
        triggered = (
            random.choice(days) + random.expovariate(1 / figures.NEXT_LAG_DAYS)
            if days and random.random() < figures.NEXT_IS_TRIGGERED
            else length
        )
        days.append(triggered if triggered < length else random.uniform(1, length))
    episodes: list[Planned] = []
    free_from = start
    for day in sorted(days):
        last_seen = _hour(random, start + timedelta(days=day))
        hours = min(figures.DURATION_MEDIAN_HOURS * math.exp(random.gauss(0, figures.DURATION_SIGMA)), 240)
        if last_seen < free_from:  # still away, or only just heard: the next comes a day or so later
            last_seen = free_from + timedelta(hours=random.expovariate(1 / 24))
        episode = _episode(calibration, random, child, last_seen, hours, (last_seen - start) / (now - start))
        if episode.returned is None or episode.returned > now - timedelta(hours=2):
            continue
        episodes.append(episode)
        free_from = max(episode.returned, episode.reported, episode.held_at or episode.returned) + timedelta(hours=6)
    return episodes


def _hour(random: Random, day: datetime) -> datetime:
    low, high, _ = random.choices(figures.HOURS, [share for *_, share in figures.HOURS])[0]
    weekday = random.choices(range(7), figures.DAY_WEIGHTS)[0]
    moved = day + timedelta(days=(weekday - day.weekday()) % 7 - 3)
    return moved.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=random.randrange(low * 60, high * 60))


def _episode(calibration: Calibration, random: Random, child: Invented, last_seen: datetime, hours: float, when: float) -> Planned:
    reported = last_seen + timedelta(minutes=min(random.expovariate(1 / 90), hours * 40))
    returned = last_seen + timedelta(hours=hours)
    if random.random() < 0.25:  # recorded times heap on round hours
        returned = max(returned.replace(minute=0), reported)
    late = random.random() < calibration.told_late
    told = reported + timedelta(hours=random.uniform(24, 60) if late else random.uniform(0.05, 2))
    grade = random.choices([grade for grade, _ in figures.GRADES], [share for _, share in figures.GRADES])[0]
    episode = Planned(child, last_seen, reported, told, max(returned, reported + timedelta(minutes=5)), grade)
    draw = random.random()
    if draw < calibration.return_unknown_at_first:
        episode.return_precision = "date"
    elif draw < calibration.return_unknown_at_first + figures.DAY_ONLY_RETURN:
        episode.return_precision = "about"
    _interview(calibration, random, episode, when)
    return episode


def _interview(calibration: Calibration, random: Random, episode: Planned, when: float) -> None:
    assert episode.returned is not None
    if random.random() >= calibration.offered:
        return
    episode.offered_at = max(episode.returned, episode.told) + timedelta(hours=random.uniform(1, 30))
    episode.via_carer = random.random() < figures.VIA_CARER
    if random.random() < calibration.completed:
        hours = random.uniform(18, 71) if random.random() < calibration.in_time else random.uniform(74, 200)
        episode.held_at = max(episode.returned + timedelta(hours=hours), episode.offered_at + timedelta(hours=1))
        episode.words = {
            "before_words": random.choice(BEFORE_WORDS), "during_words": random.choice(DURING_WORDS), "help_words": random.choice(HELP_WORDS),
        }  # fmt: skip
        episode.push = random.choice(("P01", "P02", "P08", "P09", "P10", "P15", "P11", "did_not_want_to_say"))
        episode.withwhom = random.choice(("W01", "W02", "W02", "W03", "W04", "W07", "did_not_want_to_say"))
        episode.harm = random.choice(("none_said", "none_said", "none_said", "H02", "H06", "H12", "did_not_want_to_say"))
        live = [(place, kind) for place, kind, first, last in figures.PLACES if first <= when <= last]
        episode.place = random.choice(live) if live and random.random() < 0.35 else _elsewhere(episode)
    else:
        draw = random.random()
        episode.answer = "no" if draw < figures.REFUSED else "not_reached" if draw < figures.REFUSED + figures.NOT_REACHED else "thinking"
        episode.words = {"words": random.choice(REFUSALS)}


def _elsewhere(episode: Planned) -> tuple[str, str] | None:
    """One of the places that children name all through the year, or none; drawn apart, so that the rest of the year stays as it is."""
    draw = Random(f"{episode.child.number} {episode.reported.isoformat()}")
    return (draw.choice(figures.ELSEWHERE), "ST99") if draw.random() < figures.NAMES_ELSEWHERE else None


def _live(planned: list[Planned], now: datetime) -> None:
    """The year ends with children missing now, and with interviews still owed: the last episodes of different children."""
    seen: set[int] = set()
    for ago in MISSING_NOW:
        since = now - timedelta(hours=ago)
        free = (
            episode
            for episode in reversed(planned)
            if episode.child.number not in seen and not episode.is_of_group and _is_free(episode, planned, since)
        )
        if (episode := next(free, None)) is None:
            return
        seen.add(episode.child.number)
        episode.last_seen, episode.reported = since, since + timedelta(minutes=40)
        episode.told, episode.returned, episode.offered_at, episode.held_at = episode.reported + timedelta(minutes=20), None, None, None
        episode.grade, episode.comes_by_file = ("HIGH" if ago > 20 else "MED"), ago in BY_FILE
    planned.sort(key=lambda episode: episode.reported)


def _is_free(episode: Planned, planned: list[Planned], since: datetime) -> bool:
    """Whether nothing else of the child's is planned after that moment."""
    others = (other for other in planned if other.child is episode.child and other is not episode)
    return all(max(other.held_at or other.told, other.returned or other.told) < since for other in others)
