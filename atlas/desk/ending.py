"""What searching left behind ends: a silent notice that is shown to nobody any more is taken away."""

from datetime import datetime

from atlas.desk.models import SilentNotice
from atlas.desk.queries import NOTICED_FOR


def forget_silent_notices(at: datetime) -> int:
    """Take away the silent notices that are older than those on a list of names are shown; called by tick. Returns how many.

    That somebody searched, and whom the search met, stays in the record of looks.
    """
    return SilentNotice.objects.filter(searched_at__lte=at - NOTICED_FOR).delete()[0]
