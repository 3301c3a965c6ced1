"""Children missing together: told beyond chance, of nobody to whom one child of it is shut, answered by a person; and the engine against what is known."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.connections.commands import block_worker
from atlas.gate.act import Invalid
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource
from atlas.gate.policy import Purpose
from atlas.network.commands.together import answer_together, begin_search, fail_search, finish_search, search_together, tell_search_progress
from atlas.network.jobs import errand_of
from atlas.network.models import Together, TogetherSearch
from atlas.network.together import Row, fingerprint_of, times_of, told_of, told_together
from atlas.running.behalf import carry
from tests import factories
from tests.connections.test_ties import privacy_officer
from tests.factories import NOW
from tests.linkage.given import decided, pair_of, searched
from tests.network.given import Linked, another_child, linked, missing, together_told
from tests.profile.given import head

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def there() -> Linked:
    there = linked()
    there.far = another_child(there.world, "Cedar Lane")  # type: ignore[attr-defined]
    for number, child in enumerate((there.world.child, there.friend, there.far)):  # type: ignore[attr-defined]
        missing(child, there.world.worker, NOW - timedelta(days=20, minutes=10 * number))
    return there


def told(there: Linked, by: Any = None) -> list[tuple[str, list[str]]]:
    """What a post sees of what was told of the child."""
    with acting_as(by or there.world.manager, LATER) as subject:
        found = told_together(subject, there.world.child, LATER.date())
        return [(one.mark, [child.name for child in one.children]) for one in found]


def test_search_together_asks_and_the_job_looks_and_sees_no_name(there: Linked) -> None:
    boss = head()
    search = search_together(by=boss, at=NOW)
    with pytest.raises(Invalid, match="asked for this already"):
        search_together(by=boss, at=NOW)
    rows = begin_search(search=search, by=boss, at=NOW)
    assert sorted(kind for kind, *_ in rows) == ["episode"] * 3
    assert str(there.world.child.pk) not in str(rows)
    with acting_as(there.world.manager, NOW):
        assert times_of(search.pk) == []  # nobody else's
    with acting_as(boss, NOW):
        assert tell_search_progress(search.pk, 50) == 1
    assert carry(Behalf(boss.pk, Purpose.SECTION_17, str(search.pk)), errand_of(search.pk), lambda: NOW)
    with acting_as(boss, NOW):
        search.refresh_from_db()
        assert (search.state, search.progress, Together.objects.count()) == ("finished", 100, 0)  # once each is chance
        assert fail_search(search.pk, Invalid("no")) == 0
    with pytest.raises(Invalid, match="already"):
        finish_search(search=search, rows=[], told=[], by=boss, at=NOW)


def test_nothing_is_read_before_the_papers() -> None:
    linked(with_papers=False)
    boss = head()
    search = search_together(by=boss, at=NOW)
    assert begin_search(search=search, by=boss, at=NOW) == []
    assert not carry(Behalf(boss.pk, Purpose.SECTION_17, str(search.pk)), errand_of(search.pk), lambda: NOW)
    with acting_as(boss, NOW):
        assert "impact assessment" in TogetherSearch.objects.get().failed_words


def test_whoever_may_not_see_one_child_sees_no_row_in_the_database(there: Linked) -> None:
    boss = head()
    together_told(there.world.child, there.friend, boss, NOW, there.far)  # type: ignore[attr-defined]
    assert told(there) == [("A", ["Ashby Example", "Beech Lane", "Cedar Lane"])]
    assert told(there, there.world.worker)
    block_worker(child=there.far, user=there.world.manager.user, source=BlockSource.MANAGER, by=privacy_officer(there.world), at=NOW)  # type: ignore[attr-defined]
    assert told(there) == []
    for by in (there.world.manager, there.world.stranger, boss):
        with acting_as(by, LATER), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM network_together")
            assert cursor.fetchone() == (0,)
    assert told(there, there.world.worker)
    with acting_as(there.world.worker, LATER):
        row = Together.objects.get()
        row.pk = None
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)  # the gate alone adds


def test_a_hidden_child_is_in_no_search(there: Linked) -> None:
    factories.guard(there.far, "hidden", there.world.manager)  # type: ignore[attr-defined]
    together_told(there.world.child, there.friend, head(), NOW, there.far)  # type: ignore[attr-defined]
    assert told(there) == []


def test_answer_together_and_what_was_answered_is_not_told_again(there: Linked, signed_in: Any) -> None:
    boss, by = head(), there.world.manager
    together_told(there.world.child, there.friend, boss)
    with acting_as(by, NOW):
        row = Together.objects.get()
    page = signed_in(by, LATER).get(reverse("network:view_network", args=[there.world.child.pk])).content.decode()
    assert "Missing at the same time on 3 occasions; by chance one would expect 0.4" in page
    assert "atlas-network__line--told" in page
    for answer, words, said in (
        ("linked", "They told me", "Write the link down first"),
        ("not_so", " ", "in a sentence"),
        ("", "So", "Choose"),
    ):
        with pytest.raises(Invalid, match=said):
            answer_together(together=row, answer=answer, words=words, by=by, at=NOW)
    here = reverse("network:answer_together", args=[row.pk])
    way = re.search(r'href="(/[^"]*record_link/\?together=[^"]*)"', signed_in(by, LATER).get(here).content.decode())
    assert way
    begun = signed_in(by, LATER).get(way[1].replace("&amp;", "&")).content.decode()
    assert f'href="{here}"' in begun and any(f'value="{one.name}"' in begun for one in (there.world.child, there.friend))
    answer_together(together=row, answer="not_so", words="One was at the hospital each time.", by=by, at=NOW)
    together_told(there.world.child, there.friend, boss, LATER)
    assert len(told(there)) == 1
    there.tie(there.world.child, there.friend)
    with acting_as(by, LATER):
        row = Together.objects.get()
    assert "link-first" not in signed_in(by, LATER).get(reverse("network:answer_together", args=[row.pk])).content.decode()
    assert answer_together(together=row, answer="linked", words="Both say so.", by=by, at=LATER).answer == "linked"


def test_of_a_child_who_is_recorded_twice_the_record_that_stands_is_told(there: Linked) -> None:
    world, boss = there.world, head()
    records = [another_child(world, name) for name in ("Kacper Wójcik", "Kacper Wojcik")]
    for one in records:
        missing(one, world.worker, NOW - timedelta(days=20))
    stands = max(records, key=lambda one: str(one.pk))
    searched(world)
    decided(world, pair_of(world, stands), "same", stands=stands.pk)
    together_told(stands, there.friend, boss)
    with acting_as(world.manager, LATER):
        assert set(Together.objects.get().children) == {stands.pk, there.friend.pk}


def test_what_is_told_of_times_is_the_same_whatever_the_keys() -> None:
    def rows(names: str) -> list[Row]:
        weeks = (3, 9, 16, 22, 31)
        evenings = [NOW - timedelta(weeks=week, minutes=at) for at in range(3) for week in weeks]
        return [("episode", names[at // 5], "", begun, begun + timedelta(hours=6)) for at, begun in enumerate(evenings)]

    assert fingerprint_of(rows("abc")) == fingerprint_of(rows("cab"))
    first, heard = (NOW - timedelta(days=365)).date(), list[int]()
    found = told_of(rows("abc"), first, NOW.date(), heard.append)
    assert [one["children"] for one in found] == [["a", "b"], ["a", "c"], ["b", "c"], ["a", "b", "c"]]
    assert heard[-1] == 100
    with pytest.raises(ValueError, match="Nobody was missing"):
        told_of([], first, NOW.date(), heard.append)
