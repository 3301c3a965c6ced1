"""What the unsealer's functions open, under its own login: for whom, once, one set at a time, for fifteen minutes; all of it written down."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from atlas.agencies.models import Post
from atlas.gate.commands import declare_connection
from atlas.gate.policy import Purpose
from atlas.sealed.commands import seal_set
from tests import factories
from tests.sealed.given import WHY, SealedWorld, opening, sealed_world, shown, signed

MINUTE = timedelta(minutes=1)


@pytest.fixture
def given(own_database: Any) -> SealedWorld:
    """The sealed world, committed, and then the unsealer's own login."""
    made = sealed_world()
    own_database("unsealer")
    return made


def written(own_database: Any) -> list[tuple[str, str, str]]:
    """(event, command or page, code) of every act and look of the unsealer, in their order; read as the sealer reads."""
    own_database("sealer")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event, what, decision FROM (SELECT id, event, command AS what, decision FROM gate_act UNION ALL "
            "SELECT id, event, page, decision FROM gate_look) every WHERE what IN ('open_sealed_set', 'view_sealed_set') ORDER BY id"
        )
        rows = cursor.fetchall()
    own_database("unsealer")
    return rows


def test_a_custodian_and_the_case_holder_open_a_set_and_each_step_is_written_down(given: SealedWorld, own_database: Any) -> None:
    child = given.world.child
    for post in (given.custodian, given.world.worker):
        assert shown(signed(post), child) == ("not open", 0)
        assert opening(signed(post), child) == "allowed"
        assert shown(signed(post, proved=None), child) == ("allowed", 1)
    done = [("refusal", "view_sealed_set", "not open"), ("unseal", "open_sealed_set", "allowed"), ("unseal", "view_sealed_set", "allowed")]
    assert written(own_database) == done * 2
    own_database("sealer")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post_id, about_child, children, through, purpose, policy <> '' FROM gate_look WHERE page = 'view_sealed_set' ORDER BY id"
        )
        assert cursor.fetchall() == [
            (post.pk, child.pk, [child.pk], [through], "section_17", True)
            for post, through in ((given.custodian, "custodian"), (given.world.worker, "allocated"))
        ]


def test_nobody_else_opens_it(given: SealedWorld, own_database: Any) -> None:
    child, world = given.world.child, given.world
    for post, code in (
        (world.manager, "no relationship"),
        (world.stranger, "no relationship"),
        (world.coordinator, "not in role"),
        (world.police, "not in role"),
        (factories.feed_post, "no relationship"),
    ):
        own_database("app")
        asking = post() if callable(post) else post
        own_database("unsealer")
        purpose = Purpose.SYSTEM_REPAIR if asking.role == "feed" else Purpose.SECTION_17
        assert opening(signed(asking, purpose=purpose), child) == code, asking.role
    assert [row[2] for row in written(own_database)] == [
        "no relationship",
        "no relationship",
        "not in role",
        "not in role",
        "no relationship",
    ]


def test_a_token_serves_once_and_only_here(given: SealedWorld, own_database: Any) -> None:
    child, once = given.world.child, signed(given.custodian)
    assert [opening(once, child), opening(once, child), shown(once, child)[0]] == ["allowed", "replayed", "replayed"]
    parts = signed(given.custodian).split(".")
    forged = [
        ".".join([*parts[:place], word, *parts[place + 1 :]]) for place, word in ((1, str(given.world.worker.pk)), (4, "1"), (8, "0" * 64))
    ]
    for text in (*forged, "", "2.x", ".".join(parts[:8])):
        assert opening(text, child) == "no token", text
    assert {row[2] for row in written(own_database)} == {"allowed", "replayed"}


def test_the_moment_the_purpose_the_proof_and_the_reason_must_hold(given: SealedWorld) -> None:
    child, post = given.world.child, given.custodian
    now = timezone.now()
    for text, why, code in (
        (signed(post, at=now - 5 * MINUTE), WHY, "another moment"),
        (signed(post, at=now + 5 * MINUTE), WHY, "another moment"),
        (signed(post, purpose=Purpose.AUDIT), WHY, "wrong purpose"),
        (signed(post, proved=None), WHY, "not proved"),
        (signed(post, proved=6 * MINUTE), WHY, "not proved"),
        (signed(post, proved=-5 * MINUTE), WHY, "not proved"),
        (signed(post), "because", "no reason"),
        (signed(post), "x" + " " * 40 + "y", "no reason"),
        (signed(post), WHY, "allowed"),
    ):
        assert opening(text, child, why=why) == code, code
    assert opening(signed(post), child, kind="refuge") == "nothing sealed"


def test_one_set_at_a_time_and_not_longer_than_fifteen_minutes(given: SealedWorld, own_database: Any) -> None:
    child, post = given.world.child, given.custodian
    own_database("app")
    seal_set(child=child, kind="source", values={"name": "Sample Person"}, by=given.world.worker, at=timezone.now())
    own_database("unsealer")
    assert opening(signed(post), child) == "allowed"
    assert opening(signed(post), child, kind="source") == "another is open"
    assert shown(signed(post), child, kind="source") == ("not open", 0)
    own_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(until_at - opened_at) FROM sealed.window")
        assert cursor.fetchone()[0] == 15 * MINUTE
        cursor.execute("UPDATE sealed.window SET until_at = until_at - interval '15 minutes'")
    own_database("unsealer")
    assert shown(signed(post), child) == ("not open", 0)
    assert opening(signed(post), child, kind="source") == "allowed"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('atlas.context', %s, false)", [signed(post)])
        cursor.execute("SELECT sealed.shut()")
    assert shown(signed(post), child, kind="source") == ("not open", 0)
    assert opening(signed(post), child) == "allowed"


def test_nobody_opens_more_than_twelve_times_an_hour(given: SealedWorld) -> None:
    child, post = given.world.child, given.custodian
    assert [opening(signed(post), child) for _ in range(13)] == ["allowed"] * 12 + ["too many"]
    assert opening(signed(given.world.worker), child) == "allowed"


def test_what_shuts_the_child_shuts_its_sets_also_while_one_stands_open(given: SealedWorld, own_database: Any) -> None:
    child, post, at = given.world.child, given.custodian, timezone.now()
    assert opening(signed(post), child) == "allowed"
    own_database("app")
    factories.guard(child, "restricted", at=at)
    own_database("unsealer")
    assert (shown(signed(post), child), opening(signed(post), child)) == (("not named", 0), "not named")
    own_database("app")
    factories.name(child, post, at=at)
    own_database("unsealer")
    assert (shown(signed(post), child), opening(signed(given.world.worker), child)) == (("allowed", 1), "not named")
    own_database("app")
    factories.unguard(child, at)
    declare_connection(child=child, by=given.world.worker, at=at)
    Post.objects.filter(pk=post.pk).update(vetted_until=at.date() - timedelta(days=1))
    own_database("unsealer")
    assert opening(signed(given.world.worker), child) == "blocked"
    assert (shown(signed(post), child), opening(signed(post), child)) == (("no relationship", 0), "no relationship")
    own_database("app")
    Post.objects.filter(pk=post.pk).update(until_on=at.date() - timedelta(days=1))
    own_database("unsealer")
    assert (shown(signed(post), child), opening(signed(post), child)) == (("post not live", 0), "post not live")


def test_the_unsealer_reads_no_table(given: SealedWorld) -> None:
    for table in ("sealed.box", "public.children_child", "public.gate_secret", "public.sealed_sealedset", "public.gate_act"):
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
