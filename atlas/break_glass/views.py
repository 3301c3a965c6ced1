"""Break the glass, read the core record, review what was broken."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.middleware import ACTIVE_PURPOSE
from atlas.allocation.queries import who_works
from atlas.break_glass import commands, forms
from atlas.break_glass.models import BreakGlass
from atlas.break_glass.queries import contact_details, rates, reviewable
from atlas.break_glass.rules import DAYS_COUNTED
from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission
from atlas.missing.queries.episodes import episodes_of
from atlas.people.models import Identifier
from atlas.statuses.queries import mirrored

OPENED = "break_glass"  # in the session: until when, so that the banner asks nothing of the database


@page(needs=Permission.BREAK_GLASS, step_up=True)
def break_glass(request: PageRequest, reference: str) -> HttpResponse:
    """Open the core record of a card's child in an emergency. Whatever comes of it, the next page is the record's; or not found."""
    card = commands.Reference.of(reference, request.post)
    if card is None:
        raise Http404
    return answer(
        request, forms.BreakGlassForm.of(request, role=request.post.role),
        lambda given: commands.break_glass(reference=card, **given), then=lambda done: _opened(request, card, done),
        heading="Open a record in an emergency", back=reverse("desk:find_child"),
        lead=(
            "Ring the team on the card first. Open the record only where the child would come to harm while you wait.",
            "You read who the child is, where the child is, who works with the child and what is known of missing episodes: four hours, and "
            "nothing can be written.",
            "The privacy officers of your agency and of the council, the team that works with the child and your manager are told at once, "
            "by name and reason. Somebody outside your line reviews it within one working day.",
        ),
    )  # fmt: skip


def _opened(request: PageRequest, card: commands.Reference, done: object) -> str:
    if isinstance(done, BreakGlass):
        request.session[ACTIVE_PURPOSE] = done.purpose  # what one acts for from now on, and may change
        request.session[OPENED] = done.until_at.isoformat()
    return reverse("break_glass:view_core_record", args=[card.child_id])


@page(about=Child, needs=Permission.VIEW_CORE_RECORD, rows=lambda: Child.objects.select_related("responsible_authority", "host_authority"))
def view_core_record(request: PageRequest, child: Child) -> HttpResponse:
    """What one needs at two in the morning: read only, and for four hours."""
    subject = request.subject
    own = BreakGlass.objects.filter(child=child, post=request.post, until_at__gt=request.at).order_by("-until_at", "pk").first()
    episodes = episodes_of(subject, child)
    shown = {
        "child": child, "now": request.at, "own": own, "works": who_works(subject, child), "statuses": mirrored(subject, child)[0],
        "numbers": list(Identifier.objects.of_child(subject, child.pk).filter(until_on__isnull=True).order_by("kind", "pk")),
        "contacts": list(contact_details(subject, child)), "episodes": episodes[:5],
        "open_episode": next((episode for episode in episodes if episode.is_open), None),
    }  # fmt: skip
    return render(request, "break_glass/view_core_record.html", shown)


@page(needs=Permission.VIEW_BREAK_GLASSES, event=Event.READ_AUDIT)
def view_break_glasses(request: PageRequest) -> HttpResponse:
    """What was opened in an emergency and waits for review; what was reviewed; and how often each team does it."""
    rows = reviewable()
    shown = {
        "waiting": [(one, name) for one, name in rows if not hasattr(one, "review")],
        "reviewed": [one for one, _ in reversed(rows) if hasattr(one, "review")][:50],
        "rates": rates(request.at),
        "weeks": _weeks(request),
        "now": request.at,
    }
    return render(request, "break_glass/view_break_glasses.html", shown)


def _weeks(request: PageRequest) -> list[object]:
    day = day_of(request.at - timedelta(days=DAYS_COUNTED))
    first = day - timedelta(days=day.weekday())
    return [first + timedelta(weeks=number) for number in range(DAYS_COUNTED // 7 + 1)]


@page(needs=Permission.REVIEW_BREAK_GLASS, event=Event.READ_AUDIT)
def review_break_glass(request: PageRequest, reviewed: UUID) -> HttpResponse:
    """Say what a review came to. Not judged by the child: a restricted child's is reviewed off the list of names."""
    broken, child = next((one for one in reviewable() if one[0].pk == reviewed), (None, ""))
    if broken is None:
        raise Http404
    queue = reverse("break_glass:view_break_glasses")
    who = f"{broken.post.user.name}, {broken.post.title}, {broken.team.agency.name}"
    lead = (
        f"Child: {child or 'a child whom you may not see'}.",
        f"Purpose: {broken.purpose_words}.",
        f"Reason: {broken.reason}",
        f"To be rung back on {broken.callback}.",
        "The person is shut out of the child: nothing was opened." if broken.is_refused else "The record was open for four hours.",
    )
    return answer(
        request, forms.ReviewBreakGlassForm.of(request), lambda given: commands.review_break_glass(reviewed=reviewed, **given),
        then=lambda done: queue, heading="Was this opening right?", caption=f"{broken.reference}: {who}", lead=lead, back=queue,
    )  # fmt: skip
