"""The local profiles: a list, one profile, its files, a decision on a finding; and the impact assessments without which none runs."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.queries import posts_standing, served_or_404
from atlas.design.words import when
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.profile import commands
from atlas.profile.files import facts_about, pdf_of, title_of, with_decisions, zip_of
from atlas.profile.forms import DecideFindingForm, ImpactAssessmentForm, RunProfileForm, usual_period
from atlas.profile.mapping import drawn
from atlas.profile.models import AnalysisRun, Finding, ImpactAssessment
from atlas.profile.papers import paper as written
from atlas.profile.queries import episodes_behind, findings_of, levels_behind, papers_standing, papers_wanted, profiles
from atlas.profile.rules import STALE_AFTER

SHOWN, ON_A_PAGE = 40, 50
About, Kind = ImpactAssessment.About, ImpactAssessment.Kind
# The list behind a table, for those who may read its rows one by one: what may open it, its page, and what it is called.
BEHIND = {
    "timeliness": (Permission.VIEW_TIMELINESS, "oversight:view_timeliness", "The returns behind these figures"),
    "mentions": (
        Permission.VIEW_MENTIONED_PLACES,
        "missing:view_mentioned_places",
        "What children named, and what waits for somebody to say which place it is",
    ),
}
ROWS = {"levels": (levels_behind, "The children whose level you may see"), "episodes": (episodes_behind, "The episodes that you may see")}


def runs() -> Any:
    """Profiles with what their page names."""
    return AnalysisRun.objects.select_related("authority", "asked_by__user")


def findings() -> Any:
    """Findings with what their page names."""
    return Finding.objects.select_related("authority", "run", "owner__user")


@page(needs=Permission.VIEW_PROFILES)
def view_profiles(request: PageRequest) -> HttpResponse:
    """The profiles, the newest first, and whether even the one of the latest days has gone stale."""
    authority, today = served_or_404(request.post), day_of(request.at)
    found = list(profiles(authority)[:SHOWN])
    told_until = max((one.until_on for one in found if one.state == AnalysisRun.State.FINISHED), default=today)
    may = ROLE[request.post.role].permissions
    shown = {
        "authority": authority, "found": [(one, one.until_on - timedelta(days=1)) for one in found],
        "is_stale": told_until + STALE_AFTER < today,
        "may_run": Permission.RUN_PROFILE in may, "wanted": papers_wanted(authority, today) if Permission.RUN_PROFILE in may else [],
        "is_being_made": any(one.state in {AnalysisRun.State.WAITING, AnalysisRun.State.RUNNING} for one in found),
    }  # fmt: skip
    return render(request, "profile/view_profiles.html", shown)


@page(needs=Permission.RUN_PROFILE)
def run_profile(request: PageRequest) -> HttpResponse:
    """Ask for a profile of a period."""
    newest = profiles(served_or_404(request.post)).exclude(state=AnalysisRun.State.FAILED).first()
    form = RunProfileForm.of(request, initial=usual_period(day_of(request.at), newest))

    def act(given: dict[str, Any]) -> object:
        return commands.run_profile(from_on=given["from_on"], last_on=given["last_on"], living_here=given["living_here"], **acting(request))

    back = reverse("profile:view_profiles")
    return answer(request, form, act, then=lambda done: back, heading="Make a local profile", back=back)


@page(about=AnalysisRun, needs=Permission.VIEW_PROFILE, rows=runs)
def view_profile(request: PageRequest, run: AnalysisRun) -> HttpResponse:
    """One profile: its fifteen sections, its map, its findings with what was decided."""
    if run.state != AnalysisRun.State.FINISHED:
        return render(request, "profile/view_profile.html", {"run": run, "title": title_of(run)})
    standing, gone = findings_of(run, day_of(request.at))
    may = ROLE[request.post.role].permissions
    shown = {
        "run": run, "title": title_of(run), "sections": with_decisions(run, [one.finding for one in standing]), "findings": standing, "gone": gone,
            "facts": facts_about(run),
        "map": drawn(run.content["map"]), "behind": {key: link for key, link in BEHIND.items() if link[0] in may}, "may_decide": Permission.DECIDE_FINDING in may,
        "rows_behind": ROWS,
    }  # fmt: skip
    return render(request, "profile/view_profile.html", shown)


@page(about=AnalysisRun, needs=Permission.VIEW_PROFILE, rows=runs)
def view_profile_rows(request: PageRequest, run: AnalysisRun, rows: str) -> HttpResponse:
    """The children behind one of its tables, for whoever may see them: nobody else's."""
    if rows not in ROWS:
        raise Http404
    ask, heading = ROWS[rows]
    asked = Paginator(ask(request.subject, run), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "run": run,
        "title": title_of(run),
        "heading": heading,
        "what": rows,
        "rows": Page(list(asked.object_list), asked.number, asked.paginator),
    }
    return render(request, "profile/view_profile_rows.html", shown)


