"""My meetings, one meeting, the meetings about a child; and what lets one be called, moved, called off, held."""

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from atlas.children.models import Child
from atlas.connections.looks import note_looks
from atlas.design.forms import Typed, new_key
from atlas.design.words import when
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.page import Kept, PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.meetings import forms
from atlas.meetings.calendar import NAME, entry_of
from atlas.meetings.codes import About, ItemKind
from atlas.meetings.commands import calling, telephone
from atlas.meetings.models import Meeting, MeetingItem
from atlas.meetings.queries.actions import actions_about, not_taken_on
from atlas.meetings.queries.asked_for import asked_for
from atlas.meetings.queries.challenges import challenges_with_people
from atlas.meetings.queries.choosing import brothers_and_sisters, entries_for_agenda, minute_takers, who_may_chair
from atlas.meetings.queries.elsewhere import discussed_elsewhere
from atlas.meetings.queries.late_lines import late_lines
from atlas.meetings.queries.leading import kind_of, leads, meeting_kinds, works_with
from atlas.meetings.queries.panels import before_after_panel, panels_ahead
from atlas.meetings.queries.papers import family_paper_of, paper_of
from atlas.meetings.queries.room import is_now, items_with_meeting, meetings_about, meetings_with_people, my_meetings, room_of
from atlas.meetings.rules.before_after import LIMITS
from atlas.sharing.copy import CompiledCopy
from atlas.sharing.copy_pdf import pdf_of_copy

MOST = 100
PLACE = re.compile(r"[a-z]+(-[0-9a-f-]{36})?(-[a-z_]+)?")


def to_meeting(done: object) -> str:
    """The address of a meeting, or of the one that a record is of."""
    return reverse("meetings:view_meeting", args=[done.pk if isinstance(done, Meeting) else done.meeting_id])  # type: ignore[attr-defined]


@page(needs=Permission.VIEW_MEETINGS)
def view_meetings(request: PageRequest) -> HttpResponse:
    """The meetings to which one is asked: those to come first, then those that are over."""
    mine = list(my_meetings(request.subject)[:MOST])
    shown = {
        "now": request.at,
        "refused": list(not_taken_on(request.subject)[:MOST]),
        "ahead": [one for one in mine if one.is_open],
        "over": [one for one in reversed(mine) if not one.is_open],
    }
    return render(request, "meetings/view_meetings.html", shown)


@page(about=Meeting, needs=Permission.VIEW_MEETING, rows=meetings_with_people)
def view_meeting(request: PageRequest, meeting: Meeting) -> HttpResponse:
    """One meeting: the agenda with what each brings, what is decided and who does what; who is asked; what is still needed."""
    return render(request, "meetings/view_meeting.html", {**_in_room(request, meeting), "place": "", "is_part": False})


def _in_room(request: PageRequest, meeting: Meeting) -> dict[str, Any]:
    """What a meeting's page shows, whoever writes in it."""
    room, may = room_of(request.subject, meeting), ROLE[request.post.role].permissions
    note_looks(request, "view_meeting", [on.item.held for on in room.agenda])
    return {
        "room": room, "meeting": meeting, "now": request.at, "new_key": new_key, "is_now": is_now(meeting, request.at),
        "elsewhere": discussed_elsewhere([on.item.child_id for on in room.agenda if on.item.child_id], meeting, request.at),
        "may_lead": room.is_led and Permission.RECORD_MEETING_DECISION in may, "me": request.post,
        "challenges": list(challenges_with_people().filter(meeting=meeting)), "late_lines": late_lines(meeting, request.at),
    }  # fmt: skip


@page(about=Meeting, needs=Permission.VIEW_MEETING, rows=meetings_with_people)
def print_meeting(request: PageRequest, meeting: Meeting) -> HttpResponse:
    """The record as whoever asks may read it, as a PDF."""
    room = room_of(request.subject, meeting)
    note_looks(request, "print_meeting", [on.item.held for on in room.agenda])
    return _paper(request, paper_of(room), meeting)


