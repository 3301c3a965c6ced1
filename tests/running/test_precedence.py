"""What takes long runs behind pages; what is urgent never does (protection.md table F, F2)."""

import subprocess
import sys

import pytest
from django.core.management.base import BaseCommand
from procrastinate.contrib.django.management.commands.procrastinate import Command as OfThePackage

from atlas.config.management.commands import procrastinate
from atlas.feeds.management.commands import feeds
from atlas.running.precedence import BEHIND
from tests.guards.reading import ROOT


def test_a_process_that_gives_way_stays_behind_and_goes_no_further_back() -> None:
    words = "import os; from atlas.running.precedence import give_way; give_way(); give_way(); print(os.nice(0))"
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(BEHIND)


@pytest.mark.parametrize(("queues", "gives_way"), [(["bulk"], True), (["urgent"], False), (["bulk", "urgent"], False), (None, False)])
def test_the_worker_of_bulk_alone_gives_way(queues: list[str] | None, gives_way: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    gave: list[bool] = []
    monkeypatch.setattr(procrastinate, "end_where_a_hole_is", lambda connection, who: None)
    monkeypatch.setattr(procrastinate, "give_way", lambda: gave.append(True))
    monkeypatch.setattr(OfThePackage, "handle", lambda self, *given, **options: None)
    procrastinate.Command().handle(queues=queues)
    assert bool(gave) == gives_way


def test_a_file_that_is_taken_in_by_the_command_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    gave: list[object] = []
    monkeypatch.setattr(feeds, "give_way", lambda: gave.append("way"))
    monkeypatch.setattr(BaseCommand, "run_from_argv", lambda self, argv: gave.append(argv))
    feeds.Command().run_from_argv(["manage", "feeds", "receive"])
    assert gave == ["way", ["manage", "feeds", "receive"]]
