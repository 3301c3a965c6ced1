"""Family and household, who is kept out of a child's record, and what one has declared oneself."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.models import Agency, AgencyKind
from atlas.agencies.queries import posts_standing
from atlas.children.models import Child
from atlas.connections import commands
from atlas.connections.forms import BlockWorkerForm, DecideSuggestionForm, EndTieForm, LiftBlockForm, MakeDeclarationForm, RecordTieForm
from atlas.connections.models import Declaration, Suggestion, Tie
from atlas.connections.queries import blocks_on, declaration_asked, last_declaration, own_declarations, suggestions, ties_of
from atlas.gate.act import Invalid
from atlas.gate.days import day_of
from atlas.gate.models import Block
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.people.rules import name_key

A_PAGE = 50


@page(about=Child, needs=Permission.VIEW_TIES)
def view_ties(request: PageRequest, child: Child) -> HttpResponse:
    """Brothers and sisters, and the household."""
    tied = [one for one in ties_of(request.subject, child) if one.stands]
    return render(request, "connections/view_ties.html", {"child": child, "tied": tied})


@page(about=Child, needs=Permission.VIEW_BLOCKS)
def view_blocks(request: PageRequest, child: Child) -> HttpResponse:
    """Who is kept out of a child's record, and along which ties."""
    tied = ties_of(request.subject, child)
    may_open = Permission.VIEW_CHILD in ROLE[request.post.role].permissions
    shown = {"child": child, "tied": tied, "blocks": blocks_on(request.subject, child, tied), "may_open": may_open}
    return render(request, "connections/view_blocks.html", shown)


@page(about=Child, needs=Permission.BLOCK_WORKER)
def block_worker(request: PageRequest, child: Child) -> HttpResponse:
    """Keep a worker out of a child's record, without a word to the worker."""
    posts = posts_standing(day_of(request.at)).filter(is_service=False).exclude(user=request.post.user_id)
    form, back = BlockWorkerForm.of(request, posts=list(posts)), reverse("connections:view_blocks", args=[child.pk])

    def act(worker: str, **given: Any) -> Block:
        return commands.block_worker(child=child, user=form.users[worker], **given)

    lead = (
        "It holds at once, also for brothers, sisters and the household. The worker is not told. What they had to do goes to their manager.",
    )
    return answer(
        request,
        form,
        lambda given: act(**given),
        then=lambda done: back,
        heading="Keep a worker out",
        caption=child.name,
        lead=lead,
        back=back,
    )


@page(about=Block, needs=Permission.LIFT_BLOCK)
def lift_block(request: PageRequest, block: Block) -> HttpResponse:
    """Propose that a worker is no longer kept out."""
    back = reverse("connections:view_blocks", args=[block.child_id])
    return answer(
        request, LiftBlockForm.of(request), lambda given: commands.lift_block(block=block, **given), then=lambda done: back,
        heading=f"No longer keep {block.user.name} out", caption=block.child.name, back=back,
        lead=("A second person, outside your line, must approve it; one of you is the privacy officer. Until then nothing changes.",),
    )  # fmt: skip


@page(about=Child, needs=Permission.RECORD_TIE)
def record_tie(request: PageRequest, child: Child) -> HttpResponse:
    """Write down that a child is another's brother or sister, or lives in the same household."""
    back = reverse("connections:view_blocks", args=[child.pk])

    def act(name: str, born_on: Any, **given: Any) -> Tie:
        found = [
            other for other in Child.objects.visible_to(request.subject).filter(born_on=born_on) if name_key(other.name) == name_key(name)
        ]
        if len(found) != 1:
            raise Invalid("No one child of that name and date of birth is open to you. Ask the privacy officer to write it down.", "name")
        return commands.record_tie(child=child, other=found[0], **given)

    return answer(
        request, RecordTieForm.of(request), lambda given: act(**given), then=lambda done: back, heading="Family or household",
        caption=child.name, back=back,
    )  # fmt: skip


@page(about=Tie, needs=Permission.END_TIE)
def end_tie(request: PageRequest, tie: Tie) -> HttpResponse:
    """Say that a tie is over, or never was."""
    back = reverse("connections:view_blocks", args=[tie.child_id])

    def act(is_error: str, **given: Any) -> Tie:
        return commands.end_tie(tie=tie, is_error=is_error == "yes", **given)

    return answer(
        request, EndTieForm.of(request), lambda given: act(**given), then=lambda done: back, heading="End a tie",
        caption=tie.get_kind_display(), back=back,
    )  # fmt: skip


@page(needs=Permission.DECLARE_CONNECTION)
def view_my_connections(request: PageRequest) -> HttpResponse:
    """What one has declared oneself: the list is one's own."""
    subject = request.subject
    shown = {"declared": list(own_declarations(subject)), "last": last_declaration(subject), "asked": declaration_asked(subject)}
    return render(request, "connections/view_my_connections.html", shown)


@page(needs=Permission.DECLARE_CONNECTION)
def make_declaration(request: PageRequest) -> HttpResponse:
    """Say what there is of one's own home, so that a conflict of interest is noticed."""
    schools = [(str(pk), name) for pk, name in Agency.objects.filter(kind=AgencyKind.SCHOOL).order_by("name").values_list("pk", "name")]
    last = last_declaration(request.subject)
    before = {} if last is None else {
        "surnames": ", ".join(name.title() for name in last.surnames), "house": last.house, "street": last.street.title(),
        "postcode": last.postcode, "telephones": ", ".join(last.telephones), "schools": [str(pk) for pk in last.schools],
    }  # fmt: skip
    form, back = MakeDeclarationForm.of(request, schools=schools, initial=before), reverse("connections:view_my_connections")

    def act(given: dict[str, Any]) -> Declaration:
        how = {name: given.pop(name) for name in ("by", "at", "key", "content")}
        return commands.make_declaration(home=form.home(given), **how)

    lead = (
        "Nobody reads this: a program compares it with the children recorded here, so that nobody is ever asked to work with a family next door. "
        "Leave out what you wish.",
    )
    return answer(request, form, act, then=lambda done: back, heading="Declare your own home", lead=lead, back=back)


@page(needs=Permission.VIEW_SUGGESTIONS)
def view_suggestions(request: PageRequest) -> HttpResponse:
    """What workers and children have in common, for whoever answers for conflicts of interest."""
    listed = Paginator(suggestions(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "connections/view_suggestions.html", {"listed": listed, "rows": list(listed)})


@page(about=Suggestion, needs=Permission.DECIDE_SUGGESTION, rows=suggestions)
def decide_suggestion(request: PageRequest, suggestion: Suggestion) -> HttpResponse:
    """Keep the worker out, or say why there is no conflict of interest."""
    queue = reverse("connections:view_suggestions")
    return answer(
        request, DecideSuggestionForm.of(request), lambda given: commands.decide_suggestion(suggestion=suggestion, **given),
        then=lambda done: queue, heading="Does this person know the family?", caption=f"{suggestion.user.name} and {suggestion.child.name}",
        lead=(f"{suggestion.get_reason_display()}.",),
        back=queue,
    )  # fmt: skip
