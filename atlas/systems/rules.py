"""How long a connected system may act for a person, how old a call may be, and how many it may make. Product defaults, not law."""

from datetime import timedelta

GRANT_LIFE = timedelta(hours=12)  # as long as one sign-in lasts at most: what is let in the morning has ended by the night
CALL_LIFE = timedelta(seconds=60)
CLOCK_SKEW = timedelta(seconds=30)  # by how much a system's clock may be ahead of ours
MOST_CALLS = 240  # of one person's grant, in a minute
REMEMBERED = timedelta(minutes=10)  # a call may not come again while it could still be let in; longer than CALL_LIFE and CLOCK_SKEW
MOST_BODY = 256 * 1024  # bytes
