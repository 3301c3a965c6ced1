"""A message that has not left: its alert goes on to the next person at once, and those in charge of the service are told by another way if there is one."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from atlas.agencies.models import Post, Shift
from atlas.agencies.queries import posts_standing
from atlas.gate.days import day_of
from atlas.gate.policy import ROLES, Permission
from atlas.running.rules import URGENT
from atlas.running.shelf import Shelf
from atlas.tasks.jobs import send_email, send_text
from atlas.tasks.models import Alert

EMAIL, TEXT = "tasks.send_email", "tasks.send_text"
SUBJECT = "Atlas: urgent messages have not left"
WORDS = (
    "Urgent messages have not left Atlas since {when} UTC. They may be alerts that nobody has seen.\n\nSign in, open Running Atlas, and ring "
    "those whom they were for: {address}\n"
)
SHORT = "Atlas: urgent messages have not left since {when} UTC. Open Running Atlas, and ring those whom they were for."


def tell_of_shelf(shelf: Shelf, at: datetime) -> int:
    """Let each alert of which a message has not left climb now, and tell those in charge. Returns how many urgent jobs are new on the shelf."""
    urgent = [one for one in shelf.shelved if one.queue == URGENT]
    told = {one.told for one in urgent if one.told}
    Alert.objects.filter(pk__in=told, acknowledged_at__isnull=True, climbs_at__gt=at).update(climbs_at=at)
    # The messages about messages are on the same queue: where those fail too, nothing more is sent, and the screen says it.
    messages = [one for one in urgent if one.task in (EMAIL, TEXT) and one.told]
    if messages:
        _tell({one.task for one in messages}, min(one.since_at for one in messages), at)
    return len(urgent)


def _tell(stuck: Iterable[str], since: datetime, at: datetime) -> None:
    facts = {"when": f"{since:%d %B %Y at %H:%M}", "address": settings.ATLAS_ADDRESS}
    for post in _in_charge(at):
        if post.user.email and EMAIL not in stuck:
            send_email.defer(to=post.user.email, subject=SUBJECT, words=WORDS.format(**facts))
        if post.user.telephone and TEXT not in stuck:
            send_text.defer(to=post.user.telephone, words=SHORT.format(**facts))


def _in_charge(at: datetime) -> list[Post]:
    """Whoever keeps the service, and the posts on shift that may decide about a job."""
    roles = [role.key for role in ROLES if Permission.TRY_JOB_AGAIN in role.permissions]
    on_shift = Shift.objects.filter(post=OuterRef("pk"), from_at__lte=at, until_at__gt=at, is_leave=False)
    return list(posts_standing(day_of(at)).filter(Q(role="system_administrator") | Q(Exists(on_shift), role__in=roles)))
