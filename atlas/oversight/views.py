"""Timeliness of return interviews, the list behind each number, corrections of returns, interviewers, and the team's work."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from atlas.agencies.models import Team
from atlas.agencies.queries import served_or_404
from atlas.chronology.moments import Moment, start_of_day
from atlas.gate.page import PageRequest, page
from atlas.gate.policy import ROLE, Permission
from atlas.oversight import queries
from atlas.oversight.forms import PeriodForm, period_query
from atlas.oversight.held import posts_of_line
from atlas.oversight.queries import BREAKDOWNS, COUNTED, GROUPS, TIMES, Asked
from atlas.oversight.rules import COUNT_NAMES, LEAST_INTERVIEWS, LEFT_OUT, MEASURES, OUTCOMES, Share, periods
from atlas.tasks.queries import team_tasks

ON_A_PAGE = 50


@page(needs=Permission.VIEW_TIMELINESS)
def view_timeliness(request: PageRequest) -> HttpResponse:
    """The measures of return interviews, with numerator, denominator, what is left out, and definition."""
    form, shown = _asking(request)
    if not form.is_valid():
        return render(request, "oversight/view_timeliness.html", shown, status=422)
    asked, group = _asked(request, form), shown["group"]
    tally = queries.tally(asked, group)
    teams = _teams(tally)
    shown |= {
        "groups": tally.groups,
        "counts": tally.groups[group],
        "latencies": tally.latencies,
        "recorded": _in_order(tally.recorded, {pk: f"{team.name}, {team.agency.name}" for pk, team in teams.items()}),
        "agencies": _in_order(queries.by_agency(tally.given, teams), {team.agency_id: team.agency.name for team in teams.values()}),
        "corrections": queries.corrections(asked, group).count(),
        "may_view_interviewers": Permission.VIEW_INTERVIEWERS in ROLE[asked.subject.post.role].permissions,
    }
    return render(request, "oversight/view_timeliness.html", shown)


@page(needs=Permission.VIEW_TIMELINESS)
def view_list_behind(request: PageRequest, count: str, group: str) -> HttpResponse:
    """The returns that one number counted, for those whom the viewer may see."""
    form, shown = _asking(request, group)
    times = request.GET.get("times", "all")
    if count not in COUNTED or times not in TIMES:
        raise Http404
    if not form.is_valid():
        return _back(request)
    rows = queries.interviews_behind(_asked(request, form), count, group, times)
    of = {name: request.GET[name] for name in ("times", *BREAKDOWNS) if name in request.GET}
    for breakdown in of.keys() & BREAKDOWNS.keys():
        rows = rows.filter(queries.of_team(breakdown, _pk(of[breakdown])))
    shown |= {"rows": _paged(request, rows), "count": COUNT_NAMES[count], "times": times, "of": of}
    return render(request, "oversight/view_list_behind.html", shown)


@page(needs=Permission.VIEW_TIMELINESS)
def view_corrections(request: PageRequest, group: str) -> HttpResponse:
    """Every correction of the time of a return: old and new, who, when, why, and whether it changed the outcome."""
    form, shown = _asking(request, group)
    if not form.is_valid():
        return _back(request)
    rows = _paged(request, queries.corrections(_asked(request, form), group))
    shown |= {"rows": rows, "judged": {row.pk: queries.judged_both_ways(row) for row in rows}}
    return render(request, "oversight/view_corrections.html", shown)


@page(needs=Permission.VIEW_INTERVIEWERS)
def view_interviewers(request: PageRequest) -> HttpResponse:
    """What children told each interviewer, and how many said no for now: for the missing coordinator only."""
    form, shown = _asking(request)
    if form.is_valid():
        shown["people"], shown["fewer"] = queries.interviewers(_asked(request, form))
    return render(request, "oversight/view_interviewers.html", shown | {"least": LEAST_INTERVIEWS}, status=200 if form.is_valid() else 422)


@page(needs=Permission.VIEW_TEAM_WORK)
def view_team_work(request: PageRequest) -> HttpResponse:
    """What the team must do, the most urgent first; and, for whoever leads it, who works in it."""
    may = Permission.REASSIGN_WORK in ROLE[request.post.role].permissions
    shown = {
        "tasks": _paged(request, team_tasks(request.subject)),
        "now": request.at,
        "workers": posts_of_line(request.subject) if may else [],
    }
    return render(request, "oversight/view_team_work.html", shown)


def _asking(request: PageRequest, group: str = "") -> tuple[PeriodForm, dict[str, Any]]:
    """The form of the period, and what each of these pages shows around it."""
    group = group or request.GET.get("group", "ours")
    if group not in GROUPS:
        raise Http404
    today = Moment(request.at).day
    assert today is not None
    form = PeriodForm.on(today, request)
    shown = {
        "form": form,
        "group": group,
        "group_names": GROUPS,
        "quick": {name: period_query(*days) for name, days in periods(today).items()},
        "query": period_query(*form.period) if form.is_valid() else "",
        "measures": MEASURES,
        "outcomes": OUTCOMES,
        "left_out": LEFT_OUT,
        "share": Share,
    }
    return form, shown


def _asked(request: PageRequest, form: PeriodForm) -> Asked:
    authority = served_or_404(request.post)
    from_on, until_on = form.period
    return Asked(request.subject, authority, start_of_day(from_on), start_of_day(until_on + timedelta(days=1)))


def _back(request: PageRequest) -> HttpResponse:
    """A period that cannot be is put right where it is chosen."""
    return redirect(f"{reverse('oversight:view_timeliness')}?{request.GET.urlencode()}")


def _teams(tally: queries.Tally) -> dict[UUID, Team]:
    named = {pk for pk in (*tally.recorded, *tally.given) if pk}
    return {team.pk: team for team in Team.objects.filter(pk__in=named).select_related("agency")}


def _in_order(counted: dict[UUID | None, Any], names: dict[UUID, str]) -> list[tuple[UUID | None, str, Any]]:
    """Each line of a breakdown with its name, in alphabetical order: no league; what belongs to no team is last."""
    lines = [(pk, names[pk] if pk else "", counts) for pk, counts in counted.items() if counts["returned"]]
    return sorted(lines, key=lambda line: (line[0] is None, line[1].casefold()))


def _pk(text: str) -> UUID | None:
    try:
        return UUID(text) if text != "none" else None
    except ValueError:
        raise Http404 from None


def _paged(request: PageRequest, rows: "QuerySet[Any]") -> "Page[Any]":
    found = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    found.object_list = list(found.object_list)
    return found
