"""Exports: what a post has exported and may fetch; asking for one; fetching it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from atlas.design.forms import new_key
from atlas.gate.act import Invalid
from atlas.gate.days import day_of
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.gate.seen import note_seen
from atlas.sharing.commands import export as commands
from atlas.sharing.exports.lists import Exportable, Statutory, lists, statutory
from atlas.sharing.forms import ExportForm, ExportManyForm
from atlas.sharing.models import Export
from atlas.sharing.queries import exports, exports_of, recipients
from atlas.sharing.rules import MOST_CHILDREN

TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8", Export.Format.PDF: "application/pdf",
    Export.Format.XML: "application/xml",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


MARKED = (
    "It holds only children whom you may see, and only what you tick. Places, contact details and written notes cannot leave.",
    "Every copy is marked: a leak names whoever exported it, also from a few lines typed again.",
)
WHOLE = (
    "It leaves in the layout that the law sets, with every column and without a mark. Who made it, for whom, and who fetched it, is written down.",
    "A child who is guarded from you is not in it. Ask whoever works with that child to see to the row.",
)


def _listed(request: PageRequest, key: str) -> Exportable | Statutory:
    """A list, or a statutory file that this role may make or approve."""
    if key in lists():
        return lists()[key]
    whole = statutory().get(key)
    may = whole is not None and (request.post.role in whole.roles or Permission.EXPORT not in ROLE[request.post.role].permissions)
    if whole is None or not may:
        raise Http404
    return whole


@page(needs=Permission.VIEW_EXPORTS)
def view_exports(request: PageRequest) -> HttpResponse:
    """What this post has exported, what was exported for it, and the lists that may leave."""
    mine, given = exports_of(request.post, request.at)
    may_export = Permission.EXPORT in ROLE[request.post.role].permissions
    files = {key: one for key, one in statutory().items() if request.post.role in one.roles}
    shown = {
        "mine": list(mine), "given": list(given), "lists": {**lists(), **files} if may_export else {}, "most": MOST_CHILDREN, "now": request.at,
        "pages": {key: reverse(one.page, args=[one.periods(day_of(request.at))[0][1].year]) for key, one in files.items()},
    }  # fmt: skip
    return render(request, "sharing/view_exports.html", shown)


@page(needs=Permission.EXPORT)
def export(request: PageRequest, listed: str) -> HttpResponse:
    """Ask for one of the lists that may leave."""
    one = _listed(request, listed)
    form = ExportForm.of(request, listed=one, posts=recipients(request.subject), by=request.post, today=day_of(request.at))

    def act(given: dict[str, Any]) -> Export:
        return commands.export(wanted=form.wanted(), **acting(request))

    back = reverse("sharing:view_exports")
    return answer(
        request, form, act, then=lambda done: back, heading=f"Export: {one.name}", back=back, lead=WHOLE if isinstance(one, Statutory) else MARKED,
    )  # fmt: skip


@page(needs=Permission.EXPORT_MANY)
def export_many(request: PageRequest, listed: str) -> HttpResponse:
    """Propose that a list leaves with more children than one person may take."""
    one = _listed(request, listed)
    if Permission.EXPORT not in ROLE[request.post.role].permissions:
        return redirect("desk:view_proposals")  # the privacy officer approves what others propose
    today = day_of(request.at)
    form = ExportManyForm.of(request, listed=one, posts=recipients(request.subject), by=request.post, today=today)

    def act(given: dict[str, Any]) -> Export:
        return commands.export_many(wanted=form.wanted(), at_most=given["at_most"], because=given["reason"], **acting(request))

    back = reverse("sharing:view_exports")
    return answer(
        request, form, act, then=lambda done: back, heading=f"Export more than {MOST_CHILDREN} children: {one.name}", back=back,
        lead=(
            "The privacy officer, who is not in your line, must approve it within seven days. Then it is made at once, for this recipient and this purpose.",
            "It holds only children whom you may see then, and never more than you say.",
        ),
    )  # fmt: skip


@page(about=Export, needs=Permission.DOWNLOAD_EXPORT, rows=exports, event=Event.DOWNLOAD)
def download_export(request: PageRequest, export: Export) -> HttpResponse:
    """What an export is for; and its file, for whoever still has the right to every child in it."""
    problem = ""
    if request.method == "POST":
        try:
            content, children = commands.download_export(export=export, **acting(request) | {"key": None})
        except Invalid as refused:
            problem = refused.message
        else:
            for child in children:
                note_seen(child)
            response = HttpResponse(content, content_type=TYPES[Export.Format(export.format)])
            response["Content-Disposition"] = f'attachment; filename="{export.reference}.{export.format}"'
            return response
    shown = {"export": export, "listed": commands.leaving(export.listed).name, "is_over": export.until_at <= request.at, "problem": problem,
        "key": new_key()}  # fmt: skip
    return render(request, "sharing/download_export.html", shown, status=409 if problem else 200)
