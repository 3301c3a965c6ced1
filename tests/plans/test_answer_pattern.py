"""A change of pace: facts beside the child's own past, each gone or said otherwise without a fact that it cites; quiet once answered, until more shows it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from atlas.chronology.kinds import Kind
from atlas.gate.context import acting_as
from atlas.plans.commands.happening import answer_pattern
from atlas.plans.queries.pace import changes_of_pace
from atlas.plans.rules.pace import Pattern, Told, patterns
from tests.factories import NOW
from tests.plans.given import tell
from tests.world import make_world


def episode(days: float, hours: float) -> list[Told]:
    """An episode so many days ago that lasted so many hours."""
    about, gone = uuid4(), NOW - timedelta(days=days)
    return [Told(uuid4(), "reported_missing", gone, about), Told(uuid4(), "returned", gone + timedelta(hours=hours), about)]


def said(*parts: Iterable[Told]) -> dict[str, Pattern]:
    return {one.key: one for one in patterns([entry for part in parts for entry in part], NOW)}


def test_episodes_closer_together_are_said_with_their_numbers() -> None:
    found = said(episode(2, 3), episode(8, 4), episode(20, 3))
    assert found["closer"].words == "Missing 3 times in the last four weeks; not at all in the 12 weeks before."
    assert "closer" not in said(episode(2, 3), episode(8, 4))
    assert "closer" not in said(*(episode(day, 3) for day in (2, 8, 20, 40, 50, 60)))  # 3, and 3 in the twelve weeks before
    assert said(*(episode(day, 3) for day in (2, 8, 20, 26, 40, 90)))["closer"].words.endswith("twice in the 12 weeks before.")


def test_a_longer_one_is_longer_than_usual_and_than_half_a_day() -> None:
    assert (
        said(episode(3, 30), episode(40, 4), episode(60, 6))["longer"].words
        == "Away for 1 day 6 hours the last time, longer than ever in 16 weeks; 5 hours was usual before."
    )
    assert "longer" not in said(episode(3, 11), episode(40, 4), episode(60, 5))
    assert "longer" not in said(episode(35, 30), episode(40, 4), episode(60, 6))
    assert "longer" not in said(episode(3, 30), episode(40, 31), episode(60, 6), episode(70, 6))


def test_further_company_and_school_are_new() -> None:
    def one(kind: str, days: int) -> list[Told]:
        return [Told(uuid4(), kind, NOW - timedelta(days=days))]

    two = one("suspended", 9), one("away_from_school", 4)
    assert set(said(one("found_out_of_area", 3), *two, one("new_company", 2), one("found_with_adult", 5))) == {
        "further",
        "company",
        "school",
    }
    assert not said(one("found_out_of_area", 3), one("found_out_of_area", 60), *two, one("excluded", 50), one("new_company", 2))
    assert not said(one("suspended", 9))  # it is asked about by itself


def test_without_a_cited_fact_each_says_otherwise_or_is_gone() -> None:
    entries = [
        *episode(2, 30),
        *episode(8, 4),
        *episode(20, 3),
        *(Told(uuid4(), "suspended", NOW - timedelta(days=n)) for n in (0, 3)),
        Told(uuid4(), "found_out_of_area", NOW),
    ]
    for pattern in patterns(entries, NOW):
        for cited in pattern.cited:
            again = {one.key: one.words for one in patterns([one for one in entries if one.id != cited], NOW)}
            assert again.get(pattern.key) != pattern.words, (pattern.key, pattern.words)


def test_entries_that_no_pattern_reads_change_nothing() -> None:
    random, entries = Random(7), [*episode(2, 30), *episode(8, 4), *episode(20, 3)]
    noise = [
        Told(uuid4(), random.choice(["police_told", "interviewed", "good_news"]), NOW - timedelta(days=random.uniform(0, 100)))
        for _ in range(200)
    ]
    assert {one.words for one in patterns([*entries, *noise], NOW)} == {one.words for one in patterns(entries, NOW)}
    assert {one.words for one in patterns([replace(one, id=uuid4()) for one in entries], NOW)} == {
        one.words for one in patterns(entries, NOW)
    }


@pytest.mark.django_db
def test_what_was_answered_is_quiet_until_more_shows_it() -> None:
    world = make_world()
    for days in (3, 0):
        tell(world, Kind.SUSPENDED, NOW - timedelta(days=days))
    with acting_as(world.worker, NOW):
        ((found, entries),) = changes_of_pace(world.child, NOW)
    assert found.key == "school" and len(entries) == 2
    until = (NOW + timedelta(days=14)).date()
    answer_pattern(
        child=world.child, pattern="school", cited=found.cited, reason="A row, settled.", quiet_until=until, by=world.worker, at=NOW
    )
    for days, count in ((1, 0), (15, 1)):
        with acting_as(world.worker, NOW + timedelta(days=days)):
            assert len(changes_of_pace(world.child, NOW + timedelta(days=days))) == count
    tell(world, Kind.AWAY_FROM_SCHOOL, NOW + timedelta(days=2))
    with acting_as(world.worker, NOW + timedelta(days=3)):
        assert len(changes_of_pace(world.child, NOW + timedelta(days=3))) == 1


@pytest.mark.django_db
def test_the_plans_page_shows_it_and_leads_to_where_it_is_answered(signed_in: Any) -> None:
    world = make_world()
    for days in (3, 0):
        tell(world, Kind.SUSPENDED, NOW - timedelta(days=days))
    client, here = signed_in(world.worker, NOW + timedelta(hours=1)), reverse("plans:view_plan", args=[world.child.pk])
    path = reverse("plans:answer_pattern", args=[world.child.pk, "school"])
    assert path in client.get(here).content.decode()
    assert "School is being lost" in client.get(path).content.decode()
    until = (NOW + timedelta(days=14)).date()
    typed = {
        "reason": "A row, settled.",
        "quiet_until_0": str(until.day),
        "quiet_until_1": str(until.month),
        "quiet_until_2": str(until.year),
    }
    assert client.post(path, {"key": "a", **typed}).status_code == 302
    assert path not in client.get(here).content.decode()
    assert client.get(path).status_code == 404  # nothing of this name is to be answered any more
