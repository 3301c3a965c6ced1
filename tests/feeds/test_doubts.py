"""What the main system no longer holds is asked about once; what is wrong in it is reported back, and never corrected here."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from atlas.allocation.models import Allocation
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.feeds.commands.delivery import commit_delivery
from atlas.feeds.handling import Fact
from atlas.feeds.models import Delivery, Row
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.statuses.commands.doubt import compare_with_delivery, report_wrong_fact
from atlas.statuses.models import Placement, Spell
from atlas.statuses.queries import mirrored
from atlas.tasks.commands import complete_task
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.feeds.nights import ALEX, EVERYTHING, INVOLVEMENTS, PERSONS, PLACEMENTS, PLANS, WORKS, Nights, without

pytestmark = pytest.mark.django_db


def test_a_vanished_row_is_asked_about_once_and_takes_nothing_away(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    gone = without("ssd_involvements", "I1")
    gone["ssd_involvements"].append(["I9", "W1", "P2", "2026-03-01", ""])
    for _ in range(2):
        nights.deliver(**gone)
    assert [(who, state) for who, _, state in nights.asked()] == [(str(nights.world.worker), "open")]
    with acting_as(nights.world.worker, nights.later) as subject:
        child = Child.objects.visible_to(subject).get(name="Rowan Sample")  # the worker still sees the child
        assert Allocation.objects.get(child=child).until_at is None
        assert Entry.objects.filter(kind=Kind.FACT_VANISHED).count() == 1


def test_the_question_ends_by_itself_when_the_row_is_back_and_may_be_asked_again(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    gone = without("ssd_cla_placement", "L1")
    nights.deliver(**gone)
    assert nights.asked()[0][1:] == ("The main system no longer holds “Placement K2 since 6 January 2026”: is it so?", "open")
    nights.deliver(**EVERYTHING)
    assert nights.asked()[0][2] == "not_needed"
    with nights.seen():
        assert Entry.objects.filter(kind=Kind.FACT_BACK).count() == 1
    nights.deliver(**gone)
    assert sorted(state for *_, state in nights.asked()) == ["not_needed", "open"]


def test_a_row_that_is_back_with_its_end_ends_the_question_too(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    nights.deliver(**without("ssd_cp_plans", "K1") | {"ssd_cp_plans": [PLANS, ["K9", "P2", "2026-03-01"]]})
    assert [state for *_, state in nights.asked()] == ["open"]
    nights.deliver(
        ssd_cp_plans=[[*PLANS, "cppl_cp_plan_end_date"], ["K1", "P1", "2026-02-01", "2026-05-01"], ["K9", "P2", "2026-03-01", ""]]
    )
    assert [state for *_, state in nights.asked()] == ["not_needed"]


def test_a_question_that_a_person_has_answered_is_not_asked_again(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    gone = without("ssd_cla_placement", "L1")
    nights.deliver(**gone)
    with acting_as(nights.world.worker, nights.later):
        task = Task.objects.get(entry__kind=Kind.FACT_VANISHED)
    complete_task(task=task, by=nights.world.worker, at=nights.later)
    nights.deliver(**gone)
    assert [state for *_, state in nights.asked()] == ["done"]


def test_a_child_who_vanished_is_one_question_to_whoever_answers(nights: Nights) -> None:
    """Rowan's allocation, placement and plan are gone with the child: the worker is asked once. Alex has the front door."""
    nights.deliver(**EVERYTHING)
    other = ["P3", "Robin", "Usual", "05/06/2014", ""]
    nights.deliver(
        ssd_person=[PERSONS, other],
        ssd_involvements=[INVOLVEMENTS, ["I9", "W1", "P3", "2026-03-01", ""]],
        ssd_cla_placement=[PLACEMENTS, ["L9", "P3", "2026-01-06", "K2"]],
    )
    assert {who for who, *_ in nights.asked()} == {"Front door", str(nights.world.worker)}
    assert len(nights.asked()) == 2
    assert {name for _, name, _ in nights.asked()} == {"The main system no longer holds “Who the child is”: is it so?"}


