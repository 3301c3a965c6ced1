"""What a log line may hold: no name, no address, no argument of a job."""

import logging


def without_arguments(record: logging.LogRecord) -> bool:
    """Let a line about a job say which job and how it ended, and nothing that it carried: a job holds a worker's address."""
    job = getattr(record, "job", None)
    if job is not None:
        failure = f": {record.exc_info[0].__name__}" if record.exc_info and record.exc_info[0] else ""
        record.msg, record.args = f"job {job.get('task_name')}[{job.get('id')}] {getattr(record, 'action', '')}{failure}", ()
        record.exc_info = record.exc_text = None
    return True
