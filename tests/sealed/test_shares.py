"""Keys recoverable (protection.md C7): any two of three shares give the key back, which then opens what is sealed; one says nothing."""

from itertools import combinations, permutations
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from atlas.sealed.boxes import MasterKey, about, sealed_box
from atlas.sealed.shares import WrongShares, inverse, met, points, recovered, split, times


def test_arithmetic_is_that_of_the_published_cases() -> None:
    # FIPS 197, 4.2 and 4.2.1
    assert (times(0x57, 0x83), times(0x57, 0x13)) == (0xC1, 0xFE)
    assert all(times(byte, inverse(byte)) == 1 for byte in range(1, 256))
    # draft-mcgrew-tss-03, its test case
    secret, first, second = bytes.fromhex("7465737400"), bytes.fromhex("B9FA07E185"), bytes.fromhex("F5409B4511")
    assert met((1, first), (2, second)) == secret
    slope = bytes(a ^ b for a, b in zip(secret, first, strict=True))
    assert points(secret, slope, range(1, 3)) == {1: first, 2: second}


def test_any_two_of_three_give_the_key_and_one_fits_every_key() -> None:
    for key in (bytes(32), bytes(range(32)), b"\xff" * 32):
        shares = split(key)
        assert len(set(shares)) == 3
        for two in permutations(shares, 2):
            assert recovered(list(two)) == key
        assert recovered(shares) == key
    # What one share holds fits each key equally: for every byte of a share and every secret byte there is one slope.
    for share in range(0, 256, 51):
        assert {times(inverse(2), share ^ secret) for secret in range(256)} == set(range(256))


def test_shares_that_do_not_fit_are_found_out() -> None:
    mine, other = split(bytes(range(32))), split(bytes(32))
    slipped = mine[0][:-1] + ("0" if mine[0][-1] != "0" else "1")
    for texts in (
        [mine[0]],
        [mine[0], mine[0]],
        [mine[0], other[1]],
        [slipped, mine[1]],
        ["4-" + mine[0][2:], mine[1]],
        ["", ""],
        ["1-zz", mine[1]],
    ):
        with pytest.raises(WrongShares):
            recovered(texts)


def test_the_drill_one_custodian_and_the_key_s_own_file_are_lost(tmp_path: Path, settings: Any) -> None:
    """The key is made and split; the file is lost, and each custodian in turn; what was sealed before is opened with the other two."""
    key = tmp_path / "key"
    key.write_text("ab" * 32)
    settings.ATLAS_UNSEALING_KEY = str(key)
    shares = [tmp_path / f"custodian-{number}" for number in (1, 2, 3)]
    call_command("sealed", "share", *map(str, shares))
    assert [share.stat().st_mode & 0o777 for share in shares] == [0o600] * 3
    with pytest.raises(CommandError, match="is there already"):
        call_command("sealed", "share", *map(str, shares))
    place = about(uuid4(), "location", uuid4())
    box = sealed_box({"address": "4 Sample Yard"}, place, MasterKey.read(str(key)).public)
    for two in combinations(shares, 2):
        key.unlink(missing_ok=True)
        call_command("sealed", "recover", *map(str, two))
        assert key.stat().st_mode & 0o777 == 0o600
        assert MasterKey.read(str(key)).values(box, place) == {"address": "4 Sample Yard"}
    with pytest.raises(CommandError, match="is there already"):
        call_command("sealed", "recover", *map(str, shares[:2]))
    key.unlink()
    with pytest.raises(CommandError, match="two different shares"):
        call_command("sealed", "recover", str(shares[0]), str(shares[0]))
    assert not key.exists()