def test_nobody_is_asked_by_a_part_by_a_historic_file_or_about_a_table_that_is_not_there(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    some = without("ssd_cla_placement", "L1")
    nights.deliver(**some, part=True)
    nights.deliver(**some, historic=True)
    nights.deliver(ssd_person=EVERYTHING["ssd_person"])
    assert nights.asked() == []


def test_a_row_that_only_could_not_be_taken_is_not_gone(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    nights.deliver(**EVERYTHING | {"ssd_cla_placement": [PLACEMENTS, ["L1", "P1", "no date", "K2"], ["L2", "P2", "2026-01-07", "what"]]})
    assert nights.asked() == []


def test_a_whole_file_taken_again_does_not_ask_about_what_a_newer_part_has_brought(nights: Nights) -> None:
    whole = nights.deliver(**EVERYTHING)
    nights.deliver(ssd_involvements=[INVOLVEMENTS, ["I9", "W1", "P2", "2026-03-01", ""]], part=True)
    commit_delivery(delivery=whole, by=nights.officer, at=nights.later)
    assert nights.asked() == []


def test_another_main_system_is_not_asked_about_what_it_never_brought(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    with nights.seen():
        Row.objects.filter(table="ssd_cla_placement").update(delivery=_other_authority_s(nights))
    nights.deliver(**without("ssd_cla_placement", "L1"))
    assert nights.asked() == []


def _other_authority_s(nights: Nights) -> Delivery:
    delivery: Delivery = Delivery.objects.get()
    delivery.pk, delivery.authority, delivery.digest = None, factories.authority("Elsewhere"), "other"
    delivery._state.adding = True
    delivery.save()
    return delivery


def test_a_file_cut_short_is_doubted_itself(nights: Nights, monkeypatch: pytest.MonkeyPatch, signed_in: Any) -> None:
    monkeypatch.setattr("atlas.feeds.rules.DOUBTED_FROM_ROWS", 1)
    nights.deliver(**EVERYTHING)
    delivery = nights.deliver(**without("ssd_cla_placement", "L1"))
    assert nights.asked() == []
    text = signed_in(nights.officer, nights.later).get(f"/deliveries/{delivery.pk}/").content.decode()
    assert "It lacks 1 of 2 of ssd_cla_placement, so nobody was asked about them. Check that the file is whole." in text


def test_asking_takes_the_same_statements_for_one_row_as_for_many(nights: Nights) -> None:
    children = [[f"P{n}", f"Sample{n}", "Many", f"0{n % 9 + 1}/02/20{10 + n // 9}", ""] for n in range(10, 30)]
    placed = [[f"L{n}", f"P{n}", "2026-01-06", "K2"] for n in range(10, 30)]
    nights.deliver(ssd_person=[PERSONS, *children], ssd_cla_placement=[PLACEMENTS, *placed])
    counts = []
    for kept in (19, 18, 2):
        with nights.seen(), CaptureQueriesContext(connection) as queries:
            delivery = nights.deliver(ssd_cla_placement=[PLACEMENTS, *placed[:kept]])
            counts.append(len(queries))
    assert len(nights.asked()) == 18
    assert counts[1] == counts[2], counts
    assert delivery.reason == ""


def test_compare_with_delivery_is_the_feed_s_alone_and_says_again_what_is_still_so(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    delivery = nights.deliver(**EVERYTHING)
    with nights.seen():
        assert {held.as_at for held in (*Placement.objects.all(), *Spell.objects.all(), *Allocation.objects.exclude(source_key=""))} == {
            NOW + timedelta(days=2)
        }
    with pytest.raises(Refused):
        compare_with_delivery(delivery=delivery, by=nights.world.manager, at=nights.later)


def wrong_fact(nights: Nights, name: str = "Placement K2") -> tuple[Child, Fact]:
    child = nights.child()
    with acting_as(nights.world.worker, nights.later) as subject:
        fact = next(one.fact for one in mirrored(subject, child)[0] if one.fact.words == name)
    return child, fact


def test_a_wrong_fact_is_reported_back_and_shown_as_doubted_until_it_is_put_right(nights: Nights, signed_in: Any, settings: Any) -> None:
    settings.ATLAS_MAIN_SYSTEM_LINK = "https://main.example.org/person/{id}"
    nights.deliver(**EVERYTHING)
    child, fact = wrong_fact(nights)
    client, address = signed_in(nights.world.worker, nights.later), reverse("desk:report_wrong_fact", args=[child.pk, fact.id])
    assert address in client.get(f"/child/{child.pk}/").content.decode()
    assert "https://main.example.org/person/P1" in client.get(address).content.decode()
    empty = client.post(address, {"wrong": "", "known": "The home rang"})
    assert (empty.status_code, "The home rang" in empty.content.decode()) == (422, True)
    assert client.post(address, {"wrong": "It is a foster home", "known": "The child said so"}).status_code == 302
    text = client.get(f"/child/{child.pk}/").content.decode()
    assert f"said to be wrong by {nights.world.worker.user.name}, 6 May 2026 11:00" in text
    assert address not in text
    with nights.seen():
        assert Placement.objects.get(pk=fact.id).kind == "K2"  # never corrected here
        assert Entry.objects.get(kind=Kind.WRONG_FACT_REPORTED).words == "Placement K2: It is a foster home (known from: The child said so)"
        task = Task.objects.get(entry__kind=Kind.WRONG_FACT_REPORTED)
        assert (task.owner_post, task.state) == (nights.world.worker, "open")
    assert "Have it put right in the main system: Placement K2" in client.get("/").content.decode()
    nights.deliver(**EVERYTHING)  # the same again: still doubted
    moved: dict[str, Any] = {
        **EVERYTHING,
        "ssd_cla_placement": [PLACEMENTS, ["L1", "P1", "2026-01-06", "U4"], EVERYTHING["ssd_cla_placement"][2]],
    }
    for delivered, doubted in ((EVERYTHING, True), (moved, False)):
        nights.deliver(**delivered)
        with acting_as(nights.world.worker, nights.later) as subject:
            assert (fact.id in mirrored(subject, child)[1]) is doubted


def test_a_doubt_ends_when_a_person_has_ticked_it_off(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    child, fact = wrong_fact(nights, "Child protection plan")
    given: dict[str, Any] = {"child": child, "fact": fact, "by": nights.world.worker, "at": nights.later}
    report_wrong_fact(**given, wrong="It ended in April", known="The minutes")
    with pytest.raises(Invalid, match="said already"):
        report_wrong_fact(**given, wrong="It ended in April", known="The minutes")
    with acting_as(nights.world.worker, nights.later):
        task = Task.objects.get()
    complete_task(task=task, by=nights.world.worker, at=nights.later)
    with acting_as(nights.world.worker, nights.later) as subject:
        assert mirrored(subject, child)[1] == {}


def test_a_wrong_fact_is_said_in_words_by_someone_who_sees_the_child_about_that_child(nights: Nights, signed_in: Any) -> None:
    nights.deliver(**EVERYTHING)
    child, fact = wrong_fact(nights)
    given: dict[str, Any] = {"child": child, "fact": fact, "at": nights.later}
    worker = nights.world.worker
    for wrong, known, field in ((" ", "x", "wrong"), ("x", " ", "known"), ("x" * 121, "x", "wrong"), ("x", "x" * 101, "known")):
        with pytest.raises(Invalid) as problem:
            report_wrong_fact(**given, wrong=wrong, known=known, by=worker)
        assert problem.value.field == field
    with pytest.raises(Refused):
        report_wrong_fact(**given, wrong="x", known="x", by=nights.world.stranger)
    with pytest.raises(Refused):  # may report a child missing, and sees nothing else
        report_wrong_fact(**given, wrong="x", known="x", by=nights.world.police)
    with pytest.raises(Invalid, match="not a fact about this child"):
        report_wrong_fact(
            child=child, fact=Fact(nights.world.child.pk, fact.label, fact.id, "x"), wrong="x", known="x", by=worker, at=nights.later
        )
    elsewhere = reverse("desk:report_wrong_fact", args=[child.pk, nights.world.child.pk])
    assert signed_in(worker, nights.later).get(elsewhere).status_code == 404


def test_another_row_about_a_child_says_nothing_of_who_the_child_is(nights: Nights) -> None:
    address: dict[str, Any] = {"ssd_address": [["addr_table_id", "addr_person_id", "addr_address_postcode"], ["A1", "P1", "ZZ1 1ZZ"]]}
    nights.deliver(**EVERYTHING)
    child = nights.child()
    fact = Fact(child.pk, "children.Child", child.pk, "Who the child is")
    report_wrong_fact(child=child, fact=fact, wrong="Another name", known="The school", by=nights.world.worker, at=nights.later)
    for _ in range(2):
        nights.deliver(**without("ssd_person", "P1") | address)
    with nights.seen():
        assert set(Task.objects.filter(about_id=child.pk).values_list("entry__kind", "state")) == {
            ("wrong_fact_reported", "open"), ("fact_vanished", "open"),
        }  # fmt: skip


@pytest.mark.parametrize("what", ["child", "allocation"])
def test_who_the_child_is_and_who_works_with_the_child_can_be_said_to_be_wrong(nights: Nights, signed_in: Any, what: str) -> None:
    nights.deliver(**EVERYTHING)
    child = nights.child()
    with nights.seen():
        record = child.pk if what == "child" else Allocation.objects.get(child=child).pk
    client = signed_in(nights.world.worker, nights.later)
    address = reverse("desk:report_wrong_fact", args=[child.pk, record])
    assert client.post(address, {"wrong": "It is another name", "known": "The school"}).status_code == 302
    assert "said to be wrong by" in client.get(f"/child/{child.pk}/").content.decode()
    renamed = {**EVERYTHING, "ssd_person": [PERSONS, ["P1", "Rowan", "Newname", "01/02/2012", ""], ALEX]}
    ended = {**EVERYTHING, "ssd_involvements": [INVOLVEMENTS, [*WORKS[:4], "2026-05-06"]]}
    nights.deliver(**(renamed if what == "child" else ended))
    with nights.seen():
        assert Task.objects.get(entry__kind=Kind.WRONG_FACT_REPORTED).state == "not_needed"
