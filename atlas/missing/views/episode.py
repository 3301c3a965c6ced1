"""Missing now, and the page of one episode with what can be added to it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.chronology.queries import entries_about, recent_days
from atlas.clocks.models import Clock
from atlas.copies.queries import copies_about
from atlas.gate.context import Subject
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.gate.queries import standing
from atlas.gate.rules import Decision, decide
from atlas.missing.codes import CouncilStatus, PoliceStatus
from atlas.missing.commands import back, photograph, report
from atlas.missing.commands import episode as add
from atlas.missing.forms import episode as forms
from atlas.missing.models import Difference, Episode, MissingProfile, Photograph, ReturnInterview
from atlas.missing.queries.episodes import episodes_with_child, repeats_of
from atlas.missing.queries.episodes import missing_now as episodes_now
from atlas.missing.queries.now import what_now
from atlas.missing.queries.placed_in import notice_of
from atlas.missing.queries.together import together_with
from atlas.missing.rules.repeats import RULE
from atlas.missing.rules.steps import STEP
from atlas.missing.workflow import EpisodeState
from atlas.sealed.rules import RING
from atlas.statuses.rules import UNCHECKED
from atlas.tasks.models import Alert

NOT_THE_POLICE = "This does not report the child missing to the police. Ring 999 or 101."


def to_episode(episode: object) -> str:
    """The address of an episode's page."""
    found = getattr(episode, "episode", episode)
    assert isinstance(found, Episode)
    return reverse("missing:view_episode", args=[found.pk])


@page(needs=Permission.VIEW_MISSING_NOW)
def view_missing_now(request: PageRequest) -> HttpResponse:
    """Every child missing now, the longest first; refreshes itself, and an unacknowledged alert stays red."""
    episodes = episodes_now(request.subject)
    waiting = set(
        Alert.objects.filter(about_id__in=[e.pk for e in episodes], acknowledged_at__isnull=True).values_list("about_id", flat=True)
    )
    shown = {"episodes": episodes, "waiting": waiting, "now": request.at, "not_the_police": NOT_THE_POLICE}
    return render(request, "missing/view_missing_now.html", shown)


@page(about=Episode, needs=Permission.VIEW_EPISODE, rows=episodes_with_child)
def view_episode(request: PageRequest, episode: Episode) -> HttpResponse:
    """One episode: what is known, what happened in it, what is due, and what can be added."""
    subject = request.subject
    is_missing = episode.state == EpisodeState.MISSING
    clocks = list(Clock.objects.filter(about_id=episode.pk).order_by("due_at", "pk"))
    seen = [] if is_missing else list(episode.prevention_interviews.order_by("-held_at", "pk"))
    alerts = Alert.objects.filter(about_id=episode.pk, acknowledged_at__isnull=True)
    shown = {
        "episode": episode,
        "child": episode.child,
        "now": request.at,
        "entries": list(entries_about(subject, episode.child_id, episode.pk)),
        "recent_days": recent_days(subject, episode.child_id),
        "contacts": list(episode.contacts.order_by("-happened_at", "pk")),
        "changes": list(episode.status_changes.order_by("-changed_at", "pk")),
        "grades": list(episode.grades.order_by("-graded_at", "pk")),
        "clocks": [one for one in clocks if one.limit not in STEP],
        "todo": what_now(subject, episode, clocks),
        "seen_by_police": seen,
        "repeats": [(one, RULE[one.rule]) for one in repeats_of(episode.child_id) if one.rule in RULE],
        "unchecked": UNCHECKED,
        "may_do": {str(permission) for permission in ROLE[request.post.role].permissions},
        "alerts": list(alerts.select_related("authority")),
        "interview": ReturnInterview.objects.of_child(subject, episode.child_id).filter(episode=episode).first(),
        "profile": getattr(episode.child, "missing_profile", None),
        "plan": getattr(episode.child, "trigger_plan", None),
        "may_plan": Permission.VIEW_TRIGGER_PLAN in ROLE[request.post.role].permissions,
        **_ways_to_meet(subject, episode),
        "photograph": Photograph.objects.filter(child=episode.child).order_by("-added_at", "pk").only("pk", "taken_on", "child").first(),
        "police_status": dict(PoliceStatus.choices).get(episode.police_status, "Not yet told"),
        "council_status": dict(CouncilStatus.choices).get(episode.council_status, ""),
        "differences": list(Difference.objects.filter(episode=episode, state=Difference.State.OPEN).order_by("found_at", "pk")),
        "copies": [] if episode.is_open else copies_about([episode.pk, *(one.pk for one in seen)]),
        "notice": notice_of(episode.child_id) if episode.host_authority_id != episode.responsible_authority_id else None,
        "together": together_with(episode) if episode.is_together else [],  # type: ignore[attr-defined]
        "not_the_police": NOT_THE_POLICE,
        "ring": RING,
        "may": request.post.role,
    }
    return render(request, "missing/view_episode.html", shown)


def _ways_to_meet(subject: Subject, episode: Episode) -> dict[str, bool]:
    """Whether the page leads to the meetings about the child, and lets one be called."""
    how = standing(subject, episode.child_id)
    ways = {"may_call": Permission.CALL_MEETING, "may_view_meetings": Permission.VIEW_CHILD_MEETINGS}
    return {name: decide(how, permission) is Decision.ALLOWED for name, permission in ways.items()}


