"""Which held interviews are read and coded a second time. Pure: the same interview is always drawn, or never.

Source: practice.md 3.8.5 (no national list of answers, so how alike people code is to be measured). Product defaults, not law; no authority
and no person sets them.
"""

from datetime import timedelta
from uuid import UUID

from atlas.missing.rules.quality import is_drawn

SEED, RATE = "read again 2026", 0.1  # one in ten
LOOKS_BACK = timedelta(days=182)  # an older one is not asked for any more


def is_drawn_again(interview: UUID) -> bool:
    """Whether chance draws this interview for a second reader: by its own id alone."""
    return is_drawn(interview, seed=SEED, rate=RATE)
