"""The main case system: its tables, a late file, merged numbers, and which system is master of what."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.allocation.commands import replace_allocation
from atlas.allocation.models import Allocation, ResponsibleTeam
from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.clocks.models import Clock
from atlas.feeds.commands.delivery import decide_match
from atlas.feeds.commands.master import set_master
from atlas.feeds.models import Delivery, Master, Row
from atlas.feeds.queries import masters
from atlas.feeds.rules import DEFAULT_MASTERS, Mastered, System
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.models import Episode
from atlas.people.models import Identifier
from atlas.statuses.commands.record import Said, record_conference, record_undated
from atlas.statuses.models import Conference, Disability, Family, Placement, Spell
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.feeds.nights import ALEX, EVERYTHING, INVOLVEMENTS, PERSONS, PLACEMENTS, ROWAN, WORKS, Nights
from tests.feeds.test_deliveries import main_system
from tests.world import make_world

pytestmark = pytest.mark.django_db


def test_the_tables_of_the_specification_are_all_taken() -> None:
    """real-life.md, point 1, names them."""
    from atlas.feeds.handling import takers

    named = (
        "person linked_identifiers family mother address disability involvements professionals department legal_status cla_episodes cla_placement "
        "cin_episodes cin_assessments cin_plans s47_enquiry initial_cp_conference cp_plans cp_reviews missing"
    )
    assert {table for table in takers() if table.startswith("ssd_")} == {f"ssd_{name}" for name in named.split()}


def test_conferences_a_disability_a_family_and_a_referral_are_taken_and_shown(nights: Nights, signed_in: Any) -> None:
    conference = ["icpc_icpc_id", "icpc_person_id", "icpc_icpc_target_date", "icpc_icpc_date", "icpc_icpc_outcome_cp_flag"]
    review = ["cppr_cp_review_id", "cppr_person_id", "cppr_cp_review_due", "cppr_cp_review_date", "cppr_cp_review_outcome_continue_cp"]
    delivery = nights.deliver(
        **EVERYTHING,
        ssd_initial_cp_conference=[conference, ["C1", "P1", "2026-02-03", "2026-02-01", "Y"], ["C2", "P1", "", "", ""]],
        ssd_cp_reviews=[review, ["V1", "P1", "2026-08-01", "", ""]],
        ssd_disability=[["disa_table_id", "disa_person_id", "disa_disability_code"], ["D1", "P1", "HEAR"], ["D2", "P1", "XYZ"]],
        ssd_family=[["fami_table_id", "fami_family_id", "fami_person_id"], ["F1", "77", "P1"]],
        ssd_cin_episodes=[["cine_referral_id", "cine_person_id", "cine_referral_date"], ["R1", "P1", "2025-12-20"]],
    )
    rows = nights.rows(delivery)
    assert "neither the date when it is due" in rows["ssd_initial_cp_conference", "C2"].reason
    assert rows["ssd_disability", "D2"].state == Row.State.WAITING_CODE
    with nights.seen():
        assert (Disability.objects.get().code, Family.objects.get().number) == ("HEAR", "77")
        held = Conference.objects.get(kind="initial")
        assert (held.held_on, held.is_for_plan, held.entry.kind) == (date(2026, 2, 1), True, "conference_held")  # type: ignore[union-attr]
        assert Conference.objects.get(kind="review").entry is None
        assert Spell.objects.filter(status="referral").exists()
    text = signed_in(nights.world.worker, nights.later).get(f"/child/{nights.child().pk}/").content.decode()
    for words in (
        "Initial child protection conference, with a child protection plan, held 1 February 2026, due 3 February 2026", "Disability: hearing",
        "Review child protection conference, due 1 August 2026", "Family 77", "Referral: 20 December 2025 to now", "as at 6 May 2026 10:00",
    ):  # fmt: skip
        assert words in text, words
    assert "from the main system, as at 6 May 2026 10:00" in text  # the allocation


def test_a_conference_makes_one_entry_once_it_was_held() -> None:
    feed, child = factories.feed_post(), factories.child()
    for held_on in (None, date(2026, 4, 1), date(2026, 4, 1)):
        columns = (("kind", "initial"), ("due_on", date(2026, 4, 2)), ("held_on", held_on))
        record_conference(child=child, said=Said(Conference, "C:1", None, None, NOW, columns), by=feed, at=NOW)
    with acting_as(feed, NOW):
        assert Conference.objects.get().held_on == date(2026, 4, 1)
        assert Entry.objects.filter(kind="conference_held").count() == 1


def test_a_fact_without_dates_stands_once_and_is_the_feed_s_alone() -> None:
    world, feed = make_world(), factories.feed_post()
    for code in ("LD", "AUT"):
        record_undated(child=world.child, said=Said(Disability, "D:1", None, None, NOW, (("code", code),)), by=feed, at=NOW)
    with acting_as(feed, NOW):
        assert Disability.objects.get().code == "AUT"
    with pytest.raises(Refused):
        record_undated(child=world.child, said=Said(Family, "F:1", None, None, NOW, (("number", "7"),)), by=world.manager, at=NOW)


def test_an_old_file_sent_late_is_refused(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    moved: dict[str, Any] = {
        **EVERYTHING,
        "ssd_cla_placement": [PLACEMENTS, ["L1", "P1", "2026-01-06", "U4"], ["L7", "P1", "2026-01-06", "U4"]],
    }
    for historic in (False, True):
        with pytest.raises(Invalid, match=r"older \(as at 2 May 2026 10:00\) than what was taken already \(as at 6 May 2026 10:00\)"):
            nights.deliver(**moved, as_at=NOW - timedelta(days=3), historic=historic)
    with nights.seen():
        assert set(Placement.objects.values_list("kind", flat=True)) == {"K2", "U4"}
        assert not Placement.objects.filter(source_key="ssd_cla_placement:L7").exists()
    with pytest.raises(Invalid, match="later than now"):
        nights.deliver(**moved, as_at=NOW + timedelta(days=99))


def test_an_old_file_does_not_overwrite_what_a_newer_part_has_brought(nights: Nights) -> None:
    nights.deliver(**EVERYTHING, part=True)
    moved: dict[str, Any] = {"ssd_cla_placement": [PLACEMENTS, ["L1", "P1", "2026-01-06", "U4"], ["L7", "P2", "2026-01-06", "U5"]]}
    rows = nights.rows(nights.deliver(**moved, as_at=NOW))
    assert (rows["ssd_cla_placement", "L1"].state, rows["ssd_cla_placement", "L7"].state) == (Row.State.LEFT, Row.State.APPLIED)
    with nights.seen():
        assert Placement.objects.get(source_key="ssd_cla_placement:L1").kind == "K2"


def test_a_waiting_row_of_an_old_file_is_decided_in_the_newer_one(nights: Nights) -> None:
    nights.deliver(ssd_person=[PERSONS, ROWAN])
    waits = [PERSONS, ROWAN, ["P9", "Rowan", "Sample", "01/02/2012", ""]]
    first = nights.deliver(ssd_person=waits)
    second = nights.deliver(ssd_person=waits)
    for delivery, is_newest in ((first, False), (second, True)):
        row = nights.rows(delivery)["ssd_person", "P9"]
        assert row.state == Row.State.WAITING_MATCH
        if is_newest:
            assert decide_match(row=row, child_id=None, by=nights.officer, at=nights.later).state == Row.State.APPLIED
        else:
            with pytest.raises(Invalid, match="older"):
                decide_match(row=row, child_id=None, by=nights.officer, at=nights.later)


def test_an_allocation_that_is_over_does_not_make_its_team_responsible_again(nights: Nights) -> None:
    """The main system sends six years of involvements, in any order."""
    leaving = factories.post("practitioner", of=factories.team("Safeguarding 2"))
    Post.objects.filter(pk=leaving.pk).update(reference="W2")
    nights.deliver(ssd_person=[PERSONS, ROWAN], ssd_involvements=[INVOLVEMENTS, WORKS, ["I0", "W2", "P1", "2024-01-05", "2026-01-05"]])
    with nights.seen():
        assert ResponsibleTeam.objects.get(child__name="Rowan Sample", until_at__isnull=True).team == nights.world.worker.team


@pytest.mark.parametrize("by_column", [True, False])
def test_a_merged_number_is_followed_and_both_are_kept(nights: Nights, by_column: bool) -> None:
    nights.deliver(**EVERYTHING)
    before = nights.child()
    merged = ["P8", "Rowan", "Newname", "01/02/2012", "P1" if by_column else ""]
    linked = [["link_table_id", "link_person_id", "link_identifier_type", "link_identifier_value"], ["N1", "P8", "Former ID", "P1"]]
    tables = {"ssd_person": [PERSONS, merged, ALEX], "ssd_involvements": [INVOLVEMENTS, ["I1", "W1", "P8", "2026-01-05", ""]]}
    delivery = nights.deliver(**EVERYTHING | tables | ({} if by_column else {"ssd_linked_identifiers": linked}))
    assert nights.child("Rowan Newname") == before
    with nights.seen():
        assert set(Identifier.objects.filter(person=before.pk).values_list("value", flat=True)) == {"P1", "P8"}
        assert Child.objects.filter(name__startswith="Rowan").count() == 1
    assert nights.rows(delivery)["ssd_involvements", "I1"].state == Row.State.APPLIED
    assert nights.asked() == []  # the child is there, under the new number


def test_a_former_number_with_another_date_of_birth_waits_for_a_person(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    delivery = nights.deliver(**EVERYTHING | {"ssd_person": [PERSONS, ROWAN, ALEX, ["P8", "Robin", "Usual", "09/09/2010", "P1"]]})
    row = nights.rows(delivery)["ssd_person", "P8"]
    assert row.state == Row.State.WAITING_MATCH
    decide_match(row=row, child_id=None, by=nights.officer, at=nights.later)
    with nights.seen():
        assert set(Identifier.objects.filter(person=nights.child("Robin Usual").pk).values_list("value", flat=True)) == {"P8"}


def test_a_number_of_another_child_is_put_aside_and_the_rest_is_taken(nights: Nights) -> None:
    linked = [["link_table_id", "link_person_id", "link_identifier_type", "link_identifier_value"], ["N1", "P2", "Former ID", "P1"]]
    nights.deliver(**EVERYTHING)
    moved: dict[str, Any] = {
        **EVERYTHING,
        "ssd_cla_placement": [PLACEMENTS, ["L1", "P1", "2026-01-06", "U4"], ["L2", "P2", "2026-01-07", "U4"]],
    }
    rows = nights.rows(nights.deliver(**moved, ssd_linked_identifiers=linked))
    assert "Main case system P1 is another child's here" in rows["ssd_linked_identifiers", "N1"].reason
    assert rows["ssd_cla_placement", "L1"].state == Row.State.APPLIED


def test_the_defaults_of_the_master_table_are_those_of_practice() -> None:
    """real-life.md, point 1."""
    main = {"person", "address", "allocation", "legal_status", "placement", "referral", "assessment", "section_47", "conference", "child_protection_plan",
            "child_in_need_plan"}  # fmt: skip
    atlas = {
        "missing_response",
        "return_interview",
        "exploitation_assessment",
        "safety_plan",
        "panel",
        "agency_action",
        "intelligence_product",
    }
    assert {record for record, system in DEFAULT_MASTERS.items() if system == System.MAIN} == main
    assert {record for record, system in DEFAULT_MASTERS.items() if system == System.ATLAS} == atlas
    assert set(DEFAULT_MASTERS) == set(Mastered)


def test_what_atlas_is_master_of_is_left_and_not_asked_about(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    set_master(authority=nights.world.authority, record=Mastered.PLACEMENT, system=System.ATLAS, by=nights.officer, at=nights.later)
    moved: dict[str, Any] = {**EVERYTHING, "ssd_cla_placement": [PLACEMENTS, ["L1", "P1", "2026-01-06", "U4"]]}
    row = nights.rows(nights.deliver(**moved))["ssd_cla_placement", "L1"]
    assert (row.state, row.reason) == (Row.State.LEFT, "Atlas is master of this, so the main system's copy is not taken.")
    assert nights.asked() == []
    set_master(authority=nights.world.authority, record=Mastered.PLACEMENT, system=System.MAIN, by=nights.officer, at=nights.later)
    nights.deliver(**moved)  # what was left is not lost: the next delivery brings it
    with nights.seen():
        assert Placement.objects.get(source_key="ssd_cla_placement:L1").kind == "U4"
    assert len(nights.asked()) == 1


def test_who_is_master_is_the_data_officer_s_to_say(nights: Nights, signed_in: Any) -> None:
    with pytest.raises(Refused):
        set_master(authority=nights.world.authority, record=Mastered.PLACEMENT, system=System.ATLAS, by=nights.world.manager, at=NOW)
    with pytest.raises(Invalid, match="cannot be changed"):
        set_master(authority=nights.world.authority, record=Mastered.PERSON, system=System.ATLAS, by=nights.officer, at=NOW)
    client, address = signed_in(nights.officer), reverse("feeds:set_master", kwargs={"kind": "conference"})
    assert address in client.get("/deliveries/").content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {"system": "atlas"}).status_code == 302
    assert (Master.objects.get().system, masters(nights.world.authority)[Mastered.CONFERENCE]) == ("atlas", System.ATLAS)
    assert client.get(reverse("feeds:set_master", kwargs={"kind": "person"})).status_code == 404


@pytest.mark.parametrize(("system", "clocks_run"), [(System.ATLAS, True), (System.MAIN, False)])
def test_an_episode_of_the_main_system_is_atlas_s_own_only_where_atlas_is_master(nights: Nights, system: System, clocks_run: bool) -> None:
    set_master(authority=nights.world.authority, record=Mastered.MISSING_RESPONSE, system=system, by=nights.officer, at=NOW)
    episode = [["miss_table_id", "miss_person_id", "miss_missing_episode_start_date", "miss_missing_episode_end_date"],
               ["M1", "P1", "2026-05-04 18:00", "2026-05-05 09:00"]]  # fmt: skip
    nights.deliver(**EVERYTHING, ssd_missing=episode)
    nights.deliver(**EVERYTHING, ssd_missing=[episode[0], [*episode[1][:2], "2026-05-04 20:00", "2026-05-05 09:00"]])
    with nights.seen():
        assert Episode.objects.count() == 1  # each fact counts once
        assert {clock.is_historic for clock in Clock.objects.all()} == {not clocks_run}
        assert Task.objects.exists() == clocks_run


def test_the_page_takes_when_a_file_was_written_and_that_it_is_a_part(nights: Nights, signed_in: Any) -> None:
    client = signed_in(nights.officer, NOW)
    typed = {"layout": "ssd", "is_historic": "live", "is_partial": "part", "as_at_0": "4", "as_at_1": "5", "as_at_2": "2026", "as_at_3": "02:10",
             "as_at_4": "minute"}  # fmt: skip
    for changed, status in (({"as_at_4": "date"}, 422), ({}, 302)):
        with main_system(nights.folder, ssd_person=EVERYTHING["ssd_person"]).path.open("rb") as file:
            assert client.post("/deliveries/receive_delivery/", {**typed, **changed, "file": file}).status_code == status
    delivery = Delivery.objects.get()
    assert (delivery.is_partial, delivery.as_at) == (True, factories.at("4 May 2026 02:10"))
    assert "part of the children" in client.get(f"/deliveries/{delivery.pk}/").content.decode()


def test_the_command_line_takes_the_same(nights: Nights, signed_in: Any) -> None:
    from django.core.management import call_command

    path = main_system(nights.folder, **EVERYTHING).path
    call_command("feeds", "receive", "ssd", str(path), "--as", nights.officer.user.username, "--part", "--as-at", "2026-05-04T02:10")
    delivery = Delivery.objects.get()
    assert (delivery.is_partial, delivery.as_at) == (True, factories.at("4 May 2026 02:10"))


def test_replace_allocation_lets_another_worker_in_and_the_first_out(nights: Nights) -> None:
    """The same involvement under the same number now names another worker; then it has ended; then the end is taken back."""
    other = factories.post("practitioner", of=factories.team("Safeguarding 2"))
    Post.objects.filter(pk=other.pk).update(reference="W2")
    nights.deliver(ssd_person=[PERSONS, ROWAN], ssd_involvements=[INVOLVEMENTS, WORKS])
    nights.deliver(ssd_involvements=[INVOLVEMENTS, ["I1", "W2", *WORKS[2:]]])
    child = nights.child()
    assert [opens(post, child, nights.later) for post in (nights.world.worker, other)] == [False, True]
    with nights.seen():
        assert ResponsibleTeam.objects.get(child=child, until_at__isnull=True).team == other.team
    nights.deliver(ssd_involvements=[INVOLVEMENTS, ["I1", "W2", *WORKS[2:4], "2026-05-07"]])
    assert not opens(other, child, nights.later)
    with nights.seen():
        assert ResponsibleTeam.objects.get(child=child, until_at__isnull=True).is_front_door
    nights.deliver(ssd_involvements=[INVOLVEMENTS, ["I1", "W2", *WORKS[2:]]])
    assert opens(other, child, nights.later)
    with nights.seen():
        ended = Allocation.objects.filter(child=child).order_by("pk")
        assert sorted(bool(one.until_at) for one in ended) == [False, True, True]
        assert ended.exclude(source_key="").count() == 1
        standing = ended.get(until_at__isnull=True)
    replaced = replace_allocation(allocation=standing, by=factories.feed_post(), at=nights.later)
    assert (replaced.until_at, replaced.source_key) == (nights.later, "")


def opens(post: Post, child: Child, at: datetime) -> bool:
    """Whether the child is open to a post."""
    with acting_as(post, at):
        return Child.objects.filter(pk=child.pk).exists()
