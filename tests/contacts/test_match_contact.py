"""The front door finds out about whom a contact is: it opens the child until the contact is closed, and starts its clocks from when it came."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import TeamPurpose
from atlas.children.commands import Known
from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.clocks.models import Clock
from atlas.contacts.codes import Rating, SetAside
from atlas.contacts.commands.matching import match_contact, rate_contact, register_from_contact, set_aside_contact
from atlas.contacts.models import Contact
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind
from atlas.tasks.models import OvernightLine, Task
from tests import factories
from tests.contacts.given import Door, door, held
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def there() -> Door:
    return door()


def test_matched_it_is_about_the_child_and_its_clocks_count_from_when_it_came(there: Door) -> None:
    world, later = there.world, NOW + timedelta(hours=3)
    contact = match_contact(contact=there.raised(), child=world.child, by=there.screener, at=later)
    assert (contact.state, contact.child_id, contact.matched_by, contact.tells_at) == ("matched", world.child.pk, there.screener, None)
    with acting_as(world.worker, later):  # whoever works with the child reads it now
        assert Contact.objects.get().words.startswith("An older cousin")
        entry = Entry.objects.get(about_id=contact.pk)
        assert (entry.kind, entry.happened_at, entry.words) == ("contact_raised", NOW, "School or nursery")
        clocks = Clock.objects.filter(about_id=contact.pk).order_by("limit")
        assert [(clock.limit, clock.started_at, clock.due_at) for clock in clocks] == [
            ("answer_referrer", NOW, contact.decide_by), ("contact_decision", NOW, contact.decide_by),
        ]  # fmt: skip
        owners = {task.owner_team for task in Task.objects.filter(about_id=contact.pk)}
        assert owners == {there.screener.team}  # the front door's own work, not the worker's
    with acting_as(there.screener, later):
        opened = Relationship.objects.get(source_id=contact.pk)
        assert (opened.kind, opened.holder_team, opened.until_at) == (Kind.FRONT_DOOR, there.screener.team, None)
        assert Entry.objects.exists()
    for other in (world.police, world.stranger):
        with acting_as(other, later):
            assert not Contact.objects.exists()


def test_at_night_emergency_duty_matches_and_the_morning_takes_it_over(there: Door) -> None:
    world, night = there.world, at("5 May 2026 22:30")
    team = factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY)
    factories.duty(Kind.EMERGENCY_DUTY, world.authority, team=team)
    duty = factories.post("emergency_duty", of=team)
    factories.shift(duty, night.date())
    contact = match_contact(contact=there.raised(night), child=world.child, by=duty, at=night)
    with acting_as(duty, night):
        assert OvernightLine.objects.get(about_id=contact.pk).morning_on == date(2026, 5, 6)
        assert Relationship.objects.get(source_id=contact.pk).holder_team == there.screener.team  # the day's, too


def test_a_child_nobody_knew_is_recorded_from_it(there: Door) -> None:
    contact = there.raised(name="Linden Unknown", born_words="about 9")
    made = register_from_contact(contact=contact, known=Known("Linden", "Unknown", None), by=there.screener, at=NOW)
    with acting_as(there.screener, NOW):
        child = Child.objects.get(pk=made.child_id)
        assert (child.name, child.responsible_authority) == ("Linden Unknown", there.world.authority)
    with pytest.raises(Invalid, match="matched this meanwhile"):
        register_from_contact(contact=held(there.screener, made), known=Known("Linden", "Unknown", None), by=there.screener, at=NOW)


def test_who_may_not_and_which_child_not(there: Door) -> None:
    world, contact = there.world, there.raised()
    for wrong in (there.school, world.worker, world.manager):
        with pytest.raises(Refused):
            match_contact(contact=contact, child=world.child, by=wrong, at=NOW)
    other = factories.child("Robin Rowan", of=factories.authority("Otherham"), host=world.authority)
    away = factories.child("Wren Rowan")
    factories.guard(away, "restricted", at=NOW)
    with pytest.raises(Invalid, match="Ring the team that answers"):
        match_contact(contact=contact, child=away, by=there.screener, at=NOW)
    match_contact(contact=contact, child=other, by=there.screener, at=NOW)  # placed here by another authority
    with pytest.raises(Invalid, match="meanwhile"):
        match_contact(contact=held(there.screener, contact), child=world.child, by=there.screener, at=NOW)


def test_a_rating_is_local_and_counts_from_when_it_came(there: Door) -> None:
    contact = rate_contact(contact=there.raised(), rating=Rating.RED, by=there.screener, at=NOW + timedelta(hours=1))
    assert contact.rated_due_at == NOW + timedelta(hours=4)
    assert rate_contact(contact=contact, rating=Rating.GREEN, by=there.screener, at=NOW).rated_due_at == NOW + timedelta(hours=72)


def test_set_aside_needs_words_and_is_not_for_one_that_is_matched(there: Door) -> None:
    contact = there.raised()
    with pytest.raises(Invalid, match="what you found"):
        set_aside_contact(contact=contact, why=SetAside.NOBODY, words=" ", by=there.screener, at=NOW)
    aside = set_aside_contact(contact=contact, why=SetAside.NOBODY, words="Rang the school twice.", by=there.screener, at=NOW)
    assert (aside.state, aside.tells_at, aside.closed_at) == ("set_aside", None, None)
    with pytest.raises(Invalid, match="nothing further from us is a decision too"):
        set_aside_contact(contact=there.matched(), why=SetAside.SAME, words="Twice", by=there.screener, at=NOW)
    with pytest.raises(Invalid, match="nothing to hurry"):
        rate_contact(contact=aside, rating=Rating.RED, by=there.screener, at=NOW)


def test_the_queue_and_the_pages_of_matching(there: Door, signed_in: Any) -> None:
    contact = there.raised()
    rate_contact(contact=there.raised(name="Nobody Known"), rating=Rating.AMBER, by=there.screener, at=NOW)
    client = signed_in(there.screener, NOW + timedelta(hours=1))
    queue = client.get(reverse("contacts:view_contacts")).content.decode()
    assert all(words in queue for words in ("Ashby Example", "Larkfield Academy", "Amber", "local limit", "Working Together 2023"))
    page = reverse("contacts:match_contact", args=[contact.pk])
    assert "born 4 March 2011: same name and date of birth" in client.get(page).content.decode()
    assert "Choose a child of this list" in client.post(page, {}).content.decode()
    looked = client.post(page, {"search": "Nobody At All"})
    assert "look for another name, or record the child" in looked.content.decode()
    done = client.post(page, {"child": there.world.child.pk, "key": "m" * 36})
    assert done.status_code == 302
    assert "To be decided" in client.get(done["Location"]).content.decode()
    with acting_as(there.screener, NOW):
        unknown = Contact.objects.get(name="Nobody Known")
    page = reverse("contacts:register_from_contact", args=[unknown.pk])
    assert 'value="Nobody"' in client.get(page).content.decode()
    assert client.post(page, {"forename": "Nobody", "surname": "Known", "key": "n" * 36}).status_code == 302
