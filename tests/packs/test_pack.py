"""The emergency pack: what a duty team may see, locked to its key, opened without Atlas, and who opened it in the record of looks."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.management import CommandError, call_command

from atlas.chronology.moments import Moment
from atlas.connections.commands import block_worker
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource, Look
from atlas.gate.policy import Kind
from atlas.missing.commands.report import Report, report_missing
from atlas.packs.commands import enter_openings, set_pack_key
from atlas.packs.making import keep_pack, make_packs
from atlas.packs.models import Pack, PackOpening
from atlas.running.models import Beat
from open_pack import Shut, lock, open_pack, unlock
from tests import factories
from tests.factories import NOW
from tests.guards.reading import ROOT
from tests.world import World, make_world

OWN = X25519PrivateKey.generate()
PUBLIC = OWN.public_key().public_bytes_raw().hex()
MAKER = Ed25519PrivateKey.generate()
HEADER = {"pack": "P1", "team": "Missing response", "made_at": NOW.isoformat(), "key": PUBLIC}


def missing_child() -> World:
    world = make_world()
    report_missing(child=world.child, report=Report(reported=Moment(NOW), worry="Not home by ten"), by=world.coordinator, at=NOW)
    return world


@pytest.mark.django_db
def test_a_team_s_pack_holds_what_its_posts_may_see_and_opens_with_its_key_alone(tmp_path: Path) -> None:
    world, administrator = missing_child(), factories.administrator()
    with pytest.raises(Invalid, match="64 hexadecimal digits"):
        set_pack_key(team=world.missing_team, public="12", by=administrator, at=NOW)
    assert list(make_packs(NOW)) == []
    set_pack_key(team=world.missing_team, public=PUBLIC, by=administrator, at=NOW)
    set_pack_key(team=world.stranger.team, public=PUBLIC, by=administrator, at=NOW)  # sees nobody: no pack
    (made,) = make_packs(NOW)
    assert (keep_pack(made).held, Pack.objects.count()) == (1, 1)
    assert not [part for part in world.child.name.encode().split() if part in made.content]
    page, children = unlock(made.content, OWN.private_bytes_raw())
    assert children == [str(world.child.pk)]
    for words in (world.child.name, "Not home by ten", "Missing response", world.authority.staffed_number):
        assert words in page
    assert f'href="tel:{world.authority.staffed_number.replace(" ", "")}"' in page  # on a telephone one touch rings
    for key, content in ((X25519PrivateKey.generate(), made.content), (OWN, made.content[:-1]), (OWN, made.content[:-9] + bytes(9))):
        with pytest.raises(Shut, match="another team's key"):
            unlock(content, key.private_bytes_raw())
    with pytest.raises(Shut, match="no emergency pack"):
        unlock(b"something else", OWN.private_bytes_raw())
    with acting_as(world.coordinator, NOW):
        look = Look.objects.get(post=world.coordinator, page="make_packs")
    assert (look.event, look.children, look.on_behalf) == ("export", [world.child.pk], "packs.make_packs")


def test_what_unpacks_to_more_than_any_pack_holds_stays_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has a team's public key can lock something with it: it may not fill the machine of whoever opens it."""
    content = lock("a" * 20_000, [], HEADER, bytes.fromhex(PUBLIC))
    assert unlock(content, OWN.private_bytes_raw()) == ("a" * 20_000, [])
    monkeypatch.setattr("open_pack.MOST", 20_000)
    with pytest.raises(Shut, match="more than any pack"):
        unlock(content, OWN.private_bytes_raw())


def laid_by(maker: Ed25519PrivateKey | None) -> bytes:
    """A pack with a number to ring, by whoever has the team's public key."""
    return lock("Ring 01632 960017", [], HEADER, bytes.fromhex(PUBLIC), maker)


def test_a_pack_of_whoever_is_not_its_maker_stays_shut() -> None:
    private, maker = OWN.private_bytes_raw(), MAKER.public_key().public_bytes_raw()
    signed = laid_by(MAKER)
    assert unlock(signed, private, maker) == unlock(signed, private) == unlock(laid_by(None), private) == ("Ring 01632 960017", [])
    stranger = laid_by(Ed25519PrivateKey.generate())
    named_wrongly = stranger.replace(json.loads(stranger.partition(b"\n")[0])["maker"].encode(), maker.hex().encode())
    other_words = laid_by(None).replace(b'"made_at"', b'"maker": "me", "made_at"') + signed[-64:]
    for false in (laid_by(None), stranger, named_wrongly, other_words, signed[:-64], signed[:-1], signed[:-70] + bytes(6) + signed[-64:]):
        with pytest.raises(Shut, match="not made by the machine"):
            unlock(false, private, maker)


