"""What is urgent never waits behind what takes long: it has a worker that does nothing else, and no job is on a queue that nobody works off."""

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
