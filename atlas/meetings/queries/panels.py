"""The panels of an authority; who sits on one, when it meets, and what stands on its list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet

from atlas.children.models import Child
from atlas.clocks.queries import bank_holidays_changed
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.policy import Mode, RecordKind
from atlas.gate.queries import standing
from atlas.gate.rules import may_touch
from atlas.meetings.codes import Answer, Settles
from atlas.meetings.models import Meeting, MeetingDecision, MeetingItem, Panel, PanelMember
from atlas.meetings.queries.leading import panel_kinds
from atlas.meetings.rules.before_after import BeforeAfter, before_after
from atlas.meetings.rules.terms import next_on
from atlas.missing.models import Episode
from atlas.missing.workflow import EpisodeState

if TYPE_CHECKING:
    from atlas.agencies.models import Authority

LEAVES = frozenset({Answer.CLOSE, Answer.STEP_DOWN, Answer.TRANSFER_AREA})  # what takes something off a panel's list


def panels_with_people() -> "QuerySet[Panel]":
    """Panels with what their pages name beside them."""
    return Panel.objects.select_related("authority", "opened_by__user")


def panels_of(authorities: "Iterable[Authority]") -> "QuerySet[Panel]":
    """The panels of these authorities that are open, by name, each with the meeting that comes next."""
    ahead = Prefetch("meetings", queryset=Meeting.objects.filter(state=Meeting.State.CALLED).order_by("starts_at"), to_attr="ahead")
    return panels_with_people().filter(authority__in=list(authorities), closed_at=None).prefetch_related(ahead).order_by("name")


def panels_ahead(child: Child, at: datetime) -> "list[Meeting]":
    """The meetings to come of the panels of a child's authority on whose agendas the child does not stand yet, the soonest first."""
    there = MeetingItem.objects.filter(child=child).values("meeting")
    ahead = Meeting.objects.filter(panel__authority=child.responsible_authority_id, panel__closed_at=None, kind__in=panel_kinds())
    ahead = ahead.filter(state=Meeting.State.CALLED, starts_at__gte=at).exclude(pk__in=there).select_related("panel")
    return list(ahead.order_by("starts_at", "pk"))


def members_of(panel: Panel, at: datetime) -> list[PanelMember]:
    """Who sits on a panel at a moment: those who lead it first."""
    live = PanelMember.objects.filter(Q(until_at=None) | Q(until_at__gt=at), panel=panel, from_at__lte=at)
    people = live.select_related("post__user", "post__team__agency", "deputy__user", "deputy__team__agency")
    order = {"chair": 0, "deputy_chair": 1, "minute_taker": 2}
    return sorted(people, key=lambda one: (order.get(one.part, 3), one.post.team.agency.name, one.from_at))


def last_meeting(panel: Panel, at: datetime) -> Meeting | None:
    """The meeting of a panel that was held last, or was to be."""
    return Meeting.objects.filter(panel=panel, starts_at__lte=at).exclude(state=Meeting.State.CANCELLED).order_by("-starts_at").first()


def next_day(panel: Panel, at: datetime) -> date:
    """The day on which a panel should meet next, by its cycle; never one that is over."""
    last = last_meeting(panel, at)
    began = day_of(last.starts_at if last is not None else panel.opened_at)
    today, changes = day_of(at), bank_holidays_changed()
    day = next_on(began, panel.every_days, changes)
    return day if day > today else next_on(today, 1, changes)


@dataclass(frozen=True)
class Listed:
    """One thing on a panel's list: where it stood last, how often the panel heard it, and what it decided then."""

    item: MeetingItem
    heard: int
    answer: str
    decided: MeetingDecision | None


def listed_on(panel: Panel) -> list[Listed]:
    """What stands on a panel's list and is open to whoever asks: what it heard and did not let go, as it stood on the agenda last."""
    now = Prefetch("decisions", queryset=MeetingDecision.objects.filter(settles=Settles.DECISION, replaced_by=None), to_attr="now")
    items = MeetingItem.objects.filter(meeting__panel=panel).exclude(meeting__state=Meeting.State.CANCELLED)
    rows = list(
        items.select_related("meeting", "child", "person", "group", "place")
        .prefetch_related(now)
        .order_by("meeting__starts_at", "number", "pk")
    )
    last: dict[object, MeetingItem] = {}
    heard: dict[object, int] = {}
    for item in rows:
        of = of_what(item)
        last[of], heard[of] = item, heard.get(of, 0) + 1
    found = []
    for of, item in last.items():
        decided = next(iter(item.now), None)  # type: ignore[attr-defined]
        if decided is None or decided.answer not in LEAVES:
            answer = Answer(decided.answer).label if decided is not None and decided.answer else ""
            found.append(Listed(item, heard[of], answer, decided))
    return found


def of_what(item: MeetingItem) -> object:
    """What an item is about, wherever it stands: the child, what is recorded elsewhere, or what it is called."""
    return item.child_id or item.person_id or item.group_id or item.place_id or (item.kind, item.title.casefold())


def before_after_panel(subject: Subject, child: Child, at: datetime) -> BeforeAfter | None:
    """How often, and for how long, a child was missing before and after a panel first took the child on. None where no panel did, or where missing episodes are not
    open to whoever asks: nothing is counted that one may not see.
    """
    if not may_touch(standing(subject, child.pk), RecordKind.MISSING, Mode.READ):
        return None
    held = MeetingItem.objects.filter(child=child, meeting__kind__in=panel_kinds(), meeting__held_at__isnull=False)
    first = held.order_by("meeting__held_at").values_list("meeting__held_at", flat=True).first()
    if first is None:
        return None
    stands = Episode.objects.filter(child=child).exclude(state=EpisodeState.WITHDRAWN)
    spells = [(since, until) for since, until in stands.values_list("reported_at", "returned_at")]
    return before_after(spells, first, at)
