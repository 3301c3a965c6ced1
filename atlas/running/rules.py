"""How often each process beside the pages must say that it works, when an urgent job is late, and what each job is for. Product default, not law."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

URGENT = "urgent"
FIRST = 1  # the priority of an urgent job that a storm of older ones must not hold up; that of all others is 0
URGENT_LATE = timedelta(minutes=5)  # an alert that has not left by then is known to a person
STALLED = timedelta(minutes=1)  # without a sign of its worker, a job is taken up again
MOST_STALLS = 3  # a job whose worker ended so often is not tried again by itself: it may be what ends it
KEPT = timedelta(days=30)  # how long what was decided stands on the page, and finished jobs are kept


@dataclass(frozen=True)
class Expected:
    """A process beside the pages: how long after its last beat it is late, and what then does not happen."""

    words: str
    late_after: timedelta
    meanwhile: str


BEATS: dict[str, Expected] = {
    "tick": Expected(
        "Tick", timedelta(minutes=3), "Nobody is told that a time limit passed, and no alert goes on to the next person: look at Missing now and My work yourself."
    ),
    "urgent": Expected(
        "Urgent messages", timedelta(minutes=3), "No e-mail and no text message about an alert leaves: ring whoever must know."
    ),
    "bulk": Expected("Long work", timedelta(minutes=60), "Exports, profiles, long deliveries and copies for the main case system wait. Nobody needs to ring for it."),
    "sealer": Expected("The sealer", timedelta(minutes=2), "Acts and looks are written down, and are not sealed until it works again."),
    "packs": Expected(
        "Emergency packs", timedelta(hours=2), "The duty teams’ packs grow old: on a bad day they would show who was missing when they were made last."
    ),
}  # fmt: skip

# What each job is for, in the words of whoever reads the shelf.
JOBS: dict[str, str] = {
    "tasks.send_email": "Tell somebody by e-mail that something in Atlas needs them",
    "tasks.send_text": "Tell somebody by text message, or by voice, that something in Atlas needs them",
    "sharing.send_guest_code": "Send the code by which a carer, a child or a guest opens their page",
    "sharing.run_export": "Make an export that somebody asked for",
    "feeds.serve_delivery": "Take in, or undo, a long delivery",
    "profile.make_profile": "Make a local profile",
    "network.search_together": "Look which children are missing at the same times",
    "linkage.search_pairs": "Look for two records of one child, each night",
    "linkage.search_child": "Look whether a new record is of a child who is known already",
    "missing.compare_halves": "Compare the police’s and the council’s records of missing episodes, each day",
    "copies.send_copies": "Hand copies over to the main case system",
    "systems.tell_system": "Tell an agency’s own system that a record changed",
    "running.beat_urgent": "Show that urgent messages leave",
    "running.beat_bulk": "Show that long work is worked off",
    "running.forget_jobs": "Forget what is finished",
    "accounts.forget_sessions": "Forget who was signed in and is no more, and wrong passwords of a month ago",
    "subject_access.tell_of_requests": "Tell whoever answers that a request for a record is to be answered",
}


def late(ages: Mapping[str, timedelta]) -> list[str]:
    """The processes whose last beat is too old, by name. One that never left a beat is no late one: it has not been started yet."""
    return [name for name, expected in BEATS.items() if name in ages and ages[name] > expected.late_after]


def for_what(task: str) -> str:
    """What a job is for; its own name where nobody has said so."""
    return JOBS.get(task, task)
