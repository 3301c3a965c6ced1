"""@page: the one door through which records are read. Fetched through the gate, and the look written before the bytes leave."""

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from atlas.design.edits import Base
from atlas.design.forms import Form
from atlas.design.typed import sent, way_back
from atlas.design.words import when
from atlas.gate.act import Conflict, Invalid, OnlyShows, Refused, child_of, judge, refusals_kept
from atlas.gate.aside import keep_aside
from atlas.gate.context import Subject, acting_as
from atlas.gate.days import day_of
from atlas.gate.door import at_the_door, hashed, session_of
from atlas.gate.drafts import LATER, LIFE, THROW_AWAY, keep_draft, offer_draft, throw_away
from atlas.gate.events import EACH_TIME, Event
from atlas.gate.kept import Kept as KeptQuestion
from atlas.gate.models import Look, Proposal
from atlas.gate.policy import FINGERPRINT, NEEDS, Permission, Purpose
from atlas.gate.queries import standings
from atlas.gate.readonly import is_standby
from atlas.gate.rules import Decision
from atlas.gate.seen import noting
from atlas.gate.writes import Edited, carry_base, compare, content_of, edited_now, tell_meanwhile

if TYPE_CHECKING:
    from atlas.agencies.models import Post

View = Callable[..., HttpResponse]
SAME_LOOK = timedelta(minutes=15)
STEP_UP = timedelta(minutes=5)  # how long a proof of who it is opens what asks for one (protection.md 3.1, ASVS 7.5.3)


Rows = Callable[[], "QuerySet[Any] | KeptQuestion"]


class PageRequest(HttpRequest):
    """A request as a page receives it, for annotations: Django makes the request; the middleware of agencies and @page fill it."""

    at: datetime
    post: "Post"
    purpose: Purpose
    subject: Subject
    last_look: Look | None
    proved_at: datetime | None  # when this session last proved a second factor or a passkey
    searched: tuple[str, ...]
    record: Model | None


def page(
    *, about: type[Model] | None = None, needs: Permission, rows: Rows | None = None, step_up: bool = False, event: Event = Event.OPEN
) -> Callable[[View], View]:
    """Make a view a page of the gate.

    `step_up`: only where the person proved a second factor or passkey within five minutes; others are asked, and come back.
    `about`: the kind of record that the path's `pk` names; a stranger, and a role that lacks the permission, gets *not found*;
    `rows` gives it with what its page shows beside it (a kept question: from its key, the moment and the day); `event`:
    the kind of look that showing it is. A page about no single record shows only rows that `visible_to` let through. Gives the view
    `request.subject` and, about a record, `request.last_look`: when this post last opened this page about this child. Writes one look
    with every child whose rows were loaded (once per session, page and set of children in 15 minutes; at once when the set changes),
    in the transaction that read them, before the answer leaves.
    """

    if about is None and NEEDS[needs].record is not None:
        raise TypeError(f"{needs} is judged for a record: say which kind this page is about.")  # it would open to every role

    def decorate(view: View) -> View:
        @login_required
        @functools.wraps(view)
        def show(request: PageRequest, *args: Any, pk: UUID | None = None, **path: Any) -> HttpResponse:
            post: Post | None = getattr(request, "post", None)
            if post is None:
                return redirect("agencies:choose_post")
            if step_up and not is_proved(request):
                return _ask_who_it_is(request)
            try:
                with refusals_kept(is_page=True):
                    return _shown(request, view, lambda: _judged(request, about, needs, rows, pk, view.__name__), path, event)
            except Refused as refused:
                raise Http404 from refused

        show.needs = needs  # type: ignore[attr-defined]
        show.about, show.step_up = about, step_up  # type: ignore[attr-defined]
        return show

    return decorate


def _shown(request: PageRequest, view: View, judged: Callable[[], tuple[Model, ...]], path: dict[str, Any], event: Event) -> HttpResponse:
    """The answer of a view that was let through, with its look written: in one transaction."""
    acting = acting_as(request.post, request.at, purpose=request.purpose, proved_at=request.proved_at)
    with acting as subject, noting() as seen:
        request.subject, request.searched, request.record = subject, (), None
        given = judged()
        response = view(request, *given, **path)
        if hasattr(response, "render") and not getattr(response, "is_rendered", True):
            response = response.render()
        if not isinstance(response, Kept):
            write_look(request, view.__name__, subject, seen, event, child_of(given[0]) if given else None)
    return response


