"""What tick does about how long records are kept: counts what falls due, selects it for two people to agree on, and erases what was set aside thirty days ago."""

import logging
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError, connections

from atlas.agencies.models import Authority
from atlas.gate.act import lock
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.retention.models import DueRecord, RetentionRun
from atlas.retention.queries import reckoned
from atlas.retention.rules import AGREED_WITHIN
from atlas.retention.selecting import forecast, forecast_on, select
from atlas.retention.telling import tell_of_run

if TYPE_CHECKING:
    from atlas.agencies.models import Post

logger = logging.getLogger(__name__)


def select_daily(*, by: "Post", at: datetime) -> int:
    """Once a day and authority: forecast the months to come, empty what is nobody's, and select what is due, unless a run waits already; tell who must agree.

    Returns how many runs it made.
    """
    made = 0
    with acting_as(by, at):
        authorities = list(Authority.objects.filter(is_partner=True))
    for authority in authorities:
        with acting_as(by, at):
            lock(None, f"retention {authority.pk}")  # two ticks at once: one after the other
            if forecast_on(authority) == day_of(at):
                continue
            forecast(authority, day_of(at))
            _empty_unmatched(authority)
            waiting = RetentionRun.objects.filter(authority=authority, state="ready", selected_at__gt=at - AGREED_WITHIN)
            if not waiting.exists() and (run := select(authority, by, at)):
                tell_of_run(run, at)
                made += 1
    return made


def erase_due(*, by: "Post", at: datetime) -> int:
    """Erase what was set aside and whose last day has come, each in a transaction of its own; the database's function does it, and looks once more whether a hold
    keeps it. Returns how many were erased.
    """
    with acting_as(by, at):
        rows = DueRecord.objects.filter(state=DueRecord.State.SET_ASIDE, erase_on__lte=day_of(at)).select_related("authority")
        due = list(rows.order_by("erase_on", "pk"))
    erased = 0
    for record in due:
        try:
            erased += _erase(record, by, at)
        except (
            DatabaseError
        ) as problem:  # one that cannot be erased stays whole, stands as late on the page, and keeps nothing else waiting
            logger.error("record %s of a retention run could not be erased: %s", record.number, type(problem).__name__)
    return erased


def _erase(record: DueRecord, by: "Post", at: datetime) -> bool:
    with acting_as(by, at), connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_erase(%s, %s)", [record.pk, _keeps(record, day_of(at))])
        return bool(cursor.fetchone()[0] == "erased")


def _empty_unmatched(authority: Authority) -> None:
    """Empty what partners sent a year ago about somebody whom nobody found, and take away what was asked of the front door and answered six years ago.

    The database's function does it. A hold on more than one child keeps all of it, one on a child the rows that may be about that child.
    Source: UK GDPR Article 5(1)(e); the periods are the product's own, no law's.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_empty_unmatched(%s)", [authority.pk])


def _keeps(record: DueRecord, today: date) -> str:
    """Why a record that was set aside is kept after all, by the classes in force today; empty where nothing keeps it."""
    found = next(iter(reckoned(record.authority, today, record.whose)), None)
    if found is None or found.due.on is None:
        return "No day can be said any more from which nothing keeps it."
    return "Its class keeps it longer by now." if found.due.on > today else ""
