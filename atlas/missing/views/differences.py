"""Differences with the police: both sides of each, what each side lacks, by authority; and the answer."""

from collections import Counter
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.missing.commands import answer as settle
from atlas.missing.commands.answer import ANSWERS
from atlas.missing.forms import episode as forms
from atlas.missing.models import Difference, Episode, Stands
from atlas.missing.queries import comparison
from atlas.missing.rules.agreement import RULES, Differs
from atlas.missing.views.episode import to_episode

ON_A_PAGE = 25
WORDS = {
    "missing": "Missing", "away": "Away, whereabouts known", "cancelled": "Not missing", "LOW": "Low", "MED": "Medium", "HIGH": "High",
    "NAR": "No apparent risk",
}  # fmt: skip


def says(difference: Difference, side: str) -> str:
    """What one side says in this difference, in words; a gap is named as one."""
    differs, moment = Differs(difference.differs), getattr(difference, side)
    if differs == f"only_{'council' if side == 'police' else 'police'}":
        return "No record" if side == "police" else "Nobody has taken it up"
    if differs == f"back_{'council' if side == 'police' else 'police'}":
        return "Still missing"
    if word := getattr(difference, f"{side}_says"):
        return WORDS[word]
    if moment is None:
        return "Back, time not known"
    return f"{'Reported' if differs in (Differs.START, Differs.ONLY_POLICE, Differs.ONLY_COUNCIL) else 'Back'} {moment.words()}"


@page(needs=Permission.VIEW_DIFFERENCES)
def view_differences(request: PageRequest) -> HttpResponse:
    """The differences that wait for an answer, both sides of each, by authority; what was answered lately; when it was last compared."""
    waiting = comparison.open_differences(request.subject)
    gaps = Counter(waiting.order_by().values_list("responsible_authority__name", "differs"))
    shown = {
        "differences": _paged(request, waiting),
        "gaps": {
            name: {Differs(kind): count for (of, kind), count in gaps.items() if of == name} for name in sorted({of for of, _ in gaps})
        },
        "kinds": Difference.In.choices,
        "answered": list(comparison.answered_differences(request.subject)[:ON_A_PAGE]),
        "comparisons": comparison.last_comparisons(),
        "rules": RULES,
        "says": says,
        "stands": _stands,
        "may_answer": Permission.ANSWER_DIFFERENCE in ROLE[request.post.role].permissions,
    }
    return render(request, "missing/view_differences.html", shown)


def _stands(difference: Difference) -> str:
    return ANSWERS[Differs(difference.differs)][Stands(difference.stands)]


def _paged(request: PageRequest, rows: Any) -> "Page[Any]":
    found = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    found.object_list = list(found.object_list)
    return found


@page(about=Difference, needs=Permission.ANSWER_DIFFERENCE, rows=comparison.differences_with_child)
def answer_difference(request: PageRequest, difference: Difference) -> HttpResponse:
    """Say what stands, and why."""
    differs = Differs(difference.differs)
    answers = ANSWERS[differs]
    asked = (
        forms.AnswerOnlyCouncilForm
        if differs is Differs.ONLY_COUNCIL
        else forms.AnswerTimeForm
        if Stands.OTHER in answers
        else forms.AnswerDifferenceForm
    )
    form = asked.of(request, answers=answers)

    def act(given: dict[str, Any]) -> Difference:
        return settle.answer_difference(difference=difference, **given)

    return answer(
        request, form, act, then=lambda done: reverse("missing:view_differences"), heading=difference.get_differs_display(),
        template="missing/answer_difference.html", caption=f"{difference.child.name}, {difference.episode.reference}",
        back=reverse("missing:view_differences"), difference=difference, says=says,
    )  # fmt: skip


@page(about=Episode, needs=Permission.CORRECT_REPORT)
def correct_report(request: PageRequest, episode: Episode) -> HttpResponse:
    """Correct the time of the report."""
    return answer(
        request, forms.CorrectReportForm.of(request), lambda given: settle.correct_report(episode=episode, **given), then=to_episode,
        heading="Correct the time of the report", lead=("The earlier time stays on record, and this change is listed.",),
        caption=f"{episode.child.name}, {episode.reference}", back=to_episode(episode),
    )  # fmt: skip
