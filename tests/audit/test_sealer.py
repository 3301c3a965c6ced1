"""Sealing: nothing is skipped, every tampering is found, an anchor that is away keeps nobody waiting, and the verifier stands alone."""

import ast
import json
import subprocess
import sys
import threading
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

import verify_audit
from atlas.audit.models import Seal
from atlas.audit.sealer import last_seal, seal, tell_anchors
from atlas.audit.sealing import Key, Line, Unsealable, leaf, path_of, root
from atlas.gate.context import acting_as
from atlas.gate.models import Look
from bench.tampering import KINDS, Log, make_log, problems, tamper
from tests import factories
from tests.factories import NOW

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def key(tmp_path: Path, settings: Any) -> Key:
    file = tmp_path / "key"
    file.touch(mode=0o600)
    file.write_text("2a" * 32)
    settings.ATLAS_SEAL_KEY, settings.ATLAS_ANCHORS = str(file), [str(tmp_path / name) for name in ("police", "health")]
    for folder in settings.ATLAS_ANCHORS:
        Path(folder).mkdir()
    return Key.read(str(file))


def look(post: Any, page: str = "view_child") -> Look:
    return Look.objects.create(event="open", page=page, post=post, children=[], through=[], looked_at=NOW, policy="p")


def sealed_up_to(key: Key, rows: int) -> None:
    """Seal until that many rows are sealed: other transactions of the cluster may hold the horizon back a while."""
    until = time.monotonic() + 60
    while sum(Seal.objects.values_list("rows", flat=True)) < rows:
        seal(key, NOW)
        assert time.monotonic() < until, "not sealed within a minute"
        time.sleep(0.05)


def test_every_kind_of_tampering_is_found_and_located(own_database: Any, key: Key, settings: Any) -> None:
    own_database("app")
    make_log([factories.post("practitioner") for _ in range(2)], 6, 2, key, settings.ATLAS_ANCHORS, own_database)
    own_database("postgres")
    with transaction.atomic():
        assert problems(bytes.fromhex(key.public), settings.ATLAS_ANCHORS) == []
    log = Log.read(key, seed=1)
    assert len(log.rows) >= 48
    for kind in KINDS:
        for _ in range(3):
            tried = tamper(kind, log, settings.ATLAS_ANCHORS)
            assert tried.is_found, kind.__name__
            assert tried.is_located, kind.__name__


def test_a_row_of_a_slow_transaction_is_sealed_though_its_number_is_lower(own_database: Any, key: Key) -> None:
    """Numbers are given before commit: the sealer passes no transaction that is still open, and takes it when it has ended."""
    own_database("app")
    post = factories.post("practitioner")
    written, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with acting_as(post, NOW):
            slow.append(look(post, "slow").pk)
            written.set()
            go_on.wait(60)
        connections["default"].close()

    slow: list[int] = []
    thread = threading.Thread(target=slowly)
    thread.start()
    assert written.wait(30)
    with acting_as(post, NOW):
        quick = look(post, "quick").pk
    own_database("sealer")
    seal(key, NOW)
    sealed = _sealed_rows()
    go_on.set()
    thread.join()
    assert slow[0] < quick
    assert not {slow[0], quick} & sealed  # the open transaction is not passed
    until = time.monotonic() + 60
    while not {slow[0], quick} <= _sealed_rows():
        seal(key, NOW)
        assert time.monotonic() < until, "a row was skipped"
        time.sleep(0.05)


def _sealed_rows() -> set[int]:
    last = last_seal()
    return set(Look.objects.filter(tx__lt=last.high_tx).values_list("pk", flat=True)) if last else set()


def test_the_sealer_reads_acts_and_looks_adds_seals_and_may_do_nothing_else(own_database: Any, key: Key) -> None:
    own_database("app")
    post = factories.post("practitioner")
    with acting_as(post, NOW):
        look(post)
    own_database("sealer")
    sealed_up_to(key, 1)
    for statement in ("SELECT * FROM children_child", "SELECT * FROM agencies_user", "INSERT INTO gate_act DEFAULT VALUES",
                      "UPDATE audit_seal SET root = ''", "DELETE FROM audit_seal", "SELECT gate_looks(gen_random_uuid())"):  # fmt: skip
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)
    own_database("app")
    with pytest.raises(DatabaseError, match="permission denied"):
        Seal.objects.first()


def test_one_anchor_that_is_away_does_not_stop_sealing_is_late_and_catches_up(own_database: Any, key: Key, settings: Any) -> None:
    own_database("app")
    police, health = (Path(folder) for folder in settings.ATLAS_ANCHORS)
    health.rmdir()
    make_log([factories.post("practitioner")], 3, 1, key, settings.ATLAS_ANCHORS, own_database)
    late = {one.folder: one for one in tell_anchors(settings.ATLAS_ANCHORS)}
    assert (late[str(police)].behind, late[str(health)].behind) == (0, Seal.objects.count())
    assert "cannot be reached" in late[str(health)].problem
    health.mkdir()
    assert [one.behind for one in tell_anchors(settings.ATLAS_ANCHORS)] == [0, 0]
    assert (health / "seals.txt").read_bytes() == (police / "seals.txt").read_bytes()
    assert (health / "rows-2026-05.txt").read_bytes() == (police / "rows-2026-05.txt").read_bytes()


