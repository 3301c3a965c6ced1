"""Report one child or several missing; record one return or several; say which episodes belong together, and which do not after all."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from atlas.children.models import Child
from atlas.design.asked import looked_up
from atlas.gate.page import PageRequest, acting, answer, page, terms_searched
from atlas.gate.policy import Permission
from atlas.missing.commands import back, report, together
from atlas.missing.forms import together as forms
from atlas.missing.models import Episode, MissingTogether
from atlas.missing.queries.together import back_with, may_belong, others_of, reportable, together_rows
from atlas.missing.views.episode import NOT_THE_POLICE, not_the_police, to_episode
from atlas.people.rules import name_key

CHOOSING = (forms.ADD, forms.LEAVE_OUT, forms.LOOK)


@page(about=Child, needs=Permission.REPORT_MISSING)
def report_missing(request: PageRequest, child: Child) -> HttpResponse:
    """Report a child missing; and with the same words others who are missing too."""
    form = forms.ReportTogetherForm.of(request, find=lambda ids: reportable(request.subject, child, ids))
    looked = looked_up(request, "find") if forms.LOOK in request.POST else ""
    if any(word in request.POST for word in CHOOSING):
        form.choose(request.POST)

    def act(given: dict[str, Any]) -> object:
        if form.children:
            return together.report_missing_together(
                children=(child, *form.children), report=form.report(), wore=form.wore(), **acting(request)
            )
        return report.report_missing(child=child, report=form.report(), **acting(request))

    tied, named = others_of(request.subject, child, chosen=form.children, name=looked)
    if looked:
        request.searched = terms_searched(name_key(looked), found=[name_key(one.child.name) for one in named])
    return answer(
        request, form, act, then=to_episode, heading="Report a child missing", caption=child.name, warning=NOT_THE_POLICE, back=reverse("desk:find_child"),
        template="missing/report_missing.html", child=child, tied=tied, named=named, looked=looked,
    )  # fmt: skip


@page(about=Episode, needs=Permission.RECORD_RETURN)
def record_return(request: PageRequest, episode: Episode) -> HttpResponse:
    """Record that the child is back; and with the same words others who were missing together with the child."""
    form = forms.ReturnTogetherForm.of(request, waiting=back_with(request.subject, episode) if episode.is_open else [])

    def act(given: dict[str, Any]) -> object:
        also = form.back_too()
        said = {name: given[name] for name in ("returned_at", "returned_to")}
        if also:
            return together.record_return_together(episodes=(episode, *also), **said, **acting(request))
        return back.record_return(episode=episode, **said, **acting(request))

    lead = ("The clock for the return interview starts at this moment: 72 hours, or less where the authority has set less.",)
    return answer(
        request, form, act, then=to_episode, heading="Record the return", caption=f"{episode.child.name}, {episode.reference}",
        warning=not_the_police(episode), back=to_episode(episode), lead=lead,
    )  # fmt: skip


@page(about=Episode, needs=Permission.RECORD_MISSING_TOGETHER)
def record_missing_together(request: PageRequest, episode: Episode) -> HttpResponse:
    """Say with whom the child is, or was, missing."""
    form = forms.MissingTogetherForm.of(request, offered=may_belong(request.subject, episode))

    def act(given: dict[str, Any]) -> object:
        # In one order, so that two people who say so at once wait for each other.
        one, other = sorted((episode, form.episodes[given["other"]]), key=lambda it: it.child_id)
        return together.record_missing_together(episode=one, other=other, because=given["because"], **acting(request))

    lead = ["Each child keeps a missing episode of their own. It stands on both pages, for whoever may see both children."]
    if not form.episodes:
        lead.append("No other missing episode is open to you. Report the other child missing first.")
    return answer(
        request, form, act, then=lambda done: to_episode(episode), heading="Missing together with another child",
        caption=f"{episode.child.name}, {episode.reference}", warning=not_the_police(episode), back=to_episode(episode), lead=tuple(lead),
    )  # fmt: skip


@page(about=MissingTogether, needs=Permission.SPLIT_MISSING_TOGETHER, rows=together_rows)
def split_missing_together(request: PageRequest, link: MissingTogether) -> HttpResponse:
    """Say that they were not together after all."""

    def act(given: dict[str, Any]) -> object:
        pair = together_rows().filter(episode__in=[link.episode_id, link.other_episode_id], ended_at__isnull=True)
        rows = [one for one in pair if {one.episode_id, one.other_episode_id} == {link.episode_id, link.other_episode_id}]
        first = min(rows or [link], key=lambda one: one.child_id)
        return together.split_missing_together(together=first, because=given["because"], **acting(request))

    if link.ended_at is not None and request.method == "GET":
        raise Http404
    return answer(
        request, forms.SplitMissingTogetherForm.of(request), act, then=lambda done: to_episode(link),
        heading="Not missing together after all", caption=f"{link.child.name}, {link.episode.reference}, and {link.other_child.name}",
        back=to_episode(link), lead=("Each keeps the missing episode, the clocks and the words as they are. It can be said anew that they were.",),
    )  # fmt: skip
