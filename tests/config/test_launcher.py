"""Where the tests' own cluster keeps its data: in memory where there is room, and no longer than its folder stands."""

import shutil
from pathlib import Path

import pytest

from atlas.config import launcher
from atlas.config.launcher import GIGABYTE, Cluster


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of the machine's memory, with room."""
    place = tmp_path / "memory"
    place.mkdir()
    monkeypatch.setattr(launcher, "MEMORY", place)
    monkeypatch.setattr(launcher, "_has_room_in_memory", lambda: True)
    return place


def cluster(folder: Path) -> Cluster:
    """A cluster in this folder that nobody has made yet."""
    folder.mkdir()
    return Cluster(folder, folder, is_durable=False)


def test_what_may_be_lost_lies_in_memory_and_is_found_again(memory: Path, tmp_path: Path) -> None:
    one = cluster(tmp_path / "one")
    one._put_in_memory()
    (one.data / "kept").write_text("here")
    assert one.data.resolve().is_relative_to(memory)
    assert one.data.resolve().stat().st_mode & 0o777 == 0o700
    cluster(tmp_path / "two")._put_in_memory()
    assert (one.data / "kept").read_text() == "here"
    assert len(list(memory.iterdir())) == 2


def test_the_memory_of_a_folder_that_is_gone_is_given_back(memory: Path, tmp_path: Path) -> None:
    gone = cluster(tmp_path / "gone")
    gone._put_in_memory()
    shutil.rmtree(gone.folder)
    other = memory / "of-somebody-else"
    other.mkdir()
    stands = cluster(tmp_path / "stands")
    stands._put_in_memory()
    assert {*memory.iterdir()} == {other, stands.data.resolve().parent}


def test_after_the_machine_has_started_again_it_is_made_anew(memory: Path, tmp_path: Path) -> None:
    one = cluster(tmp_path / "one")
    one._put_in_memory()
    shutil.rmtree(one.data.resolve().parent)
    one._put_in_memory()
    assert one.data.is_dir() and not [*one.data.iterdir()]


def test_data_that_lies_on_the_disk_stays_there(memory: Path, tmp_path: Path) -> None:
    one = cluster(tmp_path / "one")
    one.data.mkdir()
    one._put_in_memory()
    assert not one.data.is_symlink() and not [*memory.iterdir()]


@pytest.mark.parametrize(("free", "has"), [(3 * GIGABYTE, False), (5 * GIGABYTE, True)])
def test_without_room_it_lies_on_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, has: bool) -> None:
    monkeypatch.setattr(launcher, "MEMORY", tmp_path)
    monkeypatch.setattr(Path, "read_text", lambda _: "MemTotal: 9\nMemAvailable: 16000000 kB\n")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, free))
    assert launcher._has_room_in_memory() is has


def test_where_there_is_no_such_folder_it_lies_on_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(launcher, "MEMORY", tmp_path / "none")
    assert not launcher._has_room_in_memory()
    one = cluster(tmp_path / "one")
    one._put_in_memory()
    assert not one.data.exists()
