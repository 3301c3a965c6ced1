"""The job that makes an export, on behalf of whoever asked for it; and the one that sends a guest their code.

A code is made by its job, so that no queue and no table ever holds it in clear.
"""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from atlas.agencies.models import Post
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_as
from atlas.running.behalf import Errand, carry
from atlas.running.rules import FIRST
from atlas.sharing.commands.export import Made, compile_export, deliver_export, stop_export
from atlas.sharing.guest import keep_code, new_code
from atlas.sharing.models import Export
from atlas.sharing.words_for_children import CODE_TEXT
from atlas.tasks.jobs import send_text

AGAIN = RetryStrategy(max_attempts=5, linear_wait=30)
WORDS = CODE_TEXT  # the same to everybody: it says nothing of what the code opens
SOON = RetryStrategy(max_attempts=5, wait=5, linear_wait=20)  # a code is of no use after ten minutes


@app.task(name="sharing.run_export", queue="bulk", retry=AGAIN)
def run_export(export: str, **behalf: str) -> None:
    """Make an export and hand it over; where its asker has lost the right in between, say so and leave nothing behind."""
    carry(Behalf.of_arguments(**behalf), errand_of(UUID(export)), timezone.now)


def errand_of(export: UUID) -> Errand[Made]:
    """What is done for an export, verb by verb."""
    return Errand("sharing.run_export", partial(_make, export), partial(_deliver, export), partial(_stopped, export))


def _make(export: UUID, by: Post, at: datetime) -> Made:
    return compile_export(export=_found(export, by, at), by=by, at=at)


def _deliver(export: UUID, made: Made, by: Post, at: datetime, key: str) -> Export:
    keyed: dict[str, Any] = {"key": key}
    return deliver_export(export=_found(export, by, at), made=made, by=by, at=at, **keyed)


def _stopped(export: UUID, by: Post, at: datetime, problem: Any) -> None:
    with acting_as(by, at):
        stop_export(export, problem)


def _found(export: UUID, by: Post, at: datetime) -> Export:
    """The export as its asker sees it; the command reads it again, and judges."""
    with acting_as(by, at):
        return Export.objects.get(pk=export)


@app.task(name="sharing.send_guest_code", queue="urgent", retry=SOON, priority=FIRST, pass_context=True)
def send_guest_code(context: JobContext, link: str, asked_at: str, door: dict[str, str]) -> None:
    """Send a new code to the number that was checked, where the link holds; otherwise nothing. If it cannot be handed on, none is kept."""
    code = new_code()
    with transaction.atomic():
        goes_to = keep_code(link, code, datetime.fromisoformat(asked_at), door)
        if goes_to:
            send_text(context, to=goes_to, words=WORDS.format(code=code))
