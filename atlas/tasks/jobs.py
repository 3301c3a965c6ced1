"""Jobs that carry a notice out of Atlas. They hold an address, a reference and ids, and read no record. A notice about a child stops here where
the child has been shut to its reader since it was written.

A worker that ends between handing a notice over and saying so is followed by another, who hands the same notice over again (at least once, never less): it carries
the same id then, by which a mailbox or the provider knows it.
"""

import json
import urllib.request
from email.utils import parseaddr
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connections
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from atlas.running.queue import give_back
from atlas.tasks.outward import Stay
from atlas.tasks.rules import is_read_out

# A mail server that is down for a night must lose no alert: after 5 seconds, then 15, 25 … up to 20 minutes, for 20 hours in all.
AGAIN = RetryStrategy(max_attempts=120, wait=5, linear_wait=10)
TIMEOUT_SECONDS = 20


@app.task(name="tasks.send_email", queue="urgent", retry=AGAIN, pass_context=True)
def send_email(context: JobContext, to: str, subject: str, words: str, told: str = "", post: str = "") -> None:
    """Send one e-mail through the council's server. `told`: the alert or break-glass that it is about; `post`: the one whom it is for."""
    if told and not _is_still_told(told, post):
        return
    sender = settings.DEFAULT_FROM_EMAIL
    known_by = f"<{notice_id(context, to, words)}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    EmailMessage(subject, words, sender, [to], headers={"Message-ID": known_by}).send()


@app.task(name="tasks.send_text", queue="urgent", retry=AGAIN, pass_context=True)
def send_text(context: JobContext, to: str, words: str, told: str = "", post: str = "") -> None:
    """Hand one message to the hook of the council's provider: as a text, or (`way` "voice", to a number that takes none) to be read out.

    Without a hook nothing is sent and nothing is lost: the screen and the e-mail carry the same.
    """
    if not settings.ATLAS_TEXT_HOOK or (told and not _is_still_told(told, post)):
        return
    way = "voice" if is_read_out(to) else "text"
    body = json.dumps({"id": notice_id(context, to, words), "to": to, "words": words, "way": way}).encode()
    request = urllib.request.Request(settings.ATLAS_TEXT_HOOK, data=body, headers={"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.build_opener(Stay).open(request, timeout=TIMEOUT_SECONDS) as answer:
        answer.read()


def notice_id(context: JobContext, to: str, words: str) -> str:
    """The same for every try of one job, and another for every other notice: also after a restore, when the numbers of jobs come a second time."""
    return str(uuid5(NAMESPACE_URL, " ".join((settings.ATLAS_ADDRESS, str(context.job.id), to, words))))


def _is_still_told(told: str, post: str) -> bool:
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT gate_still_told(%s, %s, %s)", [told, post, timezone.now()])
            return bool(cursor.fetchone()[0])
    finally:
        give_back()
