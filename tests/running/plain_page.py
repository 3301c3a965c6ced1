"""One page of plain text, served as the service is: what the server by itself does for its clients."""

from collections.abc import Callable, Iterator
from typing import Any


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
    """Answers whatever is asked."""
    start("200 OK", [("Content-Type", "text/plain")])
    return iter([b"ok"])
