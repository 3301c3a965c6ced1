"""The director's standing list, as at any day: who stands there and since when, which discussions were held and come, what agencies owe for each child."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections

from atlas.agencies.models import Post, Team
from atlas.children.models import Child
from atlas.exploitation.codes import Level
from atlas.gate.seen import note_seen
from atlas.meetings.models import MeetingItem
from atlas.meetings.queries.leading import meeting_kinds
from atlas.meetings.rules.kinds import OF_STRATEGY
from atlas.meetings.rules.standing import HIGHEST, in_order

if TYPE_CHECKING:
    from atlas.agencies.models import Authority

OWED = {"line": ("line of the safety plan late", "lines of the safety plan late"), "action": ("agency action late", "agency actions late"),
        "challenge": ("challenge not answered in time", "challenges not answered in time")}  # fmt: skip


@dataclass(frozen=True)
class Owed:
    """What one agency owes for a child: of what kind, how many, since when the oldest."""

    agency: str
    what: str
    many: int
    oldest: date

    @property
    def words(self) -> str:
        """In words."""
        return f"{self.many} {OWED[self.what][self.many > 1]}"


@dataclass(frozen=True)
class Listed:
    """One child on the list. `child`: who it is, where whoever asks holds the child in view; `item`: as what the child stood on an agenda last."""

    child_id: UUID
    level: int | None
    is_harm: bool
    since: datetime | None
    worker: Post | None
    team: Team | None
    missing_since: datetime | None
    last_strategy: datetime | None
    last_chaired: datetime | None
    next_chaired: datetime | None
    held_because: str
    held_from: datetime | None
    held_until: datetime | None
    child: Child | None
    item: MeetingItem | None = None
    owed: list[Owed] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The child's name; empty where it is not open."""
        return self.child.name if self.child is not None else ""

    @property
    def why(self) -> str:
        """Why the child stands there, as a person judged it."""
        said = ["at the highest level"] if self.level is not None and self.level >= HIGHEST else []
        said += ["harm occurring"] if self.is_harm else []
        if not said:
            return (
                f"Held in view; the level is now {Level(self.level).label}"
                if self.level is not None
                else "Held in view; no level is judged now"
            )
        return ", ".join(said).capitalize()

    def is_held(self, at: datetime) -> bool:
        """Whether whoever asks holds the child in view at a moment."""
        return self.held_until is not None and self.held_until > at


def standing_list(authorities: "list[Authority]", as_at: date, *, is_today: bool) -> list[Listed]:
    """Everybody on the list as at a day, in its order; `is_today`: with what agencies owe now. Each line is a look at its child."""
    strategy = sorted({kind.key for authority in authorities for kind in meeting_kinds(authority) if kind.answers == OF_STRATEGY})
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT child, level, is_harm, since, worker, team, missing_since, last_strategy, last_chaired, next_chaired, held_because, held_from, held_until "
            "FROM gate_standing_list(%s, %s, %s::text[])",
            [as_at, HIGHEST, strategy],
        )
        rows = cursor.fetchall()
    ids = [row[0] for row in rows]
    for child_id in ids:
        note_seen(child_id)
    owed = _owed(as_at) if is_today and rows else {}
    children, items = Child.objects.in_bulk(ids), _last_items(ids)
    workers = Post.objects.select_related("user").in_bulk([row[4] for row in rows if row[4]])
    teams = Team.objects.in_bulk([row[5] for row in rows if row[5]])
    return in_order(
        Listed(
            child_id=child_id, level=level, is_harm=is_harm, since=since, worker=workers.get(worker), team=teams.get(team), missing_since=missing,
            last_strategy=strategy_at, last_chaired=chaired_at, next_chaired=next_at, held_because=because or "", held_from=held_from, held_until=held_until,
            child=children.get(child_id), item=items.get(child_id), owed=owed.get(child_id, []),
        )
        for child_id, level, is_harm, since, worker, team, missing, strategy_at, chaired_at, next_at, because, held_from, held_until in rows
    )  # fmt: skip


def _owed(today: date) -> dict[UUID, list[Owed]]:
    """By child, by agency."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT child, agency, what, many, oldest FROM gate_standing_owed(%s, %s) ORDER BY child, agency, what", [today, HIGHEST]
        )
        rows = cursor.fetchall()
    found: dict[UUID, list[Owed]] = {}
    for child, *of in rows:
        found.setdefault(child, []).append(Owed(*of))
    return found


def _last_items(children: list[UUID]) -> dict[UUID, MeetingItem]:
    """As what each child stood last on the agenda of a meeting that was held and is open to whoever asks."""
    held = MeetingItem.objects.filter(child__in=children, meeting__held_at__isnull=False).order_by("meeting__held_at")
    return {item.child_id: item for item in held if item.child_id is not None}
