"""All time limits, national and local side by side; setting a local one; a change of a bank holiday."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from atlas.clocks import commands, forms
from atlas.clocks.calendar import warning
from atlas.clocks.queries import bank_holiday_changes, limits_side_by_side, own_authorities, time_limits
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission


def to_list(record: object) -> str:
    """The address of the list."""
    return reverse("clocks:view_time_limits")


@page(needs=Permission.VIEW_TIME_LIMITS)
def view_time_limits(request: PageRequest) -> HttpResponse:
    """Every time limit with who says so, national and local side by side, and the changes of bank holidays."""
    today, may = timezone.localdate(request.at), ROLE[request.post.role].permissions
    shown = {
        "limits": limits_side_by_side(), "changes": list(bank_holiday_changes()), "today": today, "calendar_ends": warning(today),
        "may_set": Permission.SET_LOCAL_LIMIT in may, "may_change": Permission.CHANGE_BANK_HOLIDAY in may,
    }  # fmt: skip
    return render(request, "clocks/view_time_limits.html", shown)


@page(needs=Permission.SET_LOCAL_LIMIT)
def set_local_limit(request: PageRequest, limit: str) -> HttpResponse:
    """Set an authority's own limit."""
    found = next((one for one in reversed(time_limits()) if one.key == limit), None)
    if found is None:
        raise Http404
    lead = (
        f"Without a local one, it is {found.rule_words}.",
        "A new limit holds for what starts on its first day or later. Clocks that run already keep the limit that they started with.",
    )
    return answer(
        request, forms.SetLocalLimitForm.of(request, authorities=list(own_authorities(request.post))),
        lambda given: commands.set_local_limit(limit=limit, **given), then=to_list,
        heading="Set a local time limit", caption=found.name, lead=lead, back=to_list(None),
    )  # fmt: skip


@page(needs=Permission.CHANGE_BANK_HOLIDAY)
def change_bank_holiday(request: PageRequest) -> HttpResponse:
    """Record that a day was proclaimed a bank holiday, or is one no longer."""
    lead = ("It holds for all authorities here, and for what starts from now on. Clocks that run already keep their deadlines.",)
    return answer(
        request, forms.ChangeBankHolidayForm.of(request),
        lambda given: commands.change_bank_holiday(is_holiday=given.pop("becomes") == "holiday", **given), then=to_list,
        heading="Change a bank holiday", lead=lead, back=to_list(None),
    )  # fmt: skip
