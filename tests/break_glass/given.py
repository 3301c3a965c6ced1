"""A child whom an officer has just found on a card, and a break-glass of that child."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from atlas.agencies.models import AgencyKind, Post
from atlas.break_glass.commands import Reference, break_glass
from atlas.break_glass.models import BreakGlass, BreakGlassNotice
from atlas.gate.context import acting_as
from atlas.gate.models import Block, Look
from atlas.gate.policy import Kind, Purpose
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

REASONS = (
    "A hotel rang: the child is in room nine with two men",
    "Found alone at the coach station, injured, will not give a name",
    "Threat to life received tonight, the address must be safe first",
    "Mother says the child took tablets and ran towards the canal",
    "Ambulance crew asks for allergies and for who has parental rights",
    "Officer at the door, three younger siblings are inside with a stranger",
    "Grandfather reports a message that sounds like a goodbye to everyone",
)


@dataclass
class Scene:
    """Who there is."""

    world: World
    officer: Post
    sergeant: Post
    police_privacy: Post
    council_privacy: Post
    guardian: Post
    tick: Post


def scene() -> Scene:
    """An officer who is not related to the child, with a manager; a privacy officer of each agency; a guardian of the council."""
    world = make_world()
    police = factories.agency("Northmarch Police", AgencyKind.POLICE)
    unit = factories.team("Response", of=police)
    sergeant = factories.post("police_officer", of=unit, title="Sergeant", email="sergeant@example.test")
    officer = factories.post("police_officer", of=unit, line_manager=sergeant, email="officer@example.test", telephone="07700 900111")
    governance = factories.team("Information governance")
    council_privacy = factories.post("privacy_officer", of=governance, email="privacy@example.test", telephone="07700 900222")
    factories.duty(Kind.PRIVACY, world.authority, post=council_privacy)
    tick = factories.post("tick", of=factories.team("Systems"))
    Post.objects.filter(pk=tick.pk).update(is_service=True)
    return Scene(
        world, officer, sergeant, factories.post("privacy_officer", of=factories.team("Standards", of=police), email="standards@example.test"),
        council_privacy, factories.post("caldicott_guardian", of=governance, email="guardian@example.test"), tick,
    )  # fmt: skip


def carded(post: Post, child_id: UUID, at: datetime = NOW) -> Reference:
    """The card that a search a minute ago gave: its look, and the reference on it."""
    with acting_as(post, at):
        Look.objects.create(
            event="search", page="find_child", post=post, children=[child_id], through=[], looked_at=at - timedelta(minutes=1), policy="p"
        )
    return Reference(child_id, post.pk)


def broken(post: Post, child_id: UUID, at: datetime = NOW, reason: str = REASONS[0], **other: Any) -> BreakGlass | None:
    """The glass broken from a card, by somebody who has just proved who it is."""
    reference = other.pop("reference", None) or carded(post, child_id, at)
    given = {"purpose": Purpose.SECTION_47.value, "reason": reason, "callback": "020 7946 0777"} | other
    with acting_as(post, at, proved_at=given.pop("proved_at", at - timedelta(minutes=1))):
        return break_glass(reference=reference, by=post, at=at, **given)


def block(child: Any, post: Post) -> None:
    """Shut somebody out of a child."""
    with acting_as(post, NOW):
        Block(child=child, user=post.user, because="test", from_at=NOW - timedelta(days=1), made_by=post).save(force_insert=True)


def guard(child: Any, sensitivity: str, *named: Post) -> None:
    """Guard a child since yesterday, with these (and the authority's guardian) on its list of names."""
    factories.guard(child, sensitivity, *named, at=NOW - timedelta(days=1))


def queued() -> list[tuple[str, dict[str, Any]]]:
    """The jobs that wait in the queue: (task, arguments)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [(name, args if isinstance(args, dict) else json.loads(args)) for name, args in cursor.fetchall()]


def told(one: BreakGlass | None, reader: Post) -> set[Post]:
    """The posts that a break-glass was told to."""
    assert one is not None
    with acting_as(reader, NOW):
        return {notice.to_post for notice in BreakGlassNotice.objects.filter(break_glass=one).select_related("to_post")}
