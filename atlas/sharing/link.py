"""The link of somebody without an account, as whoever made it sees it: this once, since only its hash is kept."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.gate.page import PageRequest
from atlas.sharing.models import GuestRequest


def no_texts(instead: str = "Ring them instead.") -> tuple[str, ...]:
    """What a form says where this Atlas sends no text messages, and what to do."""
    return () if settings.ATLAS_TEXT_HOOK else (f"This Atlas sends no text messages: nobody can get a code. {instead}",)


def or_link(
    request: PageRequest, answered: HttpResponse, made: list[GuestRequest], template: str = "sharing/ask_guest.html", **shown: Any
) -> HttpResponse:  # fmt: skip
    """The form's own answer; where a link was made just now, the page that shows it."""
    if not made or not made[0].token:
        return answered
    link = f"{settings.ATLAS_ADDRESS.rstrip('/')}{reverse('guest_link', args=[made[0].token])}"
    return render(request, template, {"made": made[0], "link": link, **shown})
