"""Pitfalls of row security that only show when it is tried (protection.md 4.9)."""

import logging
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from atlas.config.logs import WithoutWords
from tests import factories

DETAIL = "Key (kind, value)=(nhs_number, 9990001234) already exists."


@pytest.mark.django_db
def test_an_error_s_row_reaches_neither_the_page_nor_the_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, signed_in: Any
) -> None:
    def fails(*given: Any, **named: Any) -> None:
        raise IntegrityError(f"duplicate key value violates unique constraint\nDETAIL:  {DETAIL}")

    monkeypatch.setattr("atlas.desk.views.open_tasks", fails)
    signed_in(factories.post("practitioner"))
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, "django.request"):
        answer = client.get("/")
    assert answer.status_code == 500
    assert "9990001234" not in answer.content.decode()
    written = [WithoutWords("{levelname} {message}", style="{").format(record) for record in caplog.records if record.exc_info]
    assert written, "nothing was logged"
    assert all("9990001234" not in line and "IntegrityError" in line and "views.py" in line for line in written)
    assert all(
        isinstance(handler.formatter, WithoutWords)
        for handler in logging.getLogger().handlers
        if handler.__class__ is logging.StreamHandler
    )
