"""While a request is answered, no table about a child is asked before the gate has been: such a question is a mistake, and fails loudly.

Row security would answer it with nothing, which hides the mistake (protection.md 4.9, Django side).
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse

from atlas.gate.context import current_subject
from atlas.gate.install import gated_models

# Of those who sign in, no post acts yet: their rows are written, and never read.
SIGNS_IN = re.compile(r'INSERT\sINTO "?gate_act\b')


class Unasked(Exception):
    """A table about a child was asked outside @page and @command: put the question inside one."""


def refuse_without_context(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the questions of this request pass by `refuse`."""

    def answer(request: HttpRequest) -> HttpResponse:
        with connections["default"].execute_wrapper(refuse):
            return get_response(request)

    return answer


def refuse(execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
    """Let a statement through where somebody acts, or where it names no table about a child."""
    if current_subject() is None and (named := _tables().search(statement)) and not SIGNS_IN.match(statement):
        raise Unasked(f"{named.group()} was asked, and nobody acts: ask inside @page or @command.")
    return execute(statement, parameters, many, context)


@cache
def _tables() -> "re.Pattern[str]":
    return re.compile("|".join(rf"\b{model._meta.db_table}\b" for model in gated_models()))
