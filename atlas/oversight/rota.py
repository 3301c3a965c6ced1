"""The rota: who is on call by team and night for two weeks, where nobody is, and who is put on, swapped or taken off by whoever is above them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.models import Authority, Post, Shift, Team
from atlas.agencies.queries import ANSWER_AT_ANY_HOUR, posts_standing
from atlas.chronology.moments import LONDON, start_of_day
from atlas.clocks.queries import bank_holidays_changed
from atlas.design.words import day
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.oversight import commands, forms
from atlas.oversight.held import is_of_line
from atlas.oversight.rota_rules import SHOWN_DAYS, Stretch, gaps, must_be_covered


@dataclass(frozen=True)
class Day:
    """One team's day: its shifts and its gaps, which begin on it; and who is away."""

    on: date
    shifts: list[tuple[Shift, str]]  # each with its hours in words
    gaps: list[tuple[Stretch, str, str]]  # each with its hours, and the end of the address at which it is filled
    away: list[Shift]


def _posts(team: Team, own: Post, at: datetime) -> list[Post]:
    """Who of a team may be put on its rota by this post."""
    posts = posts_standing(day_of(at)).filter(team=team, is_service=False).select_related("line_manager")
    return [post for post in posts.order_by("user__last_name", "pk") if is_of_line(own, post) and post.user_id != own.user_id]


@page(needs=Permission.VIEW_ROTA)
def view_rota(request: PageRequest) -> HttpResponse:
    """Two weeks, team by team and day by day: who, from when until when, by which number; and where nobody is."""
    first = day_of(request.at)
    authorities = Authority.objects.filter(agencies=request.post.team.agency_id)
    answering = Team.objects.filter(agency__authorities__in=authorities, purpose__in=ANSWER_AT_ANY_HOUR) | Team.objects.filter(
        pk=request.post.team_id
    )
    teams = list(answering.select_related("agency").distinct().order_by("agency__name", "name"))
    days = _days(teams, first)
    may = ROLE[request.post.role].permissions
    writes = {team.pk for team in teams if Permission.PUT_ON_SHIFT in may and _posts(team, request.post, request.at)}
    shown = {"teams": [(team, days[team.pk], team.pk in writes) for team in teams], "first": first, "now": request.at}
    return render(request, "oversight/view_rota.html", shown)


def _days(teams: list[Team], first: date) -> dict[Any, list[Day]]:
    begins, ends = start_of_day(first), start_of_day(first + timedelta(days=SHOWN_DAYS))
    rows = Shift.objects.filter(team__in=teams, from_at__lt=ends, until_at__gt=begins).select_related("post__user", "post__team")
    of_team: dict[Any, list[Shift]] = defaultdict(list)
    for shift in rows.order_by("from_at", "pk"):
        of_team[shift.team_id].append(shift)
    changes, found = bank_holidays_changed(), {}
    for team in teams:
        stands = [one for one in of_team[team.pk] if not one.is_leave and one.post.user.is_active]
        needed = must_be_covered(team.purpose, first, SHOWN_DAYS, changes)
        bare = gaps(needed, [(one.from_at, one.until_at) for one in stands])
        found[team.pk] = [_day(first + timedelta(days=number), first, stands, bare, of_team[team.pk]) for number in range(SHOWN_DAYS)]
    return found


def _day(on: date, first: date, stands: list[Shift], bare: list[Stretch], every: list[Shift]) -> Day:
    begins, ends = start_of_day(on), start_of_day(on + timedelta(days=1))
    return Day(
        on, [(one, _hours(one.from_at, one.until_at, on)) for one in stands if (begins <= one.from_at or on == first) and one.from_at < ends],
        [(one, _hours(*one, on), _asked_for(one)) for one in bare if begins <= one[0] < ends],
        [one for one in every if one.is_leave and one.from_at < ends and one.until_at > begins],
    )  # fmt: skip


def _hours(begins: datetime, ends: datetime, on: date) -> str:
    """The hours of a stretch on the day shown: "17:00 to 08:00 the next day"; "until 08:00" of one that began before."""
    local, until = begins.astimezone(LONDON), ends.astimezone(LONDON)
    later = (until.date() - max(local.date(), on)).days
    return (f"{local:%H:%M} to {until:%H:%M}" if local.date() >= on else f"Until {until:%H:%M}") + (
        "" if not later else " the next day" if later == 1 else f" on {day(until)}"
    )


def _asked_for(gap: Stretch) -> str:
    return urlencode({name: at.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M") for name, at in zip(("from", "until"), gap, strict=True)})


def _home(done: object = None) -> str:
    return reverse("oversight:view_rota")


@page(about=Team, needs=Permission.PUT_ON_SHIFT)
def put_on_shift(request: PageRequest, team: Team) -> HttpResponse:
    """Put somebody of one's line on this team's rota."""
    posts = _posts(team, request.post, request.at)
    if not posts:
        raise Http404
    form = forms.ShiftForm.of(request, posts=posts, initial=forms.stretch_typed(request.GET))

    def act(post: str, **given: Any) -> Shift:
        return commands.put_on_shift(post=form.posts[post], **given)

    lead = ("While somebody stands on this rota, what the team’s duty opens is open to them, and alerts reach them.",)
    return answer(
        request,
        form,
        lambda given: act(**given),
        then=_home,
        heading="Put somebody on the rota",
        caption=f"{team.name}",
        back=_home(),
        lead=lead,
    )


def shifts_with_post() -> Any:
    """Shifts, each with the worker, the team and the line above."""
    return Shift.objects.filter(is_leave=False).select_related("post__user", "post__line_manager", "team")


@page(about=Shift, needs=Permission.SWAP_SHIFT, rows=shifts_with_post)
def swap_shift(request: PageRequest, shift: Shift) -> HttpResponse:
    """Give a shift to a colleague, for one of theirs or for none."""
    if not is_of_line(request.post, shift.post) or shift.until_at <= request.at:
        raise Http404
    colleagues = [post for post in _posts(shift.team, request.post, request.at) if post.pk != shift.post_id]
    theirs = Shift.objects.filter(post__in=colleagues, is_leave=False, from_at__gt=request.at).select_related("post__user")
    form = forms.SwapForm.of(request, posts=colleagues, shifts=list(theirs.order_by("from_at", "pk")[:40]))

    def act(to: str, **given: Any) -> Shift:
        post, instead = form.chosen(to)
        return commands.swap_shift(shift=shift, to=post, instead=instead, **given)

    return answer(
        request, form, lambda given: act(**given), then=_home, heading="Swap this shift", caption=forms.shift_words(shift), back=_home(),
        lead=() if colleagues else ("Nobody else of this team works in your line, so nobody can take this shift. Take them off the rota instead.",),
    )  # fmt: skip


@page(about=Shift, needs=Permission.TAKE_OFF_SHIFT, rows=shifts_with_post)
def take_off_shift(request: PageRequest, shift: Shift) -> HttpResponse:
    """Take somebody off the rota."""
    if not is_of_line(request.post, shift.post) or shift.until_at <= request.at:
        raise Http404
    return answer(
        request, forms.TakeOffForm.of(request), lambda given: commands.take_off_shift(shift=shift, **given), then=_home,
        heading="Take them off the rota", caption=forms.shift_words(shift), back=_home(),
        lead=("If nobody else stands on it, the rota shows a gap, and alerts go to the next rung.",),
    )  # fmt: skip
