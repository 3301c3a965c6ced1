"""What agencies agreed to do."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.chronology.moments import day_words
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.meetings import action_forms, forms
from atlas.meetings.codes import ActionState
from atlas.meetings.commands import actions as verbs
from atlas.meetings.models import AgencyAction, MeetingItem
from atlas.meetings.queries.actions import actions_with_people, answers_for, tray_of
from atlas.meetings.queries.challenges import challenges_with_people
from atlas.meetings.queries.choosing import agencies_in, who_may_own_action
from atlas.meetings.queries.leading import leads, works_with
from atlas.meetings.queries.room import items_with_meeting
from atlas.meetings.views.meeting import of_meeting


def to_action(action: object) -> str:
    """The address of an agency action."""
    return reverse("meetings:view_action", args=[action.pk])  # type: ignore[attr-defined]


@page(about=MeetingItem, needs=Permission.AGREE_ACTION, rows=items_with_meeting)
def agree_action(request: PageRequest, item: MeetingItem) -> HttpResponse:
    """Ask an agency to do something."""
    form = forms.ActionForm.of(
        request, people=who_may_own_action(item.meeting, request.at), agencies=list(agencies_in(item.meeting.authority))
    )

    def act(given: dict[str, Any]) -> object:
        return verbs.agree_action(item=item, given=form.given(), **acting(request))

    return of_meeting(request, item.meeting, form, act, "An agency action", about=item.name)


@page(needs=Permission.VIEW_ACTIONS)
def view_actions(request: PageRequest) -> HttpResponse:
    """What meetings ask of one, and of those below: what is still to be done first."""
    shown = Paginator(tray_of(request.subject), 50).get_page(request.GET.get("page"))
    return render(
        request,
        "meetings/view_actions.html",
        {"page": shown, "actions": list(shown), "today": day_of(request.at), "now": request.at, "me": request.post},
    )


@page(about=AgencyAction, needs=Permission.VIEW_ACTION, rows=actions_with_people)
def view_action(request: PageRequest, action: AgencyAction) -> HttpResponse:
    """One action: what, why, by whom, by when; what was answered, what shows it, whether it worked."""
    may = ROLE[request.post.role].permissions
    led = leads(action.meeting, request.post)
    works = works_with(request.subject, action.child_id)
    own = answers_for(action, request.post) or (action.owner_post_id is None and led)
    shown = {
        "action": action, "now": request.at, "today": day_of(request.at), "may_answer": own and action.is_open,
        "may_challenge": request.post.team.agency_id != action.agency_id and MeetingItem.objects.filter(pk=action.item_id).exists(),
        "may_take_on": own and action.state == ActionState.REFUSED,
        "challenges": list(challenges_with_people().filter(action=action)),
        "may_judge": (works or led) and Permission.JUDGE_ACTION in may and action.state in {"done", "not_done"},
    }  # fmt: skip
    return render(request, "meetings/view_action.html", shown)


@page(about=AgencyAction, needs=Permission.ANSWER_ACTION, rows=actions_with_people)
def answer_action(request: PageRequest, action: AgencyAction) -> HttpResponse:
    """Take it on, or say why not; or take on after all what was refused."""
    was_refused = action.state == ActionState.REFUSED
    form = action_forms.AfterAllForm.of(request) if was_refused else action_forms.AnswerForm.of(request)
    lead = (f"Asked for by {day_words(action.due_on)}. Not taken on then: {action.answer_words}",) if was_refused else ()
    return _of_action(request, action, form, verbs.answer_action, "Take it on after all" if was_refused else "Do you take this on?", lead)


@page(about=AgencyAction, needs=Permission.END_ACTION, rows=actions_with_people)
def end_action(request: PageRequest, action: AgencyAction) -> HttpResponse:
    """Say what came of it."""
    return _of_action(request, action, action_forms.EndForm.of(request), verbs.end_action, "Was it done?")


@page(about=AgencyAction, needs=Permission.JUDGE_ACTION, rows=actions_with_people)
def judge_action(request: PageRequest, action: AgencyAction) -> HttpResponse:
    """Say whether it worked."""
    lead = (f"Intended: {action.intended}", f"To be seen by: {action.evidence_wanted}")
    return _of_action(request, action, action_forms.JudgeForm.of(request), verbs.judge_action, "Did it work?", lead)


def _of_action(request: PageRequest, action: AgencyAction, form: Any, verb: Any, heading: str, lead: tuple[str, ...] = ()) -> HttpResponse:
    return answer(
        request, form, lambda given: verb(action=action, **form.given(), **acting(request)), then=lambda done: to_action(action), heading=heading,
        caption=action.name, back=to_action(action), lead=(action.words, *lead),
    )  # fmt: skip
