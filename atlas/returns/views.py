"""Statutory returns on the screen: what would stand in the Missing table; and files that are checked before anybody else checks them."""

import io
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.feeds.reading import Unreadable, read
from atlas.gate.act import Invalid
from atlas.gate.days import day_of
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission
from atlas.returns import commands
from atlas.returns.annex_a.found import ListFound, lists_read
from atlas.returns.checking.staging import Given
from atlas.returns.exports import MISSING_TABLE
from atlas.returns.forms import FILES, AnnexAForm, CheckReturnForm
from atlas.returns.layouts import year_of
from atlas.returns.models import ReturnCheck
from atlas.returns.queries.annex_a import lists_found
from atlas.returns.queries.tables import collections, found_by, missing_rows, return_checks
from atlas.returns.report import annex_report, days_of, report
from atlas.returns.rules import RULE

A_PAGE = 100
A_TABLE = 10  # of each of the many tables of a workbook; the rest stands in the file that can be fetched
MOST_BYTES = 50 * 1024 * 1024
MOST_OF_RETURN = 20 * 1024 * 1024  # ten times a large council's; what a check may take in memory and time hangs on it (checking/checker.py)


@page(needs=Permission.VIEW_RETURN_CHECKS)
def view_return_checks(request: PageRequest) -> HttpResponse:
    """One's own checks of returns, the latest first."""
    shown = {"checks": [(check, year_of(check.year)) for check in return_checks()[:100]], "days": commands.KEPT_FOR.days}
    return render(request, "returns/view_return_checks.html", shown)


@page(needs=Permission.CHECK_RETURN)
def check_return(request: PageRequest) -> HttpResponse:
    """Give the files of a return, and see what its rules say."""
    form = CheckReturnForm.of(request, today=day_of(request.at))
    return answer(
        request, form, lambda given: _check(**given), then=lambda made: reverse("returns:view_return_check", args=[getattr(made, "pk", made)]),
        heading="Check a return of looked-after children", back=reverse("returns:view_return_checks"),
        lead=(
            "The 19 rules of the Missing table (SSDA903) are asked. Nothing is sent to anybody, and the files themselves are not kept.",
            f"What is found is yours alone to see, for {commands.KEPT_FOR.days} days.",
        ),
    )  # fmt: skip


def _check(*, year: str, missing: Any, header: Any, episodes: Any, last: Any, **acting: Any) -> ReturnCheck:
    with tempfile.TemporaryDirectory(prefix="atlas-given-") as folder:
        files = []
        for name, given in zip(FILES, (missing, header, episodes, last), strict=True):
            if given:
                if given.size is None or given.size > MOST_OF_RETURN:
                    raise Invalid("This file is larger than 20 MB. Check the right one was chosen, or use the command on the server.", name)
                path = Path(folder) / name
                with path.open("wb") as kept:
                    kept.writelines(given.chunks())
                files.append(Given(path, Path(given.name or name).name[:100], name == "last"))
        return commands.check_return(files=files, year=int(year), **acting)


@page(about=ReturnCheck, needs=Permission.VIEW_RETURN_CHECKS)
def view_return_check(request: PageRequest, check: ReturnCheck) -> HttpResponse:
    """What the rules say of a return: by rule; of one rule or of one child, row by row."""
    rule, child, days = request.GET.get("rule", ""), request.GET.get("child", ""), days_of(check.year)
    listed = Paginator(list(found_by(check, rule=rule, child=child)) if rule or child else [], A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "check": check, "days": year_of(check.year), "rule": rule, "child": child, "names": {code: one.name for code, one in RULE.items()},
        "counted": [(code, RULE[code].name, rows + last, children) for code, (rows, last, children) in check.counts.items()],
        "skipped": [(code, RULE[code].name, need) for code, need in check.skipped.items()], "rows": listed,
        "said": [(one, one.words(*days)) for one in listed], "more": {"rule": rule} if rule else {"child": child},
    }  # fmt: skip
    return render(request, "returns/view_return_check.html", shown)


@page(about=ReturnCheck, needs=Permission.VIEW_RETURN_CHECKS, event=Event.DOWNLOAD)
def download_return_report(request: PageRequest, check: ReturnCheck) -> HttpResponse:
    """Every finding of a check, as CSV."""
    return _csv(lambda out: report(out, found_by(check), check.year), f"missing-table-{check.year}")


@page(needs=Permission.EXPORT)
def view_missing_table(request: PageRequest, year: int) -> HttpResponse:
    """The rows that the Missing table of a collection holds, those with a question first; before anything leaves."""
    years = collections(day_of(request.at))
    if year not in years:
        raise Http404
    rows = missing_rows(request.subject, year)
    asked = [row for row in rows if row.asked]
    listed = Paginator([*asked, *(row for row in rows if not row.asked)], A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "year": year, "days": year_of(year), "years": [(one, year_of(one)) for one in years], "rows": listed, "asked": len(asked),
        "children": len({row.child_id for row in rows}), "may_make": request.post.role in MISSING_TABLE.roles, "listed": MISSING_TABLE.key,
    }  # fmt: skip
    return render(request, "returns/view_missing_table.html", shown)


@page(needs=Permission.VIEW_TIMELINESS)
def compare_annex_a(request: PageRequest) -> HttpResponse:
    """Check the lists of a workbook for Ofsted, and set them beside what Atlas holds. It is read, shown once, and not kept."""
    return _annex_a(request, lambda lists, day: _shown(request, AnnexAForm(), lists=lists, day=day, shown=A_TABLE))


@page(needs=Permission.VIEW_TIMELINESS, event=Event.DOWNLOAD)
def download_annex_a_report(request: PageRequest) -> HttpResponse:
    """The same, every row of it, as CSV."""
    return _annex_a(request, lambda lists, day: _csv(lambda out: annex_report(out, lists), f"annex-a-{day:%Y-%m-%d}"))


def _annex_a(request: PageRequest, say: Callable[[list[ListFound], date], HttpResponse]) -> HttpResponse:
    form = AnnexAForm.of(request)
    if request.method == "POST" and form.is_valid():
        given, day = form.cleaned_data["workbook"], form.cleaned_data["day"]
        try:
            if given.size is None or given.size > MOST_BYTES:
                raise Unreadable("This file is larger than 50 MB. Check that the right one was chosen.")
            with tempfile.NamedTemporaryFile() as kept:
                kept.writelines(given.chunks())
                kept.flush()
                lists = lists_read(read(Path(kept.name), Path(given.name).name), day)
            return say(lists_found(request.subject, lists, day), day)
        except Unreadable as problem:
            form.add_error("workbook", str(problem))
    return _shown(request, form, lists=None)


def _shown(request: PageRequest, form: AnnexAForm, **found: Any) -> HttpResponse:
    return render(request, "returns/compare_annex_a.html", {"form": form, **found})


def _csv(write: Callable[[io.StringIO], None], name: str) -> HttpResponse:
    out = io.StringIO()
    write(out)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
