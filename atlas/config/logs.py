"""What a log line may hold: no name, no address, no argument of a job, and of an error no more than its kind and where it happened."""

import json
import logging
import re
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class WithoutWords(logging.Formatter):
    """An error's own words may hold what was typed, or a row: PostgreSQL's DETAIL names the value that is there already.

    Times are UTC. What somebody sent begins no line of its own, and moves no terminal (OWASP ASVS 5.0.0, 16.2.2 and 16.4.1).
    """

    converter = staticmethod(time.gmtime)
    default_msec_format = "%s.%03d"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        """The line itself, with every control character written out."""
        return CONTROL.sub(lambda one: f"\\x{ord(one[0]):02x}", super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the library's name)
        """The kinds of the error and of what led to it, each with its places in the code."""
        error: BaseException | None = ei[1]
        told = []
        while error is not None:
            told.append(f"{type(error).__module__}.{type(error).__qualname__}\n{_places(error.__traceback__)}")
            error = error.__cause__ or error.__context__
        return "because of: ".join(told)


def _places(trace: "TracebackType | None") -> str:
    return "".join(f"  {one.filename}:{one.lineno} {one.name}\n" for one in traceback.extract_tb(trace))


def without_arguments(record: logging.LogRecord) -> bool:
    """Let a line about a job say which job and how it ended, and nothing that it carried: a job holds a worker's address."""
    job = getattr(record, "job", None)
    if job is not None:
        failure = f": {record.exc_info[0].__name__}" if record.exc_info and record.exc_info[0] else ""
        record.msg, record.args = f"job {job.get('task_name')}[{job.get('id')}] {getattr(record, 'action', '')}{failure}", ()
        record.exc_info = record.exc_text = None
    return True


class AsLines(WithoutWords):
    """One JSON object a line: when, how grave, who says it, what happened, and of a request its number, page, status and milliseconds.

    What happened is the sentence as it stands in the code, without the values that were to be put into it; of an error, its kind and places.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"), "level": record.levelname,
            "logger": record.name, "event": _plain(str(record.msg)),
        }  # fmt: skip
        line |= getattr(record, "answered", None) or _of_request(getattr(record, "request", None))
        if record.exc_info and record.exc_info[0]:
            line["error"] = self.formatException(record.exc_info).strip().splitlines()
        return json.dumps(line, ensure_ascii=True)


# A package may have put values into its sentence before it was written: what is in quotes, an address, a long number.
_VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|[\w.+-]+@[\w.-]+|https?://\S+|/[\w/.-]{8,}|\d{5,}|[0-9a-f]{8}-[0-9a-f-]{27}")
MOST = 200


def _plain(text: str) -> str:
    return _VALUES.sub("…", text.splitlines()[0] if text else "")[:MOST]


def _of_request(request: Any) -> dict[str, str]:
    """The number that acts and looks of this request carry, and the name of its page."""
    if request is None or not hasattr(request, "META"):
        return {}
    match = getattr(request, "resolver_match", None)
    return {"request": getattr(request, "audited_as", ""), "route": (match.view_name or "unnamed") if match else "none"}