@page(about=MeetingItem, needs=Permission.VIEW_MEETING, rows=items_with_meeting)
def print_family_record(request: PageRequest, item: MeetingItem) -> HttpResponse:
    """The copy for one child and the family, as a PDF: by whoever leads the meeting, or works with the child."""
    if item.child_id is None or not (leads(item.meeting, request.post) or works_with(request.subject, item.child_id)):
        raise Http404
    return _paper(request, family_paper_of(room_of(request.subject, item.meeting), item.child_id), item.meeting)


def _paper(request: PageRequest, copy: CompiledCopy, meeting: Meeting) -> HttpResponse:
    mark = f"{request.post.user.name}, {when(request.at)}, reference {meeting.reference}, {copy.digest[:12]}"
    made = HttpResponse(pdf_of_copy(copy, mark), content_type="application/pdf")
    made["Content-Disposition"] = f'inline; filename="meeting-{meeting.reference}.pdf"'
    return made


@page(about=Meeting, needs=Permission.VIEW_MEETING, rows=meetings_with_people)
def download_calendar_entry(request: PageRequest, meeting: Meeting) -> HttpResponse:
    """When and where, for a calendar; it names no child."""
    made = HttpResponse(entry_of(meeting, request.at), content_type="text/calendar; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="{NAME}"'
    return made


@page(about=Child, needs=Permission.VIEW_CHILD_MEETINGS)
def view_child_meetings(request: PageRequest, child: Child) -> HttpResponse:
    """What meetings were held about a child, what they decided; whatever panel or group it was."""
    items, may = list(meetings_about(request.subject, child.pk)[:MOST]), ROLE[request.post.role].permissions
    shown = {
        "child": child,
        "items": items,
        "now": request.at,
        "actions": list(actions_about(request.subject, child.pk)[:MOST]),
        "panels": panels_ahead(child, request.at) if Permission.PUT_ON_AGENDA in may and works_with(request.subject, child.pk) else [],
        "may_call": Permission.CALL_MEETING in may,
        "may_step_down": Permission.STEP_DOWN in may,
        "compared": before_after_panel(request.subject, child, request.at),
        "limits": LIMITS,
    }
    return render(request, "meetings/view_child_meetings.html", shown)


@page(about=Child, needs=Permission.CALL_MEETING)
def call_meeting(request: PageRequest, child: Child) -> HttpResponse:
    """Call a meeting about a child."""
    authority = child.responsible_authority
    kinds = [kind for kind in meeting_kinds(authority) if kind.about in {About.CHILD, About.BRIEFING}]
    chairs = who_may_chair(authority, frozenset().union(*(kind.chaired_by for kind in kinds)), request.at)
    form = forms.CallForm.of(
        request, kinds=kinds, chairs=list(chairs), takers=list(minute_takers(authority, request.at)), others=brothers_and_sisters(child),
        initial=asked_for(request.subject, child, request.GET.get("kind", ""), request.at),
    )  # fmt: skip

    def act(given: dict[str, Any]) -> object:
        others = [form.siblings[pk] for pk in given.get("others", [])]
        return calling.call_meeting(child=child, called=form.called(), why=given["why"], others=others, **acting(request))

    return answer(
        request, form, act, then=to_meeting, heading="Call a meeting", caption=child.name, back=reverse("meetings:view_child_meetings", args=[child.pk]),
        lead=("Everybody who is asked learns the time at once, and sees who it is about five working days before.",),
        warning="This does not report that a child is in danger now. Ring 999.",
    )  # fmt: skip


@page(about=Child, needs=Permission.CALL_MEETING)
def record_telephone_discussion(request: PageRequest, child: Child) -> HttpResponse:
    """Write down a strategy discussion that was held at once by telephone."""
    form = forms.TelephoneForm.of(request)
    return answer(
        request, form, lambda given: telephone.record_telephone_discussion(child=child, said=form.said(), **acting(request)), then=to_meeting,
        heading="A strategy discussion by telephone", caption=child.name, back=reverse("meetings:view_child_meetings", args=[child.pk]),
        lead=("You and the police, now. Health is heard on the next working day, and the manager of the child’s worker goes on with it.",),
        warning="This reports nothing to the police. Ring 999 or 101 first.",
    )  # fmt: skip


@page(about=Meeting, needs=Permission.MOVE_MEETING, rows=meetings_with_people)
def move_meeting(request: PageRequest, meeting: Meeting) -> HttpResponse:
    """Let it be at another time."""

    def act(given: dict[str, Any]) -> object:
        return calling.move_meeting(meeting=meeting, **given)

    return of_meeting(request, meeting, forms.MoveForm.of(request), act, "Move the meeting")


@page(about=Meeting, needs=Permission.CANCEL_MEETING, rows=meetings_with_people)
def cancel_meeting(request: PageRequest, meeting: Meeting) -> HttpResponse:
    """Call it off."""
    lead = ("Say also what happens instead. What was needed is still needed.",)
    return of_meeting(
        request,
        meeting,
        forms.BecauseForm.of(request),
        lambda given: calling.cancel_meeting(meeting=meeting, **given),
        "Call the meeting off",
        lead,
    )


@page(about=Meeting, needs=Permission.PUT_ON_AGENDA, rows=meetings_with_people)
def put_on_agenda(request: PageRequest, meeting: Meeting) -> HttpResponse:
    """Put something on the agenda."""
    children, chosen = _own_children(request.subject, meeting), request.GET.get("child", "")
    first = {"kind": ItemKind.CHILD, "child": chosen} if any(str(one.pk) == chosen for one in children) else {}
    form = forms.AgendaForm.of(request, children=children, held=entries_for_agenda(day_of(request.at)), initial=first)
    lead = ("A child opens to everybody who is asked to this meeting. A place or a theme names no child.",)

    def act(given: dict[str, Any]) -> object:
        return calling.put_on_agenda(meeting=meeting, **form.given(), **acting(request))

    return of_meeting(request, meeting, form, act, "Put something on the agenda", lead)


def _own_children(subject: Subject, meeting: Meeting) -> "list[Child]":
    """The children of the meeting's authority whose meetings are open to whoever puts them there; none where the kind holds no child."""
    if not kind_of(meeting).opens_child:
        return []
    children = Child.objects.visible_to(subject, Child.record_kind).filter(responsible_authority=meeting.authority)
    return sorted(children[:500], key=lambda child: child.name)


@page(about=Meeting, needs=Permission.HOLD_MEETING, rows=meetings_with_people)
def hold_meeting(request: PageRequest, meeting: Meeting) -> HttpResponse:
    """Say that it began."""

    def act(given: dict[str, Any]) -> object:
        return calling.hold_meeting(meeting=meeting, held_at=given["held_at"], **acting(request))

    began = timezone.localtime(min(meeting.starts_at, request.at)).replace(tzinfo=None)
    form = forms.HoldForm.of(request, initial={"held_at": Typed(began, "minute")})
    return of_meeting(request, meeting, form, act, "The meeting was held")


def of_meeting(
    request: PageRequest, meeting: Meeting, form: Any, act: Any, heading: str, lead: tuple[str, ...] = (), about: str = ""
) -> HttpResponse:
    """A form about a meeting, and back to its page: on a page of its own, or at the place on the meeting's page where it was opened. `about`: what
    stands on its agenda, or who is asked: said beside the heading, never in the title.
    """
    place, template = _place(request), "design/form.html"
    shown: dict[str, Any] = {}
    if place:
        is_part = bool(request.headers.get("HX-Request"))  # a script asks for the form alone
        template = "meetings/view_meeting.html"
        shown = {"place": place, "is_part": is_part, **({"meeting": meeting} if is_part else _in_room(request, meeting))}
    home = to_meeting(meeting)
    back = f"{home}#{place}" if place else home
    caption = ", ".join(filter(None, (about, meeting.kind_name)))
    said: dict[str, Any] = {"heading": heading, "caption": caption, "back": back, "lead": lead}
    answered = answer(request, form, act, then=lambda done: back, template=template, **said, **shown)
    is_shown = answered.status_code != 302 and not isinstance(answered, Kept)
    if place and is_shown and f'id="{place}"'.encode() not in answered.content:  # the place went while it was written in
        return render(request, "design/form.html", {"form": form, "warning": "", **said}, status=answered.status_code)
    return answered


def _place(request: PageRequest) -> str:
    """Where on the meeting's page a form was opened; empty where it has a page of its own."""
    place = request.GET.get("in_place", "")
    return place if PLACE.fullmatch(place) and Permission.VIEW_MEETING in ROLE[request.post.role].permissions else ""
