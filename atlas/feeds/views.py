"""Deliveries: receive one, see what it would do, take it, undo it; unknown codes; rows that wait for a person; who is master of what."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from atlas.agencies.queries import authority_served
from atlas.children.models import Child
from atlas.design.words import day
from atlas.feeds import forms
from atlas.feeds.commands import codes, later
from atlas.feeds.commands import delivery as commands
from atlas.feeds.commands.master import set_master as choose_master
from atlas.feeds.models import CodeMapping, Delivery, Master, Row
from atlas.feeds.queries import deliveries, feed_post, masters, preview, unknown_codes, waiting_rows
from atlas.feeds.rules import CHOOSABLE, DEFAULT_MASTERS, Mastered, System
from atlas.feeds.ssd import KNOWN
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission

MOST_BYTES = 50 * 1024 * 1024
LONG = "It is long, so that it goes on by itself, for some minutes. You may leave the page; the delivery’s page says when it is done."
MOST_SECONDS = 12.0  # that reading may hold one of the few threads of the pages (protection.md E1: 20 in all)


def to_delivery(record: object) -> str:
    """The address of a delivery's page."""
    delivery = getattr(record, "delivery", record)
    assert isinstance(delivery, Delivery)
    return reverse("feeds:view_delivery", kwargs={"delivery": delivery.pk})


@page(needs=Permission.VIEW_FEEDS)
def view_feeds(request: PageRequest) -> HttpResponse:
    """All deliveries, latest first, the codes of which nobody has said what they mean, and which system is master of what."""
    authority = authority_served(request.post)
    held = masters(authority) if authority else DEFAULT_MASTERS
    shown = {
        "deliveries": list(deliveries()[:100]),
        "codes": list(unknown_codes()),
        "may_set_copy_channel": Permission.SET_COPY_CHANNEL in ROLE[request.post.role].permissions and authority is not None,
        "masters": [(record, system.label, record in CHOOSABLE and authority is not None) for record, system in held.items()],
    }
    return render(request, "feeds/view_feeds.html", shown)


@page(needs=Permission.SET_MASTER)
def set_master(request: PageRequest, kind: str) -> HttpResponse:
    """Say which system is master of one kind of record."""
    authority = authority_served(request.post)
    if authority is None or kind not in CHOOSABLE:
        raise Http404
    record = Mastered(kind)
    form = forms.MasterForm.of(request, initial={"system": masters(authority)[record]})
    return answer(
        request, form,
        lambda given: choose_master(authority=authority, record=record, **{**given, "system": System(given["system"])}),
        then=lambda done: reverse("feeds:view_feeds"), heading=str(record.label), caption=authority.name, back=reverse("feeds:view_feeds"),
        lead=("It holds from the next delivery on. What was taken before stays as it is.",),
        edits=lambda: Master.objects.filter(authority=authority, record=record).first(),
    )  # fmt: skip


@page(needs=Permission.RECEIVE_DELIVERY)
def receive_delivery(request: PageRequest) -> HttpResponse:
    """Read a file and show what taking it would do."""
    form = forms.ReceiveForm.of(request)
    return answer(
        request,
        form,
        lambda given: _receive(request, **given),
        then=to_delivery,
        heading="Receive a delivery",
        back=reverse("feeds:view_feeds"),
    )


def _receive(
    request: PageRequest, *, file: Any, layout: str, is_historic: str, is_partial: str, as_at: datetime | None, **acting: Any
) -> Delivery:
    if file.size is None or file.size > MOST_BYTES:
        raise Invalid("This file is larger than 50 MB. Ask the sender for it in parts.", "file")
    authority = authority_served(request.post)
    carried_by = feed_post(authority) if authority else None
    if authority is None or carried_by is None:
        raise Invalid("Your agency has no feed of its own yet. An administrator must set one up first.")
    with tempfile.NamedTemporaryFile() as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        given = commands.File(Path(kept.name), Path(file.name or "file").name)
        return commands.receive_delivery(
            file=given,
            layout=layout,
            authority=authority,
            carried_by=carried_by,
            as_at=as_at or acting["at"],
            is_historic=is_historic == "historic",
            is_partial=is_partial == "part",
            within=MOST_SECONDS,
            **acting,
        )


