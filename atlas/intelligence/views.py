"""What the police or another supplier lets a partner know about a child."""

from django.http import HttpResponse
from django.shortcuts import render

from atlas.children.models import Child
from atlas.gate.page import PageRequest, page
from atlas.gate.policy import PURPOSE_WORDS, Permission
from atlas.intelligence.queries import shown_products


@page(about=Child, needs=Permission.VIEW_INTELLIGENCE)
def view_intelligence(request: PageRequest, child: Child) -> HttpResponse:
    """Every product about a child that the reader may read, with its grading and its conditions; never kept by a browser."""
    shown = {"child": child, "products": shown_products(request.subject, child), "purpose": PURPOSE_WORDS[request.subject.purpose]}
    answered = render(request, "intelligence/view_intelligence.html", shown)
    answered["Cache-Control"] = "no-store"
    return answered
