"""A run that tick selected waits for two people: the privacy officers of the authority are told that it does. Not how many records, nor whose."""

from datetime import datetime

from django.conf import settings

from atlas.agencies.queries import posts_standing
from atlas.gate.days import day_of
from atlas.retention.models import RetentionRun
from atlas.tasks.jobs import send_email

SUBJECT = "Atlas: a retention run waits for two people"
WORDS = (
    "Atlas has selected records that nothing keeps any more. None of them goes unless two people agree, one of them a privacy officer.\n\n"
    "Sign in and open What goes, and what went: {address}\n"
)
STOPPED_SUBJECT = "Atlas: a retention run stopped itself"
STOPPED = (
    "Atlas has selected more records than a run may take, or what nobody forecast, and stopped. Nothing goes.\n\n"
    "Sign in and read why, under What goes, and what went: {address}\n"
)


def tell_of_run(run: RetentionRun, at: datetime) -> int:
    """Tell each privacy officer by e-mail. Returns how many were told."""
    is_ready = run.state == RetentionRun.State.READY
    subject, words = (SUBJECT, WORDS) if is_ready else (STOPPED_SUBJECT, STOPPED)
    officers = posts_standing(day_of(at)).filter(role="privacy_officer", team__agency__authorities=run.authority_id)
    addresses = sorted({post.user.email for post in officers if post.user.email})
    for address in addresses:
        send_email.defer(to=address, subject=subject, words=words.format(address=settings.ATLAS_ADDRESS))
    return len(addresses)
