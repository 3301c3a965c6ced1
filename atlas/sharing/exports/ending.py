"""An export ends: its file and the key that opens it are taken away; what it was for, and who has it, stays on record."""

from datetime import datetime

from atlas.sharing.models import ExportFile


def forget_exports(at: datetime) -> int:
    """Take away the files of exports that have ended; called by tick. Returns how many."""
    return ExportFile.objects.filter(until_at__lte=at).delete()[0]
