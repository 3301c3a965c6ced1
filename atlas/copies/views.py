"""Not filed yet; one copy, to paste, to print, to say that it was filed; how an authority is sent its copies."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.queries import served_or_404
from atlas.copies import forms, queries
from atlas.copies.channels import folder_of, not_taken
from atlas.copies.commands import sending
from atlas.copies.commands.channel import set_copy_channel as choose_channel
from atlas.copies.kinds import copied
from atlas.copies.making import as_text, shown_of, view_of
from atlas.copies.models import Channel, Copy, CopyChannel
from atlas.copies.rules import FILED_WITHIN
from atlas.copies.workflow import NOT_FILED
from atlas.design.words import plural, reference_of, when
from atlas.gate.act import Invalid
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Permission
from atlas.sharing.pdf import pdf_of

ON_A_PAGE = 25


def to_copy(copy: object) -> str:
    """The address of a copy's page."""
    assert isinstance(copy, Copy)
    return reverse("copies:view_copy", args=[copy.pk])


@page(needs=Permission.VIEW_COPIES)
def view_copies(request: PageRequest) -> HttpResponse:
    """What is finished here and not filed in the main system yet: what failed first, then the longest owed; and what was filed last."""
    asked = Paginator(queries.not_filed(request.subject), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = Page(list(asked.object_list), asked.number, asked.paginator)
    shown = {
        "copies": rows, "filed": list(queries.filed_last(request.subject)[:ON_A_PAGE]), "kinds": copied(), "now": request.at,
        "within": FILED_WITHIN.words,
    }  # fmt: skip
    return render(request, "copies/view_copies.html", shown)


@page(about=Copy, needs=Permission.VIEW_COPY, rows=queries.copies_with_child)
def view_copy(request: PageRequest, copy: Copy) -> HttpResponse:
    """One copy: where it stands, what it says (to whoever may see the record itself), and its earlier versions."""
    kind, versions = copied()[copy.kind], list(queries.versions(copy))
    try:
        (view, record_page), problem = shown_of(copy, request.subject, versions), ""
    except Invalid as stays:
        view, record_page, problem = None, "", stays.message
    shown = {
        "copy": copy, "child": copy.child, "kind": kind, "text": as_text(view) if view else "", "problem": problem, "versions": versions,
        "is_newest": versions[0].pk == copy.pk, "is_open": copy.state in NOT_FILED, "now": request.at, "reference": reference_of(copy.pk),
        "record_page": record_page,
    }  # fmt: skip
    return render(request, "copies/view_copy.html", shown)


@page(about=Copy, needs=Permission.VIEW_COPY, rows=queries.copies_with_child, event=Event.PRINT)
def print_copy(request: PageRequest, copy: Copy) -> HttpResponse:
    """The same as a PDF, to be filed by hand. Its name says nobody's."""
    try:
        view = view_of(copy, request.subject)
    except Invalid as problem:
        raise Http404 from problem
    mark = f"Copy {reference_of(copy.pk)}, printed by {request.post}, {when(request.at)}"
    response = HttpResponse(pdf_of(view, mark), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="copy-{reference_of(copy.pk)}.pdf"'
    return response


@page(about=Copy, needs=Permission.RECORD_RECEIPT, rows=queries.copies_with_child)
def record_receipt(request: PageRequest, copy: Copy) -> HttpResponse:
    """Say that a copy was filed in the main system, or why it could not be."""
    form = forms.ReceiptForm.of(request)

    def act(given: dict[str, Any]) -> Copy:
        return sending.record_receipt(copy=copy, receipt=form.receipt(), **acting(request))

    return answer(
        request, form, act, then=to_copy, heading="Filed in the main system?", caption=f"{copy.child.name}: {copied()[copy.kind].name.lower()}",
        back=to_copy(copy),
    )  # fmt: skip


@page(about=Copy, needs=Permission.SEND_COPY_AGAIN, rows=queries.copies_with_child)
def send_copy_again(request: PageRequest, copy: Copy) -> HttpResponse:
    """Let it be sent once more."""
    lead = ("It goes within five minutes, under the same reference, so that the main system files it once.",)
    return answer(
        request, forms.SendAgainForm.of(request), lambda given: sending.send_copy_again(copy=copy, **given), then=to_copy,
        heading="Send this copy again?", caption=f"{copy.child.name}: {copied()[copy.kind].name.lower()}", lead=lead, back=to_copy(copy),
        warning=f"The last time: {copy.reason}" if copy.reason else "",
    )  # fmt: skip


@page(needs=Permission.SET_COPY_CHANNEL)
def set_copy_channel(request: PageRequest) -> HttpResponse:
    """Choose how the own authority's main system gets its copies."""
    authority = served_or_404(request.post)
    held = queries.channel_of(authority.pk, request.at)
    aside = not_taken(folder_of(authority))
    lead = (
        "Each finished record of which Atlas is master goes back as one PDF and a structured note. Where the folder and the address are, whoever "
        "runs Atlas says.",
        *(
            (f"{plural(aside, 'receipt')} in the folder could not be read, or named no copy that is known: look into receipts/not_taken.",)
            if aside
            else ()
        ),
    )
    return answer(
        request, forms.ChannelForm.of(request, initial={"channel": held.value}),
        lambda given: choose_channel(authority=authority, **{**given, "channel": Channel(given["channel"])}),
        then=lambda done: reverse("feeds:view_feeds"), heading="Copies for the main system", caption=authority.name, lead=lead,
        back=reverse("feeds:view_feeds"), edits=lambda: CopyChannel.objects.filter(authority=authority).first(),
    )  # fmt: skip
