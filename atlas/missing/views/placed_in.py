"""The placed-in register: children whom other authorities placed here, whom to ring, and whose notice never came."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.models import Authority
from atlas.agencies.queries import authority_served
from atlas.clocks.queries import bank_holidays_changed
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.missing.commands import placed_in as commands
from atlas.missing.forms import placed_in as forms
from atlas.missing.models import PlacedInNotice
from atlas.missing.queries import placed_in
from atlas.missing.rules.placed_in import judged

ON_A_PAGE = 25


@page(needs=Permission.VIEW_PLACED_IN)
def view_placed_in(request: PageRequest) -> HttpResponse:
    """Who was placed here by others, by whom, whether notice came, and whom to ring at any hour."""
    authority, changes = authority_served(request.post), bank_holidays_changed()
    notices = Paginator(placed_in.placed_in_now(request.subject), ON_A_PAGE).get_page(request.GET.get("page"))
    notices.object_list = list(notices.object_list)
    shown = {
        "notices": notices,
        "judged": {
            one.pk: judged(one.placed_on, one.notified_on, is_emergency=one.is_emergency, changes=changes)
            for one in notices.object_list
        },
        "without": placed_in.without_notice(request.subject, authority) if authority else [],
        "authority": authority,
        "may_record": Permission.REGISTER_PLACED_IN in ROLE[request.post.role].permissions,
    }  # fmt: skip
    return render(request, "missing/view_placed_in.html", shown)


@page(needs=Permission.REGISTER_PLACED_IN)
def register_placed_in(request: PageRequest) -> HttpResponse:
    """Record a notice."""
    own = authority_served(request.post)
    others = [one for one in Authority.objects.order_by("name") if one != own]
    form = forms.PlacedInForm.of(request, authorities=others)

    def act(given: dict[str, Any]) -> PlacedInNotice:
        return commands.register_placed_in(
            known=form.known(), responsible=form.authority(), notice=form.notice(), is_new=given["is_new"], **acting(request)
        )

    lead = (
        "This opens no full record: who the child is, who is responsible and whom to ring, so that nobody starts from nothing at night.",
    )
    home = reverse("missing:view_placed_in")
    return answer(request, form, act, then=lambda done: home, heading="A child placed here by another authority", lead=lead, back=home)


@page(about=PlacedInNotice, needs=Permission.END_PLACED_IN)
def end_placed_in(request: PageRequest, notice: PlacedInNotice) -> HttpResponse:
    """The child lives here no longer."""
    home = reverse("missing:view_placed_in")
    return answer(
        request, forms.EndPlacedInForm.of(request), lambda given: commands.end_placed_in(notice=notice, **given), then=lambda done: home,
        heading="The child lives here no longer", caption=notice.child.name, back=home,
    )  # fmt: skip
