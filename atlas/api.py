"""The HTTP API: each folder's `api.py` under one roof, behind the door for connected systems. Its description is docs/openapi.json."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from atlas.clocks.api import router as clocks
from atlas.copies.api import router as copies
from atlas.gate.api import Problem, said
from atlas.missing.api import episodes, interviews
from atlas.systems.door import NOT_LET_IN, SystemDoor

NOT_FOUND = "Not found, or not yours to see. This is not a check that nothing is known."


class Described(NinjaAPI):
    """An API whose operations are called in its description as they are in the code, on the screen and in the record of acts."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The operation's own name."""
        return str(operation.view_func.__name__)


api = Described(
    title="Atlas", version="1", urls_namespace="api", auth=SystemDoor(), docs_url=None, openapi_url=None,
    description="Missing episodes, return interviews, clocks and receipts of copies, for an agency's own system that acts for a person who lets it. Facts and codes; "
    "each call is judged, and written down, as the person's own. What is sent tells no police force: ring 999 or 101.",
)  # fmt: skip
api.add_router("/missing", episodes)
api.add_router("/return_interviews", interviews)
api.add_router("/clocks", clocks)
api.add_router("/copies", copies)


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    """What was sent cannot be read: the first field that is wrong, and what is wrong with it. Nothing that was sent is said back."""
    first = problem.errors[0] if problem.errors else {"loc": (), "msg": "It cannot be read."}
    where = ".".join(str(part) for part in first["loc"][1:] if part != "said")
    return said(Problem(detail=f"{where or 'What was sent'}: {first['msg']}", field=where or None), 422)


@api.exception_handler(HttpError)
def not_taken(request: HttpRequest, problem: HttpError) -> HttpResponse:
    """A call that is not taken at all: its key is missing, it is too long, or there are too many."""
    return said(Problem(detail=str(problem)), problem.status_code)


@api.exception_handler(AuthenticationError)
def not_let_in(request: HttpRequest, problem: AuthenticationError) -> HttpResponse:
    """A call that is not let in, whatever the reason."""
    return said(Problem(detail=NOT_LET_IN), 401)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, problem: Http404) -> HttpResponse:
    """What is not there, and what is not the person's to see, alike."""
    return said(Problem(detail=NOT_FOUND), 404)


def paths() -> list[URLPattern]:
    """The paths of the API: its operations, and nothing that the framework adds."""
    return [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