def test_a_key_file_of_before_packs_were_signed_opens_and_says_that_nothing_is_proved(tmp_path: Path) -> None:
    pack, key = tmp_path / "one.pack", tmp_path / "TEAM.key"
    pack.write_bytes(laid_by(MAKER))
    key.write_text(OWN.private_bytes_raw().hex() + "\n")
    assert "WHO MADE IT IS NOT PROVED" in open_pack(pack, key, "anybody", "drill", tmp_path / "page.html")
    key.write_text(f"{OWN.private_bytes_raw().hex()}\n{MAKER.public_key().public_bytes_raw().hex()}\n")
    assert "NOT PROVED" not in open_pack(pack, key, "anybody", "drill", tmp_path / "page.html")
    for wrong in ("", "12", f"{'ab' * 32}\nzz", f"{'ab' * 32}\nab", "\n".join(["ab" * 32] * 3)):
        key.write_text(wrong)
        with pytest.raises(Shut, match="holds no key"):
            open_pack(pack, key, "anybody", "drill", tmp_path / "page.html")


@pytest.mark.django_db
def test_a_child_who_is_shut_to_one_of_the_team_is_in_no_pack_of_it() -> None:
    world, administrator = missing_child(), factories.administrator()
    colleague = factories.post("missing_coordinator", of=world.missing_team)
    privacy = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=privacy)
    set_pack_key(team=world.missing_team, public=PUBLIC, by=administrator, at=NOW)
    assert len(list(make_packs(NOW))) == 1
    block_worker(child=world.child, user=colleague.user, source=BlockSource.WISH, by=privacy, at=NOW)
    assert list(make_packs(NOW)) == []


@pytest.mark.django_db
def test_by_the_commands_of_the_runbook_a_pack_is_made_opened_without_atlas_and_entered_once(tmp_path: Path, settings: Any) -> None:
    world, administrator = missing_child(), factories.administrator()
    as_administrator, key, maker = {"username": administrator.user.username}, tmp_path / "TEAM.key", tmp_path / "pack.key"
    said, warned = StringIO(), StringIO()
    call_command("pack", "new-maker", str(maker), stdout=said, stderr=StringIO())
    with pytest.raises(CommandError, match="--maker"):
        call_command("pack", "new-key", str(key))
    public, said = said.getvalue().strip(), StringIO()
    call_command("pack", "new-key", str(key), maker=public, stdout=said, stderr=StringIO())
    assert [path.stat().st_mode & 0o77 for path in (key, maker)] == [0, 0]
    call_command("pack", "set-key", said.getvalue().strip(), team=world.missing_team.name, **as_administrator)
    call_command("pack", "make", str(tmp_path / "packs"), stderr=warned)
    assert "Not signed" in warned.getvalue()
    settings.ATLAS_PACK_KEY = str(tmp_path / "nothing")
    Beat.objects.all().delete()
    with pytest.raises(CommandError, match="holds no key"):
        call_command("pack", "make", str(tmp_path / "packs"))
    assert not Beat.objects.exists()  # and so Running Atlas tells that packs grow old
    settings.ATLAS_PACK_KEY = str(maker)
    call_command("pack", "make", str(tmp_path / "packs"), stderr=(warned := StringIO()))
    assert not warned.getvalue()
    assert Beat.objects.get().name == "packs"
    (pack,) = (tmp_path / "packs").iterdir()
    page, notes = tmp_path / "page.html", Path(f"{pack}.openings")
    words = [sys.executable, str(ROOT / "open_pack.py"), str(pack), "--key", str(key), "--who", world.coordinator.user.username]
    done = subprocess.run(
        [*words, "--because", "away", "--into", str(page)], env={}, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "Delete it when you are done" in done.stdout and "NOT PROVED" not in done.stdout and world.child.name in page.read_text()
    assert world.child.name.split()[0] not in notes.read_text()
    for new in (1, 0):
        said = StringIO()
        call_command("pack", "used", str(notes), stdout=said, **as_administrator)
        assert said.getvalue().startswith(f"{new} openings entered")
    (opening,) = PackOpening.objects.all()
    with acting_as(world.coordinator, opening.opened_at):
        look = Look.objects.get(post=world.coordinator, page="open_pack")
    assert (look.children, look.looked_at) == ([world.child.pk], opening.opened_at)
    line = json.loads(notes.read_text())
    for wrong in ({"who": "nobody"}, {"pack": line["id"]}):
        with pytest.raises(Invalid, match="A note names"):
            enter_openings(notes=[line | {"id": str(world.child.pk)} | wrong], by=administrator, at=NOW)
    with pytest.raises(CommandError, match="--as USERNAME"):
        call_command("pack", "used", str(notes))
    notes.unlink()
    notes.mkdir()  # where the opening cannot be noted
    page.unlink()
    with pytest.raises(Shut, match="stays shut"):
        open_pack(pack, key, "anybody", "drill", page)
    assert not page.exists()
