"""A copy of a plan as a PDF, compiled from the same blocks as the page: tagged, checked against PDF/UA-1 when it is made; the child's in large type."""

import json
from pathlib import Path

import typst

from atlas.sharing import words_for_children as words
from atlas.sharing.copy import Audience, CompiledCopy
from atlas.sharing.rules import MARKING

TEMPLATE = Path(__file__).with_name("copy.typ")


def pdf_of_copy(copy: CompiledCopy, mark: str) -> bytes:
    """The PDF. `mark`: who printed it, when, under which reference; on every page but those of the child's copy, which say nothing of where they came
    from to whoever finds them, and name no child (real-life.md 7).
    """
    is_child = copy.audience == Audience.CHILD
    shown = copy.as_json() | {
        "is_child": is_child, "marking": "" if is_child else MARKING, "mark": "" if is_child else mark,
        "before": [*words.PAPER] if is_child else [], "answer": words.PAPER_ANSWER if is_child else "",
        "after": [f"{words.DANGER} {words.DANGER_NUMBER}", f"{words.TALK} {words.TALK_NUMBER}", words.NIGHT] if is_child else [],
    }  # fmt: skip
    made = typst.compile(
        str(TEMPLATE), format="pdf", ignore_system_fonts=True, pdf_standards="ua-1", sys_inputs={"copy": json.dumps(shown)}
    )
    assert isinstance(made, bytes)
    return made
