"""Which records nothing keeps any more, how many, and whether they are more than a run may take: what a person selects, and tick once a day."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max

from atlas.agencies.models import Authority
from atlas.gate.days import day_of
from atlas.retention.models import DueRecord, RetentionForecast, RetentionRun
from atlas.retention.queries import Reckoned, reckoned
from atlas.retention.rules import AGAIN_AFTER, FORECAST_MONTHS, Counted, first_of, months_from, why_too_many

if TYPE_CHECKING:
    from atlas.agencies.models import Post

State = DueRecord.State


def due_now(authority: Authority, today: date) -> tuple[list[Reckoned], dict[str, int]]:
    """The records that nothing keeps any more, the longest due first; and how many there are of each kind. What is set aside already, or was restored within
    a year, is not among them.
    """
    everybody = reckoned(authority, today)
    aside = set(DueRecord.objects.filter(authority=authority, state=State.SET_ASIDE).values_list("whose", flat=True))
    back = DueRecord.objects.filter(authority=authority, state=State.RESTORED, ended_at__date__gt=today - AGAIN_AFTER)
    spared = set(back.values_list("whose", flat=True))
    held = {one.one for one in everybody if one.held_by}  # one record held: every record of the child is
    found, counts = [], Counter[str]()
    for one in everybody:
        kind = _kind(one, today, is_held=one.one in held, is_aside=one.child in aside, is_back=one.child in spared)
        counts[kind] += 1
        if kind == "selected":
            found.append(one)
    found.sort(key=lambda one: (one.due.on or today, one.child))
    return found, {"records": len(everybody), **counts}


def _kind(one: Reckoned, today: date, *, is_held: bool, is_aside: bool, is_back: bool) -> str:
    if is_aside:
        return "set_aside"
    if one.due.on is None:
        return "open" if one.facts.is_open else "not_reckoned"
    if one.due.on > today:
        return "kept"
    return "held" if is_held else "restored" if is_back else "selected"


def select(authority: Authority, by: "Post", at: datetime, at_most: int | None = None) -> RetentionRun | None:
    """Count what is due, and keep it as a run; None where nothing is due. Stopped where it is more than a run may take. Nothing is set aside by it."""
    today = day_of(at)
    found, counts = due_now(authority, today)
    if not found:
        return None
    chosen = _whole(found, at_most)
    counted = counted_against(authority, today, counts["records"], len(chosen))
    why = why_too_many(counted)
    by_class = Counter(one.due.by.value for one in chosen if one.due.by)
    run = RetentionRun(
        authority=authority, selected_by=by, selected_at=at, state=RetentionRun.State.STOPPED if why else RetentionRun.State.READY, stopped_because=why,
        report={"counts": counts, "by_class": by_class, "chosen": len(chosen), "lately": counted.lately, "this_month": counted.this_month, "forecast": counted.forecast},
    )  # fmt: skip
    run.save(force_insert=True)
    rows = [
        DueRecord(run=run, authority=authority, whose=one.child, one=one.one, group=one.due.by, due_on=one.due.on)
        for one in chosen
        if one.due.by and one.due.on
    ]
    for row in rows:
        row.save(force_insert=True)
    return run


def _whole(found: list[Reckoned], at_most: int | None) -> list[Reckoned]:
    """The first of them, and with each every other record of the same child."""
    if at_most is None:
        return found
    children = {one.one for one in found[:at_most]}
    return [one for one in found if one.one in children]


def counted_against(authority: Authority, today: date, records: int, chosen: int) -> Counted:
    """What a run is held against: all records, what was set aside lately and this month, and what was forecast for this month before it began."""
    month = first_of(today)
    aside = DueRecord.objects.filter(authority=authority, run__agreed_at__isnull=False).exclude(state__in=[State.DUE, State.RESTORED])
    forecast = RetentionForecast.objects.filter(authority=authority, month=month, counted_on__lt=month).order_by("-counted_on").first()
    return Counted(
        records=records, chosen=chosen, lately=aside.filter(run__agreed_at__date__gt=today - timedelta(days=30)).count(),
        this_month=aside.filter(run__agreed_at__date__gte=month).count(), forecast=forecast.records if forecast else None,
    )  # fmt: skip


def forecast(authority: Authority, today: date) -> int:
    """Count what falls due in each of the months to come, and keep it. What is due already counts for the next month. Returns how many months."""
    held_and_due = [one for one in reckoned(authority, today) if one.due.on is not None and not one.held_by]
    rows = [
        RetentionForecast(authority=authority, month=month, counted_on=today, records=count)
        for month, count in _by_month((one.due.on for one in held_and_due if one.due.on), today).items()
    ]
    for row in rows:
        row.save(force_insert=True)
    return len(rows)


def _by_month(days: Iterable[date], today: date) -> dict[date, int]:
    months = months_from(first_of(today), FORECAST_MONTHS)
    counts = Counter(max(first_of(day), months[1]) if day <= today else first_of(day) for day in days)
    return {month: counts[month] for month in months}


def forecast_on(authority: Authority) -> date | None:
    """The day of the latest forecast."""
    latest: date | None = RetentionForecast.objects.filter(authority=authority).aggregate(latest=Max("counted_on"))["latest"]
    return latest
