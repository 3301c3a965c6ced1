"""Children who are missing together: what the job reads and reckons, by keys of one search; and what a reader is shown of what was told."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import combinations
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.network.models import Link, Together, TogetherSearch

if TYPE_CHECKING:
    from atlas.agencies.models import Authority
    from atlas_analysis.networks.crowds import Crowd
    from atlas_analysis.networks.together import Together as Pair

METHOD, SEED, SHUFFLES, PERIOD = "1", 20_261_129, 99, timedelta(days=365)
Row = tuple[str, str, str, datetime | None, datetime | None]


def times_of(search: UUID) -> list[Row]:
    """From when to when who was missing, and who is linked, by keys of this search; nothing for anybody else, and nothing before the papers are recorded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, one, other, since, until FROM gate_missing_times(%s) ORDER BY 1, 2, 4, 3", [search])
        return list(cursor.fetchall())


def fingerprint_of(rows: Sequence[Row]) -> str:
    """The same for the same times and links, whatever the keys of the search."""
    times: dict[str, list[str]] = {key: [] for _, one, other, *_ in rows for key in (one, other)}
    for _, one, _, since, until in rows:
        times[one].append(f"{since} {until}")
    names = {key: str(at) for at, key in enumerate(sorted(times, key=lambda key: sorted(times[key])))}
    told = sorted(f"{kind} {names[one]} {names[other]} {since} {until}" for kind, one, other, since, until in rows)
    return sha256("\n".join(told).encode()).hexdigest()


def told_of(rows: Sequence[Row], from_on: date, until_on: date, tell: Callable[[int], None]) -> list[dict[str, object]]:
    """The pairs beyond chance, the groups, and the pairs that make a group, as they are kept. Raises ValueError as the engine does."""
    import pyarrow as pa

    from atlas_analysis.networks.crowds import crowds
    from atlas_analysis.networks.together import missing_together

    episodes = [(one, since, until) for kind, one, _, since, until in rows if kind == "episode" and since is not None and until is not None]
    if not episodes:
        raise ValueError("Nobody was missing in this period, or an impact assessment of links was not read again in time.")
    first = min(since for _, since, _ in episodes)
    minutes = [(one, _minutes(first, since), _minutes(first, until)) for one, since, until in episodes]
    last = (until_on - from_on).days * 24 * 60
    table = pa.table({name: [row[at] for row in minutes] for at, name in enumerate(("child", "from_minute", "until_minute"))})
    tied = [(one, other) for kind, one, other, *_ in rows if kind == "link"]
    pairs = missing_together(table, 0, last).pairs
    groups = crowds(table, 0, last, SEED, tied=tied, shuffles=SHUFFLES, tell=tell)
    every = {(pair.one, pair.other): pair for pair in (*pairs, *(pair for group in groups for pair in group.pairs))}
    spells = _by_child(episodes)
    return [*(_pair(pair, spells) for pair in every.values()), *(_group(group, spells) for group in groups)]


def _minutes(first: datetime, at: datetime) -> int:
    return int((at - first) / timedelta(minutes=1))


def _by_child(episodes: Sequence[tuple[str, datetime, datetime]]) -> dict[str, list[tuple[datetime, datetime]]]:
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for child, since, until in episodes:
        found.setdefault(child, []).append((since, until))
    return found


def _last(one: str, other: str, spells: dict[str, list[tuple[datetime, datetime]]]) -> date:
    """The last day of London on which both were missing."""
    common = [max(since, begun) for since, until in spells[one] for begun, over in spells[other] if since <= over and begun <= until]
    return day_of(max(common))


def _pair(pair: "Pair", spells: dict[str, list[tuple[datetime, datetime]]]) -> dict[str, object]:
    last_on = _last(pair.one, pair.other, spells).isoformat()
    return {"children": [pair.one, pair.other], "occasions": pair.occasions, "expected": pair.expected, "last_on": last_on}


def _group(group: "Crowd", spells: dict[str, list[tuple[datetime, datetime]]]) -> dict[str, object]:
    last_on = max(_last(pair.one, pair.other, spells) for pair in group.pairs).isoformat()
    return {"children": list(group.members), "occasions": len(group.pairs), "expected": None, "last_on": last_on}


def keep_told(search: UUID, told: Sequence[dict[str, object]]) -> int:
    """Keep what was told, by the gate: who asked for it need not see the children. How many rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_keep_together(%s, %s)", [search, json.dumps(told)])
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class Told:
    """What was told of two children or of a group, with all of them, by name; its letter in the picture and the table."""

    mark: str
    row: Together
    children: tuple[Child, ...]

    @property
    def pairs(self) -> int:
        """How many pairs the group has."""
        return len(self.children) * (len(self.children) - 1) // 2


def told_together(subject: Subject, child: Child, today: date) -> list[Told]:
    """What was told of a child and others, groups first, and of the pairs in its groups: as far as every child of it is open to whoever asks."""
    rows = Together.objects.visible_to(subject).filter(is_current=True, expires_on__gte=today)
    of_child = list(rows.filter(children__contains=[child.pk]))
    if not of_child:
        return []
    members = {pk for row in of_child for pk in row.children}
    every = {row.pk: row for row in (*of_child, *rows.filter(children__contained_by=list(members)))}
    names = {one.pk: one for one in Child.objects.visible_to(subject).filter(pk__in=members)}
    shown = [row for row in every.values() if all(pk in names for pk in row.children)]
    shown.sort(key=lambda row: (not row.is_group, child.pk not in row.children, -row.last_on.toordinal(), str(row.pk)))
    found = [(row, sorted((names[pk] for pk in row.children), key=lambda one: (one.pk != child.pk, one.name))) for row in shown]
    return [Told(_letters(at), row, tuple(children)) for at, (row, children) in enumerate(found)]


def _letters(at: int) -> str:
    """A to Z, then AA."""
    return chr(65 + at) if at < 26 else _letters(at // 26 - 1) + chr(65 + at % 26)


def is_linked(together: Together) -> bool:
    """Whether a link stands between two of the children of a row, as far as open to whoever asks."""
    return Link.objects.filter(child__in=together.children, other_child__in=together.children, is_error=False, ended_at=None).exists()


def pairs_to_link(together: Together, children: Sequence[Child]) -> list[tuple[Child, Child]]:
    """The pairs of what was told between whom no link stands that is open to whoever asks."""
    held = Link.objects.filter(child__in=together.children, other_child__in=together.children, is_error=False, ended_at=None)
    linked = {frozenset(pair) for pair in held.values_list("child", "other_child")}
    return [pair for pair in combinations(children, 2) if frozenset((pair[0].pk, pair[1].pk)) not in linked]


def searches(authority: "Authority") -> "QuerySet[TogetherSearch]":
    """The searches of an authority, the newest first."""
    return TogetherSearch.objects.filter(authority=authority).select_related("asked_by__user", "authority").order_by("-asked_at", "pk")
