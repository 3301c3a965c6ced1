"""Places: on grounds, named to those alone who answer for them or may act, looked at again or deleted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Look
from atlas.meetings.codes import ItemKind
from atlas.places.commands import PlaceGiven, put_place_on_map, record_place, remove_place, renew_place
from atlas.places.models import Place
from atlas.places.position import position_of
from tests.connections.test_people_of_concern import on_agenda
from tests.factories import NOW
from tests.meetings.given import Table, entries, grounds, table
from tests.writes.forms import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def there() -> Table:
    return table()


def test_record_place_needs_words_and_grounds(there: Table) -> None:
    with pytest.raises(Invalid, match="how it is spoken of"):
        record_place(given=PlaceGiven(" ", "park", grounds()), by=there.chair, at=NOW)
    with pytest.raises(Invalid, match="as facts"):
        record_place(given=PlaceGiven("A park", "park", grounds(why="")), by=there.chair, at=NOW)
    with pytest.raises(Refused):
        record_place(given=PlaceGiven("A park", "park", grounds()), by=there.school, at=NOW)


def test_a_business_is_named_to_those_who_may_act_and_a_home_to_those_who_answer(there: Table, signed_in: Any) -> None:
    _, _, shop = entries(there.chair)
    home = record_place(
        given=PlaceGiven("A flat on the estate", "used_home", grounds(), "Flat 9, Sample House", responsible=there.housing.team.agency),
        by=there.chair,
        at=NOW,
    )
    on_agenda(there, shop, ItemKind.PLACE)
    with acting_as(there.nurse, NOW):
        assert [one.name for one in Place.objects.all()] == ["An arcade by the station"]
    for post, named in ((there.chair, True), (there.officer, True), (there.nurse, False)):
        page = signed_in(post, NOW).get(reverse("places:view_place", args=[shop.pk])).content.decode()
        assert ("Sample Amusements" in page) == named, post.role
    assert signed_in(there.officer, NOW).get(reverse("places:view_place", args=[home.pk])).status_code == 404
    client = signed_in(there.chair, NOW)
    assert "Flat 9" in client.get(reverse("places:view_place", args=[home.pk])).content.decode()
    assert "Flat 9" not in client.get(reverse("places:view_places")).content.decode()
    with acting_as(there.chair, NOW):
        assert any(f"place {home.pk}" in (look.terms or []) for look in Look.objects.filter(page="view_place"))


def test_a_place_is_looked_at_again_or_deleted_by_its_own_agency(there: Table) -> None:
    _, _, place = entries(there.chair)
    later = NOW + timedelta(days=100)
    assert renew_place(place=place, grounds=grounds(), by=there.chair, at=later).reviewed_at == later
    _, item = on_agenda(there, place, ItemKind.PLACE)
    with pytest.raises(Refused):
        remove_place(place=place, by=there.school, at=later)
    remove_place(place=place, by=there.chair, at=later)
    with acting_as(there.chair, later):
        assert not Place.objects.exists()
        item.refresh_from_db()
        assert (item.place_id, item.name) == (None, "A place")


def test_put_place_on_map(there: Table, signed_in: Any) -> None:
    def lies() -> tuple[int | None, int | None]:
        with acting_as(there.chair, NOW):
            return Place.objects.values_list("easting", "northing").get(pk=park.pk)

    park = record_place(given=PlaceGiven("A park", "park", grounds(), position="SU 123 456"), by=there.chair, at=NOW)
    assert lies() == (412300, 145600)
    put_place_on_map(place=park, position="412349, 145651", by=there.chair, at=NOW)
    assert lies() == (412300, 145700)
    client = signed_in(there.chair)
    page = reverse("places:put_place_on_map", args=[park.pk])
    assert "412300 145700" in client.get(page).content.decode()
    said = client.post(page, opened(client, page) | {"position": "145700 1412300"}).content.decode()
    assert "outside Great Britain" in said and "145700 1412300" in said
    assert client.post(page, opened(client, page) | {"position": ""}).status_code == 302
    assert lies() == (None, None)
    home = record_place(given=PlaceGiven("A flat", "private_home", grounds()), by=there.chair, at=NOW)
    with pytest.raises(Invalid, match="no map"):
        put_place_on_map(place=home, position="SU 123 456", by=there.chair, at=NOW)
    with pytest.raises(Refused):
        put_place_on_map(place=park, position="", by=there.school, at=NOW)
    with acting_as(there.chair, NOW), pytest.raises(IntegrityError, match="place_on_the_grid"), transaction.atomic():
        Place.objects.filter(pk=home.pk).update(easting=1, northing=1)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("TQ 30 80", (530_000, 180_000)), ("SV 00001 00049", (0, 0)), ("HU3963753594", (439_600, 1_153_600)),
        ("51.5007, -0.1246", (530_300, 179_600)),  # WGS84 of Westminster Bridge's clock tower, on Ordnance Survey's own maps TQ 302 795 or 303 796
        (" ", None),
    ],
)  # fmt: skip
def test_position_of(text: str, metres: tuple[int, int] | None) -> None:
    assert position_of(text) == metres


@pytest.mark.parametrize("text", ["near the station", "TQ 30 8", "TQ 3", "TI 30 80", "-0.1246, 51.5007", "0 0", "900000 100"])
def test_what_is_no_place_is_said(text: str) -> None:
    with pytest.raises(Invalid):
        position_of(text)
