"""How long an enrolment, a session and an unused account last. Pure.

Source: protection.md 4.8 (unused 30 days: suspended; 90: closed), table A14 (idle 15 minutes, absolute 12 hours), E6 (locked
within ten tries).
"""

from datetime import datetime, timedelta

SUSPENDED_AFTER = timedelta(days=30)
CLOSED_AFTER = timedelta(days=90)
ENROLMENT_LIFE = timedelta(hours=72)
IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
SAME_DEVICE = timedelta(days=90)  # a device and network used this lately is no news to the person
MOST_WRONG_CODES = 10
CODE_SECONDS = 30  # how long an authenticator shows a code (RFC 6238)
WRONG_CODES_WITHIN = timedelta(minutes=15)


def last_used(*moments: datetime | None) -> datetime | None:
    """The latest of the moments at which an account was opened or signed in to; None where it was never opened."""
    return max((moment for moment in moments if moment is not None), default=None)


def is_dormant(used_at: datetime | None, at: datetime) -> bool:
    """Whether an account, last used then, is to be suspended. One that was never opened cannot sign in, and is left alone."""
    return used_at is not None and at - used_at >= SUSPENDED_AFTER


def is_to_close(used_at: datetime | None, at: datetime) -> bool:
    """Whether a suspended account, last used then, is to be closed for good."""
    return used_at is not None and at - used_at >= CLOSED_AFTER
