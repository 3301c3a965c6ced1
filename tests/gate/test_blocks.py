"""Whoever is shut out of a child is answered as if the family did not exist (protection.md A6). The long form: `bench blocks`."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.gate.blocks import Asked, Blocks, Compared
from tests.gate.crawl import AT
from tests.gate.revoke_drill import KEPT_OUT, exports_drilled
from tests.gate.two_worlds import undone
from tests.world import make_world

# A leak, planted, and where it shows: the block left out of one table on which row security alone decides; and of the gate altogether.
LEAKS = {
    "of odd looks": "DROP POLICY app_block ON audit_oddlook; ALTER POLICY app_select ON audit_oddlook USING (true)",
    "of deliveries": "DROP POLICY app_block ON feeds_row",
    "of the gate": "CREATE OR REPLACE FUNCTION gate_shut_to(its_person uuid, moment timestamptz) RETURNS uuid[] LANGUAGE sql STABLE AS 'SELECT ARRAY[]::uuid[]'",
}


def test_to_whoever_is_shut_out_the_family_does_not_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_database: Any) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    own_database("app")
    blocks = Blocks.made(tmp_path, own_database)
    done = blocks.compare(most=1, each_child=False)
    assert not done.differing, "\n".join(done.differing[:20])
    assert done.blocks == 2 * len(blocks.subjects)
    assert done.compared > 150
    assert done.named_before >= 10  # the control: before the block the child's page names the child to so many
    _sees_what_leaks(blocks)


def _sees_what_leaks(blocks: Blocks) -> None:
    [family, _] = blocks.families
    officer = next(post for post in blocks.subjects if post.role == "data_officer")
    privacy = next(post for post in blocks.full.may if post.role == "privacy_officer")
    where = {
        "of odd looks": (privacy, reverse("audit:view_odd_looks")),
        "of deliveries": (officer, reverse("feeds:decide_match", args=[blocks.full.named["row"]])),
        "of the gate": (blocks.full.world.worker, reverse("desk:view_child", args=[family[0].pk])),
    }
    for name, statement in LEAKS.items():
        post, address = where[name]
        seen = Compared()
        with undone():
            with connection.cursor() as cursor:
                cursor.execute(statement)
            blocks.shut(post, family[:1], [Asked(address, "")], seen)
        assert seen.differing, f"The block was left out {name}, and nothing was noticed."
        seen = Compared()
        blocks.shut(post, family[:1], [Asked(address, "")], seen)
        assert (seen.compared, seen.differing) == (1, [])


@pytest.mark.django_db
def test_what_runs_for_somebody_who_is_shut_out_meanwhile_is_not_delivered(monkeypatch: pytest.MonkeyPatch) -> None:
    done = exports_drilled(make_world(), len(KEPT_OUT), KEPT_OUT)
    assert (done.jobs, done.delivered, done.files, done.opened) == (3, 0, 3, 0)
