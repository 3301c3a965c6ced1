"""Whether a child was away overnight. Source: practice.md section 7, EV-03; the hour is Atlas's own."""

from datetime import datetime, time, timedelta

from atlas.chronology.moments import LONDON, Moment

DEEP_NIGHT = time(3)  # away at this hour in London is away overnight
A_DAY = timedelta(hours=24)


def was_overnight(gone: Moment, back: Moment) -> bool:
    """Whether the child was certainly away at three in the morning, or for more than 24 hours; where the times are not exact, by the shortest reading."""
    if gone.latest is None or back.earliest is None or back.earliest <= gone.latest:
        return False
    if back.earliest - gone.latest > A_DAY:
        return True
    start = gone.latest.astimezone(LONDON)
    night = datetime.combine(start.date(), DEEP_NIGHT, LONDON)
    night = night if night >= start else datetime.combine(start.date() + timedelta(days=1), DEEP_NIGHT, LONDON)
    return night <= back.earliest
