"""The two halves of missing episodes side by side: what each side says, what differs, and what of that nobody has been asked yet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Q, QuerySet

from atlas.agencies.models import AgencyKind, Authority
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, from_iso
from atlas.feeds.models import Delivery, Row
from atlas.feeds.police import TABLE, forces
from atlas.gate.context import Subject
from atlas.missing.codes import PoliceStatus
from atlas.missing.models import Comparison, Difference, Episode, MissingProfile, PoliceReport, ReturnInterview
from atlas.missing.rules.agreement import (
    COUNCIL_MAY_TAKE,
    COUNCIL_TYPES,
    LOOKS_BACK,
    POLICE_MAY_TAKE,
    POLICE_TYPES,
    Differs,
    Found,
    Side,
    differences,
    had_time,
)
from atlas.missing.rules.grades import may_grade
from atlas.missing.workflow import EpisodeState
from atlas.tasks.models import Alert

TYPED_ELSEWHERE = "ssd_missing"  # the council's own main case system, whose rows are the council's half


@dataclass(frozen=True)
class Heard:
    """Which days each force has spoken for lately: from the first report of a delivery until it was written. By force."""

    spans: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)

    def last(self, force: str) -> datetime | None:
        """When the force last wrote; for one that does not deliver here, when any last did."""
        written = [until for _, until in self.spans.get(force) or chain.from_iterable(self.spans.values())]
        return max(written, default=None)

    def speaks_for(self, moment: Moment, force: str) -> datetime | None:
        """When the force last wrote a delivery that should hold a report of that moment; None where no delivery should."""
        if moment.earliest is None or moment.latest is None:
            return None
        spans = self.spans.get(force) or ([] if force else chain.from_iterable(self.spans.values()))
        return max((until for first, until in spans if first <= moment.earliest and moment.latest <= until), default=None)


@dataclass(frozen=True)
class Halves:
    """One episode with both of its halves, and what was asked about it so far."""

    episode: Episode
    report: PoliceReport | None
    has_council: bool
    is_marked: bool
    is_unmatched: bool  # a row of the police's that waits for its child may be about this one
    asked: list[Difference]

    @property
    def police_side(self) -> Side | None:
        """What the police say. A grade that may not be taken over is asked about elsewhere."""
        report = self.report
        if report is None:
            return None
        is_barred = not may_grade(report.grade, has_exploitation_marker=self.is_marked, named_reason="") if report.grade else False
        is_closed = report.returned_at is not None or report.status == PoliceStatus.FOUND
        return Side(report.reported, report.returned, is_closed, POLICE_TYPES.get(report.status, ""), "" if is_barred else report.grade)

    @property
    def council_side(self) -> Side:
        """What stands here."""
        return side_of(self.episode)


def side_of(episode: Episode) -> Side:
    """What Atlas holds of an episode: the council's half."""
    is_closed = episode.state in {EpisodeState.RETURNED, EpisodeState.ENDED}
    return Side(episode.reported, episode.returned, is_closed, COUNCIL_TYPES.get(episode.council_status, ""), episode.grade)


def heard_from(authority: Authority, at: datetime) -> Heard:
    """Which days the forces have spoken for in the deliveries taken for an authority; historic ones and parts say nothing of what they lack."""
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    deliveries = Delivery.objects.filter(
        authority=authority, layout__in=list(forces()), is_historic=False, is_partial=False, state=Delivery.State.COMMITTED,
        as_at__gt=at - LOOKS_BACK.time,
    )  # fmt: skip
    for delivery in deliveries:
        rows = Row.objects.filter(delivery=delivery, table=TABLE.name).exclude(state=Row.State.QUARANTINED)
        reported = [_instant(text) for text in rows.values_list("values__reported_at", flat=True) if text]
        if firsts := [one for one in reported if one is not None]:
            found.setdefault(delivery.source, []).append((min(firsts), delivery.as_at))
    return Heard(found)


def _instant(text: str) -> datetime | None:
    try:
        return from_iso(text).earliest
    except ValueError:
        return None


def compared(authority: Authority, at: datetime) -> "QuerySet[Episode]":
    """The episodes of an authority that are compared: live ones, of late, that it owes, or hosts for one that is not of this partnership."""
    owed = Q(responsible_authority=authority) | Q(host_authority=authority, responsible_authority__is_partner=False)
    late = Episode.objects.filter(owed, reported_at__gte=at - LOOKS_BACK.time, reported_at__lte=at, is_historic=False)
    over = [EpisodeState.WITHDRAWN, EpisodeState.ENDED]  # of a child who has died, or now of another authority, nothing is asked
    return late.exclude(state__in=over).select_related("child", "responsible_authority", "host_authority", "row")


def halves_of(episodes: Iterable[Episode]) -> list[Halves]:
    """Both halves of these episodes, and what was asked about each; in few questions however many they are."""
    of = {episode.pk: episode for episode in episodes}
    reports: dict[UUID, PoliceReport] = {}
    for report in PoliceReport.objects.filter(episode__in=of, is_undone=False).order_by("as_at", "pk"):
        reports[report.episode_id] = report
    asked: dict[UUID, list[Difference]] = {}
    for difference in Difference.objects.filter(episode__in=of).order_by("found_at", "pk"):
        asked.setdefault(difference.episode_id, []).append(difference)
    children = {episode.child_id for episode in of.values()}
    marked = set(MissingProfile.objects.filter(child__in=children, exploitation_marked_at__isnull=False).values_list("child_id", flat=True))
    taken_up, unmatched = _taken_up(of), _unmatched()
    return [
        Halves(
            episode=episode, report=reports.get(pk), has_council=pk in taken_up or not is_of_police(episode), is_marked=episode.child_id in marked,
            is_unmatched=str(episode.child_id) in unmatched, asked=asked.get(pk, []),
        )
        for pk, episode in of.items()
    ]  # fmt: skip


