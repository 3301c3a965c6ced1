"""The changes of pace of one child that nobody has answered, or that more has happened to since somebody did."""

from datetime import datetime, timedelta

from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.gate.days import day_of
from atlas.plans.models import PatternAnswer
from atlas.plans.rules.pace import BEFORE, FAR, NEW_COMPANY, RECENT, REPORTED, RETURNED, SCHOOL, Pattern, Told, patterns

KINDS = (REPORTED, RETURNED, FAR, *NEW_COMPANY, *SCHOOL)


def changes_of_pace(child: Child, at: datetime) -> list[tuple[Pattern, list[Entry]]]:
    """Each change of pace with the entries that show it. One that was answered is quiet until the day that was named, unless more shows it."""
    since = at - RECENT - BEFORE - timedelta(days=1)
    rows = Entry.objects.filter(
        child=child, kind__in=KINDS, happened_at__gt=since, happened_at__lte=at, recorded_at__lte=at, is_historic=False
    )
    entries = {entry.pk: entry for entry in rows}
    found = patterns([Told(one.pk, one.kind, one.happened_at, one.about_id) for one in entries.values() if one.happened_at], at)
    if not found:
        return []
    today = day_of(at)
    answered = PatternAnswer.objects.filter(child=child, quiet_until__gte=today).order_by("answered_at")
    quiet = {one.pattern: set(one.cited) for one in answered}
    return [(one, [entries[pk] for pk in one.cited]) for one in found if not (one.key in quiet and set(one.cited) <= quiet[one.key])]
