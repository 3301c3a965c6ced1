"""What the measures of return interviews count, each one bit of a number that the database computes for each interview."""

from functools import reduce
from operator import add
from typing import cast

from django.db.models import Case, F, Func, IntegerField, Q, Value, When
from django.db.models.expressions import Expression

from atlas.missing.rules import Independence
from atlas.missing.workflow import InterviewState

PASSES = [Independence.PASSES.value, Independence.PASSES_SAME_AUTHORITY.value]

# What each count counts, as a condition on the interview that is owed for one return. The place in the list is the bit:
# a new one goes to the end.
COUNTS: dict[str, Q] = {
    "offered": Q(first_offered_at__isnull=False),
    "accepted": Q(first_offered_at__isnull=False, accepted_at__isnull=False),
    "held": Q(held_at__isnull=False),
    "in_time": Q(timeliness="in_time"),
    "late": Q(timeliness="late"),
    "day_only": Q(timeliness="not_known"),
    "in_time_at_first": Q(timeliness_at_first="in_time"),
    "estimated": Q(returned_precision__in=["about", "date", "unknown"]),
    "independent": Q(held_at__isnull=False, independence__in=PASSES),
    "not_offered": Q(state=InterviewState.NOT_OFFERED.value),
    "shared_in_time": Q(shared_timeliness="in_time"),
    "said_no": Q(state=InterviewState.SAID_NO.value),
    "left_out": Q(closed_because__in=["history", "error"]),
}
BITS = {name: 1 << place for place, name in enumerate(COUNTS)}
# What an index of either authority's interviews holds beside the key, so that the measures read nothing but the index.
MEASURED = {
    "responsible": ("host_authority", "child", "counted", "offer_minutes", "told_minutes"),
    "host": ("responsible_authority", "child", "counted", "offer_minutes", "told_minutes"),
}


def counted() -> Expression:
    """The number whose bits say which counts the interview is part of."""
    each = (Case(When(COUNTS[name], then=Value(bit)), default=Value(0)) for name, bit in BITS.items())
    return cast(Expression, reduce(add, each))


def minutes_between(start: str, end: str) -> Case:
    """Whole minutes between two columns of this table; null where one is, and for what the measures leave out."""
    minutes = Func(
        F(end), F(start), function="", template="(EXTRACT(EPOCH FROM %(expressions)s) / 60)::integer", arg_joiner=" - ",
        output_field=IntegerField(),
    )  # fmt: skip
    return Case(When(COUNTS["left_out"], then=Value(None)), default=minutes, output_field=IntegerField())
