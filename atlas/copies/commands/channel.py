"""How an authority is sent its copies."""

from datetime import datetime
from typing import TYPE_CHECKING

from atlas.copies.channels import address_of, folder_of
from atlas.copies.models import Channel, CopyChannel
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post


@command(needs=Permission.SET_COPY_CHANNEL)
def set_copy_channel(*, authority: "Authority", channel: Channel, by: "Post", at: datetime) -> CopyChannel:
    """Choose how an authority is sent its copies, from now on. What was owed before stays owed, and goes the new way.

    Where the folder stands, and at which address the main system listens, whoever runs Atlas says, never a form: children's records go there.
    Raises Invalid where that is not said yet.
    """
    if channel == Channel.FOLDER and folder_of(authority) is None:
        raise Invalid("No folder is set up for copies. Ask whoever runs Atlas to set ATLAS_COPIES_FOLDER.", "channel")
    if channel == Channel.API and address_of(authority) is None:
        raise Invalid(f"No address of {authority.name}'s main system is set up. Ask whoever runs Atlas to set ATLAS_COPIES_API.", "channel")
    row, _ = CopyChannel.objects.update_or_create(authority=authority, defaults={"channel": channel, "decided_at": at, "decided_by": by})
    return row
