"""The pages of deliveries, and what each says where it cannot do what was asked: every refusal in words, and nothing done."""

import inspect
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from atlas.agencies.models import AgencyKind, Post
from atlas.feeds import jobs, views
from atlas.feeds.commands import delivery, later
from atlas.feeds.commands.codes import map_code
from atlas.feeds.commands.delivery import commit_delivery, decide_match, receive_delivery, undo_delivery
from atlas.feeds.commands.later import commit_later, undo_later
from atlas.feeds.models import CodeMapping, Delivery, Row
from atlas.feeds.queries import stale_feed
from atlas.feeds.reading import ReadRow, read
from atlas.gate.act import Invalid
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_as
from atlas.gate.models import Act
from atlas.missing.models import Episode
from atlas.missing.workflow import EpisodeState
from atlas.running.behalf import carry
from atlas.sealed.commands import seal_set
from tests import factories
from tests.factories import NOW
from tests.feeds.nights import EVERYTHING, PERSONS, Nights
from tests.feeds.test_deliveries import GOOD, main_system, police_file, receive, rows_of, take
from tests.sealed.test_clear import ADDRESSES
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
LIVE = {"layout": "northmarch", "is_historic": "live", "is_partial": "whole"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def officer() -> Post:
    return factories.post("data_officer", of=factories.team("Data"))


def page_of(name: str, **of: Any) -> str:
    return reverse(f"feeds:{name}", kwargs=of)


def test_a_file_goes_from_the_form_to_the_record_and_back(world: World, officer: Post, tmp_path: Path, signed_in: Any) -> None:
    client, file = signed_in(officer, LATER), police_file(tmp_path, GOOD)
    with file.path.open("rb") as sent:
        received = client.post(page_of("receive_delivery"), {**LIVE, "file": sent})
    delivery = Delivery.objects.get()
    assert received.url == page_of("view_delivery", delivery=delivery.pk)
    for name, state, heading in (
        ("commit_delivery", Delivery.State.COMMITTED, "Take this delivery?"),
        ("undo_delivery", Delivery.State.UNDONE, "Undo this delivery?"),
    ):
        address = page_of(name, delivery=delivery.pk)
        assert heading in client.get(address).content.decode()
        assert client.post(address).url == received.url
        delivery.refresh_from_db()
        assert delivery.state == state
    with acting_as(world.coordinator, LATER):
        assert Episode.objects.get().state == EpisodeState.WITHDRAWN


def test_a_code_is_given_its_meaning_and_a_row_its_child_on_their_pages(
    world: World, officer: Post, tmp_path: Path, signed_in: Any
) -> None:
    unsure = ["NM/3", "Ash", "Example", "04/03/2011", "F", *GOOD[5:8], "Amber", *GOOD[9:]]
    delivery = receive(police_file(tmp_path, unsure), "northmarch", world, officer=officer)
    client, code = signed_in(officer, LATER), CodeMapping.objects.get(code="Amber")
    assert "“Amber” as" in client.get(page_of("map_code", mapping=code.pk)).content.decode()
    assert client.post(page_of("map_code", mapping=code.pk), {"meaning": ""}).status_code == 422
    assert client.post(page_of("map_code", mapping=code.pk), {"meaning": "MED"}).url == page_of("view_feeds")
    commit_delivery(delivery=delivery, by=officer, at=LATER)
    row = rows_of(delivery)[0]
    address = page_of("decide_match", row=row.pk)
    shown = client.get(address).content.decode()
    assert "Is it the same child?" in shown
    assert "Ashby Example, born 4 March 2011" in shown
    assert client.post(address, {"child_id": str(world.child.pk)}).url == page_of("view_delivery", delivery=delivery.pk)
    assert rows_of(delivery)[0].state == Row.State.APPLIED
    again = client.post(address, {"child_id": "new"})
    assert again.status_code == 422
    assert "not waiting for anybody any more" in again.content.decode()


def test_of_a_code_without_a_delivery_the_main_system_s_meanings_are_offered(officer: Post, signed_in: Any) -> None:
    code = CodeMapping.objects.create(source="main case system", list_name="placement", code="X9", first_seen_at=NOW)
    assert signed_in(officer, LATER).get(page_of("map_code", mapping=code.pk)).status_code == 200


def test_a_file_of_other_columns_is_refused_by_the_name_that_its_sender_gave_it(world: World, officer: Post, signed_in: Any) -> None:
    content = SimpleUploadedFile("of the wrong year.csv", b"a,b\n1,2\n")
    answer = signed_in(officer, LATER).post(page_of("receive_delivery"), {**LIVE, "file": content})
    assert answer.status_code == 422 and "“of the wrong year.csv” has none of the columns" in answer.content.decode()


def test_a_file_that_is_too_large_or_comes_to_an_agency_without_a_feed_is_refused(
    world: World, officer: Post, tmp_path: Path, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = factories.agency("Larkfield Academy", AgencyKind.SCHOOL)
    school.authorities.clear()
    elsewhere = factories.post("data_officer", of=factories.team("Data", of=school))

    def said(by: Post) -> str:
        content = SimpleUploadedFile("reports.csv", police_file(tmp_path, GOOD).path.read_bytes())
        client = signed_in(by, LATER)
        answer = client.post(page_of("receive_delivery"), {**LIVE, "file": content})
        assert answer.status_code == 422
        return str(answer.content.decode())

    assert "Your agency has no feed of its own yet" in said(elsewhere)
    monkeypatch.setattr(views, "MOST_BYTES", 100)
    assert "larger than 50 MB" in said(officer)
    assert not Delivery.objects.exists()


def test_a_file_that_takes_too_long_on_a_page_is_refused_and_taken_from_the_command_line(
    world: World, officer: Post, signed_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protection.md E1: a page's thread is held for twenty seconds at most. Who reads the file ends with it, and nothing of it is kept."""
    monkeypatch.setattr(delivery, "BATCH", 2)
    monkeypatch.setattr(views, "MOST_SECONDS", 0.0)
    file = police_file(tmp_path, *([f"NM/{number}", *GOOD[1:]] for number in range(5)))
    reading: list[Generator[ReadRow]] = []

    def kept(path: Path, name: str) -> Generator[ReadRow]:
        reading.append(read(path, name))
        return reading[-1]

    monkeypatch.setattr(delivery, "read", kept)
    answer = signed_in(officer, LATER).post(
        page_of("receive_delivery"), {**LIVE, "file": SimpleUploadedFile("reports.csv", file.path.read_bytes())}
    )
    assert answer.status_code == 422 and "after 0 seconds 2 rows had been read" in answer.content.decode()
    assert not Delivery.objects.exists() and not Row.objects.exists() and not CodeMapping.objects.exists()
    assert inspect.getgeneratorstate(reading[0]) == inspect.GEN_CLOSED  # what read it is over, and its process with it
    assert receive(file, "northmarch", world, officer=officer).rows_read == 5


def test_rows_that_are_not_taken_take_their_time_too(
    world: World, officer: Post, signed_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BATCH", 2)
    monkeypatch.setattr(views, "MOST_SECONDS", 0.0)
    content = SimpleUploadedFile("elsewhere.csv", b"a,b\n" + b"1,2\n" * 5)
    answer = signed_in(officer, LATER).post(page_of("receive_delivery"), {**LIVE, "layout": "ssd", "file": content})
    assert answer.status_code == 422 and "after 0 seconds 2 rows had been read" in answer.content.decode()


def test_what_cannot_be_done_with_a_delivery_is_refused_in_words(world: World, officer: Post, tmp_path: Path) -> None:
    acting: dict[str, Any] = {"by": officer, "at": LATER}
    with pytest.raises(Invalid, match="There is no mapping for “nowhere”"):
        receive(police_file(tmp_path, GOOD), "nowhere", world)
    with pytest.raises(Invalid, match="cannot have been written later than now"):
        receive_delivery(
            file=police_file(tmp_path, GOOD), layout="northmarch", authority=world.authority, carried_by=factories.feed_post(),
            as_at=LATER + timedelta(minutes=1), **acting,
        )  # fmt: skip
    with pytest.raises(Invalid, match="holds no rows"):
        receive(main_system(tmp_path, ssd_person=[PERSONS]), "ssd", world)
    assert not Delivery.objects.exists()
    nightly = take(main_system(tmp_path, **EVERYTHING), "ssd", world)
    with pytest.raises(Invalid, match="its next delivery brings it here"):
        undo_delivery(delivery=nightly, **acting)
    delivery = receive(police_file(tmp_path, [*GOOD[:8], "Amber", *GOOD[9:]]), "northmarch", world, officer=officer)
    with pytest.raises(Invalid, match="Only a delivery that was taken can be undone"):
        undo_delivery(delivery=delivery, **acting)
    with pytest.raises(Invalid, match="Choose what the code means"):
        map_code(mapping=CodeMapping.objects.get(code="Amber"), meaning=" ", **acting)
    with pytest.raises(Invalid, match="not waiting for anybody any more"):
        decide_match(row=rows_of(delivery)[0], child_id=None, **acting)
    commit_delivery(delivery=delivery, **acting)
    undo_delivery(delivery=delivery, **acting)
    with pytest.raises(Invalid, match="This delivery is undone, so it cannot be taken"):
        commit_delivery(delivery=delivery, **acting)


@pytest.mark.parametrize("word", ["NULL", "#N/A", "n/k", " "])
def test_a_word_for_nothing_is_an_empty_cell(world: World, tmp_path: Path, word: str) -> None:
    row = rows_of(receive(police_file(tmp_path, ["NM/9", word, *GOOD[2:]]), "northmarch", world))[0]
    assert "forename" not in row.values


@pytest.mark.parametrize(("age", "is_said"), [(timedelta(hours=25), False), (timedelta(hours=27), True)])
def test_a_night_without_a_delivery_is_said(nights: Nights, officer: Post, age: timedelta, is_said: bool) -> None:
    from django.core.cache import cache

    cache.delete("main_system_as_at")
    with acting_as(officer, NOW):
        assert stale_feed(NOW) == ""  # nothing has ever come: a new installation is no late one
    cache.delete("main_system_as_at")
    delivery = nights.deliver(**EVERYTHING)
    with acting_as(officer, nights.later):
        assert ("as at" in stale_feed(delivery.as_at + age)) == is_said
    cache.delete("main_system_as_at")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [("child", "locked for another child"), ("lifted", "was lifted after this address was locked")],
)
def test_an_address_that_was_locked_is_never_sealed_for_another_child_nor_after_the_seal_was_lifted(
    nights: Nights, changed: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights.deliver(**EVERYTHING)
    child, feed = nights.child(), factories.feed_post()
    seal_set(child=child, kind="location", values={"gp": "Sample Surgery"}, by=feed, at=nights.later)
    home = ["A1", "P1", "17 Lantern Court", "F1 1AA", "2026-01-05", ""]
    file = main_system(nights.folder, "locked.zip", **EVERYTHING, ssd_address=[ADDRESSES, home])
    delivery = receive_delivery(
        file=file, layout="ssd", authority=nights.world.authority, carried_by=feed, as_at=nights.later, by=nights.officer, at=nights.later
    )
    with nights.seen():
        row = Row.objects.get(delivery=delivery, table="ssd_address")
        if changed == "child":
            row.values = {**row.values, "_sealed": {**row.values["_sealed"], "child": str(nights.child("Alex Ordinary").pk)}}
            row.save(update_fields=["values"])
    if changed == "lifted":  # what a lift leaves behind; that two people lift it is tests/sealed/test_lift_seal.py
        monkeypatch.setattr("atlas.feeds.commands.sealing.is_location_sealed", lambda child: False)
    commit_delivery(delivery=delivery, by=nights.officer, at=nights.later)
    row = nights.rows(delivery)["ssd_address", "A1"]
    assert row.state == Row.State.QUARANTINED
    assert sentence in row.reason
    assert "Lantern" not in str(row.values)


@pytest.fixture
def long_delivery(world: World, officer: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    """Received, and longer than what a page takes itself."""
    monkeypatch.setattr(later, "MOST_AT_ONCE", 0)
    return receive(police_file(tmp_path, GOOD), "northmarch", world, officer=officer)


def test_a_long_delivery_is_taken_and_undone_by_the_service_and_its_page_says_so(
    officer: Post, signed_in: Any, long_delivery: Delivery
) -> None:
    """Protection.md E1: no page takes in what holds its thread for minutes. The service does it on behalf of whoever asked, once."""
    delivery = long_delivery
    client, page = signed_in(officer, LATER), page_of("view_delivery", delivery=delivery.pk)
    for verb, being, state, shown in (
        ("commit_delivery", "Being taken", Delivery.State.COMMITTED, "Taken"),
        ("undo_delivery", "Being undone", Delivery.State.UNDONE, "Undone"),
    ):
        before, address = delivery.state, page_of(verb, delivery=delivery.pk)
        assert "goes on by itself" in client.get(address).content.decode()
        assert client.post(address).url == page
        delivery.refresh_from_db()
        assert delivery.state == before  # nothing has happened yet
        waits = client.get(page).content.decode()
        assert being in waits and "Take what can be taken" not in waits
        again = client.post(address)
        assert again.status_code == 422 and f"This delivery is {being.lower()} already" in again.content.decode()
        assert run_job(delivery)
        assert delivery.state == state
        done = client.get(page).content.decode()
        assert being not in done and shown in done
    with acting_as(officer, LATER):
        acts = Act.objects.filter(about_id=str(delivery.pk), command__in=["commit_delivery", "undo_delivery"], outcome="done")
        assert {(act.post_id, act.on_behalf) for act in acts} == {(officer.pk, "feeds.serve_delivery")}
        assert Act.objects.filter(about_id=str(delivery.pk), command__in=["commit_later", "undo_later"], outcome="done").count() == 2


def test_what_the_service_could_not_do_with_a_delivery_stands_on_its_page(officer: Post, signed_in: Any, long_delivery: Delivery) -> None:
    """A right that is lost by then; and an error that is not the file's."""
    delivery = long_delivery
    client, page = signed_in(officer, LATER), page_of("view_delivery", delivery=delivery.pk)
    client.post(page_of("commit_delivery", delivery=delivery.pk))
    Post.objects.filter(pk=officer.pk).update(role="manager")
    assert not run_job(delivery)
    Post.objects.filter(pk=officer.pk).update(role="data_officer")
    assert delivery.state == Delivery.State.PREVIEWED
    assert "Whoever asked for it may not do that any more" in client.get(page).content.decode()
    client.post(page_of("commit_delivery", delivery=delivery.pk))
    delivery.refresh_from_db()
    end_job(delivery.asked_job, "failed")
    said = client.get(page).content.decode()
    assert "Something in Atlas went wrong, not in the file" in said and "Take what can be taken" in said
    assert client.post(page_of("commit_delivery", delivery=delivery.pk)).url == page
    assert run_job(delivery)
    assert delivery.state == Delivery.State.COMMITTED
    client.post(page_of("commit_delivery", delivery=delivery.pk))
    delivery.refresh_from_db()
    end_job(delivery.asked_job, "failed")
    commit_delivery(delivery=delivery, by=officer, at=LATER)  # from the command line, say: then nothing is left that failed
    assert "went wrong" not in client.get(page).content.decode()


def test_only_what_can_be_taken_or_undone_is_asked_of_the_service(world: World, officer: Post, tmp_path: Path) -> None:
    delivery = receive(police_file(tmp_path, GOOD), "northmarch", world, officer=officer)
    acting: dict[str, Any] = {"by": officer, "at": LATER}
    with pytest.raises(Invalid, match="Only a delivery that was taken can be undone"):
        undo_later(delivery=delivery, **acting)
    commit_delivery(delivery=delivery, **acting)
    undo_delivery(delivery=delivery, **acting)
    with pytest.raises(Invalid, match="cannot be taken"):
        commit_later(delivery=delivery, **acting)
    assert not ProcrastinateJob.objects.filter(task_name="feeds.serve_delivery").exists()


def run_job(delivery: Delivery) -> bool:
    """Do what the service was asked to do with a delivery, as its worker would; gives whether it was done."""
    delivery.refresh_from_db()
    job = ProcrastinateJob.objects.get(pk=delivery.asked_job)
    asked = dict(job.args)
    errand = jobs.errand_of(UUID(asked.pop("delivery")), asked.pop("asked"))
    done = carry(Behalf.of_arguments(**asked), errand, lambda: LATER)
    end_job(job.pk, "succeeded")
    delivery.refresh_from_db()
    return done


def end_job(job: int | None, status: str) -> None:
    """Let a job be ended so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, %s, false)", [job, status])