def _add(request: PageRequest, episode: Episode, form: Any, verb: Any, heading: str, **more: Any) -> HttpResponse:
    more.setdefault("warning", not_the_police(episode))
    return answer(
        request, form.of(request), lambda given: verb(episode=episode, **given), then=lambda done: to_episode(episode), heading=heading,
        caption=f"{episode.child.name}, {episode.reference}", back=to_episode(episode), **more,
    )  # fmt: skip


def not_the_police(episode: Episode) -> str:
    """What every form about a child who is missing says first (real-life.md point 6); nothing once the child is back."""
    if not episode.is_open:
        return ""
    return NOT_THE_POLICE if episode.police_reference else f"{NOT_THE_POLICE} They have not been rung yet."


@page(about=Episode, needs=Permission.RECORD_CONTACT_OR_SIGHTING)
def record_contact_or_sighting(request: PageRequest, episode: Episode) -> HttpResponse:
    """Record a contact or a sighting."""
    return _add(request, episode, forms.ContactOrSightingForm, add.record_contact_or_sighting, "Record a contact or sighting")


@page(about=Episode, needs=Permission.RECORD_POLICE_STATUS)
def record_police_status(request: PageRequest, episode: Episode) -> HttpResponse:
    """Record the police's status."""
    return _add(request, episode, forms.PoliceStatusForm, add.record_police_status, "Change the police status")


@page(about=Episode, needs=Permission.RECORD_COUNCIL_STATUS)
def record_council_status(request: PageRequest, episode: Episode) -> HttpResponse:
    """Record the council's status."""
    return _add(request, episode, forms.CouncilStatusForm, add.record_council_status, "Change the council status")


@page(about=Episode, needs=Permission.RECORD_POLICE_GRADE)
def record_police_grade(request: PageRequest, episode: Episode) -> HttpResponse:
    """Record a police grade."""
    return _add(request, episode, forms.PoliceGradeForm, add.record_police_grade, "Record the police grade")


@page(about=Episode, needs=Permission.RECORD_POLICE_REFERENCE)
def record_police_reference(request: PageRequest, episode: Episode) -> HttpResponse:
    """Record that the police were rung."""
    return _add(request, episode, forms.PoliceReferenceForm, add.record_police_reference, "Record that the police were told")


@page(about=Episode, needs=Permission.RECORD_FOUND)
def record_found(request: PageRequest, episode: Episode) -> HttpResponse:
    """Record that the child was found."""
    return _add(request, episode, forms.FoundForm, back.record_found, "Record that the child was found")


@page(about=Episode, needs=Permission.CORRECT_RETURN)
def correct_return(request: PageRequest, episode: Episode) -> HttpResponse:
    """Correct the time of the return."""
    lead = ("The first time stays on record, and this change is listed.",)
    return _add(request, episode, forms.CorrectReturnForm, back.correct_return, "Correct the time of the return", lead=lead)


@page(about=Episode, needs=Permission.WITHDRAW_EPISODE)
def withdraw_episode(request: PageRequest, episode: Episode) -> HttpResponse:
    """Withdraw an episode recorded in error."""
    return _add(request, episode, forms.ReasonForm, report.withdraw_episode, "Withdraw this missing episode")


@page(about=Child, needs=Permission.SET_EXPLOITATION_MARKER)
def set_exploitation_marker(request: PageRequest, child: Child) -> HttpResponse:
    """Record a live concern about exploitation; everyone who looks for the child will see it."""
    return _about_child(request, child, forms.MarkerForm.of(request), add.set_exploitation_marker, "Record a concern about exploitation")


@page(about=Child, needs=Permission.SET_EXPLOITATION_MARKER)
def end_exploitation_marker(request: PageRequest, child: Child) -> HttpResponse:
    """End the concern, with the reason."""
    return _about_child(request, child, forms.EndMarkerForm.of(request), add.end_exploitation_marker, "End the concern about exploitation")


def _about_child(request: PageRequest, child: Child, form: Any, verb: Any, heading: str) -> HttpResponse:
    home = reverse("desk:view_child", args=[child.pk])
    return answer(
        request, form, lambda given: verb(child=child, **given), then=lambda done: home, heading=heading, caption=child.name, back=home,
        edits=lambda: MissingProfile.objects.filter(child=child).first(),
    )  # fmt: skip


@page(about=Episode, needs=Permission.ADD_PHOTOGRAPH)
def add_photograph(request: PageRequest, episode: Episode) -> HttpResponse:
    """Add a photograph of the child."""
    return _add(request, episode, forms.PhotographForm, photograph.add_photograph, "Add a photograph")


@page(about=Photograph, needs=Permission.VIEW_EPISODE)
def view_photograph(request: PageRequest, photograph: Photograph) -> HttpResponse:
    """The photograph itself: our own pixels, never the file that was sent."""
    headers = {
        "Content-Disposition": "inline; filename=photograph.jpg",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    }
    return HttpResponse(bytes(photograph.image), content_type="image/jpeg", headers=headers)
