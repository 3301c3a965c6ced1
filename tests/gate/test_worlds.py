"""To whom a child is closed, the child is not there: the same bytes as in a world without it (protection.md A4).

The long form, of fifty subjects, is bench/worlds.py.
"""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.shortcuts import render
from django.urls import reverse

from atlas.gate import page
from atlas.gate.act import Refused
from atlas.missing.models import Episode
from atlas.missing.views import episode
from tests.gate.crawl import AT
from tests.gate.worlds import Worlds

# A function that reads past row security, as a careless one in the database would.
PAST_THE_GATE = """
CREATE FUNCTION leak_episodes(wanted uuid) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS
$$ SELECT count(*) FROM missing_episode WHERE wanted IS NULL OR id = wanted $$
"""


def _leak_number(patch: pytest.MonkeyPatch) -> None:
    """A page that says how many episodes there are at all."""
    patch.setattr(episode, "render", lambda request, template, shown: render(request, template, shown | {"not_the_police": _counted()}))


def _leak_existence(patch: pytest.MonkeyPatch) -> None:
    """*Forbidden* for what is there and closed, *not found* for what is not there."""
    fetch = page._fetch

    def telling(rows: Any, pk: Any, *given: Any) -> Any:
        try:
            return fetch(rows, pk, *given)
        except Refused:
            if rows.model is Episode and _counted(pk):
                raise PermissionDenied from None
            raise

    patch.setattr(page, "_fetch", telling)


def _counted(pk: Any = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT leak_episodes(%s)", [pk])
        return int(cursor.fetchone()[0])


def test_what_is_closed_to_somebody_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_database: Any) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    own_database("app")
    worlds = Worlds.made(tmp_path, own_database, subjects=31, records=1)
    world, stranger = worlds.crawl.full.world, worlds.crawl.posts["practitioner"]
    addresses, another = worlds.addresses, worlds.subjects[-1]
    for worlds.subjects, worlds.addresses in (([world.coordinator], addresses), ([another], addresses[::3])):
        done = worlds.compare()
        assert not done.differing, (len(done.differing), "\n".join(done.differing[:12]))
        assert done.subjects == 1 and done.deleted > 50 and done.opened > 10, done
    # What leaks is noticed: the stranger's world, of two pages, with each leak planted in turn and without.
    everybody_s, closed = reverse("missing:view_missing_now"), reverse("missing:view_episode", args=[worlds.crawl.full.about[Episode]])
    worlds.subjects, worlds.addresses = [stranger], [everybody_s, closed]
    with connection.cursor() as cursor:
        cursor.execute(PAST_THE_GATE)
    assert worlds.differing_pages() == set()
    for leak, where in ((_leak_number, everybody_s), (_leak_existence, closed)):
        with monkeypatch.context() as patch:
            leak(patch)
            assert worlds.differing_pages() == {where}, leak.__doc__
