"""The jobs by which each queue shows that it is worked off, and the one that forgets what is finished."""

from procrastinate.contrib.django import app

from atlas.running.queue import beat, forget_finished, give_back
from atlas.running.rules import FIRST


@app.periodic(cron="* * * * *")
@app.task(name="running.beat_urgent", queue="urgent", queueing_lock="running.beat_urgent", priority=FIRST)
def beat_urgent(timestamp: int) -> None:
    """Once a minute: urgent messages leave. It says that they are worked off, not that none waits: what is late is on the shelf."""
    beat("urgent")
    give_back()


@app.periodic(cron="*/5 * * * *")
@app.task(name="running.beat_bulk", queue="bulk", queueing_lock="running.beat_bulk")
def beat_bulk(timestamp: int) -> None:
    """Every five minutes, where no long job stands before it."""
    beat("bulk")
    give_back()


@app.periodic(cron="30 3 * * *")
@app.task(name="running.forget_jobs", queue="bulk", queueing_lock="running.forget_jobs")
def forget_jobs(timestamp: int) -> None:
    """Once a night."""
    forget_finished()
    give_back()
