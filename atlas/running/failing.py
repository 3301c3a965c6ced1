"""What is kept of a job's failure: the kind of the error. The queue itself keeps none (settings.PROCRASTINATE_WORKER_DEFAULTS)."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connections


def note_failure(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Around every job: where it fails, note how, and let it fail."""
    try:
        return call_next()
    except Exception as problem:
        try:
            _keep(context.job.id, f"{type(problem).__module__}.{type(problem).__qualname__}".removeprefix("builtins."))
        except DatabaseError:
            logging.getLogger(__name__).warning("how a job failed could not be kept")
        raise


def _keep(job: int, kind: str) -> None:
    from atlas.running.queue import note_kind  # the settings name this file before there is a database

    note_kind(job, kind)
    if not connections["default"].in_atomic_block:
        connections["default"].close()
