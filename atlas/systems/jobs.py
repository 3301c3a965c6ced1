"""The job that tells a connected system that a record changed: judged, when it runs, as each person for whom the system acts then."""

import urllib.request
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from atlas.gate.act import asked_once
from atlas.gate.behalf import Behalf, on_behalf
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.policy import Purpose
from atlas.running.queue import give_back
from atlas.systems.hooks import TOLD_OF, message
from atlas.systems.models import ConnectedSystem, SystemGrant
from atlas.systems.queries import open_grants
from atlas.tasks.outward import Stay

AGAIN = RetryStrategy(max_attempts=12, wait=5, exponential_wait=2)  # for an hour or two: a system that was away asks for what it missed
TIMEOUT_SECONDS = 10


def tell_systems(about: Model | None) -> None:
    """Let the systems that want to hear be told, once this transaction stands. What waits to be told is not told twice."""
    what = TOLD_OF.get(about._meta.label) if about is not None else None
    if about is None or what is None:
        return
    for system in asked_once("systems that are told", _told):
        job = tell_system.configure(queueing_lock=f"hook:{system}:{about.pk}")
        try:
            with transaction.atomic():
                job.defer(system=str(system), label=about._meta.label, record=str(about.pk))
        except AlreadyEnqueued:
            continue


def _told() -> list[object]:
    return list(ConnectedSystem.objects.filter(ended_at__isnull=True).exclude(hook="").values_list("pk", flat=True))


@app.task(name="systems.tell_system", queue="bulk", retry=AGAIN, pass_context=True)
def tell_system(context: JobContext, system: str, label: str, record: str) -> None:
    """Tell a system which record changed, if somebody for whom it acts now may see that record. Otherwise it is told nothing."""
    try:
        at = timezone.now()
        held = ConnectedSystem.objects.filter(pk=system, ended_at__isnull=True).exclude(hook="").first()
        if held is None or not any(_sees(grant, label, record, at) for grant in _grants(held, at)):
            return
        body, headers = message(f"{context.job.id}", label, record, at)
    finally:
        give_back()
    request = urllib.request.Request(held.hook, data=body, headers=headers)  # noqa: S310  (checked when it was registered)
    with urllib.request.build_opener(Stay).open(request, timeout=TIMEOUT_SECONDS) as answer:
        answer.read(1024)


def _grants(system: ConnectedSystem, at: datetime) -> list[SystemGrant]:
    """What the system may do now for people whose account and post stand."""
    posts = {grant.post for grant in system.grants.filter(until_at__gt=at).select_related("post__user", "post__team__agency")}
    stand = [post for post in posts if post.user.is_active and post.stands_on(day_of(at))]
    return [grant for post in stand for grant in open_grants(post, at).filter(system=system)]


def _sees(grant: SystemGrant, label: str, record: str, at: datetime) -> bool:
    """Whether the person whom a grant is of may see the record; nothing is told of a child who has died."""
    model, purpose = apps.get_model(label), Purpose(grant.purpose)
    behalf = Behalf(grant.post_id, purpose, "")
    with on_behalf(behalf, "tell_system"), acting_as(grant.post, at, purpose=purpose) as subject:
        living = model._default_manager.visible_to(subject).filter(
            child__person__died_on__isnull=True, child__pregnancy_ended_on__isnull=True
        )
        return bool(living.filter(pk=UUID(record)).exists())
