"""Somebody of any agency raises a contact; it is theirs and the front door's, and nobody else's (real-life.md 6, 16, 20)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.agencies.models import AgencyKind, Authority, TeamPurpose
from atlas.contacts.codes import Concern, IsSafe, ParentsTold
from atlas.contacts.commands.raising import Raised, raise_contact
from atlas.contacts.models import Contact
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Look
from tests import factories
from tests.contacts.given import Door, door
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def there() -> Door:
    return door()


def seen_by(post: Any, moment: Any = NOW) -> int:
    with acting_as(post, moment):
        return Contact.objects.count()


def test_a_contact_is_its_raiser_s_and_the_front_door_s_alone(there: Door) -> None:
    contact = there.raised()
    assert (contact.source, contact.state, contact.child_id) == ("school", "raised", None)
    assert contact.decide_by == at("6 May 2026 23:59") + timedelta(seconds=59)  # one working day: the bank holiday was Monday 4 May
    colleague = factories.post("school", of=there.school.team)
    nurse = factories.post("health", of=factories.team("School nurses", of=factories.agency("Fernleigh Health", AgencyKind.HEALTH)))
    elsewhere = factories.post(
        "front_door",
        of=factories.team(
            "Otherham door", TeamPurpose.FRONT_DOOR, of=factories.agency("Otherham Council", of=factories.authority("Otherham"))
        ),
    )
    assert [seen_by(one) for one in (there.school, there.screener)] == [1, 1]
    assert [seen_by(one) for one in (colleague, nurse, elsewhere, there.world.worker, there.world.police, there.world.stranger)] == [0] * 6


def test_whoever_has_no_front_door_is_told_to_ring() -> None:
    post = factories.post("school", of=factories.team("Pastoral", of=factories.agency("Far Academy", AgencyKind.SCHOOL)))
    Authority.objects.update(is_partner=False)
    post.team.agency.authorities.clear()
    given = Raised("Ashby", Concern.OTHER, "Cries", IsSafe.YES, ParentsTold.NOT_YET)
    with pytest.raises(Invalid, match="Ring the council"):
        raise_contact(raised=given, by=post, at=NOW)


def test_several_children_typed_once_are_a_contact_each(there: Door) -> None:
    first = there.raised(others=(("Robin Example", "9"), ("Wren Example", "3 January 2020")))
    with acting_as(there.screener, NOW):
        rows = list(Contact.objects.filter(together=first.together).order_by("name").values_list("name", "born_words", "words"))
    assert [(name, born) for name, born, _ in rows] == [
        ("Ashby Example", "4 March 2011"),
        ("Robin Example", "9"),
        ("Wren Example", "3 January 2020"),
    ]
    assert len({words for *_, words in rows}) == 1


def test_what_cannot_be_taken_says_what_to_do(there: Door) -> None:
    for said, field, given in (
        ("what the child is called", "name", {"name": " "}),
        ("what happened, and when", "words", {"words": " "}),
        ("at most 8", "others", {"others": tuple((f"Child {n}", "") for n in range(9))}),
    ):
        with pytest.raises(Invalid, match=said) as problem:
            there.raised(**given)
        assert problem.value.field == field
    with pytest.raises(Refused):
        there.raised(by=factories.post("data_officer"))


def test_after_hours_or_where_a_child_is_not_safe_somebody_is_told_at_once(there: Door) -> None:
    by_day, unsafe = there.raised(), there.raised(is_safe="no")
    night = at("5 May 2026 22:10")
    late = there.raised(night)
    assert by_day.tells_at == at("7 May 2026 08:00")  # late since the midnight before: nobody is woken for it
    assert unsafe.tells_at == NOW
    assert late.tells_at == night


def test_the_login_alone_cannot_put_a_contact_into_another_s_mouth(there: Door) -> None:
    contact = there.raised()
    with acting_as(there.world.worker, NOW), pytest.raises(DatabaseError), transaction.atomic():
        Contact(
            authority=contact.authority, source="school", raised_by=there.school, received_at=NOW, name="x", concern="other", words="x", is_safe="yes",
            parents_told="not_yet", decide_by=NOW,
        ).save(force_insert=True)  # fmt: skip
    with acting_as(there.school, NOW), connection.cursor() as cursor:
        cursor.execute("UPDATE contacts_contact SET words = 'something else'")
        assert cursor.rowcount == 0
        cursor.execute("SELECT gate_match_contact(id, %s) FROM contacts_contact", [there.world.child.pk])
        assert cursor.fetchone() == (False,)


def test_the_form_has_ten_fields_and_keeps_what_was_typed(there: Door, signed_in: Any) -> None:
    page = reverse("contacts:raise_contact")
    client = signed_in(there.school, NOW)
    text = client.get(page).content.decode()
    names = set(re.findall(r'<(?:input|textarea|select)[^>]*\bname="(\w+)"', text)) - {
        "csrfmiddlewaretoken",
        "key",
        "base",
        "submit",
        "draft",
        "asked_about",
    }
    assert len(names) == 10, names
    warning = text[text.index("govuk-warning-text") :]
    assert "If a child is in danger now ring 999. This form is read 08:00 to 17:00" in warning
    assert "after hours ring 020 7946 0100" in warning
    assert "Level 2: Early help" in text
    given = {"name": "Ashby Example", "words": "A car at the gate", "others": "Robin Example, 9"}
    wrong = client.post(page, given)
    assert wrong.status_code == 422
    assert all(words in wrong.content.decode() for words in ("A car at the gate", "Robin Example, 9"))
    given |= {"concern": "exploitation", "is_safe": "unsure", "parents_told": "not_yet", "key": "k" * 36}
    sent = client.post(page, given)
    again = client.post(page, given)
    assert (sent.status_code, again.status_code) == (302, 302)
    mine = client.get(sent["Location"]).content.decode()
    assert "Robin Example" in mine
    assert "With the front door" in mine
    assert seen_by(there.school) == 2
    with acting_as(there.school, NOW):
        assert not Look.objects.exists()  # they looked at their own words, and at no child
