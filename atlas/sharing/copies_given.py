"""The worker's pages about copies of a plan: what was given to whom, what the child said about theirs, and what was done about it."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.design.words import reference_of, when
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.sharing import copy_forms as forms
from atlas.sharing.commands import copies as commands
from atlas.sharing.copy import Audience, CompiledCopy
from atlas.sharing.copy_pdf import pdf_of_copy
from atlas.sharing.models import ChildWords, CopyGiven
from atlas.sharing.queries import copies_given, said_by_child

READS = "The child reads what you write, perhaps on a phone that others hold. Short words; no name, no place, no suspicion."


def _to(given: object) -> str:
    assert isinstance(given, (CopyGiven, ChildWords))
    return reverse("sharing:view_copy_given", args=[given.pk if isinstance(given, CopyGiven) else given.copy_given_id])


@page(about=Child, needs=Permission.VIEW_COPIES_GIVEN)
def view_copies_given(request: PageRequest, child: Child) -> HttpResponse:
    """Every copy that was given, to whom and how; and *you said, we did*."""
    copies = [(given, given.request.state(request.at) if given.request else "") for given in copies_given(request.subject, child)]
    shown = {"child": child, "copies": copies, "said": list(said_by_child(request.subject, child))}
    return render(request, "sharing/view_copies_given.html", shown)


def _whole() -> Any:
    return CopyGiven.objects.select_related("child", "made_by__user", "request")


@page(about=CopyGiven, needs=Permission.VIEW_COPY_GIVEN, rows=_whole)
def view_copy_given(request: PageRequest, given: CopyGiven) -> HttpResponse:
    """One copy as its recipient has it, how it stands, and what the child said about each line."""
    return render(request, "sharing/view_copy_given.html", _shown(request, given))


def _shown(request: PageRequest, given: CopyGiven, link: str = "") -> dict[str, Any]:
    said = list(given.said.select_related("did_by__user", "written_by__user").order_by("-sent_at", "pk"))
    phone = given.request
    return {
        "given": given, "copy": CompiledCopy.of(given.copy), "said": said, "is_child": given.audience == Audience.CHILD, "link": link,
        "page": phone, "is_open": given.request_id is not None and (phone is None or phone.is_open(request.at)), "state": phone.state(request.at) if phone else "",
        "may_shut": Permission.WITHDRAW_CHILD_PAGE in ROLE[request.post.role].permissions,
    }  # fmt: skip


def or_child_link(request: PageRequest, answered: HttpResponse, made: list[CopyGiven]) -> HttpResponse:
    """The form's own answer; where a page for a child's phone was made just now, the copy with its link, this once: only its hash is kept."""
    phone = made[0].request if made else None
    if phone is None or not phone.token:
        return answered
    link = f"{settings.ATLAS_ADDRESS.rstrip('/')}{reverse('child_link', args=[phone.token])}"
    return render(request, "sharing/view_copy_given.html", _shown(request, made[0], link))


@page(about=CopyGiven, needs=Permission.VIEW_COPY_GIVEN, event=Event.PRINT)
def print_copy_given(request: PageRequest, given: CopyGiven) -> HttpResponse:
    """The same copy as a PDF; the child's in large type, with nothing on it that says where it came from."""
    mark = f"Printed by {request.post}, {when(request.at)}, reference {reference_of(given.pk)}"
    response = HttpResponse(pdf_of_copy(CompiledCopy.of(given.copy), mark), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="copy.pdf"'
    return response


@page(about=CopyGiven, needs=Permission.WITHDRAW_CHILD_PAGE)
def withdraw_child_page(request: PageRequest, given: CopyGiven) -> HttpResponse:
    """Shut the page on the child's phone."""
    return answer(
        request, forms.WithdrawChildPageForm.of(request), lambda typed: commands.withdraw_child_page(copy_given=given, **typed), then=_to,
        heading="Shut the child’s page", back=_to(given), warning="The link opens nothing any more, from this minute. What was read, is known.",
    )  # fmt: skip


@page(about=CopyGiven, needs=Permission.RECORD_CHILD_WORDS)
def record_child_words(request: PageRequest, given: CopyGiven) -> HttpResponse:
    """Write down what a child said about their copy, where they have no phone or do not read."""
    return answer(
        request, forms.RecordChildWordsForm.of(request, copy=CompiledCopy.of(given.copy)),
        lambda typed: commands.record_child_words(copy_given=given, **typed), then=_to, heading="What the child said", back=_to(given),
        lead=("The same clock runs as for what is sent from a phone, and the child is told what was done.",),
    )  # fmt: skip


def _with_child() -> Any:
    return ChildWords.objects.select_related("child", "copy_given")


@page(about=ChildWords, needs=Permission.ANSWER_CHILD, rows=_with_child)
def answer_child(request: PageRequest, said: ChildWords) -> HttpResponse:
    """Read what a child said, and say what was done, or why not."""
    form = forms.AnswerChildForm.of(request)
    about = (f"About: {said.line_words}",) if said.line_words else ()

    def act(typed: dict[str, Any]) -> ChildWords:
        return commands.answer_child(said=said, did=typed["did"], is_acted_on=typed["acted"] == "yes", **acting(request))

    return answer(
        request, form, act, then=lambda done: "/", heading=f"The child says: {said.get_kind_display()}", caption=said.child.name, back="/",
        lead=(*about, *said.words.splitlines()), warning=READS,
    )  # fmt: skip
