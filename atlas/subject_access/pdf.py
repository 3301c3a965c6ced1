"""An answer as a PDF: made from what it says and from nothing else, tagged (PDF/UA-1), so that nothing that was removed is in it."""

import json
from pathlib import Path
from typing import Any

import typst

TEMPLATE = Path(__file__).with_name("answer.typ")


def pdf_of_answer(view: dict[str, Any], mark: str) -> bytes:
    """The PDF. `mark`: stands on every page: which answer of which request, when it was released."""
    made = typst.compile(
        str(TEMPLATE), format="pdf", ignore_system_fonts=True, pdf_standards="ua-1", sys_inputs={"view": json.dumps(view), "mark": mark}
    )
    assert isinstance(made, bytes)
    return made
