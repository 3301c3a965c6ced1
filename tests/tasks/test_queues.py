"""What is urgent never waits behind what takes long: it has a worker that does nothing else, and no job is on a queue that nobody works off."""

from django.conf import settings
from procrastinate.contrib.django import app

import run


def test_every_queue_has_its_worker_and_urgent_jobs_have_one_alone() -> None:
    worked = [words[-1] for words in run.JOBS]
    ours = {task.name: task.queue for task in app.tasks.values() if not task.name.startswith(("builtin:", "procrastinate."))}
    assert set(ours.values()) == set(worked) == {"urgent", "bulk"}
    assert {name for name, queue in ours.items() if queue == "urgent"} == {
        "tasks.send_email",
        "tasks.send_text",
        "sharing.send_guest_code",
        "running.beat_urgent",
    }


def test_a_worker_does_one_job_at_a_time() -> None:
    """So that one which has begun another has ended the one before, whatever it could write down (running/queue.py)."""
    unit = (run.ROOT / "deploy/atlas-worker@.service").read_text()
    assert "procrastinate worker" in unit and "concurrency" not in unit
    assert all("concurrency" not in word for words in run.JOBS for word in words)
    assert "concurrency" not in settings.PROCRASTINATE_WORKER_DEFAULTS
