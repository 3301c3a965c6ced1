"""Somebody without an account says that they are worried: it is taken once, not too often from one network, and nothing is said back of a child."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from atlas.contacts.codes import HowAnswered, SetAside
from atlas.contacts.commands.answering import Telling, answer_referrer
from atlas.contacts.commands.matching import set_aside_contact
from atlas.contacts.models import Contact
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from tests.contacts.given import Door, door
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def there() -> Door:
    return door()


@pytest.fixture
def anybody(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Somebody who is not signed in, at a moment."""

    def at_moment(moment: Any = NOW) -> Client:
        monkeypatch.setattr("atlas.agencies.middleware.timezone.now", lambda: moment)
        return Client()

    return at_moment


def typed(there: Door, key: str = "p" * 36, **other: str) -> dict[str, str]:
    given = {
        "authority": str(there.world.authority.pk), "source": "parent", "name": "Ashby", "born_words": "15", "concern": "exploitation",
        "words": "A man in a car waits for him.", "is_safe": "unsure", "key": key,
    }  # fmt: skip
    return given | other


def contacts(there: Door, moment: Any = NOW) -> list[Contact]:
    with acting_as(there.screener, moment):
        return list(Contact.objects.order_by("received_at", "pk"))


def test_a_parent_sends_it_and_keeps_a_reference(there: Door, anybody: Any) -> None:
    client = anybody()
    page = client.get("/worried/").content.decode()
    assert page.index("If a child is in danger now ring 999. This form is read") < page.index("<form")
    wrong = client.post("/worried/", typed(there, name=""))
    assert wrong.status_code == 422
    assert "A man in a car waits for him." in wrong.content.decode()
    sent = client.post("/worried/", typed(there, reach_words="07700 900010"))
    assert sent.headers["Location"] == "/worried/receipt/"
    (contact,) = contacts(there)
    assert (contact.source, contact.raised_by_id, contact.reach_words, contact.decide_by) == (
        "parent",
        None,
        "07700 900010",
        there.raised().decide_by,
    )
    receipt = client.get("/worried/receipt/").content.decode()
    assert contact.reference in receipt
    assert "Ashby" not in receipt
    assert Client().get("/worried/receipt/").headers["Location"] == "/worried/"  # nobody else's


def test_it_is_taken_once_and_not_too_often_from_one_network(there: Door, anybody: Any) -> None:
    client = anybody()
    for _ in range(2):
        client.post("/worried/", typed(there))
    assert len(contacts(there)) == 1
    for number in range(9):
        assert client.post("/worried/", typed(there, key=f"{number}" * 36)).status_code == 302
    refused = client.post("/worried/", typed(there, key="x" * 36))
    assert refused.status_code == 422
    assert "Ring 020 7946 0101" in refused.content.decode()
    assert "A man in a car waits for him." in refused.content.decode()
    assert len(contacts(there)) == 10


def test_at_night_emergency_duty_is_to_be_told(there: Door, anybody: Any) -> None:
    night = at("9 May 2026 02:00")
    anybody(night).post("/worried/", typed(there))
    assert contacts(there, night)[0].tells_at == night


def test_whoever_has_no_page_is_not_answered_on_one(there: Door, anybody: Any) -> None:
    anybody().post("/worried/", typed(there))
    aside = set_aside_contact(contact=contacts(there)[0], why=SetAside.NOBODY, words="No such name here.", by=there.screener, at=NOW)
    with pytest.raises(Invalid, match="no account here"):
        answer_referrer(contact=aside, telling=Telling(HowAnswered.SCREEN, "Thank you"), by=there.screener, at=NOW)
    answer_referrer(contact=aside, telling=Telling(HowAnswered.TELEPHONE, "Thank you"), by=there.screener, at=NOW)


def test_without_the_function_the_login_writes_nothing(there: Door, signed_in: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_public_contact(%s, 'k', '{}', now(), now())", [there.world.authority.pk])
        assert cursor.fetchone() == (None,)  # not signed
    assert "signed in" in signed_in(there.school, NOW).get("/worried/").content.decode()
