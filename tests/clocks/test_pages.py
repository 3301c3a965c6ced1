"""The list of time limits is open to everybody who signs in; its two forms to the head of service."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.clocks.models import BankHolidayChange, LocalLimit
from atlas.gate.policy import ROLES
from tests import factories
from tests.clocks.test_set_local_limit import head, set_limit
from tests.desk.test_pages import FRAME
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LIST, LIMIT, HOLIDAY = "/clocks/time_limits/", "/clocks/set_local_limit/return_interview/", "/clocks/change_bank_holiday/"
PEOPLE = [role.key for role in ROLES if role.key not in {"tick", "feed"}]


def typed_day(name: str, day: int, month: int, year: int) -> dict[str, str]:
    return {f"{name}_{place}": str(part) for place, part in enumerate((day, month, year))}


@pytest.mark.parametrize("role", PEOPLE)
def test_view_time_limits_is_open_to_everybody_and_the_forms_are_not(signed_in: Any, role: str) -> None:
    client = signed_in(factories.post(role))
    page = client.get(LIST)
    text = page.content.decode()
    assert page.status_code == 200
    assert "72 hours" in text
    assert "No national limit" in text
    assert 'href="/clocks/time_limits/"' in text  # in the foot of every page
    may = role == "head_of_service"
    assert ("Set a local limit" in text) == ("Change a bank holiday" in text) == may
    assert {client.get(address).status_code for address in (LIMIT, HOLIDAY)} == {200 if may else 404}


def test_a_limit_is_set_by_the_page_and_a_looser_one_keeps_what_was_typed(signed_in: Any) -> None:
    client = signed_in(head())
    typed = {
        "authority": str(factories.authority().pk), "count": "96", "unit": "hour", "source": "Fernleigh protocol", **typed_day("valid_from", 1, 6, 2026)
    }  # fmt: skip
    refused = client.post(LIMIT, typed)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Set 72 hours or less." in text
    assert 'value="96"' in text
    assert "Fernleigh protocol" in text
    assert client.post(LIMIT, {}).status_code == 422
    assert client.post(LIMIT, {**typed, "count": "48"}).status_code == 302
    assert LocalLimit.objects.get().valid_until is None
    text = client.get(LIST).content.decode()
    assert "Fernleigh: 48 hours" in text
    assert "To come" in text
    assert client.get("/clocks/set_local_limit/nothing/").status_code == 404


def test_the_authorities_offered_are_those_of_the_own_council(signed_in: Any) -> None:
    factories.authority("Sallowby")
    text = signed_in(head()).get(LIMIT).content.decode()
    assert "Fernleigh" in text
    assert "Sallowby" not in text


def test_a_bank_holiday_is_changed_by_the_page(signed_in: Any) -> None:
    client = signed_in(head())
    typed = {"becomes": "holiday", "name": "Day of thanksgiving", "source": "Royal proclamation", **typed_day("day", 9, 5, 2026)}
    refused = client.post(HOLIDAY, typed)
    assert refused.status_code == 422
    assert "is a Saturday" in refused.content.decode()
    assert client.post(HOLIDAY, {**typed, **typed_day("day", 11, 5, 2026)}).status_code == 302
    assert BankHolidayChange.objects.get().is_holiday
    text = client.get(LIST).content.decode()
    assert "11 May 2026" in text
    assert "clocks that were running then keep their deadlines" in text


def test_the_page_warns_before_the_calendar_ends(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(head())
    assert "The calendar of bank holidays" not in client.get(LIST).content.decode()
    monkeypatch.setattr("atlas.clocks.calendar.LAST_YEAR", 2026)
    assert "The calendar of bank holidays ends in 240 days. Update the holidays package." in client.get(LIST).content.decode()


def test_the_list_asks_few_queries_however_many_rows(signed_in: Any) -> None:
    by = head()
    for count in (48, 36, 24):
        set_limit(by=by, count=count, at=NOW)
    client = signed_in(by)
    client.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST).content.decode().count("Fernleigh:") == 3
    asked = [query["sql"] for query in queries if not query["sql"].startswith(FRAME)]
    assert len(asked) <= 12, "\n".join(sql[:140] for sql in asked)
