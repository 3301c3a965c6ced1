"""A child who is not born yet: recorded, born, or not born after all."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from atlas.agencies.queries import authority_served
from atlas.allocation import commands, forms
from atlas.children.models import Child
from atlas.gate.act import Invalid
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Permission


def _to(child: object) -> str:
    assert isinstance(child, Child)
    return reverse("desk:view_child", args=[child.pk])


@page(needs=Permission.REGISTER_UNBORN)
def register_unborn(request: PageRequest) -> HttpResponse:
    """Record a child who is not born yet."""
    form, own = forms.UnbornForm.of(request), authority_served(request.post)

    def act(given: dict[str, Any]) -> Child:
        if own is None:
            raise Invalid("Your team serves no authority, so nobody would be responsible. Ask the front door to record the child.")
        return commands.register_unborn(known=form.known(), responsible=own, source=given["source"], **acting(request))

    back = reverse("desk:find_child")
    return answer(
        request, form, act, then=lambda done: back, heading="Record a child who is not born yet", back=back,
        lead=(
            "Look first whether the child is recorded already. The front door answers for the record until somebody is allocated.",
            "If the mother is a child here too, ask the lead worker’s manager to tie the two, under Family and household.",
        ),
    )  # fmt: skip


@page(about=Child, needs=Permission.REGISTER_CHILD)
def record_birth(request: PageRequest, child: Child) -> HttpResponse:
    """The child is born: the same record goes on."""
    return answer(
        request, forms.BirthForm.of(request), lambda given: commands.record_birth(child=child, **given), then=_to,
        heading="The child is born", caption=child.name, back=_to(child),
        lead=("It stays the same record. Who may see it, and what is due, stay as they are.",),
    )  # fmt: skip


@page(about=Child, needs=Permission.REGISTER_CHILD)
def end_pregnancy(request: PageRequest, child: Child) -> HttpResponse:
    """The pregnancy ended without a birth."""
    return answer(
        request, forms.EndPregnancyForm.of(request), lambda given: commands.end_pregnancy(child=child, **given), then=_to,
        heading="The pregnancy ended without a birth", caption=child.name, back=_to(child),
        lead=("From then on nothing is asked, sent or timed: no letter and no text goes out. The record stays, for those who worked with the family.",),
    )  # fmt: skip
