"""What the measures of return interviews count, each one bit of a number that the database computes for each interview."""

from functools import reduce
from operator import add
from typing import cast

from django.db.models import Case, F, Func, IntegerField, Q, Value, When
from django.db.models.expressions import Expression

from atlas.missing.rules.interview import Independence
from atlas.missing.workflow import OPEN_INTERVIEW, InterviewState

NOT_TO_THE_HOUR = ["date", "unknown"]
PASSES = [Independence.PASSES.value, Independence.PASSES_SAME_AUTHORITY.value]

_NOT_HELD = Q(held_at__isnull=True, not_offered_because="")

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
    "not_offered": Q(held_at__isnull=True) & ~Q(not_offered_because=""),
    "shared_in_time": Q(shared_timeliness="in_time"),
    "said_no": _NOT_HELD & (Q(state=InterviewState.SAID_NO.value) | Q(closed_because="said_no")),
    "left_out": Q(closed_because__in=["history", "error"]),
    "not_reached": _NOT_HELD & (Q(state=InterviewState.NOT_REACHED.value) | Q(closed_because="not_reached")),
    "still_owed": Q(state__in=[str(state) for state in OPEN_INTERVIEW]),
    "ended_otherwise": _NOT_HELD & Q(state=InterviewState.CLOSED.value) & ~Q(closed_because__in=["said_no", "not_reached"]),
    "conversations": Q(held_at__isnull=False, held_with__isnull=True),
    "by_the_day": Q(returned_precision__in=NOT_TO_THE_HOUR),
    "elsewhere": ~Q(responsible_authority=F("host_authority")),
    "outcome_changed": Q(held_at__isnull=False) & ~Q(timeliness=F("timeliness_at_first")),
}
BITS = {name: 1 << place for place, name in enumerate(COUNTS)}
# What an index of either authority's interviews holds beside the key, so that the measures read nothing but the index.
MEASURED = {
    "responsible": ("host_authority", "child", "counted", "offer_minutes", "told_minutes", "team", "return_team"),
    "host": ("responsible_authority", "child", "counted", "offer_minutes", "told_minutes", "team", "return_team"),
}


def counted() -> Expression:
    """The number whose bits say which counts the interview is part of."""
    each = (Case(When(COUNTS[name], then=Value(bit)), default=Value(0)) for name, bit in BITS.items())
    return cast(Expression, reduce(add, each))


def minutes_from_return(end: str) -> Case:
    """Whole minutes from a return to another column; null where that is, for what the measures leave out, and where only the
    day of the return is known: a date is never read as midnight.
    """
    minutes = Func(
        F(end), F("returned_at"), function="", template="(EXTRACT(EPOCH FROM %(expressions)s) / 60)::integer", arg_joiner=" - ",
        output_field=IntegerField(),
    )  # fmt: skip
    return Case(When(COUNTS["left_out"] | COUNTS["by_the_day"], then=Value(None)), default=minutes, output_field=IntegerField())
