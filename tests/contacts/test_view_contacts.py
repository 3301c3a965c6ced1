"""The queue of the front door: by clock, with who has not answered yet; as many questions to the database for twenty contacts as for three."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from atlas.contacts.codes import IsSafe, Rating
from atlas.contacts.commands.answering import ask_agency
from atlas.contacts.commands.matching import rate_contact
from tests.contacts.given import Door, door
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=2)


@pytest.fixture
def there() -> Door:
    return door()


def fill(there: Door, many: int, moment: Any) -> None:
    for number in range(many):
        there.raised(moment, name=f"Child {number}")
        there.matched(moment)
        there.decided(moment)


def test_the_queue_goes_by_clock_and_says_which_are_local(there: Door, signed_in: Any) -> None:
    there.raised(NOW - timedelta(days=1), name="Late Example")
    rate_contact(contact=there.raised(name="Red Example"), rating=Rating.RED, by=there.screener, at=NOW)
    there.raised(name="Unsafe Example", is_safe=IsSafe.NO)
    before = NOW - timedelta(days=5)  # a Thursday, and a bank holiday since
    matched = there.matched(before)
    ask_agency(contact=matched, team=there.world.police.team, about="Ashby", question="Is the car known?", by=there.screener, at=before)
    page = signed_in(there.screener, SOON).get(reverse("contacts:view_contacts")).content.decode()
    order = [page.index(name) for name in ("Unsafe Example", "Ashby Example", "Red Example", "Late Example")]
    assert order == sorted(order)
    assert "local rating; by guidance" in page
    assert "Not safe now" in page
    assert "Waits for what others know: late" in page


def test_as_many_questions_for_many_as_for_few(there: Door, signed_in: Any) -> None:
    for name, post in (("view_contacts", there.screener), ("view_consistency", there.screener), ("view_my_contacts", there.school)):
        client, address = signed_in(post, SOON), reverse(f"contacts:{name}")
        fill(there, 1, NOW)
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            assert client.get(address).status_code == 200
        fill(there, 6, NOW)
        client.get(address)
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) <= len(few), (name, len(few), len(many))
