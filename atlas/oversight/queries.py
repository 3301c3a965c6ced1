"""Counts behind the measures, and the list behind each number."""

from bisect import bisect_left
from collections import Counter
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from atlas.agencies.models import Authority
from atlas.gate.context import Subject
from atlas.missing.models import BITS, ReturnInterview

GROUPS = {"ours_here": "Ours, living here", "ours_elsewhere": "Ours, living elsewhere", "others_here": "Others', living here"}
OURS = ("ours_here", "ours_elsewhere")
RETURNED = "returned"
COUNTED = (RETURNED, *(name for name in BITS if name != "left_out"))
LATENCIES = {"offer_latency": "offer_minutes", "told_latency": "told_minutes"}


def owed_interviews(subject: Subject, authority: Authority, from_at: datetime, until_at: datetime) -> "QuerySet[ReturnInterview]":
    """The interviews that the subject may see, owed for returns in the period (start included, end not), for one authority
    that owes or hosts the child: one row for each return, those left out of the measures included.
    """
    concerned = Q(responsible_authority=authority) | Q(host_authority=authority)
    return ReturnInterview.objects.visible_to(subject).filter(concerned, returned_at__gte=from_at, returned_at__lt=until_at)


def counts(interviews: "QuerySet[ReturnInterview]", authority: Authority) -> dict[str, dict[str, Any]]:
    """Every count, and every median (timedelta, or None), for each group and for all of ours; in one statement."""
    found: dict[str, dict[str, Any]] = {group: dict.fromkeys(COUNTED, 0) for group in ("ours", *GROUPS)}
    minutes: dict[tuple[str, str], Counter[int]] = {(group, latency): Counter() for group in found for latency in LATENCIES}
    for place, column, value, rows in _tally(interviews, authority):
        for group in _GROUPS_AT[place]:
            if column == "counted":
                _count(found[group], value, rows)
            elif value is not None:
                minutes[group, column][value] += rows
    for (group, latency), counted in minutes.items():
        found[group][latency] = _median(counted)
    return found


# One pass over an index gives the counts and both latencies: what the database computed when each row was written.
_TALLY = """
SELECT place, CASE grouping(bits, offer, told) WHEN 3 THEN 'counted' WHEN 5 THEN 'offer_latency' ELSE 'told_latency' END,
       coalesce(bits, offer, told), count(*)
FROM (SELECT (owes <> %s)::integer * 2 + (hosts <> %s)::integer, bits, offer, told
      FROM ({}) interview (owes, hosts, bits, offer, told)) measured (place, bits, offer, told)
GROUP BY GROUPING SETS ((place, bits), (place, offer), (place, told))
"""
_GROUPS_AT = (("ours", "ours_here"), ("ours", "ours_elsewhere"), ("others_here",), ())


def _tally(interviews: "QuerySet[ReturnInterview]", authority: Authority) -> list[tuple[int, str, int | None, int]]:
    columns = ("responsible_authority", "host_authority", "counted", *LATENCIES.values())
    statement, values = interviews.order_by().values_list(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_TALLY.format(statement), (authority.pk, authority.pk, *values))
        return list(cursor.fetchall())


def _count(found: dict[str, Any], value: int | None, rows: int) -> None:
    bits = value or 0
    if not bits & BITS["left_out"]:
        found[RETURNED] += rows
        for name in COUNTED[1:]:
            found[name] += rows if bits & BITS[name] else 0


def _median(minutes: Counter[int]) -> timedelta | None:
    """The middle of so many values; between the two middle ones where their number is even."""
    if not minutes:
        return None
    values = sorted(minutes)
    passed = list(accumulate(minutes[value] for value in values))
    lower, upper = (values[bisect_left(passed, place)] for place in ((passed[-1] + 1) // 2, passed[-1] // 2 + 1))
    return timedelta(minutes=(lower + upper) / 2)


def interviews_behind(interviews: "QuerySet[ReturnInterview]", authority: Authority, count: str, group: str) -> "QuerySet[ReturnInterview]":
    """The interviews that one count counted."""
    counted = interviews.annotate(bits=F("counted").bitand(BITS["left_out"] | BITS.get(count, 0))).filter(bits=BITS.get(count, 0))
    of_group = {
        "ours": Q(responsible_authority=authority),
        "ours_here": Q(responsible_authority=authority, host_authority=authority),
        "ours_elsewhere": Q(responsible_authority=authority) & ~Q(host_authority=authority),
        "others_here": ~Q(responsible_authority=authority),
    }
    return counted.filter(of_group[group]).select_related("child", "episode").order_by("returned_at")