def is_proved(request: PageRequest) -> bool:
    """Whether this session proved a second factor or passkey within the last five minutes."""
    return request.proved_at is not None and request.at - request.proved_at <= STEP_UP


def _ask_who_it_is(request: PageRequest) -> HttpResponse:
    """To the proof of who it is, and back to this page with what was typed."""
    back = way_back(request, sent(request), request.user.pk)
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


class Kept(HttpResponse):
    """Says that what was typed is kept. It shows nothing of any record, so it is no look."""


def acting(request: PageRequest) -> dict[str, Any]:
    """What every command takes from a page: the person's post, the moment, the form's idempotency key, and the hash of what was sent."""
    return {"by": request.post, "at": request.at, "key": request.POST.get("key") or None, "content": content_of(request)}


def answer(
    request: PageRequest, form: Form, act: Callable[[dict[str, Any]], object], *, then: Callable[[object], str], heading: str,
    template: str = "design/form.html", edits: Edited | None = None, **context: Any,
) -> HttpResponse:  # fmt: skip
    """Show a form; when it was sent and is valid, call one command and go on to the next page.

    `act`: given what was typed (with the person, the moment and the key), calls the command. A domain error is shown at
    its field, and what was typed is kept: also as a draft, until it has been sent. `edits`: finds the record that the form
    edits, where it is another than the page's own; what two people changed is put before the person.
    """
    form.keeps_drafts = not form.keeps_nothing
    if request.method == "POST" and "draft" in request.POST:
        return _kept(request, form, context.get("back") or "/")
    is_stale = False
    if form.is_valid():
        if compare(request, form, edits):
            try:
                done = act({**_given(form), **acting(request)})
                throw_away(request)
                if isinstance(done, Proposal) and done != request.record:  # not the one that was just decided
                    return redirect(proposed(request, done))
                return redirect(then(done))
            except Invalid as problem:
                is_stale = isinstance(problem, Conflict)
                form.invalid(problem)
                if isinstance(problem, OnlyShows):
                    form.keeps_drafts = not is_standby() and form.keeps_drafts and keep_draft(request, form)
                    return render(request, template, shown_with(form, heading, context), status=503)
                tell_meanwhile(request, form, Base.of(form.data.get("base", "")), edited_now(request, edits))
        is_stale = is_stale or bool(form.non_field_errors())
    elif not form.is_bound:
        carry_base(request, form, edits() if edits else request.record)
        offer_draft(request, form)
    return render(
        request, template, shown_with(form, heading, context), status=409 if is_stale and form.clashes else 422 if form.errors else 200
    )


def shown_with(form: Form, heading: str, context: dict[str, Any]) -> dict[str, Any]:
    """What the page of a form shows."""
    return {"form": form, "heading": heading, "lead": (), "warning": "", "caption": "", "back": "", **context}


def proposed(request: PageRequest, proposal: Proposal) -> str:
    """Tell the person that nothing is done yet, and where it waits: the path of the proposal's page."""
    messages.success(request, "Nothing has changed yet. It waits for a second person, in another post and not in your line.")
    return reverse("desk:view_proposal", args=[proposal.pk])


def _given(form: Form) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name not in {"key", "base"}}


def _kept(request: PageRequest, form: Form, back: str) -> HttpResponse:
    """Keep what was typed, or throw it away, as the person said; a script is answered with the time in words."""
    if request.POST["draft"] == THROW_AWAY:
        throw_away(request)
        return redirect(request.get_full_path())
    is_kept = form.keeps_drafts and keep_draft(request, form)
    if request.POST["draft"] != LATER:
        return Kept(f"Kept for you {when(request.at)}. Not sent yet." if is_kept else "", content_type="text/plain; charset=utf-8")
    if is_kept:
        messages.success(request, f"What you typed is kept for you until {when(request.at + LIFE)}. Open the page again to go on.")
    return redirect(back)


def _judged(
    request: PageRequest, about: type[Model] | None, needs: Permission, rows: Rows | None, pk: UUID | None, name: str
) -> tuple[Model, ...]:
    """The record that the page is about, once the subject has been judged; and the last look at it."""
    subject = request.subject
    if about is None:
        _judge_role(name, subject, needs)
        request.last_look = _last_of_session(request, name, subject)
        return ()
    record = _fetch(rows() if rows else about._default_manager.all(), pk, subject, needs, name)
    request.record, request.last_look = record, _last_of_child(name, subject, child_of(record))
    return (record,)


