"""What a log line looks like: its time in UTC, and nothing that somebody sent begins a line of its own (OWASP ASVS 5.0.0, 16.2.2 and 16.4.1)."""

import logging
import re
from typing import Any

from django.conf import settings

from atlas.config.logs import WithoutWords


def test_a_line_is_one_line_and_its_time_is_utc() -> None:
    given: Any = settings.LOGGING["formatters"]
    record = logging.LogRecord(
        "django.security", logging.WARNING, "x.py", 1, "Not Found: /a\r\n2026-01-01 forged\x1b[2J\u2028\x85", (), None
    )
    record.created = 1_750_000_000.0  # 15 June 2025, 15:06:40 UTC: summer time in London
    text = given["plain"]["()"](given["plain"]["format"], style=given["plain"]["style"]).format(record)
    assert re.fullmatch(
        r"2025-06-15 15:06:40\.\d{3}Z WARNING django\.security Not Found: /a\\x0d\\x0a2026-01-01 forged\\x1b\[2J\\x2028\\x85", text
    ), text
    assert isinstance(WithoutWords(), logging.Formatter)
