"""Pass on what was said of somebody who works with children; see that it was received; receive it, decide, close it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.allegations import commands, forms
from atlas.allegations.models import Allegation, AllegationStep
from atlas.allegations.queries import passed_on_by, received_by, who_decide, workers_called
from atlas.children.models import Child
from atlas.design.asked import looked_up
from atlas.gate.act import Invalid
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission

LEAD = (
    "It is passed on as it was said. Nobody has decided that it is true, and nobody has decided that it is not.",
    "It goes to the designated officer, and to nobody who works with the person. Atlas tells the person, their team and their manager nothing; do "
    "not tell them either, until the designated officer has said so.",
    "Tell the child that you are passing this on, and to whom. If the child is in danger now, ring 999.",
)


@page(about=Child, needs=Permission.RECORD_ALLEGATION)
def record_allegation(request: PageRequest, child: Child) -> HttpResponse:
    """Pass on what a child said of somebody who works with children."""
    form = forms.RecordAllegationForm.of(request, found=workers_called(looked_up(request, "worker"), request.at))

    def act(works_as: str, words: str, worker: str, name: str, works_for: str, which: str = "", **how: Any) -> AllegationStep:
        said = commands.Alleged(works_as, words, _chosen(form, worker, which), name, works_for)
        return commands.record_allegation(child=child, said=said, **how)

    return answer(
        request, form, lambda given: act(**given), then=lambda done: reverse("allegations:view_allegations"),
        heading="About somebody who works with children", caption=child.name, lead=LEAD, back=reverse("desk:view_child", args=[child.pk]),
    )  # fmt: skip


def _chosen(form: forms.RecordAllegationForm, worker: str, which: str) -> Post | None:
    """The worker who was looked up and chosen; None where nobody was looked up. Raises Invalid, in words, until one is chosen."""
    if which in form.posts:
        return form.posts[which]
    if worker.strip() and form.posts:
        raise Invalid("Choose who is meant. If it is none of them, take the name out and say below who it is.", "which")
    if worker.strip():
        raise Invalid("Nobody of this name works with Atlas. Check the spelling, or take the name out and say below who it is.", "worker")
    return None


@page(needs=Permission.VIEW_ALLEGATIONS)
def view_allegations(request: PageRequest) -> HttpResponse:
    """What one is to receive; and that what one passed on oneself was sent and received."""
    receives = Permission.VIEW_ALLEGATION in ROLE[request.post.role].permissions
    authorities = list(request.post.team.agency.authorities.order_by("name"))
    shown = {
        "receives": receives,
        "received": received_by(request.subject) if receives else [],
        "passed_on": passed_on_by(request.subject),
        "number": authorities[0].front_door_number if authorities else "",
        "now": request.at,
    }
    return render(request, "allegations/view_allegations.html", shown)


def _of_receiver(allegation: UUID) -> Allegation:
    """The allegation where row security shows it to the acting post. Not judged by the child: a guarded child's is received off the list of names."""
    made = Allegation.objects.filter(pk=allegation).select_related("recorded_by__user", "recorded_by__team__agency").first()
    if made is None:
        raise Http404
    return made


@page(needs=Permission.VIEW_ALLEGATION)
def view_allegation(request: PageRequest, allegation: UUID) -> HttpResponse:
    """What was said, and what was done about it."""
    made = _of_receiver(allegation)
    steps = list(made.steps.select_related("to_post__user", "made_by__user").order_by("made_at", "pk"))
    is_received = any(step.kind == AllegationStep.Kind.RECEIVED and step.made_by_id == request.post.pk for step in steps)
    kinds = {step.kind for step in steps}
    decides = request.post.pk in who_decide(step for step in steps if step.kind == AllegationStep.Kind.SENT)
    due_at = next((step.due_at for step in steps if step.to_post_id == request.post.pk), None)
    shown = {
        "made": made,
        "steps": steps,
        "is_received": is_received,
        "decides": decides,
        "kinds": kinds,
        "due_at": due_at,
        "now": request.at,
    }
    return render(request, "allegations/view_allegation.html", shown)


def _do(request: PageRequest, allegation: UUID, form: Any, verb: Any, heading: str) -> HttpResponse:
    made, back = _of_receiver(allegation), reverse("allegations:view_allegation", args=[allegation])
    return answer(
        request,
        form,
        lambda given: verb(allegation=made.pk, **given),
        then=lambda done: back,
        heading=heading,
        caption=made.reference,
        back=back,
    )


@page(needs=Permission.RECEIVE_ALLEGATION)
def receive_allegation(request: PageRequest, allegation: UUID) -> HttpResponse:
    """Say that one has it."""
    return _do(request, allegation, forms.ReceiveAllegationForm.of(request), commands.receive_allegation, "I have received this")


@page(needs=Permission.DECIDE_ALLEGATION)
def decide_allegation(request: PageRequest, allegation: UUID) -> HttpResponse:
    """Say whether the threshold is met, and what was advised."""
    return _do(request, allegation, forms.DecideAllegationForm.of(request), commands.decide_allegation, "Is the threshold met?")


@page(needs=Permission.CLOSE_ALLEGATION)
def close_allegation(request: PageRequest, allegation: UUID) -> HttpResponse:
    """Say what it came to."""
    return _do(request, allegation, forms.CloseAllegationForm.of(request), commands.close_allegation, "What did it come to?")
