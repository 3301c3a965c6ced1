"""The pages for the hours when one person answers alone."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render

from atlas.agencies.models import Authority
from atlas.agencies.queries import rota
from atlas.clocks.calendar import FIRST_YEAR, LAST_YEAR, is_working_day
from atlas.clocks.queries import bank_holidays_changed
from atlas.desk.reaching import if_i_go_missing, looked_for_now, numbers_to_ring
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, page
from atlas.gate.policy import ROLE, Permission
from atlas.missing.views.episode import NOT_THE_POLICE
from atlas.sealed.rules import RING
from atlas.tasks.models import Alert
from atlas.tasks.queries import nights, overnight_lines
from atlas.tasks.rules import begins_at, morning_of, taken_over_by


@page(needs=Permission.VIEW_NIGHT)
def view_night(request: PageRequest) -> HttpResponse:
    """Who is missing now and whom to ring for each, and who is on call now and next: for one person with a telephone at night."""
    authorities = list(Authority.objects.filter(agencies=request.post.team.agency_id).order_by("name"))
    episodes = list(looked_for_now(request.subject))
    waiting = Alert.objects.filter(about_id__in=[episode.pk for episode in episodes], acknowledged_at__isnull=True)
    may = ROLE[request.post.role].permissions
    shown = {
        "now": request.at, "episodes": episodes, "numbers": numbers_to_ring(request.subject, episodes),
        "plans": {episode.pk: if_i_go_missing(episode) for episode in episodes}, "ring": RING, "may_read_plan": Permission.VIEW_TRIGGER_PLAN in may,
        "alerts": {alert.about_id: alert.pk for alert in waiting}, "on_call": rota(authorities, request.at), "authorities": authorities,
        "not_the_police": NOT_THE_POLICE, "may_ring": Permission.RECORD_CALL in may, "may_record": Permission.RECORD_RETURN in may,
    }  # fmt: skip
    return render(request, "desk/view_night.html", shown)


@page(needs=Permission.VIEW_MORNING)
def view_morning(request: PageRequest) -> HttpResponse:
    """What happened overnight, team by team and child by child, and who of the day has taken it over; to be printed too."""
    coming = morning_of(request.at, bank_holidays_changed()) or day_of(request.at)
    morning = _day(request.GET.get("on", "")) or coming
    lines = overnight_lines(request.subject, morning)
    shown = {
        "now": request.at, "morning": morning, "coming": coming, "teams": nights(lines), "begins_at": begins_at(morning),
        "taken_over_by": taken_over_by(morning), "before": _before(morning), "open": len({x.child_id for x in lines if not x.accepted_at}),
        "may_accept": Permission.ACCEPT_OVERNIGHT in ROLE[request.post.role].permissions and request.at >= begins_at(morning),
    }  # fmt: skip
    return render(request, "desk/view_morning.html", shown)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR < day.year <= LAST_YEAR else None


def _before(morning: date) -> date:
    """The working day before."""
    day, changed = morning - timedelta(days=1), bank_holidays_changed()
    while not is_working_day(day, changed):
        day -= timedelta(days=1)
    return day
