"""What one agency puts to another: raised, tried, answered, gone up, ended."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Permission
from atlas.meetings.challenge_forms import AttemptForm, ChallengeForm, ClimbForm, CloseChallengeForm, WordsForm
from atlas.meetings.commands import challenging as verbs
from atlas.meetings.models import AgencyAction, Challenge, MeetingItem
from atlas.meetings.queries.challenges import (
    answers_challenge,
    challenges_with_people,
    holds_challenge,
    steps_of,
    who_may_be_challenged,
)
from atlas.meetings.queries.room import items_with_meeting
from atlas.meetings.rules.challenge import LAST_STAGE, STAGES


def to_challenge(challenge: object) -> str:
    """The address of a challenge."""
    return reverse("meetings:view_challenge", args=[challenge.pk])  # type: ignore[attr-defined]


@page(needs=Permission.VIEW_CHALLENGES)
def view_challenges(request: PageRequest) -> HttpResponse:
    """Every challenge that one may see: what waits first, the soonest first."""
    shown = Paginator(challenges_with_people(), 50).get_page(request.GET.get("page"))
    return render(
        request, "meetings/view_challenges.html", {"page": shown, "challenges": list(shown), "now": request.at, "me": request.post}
    )


@page(about=Challenge, needs=Permission.VIEW_CHALLENGE, rows=challenges_with_people)
def view_challenge(request: PageRequest, challenge: Challenge) -> HttpResponse:
    """One challenge: what, between whom now, by when; the ladder, and every step."""
    holds, answers = holds_challenge(challenge, request.post), answers_challenge(challenge, request.post)
    shown = {
        "challenge": challenge, "steps": list(steps_of(challenge)), "stages": STAGES, "last": LAST_STAGE, "now": request.at,
        "holds": holds and challenge.is_open, "answers": answers and challenge.is_open,
        "may_climb": holds and challenge.is_open and challenge.stage < LAST_STAGE,
    }  # fmt: skip
    return render(request, "meetings/view_challenge.html", shown)


@page(about=MeetingItem, needs=Permission.RAISE_CHALLENGE, rows=items_with_meeting)
def raise_challenge(request: PageRequest, item: MeetingItem) -> HttpResponse:
    """Challenge another agency about what stood on an agenda."""
    actions = list(AgencyAction.objects.filter(item=item).select_related("agency", "owner_post").order_by("due_on", "pk"))
    people = who_may_be_challenged(item.meeting.authority, request.post.team.agency_id, request.at)
    form = ChallengeForm.of(
        request, people=people, actions=actions, is_of_child=item.child_id is not None, chosen=request.GET.get("of", "")
    )
    lead = (
        "First speak with them: most is settled that way, and this keeps what you tried.",
        "Whoever you put it to answers; what is not answered in time goes to the next stage by itself.",
    )

    def act(given: dict[str, Any]) -> object:
        return verbs.raise_challenge(item=item, given=form.given(), **acting(request))

    return answer(
        request, form, act, then=to_challenge, heading="Challenge an agency", caption=f"{item.name}, {item.meeting.kind_name}",
        back=reverse("meetings:view_meeting", args=[item.meeting_id]), lead=lead,
        warning="This does not report that a child is in danger now. Ring 999.",
    )  # fmt: skip


@page(about=Challenge, needs=Permission.RAISE_CHALLENGE, rows=challenges_with_people)
def record_attempt(request: PageRequest, challenge: Challenge) -> HttpResponse:
    """Keep that one tried."""
    return _of(request, challenge, AttemptForm.of(request), verbs.record_attempt, "What was tried?")


@page(about=Challenge, needs=Permission.ANSWER_CHALLENGE, rows=challenges_with_people)
def answer_challenge(request: PageRequest, challenge: Challenge) -> HttpResponse:
    """Answer it."""
    return _of(request, challenge, WordsForm.of(request), verbs.answer_challenge, "Answer the challenge")


@page(about=Challenge, needs=Permission.CLIMB_CHALLENGE, rows=challenges_with_people)
def climb_challenge(request: PageRequest, challenge: Challenge) -> HttpResponse:
    """Let it go to the next stage."""
    return _of(request, challenge, ClimbForm.of(request), verbs.climb_challenge, "To the next stage")


@page(about=Challenge, needs=Permission.CLOSE_CHALLENGE, rows=challenges_with_people)
def close_challenge(request: PageRequest, challenge: Challenge) -> HttpResponse:
    """Say how it ended."""
    return _of(request, challenge, CloseChallengeForm.of(request), verbs.close_challenge, "How did it end?")


def _of(request: PageRequest, challenge: Challenge, form: Any, verb: Any, heading: str) -> HttpResponse:
    return answer(
        request, form, lambda given: verb(challenge=challenge, **form.given(), **acting(request)), then=lambda done: to_challenge(challenge),
        heading=heading, caption=challenge.name, back=to_challenge(challenge), lead=(challenge.asked,),
    )  # fmt: skip
