"""Jobs that carry a notice out of Atlas. They hold an address and a reference, and read no record."""

import json
import urllib.request

from django.conf import settings
from django.core.mail import send_mail
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

# A mail server that is down for a night must lose no alert: after 5 seconds, then 15, 25 … up to 20 minutes, for 20 hours in all.
AGAIN = RetryStrategy(max_attempts=120, wait=5, linear_wait=10)
TIMEOUT_SECONDS = 20


@app.task(name="tasks.send_email", queue="urgent", retry=AGAIN)
def send_email(to: str, subject: str, words: str) -> None:
    """Send one e-mail through the council's server."""
    send_mail(subject, words, settings.DEFAULT_FROM_EMAIL, [to])


@app.task(name="tasks.send_text", queue="urgent", retry=AGAIN)
def send_text(to: str, words: str) -> None:
    """Hand one text message to the hook of the council's provider; without a hook, nothing is sent and nothing is lost:
    the screen and the e-mail carry the same.
    """
    if not settings.ATLAS_TEXT_HOOK:
        return
    body = json.dumps({"to": to, "words": words}).encode()
    request = urllib.request.Request(settings.ATLAS_TEXT_HOOK, data=body, headers={"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        answer.read()
