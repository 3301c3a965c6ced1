"""Packs are made: of each team with a key, what its own posts may see at this hour, with a look of each post that says so."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.template.loader import get_template

from atlas.agencies.models import Team
from atlas.agencies.queries import posts_standing
from atlas.gate.behalf import Behalf, on_behalf
from atlas.gate.context import Subject, acting_as
from atlas.gate.days import day_of
from atlas.gate.events import Event
from atlas.gate.page import look_at
from atlas.gate.policy import ROLE, Permission
from atlas.packs.compiling import Told, earliest, told_to
from atlas.packs.models import Pack, PackKey
from atlas.tasks.queries import not_shut
from open_pack import lock

JOB = "packs.make_packs"


@dataclass(frozen=True)
class Made:
    """One pack, not yet laid anywhere: its record, and its bytes."""

    pack: Pack
    content: bytes


def make_packs(at: datetime, maker: Ed25519PrivateKey | None = None) -> Iterator[Made]:
    """For each team with a key, what its posts may see now, signed by its maker; none for a team of which nobody may see anything at this hour, whose last pack stays."""
    for key in PackKey.objects.filter(ended_at__isnull=True).select_related("team__agency").order_by("set_at", "pk"):
        pack = uuid.uuid4()
        told = _told_to_team(key.team, pack, at)
        if not told:
            continue
        page = get_template("packs/pack.html").render({
            "team": key.team, "made_at": at, "children": sorted(told.values(), key=lambda one: (_since(one), one.name)), "numbers": _numbers(key.team),
        })  # fmt: skip
        header = {"pack": str(pack), "team": f"{key.team.name}, {key.team.agency.name}", "made_at": at.isoformat(), "key": key.public[:16]}
        content = lock(page, sorted(map(str, told)), header, bytes.fromhex(key.public), maker)
        yield Made(Pack(pk=pack, key=key, made_at=at, held=len(told), digest=hashlib.sha256(content).hexdigest()), content)


def _numbers(team: Team) -> str:
    """The numbers that are answered at any hour, of the authorities whom the team serves."""
    return " or ".join(f"{one.name}, {one.staffed_number}" for one in team.agency.authorities.order_by("name"))


def _since(one: Told) -> float:
    return earliest(one.episode.reported_at if one.episode else None)


def _told_to_team(team: Team, pack: UUID, at: datetime) -> dict[UUID, Told]:
    """Of each child, what the first post of the team may see that sees the child at all; each post's look is written, as an export.

    A child who is shut to any post of the team, by a conflict or a list of names, is left out: whoever holds the team's key reads all of the pack.
    """
    told: dict[UUID, Told] = {}
    posts = list(posts_standing(day_of(at)).filter(team=team, is_service=False))
    for post in [one for one in posts if Permission.VIEW_NIGHT in ROLE[one.role].permissions]:
        behalf = Behalf(post.pk, Subject.of(post, at).purpose, str(pack))
        with on_behalf(behalf, JOB), acting_as(post, at) as subject:
            seen = told_to(subject)
            new = {child: one for child, one in seen.items() if child not in told and len(not_shut(posts, child)) == len(posts)}
            if seen:
                look_at("make_packs", subject, set(seen), Event.EXPORT)
        told |= new
    return told


def keep_pack(made: Made) -> Pack:
    """Keep that it was made, once it lies where the team finds it."""
    made.pack.save(force_insert=True)
    return made.pack
