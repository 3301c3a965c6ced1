"""The year of Fernleigh looks as calibration.md 3f says: a plan, before any of it is played."""

import statistics
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from demo import calibration as figures
from demo.make import plan
from demo.people import doubled
from demo.year import Planned

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SEEDS = (20260504, 1, 2)


@pytest.fixture(scope="module", params=SEEDS)
def year(request: pytest.FixtureRequest) -> list[Planned]:
    """The planned episodes of one seed."""
    return plan("after", request.param, NOW)[2]


def test_episodes_and_children_are_as_many_as_a_year_brings(year: list[Planned]) -> None:
    """780 episodes of 260 children; a year-on-year change of 15 % is noise, and a draw is wider still (3f)."""
    of_child = Counter(episode.child.number for episode in year)
    assert len(of_child) == 260
    assert 700 <= len(year) <= 1020
    assert 0.65 <= 1 - len(of_child) / len(year) <= 0.75
    assert 0.69 <= sum(count <= 3 for count in of_child.values()) / len(of_child) <= 0.80


def test_half_of_first_repeats_come_within_28_days(year: list[Planned]) -> None:
    seen: dict[int, list[datetime]] = {}
    for episode in year:
        seen.setdefault(episode.child.number, []).append(episode.last_seen)
    gaps = [sorted(times)[1] - sorted(times)[0] for times in seen.values() if len(times) > 1]
    assert 0.40 <= sum(gap <= timedelta(days=28) for gap in gaps) / len(gaps) <= 0.60


def test_no_child_is_missing_twice_at_once(year: list[Planned]) -> None:
    back: dict[int, datetime] = {}
    for episode in sorted(year, key=lambda one: one.last_seen):
        assert episode.last_seen >= back.get(episode.child.number, episode.last_seen)
        back[episode.child.number] = episode.returned or NOW + timedelta(days=99)


def test_durations_and_interviews_are_as_published(year: list[Planned]) -> None:
    over = [episode for episode in year if episode.returned]
    hours = sorted((episode.returned - episode.last_seen).total_seconds() / 3600 for episode in over if episode.returned)
    assert 6 <= statistics.median(hours) <= 9
    assert 20 <= hours[len(hours) * 8 // 10] <= 30
    offered = [episode for episode in over if episode.offered_at]
    held = [(episode.returned, episode.held_at) for episode in offered if episode.held_at and episode.returned]
    assert abs(len(offered) / len(over) - figures.AFTER.offered) < 0.03
    assert abs(len(held) / len(offered) - figures.AFTER.completed) < 0.06
    assert abs(sum(at - back <= timedelta(hours=72) for back, at in held) / len(held) - figures.AFTER.in_time) < 0.06
    late = sum(episode.told - episode.reported > timedelta(hours=24) for episode in year) / len(year)
    assert abs(late - figures.AFTER.told_late) < 0.05


def test_four_children_in_a_hundred_stand_in_the_main_system_twice() -> None:
    children = plan("after", SEEDS[0], NOW)[1]
    twice = [(child, *second) for child in children if (second := doubled(child, figures.DUPLICATES)) is not None]
    assert abs(len(twice) / len(children) - 0.04) < 0.002
    assert len({how for _, how, _ in twice}) == 3
    for child, _, other in twice:
        assert other.council != child.council
        assert (other.forename, other.surname, other.born_on) != (child.forename, child.surname, child.born_on)


def test_the_same_seed_makes_the_same_year() -> None:
    first, again = (plan("small", 7, NOW)[2] for _ in range(2))
    assert first == again
    assert first != plan("small", 8, NOW)[2]
