"""Who has looked at this child? And the odd looks, worked through one by one."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.audit import commands
from atlas.audit.forms import CloseOddLookForm
from atlas.audit.models import OddLook
from atlas.audit.queries import is_late, looks_at, odd_looks, releasable_looks_at, worked_by_agency
from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission

A_PAGE = 50


@page(about=Child, needs=Permission.VIEW_LOOKS, event=Event.READ_AUDIT)
def view_looks(request: PageRequest, child: Child) -> HttpResponse:
    """Who looked at a child, by agency and worker, through which relationship, with what is odd about it."""
    may_release = Permission.VIEW_RELEASABLE_LOOKS in ROLE[request.post.role].permissions
    return render(request, "audit/view_looks.html", {"child": child, "agencies": looks_at(child), "may_release": may_release})


@page(about=Child, needs=Permission.VIEW_RELEASABLE_LOOKS, event=Event.READ_AUDIT)
def view_releasable_looks(request: PageRequest, child: Child) -> HttpResponse:
    """The same for the child, to print: which agencies and which kinds of worker, at what, and when."""
    return render(request, "audit/view_releasable_looks.html", {"child": child, "looks": releasable_looks_at(child), "now": request.at})


@page(needs=Permission.VIEW_ODD_LOOKS, event=Event.READ_AUDIT)
def view_odd_looks(request: PageRequest) -> HttpResponse:
    """The odd looks that wait, the most overdue first; and how each agency's were worked through."""
    is_closed = request.GET.get("show") == "closed"
    listed = Paginator(odd_looks(is_closed=is_closed), A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, is_late(one, day_of(request.at))) for one in listed]
    shown = {
        "listed": listed,
        "rows": rows,
        "worked": worked_by_agency(request.at),
        "outcomes": OddLook.Outcome.choices,
        "is_closed": is_closed,
    }
    return render(request, "audit/view_odd_looks.html", shown)


@page(about=OddLook, needs=Permission.CLOSE_ODD_LOOK, rows=odd_looks, event=Event.READ_AUDIT)
def close_odd_look(request: PageRequest, odd_look: OddLook) -> HttpResponse:
    """Say what came of an odd look."""
    queue = reverse("audit:view_odd_looks")
    return answer(
        request, CloseOddLookForm.of(request), lambda given: commands.close_odd_look(odd_look=odd_look, **given), then=lambda done: queue,
        heading="What came of this look?", template="audit/close_odd_look.html", odd_look=odd_look, back=queue,
    )  # fmt: skip
