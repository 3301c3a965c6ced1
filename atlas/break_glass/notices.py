"""A break-glass reaches people outside Atlas: with a reference only, never a name. The rows of who is told are in the same transaction."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from procrastinate.exceptions import ProcrastinateException

from atlas.agencies.models import Post
from atlas.design.words import reference_of
from atlas.tasks.jobs import send_email, send_text

SUBJECT = "Atlas: a record was opened in an emergency ({reference})"
WORDS = (
    "A record was opened in an emergency, or somebody tried to open it. Reference {reference}.\n\n"
    "Sign in to read who it was and why: {address}\n"
)
LATE = "A record that was opened in an emergency has not been reviewed in time. Reference {reference}.\n\nSign in to review it: {address}\n"
TEXT = "Atlas: a record was opened in an emergency, reference {reference}. Sign in to read more."


def hand_on(break_glass: UUID, recipients: Iterable[UUID], *, is_late: bool = False) -> bool:
    """Hand e-mails and texts to the queue. Where the queue is down nothing is lost: tick hands them on within a minute of its return."""
    facts = {"reference": reference_of(break_glass), "address": settings.ATLAS_ADDRESS}
    try:
        with transaction.atomic():
            told = Post.objects.filter(pk__in=list(recipients)).select_related("user")
            for post in told.only("user", "user__email", "user__telephone"):  # tick reads no more of a person
                ids = {"told": str(break_glass), "post": str(post.pk)}
                if post.user.email:
                    words = (LATE if is_late else WORDS).format(**facts)
                    send_email.defer(to=post.user.email, subject=SUBJECT.format(**facts), words=words, **ids)
                if post.user.telephone:
                    send_text.defer(to=post.user.telephone, words=TEXT.format(**facts), **ids)
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT gate_break_glass_handed(%s)", [break_glass])
    except (DatabaseError, ProcrastinateException):
        return False
    return True
