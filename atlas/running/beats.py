"""A beat of a process that turns many times a minute: it need not write each time."""

import time

from atlas.running.queue import beat

EVERY = 20  # seconds
_last: dict[str, float] = {}


def beat_now_and_then(name: str) -> None:
    """Say that this process works, if it has not said so just now."""
    now = time.monotonic()
    if now - _last.get(name, -EVERY) >= EVERY:
        beat(name)
        _last[name] = now
