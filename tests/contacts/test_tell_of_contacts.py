"""A contact that nobody has matched is told of again and to more people, until somebody has; after hours emergency duty hears first (real-life.md 6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from atlas.agencies.models import TeamPurpose
from atlas.contacts import overdue
from atlas.contacts.commands.matching import match_contact
from atlas.contacts.overdue import tell_of_contacts
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind
from tests import factories
from tests.contacts.given import Door, door, held
from tests.factories import at
from tests.tasks.test_tick import service

NIGHT = at("5 May 2026 22:30")


@pytest.fixture
def there() -> Door:
    return door()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """To whom something was sent, and what."""
    told: list[tuple[str, str]] = []
    for name in ("send_text", "send_email"):
        monkeypatch.setattr(getattr(overdue, name), "defer", lambda to, words, **more: told.append((to, words)))
    return told


def ticked(own_database: Any, by: Any, moment: Any) -> int:
    own_database("tick")
    told = tell_of_contacts(by=by, at=moment)
    own_database("app")
    return told


def test_emergency_duty_hears_at_once_then_the_managers_until_it_is_matched(own_database: Any, sent: list[tuple[str, str]]) -> None:
    own_database("app")
    there, tick = door(), service()
    team = factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY)
    factories.duty(Kind.EMERGENCY_DUTY, there.world.authority, team=team)
    above = factories.post("manager", of=team, telephone="07700 900001")
    duty = factories.post("emergency_duty", of=team, line_manager=above, telephone="07700 900002")
    factories.post("emergency_duty", of=team, telephone="07700 900003")  # not on shift
    factories.shift(duty, NIGHT.date())
    contact = there.raised(NIGHT)
    assert ticked(own_database, tick, NIGHT) == 1
    assert [to for to, _ in sent] == ["07700 900002"]
    assert contact.reference in sent[0][1]
    assert "Ashby" not in sent[0][1]
    assert ticked(own_database, tick, NIGHT + timedelta(minutes=14)) == 0
    assert ticked(own_database, tick, NIGHT + timedelta(minutes=15)) == 1
    assert [to for to, _ in sent[1:]] == ["07700 900001"]
    match_contact(contact=held(duty, contact, NIGHT), child=there.world.child, by=duty, at=NIGHT + timedelta(minutes=20))
    assert ticked(own_database, tick, NIGHT + timedelta(hours=1)) == 0


def test_by_day_nobody_is_told_until_it_is_late_and_tick_reads_no_word_of_it(own_database: Any, sent: list[tuple[str, str]]) -> None:
    own_database("app")
    there, tick = door(), service()
    contact = there.raised()
    morning = at("7 May 2026 08:00")
    assert ticked(own_database, tick, morning - timedelta(minutes=1)) == 0
    assert ticked(own_database, tick, morning) == 2  # the front door's own posts, since nobody is on its rota
    assert not sent  # they have neither telephone nor e-mail
    for minutes in (15, 30, 60, 90):
        ticked(own_database, tick, morning + timedelta(minutes=minutes))
    now = held(there.screener, contact)
    assert (now.told_times, now.tells_at) == (3, None)
    own_database("tick")
    with pytest.raises(DatabaseError, match="permission denied"), acting_as(tick, NIGHT), connection.cursor() as cursor:
        cursor.execute("SELECT words FROM contacts_contact")
    own_database("app")


@pytest.mark.django_db
def test_my_work_says_that_contacts_wait(there: Door, signed_in: Any) -> None:
    there.raised()
    page = signed_in(there.screener, at("5 May 2026 11:00")).get("/").content.decode()
    assert "1 contact to be decided" in page
    assert reverse("contacts:view_contacts") in page
    assert "to be decided" not in signed_in(there.world.worker, at("5 May 2026 11:00")).get("/").content.decode()
