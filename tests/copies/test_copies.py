"""Each finished record goes back to the main system, once, and what became of it there is seen."""

import json
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import reverse
from pypdf import PdfReader

from atlas.chronology.moments import Moment
from atlas.copies.channels import put_into_folder
from atlas.copies.commands.channel import set_copy_channel
from atlas.copies.commands.sending import climb_copy, record_not_sent, record_receipt, record_sent, send_copy, send_copy_again
from atlas.copies.jobs import send_copies
from atlas.copies.models import Channel, Copy, CopyChannel
from atlas.copies.queries import number_of, versions
from atlas.copies.rules import Receipt
from atlas.copies.workflow import CopyState
from atlas.feeds.commands.master import set_master
from atlas.feeds.rules import Mastered, System
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.linkage.queries import child_by_number
from atlas.missing.commands.back import correct_return, record_return
from atlas.missing.commands.report import Report, report_missing, withdraw_episode
from atlas.missing.models import Episode
from atlas.tasks.models import Task
from tests import factories
from tests.copies.given import CLOSED, NUMBER, closed, copies, copying, over, served, to_file
from tests.desk.test_pages import asked_by
from tests.factories import NOW
from tests.feeds.nights import EVERYTHING, Nights
from tests.missing.test_spine import BACK
from tests.world import make_world

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).resolve().parents[3] / "shared/data/ssd-schema/ssd_missing.yml"
SOON = CLOSED + timedelta(minutes=5)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where whoever runs Atlas lets copies be laid."""
    settings.ATLAS_COPIES_FOLDER = str(tmp_path / "copies")
    return tmp_path / "copies"


def notes(folder: Path, world: Any) -> dict[str, Any]:
    """The notes in the folder, by the kind of record."""
    return {note["kind"]: note for path in to_file(folder, world) if path.suffix == ".json" for note in [json.loads(path.read_bytes())]}


def answered(folder: Path, world: Any, name: str, said: Any) -> None:
    """The main system lays a receipt into the folder."""
    where = folder / world.authority.code / "receipts"
    where.mkdir(exist_ok=True)
    (where / f"{name}.json").write_text(said if isinstance(said, str) else json.dumps(said))


def receipt(copy: Copy, **said: Any) -> dict[str, Any]:
    """What the main system says of a copy."""
    return {"layout": "atlas-receipt-1", "copy": str(copy.pk), "state": "filed", **said}


def test_a_finished_record_goes_once_and_its_receipt_comes_back(folder: Path, signed_in: Any) -> None:
    world = make_world()
    feed = copying(world, Channel.FOLDER)
    episode = over(world)
    interview = closed(world, episode)
    owed = copies(world)
    assert {kind: copy.state for kind, copy in owed.items()} == {
        "missing_episode": CopyState.WAITING,
        "return_interview": CopyState.WAITING,
    }
    served(world, feed, SOON)
    files = {path.name: path.read_bytes() for path in to_file(folder, world)}
    assert sorted(files) == sorted(
        f"{copy.pk}{end}" for copy in owed.values() for end in (".json", ".pdf")
    )  # no name, and nothing half written
    assert {copy.state for copy in copies(world).values()} == {CopyState.SENT}
    served(world, feed, SOON + timedelta(minutes=5))  # again: nothing changes
    assert {path.name: path.read_bytes() for path in to_file(folder, world)} == files

    one, other = owed["missing_episode"], owed["return_interview"]
    answered(folder, world, "a", receipt(one, reference="DOC-1", filed_at="2026-05-05T19:08:00+01:00"))
    answered(folder, world, "b", receipt(other, state="failed", reason="The record is locked"))
    answered(folder, world, "c", "{")
    answered(folder, world, "d", receipt(one) | {"copy": str(world.child.pk)})
    served(world, feed, SOON + timedelta(minutes=10))
    held = copies(world)
    assert (held["missing_episode"].state, held["missing_episode"].reference) == (CopyState.FILED, "DOC-1")
    assert (held["return_interview"].state, held["return_interview"].reason) == (CopyState.FAILED, "The record is locked")
    lying = folder / world.authority.code / "receipts"
    assert [sorted(path.name for path in (lying / where).iterdir()) for where in ("taken", "not_taken")] == [
        ["a.json", "b.json"],
        ["c.json", "d.json"],
    ]

    client = signed_in(world.worker, SOON + timedelta(minutes=15))
    page = client.get(reverse("missing:view_episode", args=[episode.pk])).content.decode()
    assert "In the main system: filed 5 May 2026 19:08" in page and "reference DOC-1" in page
    page = client.get(reverse("missing:view_interview", args=[interview.pk])).content.decode()
    assert "not filed</span>: The record is locked" in page
    page = client.get(reverse("copies:view_copies")).content.decode()
    assert "The record is locked" in page and "Send again" in page and "DOC-1" in page
    coordinator = signed_in(world.coordinator, SOON + timedelta(minutes=15))  # who may not read the chronology
    assert "The record is locked" in coordinator.get(reverse("copies:view_copies")).content.decode()
    assert coordinator.get(reverse("copies:view_copy", args=[other.pk])).status_code == 200
    client = signed_in(world.worker, SOON + timedelta(minutes=16))
    again = reverse("copies:send_copy_again", args=[other.pk])
    assert client.get(again).status_code == 200
    assert client.post(again, {"key": "again"}).status_code == 302
    served(world, feed, SOON + timedelta(minutes=20))
    assert copies(world)["return_interview"].state == CopyState.SENT
    assert {path.name: path.read_bytes() for path in to_file(folder, world)} == files  # the same id, the same bytes


def test_the_note_says_all_that_the_main_system_asks_so_that_nobody_types_it_there(folder: Path) -> None:
    world = make_world()
    feed = copying(world, Channel.FOLDER)
    closed(world, over(world))
    served(world, feed, SOON)
    note = notes(folder, world)["return_interview"]
    assert (note["layout"], note["version"], note["replaces"], note["person"]) == ("atlas-copy-1", 1, None, NUMBER)
    row = note["ssd_missing"]
    assert row["miss_missing_episode_start_date"] == "2026-05-05T08:00"  # last seen, as the table asks
    assert (row["miss_missing_episode_end_date"], row["miss_missing_episode_type"]) == ("2026-05-05T15:00", "M")
    assert (row["miss_person_id"], row["miss_missing_rhi_offered"], row["miss_missing_rhi_accepted"]) == (NUMBER, "Y", "Y")
    episode = notes(folder, world)["missing_episode"]["ssd_missing"]
    assert episode["miss_table_id"] == row["miss_table_id"]
    path = folder / world.authority.code / "to_file" / note["document"]["name"]
    assert sha256(path.read_bytes()).hexdigest() == note["document"]["sha256"]
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(path.read_bytes())).pages).replace("\n", " ")
    for said in (world.child.name, NUMBER, "I want to see my brother.", "Held and passed on", "Lantern Trust", "Version 1"):
        assert said in text, said
    assert world.child.name not in json.dumps(note)
    if not SCHEMA.exists():
        pytest.skip("../shared is not here; CI has it")
    asked = [field["name"] for field in yaml.safe_load(SCHEMA.read_text())["nodes"][0]["fields"]]
    assert sorted(row) == sorted(asked)
    assert all(row.values())  # nothing is left to be typed


def test_a_corrected_record_makes_a_version_that_says_what_it_replaces(folder: Path) -> None:
    world = make_world()
    feed = copying(world, Channel.FOLDER)
    episode = over(world)
    first = copies(world)["missing_episode"]
    served(world, feed, BACK + timedelta(minutes=5))
    right = factories.at("5 May 2026 14:30")
    episode = correct_return(
        episode=episode, returned_at=Moment(right), reason="The carer’s log", by=world.worker, at=BACK + timedelta(hours=1)
    )
    second = copies(world)["missing_episode"]
    assert second.pk != first.pk
    served(world, feed, BACK + timedelta(hours=1, minutes=5))
    note = notes_of(folder, world, second)
    assert (note["version"], note["replaces"], note["ssd_missing"]["miss_missing_episode_end_date"]) == (
        2,
        str(first.pk),
        "2026-05-05T14:30",
    )
    withdraw_episode(episode=episode, reason="Recorded twice", by=world.coordinator, at=BACK + timedelta(hours=2))
    served(world, feed, BACK + timedelta(hours=2, minutes=5))
    third = copies(world)["missing_episode"]
    note = notes_of(folder, world, third)
    assert (note["version"], note["is_withdrawn"]) == (3, True)
    with acting_as(world.worker, CLOSED):
        assert number_of(third, versions(third)) == (3, second.pk)


def notes_of(folder: Path, world: Any, copy: Copy) -> dict[str, Any]:
    """The note of one copy."""
    said: dict[str, Any] = json.loads((folder / world.authority.code / "to_file" / f"{copy.pk}.json").read_bytes())
    return said


def test_by_hand_it_is_pasted_and_said_to_be_filed(signed_in: Any) -> None:
    world = make_world()
    feed = copying(world, Channel.PASTE)
    over(world)
    served(world, feed, SOON)
    copy = copies(world)["missing_episode"]
    assert copy.state == CopyState.WAITING  # nothing goes by itself
    client = signed_in(world.worker, SOON)
    page = client.get(reverse("copies:view_copy", args=[copy.pk])).content.decode()
    assert "<textarea" in page and f"Number in the main system: {NUMBER}" in page
    assert client.get(reverse("copies:print_copy", args=[copy.pk])).content.startswith(b"%PDF")
    assert len(asked_by(client, reverse("copies:view_copies"))) <= 12
    assert len(asked_by(client, reverse("copies:view_copy", args=[copy.pk]))) <= 15
    address = reverse("copies:record_receipt", args=[copy.pk])
    assert "Say why it could not be filed" in client.post(address, {"state": "failed", "key": "no"}).content.decode()
    assert client.post(address, {"state": "filed", "reference": "M-77", "key": "yes"}).status_code == 302
    copy = copies(world)["missing_episode"]
    assert (copy.state, copy.reference, copy.channel, copy.filed_at) == (CopyState.FILED, "M-77", Channel.PASTE, SOON)
    with pytest.raises(Invalid, match="already"):
        record_receipt(copy=copy, receipt=Receipt(True, "M-78"), by=world.worker, at=SOON)
    assert record_receipt(copy=copy, receipt=Receipt(True, "M-77"), by=world.worker, at=SOON).reference == "M-77"


def test_what_is_not_filed_within_a_working_day_climbs_by_day() -> None:
    world = make_world()
    feed = copying(world, Channel.PASTE)
    over(world)  # on Tuesday 5 May
    served(world, feed, factories.at("6 May 2026 23:00"))
    served(world, feed, factories.at("7 May 2026 03:00"))  # late, and nobody is woken
    assert not asked_of(world)
    served(world, feed, factories.at("7 May 2026 09:00"))
    served(world, feed, factories.at("7 May 2026 09:05"))
    assert asked_of(world) == [world.worker.pk]
    served(world, feed, factories.at("8 May 2026 09:00"))
    assert asked_of(world) == [world.worker.line_manager_id] == [world.manager.pk]
    at = factories.at("8 May 2026 10:00")
    record_receipt(copy=copies(world, at)["missing_episode"], receipt=Receipt(True, "M-1"), by=world.worker, at=at)
    assert not asked_of(world)


def asked_of(world: Any) -> list[object]:
    """Who has been asked to file the copy."""
    with acting_as(world.worker, factories.at("8 May 2026 11:00")):
        return list(Task.objects.filter(about_label="copies.Copy", state="open").values_list("owner_post", flat=True))


def test_nothing_is_owed_where_nothing_is_copied_or_the_main_system_is_master(folder: Path) -> None:
    world = make_world()
    over(world)
    assert not copies(world)
    officer = factories.post("data_officer", of=factories.team("Information governance"))
    copying(world, Channel.FOLDER, CLOSED)
    set_master(authority=world.authority, record=Mastered.MISSING_RESPONSE, system=System.MAIN, by=officer, at=CLOSED)
    over(world, CLOSED + timedelta(days=1))
    assert not copies(world)
    set_master(authority=world.authority, record=Mastered.MISSING_RESPONSE, system=System.ATLAS, by=officer, at=CLOSED + timedelta(days=2))
    over(world, CLOSED + timedelta(days=2))
    assert set(copies(world)) == {"missing_episode"}


def test_a_copy_that_cannot_go_says_why_and_keeps_none_back(folder: Path) -> None:
    world = make_world()
    feed = copying(world, Channel.FOLDER)
    over(world)
    folder.parent.joinpath("copies").write_text("a file where the folder should be")
    for minute in range(0, 25, 5):
        served(world, feed, BACK + timedelta(minutes=minute))
        copy = copies(world)["missing_episode"]
        assert copy.reason.startswith("The folder could not be written to")
    assert (copy.state, copy.tries) == (CopyState.FAILED, 5)
    folder.unlink()
    send_copy_again(copy=copy, by=world.worker, at=BACK + timedelta(minutes=30))
    served(world, feed, BACK + timedelta(minutes=35))
    assert copies(world)["missing_episode"].state == CopyState.SENT
    factories.guard(world.child, "restricted", world.worker, at=BACK + timedelta(hours=1))
    send_copy_again(copy=copies(world)["missing_episode"], by=world.worker, at=BACK + timedelta(hours=1))
    served(world, feed, BACK + timedelta(hours=1))
    assert copies(world)["missing_episode"].reason.startswith("This child is guarded")


def test_only_the_feed_sends_and_a_stranger_sees_no_copy(signed_in: Any) -> None:
    world = make_world()
    feed = copying(world, Channel.PASTE)
    over(world)
    copy = copies(world)["missing_episode"]
    acting: dict[str, Any] = {"copy": copy, "by": world.worker, "at": SOON}
    for verb in (
        lambda: send_copy(**acting),
        lambda: record_sent(channel=Channel.FOLDER, digest="", **acting),
        lambda: record_not_sent(reason="no", **acting),
        lambda: climb_copy(**acting),
    ):
        with pytest.raises(Refused):
            verb()
    for post in (world.stranger, world.interviewer, world.police):
        client = signed_in(post, SOON)
        assert client.get(reverse("copies:view_copy", args=[copy.pk])).status_code == 404
        with pytest.raises(Refused):
            record_receipt(copy=copy, receipt=Receipt(True), by=post, at=SOON)
    with acting_as(world.stranger, SOON) as subject:
        assert not Copy.objects.exists() and not Copy.objects.visible_to(subject).exists()
    assert send_copy(copy=copy, by=feed, at=SOON).name == str(copy.pk)


def test_a_copy_is_whole_in_the_folder_or_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    feed = copying(world, Channel.FOLDER)
    over(world)
    made = send_copy(copy=copies(world)["missing_episode"], by=feed, at=SOON)
    where = folder / world.authority.code

    def fall_over(path: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", fall_over)
        served(world, feed, SOON)
    assert not [path for path in (where / "to_file").iterdir() if not path.name.startswith(".")]
    put_into_folder(where, made)
    assert [path.name for path in to_file(folder, world)] == [f"{made.name}.json", f"{made.name}.pdf"]
    lying = [*to_file(folder, world), where / "to_file", where / "receipts"]
    assert all(path.stat().st_mode & 0o007 == 0 for path in lying)  # who is not of the folder's group reads nothing


def test_the_data_officer_chooses_how_copies_go(signed_in: Any, settings: Any, folder: Path) -> None:
    world = make_world()
    officer = factories.post("data_officer", of=factories.team("Information governance"))
    client = signed_in(officer, NOW)
    address = reverse("copies:set_copy_channel")
    assert reverse("copies:set_copy_channel") in client.get(reverse("feeds:view_feeds")).content.decode()
    assert "Copies for the main system" in client.get(address).content.decode()
    assert "ATLAS_COPIES_API" in client.post(address, {"channel": "api", "key": "1"}).content.decode()
    settings.ATLAS_COPIES_API = {world.authority.code: "http://example.org/not-encrypted"}
    assert client.post(address, {"channel": "api", "key": "2"}).status_code == 422
    with pytest.raises(Invalid, match="ATLAS_COPIES_API"):
        set_copy_channel(authority=world.authority, channel=Channel.API, by=officer, at=NOW)
    assert client.post(address, {"channel": "folder", "key": "3"}).status_code == 302
    assert CopyChannel.objects.get().channel == Channel.FOLDER
    send_copies(0)


@pytest.mark.parametrize("is_their_key", [True, False])
def test_the_row_that_the_main_system_made_of_our_copy_is_no_second_episode(folder: Path, tmp_path: Path, is_their_key: bool) -> None:
    nights = Nights(tmp_path)
    nights.deliver(**EVERYTHING)
    world, feed, at = nights.world, factories.feed_post(), nights.later
    with acting_as(feed, at):
        child = child_by_number("P1")
    assert child is not None
    set_copy_channel(authority=world.authority, channel=Channel.FOLDER, by=nights.officer, at=at)
    last_seen = factories.at("7 May 2026 23:30")  # and reported after midnight: another day
    report = Report(reported=Moment(factories.at("8 May 2026 00:40")), last_seen=Moment(last_seen), worry="Not home")
    back = factories.at("8 May 2026 04:10")
    episode = report_missing(child=child, report=report, by=world.coordinator, at=back)
    record_return(episode=episode, returned_at=Moment(back), by=world.coordinator, at=back)
    served(world, feed, back)
    row = notes(folder, world)["missing_episode"]["ssd_missing"]
    if is_their_key:
        row["miss_table_id"] = "MISS-5"
        with acting_as(feed, back):
            copy = Copy.objects.get()
        record_receipt(copy=copy, receipt=Receipt(True, "MISS-5"), by=feed, at=back)
    nights.count = 4  # the night of 9 May
    nights.deliver(**EVERYTHING, ssd_missing=[list(row), [value or "" for value in row.values()]])
    with acting_as(feed, nights.later):
        assert Episode.objects.get().pk == episode.pk
