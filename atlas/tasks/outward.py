"""A call that leaves Atlas goes to the address that the installation names, or that two people approved, and nowhere that the answer sends it on to."""

import urllib.request
from http.client import HTTPMessage
from typing import IO, Any


class Stay(urllib.request.HTTPRedirectHandler):
    """Go nowhere but to that address (OWASP ASVS 5.0.0, 15.3.2)."""

    def redirect_request(self, req: Any, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str) -> None:
        """Nowhere."""
