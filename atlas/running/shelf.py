"""The shelf: jobs that failed for good, and urgent ones that are late, put where a person sees them. For tick, every minute."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from atlas.running import queue
from atlas.running.models import Shelved


@dataclass(frozen=True)
class Shelf:
    """What one look at the queue came to."""

    shelved: list[Shelved]
    taken_up: int


def keep_shelf(at: datetime) -> Shelf:
    """Take up again what stalled, move on what stands on the shelf, and put on it what belongs there. Run twice, it does the same as once."""
    taken_up = queue.take_up()
    queue.move_on(at)
    made = [
        Shelved(
            job=job, task=task, queue=of, tries=tries, kind=kind, told=_uuid(told), for_post_id=_uuid(post), since_at=since, shelved_at=at,
            state=Shelved.State.WAITING if status == "failed" else Shelved.State.TRYING,
        )
        for job, task, of, tries, status, kind, told, post, since in queue.to_shelve()
    ]  # fmt: skip
    Shelved.objects.bulk_create(made, ignore_conflicts=True)
    return Shelf(made, taken_up)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
