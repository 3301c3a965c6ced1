"""Return interviews that are read and coded a second time."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission
from atlas.missing.commands import again
from atlas.missing.forms.again import ReadAgainForm
from atlas.missing.models import ReturnInterview, SecondReading
from atlas.missing.queries.again import MOST, readings_with_interview, side_by_side, waiting_again
from atlas.missing.queries.again import read_again as were_read
from atlas.missing.queries.episodes import interviews_with_child
from atlas.missing.rules.again import RATE


@page(needs=Permission.VIEW_SECOND_READINGS)
def view_second_readings(request: PageRequest) -> HttpResponse:
    """The interviews that wait for a second reader, and those that were read again."""
    shown = {"waiting": list(waiting_again(request.subject)), "read": list(were_read(request.subject)[:MOST]), "one_in": round(1 / RATE)}
    return render(request, "missing/view_second_readings.html", shown)


@page(about=ReturnInterview, needs=Permission.READ_AGAIN, rows=interviews_with_child)
def read_again(request: PageRequest, interview: ReturnInterview) -> HttpResponse:
    """Read what was written down of a talk, and code it. How it was coded first is not shown."""
    form = ReadAgainForm.of(request)

    def act(given: dict[str, Any]) -> SecondReading:
        acting = {name: given[name] for name in ("by", "at", "key", "content")}
        return again.read_again(interview=interview, codes=form.codes(), had_seen=given["had_seen"] == "yes", **acting)

    return answer(
        request, form, act, then=_to, heading="Read again", caption=interview.episode.reference, back=reverse("missing:view_second_readings"),
        template="missing/read_again.html", interview=interview, places_named=[one.words for one in interview.locations.filter(is_withdrawn=False)],
        people_named=[one.words for one in interview.associates.filter(is_withdrawn=False)],
    )  # fmt: skip


def _to(done: object) -> str:
    assert isinstance(done, SecondReading)
    return reverse("missing:view_second_reading", args=[done.pk])


@page(about=SecondReading, needs=Permission.VIEW_SECOND_READING, rows=readings_with_interview)
def view_second_reading(request: PageRequest, reading: SecondReading) -> HttpResponse:
    """The two codings of one talk, side by side."""
    return render(request, "missing/view_second_reading.html", {"reading": reading, "rows": side_by_side(reading)})