def _fetch(rows: "QuerySet[Any] | KeptQuestion", pk: UUID | None, subject: Subject, needs: Permission, name: str) -> Model:
    """The record, if row security shows it; then the policy is asked about its child, by name of the permission."""
    found = rows.rows(pk, subject.at, day_of(subject.at)) if isinstance(rows, KeptQuestion) else rows.filter(pk=pk)[:1]
    record = next(iter(found), None)
    if record is None:
        raise Refused(name, subject, Decision.NO_RELATIONSHIP, rows.model(pk=pk))
    judge(name, subject, needs, child_of(record), record)
    return cast(Model, record)


def _judge_role(name: str, subject: Subject, needs: Permission) -> None:
    if NEEDS[needs].record is None:
        judge(name, subject, needs, None)


_LAST_OF_SESSION = KeptQuestion(
    lambda post, session, page, after: Look.objects.filter(session=session, page=page, post=post, looked_at__gt=after).order_by("-looked_at")[:1],
    UUID, str, str, datetime,
)  # fmt: skip


def _looks(post: UUID, about_child: UUID | None, name: str) -> "QuerySet[Look]":
    """The last look that a post took at this page about this child; by None, of those about no one child."""
    return Look.objects.filter(page=name, post=post, about_child=about_child).order_by("-looked_at")[:1]


_LAST_OF_CHILD = KeptQuestion(_looks, UUID, UUID, str)


def _last_of_session(request: PageRequest, name: str, subject: Subject) -> Look | None:
    return next(iter(_LAST_OF_SESSION.rows(subject.post.pk, session_of(request), name, subject.at - SAME_LOOK)), None)


def _last_of_child(name: str, subject: Subject, child_id: UUID | None) -> Look | None:
    looks = _LAST_OF_CHILD.rows(subject.post.pk, child_id, name) if child_id else _looks(subject.post.pk, None, name)
    return next(iter(looks), None)


def write_look(
    request: PageRequest, name: str, subject: Subject, seen: set[UUID], event: Event = Event.OPEN, about_child: UUID | None = None
) -> None:
    """Write who looked at these children, unless the same set was just shown on the same page of the same session.

    A search is written each time, whomever it found; so is the reading of the audit itself, and whatever leaves.
    """
    is_each_time = bool(request.searched) or event in EACH_TIME
    if not seen and not (bool(request.searched) or event is Event.READ_AUDIT):
        return
    last = request.last_look
    is_recent = last is not None and last.session == session_of(request) and last.looked_at > subject.at - SAME_LOOK
    if last is not None and is_recent and set(last.children) == seen and not is_each_time:
        return
    look_at(name, subject, seen, event, about_child, request.searched)


def look_at(
    name: str, subject: Subject, seen: set[UUID], event: Event, about_child: UUID | None = None, searched: tuple[str, ...] = ()
) -> None:
    """Write one look at these children, whatever was written before: also where a job looks on somebody's behalf."""
    children = sorted(seen)
    held = standings(subject, children).values() if children else ()
    look = Look(
        event=event, page=name, post=subject.post, about_child=about_child, children=children, **at_the_door(),
        through=sorted({kind for standing in held for kind in standing.kinds}), decision=Decision.ALLOWED,
        relationships=sorted({one for standing in held for one in standing.relationships}),
        terms=list(searched) or None, purpose=subject.purpose, looked_at=subject.at, policy=FINGERPRINT,
    )  # fmt: skip
    if is_standby():
        keep_aside(look)  # on this machine's disk before the page leaves; or the page does not leave
    else:
        look.save(force_insert=True)


def terms_searched(*typed: str, found: "list[str]") -> tuple[str, ...]:
    """The words of a search as the audit keeps them: in clear where a child who was found is called so, hashed otherwise.

    So the record of looks holds no name, and no number, that is not already a visible child's (protection.md section 5).
    """
    known = {part for name in found for part in name.casefold().split()}
    words = [part for text in typed for part in text.casefold().split()]
    return tuple(word[:60] if word in known else f"#{hashed(f'term:{word}')}" for word in words)