def test_an_anchor_that_is_ahead_or_differs_is_named_and_nothing_is_added_to_it(own_database: Any, key: Key, settings: Any) -> None:
    own_database("app")
    make_log([factories.post("practitioner")], 3, 1, key, settings.ATLAS_ANCHORS, own_database)
    held = [Path(folder, "seals.txt") for folder in settings.ATLAS_ANCHORS]
    last = last_seal()
    assert last
    ahead = Line(last.number + 1, 1, 2, 0, "r", "p", "t", "k", "s").anchored
    held[0].write_text(held[0].read_text() + ahead + "\n")
    other = Line(*{**last.__dict__, "root": "0" * 64}.values()).anchored
    held[1].write_text("".join(f"{line}\n" for line in [*held[1].read_text().splitlines()[:-1], other]))
    before = [file.read_bytes() for file in held]
    told = tell_anchors(settings.ATLAS_ANCHORS)
    assert "rolled back" in told[0].problem
    assert "written again" in told[1].problem
    assert [file.read_bytes() for file in held] == before


def test_a_database_that_is_younger_than_its_seals_is_not_sealed(own_database: Any, key: Key) -> None:
    own_database("sealer")
    with transaction.atomic():
        Seal.objects.create(number=1, low_tx=0, high_tx=2**60, rows=0, root="", previous="", sealed_at="", key="", signature="")
        with pytest.raises(Unsealable, match="rolled back"):
            seal(key, NOW)


def test_a_key_that_others_may_read_is_refused(key: Key, settings: Any) -> None:
    Path(settings.ATLAS_SEAL_KEY).chmod(0o640)
    with pytest.raises(Unsealable, match="chmod 600"):
        Key.read(settings.ATLAS_SEAL_KEY)
    with pytest.raises(Unsealable, match="no signing key"):
        Key.read("")


def test_the_export_and_psqls_own_csv_and_a_proof_are_checked_offline(own_database: Any, key: Key, settings: Any, tmp_path: Path) -> None:
    own_database("app")
    make_log([factories.post("practitioner")], 2, 2, key, settings.ATLAS_ANCHORS, own_database)
    call_command("audit", "export", str(tmp_path / "out"), stdout=StringIO())
    said = StringIO()
    call_command("audit", "key", stdout=said)
    anchors = [word for folder in settings.ATLAS_ANCHORS for word in ("--anchor", folder)]
    arguments = ["--key", said.getvalue().strip(), *anchors]
    done = _verifier(str(tmp_path / "out"), *arguments)
    assert (done.returncode, done.stdout.strip()) == (0, "OK"), done.stdout
    row = Look.objects.order_by("id")[1]
    said = StringIO()
    call_command("audit", "proof", "gate_look", str(row.pk), stdout=said)
    file = tmp_path / "proof.json"
    file.write_text(said.getvalue())
    assert _verifier("--proof", str(file), *arguments).stdout.strip() == "OK"
    proof = json.loads(file.read_text())
    file.write_text(json.dumps(proof | {"row": proof["row"] | {"page": "view_looks"}}))
    assert "not in this seal" in _verifier("--proof", str(file), *arguments).stdout
    with pytest.raises(CommandError, match="no such row"):
        call_command("audit", "proof", "gate_look", "999999999", stdout=StringIO())
    text = (tmp_path / "out/gate_look.csv").read_text()
    (tmp_path / "out/gate_look.csv").write_text(text.replace("view_child", "view_childs", 1))
    done = _verifier(str(tmp_path / "out"), *arguments)
    assert done.returncode == 1
    assert "altered" in done.stdout


def _verifier(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-I", str(ROOT / "verify_audit.py"), *arguments], capture_output=True, text=True, check=False)


def test_the_verifier_shares_no_code_and_is_short() -> None:
    source = (ROOT / "verify_audit.py").read_text()
    modules = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert modules - {"cryptography"} <= set(sys.stdlib_module_names)
    assert len([line for line in source.splitlines() if line.strip()]) <= 200


def test_the_plain_signature_check_agrees_with_the_librarys(key: Key) -> None:
    """RFC 8032, 7.1, tests 1 to 3, and our own key."""
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    for check in (verify_audit.is_signed, verify_audit.is_signed_plainly):
        assert check(public, b"", signature)
        assert not check(public, b"x", signature)
        assert not check(public, b"", bytes([signature[0] ^ 1]) + signature[1:])
        assert not check(public, b"", signature[:32] + bytes(32))
        assert check(bytes.fromhex(key.public), b"words", key.private.sign(b"words"))


def test_both_sides_know_the_same_tree() -> None:
    for many in (0, 1, 2, 3, 5, 8, 13):
        leaves = [leaf("gate_act", {"id": str(number), "key": None, "command": "é,\n"}) for number in range(many)]
        other = [verify_audit.leaf_of("gate_act", {"id": str(number), "key": "\\N", "command": "é,\n"}) for number in range(many)]
        assert [one.hex() for one in leaves] == other
        assert root(leaves).hex() == verify_audit.root_of(other)
        for place in range(many):
            digest = other[place]
            for side, beside in path_of(leaves, place):
                digest = verify_audit.node(beside, digest) if side == "left" else verify_audit.node(digest, beside)
            assert digest == root(leaves).hex()
