"""Runs: what is due, what was set aside and can be restored, and what was erased."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.queries import served_or_404
from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.retention import commands, forms
from atlas.retention.models import DueRecord, RetentionRun
from atlas.retention.queries import certificates, forecasts, runs, sample_of, set_aside
from atlas.retention.rules import AGREED_WITHIN, GROUP_WORDS, TOMBSTONE, Group
from atlas.retention.stores import ELSEWHERE

MOST = 50


def runs_with_people() -> Any:
    """Runs with what their page names."""
    return RetentionRun.objects.select_related("authority", "selected_by__user", "agreed_by__user")


def _runs(done: object) -> str:
    return reverse("retention:view_retention_runs")


@page(needs=Permission.VIEW_RETENTION)
def view_retention_runs(request: PageRequest) -> HttpResponse:
    """What is selected, what is set aside and until when it can be restored, what was erased, and what is forecast."""
    authority, today = served_or_404(request.post), day_of(request.at)
    may = ROLE[request.post.role].permissions
    shown = {
        "authority": authority, "runs": list(runs(authority)[:MOST]), "aside": list(set_aside(authority)[:MOST]), "today": today,
        "certificates": list(certificates(authority)[:MOST]), "forecasts": forecasts(authority), "is_here": "view_retention_runs",
        "may_select": Permission.SELECT_DUE in may, "may_restore": Permission.RESTORE_RECORD in may, "elsewhere": ELSEWHERE,
        "lapses": request.at - AGREED_WITHIN, "days": TOMBSTONE.days,
    }  # fmt: skip
    return render(request, "retention/view_retention_runs.html", shown)


@page(about=RetentionRun, needs=Permission.VIEW_RETENTION, rows=runs_with_people)
def view_retention_run(request: PageRequest, run: RetentionRun) -> HttpResponse:
    """One run: its counts by class, what it is held against, and a sample to look at, of the children whom one may see."""
    sample = sample_of(run)
    named = {one.pk: one for one in Child.objects.visible_to(request.subject).filter(pk__in=[one.whose for one in sample])}
    shown = {
        "run": run, "sample": [(one, named.get(one.whose)) for one in sample], "days": TOMBSTONE.days,
        "by_class": [(GROUP_WORDS[group], run.report["by_class"][group]) for group in Group if group in run.report["by_class"]],
        "may_set_aside": run.state == RetentionRun.State.READY and run.selected_at >= request.at - AGREED_WITHIN
        and Permission.SET_RUN_ASIDE in ROLE[request.post.role].permissions,
    }  # fmt: skip
    return render(request, "retention/view_retention_run.html", shown)


@page(needs=Permission.SELECT_DUE)
def select_due(request: PageRequest) -> HttpResponse:
    """Select what is due now."""
    then = lambda done: reverse("retention:view_retention_run", args=[done.pk])  # noqa: E731
    lead = ("Nothing is set aside by this. Two people look at what was selected, and agree.",)
    return answer(
        request, forms.SelectDueForm.of(request), lambda given: commands.select_due(**given), then=then, heading="Select what nothing keeps any more",
        back=_runs(None), lead=lead,
    )  # fmt: skip


@page(about=RetentionRun, needs=Permission.SET_RUN_ASIDE, rows=runs_with_people)
def set_run_aside(request: PageRequest, run: RetentionRun) -> HttpResponse:
    """Set its records aside; a second person agrees."""
    back = reverse("retention:view_retention_run", args=[run.pk])
    return answer(
        request, forms.SetAsideForm.of(request), lambda given: commands.set_run_aside(run=run, **given), then=_runs, heading="Set these records aside",
        back=back, warning=f"When a second person agrees, nobody sees these children any more. After {TOMBSTONE.days} days they are erased.",
    )  # fmt: skip


@page(about=DueRecord, needs=Permission.RESTORE_RECORD)
def restore_record(request: PageRequest, record: DueRecord) -> HttpResponse:
    """Restore a record that was set aside, whole."""
    return answer(
        request, forms.RestoreForm.of(request), lambda given: commands.restore_record(record=record, **given), then=_runs, heading="Restore this record",
        caption=f"Record {record.number}", back=_runs(None), lead=("Whoever could see the child sees the child again, at once.",),
    )  # fmt: skip
