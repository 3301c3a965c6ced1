"""The page for a parent, a child or anybody else without an account: no post acts, no record is read, and nothing is said back of any child.

What is sent is taken by one function of the database (gate/contacts.sql), which takes no more than ten an hour from one network.
"""

import json
from datetime import datetime
from uuid import UUID

from django.db import connections
from django.http import HttpResponse
from django.shortcuts import redirect, render

from atlas.agencies.models import Authority
from atlas.contacts.commands.raising import due_of
from atlas.contacts.forms.contact import PublicContactForm
from atlas.contacts.rules.words import HOURS
from atlas.gate.context import as_guest
from atlas.gate.page import PageRequest
from atlas.sharing.guest import NO_LINK, from_here
from atlas.sharing.guest_pages import for_guests

RECEIPT = "contact_receipt"


@for_guests
def worried(request: PageRequest) -> HttpResponse:
    """Say that one is worried about a child, or about oneself."""
    authorities = list(Authority.objects.filter(is_partner=True).order_by("name"))
    form = PublicContactForm.of(request, authorities=authorities)
    shown = {"form": form, "authorities": authorities, "hours": HOURS}
    if form.is_valid():
        authority = next(one for one in authorities if str(one.pk) == form.cleaned_data["authority"])
        reference = _taken(authority, form, request.at)
        if reference is not None:
            request.session[RECEIPT] = [reference, str(authority.pk)]
            return redirect("worried_receipt")
        form.add_error(
            None, f"This could not be taken from here now. Ring {authority.front_door_number}; after hours {authority.staffed_number}."
        )
    return render(request, "contacts/worried.html", shown, status=422 if form.errors else 200)


def _taken(authority: Authority, form: PublicContactForm, at: datetime) -> str | None:
    due, tells = due_of(authority, at, form.cleaned_data["is_safe"])
    given = (authority.pk, form.cleaned_data["key"], json.dumps(form.said()), due, tells)
    with as_guest(NO_LINK, at, from_here()), connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_public_contact(%s, %s, %s, %s, %s)", given)
        taken = cursor.fetchone()[0]
    return str(taken) if taken else None


@for_guests
def worried_receipt(request: PageRequest) -> HttpResponse:
    """That it was sent, and its reference. Nothing of what was typed, and nothing about a child, now or later."""
    receipt = request.session.get(RECEIPT)
    if receipt is None:
        return redirect("worried")
    authority = Authority.objects.filter(pk=UUID(receipt[1])).first()
    return render(request, "contacts/worried_receipt.html", {"reference": receipt[0], "authority": authority, "hours": HOURS})
