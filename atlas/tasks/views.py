"""Acknowledge an alert, write down a call, say why a time limit was missed, tick off a task."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from atlas.clocks.commands import give_missed_reason as give_reason
from atlas.clocks.models import Clock
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission
from atlas.tasks import commands, forms
from atlas.tasks.models import Alert, Notice, OvernightLine, Task
from atlas.tasks.queries import calls_about, next_to_ring, ring_list


def home(done: object) -> str:
    """Back to one's own work."""
    return "/"


@page(about=Alert, needs=Permission.ACKNOWLEDGE_ALERT)
def acknowledge_alert(request: PageRequest, alert: Alert) -> HttpResponse:
    """Say that one is acting on an alert."""
    lead = (
        f"{alert.get_reason_display()}: {alert.child.name}.",
        f"If you cannot act on it, do not acknowledge it: ring {alert.authority.staffed_number}.",
    )
    form = forms.AcknowledgeForm.of(request)
    return answer(
        request,
        form,
        lambda given: commands.acknowledge_alert(alert=alert, **given),
        then=home,
        heading="Acknowledge this alert",
        lead=lead,
        back="/",
    )


@page(about=Alert, needs=Permission.RECORD_CALL)
def record_call(request: PageRequest, alert: Alert) -> HttpResponse:
    """Whom to ring about an alert, and what came of a call: after *no answer* the page is there again, with the next to ring."""
    calls = calls_about(alert)
    listed = ring_list(alert, request.at, calls, request.post)
    following = next_to_ring(listed)
    form = forms.CallForm.of(request, listed=listed, initial={"to": following.key})
    here = reverse("tasks:record_call", args=[alert.pk])

    def act(to: str, **given: Any) -> Notice:
        return commands.record_call(alert=alert, to_post=form.posts[to], **given)

    def then(done: object) -> str:
        return here if isinstance(done, Notice) and done.answer == Notice.Answer.NO_ANSWER else "/"

    return answer(
        request, form, lambda given: act(**given), then=then, template="tasks/record_call.html", heading="Ring about this alert",
        caption=f"{alert.get_reason_display()}: {alert.child.name}", back="/", alert=alert, calls=calls, following=following,
    )  # fmt: skip


@page(about=OvernightLine, needs=Permission.ACCEPT_OVERNIGHT)
def accept_overnight(request: PageRequest, line: OvernightLine) -> HttpResponse:
    """Take over what happened to a child in the night."""
    morning = f"{reverse('desk:view_morning')}?on={line.morning_on:%Y-%m-%d}"
    return answer(
        request, forms.TakeOverForm.of(request), lambda given: commands.accept_overnight(line=line, **given), then=lambda done: morning,
        heading="Take over what happened in the night", caption=line.child.name, back=morning,
        lead=("Your name stands beside it. From now on it is yours: it climbs no further.",),
    )  # fmt: skip


@page(about=Clock, needs=Permission.GIVE_MISSED_REASON)
def give_missed_reason(request: PageRequest, clock: Clock) -> HttpResponse:
    """Say why a time limit was missed."""
    form = forms.MissedReasonForm.of(request)
    act = lambda given: give_reason(clock=clock, **given)  # noqa: E731
    return answer(request, form, act, then=home, heading=f"{clock.limit_name} was missed", lead=(clock.why,), back="/")


@page(about=Task, needs=Permission.COMPLETE_TASK)
def complete_task(request: PageRequest, task: Task) -> HttpResponse:
    """Tick off a task that no clock ends."""
    form = forms.AcknowledgeForm.of(request)
    return answer(
        request, form, lambda given: commands.complete_task(task=task, **given), then=home, heading=f"Done: {task.name}", back="/"
    )
