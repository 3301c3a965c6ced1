"""The peer of `bench pages`: bare Django pages that read the same rows, without gate, audit, second factor or design.

Its own settings, URLs and views in one file: session and user middleware, one query for each table, a plain table of text.
"""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"
application = get_wsgi_application()

from django.contrib.auth.decorators import login_required  # noqa: E402
from django.db.models import F, OuterRef, Q, Subquery  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from jinja2 import Environment  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.allocation.models import Allocation, ResponsibleTeam  # noqa: E402
from atlas.children.models import Child  # noqa: E402
from atlas.chronology.models import Entry  # noqa: E402
from atlas.clocks.models import Clock  # noqa: E402
from atlas.exploitation.models import ExploitationAssessment  # noqa: E402
from atlas.missing.models import ContactOrSighting, Episode, ReturnInterview  # noqa: E402
from atlas.people.models import Identifier  # noqa: E402
from atlas.plans.models import SafetyPlan  # noqa: E402
from atlas.statuses.models import Conference, Disability, Family, LegalStatus, Placement, Spell  # noqa: E402
from atlas.tasks.models import Alert, Task  # noqa: E402

PAGE = Environment(autoescape=True).from_string(
    "<!DOCTYPE html><title>{{ title }}</title><h1>{{ title }}</h1>{% for name, rows in tables %}<h2>{{ name }}</h2><table>"
    "{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}"
)


def _show(title: str, **tables: Any) -> HttpResponse:
    text = PAGE.render(title=title, tables=list(tables.items())).encode()
    return HttpResponse(text, headers={"Content-Length": str(len(text))})


def _post(request: HttpRequest) -> Post:
    return Post.objects.select_related("team__agency").get(pk=request.session["active_post"])


@login_required
def missing_now(request: HttpRequest) -> HttpResponse:
    """Every open episode, with its child, last contact and waiting alert."""
    _post(request)
    last = ContactOrSighting.objects.filter(episode=OuterRef("pk")).order_by("-happened_at").values("happened_at")[:1]
    open_ones = Episode.objects.filter(state__in=["missing", "found"]).select_related("child", "responsible_authority", "host_authority")
    episodes = list(
        open_ones.annotate(last=Subquery(last), marked=F("child__missing_profile__exploitation_marked_at")).order_by("reported_at")
    )
    waiting = set(
        Alert.objects.filter(about_id__in=[e.pk for e in episodes], acknowledged_at__isnull=True).values_list("about_id", flat=True)
    )
    rows = [
        (e.child.name, e.child.born_on, e.responsible_authority.name, e.host_authority.name, e.state, e.grade, e.marked, e.reported_at,
         e.last_seen_at, e.last, e.police_reference, e.pk in waiting)
        for e in episodes
    ]  # fmt: skip
    return _show("Missing now", episodes=rows)


@login_required
def child(request: HttpRequest, pk: str) -> HttpResponse:
    """A child with what is recorded of the child."""
    _post(request)
    one = Child.objects.select_related("responsible_authority", "host_authority", "missing_profile").get(pk=pk)
    entries = Entry.objects.filter(child=one).select_related("recorded_by__user", "recorded_by__team__agency")
    allocations = Allocation.objects.filter(child=one, until_at__isnull=True).select_related("post__user", "post__team")
    return _show(
        one.name,
        child=[(one.born_on, one.responsible_authority.name, one.host_authority.name)],
        numbers=Identifier.objects.filter(person_id=one.pk, until_on__isnull=True).values_list("kind", "value"),
        works=[(a.capacity, a.post.user.name, a.post.team.name) for a in allocations],
        team=[(r.team.name,) for r in ResponsibleTeam.objects.filter(child=one, until_at__isnull=True).select_related("team")],
        clocks=[(c.limit_name, c.due_at, c.due_latest_at, c.why) for c in Clock.objects.filter(child=one).order_by("due_at")[:30]],
        spells=[(s.status, s.from_on, s.until_on) for s in Spell.objects.filter(child=one)],
        placements=[(p.kind, p.from_on, p.until_on) for p in Placement.objects.filter(child=one)],
        conferences=[(c.kind, c.due_on, c.held_on) for c in Conference.objects.filter(child=one)],
        disabilities=[(d.code,) for d in Disability.objects.filter(child=one)],
        families=[(f.number,) for f in Family.objects.filter(child=one)],
        doubts=[(t.name,) for t in Task.objects.filter(child=one, state="open", entry__kind__in=["wrong_fact_reported", "fact_vanished"])],
        legal=[(s.code, s.from_on, s.until_on) for s in LegalStatus.objects.filter(child=one)],
        episodes=[(e.reported_at, e.state) for e in Episode.objects.filter(child=one).order_by("-reported_at")[:20]],
        plans=[(p.number, p.decided_at) for p in SafetyPlan.objects.filter(child=one, closed_at__isnull=True)],
        unread=list(Entry.objects.filter(child=one, plan_answer__isnull=True).exclude(event="").values_list("event", "recorded_at")),
        levels=list(ExploitationAssessment.objects.filter(child=one, state="finished").values_list("level", "is_harm", "finished_at")),
        chronology=[
            (
                e.kind,
                *((e.recorded_by.user.name, e.recorded_by.team.agency.name) if e.recorded_by else ()),
                e.happened_at,
                e.words,
                e.recorded_at,
            )
            for e in entries.order_by("-happened_at", "-recorded_at")[:31]
        ],
    )


@login_required
def my_work(request: HttpRequest) -> HttpResponse:
    """What a post has to do: tasks, alerts, interviews."""
    post = _post(request)
    tasks = Task.objects.filter(Q(owner_post=post) | Q(owner_team=post.team_id, owner_post__isnull=True), state="open")
    alerts = Alert.objects.filter(Q(owner_post=post) | Q(owner_team=post.team_id), acknowledged_at__isnull=True)
    interviews = ReturnInterview.objects.filter(
        Q(interviewer=post) | Q(team=post.team_id, interviewer__isnull=True), closed_at__isnull=True, held_at__isnull=True
    )
    return _show(
        "My work",
        tasks=[
            (t.child.name, t.name, t.due_at, t.clock and t.clock.why)
            for t in tasks.select_related("child", "clock").order_by("due_at")[:100]
        ],
        alerts=[(a.child.name, a.reason, a.raised_at) for a in alerts.select_related("child", "authority").order_by("raised_at")[:50]],
        interviews=[(i.child.name, i.state, i.due_at) for i in interviews.select_related("child", "episode").order_by("due_at")[:50]],
    )


urlpatterns = [path("missing/", missing_now), path("child/<uuid:pk>/", child), path("", my_work)]
