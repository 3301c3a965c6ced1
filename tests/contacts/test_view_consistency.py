"""How alike decisions are: who decided is shown to that person and whoever is above them, and to nobody else; no row names a child."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.contacts.codes import Level, Outcome
from atlas.contacts.commands.deciding import decide_contact, give_second_view
from atlas.contacts.queries.consistency import decisions_alike
from atlas.gate.context import acting_as
from tests import factories
from tests.contacts.given import Door, deciding, door, held
from tests.factories import NOW

pytestmark = pytest.mark.django_db
AFTER = NOW + timedelta(hours=2)


@pytest.fixture
def there() -> Door:
    return door()


def counted(post: Any) -> list[Any]:
    with acting_as(post, AFTER):
        return decisions_alike(NOW - timedelta(days=1), AFTER + timedelta(days=1))


def test_the_latest_decision_of_each_counts_and_only_the_line_learns_whose(there: Door) -> None:
    made = there.decided(NOW)
    again = decide_contact(
        contact=held(there.screener, made.contact),
        decision=deciding(level=Level.THREE, outcome=Outcome.ASSESSMENT),
        by=there.screener,
        at=AFTER,
    )
    give_second_view(decision=again, agrees=False, level=Level.TWO, reasons="School holds her.", by=there.lead, at=AFTER)
    (row,) = counted(there.screener)
    assert (row.source, row.concern, row.ages, row.agency, row.team) == (
        "school",
        "exploitation",
        "15 and over",
        "Larkfield Academy",
        "Front door",
    )
    assert (row.level, row.given, row.outcome, row.second, row.many) == (3, 3, "assessment", "differs", 1)
    assert (row.is_me, row.called) == (True, there.screener.user.get_full_name())
    assert counted(there.lead)[0].called == there.screener.user.get_full_name()
    colleague = factories.post("front_door", of=there.screener.team)
    elsewhere = factories.post("manager", of=factories.team("Safeguarding 9"))
    for other in (colleague, elsewhere):
        assert (counted(other)[0].decider, counted(other)[0].called) == (None, "")
    for nobody in (there.school, there.world.worker, there.world.police):
        assert counted(nobody) == []


def test_the_page_leaves_small_numbers_unsaid(there: Door, signed_in: Any) -> None:
    for number in range(6):
        there.decided(NOW, outcome=Outcome.EARLY_HELP if number else Outcome.ADVICE)
    page = signed_in(there.screener, AFTER).get(reverse("contacts:view_consistency")).content.decode()
    assert "6 contacts decided" in page
    assert "too few to say" in page
    assert "1 of 6" not in page
    assert "5 of 6" not in page  # it would say what the one is
    assert there.screener.user.get_full_name() in page
    colleague = factories.post("front_door", of=there.screener.team)
    assert (
        there.screener.user.get_full_name()
        not in signed_in(colleague, AFTER).get(reverse("contacts:view_consistency")).content.decode().split("<main")[1]
    )
