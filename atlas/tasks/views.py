"""Acknowledge an alert, write down a call, say why a time limit was missed, tick off a task."""

from django.http import HttpResponse

from atlas.clocks.commands import give_missed_reason as give_reason
from atlas.clocks.models import Clock
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission
from atlas.tasks import commands, forms
from atlas.tasks.models import Alert, Task


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
    """Write down a telephone call about an alert."""
    form = forms.CallForm.of(request)
    return answer(
        request,
        form,
        lambda given: commands.record_call(alert=alert, **given),
        then=home,
        heading="I rang somebody about this alert",
        back="/",
    )


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