@page(about=AnalysisRun, needs=Permission.DOWNLOAD_PROFILE, rows=runs)
def download_profile(request: PageRequest, run: AnalysisRun, form: str) -> HttpResponse:
    """The profile as a PDF (`pdf`), or its tables as files (`data`)."""
    made = {"pdf": ("application/pdf", "pdf"), "data": ("application/zip", "zip")}
    if form not in made or run.state != AnalysisRun.State.FINISHED:
        raise Http404
    decided = [one.finding for one in findings_of(run, day_of(request.at))[0]]
    kind, ending = made[form]
    mark = f"{request.user.get_full_name()} · {when(request.at)} · {run.pk.hex[:8]}"  # type: ignore[union-attr]
    content = pdf_of(run, decided, mark) if form == "pdf" else zip_of(run, decided)
    name = f"profile-{run.from_on.isoformat()}-{run.until_on.isoformat()}.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@page(about=Finding, needs=Permission.DECIDE_FINDING, rows=findings)
def decide_finding(request: PageRequest, finding: Finding) -> HttpResponse:
    """Decide on a finding: an action with its owner and measure, or none, with the reason."""
    readers = [key for key, role in ROLE.items() if Permission.VIEW_PROFILE in role.permissions]
    posts = posts_standing(day_of(request.at)).filter(team__agency__authorities=finding.authority_id, is_service=False, role__in=readers)
    stands = {name: getattr(finding, name) for name in ("decision", "action_words", "measure_words", "measured_on", "reason")}
    form = DecideFindingForm.of(
        request, posts=list(posts.order_by("user__last_name", "pk")), initial=stands | {"owner": str(finding.owner_id or "")}
    )

    def act(given: dict[str, Any]) -> object:
        return commands.decide_finding(finding=finding, decided=form.given(), **acting(request))

    back = f"{reverse('profile:view_profile', args=[finding.run_id])}#decisions"
    return answer(request, form, act, then=lambda done: back, heading="Decide on a finding", back=back, lead=(finding.words,))


@page(needs=Permission.VIEW_IMPACT_ASSESSMENTS)
def view_impact_assessments(request: PageRequest) -> HttpResponse:
    """The impact assessments as they stand: which are recorded, which are missing, have changed or were not read again in time."""
    authority = served_or_404(request.post)
    standing = papers_standing(authority, day_of(request.at))
    rows = [(about, kind, standing.get((about.value, kind.value)), written(about, kind)) for about in About for kind in Kind]
    shown = {"authority": authority, "rows": rows, "may_record": Permission.RECORD_IMPACT_ASSESSMENT in ROLE[request.post.role].permissions}
    return render(request, "profile/view_impact_assessments.html", shown)


@page(needs=Permission.RECORD_IMPACT_ASSESSMENT)
def record_impact_assessment(request: PageRequest, about: str, paper: str) -> HttpResponse:
    """Read what runs, and record what is judged of it."""
    if about not in About.values or paper not in Kind.values:
        raise Http404
    form = ImpactAssessmentForm.of(request)

    def act(given: dict[str, Any]) -> object:
        return commands.record_impact_assessment(about=about, kind=paper, judged_words=given["judged_words"], **acting(request))

    back = reverse("profile:view_impact_assessments")
    return answer(
        request, form, act, then=lambda done: back, heading=Kind(paper).label, caption=About(about).label, back=back,
        template="profile/record_impact_assessment.html", paper=written(about, paper),
    )  # fmt: skip