def is_of_police(episode: Episode) -> bool:
    """Whether an episode is here because the police's own file brought it."""
    return episode.row is not None and episode.row.table == TABLE.name


def _taken_up(of: dict[UUID, Episode]) -> set[UUID]:
    """Of these episodes, those on which somebody at a council has done anything, or which the main case system holds too."""
    about = {pk: pk for pk in of} | dict(ReturnInterview.objects.filter(episode__in=of).values_list("pk", "episode"))
    acted = Entry.objects.filter(
        about_id__in=about, recorded_by__team__agency__kind=AgencyKind.COUNCIL, recorded_by__is_service=False
    ).values_list("about_id", flat=True)
    seen = Alert.objects.filter(
        about_id__in=about, acknowledged_by__team__agency__kind=AgencyKind.COUNCIL, acknowledged_by__is_service=False
    )
    rows = Row.objects.filter(table=TYPED_ELSEWHERE, result_id__in=of)
    done = chain(acted, seen.values_list("about_id", flat=True), rows.values_list("result_id", flat=True))
    return {about[pk] for pk in done if pk}


def _unmatched() -> set[str]:
    waiting = Row.objects.filter(table=TABLE.name, state=Row.State.WAITING_MATCH).values_list("values___candidates", flat=True)
    return {child for candidates in waiting for child in candidates or []}


def what_differs(halves: Halves, heard: Heard, at: datetime) -> list[Found]:
    """Everything in which the two halves differ now, asked or not."""
    police, council, episode = halves.police_side, halves.council_side, halves.episode
    if police is None:
        return [Found(Differs.ONLY_COUNCIL, council=council.reported)] if _lacks_police(halves, heard) else []
    found = list(differences(police, council, police_had_time=had_time(episode.return_recorded_at, heard.last(episode.police_force))))
    if not halves.has_council and had_time(halves.report.received_at if halves.report else None, at, COUNCIL_MAY_TAKE):
        found.append(Found(Differs.ONLY_POLICE, police=police.reported))
    return found


def _lacks_police(halves: Halves, heard: Heard) -> bool:
    """Whether the police should have delivered this episode by now. Of a child who is away, whereabouts known, they keep no report."""
    episode = halves.episode
    if halves.is_unmatched or halves.council_side.type != "missing":
        return False
    spoke = heard.speaks_for(episode.reported, episode.police_force)
    return had_time(episode.council_told_at or episode.reported_at, spoke, POLICE_MAY_TAKE)


def is_news(found: Found, asked: Iterable[Difference]) -> bool:
    """Whether to ask: not while the same is asked already, and not again what a person has answered until the police say something else."""
    of_kind = [one for one in asked if one.differs == found.differs]
    if any(one.state == Difference.State.OPEN and says_same(one, found) for one in of_kind):
        return False
    answered = [one for one in of_kind if one.state == Difference.State.ANSWERED]
    return not (answered and says_same_of_police(answered[-1], found))


def says_same_of_police(one: Difference, found: Found) -> bool:
    """Whether the police say what they said when this was asked."""
    said, says = one.police, found.police
    return (said.at if said else None) == (says.at if says else None) and one.police_says == found.police_says


def says_same(one: Difference, found: Found) -> bool:
    """Whether both sides say what they said when this was asked."""
    held, says = one.council, found.council
    same = (held.at if held else None) == (says.at if says else None) and one.council_says == found.council_says
    return same and says_same_of_police(one, found)


def has_news(halves: Halves, found: list[Found]) -> bool:
    """Whether anything is to be asked about an episode, or no longer to be asked."""
    differing = {one.differs for one in found}
    is_settled = any(one.state == Difference.State.OPEN and one.differs not in differing for one in halves.asked)
    return is_settled or any(is_news(one, halves.asked) for one in found)


def open_differences(subject: Subject) -> "QuerySet[Difference]":
    """The differences that wait for an answer, for the children whom the subject may see; the longest waiting first."""
    rows = Difference.objects.visible_to(subject).filter(state=Difference.State.OPEN)
    named = rows.select_related("child", "episode", "police_report", "responsible_authority", "host_authority")
    return named.order_by("found_at", "pk")


def differences_with_child() -> "QuerySet[Difference]":
    """Differences with what the page of one shows beside it."""
    return Difference.objects.select_related("child", "episode", "police_report", "responsible_authority", "answered_by__user")


def answered_differences(subject: Subject) -> "QuerySet[Difference]":
    """What was answered of late, newest first."""
    rows = Difference.objects.visible_to(subject).filter(state=Difference.State.ANSWERED, settled_at__gte=subject.at - LOOKS_BACK.time)
    return rows.select_related("child", "episode", "police_report", "responsible_authority", "answered_by__user").order_by(
        "-settled_at", "pk"
    )


def last_comparisons() -> list[Comparison]:
    """The latest comparison of each authority."""
    return list(Comparison.objects.order_by("authority__name", "-day").distinct("authority__name").select_related("authority"))
