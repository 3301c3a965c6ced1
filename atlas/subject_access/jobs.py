"""The job that tells, once a day, whose day comes near."""

from django.utils import timezone
from procrastinate.contrib.django import app

from atlas.running.queue import give_back
from atlas.subject_access.telling import tell_of_requests


@app.periodic(cron="0 7 * * *")
@app.task(name="subject_access.tell_of_requests", queue="bulk", queueing_lock="subject_access.tell_of_requests")
def tell_daily(timestamp: int) -> None:
    """Each morning."""
    try:
        tell_of_requests(timezone.now())
    finally:
        give_back()
