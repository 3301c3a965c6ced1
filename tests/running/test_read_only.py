"""Atlas only shows: because somebody said so, or because its database is a standby. What was typed is kept, and who looked is written down or nothing is shown."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from atlas.gate import readonly
from atlas.gate.act import Invalid, OnlyShows
from atlas.gate.aside import kept_aside
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Draft, Look
from atlas.missing.commands.episode import set_exploitation_marker
from atlas.running.commands import begin_read_only, end_read_only, enter_looks
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

LATER = NOW + timedelta(minutes=1)
WORDS = "Older adults wait outside"
TYPED = {"words": WORDS, "since_0": "1", "since_1": "5", "since_2": "2026", "since_3": "10:00", "since_4": "minute", "key": "k"}


@pytest.fixture(autouse=True)
def asked_by_the_test_alone() -> Iterator[None]:
    yield
    readonly.keep(None)


@pytest.fixture
def stands_by(own_database: Any, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A function after which the database takes no writes, as a standby takes none; it gives the world to look at."""
    settings.ATLAS_LOOKS_FOLDER = str(tmp_path / "looks")
    own_database("app")
    options = dict(connection.settings_dict["OPTIONS"])

    def begin() -> None:
        connection.close()
        connection.settings_dict["OPTIONS"] = {**options, "options": "-c default_transaction_read_only=on"}
        readonly.keep(readonly.ReadOnly(NOW, "", is_standby=True, as_at=NOW - timedelta(minutes=2)))

    def end() -> None:
        connection.close()
        connection.settings_dict["OPTIONS"] = options
        readonly.keep(None)

    yield begin, end
    end()


def page_of(world: World) -> str:
    return reverse("desk:view_child", args=[world.child.pk])


def form_of(world: World) -> str:
    return reverse("missing:set_exploitation_marker", args=[world.child.pk])


@pytest.mark.django_db
def test_somebody_says_that_nothing_changes_and_what_was_typed_is_kept(signed_in: Any) -> None:
    world, head = make_world(), factories.post("head_of_service", of=factories.team("Leadership"))
    begin_read_only(because="moving", by=head, at=NOW)
    with pytest.raises(Invalid, match="already"):
        begin_read_only(because="moving", by=head, at=NOW)
    assert readonly.ask_now() is not None
    client = signed_in(world.worker, LATER)
    page = client.get(page_of(world)).content.decode()
    assert "Atlas only shows since" in page and "the database is being moved" in page
    with acting_as(world.worker, LATER):
        assert Look.objects.filter(post=world.worker, page="view_child").count() == 1
    told = client.post(form_of(world), TYPED)
    assert told.status_code == 503 and WORDS in told.content.decode() and "Nothing was saved" in told.content.decode()
    with acting_as(world.worker, LATER):
        assert Draft.objects.count() == 1
    with pytest.raises(OnlyShows, match="ring 999"):
        set_exploitation_marker(child=world.child, words=WORDS, since=None, by=world.worker, at=LATER)  # type: ignore[arg-type]
    assert factories.child("Robin Delivered")  # what deliveries bring goes on
    end_read_only(by=head, at=LATER)
    with pytest.raises(Invalid, match="already"):
        end_read_only(by=head, at=LATER)
    assert readonly.ask_now() is None


def test_on_a_standby_a_look_is_on_the_disk_before_the_page_leaves_and_is_entered_once(
    signed_in: Any, stands_by: Any, settings: Any
) -> None:
    begin, end = stands_by
    world = make_world()
    administrator = factories.administrator()
    client = signed_in(world.worker, LATER)
    begin()
    page = client.get(page_of(world))
    assert page.status_code == 200 and "its main database is away" in page.content.decode()
    assert client.get(reverse("desk:view_child", args=["00000000-0000-4000-8000-000000000000"])).status_code == 404
    told = client.post(form_of(world), TYPED)
    assert told.status_code == 503 and WORDS in told.content.decode()
    client.post("/accounts/logout/")
    assert client.get(page_of(world)).status_code == 302  # signed out, though no row could be deleted
    folder = Path(settings.ATLAS_LOOKS_FOLDER)
    (path,) = kept_aside(folder)
    text = path.read_text()
    assert str(world.child.pk) in text and "refused" in text and not [part for part in world.child.name.split() if part in text]
    end()
    with acting_as(world.worker, LATER):
        before = Look.objects.filter(post=world.worker, page="view_child").count()
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"view_child", b"view_night", 1))
    with pytest.raises(CommandError, match="not what Atlas wrote"):
        call_command("service", "enter-looks", username=administrator.user.username)
    path.write_bytes(whole)
    call_command("service", "enter-looks", username=administrator.user.username)
    entered = path.with_suffix(".entered")
    assert enter_looks(path=entered.rename(path), by=administrator, at=LATER).rows == len(whole.splitlines())
    with acting_as(world.worker, LATER):
        looks = Look.objects.filter(post=world.worker, page="view_child")
        assert (before, looks.count(), looks.get().looked_at, looks.get().children) == (0, 1, LATER, [world.child.pk])
        assert Act.objects.filter(post=world.worker, outcome="refused", acted_at=LATER).count() == 1


def test_where_a_look_can_be_written_nowhere_nothing_is_shown(signed_in: Any, stands_by: Any, settings: Any, tmp_path: Path) -> None:
    begin, _ = stands_by
    world = make_world()
    client = signed_in(world.worker, LATER)
    begin()
    (tmp_path / "file").write_text("")
    for folder in ("", str(tmp_path / "file")):
        settings.ATLAS_LOOKS_FOLDER = folder
        told = client.get(page_of(world))
        assert told.status_code == 503 and "cannot be shown now" in told.content.decode()
        assert world.child.name not in told.content.decode()
    readonly.keep(None)  # not known yet that it is a standby
    told = client.get(page_of(world))
    assert told.status_code == 503 and world.child.name not in told.content.decode()
