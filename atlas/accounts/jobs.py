"""The job that takes away, once a night, what is left of sessions."""

from django.utils import timezone
from procrastinate.contrib.django import app

from atlas.accounts.ending import forget_sessions
from atlas.running.queue import give_back


@app.periodic(cron="40 3 * * *")
@app.task(name="accounts.forget_sessions", queue="bulk", queueing_lock="accounts.forget_sessions")
def forget_nightly(timestamp: int) -> None:
    """Once a night."""
    try:
        forget_sessions(timezone.now())
    finally:
        give_back()
