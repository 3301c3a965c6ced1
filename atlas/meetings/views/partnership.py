"""What each agency does of what is asked of it."""

from django.http import HttpResponse
from django.shortcuts import render

from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, page
from atlas.gate.policy import Permission
from atlas.meetings.queries.partnership import months_to, partnership_counted
from atlas.meetings.rules.partnership import FALSE_ALARMS, agencies_said, behind


@page(needs=Permission.VIEW_PARTNERSHIP)
def view_partnership(request: PageRequest) -> HttpResponse:
    """Every agency by name: who came, answered and wrote before, what was done of what was asked, which challenges are open; with intervals."""
    rows, months = partnership_counted(request.at), months_to(day_of(request.at))
    shown = {"agencies": agencies_said(rows, months), "behind": behind(rows), "months": months, "chance": f"{FALSE_ALARMS:.0%}"}
    return render(request, "meetings/view_partnership.html", shown)
