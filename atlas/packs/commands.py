"""A team's key is set; and what was opened without Atlas is entered into the record of looks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from atlas.agencies.models import Post, Team
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_as
from atlas.gate.events import Event
from atlas.gate.page import look_at
from atlas.gate.policy import Permission
from atlas.packs.models import Pack, PackKey, PackOpening
from open_pack import BECAUSE


@command(needs=Permission.SET_PACK_KEY)
def set_pack_key(*, team: Team, public: str, by: Post, at: datetime) -> PackKey:
    """Give a team a key, in the place of the one before. Raises Invalid for what is no key, and for a team whose posts see no child."""
    try:
        is_key = len(bytes.fromhex(public)) == 32
    except ValueError:
        is_key = False
    if not is_key:
        raise Invalid("Give the public key: 64 hexadecimal digits, as `manage pack new-key` prints them.", "public")
    PackKey.objects.filter(team=team, ended_at__isnull=True).update(ended_at=at)
    return PackKey.objects.create(team=team, public=public.lower(), set_by=by, set_at=at)


@command(needs=Permission.ENTER_OPENINGS)
def enter_openings(*, notes: list[Mapping[str, Any]], by: Post, at: datetime) -> int:
    """Enter what was noted where packs were opened: each a look of whoever gave their name there, at that moment, once. Returns how many are new.

    Who opened it is what was typed there; that it was somebody of the team, the key proves. Raises Invalid for a note of no pack, or of nobody.
    """
    new = 0
    for line in notes:
        pk, opened_at = UUID(line["id"]), datetime.fromisoformat(line["at"])
        if PackOpening.objects.filter(pk=pk).exists():
            continue
        pack = Pack.objects.select_related("key__team").filter(pk=UUID(line["pack"])).first()
        post = Post.objects.filter(user__username=line["who"]).select_related("user", "team__agency").order_by("-from_on").first()
        if pack is None or post is None or line["because"] not in BECAUSE:
            raise Invalid(
                f"A note names {'no pack that was made here' if pack is None else 'nobody who has an account here: ' + line['who']}."
            )
        with acting_as(post, opened_at) as subject:
            look_at("open_pack", subject, {UUID(child) for child in line["children"]}, Event.EXPORT)
        PackOpening.objects.create(
            pk=pk, pack=pack, by_words=line["who"][:60], because=line["because"], opened_at=opened_at, entered_by=by, entered_at=at
        )
        new += 1
    return new
