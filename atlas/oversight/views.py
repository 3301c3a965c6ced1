"""Timeliness of return interviews, the list behind each number, and the team's work."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from atlas.agencies.models import Authority
from atlas.chronology.moments import Moment
from atlas.gate.context import Subject
from atlas.gate.page import page
from atlas.gate.policy import Permission
from atlas.oversight.queries import COUNTED, GROUPS, counts, interviews_behind, owed_interviews
from atlas.oversight.rules import MEASURES
from atlas.tasks.queries import team_tasks

SHOWN = 500


@page(needs=Permission.VIEW_TIMELINESS)
def view_timeliness(request: HttpRequest) -> HttpResponse:
    """The measures of return interviews, with numerator, denominator, exclusions and definition."""
    asked, period = _asked(request)
    found = counts(owed_interviews(*asked), asked[1])
    columns = {"ours": "All ours", **GROUPS}
    rows = [(measure, [(group, _shown(measure, found[group])) for group in columns]) for measure in MEASURES]
    shown = {"rows": rows, "columns": columns, "counts": found, "period": period, "query": _query(period)}
    return render(request, "oversight/view_timeliness.html", shown)


@page(needs=Permission.VIEW_TIMELINESS)
def view_list_behind(request: HttpRequest, count: str, group: str) -> HttpResponse:
    """The returns that one number counted, for those whom the viewer may see."""
    if count not in COUNTED or group not in {"ours", *GROUPS}:
        raise Http404
    asked, period = _asked(request)
    rows = list(interviews_behind(owed_interviews(*asked), asked[1], count, group)[:SHOWN])
    shown = {
        "rows": rows,
        "count": count.replace("_", " "),
        "group": {"ours": "All ours", **GROUPS}[group],
        "period": period,
        "query": _query(period),
    }
    return render(request, "oversight/view_list_behind.html", shown)


@page(needs=Permission.VIEW_TEAM_WORK)
def view_team_work(request: HttpRequest) -> HttpResponse:
    """What the team must do, the most urgent first."""
    tasks = list(team_tasks(request.subject)[:200])  # type: ignore[attr-defined]
    return render(request, "oversight/view_team_work.html", {"tasks": tasks, "now": request.at})  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> tuple[tuple[Subject, Authority, datetime, datetime], tuple[date, date]]:
    today = request.at.date()  # type: ignore[attr-defined]
    from_on = _day(request.GET.get("from")) or today - timedelta(days=365)
    until_on = _day(request.GET.get("to")) or today
    start, end = Moment.on(from_on).earliest, Moment.on(until_on + timedelta(days=1)).earliest
    authority = Authority.objects.filter(agencies=request.post.team.agency).order_by("name").first()  # type: ignore[attr-defined]
    if authority is None or start is None or end is None:
        raise Http404
    return (request.subject, authority, start, end), (from_on, until_on)  # type: ignore[attr-defined]


def _day(text: str | None) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        return None


def _query(period: tuple[date, date]) -> str:
    return f"from={period[0].isoformat()}&to={period[1].isoformat()}"


def _shown(measure: Any, found: dict[str, Any]) -> dict[str, Any]:
    of = found[measure.denominator]
    if measure.is_median:
        value = found[measure.numerator]
        return {"of": of, "text": "–" if value is None else f"{value.total_seconds() / 3600:.1f} hours", "count": None}
    count = found[measure.numerator]
    # No percentage of fewer than five without its counts: the counts always stand beside it.
    return {"of": of, "count": count, "text": f"{100 * count / of:.0f} %" if of else "–"}
