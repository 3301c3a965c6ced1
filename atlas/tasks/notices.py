"""An alert reaches people: on the screen, by e-mail, by text and by voice, with a reference only, never a name."""

from datetime import datetime

from django.conf import settings

from atlas.agencies.models import Post
from atlas.design.words import reference_of
from atlas.running.rules import FIRST
from atlas.tasks.jobs import send_email, send_text
from atlas.tasks.models import Alert, Notice
from atlas.tasks.queries import told_by
from atlas.tasks.rules import LADDER, Who, is_read_out

SUBJECT = "Atlas: an alert needs an answer ({reference})"
WORDS = (
    "An alert in Atlas is waiting for you. Reference {reference}.\n\nSign in to read it and to say that you are acting on it: {address}\n\n"
    "If you cannot, ring {number}. Until somebody answers, the next person is told.\n"
)
# A child may be in danger now: nothing about a time limit, or a task, goes before it, however long that waits.
IN_DANGER = frozenset({Alert.Reason.CHILD_MISSING, Alert.Reason.CARER_SAID, Alert.Reason.CHILD_SAID})
TEXT = "Atlas alert {reference}: sign in, or ring {number}."


def tell_rung(alert: Alert, rung: int, at: datetime) -> list[Notice]:
    """Tell every post of a rung, by each way it can be reached. Returns the notices written; none where nobody stands there."""
    told: list[Notice] = []
    by_mail, by_text = (task.configure(priority=FIRST if alert.reason in IN_DANGER else 0) for task in (send_email, send_text))
    for post in told_by(alert, rung, at):
        ids = {"told": str(alert.pk), "post": str(post.pk)}
        told.append(_notice(alert, rung, Notice.Channel.SCREEN, post, at))
        if post.user.email:
            told.append(_notice(alert, rung, Notice.Channel.EMAIL, post, at))
            by_mail.defer(to=post.user.email, subject=SUBJECT.format(**_facts(alert)), words=WORDS.format(**_facts(alert)), **ids)
        # Whoever is on duty may be reached by the team's own line, which reads it out.
        if number := post.user.telephone or (post.team.telephone if LADDER[rung].who is Who.DUTY else ""):
            told.append(_notice(alert, rung, Notice.Channel.VOICE if is_read_out(number) else Notice.Channel.TEXT, post, at))
            by_text.defer(to=number, words=TEXT.format(**_facts(alert)), **ids)
    if LADDER[rung].wait is None:
        told.append(_notice(alert, rung, Notice.Channel.SCREEN, None, at))
    Notice.objects.bulk_create(told, ignore_conflicts=True)
    return told


def reference(alert: Alert) -> str:
    """The reference that stands for an alert outside Atlas: eight characters of its own random id, about nobody."""
    return reference_of(alert.pk)


def _facts(alert: Alert) -> dict[str, str]:
    return {"reference": reference(alert), "number": alert.authority.staffed_number, "address": settings.ATLAS_ADDRESS}


def _notice(alert: Alert, rung: int, channel: Notice.Channel, post: Post | None, at: datetime) -> Notice:
    return Notice(
        child_id=alert.child_id, alert=alert, rung=rung, channel=channel, to_post=post, reference=reference(alert), told_at=at,
        to_words=str(post)[:120] if post else f"{LADDER[rung].name}: {alert.authority.staffed_number}",
    )  # fmt: skip
