"""Sessions that are over, and what was counted against guessing, are taken away: they hold addresses and devices of workers."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

TRIES_KEPT = timedelta(days=30)


def forget_sessions(at: datetime) -> int:
    """Take away sessions that are over, the devices of those that are no more, and tries to sign in that are a month old. Returns how many rows."""
    gone = Session.objects.filter(expire_date__lt=at).delete()[0]
    gone += UserSession.objects.exclude(Exists(Session.objects.filter(session_key=OuterRef("session_key")))).delete()[0]
    return gone + sum(
        model.objects.filter(attempt_time__lt=at - TRIES_KEPT).delete()[0] for model in (AccessAttempt, AccessFailureLog, AccessLog)
    )
