"""Which time limits there are, and which clocks are running or were missed."""

from importlib import import_module

from django.conf import settings
from django.db.models import QuerySet

from atlas.children.models import Child
from atlas.clocks.models import Clock
from atlas.clocks.rules import TimeLimit
from atlas.gate.context import Subject


def time_limits() -> list[TimeLimit]:
    """Every time limit of Atlas, by key: the TimeLimit constants of the `rules.py` that the settings name."""
    found = [value for module in settings.TIME_LIMITS for value in vars(import_module(module)).values() if isinstance(value, TimeLimit)]
    return sorted(found, key=lambda limit: (limit.key, limit.valid_from))


def clocks_of(subject: Subject, child: Child) -> "QuerySet[Clock]":
    """The child's clocks, running ones first, the most urgent on top."""
    clocks = Clock.objects.of_child(subject, child.pk).filter(is_historic=False)
    return clocks.order_by("stopped_at", "due_at")
