"""The kinds of meeting: those that Atlas comes with and a council's own; one is added, changed for the future, ended."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.queries import served_or_404
from atlas.clocks.queries import own_authorities
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.meetings import kind_forms as forms
from atlas.meetings.commands import kinds as verbs
from atlas.meetings.models import LocalMeetingKind
from atlas.meetings.queries.leading import meeting_kinds

FROM_NOW = "It holds for meetings that are called from now on. One that was called keeps the rules under which it was called."


def to_kinds(done: object) -> str:
    """The address of the list."""
    return reverse("meetings:view_meeting_kinds")


@page(needs=Permission.VIEW_MEETING_KINDS)
def view_meeting_kinds(request: PageRequest) -> HttpResponse:
    """Every kind that may be called here: who may chair it, who must be there, what must be answered; those that ended too."""
    authority = served_or_404(request.post)
    ended = (
        LocalMeetingKind.objects.filter(authority=authority, ended_at__isnull=False).select_related("authority").order_by("-ended_at", "pk")
    )
    shown = {
        "authority": authority, "kinds": meeting_kinds(authority), "ended": list(ended[:50]), "roles": ROLE, "may": ROLE[request.post.role].permissions,
        "P": Permission, "own": set(LocalMeetingKind.objects.filter(authority=authority, ended_at=None).values_list("key", flat=True)),
    }  # fmt: skip
    return render(request, "meetings/view_meeting_kinds.html", shown)


@page(needs=Permission.ADD_MEETING_KIND)
def add_meeting_kind(request: PageRequest) -> HttpResponse:
    """Add a kind."""
    form = forms.MeetingKindForm.of(request, authorities=list(own_authorities(request.post)))

    def act(given: dict[str, Any]) -> object:
        return verbs.add_meeting_kind(authority=form.authority_chosen(), given=form.given(), **acting(request))

    return answer(request, form, act, then=to_kinds, heading="Add a kind of meeting", back=to_kinds(None), lead=(FROM_NOW,))


@page(needs=Permission.CHANGE_MEETING_KIND)
def change_meeting_kind(request: PageRequest, meeting_kind: str) -> HttpResponse:
    """Change it for the future."""
    kind = _own(request, meeting_kind)
    form = forms.MeetingKindForm.of(request, authorities=[kind.authority], kind=kind)

    def act(given: dict[str, Any]) -> object:
        return verbs.change_meeting_kind(kind=kind, given=form.given(), **acting(request))

    return answer(
        request, form, act, then=to_kinds, heading="Change a kind of meeting", caption=kind.name, back=to_kinds(None), lead=(FROM_NOW,)
    )


@page(needs=Permission.END_MEETING_KIND)
def end_meeting_kind(request: PageRequest, meeting_kind: str) -> HttpResponse:
    """Let no more be called."""
    kind = _own(request, meeting_kind)
    lead = ("No meeting of this kind is called any more. Those that were called go on.",)
    return answer(
        request, forms.EndKindForm.of(request), lambda given: verbs.end_meeting_kind(kind=kind, **given), then=to_kinds, heading="End a kind of meeting",
        caption=kind.name, back=to_kinds(None), lead=lead,
    )  # fmt: skip


def _own(request: PageRequest, key: str) -> LocalMeetingKind:
    """The kind of one's own council that goes by this key."""
    found = LocalMeetingKind.objects.select_related("authority").filter(key=key, authority__in=own_authorities(request.post)).first()
    if found is None:
        raise Http404
    return found
