"""Who has looked at this child?"""

from django.http import HttpResponse
from django.shortcuts import render

from atlas.audit.queries import looks_at
from atlas.children.models import Child
from atlas.gate.page import PageRequest, page
from atlas.gate.policy import Permission


@page(about=Child, needs=Permission.VIEW_LOOKS)
def view_looks(request: PageRequest, child: Child) -> HttpResponse:
    """Every look at a child, with the post and the relationship used."""
    return render(request, "audit/view_looks.html", {"child": child, "looks": looks_at(child)})
