"""The administrator's pages about connected systems, and a person's own about those that act for them. None shows a child."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.models import Agency
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import PURPOSE_WORDS, Permission
from atlas.systems import commands, forms, queries
from atlas.systems.hooks import public_key
from atlas.systems.models import ConnectedSystem, SystemGrant
from atlas.systems.rules import GRANT_LIFE

HOURS = int(GRANT_LIFE.total_seconds() // 3600)


@page(needs=Permission.VIEW_SYSTEMS)
def view_systems(request: PageRequest) -> HttpResponse:
    """The connected systems of every agency: those that stand, and those that have ended."""
    return render(request, "systems/view_systems.html", {"systems": list(queries.systems()), "public_key": public_key()})


@page(needs=Permission.REGISTER_SYSTEM, step_up=True)
def register_system(request: PageRequest) -> HttpResponse:
    """Propose that an agency's system is connected."""
    back = reverse("systems:view_systems")
    form = forms.RegisterSystemForm.of(request, agencies=list(Agency.objects.order_by("name")))
    lead = (
        "A connected system sees nothing of its own. It can ask Atlas, and write to it, only for a person of the same agency who lets it, and then "
        f"only what that person may see and do, for {HOURS} hours at most.",
        "A second person must approve it. Until then nothing changes.",
    )
    return answer(
        request,
        form,
        lambda given: commands.register_system(**given),
        then=lambda _: back,
        heading="Connect a system",
        lead=lead,
        back=back,
    )


@page(about=ConnectedSystem, needs=Permission.END_SYSTEM, step_up=True)
def end_system(request: PageRequest, system: ConnectedSystem) -> HttpResponse:
    """End a connected system at once."""
    back = reverse("systems:view_systems")
    return answer(
        request, forms.ConfirmForm.of(request, submit="End it now"), lambda given: commands.end_system(system=system, **given),
        then=lambda _: back, heading=f"End {system.name} of {system.agency}?", back=back,
        lead=("Its next call is not let in, for whomever it calls. To connect it again takes a new key, and two people.",),
    )  # fmt: skip


@page(needs=Permission.VIEW_SYSTEM_GRANTS)
def view_system_grants(request: PageRequest) -> HttpResponse:
    """One's own agency's systems: which of them act for one now, and which could."""
    grants = list(queries.open_grants(request.post, request.at))
    held = {grant.system_id for grant in grants}
    could = [system for system in queries.systems_for(request.post) if system.pk not in held]
    shown = {"grants": [(one, PURPOSE_WORDS[one.purpose]) for one in grants], "could": could, "hours": HOURS}  # type: ignore[index]
    return render(request, "systems/view_system_grants.html", shown)


@page(about=ConnectedSystem, needs=Permission.LET_SYSTEM_ACT, rows=queries.own_systems, step_up=True)
def let_system_act(request: PageRequest, system: ConnectedSystem) -> HttpResponse:
    """Let a system act for oneself."""
    back = reverse("systems:view_system_grants")
    lead = (
        f"For {HOURS} hours, {system.name} can ask Atlas what you may see, and write what you may write, as {request.post.title}, for the purpose "
        f"“{PURPOSE_WORDS[request.purpose]}”. All of it is written down as done by you.",
        "You can end it at any time. It ends too when your post ends, or when you are signed out everywhere.",
    )
    return answer(
        request, forms.ConfirmForm.of(request, submit="Let it act for me"), lambda given: commands.let_system_act(system=system, **given),
        then=lambda _: back, heading=f"Let {system.name} act for you?", back=back, lead=lead,
    )  # fmt: skip


@page(about=SystemGrant, needs=Permission.END_SYSTEM_GRANT, rows=queries.own_grants)
def end_system_grant(request: PageRequest, grant: SystemGrant) -> HttpResponse:
    """Let a system no longer act for oneself."""
    back = reverse("systems:view_system_grants")
    return answer(
        request, forms.ConfirmForm.of(request, submit="End it now"), lambda given: commands.end_system_grant(grant=grant, **given),
        then=lambda _: back, heading="Let it no longer act for you?", back=back,
    )  # fmt: skip
