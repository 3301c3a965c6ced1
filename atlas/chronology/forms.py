"""Boxes in which a moment is typed, as Atlas's own kinds of moment."""

from typing import Any

from atlas.chronology.moments import LONDON, Moment, typed
from atlas.design.forms import MomentField, Typed


def moment(**options: Any) -> MomentField:
    """A box for a moment of Atlas's own kind."""

    def build(given: Typed) -> Moment:
        return typed(given.local, given.precision)

    return MomentField(build=build, unbuild=_boxes, **options)


def _boxes(value: Moment | Typed | None) -> Typed | None:
    """A moment as it was typed: London wall time, and how exact it is."""
    if not isinstance(value, Moment):
        return value
    return Typed(value.at.astimezone(LONDON).replace(tzinfo=None) if value.at else None, value.precision)


def exact(label: str, *, otherwise: str = "Enter the day and the time: this must be known.", **options: Any) -> MomentField:
    """A box for an instant that must be known to the minute, such as a meeting that is arranged. `otherwise`: what is said where it is not."""

    def build(given: Typed) -> object:
        if given.local is None:
            raise ValueError(otherwise)
        return typed(given.local, "minute").at

    field = MomentField(build=build, label=label, **options)
    field.missing = otherwise
    return field
