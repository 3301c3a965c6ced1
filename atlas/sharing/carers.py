"""The worker's pages about the carers' page: give it, and say what was done about what a carer said."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from atlas.children.models import Child
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Permission
from atlas.sharing import forms
from atlas.sharing.commands import carers as commands
from atlas.sharing.link import no_texts, or_link
from atlas.sharing.models import CarerWords, GuestRequest


@page(about=Child, needs=Permission.GIVE_CARER_PAGE)
def give_carer_page(request: PageRequest, child: Child) -> HttpResponse:
    """Make the link, and show it this once: only its hash is kept."""
    form, back = forms.CarerPageForm.of(request), reverse("sharing:view_disclosures", args=[child.pk])
    made: list[GuestRequest] = []

    def act(given: dict[str, Any]) -> GuestRequest:
        made.append(
            commands.give_carer_page(child=child, guest=form.guest(), agreed=given["agreed"], days=given["days"], **acting(request))
        )
        return made[0]

    answered = answer(
        request, form, act, then=lambda done: back, heading="Give a carer their page", caption=child.name, back=back,
        lead=(
            "It says what to do when the child is late or missing, whom to ring, and what we did about what they told us. Nothing else of the child.",
            "What they send becomes a task with a clock; out of hours it goes to emergency duty.", *no_texts("Print the steps for them instead."),
        ),
    )  # fmt: skip
    return or_link(request, answered, made)


def words_with_request() -> Any:
    """What carers said, each with the child and the page it was said on."""
    return CarerWords.objects.select_related("child")


@page(about=CarerWords, needs=Permission.ANSWER_CARER, rows=words_with_request)
def answer_carer(request: PageRequest, said: CarerWords) -> HttpResponse:
    """Read what a carer said, and say what was done."""
    return answer(
        request, forms.AnswerCarerForm.of(request), lambda given: commands.answer_carer(said=said, **given), then=lambda done: "/",
        heading=f"A carer says: {said.get_kind_display()}", caption=said.child.name, back="/", lead=tuple(said.words.splitlines()),
        warning="The carer reads what you write. No place, no other child, no suspicion.",
    )  # fmt: skip
