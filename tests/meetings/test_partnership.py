"""What each agency does of what is asked of it: an agency that stays away shows with its interval, noise does not; small numbers are not said."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import AgencyKind
from atlas.gate.context import acting_as
from atlas.meetings.commands.actions import answer_action
from atlas.meetings.queries.partnership import months_to, partnership_counted
from atlas.meetings.rules.partnership import FALSE_ALARMS, MEASURES, CountedOf, agencies_said, behind, lower_tail, share_words
from tests import factories
from tests.factories import NOW
from tests.meetings.given import AFTER, challenge_of, table

MONTH = date(2026, 5, 1)
AGENCIES = ("Council", "Health", "Homes", "Police", "School", "Service for youth", "Trust", "Ward End")


def drawn(random: Random, absent: str = "", lowest: float = 0.5, fewest: int = 12) -> list[CountedOf]:
    """Half a year of eight agencies that do alike; `absent`: one that seldom comes."""
    rows = []
    for measure in MEASURES:
        alike = random.uniform(lowest, 0.95)
        for name in AGENCIES:
            held = 0.2 if name == absent and measure.key == "attended" else alike
            for _ in range(random.randint(fewest, 40)):
                outcome = measure.keys[0] if random.random() < held else measure.keys[1]
                rows.append(CountedOf(name, "other", MONTH, measure.key, outcome, 1))
    return rows


def test_an_agency_that_stays_away_shows_with_its_interval_and_no_other() -> None:
    random, found, others = Random(43), 0, 0
    for _ in range(100):
        named = behind(drawn(random, absent="Homes", lowest=0.7, fewest=20))
        found += any(one.agency == "Homes" and one.measure == MEASURES[0].words and "%" in one.words for one in named)
        others += any(one.agency != "Homes" for one in named)
    assert found >= 99
    assert others <= 10


def test_where_no_agency_falls_behind_noise_names_none() -> None:
    random, worlds = Random(7), 400
    alarms = sum(bool(behind(drawn(random))) for _ in range(worlds))
    assert alarms / worlds <= FALSE_ALARMS + 3 * (FALSE_ALARMS * (1 - FALSE_ALARMS) / worlds) ** 0.5


def test_the_tail_is_that_of_the_hypergeometric() -> None:
    assert lower_tail(0, 2, 2, 4) == pytest.approx(1 / 6)
    assert lower_tail(2, 2, 2, 4) == pytest.approx(1)


def test_small_numbers_are_not_said_and_what_would_give_them_away_neither() -> None:
    assert share_words(12, 40, is_hidden=False) == "12 of 40 (30%; 18% to 45%)"
    assert share_words(3, 24, is_hidden=True) == "fewer than 5 of 24 (at most 36%)"
    assert share_words(22, 24, is_hidden=True) == "all but fewer than 5 of 24 (at least 64%)"
    assert share_words(2, 3, is_hidden=False) == "too few to say"
    rows = [CountedOf("Homes", "housing", MONTH, "attended", outcome, many) for outcome, many in (("yes", 3), ("no", 21))]
    said = agencies_said(rows, [MONTH])
    assert [one.name for one in said] == ["Homes", "Health: no agency is recorded here"]  # named with nothing too
    assert said[0].lines[0].shares == [("Yes", "fewer than 5 of 24 (at most 36%)")]
    assert not any("3 of" in share for line in said[0].lines for _, share in [*line.shares, *line.months])
    assert said[0].lines[3].shares == []


def test_six_months_end_with_this_one() -> None:
    assert months_to(date(2026, 2, 27)) == [
        date(2025, 9, 1),
        date(2025, 10, 1),
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


@pytest.mark.django_db
def test_the_page_counts_what_was_done_here_and_shows_who_stayed_away(signed_in: Any) -> None:
    there = table()
    for _ in range(8):
        meeting = there.called()
        there.ask_all(meeting)
        meeting = there.held(meeting, absent=(there.housing,))
    answer_action(action=there.action(meeting, days=1), takes_on=False, words="No flat.", by=there.housing, at=AFTER)
    challenge_of(there, there.item(meeting, there.nurse, at=AFTER), AFTER)
    later, head = AFTER + timedelta(days=3), factories.post("director", of=there.world.manager.team)
    with acting_as(head, later):
        rows = partnership_counted(later)
    homes = {(row.measure, row.outcome): row.many for row in rows if row.agency == there.housing.team.agency.name and row.month}
    assert homes == {
        ("attended", "no"): 8,
        ("answered", "no"): 8,
        ("before", "no"): 8,
        ("actions", "refused"): 1,
        ("challenges", "week"): 1,
    }
    assert {one.agency for one in behind(rows)} == {there.housing.team.agency.name}
    shown = signed_in(head, later).get(reverse("meetings:view_partnership")).content.decode()
    assert "0 of 8 (0%; 0% to 32%)" in shown
    assert "8 of 8" in shown
    assert there.world.child.name not in shown
    for nobody in (there.nurse, there.world.worker):
        with acting_as(nobody, later):
            assert partnership_counted(later) == []
        assert signed_in(nobody, later).get(reverse("meetings:view_partnership")).status_code == 404


@pytest.mark.django_db
def test_another_authority_s_agencies_are_not_counted() -> None:
    there = table()
    elsewhere = factories.authority("Otherham")
    council = factories.agency("Otherham Council", of=elsewhere)
    factories.agency("Otherham Homes", AgencyKind.HOUSING, of=elsewhere)
    chief = factories.post("head_of_service", of=factories.team("Heads", of=council))
    there.held(there.called())
    with acting_as(chief, NOW + timedelta(days=2)):
        rows = partnership_counted(NOW + timedelta(days=2))
    assert {row.agency for row in rows} == {"Otherham Council", "Otherham Homes"}
    assert not any(row.many for row in rows)
