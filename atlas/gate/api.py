"""An operation of the HTTP API: a page of the gate that answers with data. Fetched, judged and looked at like a page; written by the same commands."""

import inspect
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.errors import HttpError

from atlas.gate.act import Conflict, Invalid
from atlas.gate.page import PageRequest, Rows, page
from atlas.gate.policy import Permission

KEY = "Idempotency-Key"
NO_KEY = f"Send {KEY}: 8 to 64 letters, digits or hyphens, the same when the same thing is sent again, so that it happens once."
YEARS = range(1900, 2101)
MARKING = "OFFICIAL-SENSITIVE"


class Problem(Schema):
    """What is wrong with what was sent, in words that a person can act on; and which field it is about, if one."""

    detail: str
    field: str | None = None


def operation(*, about: type[Model] | None = None, needs: Permission, rows: Rows | None = None) -> Callable[[Callable[..., Any]], Any]:
    """Make a function of (request, record, what was sent) an operation: what it gives, data of a Schema or a list of them, is the answer.

    `about`, `needs`, `rows`: as for `page`, under whose rules it stands; a stranger, and a role that lacks the permission, gets 404. A domain
    error is answered with 422 (409 where somebody else came first) and a Problem.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        def view(request: PageRequest, *given: Any, **sent: Any) -> HttpResponse:
            try:
                for name, value in sent.items():
                    _refuse_unkeepable(value, "" if name == "said" else name)
                return said(function(request, *given, **sent))
            except Invalid as problem:
                return said(Problem(detail=problem.message, field=problem.field), 409 if isinstance(problem, Conflict) else 422)

        view.__name__, view.__doc__, view.__module__ = function.__name__, function.__doc__, function.__module__
        shown: Any = page(about=about, needs=needs, rows=rows)(view)

        def operate(request: HttpRequest, **given: Any) -> HttpResponse:
            answer: HttpResponse = shown(request, **given)
            return answer

        operate.__name__, operate.__doc__, operate.__module__ = function.__name__, function.__doc__, function.__module__
        operate.__signature__ = _signature(function, about is not None)  # type: ignore[attr-defined]
        operate.needs, operate.about, operate.step_up = needs, about, False  # type: ignore[attr-defined]
        return operate

    return decorate


def _signature(function: Callable[..., Any], has_record: bool) -> inspect.Signature:
    """What the framework reads of an operation: the request, the record's id where it is about one, then what is sent."""
    request, *more = inspect.signature(function, eval_str=True).parameters.values()
    sent = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in more[1 if has_record else 0 :]]
    pk = [inspect.Parameter("pk", inspect.Parameter.KEYWORD_ONLY, annotation=UUID)] if has_record else []
    return inspect.Signature([request, *pk, *sent])


def _refuse_unkeepable(value: Any, field: str) -> None:
    """Refuse what no record can hold, wherever in what was sent it stands: a NUL, or a day outside what people live through. Raises Invalid."""
    if isinstance(value, str) and "\x00" in value:
        raise Invalid("A NUL character is no text. Leave it out.", field)
    if isinstance(value, date) and value.year not in YEARS:
        raise Invalid(f"The year {value.year} cannot be right. Send a year from {YEARS[0]} to {YEARS[-1]}.", field)
    held = value.model_fields_set if isinstance(value, Schema) else ()
    for name in held:
        _refuse_unkeepable(getattr(value, name), f"{field}.{name}".lstrip("."))
    for one in value if isinstance(value, list) else ():
        _refuse_unkeepable(one, field)


def said(data: Any, status: int = 200) -> HttpResponse:
    """An answer, which says how it is to be handled."""
    text = f"[{','.join(one.model_dump_json() for one in data)}]" if isinstance(data, list) else data.model_dump_json()
    headers = {"Protective-Marking": MARKING}
    return HttpResponse(text, content_type="application/json", status=status, headers=headers)


def acting(request: PageRequest) -> dict[str, Any]:
    """What every command takes from an operation: the person's post, the moment, the idempotency key, and the hash of what was sent."""
    key = request.headers.get(KEY, "")
    if not (8 <= len(key) <= 64 and key.replace("-", "").isalnum() and key.isascii()):
        raise HttpError(400, NO_KEY)
    content = sha256(repr((request.path, request.body)).encode()).hexdigest()
    return {"by": request.post, "at": request.at, "key": key, "content": content}
