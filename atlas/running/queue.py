"""The queue as it stands in the database: what belongs on the shelf, what stalled, what is finished; and the beats. By the database's own clock.

Its package gives its tables to be read alone; what changes here changes by the package's own functions, or is a beat, or a failure's kind.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connections, transaction

from atlas.running.rules import KEPT, MOST_STALLS, STALLED, URGENT, URGENT_LATE

# Failed and not on the shelf or given up; or urgent, asked for a while ago, and not gone. Not a beat: the next follows, or the page says that it is late.
_TO_SHELVE = """
    SELECT j.id, j.task_name, j.queue_name, j.attempts, j.status::text, coalesce(f.kind, ''), j.args->>'told', j.args->>'post',
           coalesce((SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'deferred'), now()) AS since
    FROM procrastinate_jobs j LEFT JOIN running_jobfailure f ON f.job = j.id
    WHERE NOT starts_with(j.task_name, 'running.beat_')
      AND NOT EXISTS (SELECT 1 FROM running_shelved s WHERE s.job = j.id AND s.state IN ('trying', 'waiting', 'given_up'))
      AND (j.status = 'failed' OR (j.queue_name = %s AND j.status IN ('todo', 'doing') AND EXISTS (
           SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'deferred' AND e.at < now() - %s)))
    ORDER BY j.id LIMIT 500"""
_STALLED = """
    SELECT j.id, (SELECT count(*) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started')
    FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - %s
       -- A worker does one job at a time: of one whose end it could not write down, since the database was away just then, it says nothing more.
       OR EXISTS (SELECT 1 FROM procrastinate_events e JOIN procrastinate_jobs o ON o.id = e.job_id
                  WHERE e.type = 'started' AND o.worker_id = j.worker_id AND o.id <> j.id
                  AND e.id > (SELECT max(s.id) FROM procrastinate_events s WHERE s.job_id = j.id AND s.type = 'started')))
    ORDER BY j.id LIMIT 500"""
_MOVED_ON = """
    UPDATE running_shelved s SET tries = j.attempts,
        state = CASE WHEN j.status IN ('todo', 'doing') THEN s.state WHEN j.status = 'failed' THEN 'waiting' ELSE 'gone' END,
        decided_at = CASE WHEN j.status IN ('todo', 'doing', 'failed') THEN NULL ELSE %s::timestamptz END
    FROM procrastinate_jobs j WHERE j.id = s.job AND s.state = 'trying'"""
_FINISHED = """
    DELETE FROM procrastinate_jobs j WHERE j.status IN ('succeeded', 'aborted') AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id
    AND e.at > now() - CASE WHEN starts_with(j.task_name, 'running.') THEN interval '1 day' ELSE %s END)"""
_BEAT = """
    INSERT INTO running_beat (name, beat_at) VALUES (%s, clock_timestamp()) ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at"""
_FAILED = """
    INSERT INTO running_jobfailure (job, kind, failed_at) VALUES (%s, %s, clock_timestamp())
    ON CONFLICT (job) DO UPDATE SET kind = excluded.kind, failed_at = excluded.failed_at"""
_QUEUED = """
    SELECT j.queue_name, count(DISTINCT j.id), min(e.at), extract(epoch FROM now() - min(e.at))::float8
    FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id
    AND e.type = 'deferred' WHERE j.status IN ('todo', 'doing') GROUP BY 1"""


def _ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall()) if cursor.description else []


def beat(name: str) -> None:
    """Say that this process works. In a transaction of its own where there is none."""
    _ask(_BEAT, name)


def ages() -> dict[str, timedelta]:
    """How long ago each process said that it works."""
    return dict(_ask("SELECT name, clock_timestamp() - beat_at FROM running_beat"))


def note_kind(job: int, kind: str) -> None:
    """Keep the kind of the error with which a job failed last."""
    _ask(_FAILED, job, kind[:120])


def take_up() -> int:
    """A job whose worker shows no sign of life, or has begun another since, goes back to the queue; one that has seen several workers end fails instead."""
    stalled = _ask(_STALLED, STALLED)
    for job, starts in stalled:
        if starts >= MOST_STALLS:
            note_kind(job, "WorkerEnded")
            _ask("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", job)
        elif not _back(job):
            _ask("SELECT procrastinate_finish_job_v1(%s, 'aborted', false)", job)  # the other does what this one was to do
    return len(stalled)


def put_back(job: int) -> bool:
    """Put a failed job back into its queue, to be done at once. False where it is there no more, has not failed, or another of its kind waits already."""
    return bool(_ask("SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'failed' FOR UPDATE", job)) and _back(job)


def _back(job: int) -> bool:
    """Back into its queue. False where another of its kind (one queueing lock) waits there: of these only one may."""
    try:
        with transaction.atomic():
            _ask("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", job)
    except IntegrityError:
        return False
    return True


def to_shelve() -> list[tuple[Any, ...]]:
    """(job, task, queue, tries, status, kind of error, told, post, since) of what belongs on the shelf and is not there."""
    return _ask(_TO_SHELVE, URGENT, URGENT_LATE)


def move_on(at: datetime) -> None:
    """On the shelf, what was late and went is gone; what was late and failed waits for a person."""
    _ask(_MOVED_ON, at)


def forget_finished() -> None:
    """Jobs that ended a month ago, and those that only showed that a queue works, of yesterday, are forgotten. What failed stays until somebody decides."""
    _ask(_FINISHED, KEPT)


def state_of(job: int) -> str:
    """How it stands with a job, in the package's word: todo, doing, failed, succeeded, aborted. Empty for one that is forgotten."""
    return next((status for (status,) in _ask("SELECT status::text FROM procrastinate_jobs WHERE id = %s", job)), "")


def waiting() -> dict[str, tuple[int, datetime | None]]:
    """Of each queue, how many jobs wait or run, and since when the oldest does."""
    return {name: (jobs, oldest) for name, jobs, oldest, _ in _ask(_QUEUED)}


def waiting_ages() -> dict[str, tuple[int, float]]:
    """The same, with how many seconds ago the oldest was asked for."""
    return {name: (jobs, age) for name, jobs, _, age in _ask(_QUEUED)}


def give_back() -> None:
    """A worker's thread keeps no connection from one job to the next."""
    if not connections["default"].in_atomic_block:
        connections["default"].close()
