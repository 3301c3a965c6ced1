"""The return interview: its page, the offer, the arrangement, the conversation, and what is passed on."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from atlas.agencies.queries import posts_standing
from atlas.chronology.moments import Moment
from atlas.chronology.queries import entries_about
from atlas.copies.queries import copies_about
from atlas.design.forms import new_key
from atlas.gate.act import Invalid
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.missing.commands import offer, talk
from atlas.missing.commands.responsible import what_to_ask
from atlas.missing.forms import episode as forms
from atlas.missing.forms.talk import TalkForm
from atlas.missing.models import ReturnInterview
from atlas.missing.queries.choosing import candidates, what_the_child_wants
from atlas.missing.queries.episodes import coded_answers, interviews_with_child
from atlas.missing.queries.responsible import asked_of, untaken
from atlas.sharing.words_for_children import BEFORE_WE_TALK


def to_interview(record: object) -> str:
    """The address of an interview's page."""
    found = getattr(record, "interview", record)
    assert isinstance(found, ReturnInterview)
    return reverse("missing:view_interview", args=[found.pk])


@page(about=ReturnInterview, needs=Permission.VIEW_INTERVIEW, rows=interviews_with_child)
def view_interview(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """One interview: where it stands, what is due, what was said, and what may be done next."""
    shown = {
        "interview": interview,
        "episode": interview.episode,
        "child": interview.child,
        "now": request.at,
        **_across_borders(interview, request.at),
        "offers": list(interview.offers.order_by("-offered_at", "pk")),
        "appointments": list(interview.appointments.order_by("-meets_at", "pk")),
        "locations": list(interview.locations.filter(is_withdrawn=False)) if interview.held_at else [],
        "associates": list(interview.associates.filter(is_withdrawn=False)) if interview.held_at else [],
        "answers": coded_answers(interview) if interview.held_at else [],
        "parts": list(interview.parts.order_by("audience", "pk")),
        "entries": list(entries_about(request.subject, interview.child_id, interview.pk)),
        "copies": copies_about([interview.pk]) if interview.closed_at else [],
        "may_do": {str(permission) for permission in ROLE[request.post.role].permissions},
    }
    return render(request, "missing/view_interview.html", shown)


def _across_borders(interview: ReturnInterview, at: datetime) -> dict[str, Any]:
    """Who owes and who delivers, and what the owing authority was asked, where it is another. While a link is open nothing more is asked."""
    is_ours = interview.responsible_authority_id == interview.host_authority_id
    asked = [] if is_ours else asked_of(interview)
    return {
        "is_across": not is_ours,
        "asked": asked,
        "untaken": untaken(interview, asked),
        "asks_next": None if is_ours or any(one.is_open(at) for one in asked) else what_to_ask(interview),
    }


def _do(
    request: PageRequest, about: ReturnInterview, form: Any, verb: Any, heading: str, then: Any = to_interview, **more: Any
) -> HttpResponse:
    return answer(
        request, form, lambda given: verb(interview=about, **given), then=then, heading=heading,
        caption=f"{about.child.name}, {about.episode.reference}", back=to_interview(about), **more,
    )  # fmt: skip


@page(about=ReturnInterview, needs=Permission.ALLOCATE_INTERVIEW)
def allocate_interview(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Name who will talk with the child."""
    able = list(posts_standing(day_of(request.at)).filter(role__in=["return_interviewer", "missing_coordinator"]))
    form = forms.AllocateInterviewForm.of(request, candidates=candidates(request.subject, interview, able))
    lead = tuple(what_the_child_wants(request.subject, interview))

    def name(interviewer: str, **given: Any) -> ReturnInterview:
        return offer.allocate_interview(interviewer=form.posts[interviewer], **given)

    return _do(request, interview, form, name, "Name the interviewer", lead=lead)


@page(about=ReturnInterview, needs=Permission.OFFER_INTERVIEW)
def offer_interview(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Record an offer and the child's answer."""
    lead = (
        "Tell the child who you are, what this is, and that it is separate from the police and from carers. Let the child choose when, where and, "
        "if you can, with whom.",
    )
    return _do(request, interview, forms.OfferInterviewForm.of(request), offer.offer_interview, "Offer a return interview", lead=lead)


@page(about=ReturnInterview, needs=Permission.BOOK_INTERVIEW)
def book_interview(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Arrange when and where to meet."""
    return _do(request, interview, forms.BookInterviewForm.of(request), offer.book_interview, "Arrange when to meet")


@page(about=ReturnInterview, needs=Permission.RECORD_NOT_MET)
def record_not_met(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Record that they did not manage to meet."""
    return _do(request, interview, forms.NotMetForm.of(request), offer.record_not_met, "We did not manage to meet")


@page(about=ReturnInterview, needs=Permission.RECORD_NOT_REACHED)
def record_not_reached(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Record that the child could not be reached."""
    return _do(request, interview, forms.NotReachedForm.of(request), offer.record_not_reached, "The child was not reached")


@page(about=ReturnInterview, needs=Permission.DECIDE_NOT_OFFERED)
def decide_not_offered(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Decide, as a manager, that none is offered."""
    return _do(request, interview, forms.NotOfferedForm.of(request), offer.decide_not_offered, "No interview is offered")


@page(about=ReturnInterview, needs=Permission.CLOSE_INTERVIEW)
def close_interview(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Close the interview."""
    return _do(request, interview, forms.CloseInterviewForm.of(request), offer.close_interview, "Close the return interview")


@page(about=ReturnInterview, needs=Permission.SHARE_INTERVIEW, rows=interviews_with_child)
def share_interview(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Decide, part by part, who hears what; and say when all of it has gone where it should."""
    if request.method == "POST" and "finish" in request.POST:
        form = forms.PartForm()
        try:
            talk.finish_sharing(interview=interview, **acting(request))
            return redirect(to_interview(interview))
        except Invalid as problem:
            form = forms.PartForm(data={})
            form.errors.clear()
            form.add_error(None, problem.message)
            shown = {
                "form": form,
                "interview": interview,
                "parts": list(interview.parts.order_by("audience", "pk")),
                "heading": "Pass on what was said",
                "finish_key": new_key(),
            }
            return render(request, "missing/share_interview.html", shown, status=422)
    return _do(
        request, interview, forms.PartForm.of(request), talk.share_part, "Pass on what was said", template="missing/share_interview.html",
        then=lambda done: reverse("missing:share_interview", args=[interview.pk]),  # most often there is another part
        interview=interview, parts=list(interview.parts.order_by("audience", "pk")), finish_key=new_key(),
    )  # fmt: skip


@page(about=ReturnInterview, needs=Permission.RECORD_INTERVIEW, rows=interviews_with_child)
def record_interview(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Talk with the child: note it while it goes on, and record it when it is complete."""
    form = TalkForm.of(request)
    owed = talk.still_owed(interview)

    def record(given: dict[str, Any]) -> ReturnInterview:
        held = form.held or Moment(None, "unknown")  # type: ignore[arg-type]
        also = [one for one in owed if str(one.pk) in request.POST.getlist("also_for")]
        conversation = form.conversation(interview, request.at)
        return talk.record_interview(interview=interview, conversation=conversation, held_at=held, also_for=also, **acting(request))

    return _talk(request, interview, form, record, owed)


@page(about=ReturnInterview, needs=Permission.RECORD_INTERVIEW, rows=interviews_with_child)
def save_interview_draft(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Keep in the interview itself what has been typed so far, to finish it later."""
    if request.method != "POST":
        return redirect(to_interview(interview))
    form = TalkForm.of(request)
    for field in form.fields.values():
        field.required = False  # it is not finished

    def save(given: dict[str, Any]) -> ReturnInterview:
        return talk.save_interview_draft(interview=interview, conversation=form.conversation(interview, request.at), **acting(request))

    return _talk(request, interview, form, save, talk.still_owed(interview))


def _talk(request: PageRequest, interview: ReturnInterview, form: TalkForm, act: Any, owed: list[ReturnInterview]) -> HttpResponse:
    def do(given: dict[str, Any]) -> ReturnInterview:
        try:
            return act(given)
        except Invalid as problem:
            problem.field = "with_whom" if problem.field == "with" else problem.field
            raise

    return answer(
        request, form, do, then=to_interview, heading="Talk with the child", template="missing/record_interview.html", say_first=BEFORE_WE_TALK,
        back=to_interview(interview), interview=interview, child=interview.child, episode=interview.episode, owed=owed,
    )  # fmt: skip
