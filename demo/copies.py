"""What was finished in Fernleigh of late goes back to its main system: most is filed within minutes, one was refused, one is on its way."""

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from atlas.agencies.models import Authority, Post
from atlas.copies.channels import folder_of
from atlas.copies.commands.channel import set_copy_channel
from atlas.copies.commands.sending import record_receipt
from atlas.copies.jobs import serve
from atlas.copies.models import Channel, Copy
from atlas.copies.rules import Receipt
from atlas.copies.workflow import CopyState
from atlas.feeds.queries import feed_post
from atlas.gate.context import acting_as

EVERY, FILED_AFTER = timedelta(hours=12), timedelta(minutes=6)
REFUSED = "The child’s record was locked by another worker when the document came."


def let_copy(authority: Authority, named: Mapping[str, Post], since: datetime) -> None:
    """Since then the main system watches a folder; where this Atlas has none, somebody pastes."""
    folder = folder_of(authority)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)  # of an earlier Fernleigh
    way = Channel.PASTE if folder is None else Channel.FOLDER
    set_copy_channel(authority=authority, channel=way, by=named["data.officer"], at=since)


def file_copies(authority: Authority, named: Mapping[str, Post], since: datetime, now: datetime) -> None:
    """The weeks since then, every twelve hours: what is owed is sent, and filed. Of the newest two, one is refused, and of the other nothing is heard yet."""
    feed, coordinator = feed_post(authority), named["missing.coordinator"]
    assert feed is not None
    with acting_as(feed, now):
        newest = list(Copy.objects.filter(authority=authority).order_by("-owed_at", "pk").values_list("pk", flat=True)[:2])
    for step in range(int((now - since) / EVERY) + 1):
        at = min(since + EVERY * step, now - FILED_AFTER)
        serve(authority, feed, partial(_at, at))
        with acting_as(feed, at):
            going = Copy.objects.filter(authority=authority, state__in=[CopyState.SENT, CopyState.WAITING], owed_at__lte=at)
            filed = list(going.exclude(pk__in=newest).order_by("owed_at", "pk"))
        for number, copy in enumerate(filed):
            said = Receipt(True, f"DOC-{at:%d%H}{number:02}", at + FILED_AFTER)
            record_receipt(copy=copy, receipt=said, by=coordinator, at=at + FILED_AFTER)
    for pk in newest[:1]:
        with acting_as(feed, now):
            copy = Copy.objects.get(pk=pk)
        record_receipt(copy=copy, receipt=Receipt(False, reason=REFUSED), by=coordinator, at=now)


def _at(at: datetime) -> datetime:
    return at
