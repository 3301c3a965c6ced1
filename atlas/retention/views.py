"""How long records are kept, and what is held: for whoever answers for it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.queries import agencies_serving, served_or_404
from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.retention import commands, forms
from atlas.retention.models import Hold, RetentionClass
from atlas.retention.queries import classes_in_force, classes_to_come, dates_of, hold_with_people, holds, holds_named, reckoned
from atlas.retention.rules import GROUP_WORDS, Group

MOST = 100


@page(needs=Permission.VIEW_RETENTION)
def view_retention(request: PageRequest) -> HttpResponse:
    """The classes in force, one for each group, with their source; and those that are set and to come."""
    authority, today = served_or_404(request.post), day_of(request.at)
    classes = classes_in_force(authority, today)
    shown = {
        "authority": authority, "classes": [(GROUP_WORDS[group], classes[group]) for group in Group if group in classes],
        "to_come": list(classes_to_come(authority, today)), "undecided": sum(one.years is None for one in classes.values()),
        "is_here": "view_retention",
    }  # fmt: skip
    return render(request, "retention/view_retention.html", shown)


@page(about=RetentionClass, needs=Permission.SET_RETENTION_CLASS)
def set_retention_class(request: PageRequest, retention_class: RetentionClass) -> HttpResponse:
    """Set how long a class is kept, from a day to come; a second person agrees."""
    form = forms.ClassForm.of(request, initial={"counted_from": retention_class.counted_from, "years": retention_class.years})

    def act(given: dict[str, Any]) -> object:
        return commands.set_retention_class(
            retention_class=retention_class, given=form.given(), because=given["because"], **acting(request)
        )

    back = reverse("retention:view_retention")
    return answer(
        request, form, act, then=lambda done: back, heading=GROUP_WORDS[retention_class.for_whom], caption="How long is it kept?", back=back
    )


@page(about=Child, needs=Permission.VIEW_CHILD_RETENTION)
def view_child_retention(request: PageRequest, child: Child) -> HttpResponse:
    """When one child's record may go, by which class, and what holds it; or why no day can be said."""
    authority, today = child.responsible_authority, day_of(request.at)
    found = next(iter(reckoned(authority, today, child.pk)), None)
    shown = {
        "child": child, "found": found, "under": [GROUP_WORDS[one] for one in sorted(found.facts.groups)] if found else [],
        "holds": list(holds_named(found.held_by)) if found else [], "dates": list(dates_of(child.pk)[:MOST]),
        "by": GROUP_WORDS.get(found.due.by) if found and found.due.by else "",
        "may_hold": Permission.PLACE_HOLD in ROLE[request.post.role].permissions,
    }  # fmt: skip
    return render(request, "retention/view_child_retention.html", shown)


def _of_child(child: Child) -> str:
    return reverse("retention:view_child_retention", args=[child.pk])


@page(about=Child, needs=Permission.RECORD_RETENTION_DATE)
def record_retention_date(request: PageRequest, child: Child) -> HttpResponse:
    """Write down a date that only paper knows."""
    return answer(
        request, forms.RetentionDateForm.of(request), lambda given: commands.record_retention_date(child=child, **given),
        then=lambda done: _of_child(child), heading="A date from paper", caption=child.name, back=_of_child(child),
    )  # fmt: skip


@page(about=Child, needs=Permission.PLACE_HOLD)
def hold_child(request: PageRequest, child: Child) -> HttpResponse:
    """Hold everything about one child."""
    form = forms.ChildHoldForm.of(request)
    return answer(
        request, form, lambda given: commands.hold_child(child=child, given=form.given(), **acting(request)), then=lambda done: _of_child(child),
        heading="Hold this record", caption=child.name, back=_of_child(child), lead=("Nothing about this child goes until two people lift the hold.",),
    )  # fmt: skip


@page(needs=Permission.VIEW_RETENTION)
def view_holds(request: PageRequest) -> HttpResponse:
    """Every hold, those that stand first. The child is named to whoever may see the child."""
    found = list(holds(served_or_404(request.post))[:MOST])
    named = {
        one.pk: one for one in Child.objects.visible_to(request.subject).filter(pk__in=[one.child_id for one in found if one.child_id])
    }
    shown = {"found": [(one, named.get(one.child_id)) for one in found], "today": day_of(request.at), "is_here": "view_holds"}
    return render(request, "retention/view_holds.html", shown)


@page(needs=Permission.PLACE_HOLD)
def place_hold(request: PageRequest) -> HttpResponse:
    """Hold whatever is about one matter, of an agency, of a period."""
    form = forms.HoldForm.of(request, agencies=agencies_serving([served_or_404(request.post).pk]))
    return answer(
        request, form, lambda given: commands.place_hold(given=form.given(), **acting(request)), then=_holds, heading="Hold what is about one matter",
        back=_holds(None), lead=("To hold the record of one child, find the child first.",),
    )  # fmt: skip


def _holds(done: object) -> str:
    return reverse("retention:view_holds")


@page(about=Hold, needs=Permission.REVIEW_HOLD, rows=hold_with_people)
def review_hold(request: PageRequest, hold: Hold) -> HttpResponse:
    """Say that it is still needed."""
    return answer(
        request, forms.ReviewHoldForm.of(request), lambda given: commands.review_hold(hold=hold, **given), then=_holds,
        heading="Is this hold still needed?", back=_holds(None), lead=(f"{hold.demand_words}: {hold.reason}",),
    )  # fmt: skip


@page(about=Hold, needs=Permission.LIFT_HOLD, rows=hold_with_people)
def lift_hold(request: PageRequest, hold: Hold) -> HttpResponse:
    """Lift it; a second person agrees."""
    return answer(
        request, forms.LiftHoldForm.of(request), lambda given: commands.lift_hold(hold=hold, **given), then=_holds, heading="Lift this hold",
        back=_holds(None), lead=(f"{hold.demand_words}: {hold.reason}",),
    )  # fmt: skip