@page(needs=Permission.VIEW_FEEDS)
def view_delivery(request: PageRequest, delivery: UUID) -> HttpResponse:
    """What a delivery holds, what taking it would do or did, and what waits in it."""
    found = get_object_or_404(Delivery.objects.select_related("received_by__user"), pk=delivery)
    counted = preview(found)
    shown = {
        "delivery": found, "held": sum(rows for _, _, rows in counted), "preview": counted, "waiting": list(waiting_rows(found)[:200]),
        "standing": later.standing(found),
    }  # fmt: skip
    return render(request, "feeds/view_delivery.html", shown)


@page(needs=Permission.COMMIT_DELIVERY)
def commit_delivery(request: PageRequest, delivery: UUID) -> HttpResponse:
    """Take a delivery; a long one is taken by the service."""
    words = "Every row that can be taken is taken; each other row keeps its reason and waits."
    return _confirm(request, delivery, commands.commit_delivery, later.commit_later, "Take this delivery?", words)


@page(needs=Permission.UNDO_DELIVERY)
def undo_delivery(request: PageRequest, delivery: UUID) -> HttpResponse:
    """Undo a delivery, while nobody has added to what it brought; a long one is undone by the service."""
    words = "What it brought is withdrawn as one act. Nothing is deleted."
    return _confirm(request, delivery, commands.undo_delivery, later.undo_later, "Undo this delivery?", words)


def _confirm(request: PageRequest, pk: UUID, at_once: Any, by_service: Any, heading: str, words: str) -> HttpResponse:
    found = get_object_or_404(Delivery, pk=pk)
    act, lead = (by_service, (words, LONG)) if later.is_long(found) else (at_once, (words,))
    return answer(
        request,
        forms.ConfirmForm.of(request),
        lambda given: act(delivery=found, **given),
        then=to_delivery,
        heading=heading,
        lead=lead,
        back=to_delivery(found),
    )


@page(needs=Permission.MAP_CODE)
def map_code(request: PageRequest, mapping: UUID) -> HttpResponse:
    """Say what a local code means."""
    found = get_object_or_404(CodeMapping, pk=mapping)
    known = set(commands.meanings(found.source, _layout(found)).items())
    choices = sorted({meaning for (name, _), meaning in known if name == found.list_name} | set(KNOWN.get(found.list_name, {}).values()))
    form = forms.MapCodeForm.of(request, meanings=choices)
    return answer(
        request, form, lambda given: codes.map_code(mapping=found, **given), then=lambda done: reverse("feeds:view_feeds"),
        heading=f"“{found.code}” as {found.list_name}", caption=found.source, back=reverse("feeds:view_feeds"),
        edits=lambda: CodeMapping.objects.get(pk=found.pk),
    )  # fmt: skip


def _layout(mapping: CodeMapping) -> str:
    last = Delivery.objects.filter(source=mapping.source).order_by("-received_at", "pk").first()
    return last.layout if last else commands.SSD


@page(needs=Permission.DECIDE_MATCH)
def decide_match(request: PageRequest, row: UUID) -> HttpResponse:
    """Say who a waiting row is about."""
    found = get_object_or_404(Row.objects.select_related("delivery__carried_by__user", "delivery__carried_by__team"), pk=row)
    with acting_as(found.delivery.carried_by, request.at):
        children = list(Child.objects.filter(pk__in=found.values.get("_candidates", [])))
    form = forms.DecideMatchForm.of(request, children=[(str(child.pk), f"{child.name}, born {day(child.born_on)}") for child in children])

    def decide(child_id: str, **given: Any) -> Row:
        return commands.decide_match(row=found, child_id=None if child_id == "new" else UUID(child_id), **given)

    said = [f"{name}: {value}" for name, value in found.values.items() if not name.startswith("_")]
    return answer(
        request, form, lambda given: decide(**given), then=to_delivery, heading="Is it the same child?", lead=said, back=to_delivery(found)
    )
