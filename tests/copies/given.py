"""An authority that is sent its copies, and a child whom its main system knows."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from atlas.agencies.models import Post
from atlas.chronology.moments import Moment
from atlas.copies.commands.channel import set_copy_channel
from atlas.copies.jobs import serve
from atlas.copies.models import Channel, Copy
from atlas.feeds.queries import MAIN_SYSTEM
from atlas.gate.context import acting_as
from atlas.missing.codes import Audience, ClosedBecause, Wish
from atlas.missing.commands.back import record_return
from atlas.missing.commands.offer import close_interview
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.talk import finish_sharing, record_interview, share_part
from atlas.missing.models import Episode, ReturnInterview
from atlas.people.models import Identifier, IdentifierKind
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import BACK, COMPLETE
from tests.world import World

NUMBER = "MOS-30217"
CLOSED = BACK + timedelta(hours=4)


def copying(world: World, channel: Channel, at: datetime = NOW) -> Post:
    """The authority is sent its copies this way; its main system knows the child. Gives the feed."""
    officer = factories.post("data_officer", of=factories.team("Information governance"))
    set_copy_channel(authority=world.authority, channel=channel, by=officer, at=at)
    feed = factories.feed_post()
    with acting_as(feed, at):
        Identifier(person_id=world.child.pk, kind=IdentifierKind.COUNCIL, system=MAIN_SYSTEM, value=NUMBER).save(force_insert=True)
    return feed


def over(world: World, at: datetime = NOW, **report: Any) -> Episode:
    """An episode that is over, five hours after it was reported."""
    said = Report(reported=Moment(at), last_seen=Moment(at - timedelta(hours=2)), **{"worry": "Not home from school", **report})
    episode = report_missing(child=world.child, report=said, by=world.coordinator, at=at)
    back = at + (BACK - NOW)
    return record_return(episode=episode, returned_at=Moment(back), returned_to="At home", by=world.worker, at=back)


def closed(world: World, episode: Episode, words: str = "I want to see my brother.") -> ReturnInterview:
    """Its return interview: held, a part of it for the social worker, closed by the coordinator."""
    with acting_as(world.interviewer, BACK):
        interview = ReturnInterview.objects.get(episode=episode)
    acting: dict[str, Any] = {"by": world.interviewer, "at": CLOSED - timedelta(hours=1)}
    interview = record_interview(interview=interview, conversation=COMPLETE, held_at=Moment(CLOSED - timedelta(hours=2)), **acting)
    for audience, said, is_shared in ((Audience.SOCIAL_WORKER, words, True), (Audience.POLICE, "Kept from the council", False)):
        share_part(
            interview=interview, audience=audience, words=said, wish=Wish.YES if is_shared else Wish.NO, is_shared=is_shared, **acting
        )
    finish_sharing(interview=interview, **acting)
    return close_interview(interview=interview, because=ClosedBecause.SHARED, by=world.coordinator, at=CLOSED)


def served(world: World, feed: Post, at: datetime) -> None:
    """The job runs for the authority."""
    serve(world.authority, feed, lambda: at)


def copies(world: World, at: datetime = CLOSED) -> dict[str, Copy]:
    """The newest copy of each kind, as the child's worker sees it."""
    with acting_as(world.worker, at):
        return {copy.kind: copy for copy in Copy.objects.order_by("owed_at", "pk").select_related("authority", "child")}


def to_file(folder: Path, world: World) -> list[Path]:
    """What lies in the folder for the main system."""
    return sorted((folder / world.authority.code / "to_file").iterdir())
