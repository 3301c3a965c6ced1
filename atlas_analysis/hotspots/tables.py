"""Reading tables of events and places: what is wrong is said in words, and nothing is guessed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

EARTH = 6_371_008.8  # metres: the mean radius (IUGG)
GRID = (700_000, 1_300_000)  # metres: the British National Grid ends here
PAIRS = (("easting", "northing"), ("latitude", "longitude"), ("x", "y"))


@dataclass(frozen=True)
class Places:
    """Where something can happen: names, and points in metres; on the globe in three dimensions, so that the straight line orders as the great circle."""

    names: tuple[str, ...]
    points: NDArray[np.float64]  # (places, 2 or 3)
    kinds: tuple[str | None, ...]
    population: NDArray[np.float64] | None
    globe: bool


@dataclass(frozen=True)
class Events:
    """What happened: the place (its number in Places) and the day (since the first day) of each event."""

    places: NDArray[np.int64]
    days: NDArray[np.int64]
    caveats: tuple[str, ...]


def column(table: pa.Table, name: str, what: str) -> list[Any]:
    """A column without gaps. Raises ValueError where it is missing or has gaps."""
    if name not in table.column_names:
        raise ValueError(f"The table of {what} has no column “{name}”. It has: {', '.join(table.column_names) or 'none'}.")
    values = table.column(name).to_pylist()
    empty = sum(value is None or value != value for value in values)
    if empty:
        raise ValueError(
            f"In the table of {what}, “{name}” is empty in {empty} of {len(values)} rows. Leave those rows out, or fill them, and say so."
        )
    return values


def numbers(table: pa.Table, name: str, what: str) -> NDArray[np.float64]:
    """A column of finite numbers."""
    values = column(table, name, what)
    try:
        found = np.array([float(value) for value in values])
    except (TypeError, ValueError):
        raise ValueError(f"In the table of {what}, “{name}” holds something that is no number.") from None
    if not np.isfinite(found).all():
        raise ValueError(f"In the table of {what}, “{name}” holds a number without end.")
    return found


def days(table: pa.Table, name: str, what: str) -> list[date]:
    """A column of days; of a moment, its day."""
    values = column(table, name, what)
    if not all(isinstance(value, date) for value in values):
        raise ValueError(f"In the table of {what}, “{name}” must be a date. Convert text to dates first: 03/04 may be either of two days.")
    return [value.date() if isinstance(value, datetime) else value for value in values]


def read_points(table: pa.Table, within: Sequence[float] | None = None) -> tuple[NDArray[np.float64], bool]:
    """Points in metres from `easting` and `northing` (British National Grid), `x` and `y` (any grid in metres) or `latitude` and `longitude` (degrees);
    and whether they lie on the globe. `within`, in the same terms: the least and greatest of the first column, then of the second.
    """
    pair = next((pair for pair in PAIRS if set(pair) <= set(table.column_names)), None)
    if pair is None:
        raise ValueError("The table of places needs “easting” and “northing”, “latitude” and “longitude”, or “x” and “y” in metres.")
    first, second = numbers(table, pair[0], "places"), numbers(table, pair[1], "places")
    if pair[0] == "latitude":
        refuse_wrong_degrees(first, second)
    elif len(first) > 1 and (np.abs(first) <= 180).all() and (np.abs(second) <= 180).all():
        raise ValueError(f"“{pair[0]}” and “{pair[1]}” look like degrees, not metres. Name degrees “latitude” and “longitude”.")
    if pair[0] == "easting":
        refuse_wrong_grid(first, second)
    if within is not None:
        refuse_outside(first, second, within, pair)
    if pair[0] != "latitude":
        return np.column_stack([first, second]), False
    north, east = np.radians(first), np.radians(second)
    return EARTH * np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]), True


def refuse_wrong_degrees(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> None:
    """Refuse degrees that cannot be, and those that only Britain swapped would explain."""
    if (np.abs(latitude) > 90).any() or (np.abs(longitude) > 180).any():
        raise ValueError(
            "A latitude lies between -90 and 90 and a longitude between -180 and 180. Are metres in these columns, or are they swapped?"
        )
    if len(latitude) and ((longitude > 49) & (longitude < 61.5) & (latitude > -9) & (latitude < 3)).all():
        raise ValueError("Latitude and longitude look swapped: exchanged, every point lies in Britain.")


def refuse_wrong_grid(easting: NDArray[np.float64], northing: NDArray[np.float64]) -> None:
    """Refuse what lies off the British National Grid."""
    off = (easting < 0) | (easting > GRID[0]) | (northing < 0) | (northing > GRID[1])
    if off.any():
        swapped = ((northing >= 0) & (northing <= GRID[0]) & (easting >= 0) & (easting <= GRID[1])).all()
        hint = "Easting and northing look swapped." if swapped else "Name coordinates of another grid “x” and “y”."
        raise ValueError(f"{off.sum()} of {len(off)} places lie off the British National Grid. {hint}")


def refuse_outside(first: NDArray[np.float64], second: NDArray[np.float64], within: Sequence[float], pair: tuple[str, str]) -> None:
    """Refuse places outside the area that the caller named."""
    low, high, low2, high2 = within
    outside = (first < low) | (first > high) | (second < low2) | (second > high2)
    if outside.any():
        swapped = ((second >= low) & (second <= high) & (first >= low2) & (first <= high2)).all()
        hint = f"Exchange “{pair[0]}” and “{pair[1]}”: then all lie within." if swapped else "Leave them out, or widen the area."
        raise ValueError(f"{outside.sum()} of {len(outside)} places lie outside the area given. {hint}")


def read_places(table: pa.Table, within: Sequence[float] | None = None) -> Places:
    """Places from columns `place` (text, once each), coordinates (`read_points`), and, if there, `kind` (text) and `population` (number)."""
    names = [str(name) for name in column(table, "place", "places")]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if not names:
        raise ValueError("The table of places is empty.")
    if twice:
        raise ValueError(f"{len(twice)} places stand in the table more than once, “{twice[0]}” among them. Give each one row.")
    points, globe = read_points(table, within)
    kinds = table.column("kind").to_pylist() if "kind" in table.column_names else [None] * len(names)
    population = numbers(table, "population", "places") if "population" in table.column_names else None
    if population is not None and (population < 0).any():
        raise ValueError("A population below nought stands in the table of places.")
    return Places(tuple(names), points, tuple(kinds), population, globe)


def once_each(table: pa.Table) -> tuple[pa.Table, list[str]]:
    """Events delivered more than once, by their column `event`, counted once; the same number with another place or day is refused."""
    if "event" not in table.column_names:
        return table, []
    seen: dict[Any, tuple[Any, ...]] = {}
    rest = [name for name in ("place", "day") if name in table.column_names]
    keep = []
    for index, (number, *what) in enumerate(
        zip(column(table, "event", "events"), *(table.column(name).to_pylist() for name in rest), strict=True)
    ):
        if number not in seen:
            seen[number] = tuple(what)
            keep.append(index)
        elif seen[number] != tuple(what):
            raise ValueError(f"Event {number} stands in the table twice, with another place or day. Which is right?")
    more = table.num_rows - len(keep)
    return table.take(pa.array(keep, pa.int64())), [f"{more} events were delivered more than once and counted once."] if more else []


def read_events(table: pa.Table, places: Places, first_day: date, last_day: date) -> Events:
    """Events from columns `place` and `day`, and, if there, `events` (how many alike; 1 where absent) and `event` (its own number, to find duplicates)."""
    if table.num_rows == 0:
        raise ValueError("The table of events is empty: there is nothing to look for.")
    table, caveats = once_each(table)
    number_of = {name: number for number, name in enumerate(places.names)}
    named = [str(name) for name in column(table, "place", "events")]
    unknown = sorted({name for name in named if name not in number_of})
    if unknown:
        raise ValueError(f"{len(unknown)} places of events do not stand in the table of places, “{unknown[0]}” among them.")
    when = np.array([(day - first_day).days for day in days(table, "day", "events")])
    after, before = int((when > (last_day - first_day).days).sum()), int((when < 0).sum())
    if after or before:
        raise ValueError(
            f"{after} events lie after the last day, {last_day:%-d %B %Y}, and {before} before the first. Correct them, or leave them out."
        )
    times = numbers(table, "events", "events") if "events" in table.column_names else np.ones(table.num_rows)
    if (times < 0).any() or (times != np.floor(times)).any():
        raise ValueError("The column “events” says how many events a row stands for: a whole number, never below nought.")
    where = np.array([number_of[name] for name in named])
    return Events(np.repeat(where, times.astype(int)), np.repeat(when, times.astype(int)), tuple(caveats))
