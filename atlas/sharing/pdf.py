"""A compiled view as a PDF: the same structure as the page, tagged (PDF/UA-1), with nothing in it but the view."""

import json
from pathlib import Path
from typing import Any

import typst

TEMPLATE = Path(__file__).with_name("view.typ")


def pdf_of(view: dict[str, Any], mark: str) -> bytes:
    """The PDF. `mark`: stands on every page: who printed it, when, under which reference."""
    made = typst.compile(
        str(TEMPLATE), format="pdf", ignore_system_fonts=True, pdf_standards="ua-1", sys_inputs={"view": json.dumps(view), "mark": mark}
    )
    assert isinstance(made, bytes)
    return made
