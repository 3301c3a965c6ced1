"""Every path × every role × a foreign child: nothing opens, nothing is done, nothing of the child is shown (protection.md A3)."""

from pathlib import Path
from typing import Any

import pytest

from atlas.gate.policy import ROLES
from tests.gate.crawl import AT, crawled
from tests.guards.reading import gated_pages, pages


def test_no_path_opens_a_foreign_child_to_any_role(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_database: Any) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    own_database("app")
    done = crawled(tmp_path, own_database)
    assert not done.unexpected, (dict(done.statuses), len(done.unexpected), "\n".join(sorted(done.unexpected)[:40]))
    assert done.routes == {where for where, _, _ in pages()}
    assert done.requests > len(done.routes) * len(ROLES) / 6  # many times as many in the long form: `bench crawl`
    assert done.roles == {role.key for role in ROLES}
    # The control: a page about a child that no role can open about its own child would be shut to everybody, and prove nothing.
    about_child = {view.__name__ for _, _, view in gated_pages() if view.about and view.about.__name__ == "Child"}
    # Nobody here is the line of anybody: tests/guards/test_pages.py opens these.
    line_alone = {"reassign_work", "name_custodian", "end_custodian", "start_transfer", "send_transfer"}
    # A change of pace is answered where there is one (tests/plans); the core record opens by a broken glass alone: tests/break_glass/test_break_glass.py opens it.
    about_child -= {"report_wrong_fact", "answer_pattern", "view_core_record", *line_alone}
    assert {page for _, page in done.own_opened} >= about_child, about_child - {page for _, page in done.own_opened}
    assert len({role for role, _ in done.own_opened}) >= 10
