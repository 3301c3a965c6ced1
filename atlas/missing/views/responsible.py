"""Ask the responsible authority's worker, and take over what they sent."""

from typing import Any

from django.http import Http404, HttpResponse

from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Permission
from atlas.missing.commands import responsible as commands
from atlas.missing.forms import placed_in as forms
from atlas.missing.models import ReturnInterview
from atlas.missing.queries.placed_in import notice_of
from atlas.missing.queries.responsible import asked_of, interviews_across_borders, untaken
from atlas.missing.views.interview import to_interview
from atlas.sharing.link import no_texts, or_link
from atlas.sharing.models import GuestAnswer, GuestRequest

K = GuestAnswer.Kind


@page(about=ReturnInterview, needs=Permission.ASK_RESPONSIBLE, rows=interviews_across_borders)
def ask_responsible(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Make the link, and show it this once: only its hash is kept."""
    notice = notice_of(interview.child_id)
    form = forms.AskResponsibleForm.of(request, worker=notice.worker_name if notice else "", authority=interview.responsible_authority.name)
    made: list[GuestRequest] = []

    def act(given: dict[str, Any]) -> GuestRequest:
        made.append(
            commands.ask_responsible(
                interview=interview, guest=form.guest(), is_family_told=given["family_told"] == "yes", family_reason=given["family_reason"],
                days=given["days"], **acting(request),
            )
        )  # fmt: skip
        return made[0]

    asks = commands.what_to_ask(interview)
    shown = tuple(commands.question_of(interview, asks).splitlines()) if asks else ()
    answered = answer(
        request, form, act, then=lambda done: to_interview(interview), heading=f"Ask {interview.responsible_authority.name}",
        caption=f"{interview.child.name}, {interview.episode.reference}", back=to_interview(interview),
        lead=("Their worker gets a link that names no child, and a code to their own number. They will read:", *shown, *no_texts()),
    )  # fmt: skip
    return or_link(request, answered, made, "missing/ask_responsible.html", back=to_interview(interview))


@page(about=ReturnInterview, needs=Permission.ASK_RESPONSIBLE, rows=interviews_across_borders)
def take_reply(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Take over what came back."""
    sent = untaken(interview, asked_of(interview))
    if sent is None:
        raise Http404
    owes, host = interview.responsible_authority.name, interview.host_authority.name
    follows = {
        K.ACCEPTED: f"Taken over, it stays with {owes}. Ask them afterwards what came of it.",
        K.REFUSED: f"Taken over, the interviewers of {host} hold it. {owes} still owes it, and is counted so.",
        K.OUTCOME: f"Taken over, it closes the interview here. It counts as held by {owes}, not by {host}.",
    }.get(K(sent.kind), "Taken over, nothing changes: ring them, and ask again.")
    lead = (f"{sent.request.guest_name}, {sent.request.organisation}: {sent.said}", *sent.words.splitlines(), follows)
    return answer(
        request, forms.TakeReplyForm.of(request), lambda given: commands.take_reply(interview=interview, answer=sent, **given), then=to_interview,
        heading=f"What {owes} answered", caption=f"{interview.child.name}, {interview.episode.reference}",
        back=to_interview(interview), lead=lead,
    )  # fmt: skip
