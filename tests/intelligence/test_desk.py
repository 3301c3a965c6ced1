"""The unit's pages: from a child found, through the wording and the second person, to the day when it must be looked at again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from atlas.gate.context import acting_as
from atlas.gate.models import Draft
from atlas.intelligence.commands import OldGrading, propose_product, record_intelligence, record_old_intelligence, release_product
from atlas.intelligence.models import Product, Raw
from atlas.intelligence.rules import Checked, Handling, State
from tests.factories import NOW
from tests.intelligence.given import CANARY, SOURCE, Desk, desk, sanitised, supplied
from tests.world import World, make_world
from tests.writes.forms import opened

pytestmark = pytest.mark.django_db
DESK = "/intelligence/view_intelligence_desk/"
RECORDED = {
    "wording": f"The source said: {CANARY}", "known_on_0": "18", "known_on_1": "4", "known_on_2": "2026", "reference": "INT-1",
    "source_reference": SOURCE, "source": "2", "information": "C", "handling": "P", "conditions": "", "review_on_0": "1", "review_on_1": "7",
    "review_on_2": "2026",
}  # fmt: skip
PROPOSED = {
    "wording": "Adults may have met the child at 10:30", "month": "4 2026", "capacity": "child_at_risk", "fact_or_opinion": "fact", "source": "2",
    "information": "C", "handling": "P", "conditions": "", "checked": list(Checked.values), "time_words": "Only the month", "place_words": "No place",
    "unique_phrase_words": "New words", "only_one_could_know_words": "Several saw it",
}  # fmt: skip


@pytest.fixture
def given() -> tuple[World, Desk]:
    world = make_world()
    return world, desk("Northmarch Police", world.child)


def page(name: str, pk: Any) -> str:
    return reverse(f"intelligence:{name}", args=[pk])


def send(client: Client, address: str, typed: dict[str, Any]) -> Any:
    return client.post(address, opened(client, address) | typed)


def only(model: Any, given: Desk) -> Any:
    with acting_as(given.officer, NOW):
        return model.objects.get()


def test_from_a_child_found_to_a_wording_that_a_second_person_released(given: tuple[World, Desk], signed_in: Any) -> None:
    world, unit = given
    client = signed_in(unit.officer)
    text = client.get(DESK).content.decode()
    assert "Nothing is proposed." in text and "Every entry has its wording." in text and "Nothing must be looked at" in text
    text = client.post("/find_child/", {"name": "Ashby Example"}).content.decode()
    record = page("record_intelligence", world.child.pk)
    assert f'href="{record}"' in text
    assert send(client, record, RECORDED)["Location"] == DESK
    raw = only(Raw, unit)
    text = client.get(DESK).content.decode()
    assert page("propose_product", raw.pk) in text and CANARY not in text
    text = client.get(page("propose_product", raw.pk)).content.decode()
    assert CANARY in text and SOURCE in text
    answer = send(client, page("propose_product", raw.pk), PROPOSED)
    product = only(Product, unit)
    assert answer["Location"] == page("release_product", product.pk)
    text = client.get(answer["Location"]).content.decode()
    assert "An exact time: “10:30”" in text and CANARY in text and "Only the month" in text
    assert "You proposed this wording. Ask a second person" in text and "Release this wording" not in text
    client = signed_in(unit.second)
    assert f"Proposed by {unit.officer.user.name}" in client.get(DESK).content.decode()
    text = client.get(page("release_product", product.pk)).content.decode()
    assert "An exact time: “10:30”" in text and CANARY in text and "Several saw it" in text
    assert send(client, page("release_product", product.pk), {})["Location"] == DESK
    product = only(Product, unit)
    assert (product.state, product.released_by) == (State.RELEASED, unit.second)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"handling": "C"}, "Enter the conditions under which it may be shared"), ({"wording": ""}, "What is known?"),
        ({"known_on_0": "6", "known_on_1": "5"}, "Enter a day that is not after today"), ({"review_on_1": "9"}, "no later than 5 August 2026"),
        ({"handling": ""}, "Handling"),
    ],
)  # fmt: skip
def test_what_was_typed_is_kept_beside_what_is_wrong(given: tuple[World, Desk], signed_in: Any, typed: dict[str, str], words: str) -> None:
    world, unit = given
    answer = send(signed_in(unit.officer), page("record_intelligence", world.child.pk), RECORDED | typed)
    assert answer.status_code == 422 and answer["Cache-Control"] == "no-store"
    assert words in answer.content.decode() and SOURCE in answer.content.decode()
    with acting_as(unit.officer, NOW):
        assert not Raw.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"checked": ["time", "place"]}, "Check the wording and confirm: No phrase of the source’s own"), ({"place_words": ""}, "No exact place"),
        ({"handling": "C"}, "Enter the conditions under which it may be read"), ({"month": "last spring"}, "Enter the month and year"),
        ({"handling": "C", "conditions": "Ask first"}, "Choose the agencies that may read it"), ({"wording": f"See {SOURCE}"}, "Write it in new words"),
    ],
)  # fmt: skip
def test_a_wording_that_is_not_ready_is_sent_back(given: tuple[World, Desk], signed_in: Any, typed: dict[str, Any], words: str) -> None:
    world, unit = given
    raw = record_intelligence(child=world.child, supplied=supplied(), by=unit.officer, at=NOW)
    answer = send(signed_in(unit.officer), page("propose_product", raw.pk), PROPOSED | typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with acting_as(unit.officer, NOW):
        assert not Product.objects.exists()


def test_a_wording_with_conditions_names_the_agencies(given: tuple[World, Desk], signed_in: Any) -> None:
    world, unit = given
    raw = record_intelligence(child=world.child, supplied=supplied(1, Handling.CONDITIONS), by=unit.officer, at=NOW)
    client, council = signed_in(unit.officer), world.worker.team.agency
    text = client.get(page("propose_product", raw.pk)).content.decode()
    assert "P: lawful sharing permitted" not in text and council.name in text and str(unit.officer.team.agency_id) not in text
    send(
        client,
        page("propose_product", raw.pk),
        PROPOSED | {"handling": "C", "conditions": "Ask first", "named_agencies": [str(council.pk)]},
    )
    assert only(Product, unit).named_agencies == [council.pk]
    shown = client.get(page("release_product", only(Product, unit).pk)).content.decode()
    assert "Ask first" in shown and council.name in shown


def test_the_second_person_sends_it_back_and_the_first_withdraws_or_writes_anew(given: tuple[World, Desk], signed_in: Any) -> None:
    world, unit = given
    raw = record_intelligence(child=world.child, supplied=supplied(), by=unit.officer, at=NOW)
    product = propose_product(raw=raw, sanitised=sanitised(), by=unit.officer, at=NOW)
    client = signed_in(unit.second)
    assert send(client, page("decline_product", product.pk), {"reason": ""}).status_code == 422
    assert send(client, page("decline_product", product.pk), {"reason": "The place shows it"})["Location"] == DESK
    client = signed_in(unit.officer)
    assert "The last wording was sent back: The place shows it" in client.get(DESK).content.decode()
    assert "Sent back" in client.get(page("release_product", product.pk)).content.decode()
    send(client, page("propose_product", raw.pk), PROPOSED)
    with acting_as(unit.officer, NOW):
        again = Product.objects.get(state=State.PROPOSED)
    assert send(client, page("withdraw_product", again.pk), {"reason": "Not needed"})["Location"] == DESK
    with acting_as(unit.officer, NOW):
        assert Product.objects.get(pk=again.pk).state == State.WITHDRAWN


def test_what_must_be_looked_at_again_stands_on_the_desk_two_weeks_before(given: tuple[World, Desk], signed_in: Any) -> None:
    world, unit = given
    raw = record_intelligence(child=world.child, supplied=supplied(), by=unit.officer, at=NOW)
    product = release_product(product=propose_product(raw=raw, sanitised=sanitised(), by=unit.officer, at=NOW), by=unit.second, at=NOW)
    review = page("review_intelligence", product.pk)
    due = NOW + (product.review_on - NOW.date())
    for at, words in (  # the latest first: a session of the test client ends by the clock of the sign-in before it
        (due + timedelta(days=1), "Partners do not see it any more"), (due - timedelta(days=14), "To be looked at by 5 August 2026"),
        (due - timedelta(days=15), "Nothing must be looked at within 14 days."),
    ):  # fmt: skip
        client = signed_in(unit.officer, at)
        text = client.get(DESK).content.decode()
        assert words in text and (review in text) == ("Nothing" not in words)
    assert send(client, review, {"review_on_0": "22", "review_on_1": "10", "review_on_2": "2026"}).status_code == 422
    assert send(client, review, {"review_on_0": "21", "review_on_1": "10", "review_on_2": "2026"}).status_code == 302
    assert str(only(Product, unit).review_on) == "2026-10-21"


def test_an_older_item_is_taken_over_with_its_grading_as_it_came(given: tuple[World, Desk], signed_in: Any) -> None:
    world, unit = given
    client, take_over = signed_in(unit.officer), page("record_old_intelligence", world.child.pk)
    typed = {name: value for name, value in RECORDED.items() if name != "handling" and not name.startswith("known_on")}
    typed |= {"old_source": "E", "old_information": "4", "old_handling": "4"}
    assert send(client, take_over, typed).status_code == 302
    raw = only(Raw, unit)
    assert (raw.old_source, raw.old_information, raw.old_handling, raw.handling) == ("E", "4", "4", "N")
    text = client.get(DESK).content.decode()
    assert "Kept by your unit alone" in text and "Code 4" in text
    text = client.get(page("propose_product", raw.pk)).content.decode()
    assert "E 4 4" in text and "no wording can be proposed" in text and "Propose this wording" not in text
    answer = send(client, take_over, typed | {"reference": "INT-2", "old_handling": "5"})
    assert answer.status_code == 422 and "Enter the conditions" in answer.content.decode()


def test_nothing_that_is_typed_here_is_kept_before_it_is_sent(given: tuple[World, Desk], signed_in: Any) -> None:
    """Neither as a draft nor across a sign-in: a session knows nothing of a clearance."""
    world, unit = given
    record = page("record_intelligence", world.child.pk)
    client = signed_in(unit.officer)
    text = client.get(record).content.decode()
    assert "data-autosave" not in text and "Save for later" not in text
    client.post(record, opened(client, record) | RECORDED | {"draft": "autosave"})
    with acting_as(unit.officer, NOW):
        assert not Draft.objects.exists() and not Raw.objects.exists()
    later = signed_in(unit.officer, NOW)
    monkey = later.session
    monkey["last_seen"] = 0
    monkey.save()
    answer = later.post(record, RECORDED)
    assert answer.status_code == 302 and "login" in answer["Location"]
    assert CANARY not in str(dict(later.session)) and "kept" not in answer["Location"]


def test_nobody_else_opens_a_page_of_the_desk(given: tuple[World, Desk], signed_in: Any) -> None:
    world, unit = given
    raw = record_intelligence(child=world.child, supplied=supplied(), by=unit.officer, at=NOW)
    product = propose_product(raw=raw, sanitised=sanitised(), by=unit.officer, at=NOW)
    old = record_old_intelligence(child=world.child, supplied=supplied(2), old=OldGrading("A", "1", "1"), by=unit.officer, at=NOW)
    elsewhere = desk("Eastmoor Police", world.child)
    pages = [page("propose_product", raw.pk), page("propose_product", old.pk)]
    pages += [page(f"{name}", product.pk) for name in ("release_product", "decline_product", "review_intelligence", "withdraw_product")]
    for post in (world.worker, world.manager, world.police, elsewhere.officer):
        client = signed_in(post)
        assert {client.get(one).status_code for one in pages} == {404}, post
    text = signed_in(elsewhere.officer).get(DESK).content.decode()
    assert "INT-" not in text and world.child.name not in text
    for post in (world.worker, world.manager, world.police):
        client = signed_in(post)
        assert {client.get(one).status_code for one in (DESK, page("record_intelligence", world.child.pk))} == {404}
