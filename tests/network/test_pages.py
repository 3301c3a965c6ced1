"""The pages of connections: the picture and the table say the same, each link leads to how it is known, and forms keep what was typed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.connections.commands import block_worker
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource, Look
from atlas.network.models import Link
from tests.connections.test_ties import privacy_officer
from tests.exploitation.given import finished
from tests.factories import NOW
from tests.network.given import Linked, another_child, linked

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
TYPED = {
    "kind": "given", "capacity": "at_risk", "confidence": "moderate", "why": "Driven home twice.", "purpose_words": "Keeping children safe",
    "regime": "uk_gdpr", "source_words": "A teacher", "source": "2", "information": "C",
}  # fmt: skip


@pytest.fixture
def there() -> Linked:
    return linked()


def to(name: str, pk: Any) -> str:
    return reverse(f"network:{name}", args=[pk])


def test_the_picture_and_the_table_say_the_same(there: Linked, signed_in: Any) -> None:
    far, world = another_child(there.world, "Cedar Lane"), there.world
    links = [there.tie(world.child, there.friend), there.tie(there.friend, far), there.tie(world.child, there.adult)]
    client = signed_in(world.manager, LATER)
    page = client.get(to("view_network", world.child.pk)).content.decode()
    svg, table = page[page.index("<svg") : page.index("</svg>")], page[page.index("<table") : page.index("</table>")]
    for link in links:
        assert svg.count(to("view_link", link.pk)) == table.count(to("view_link", link.pk)) == 1
    for name in ("Beech Lane", "Cedar Lane", "Dez Sample"):
        assert name in svg
        assert name in table
    assert svg.count("<line") == 3
    assert " style=" not in svg  # the policy of the pages lets no style in
    assert re.search(r"New: <a[^>]*>Ashby Example and Dez Sample", page)
    with acting_as(world.manager, LATER):
        assert any("person of concern" in str(look.terms) for look in Look.objects.filter(page="view_network"))
    earlier = client.get(to("view_network", world.child.pk), {"on": (NOW - timedelta(days=9)).date().isoformat(), "since": "no day"})
    assert "No link that is open to you stood on that day" in earlier.content.decode()
    first = client.get(to("view_network", world.child.pk), {"on": "0001-01-01"})  # a quarter before it there is no calendar
    assert first.status_code == 200


def test_a_hidden_child_is_in_neither(there: Linked, signed_in: Any) -> None:
    world = there.world
    there.tie(world.child, there.friend)
    block_worker(child=there.friend, user=world.manager.user, source=BlockSource.MANAGER, by=privacy_officer(world), at=NOW)
    page = signed_in(world.manager, LATER).get(to("view_network", world.child.pk)).content.decode()
    assert "Beech" not in page
    assert "<svg" not in page


def test_record_link_by_the_form(there: Linked, signed_in: Any) -> None:
    world, client = there.world, signed_in(there.world.manager, LATER)
    form = to("record_link", world.child.pk)
    assert "Choose whom or what" in client.post(form, TYPED).content.decode()
    named = {**TYPED, "name": "Beech Lane", "born_on_0": "4", "born_on_1": "3", "born_on_2": "2011", "other_capacity": "associate"}
    assert "one of them" in client.post(form, {**named, "what": str(there.adult.pk)}).content.decode()
    assert "No one child of that name" in client.post(form, {**named, "name": "Nobody Here"}).content.decode()
    assert client.post(form, named).status_code == 302
    assert client.post(form, {**TYPED, "what": str(there.adult.pk)}).status_code == 302
    kept = client.post(form, {**TYPED, "what": str(there.group.pk)}).content.decode()
    assert "do a screen now" in kept
    assert "Driven home twice." in kept
    with acting_as(world.manager, LATER):
        assert Link.objects.count() == 2


def test_renew_correct_and_end_by_their_forms(there: Linked, signed_in: Any) -> None:
    link, client = there.tie(there.world.child, there.adult), signed_in(there.world.manager, LATER)
    assert "She was driven home by him twice." in client.get(to("correct_link", link.pk)).content.decode()
    for name, more in (("renew_link", {}), ("correct_link", {"words": "It was once."})):
        shown = client.get(to(name, link.pk)).content.decode()
        base = re.search(r'name="base"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="base"', shown)
        assert base is not None
        sent = client.post(to(name, link.pk), {**TYPED, **more, "base": base[1] or base[2]})
        assert sent.status_code == 302, sent.content.decode()[:9000]
    with acting_as(there.world.manager, LATER):
        right = Link.objects.get(is_error=False)
    client.post(to("end_link", right.pk), {"is_error": "no", "words": "He moved away."})
    assert "He moved away." in client.get(to("view_link", right.pk)).content.decode()


def test_the_way_and_the_group(there: Linked, signed_in: Any) -> None:
    world = there.world
    finished(world, at=NOW)
    there.tie(world.child, there.group)
    there.tie(world.child, there.friend)
    there.tie(there.friend, there.adult)
    client = signed_in(world.manager, LATER)
    way = client.get(to("view_way", world.child.pk), {"to": str(there.adult.pk)}).content.decode()
    assert way.index("Ashby Example and Beech Lane") < way.index("Beech Lane and Dez Sample")
    assert "Choose somebody or something" in client.get(to("view_way", world.child.pk), {"to": "no"}).content.decode()
    group = client.get(to("view_group_network", there.group.pk)).content.decode()
    assert "Ashby Example" in group
    assert "Beech Lane" in group
    assert signed_in(world.worker, LATER).get(to("view_group_network", there.group.pk)).status_code == 404
    assert signed_in(world.stranger, LATER).get(to("view_network", world.child.pk)).status_code == 404
