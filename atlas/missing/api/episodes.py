"""Missing episodes over HTTP: who is missing now, one episode, and what can be added to it."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field

from atlas.children.models import Child
from atlas.chronology.api import Instant, MomentSaid
from atlas.chronology.moments import Moment
from atlas.gate.api import Problem, acting, operation
from atlas.gate.page import PageRequest, terms_searched
from atlas.gate.policy import Permission
from atlas.missing.codes import ContactKind, Grade, GradeScheme, PoliceStatus, RiskFactor, SourceGrade
from atlas.missing.commands import back, report
from atlas.missing.commands import episode as add
from atlas.missing.models import Episode
from atlas.missing.queries.episodes import episodes_with_child
from atlas.missing.workflow import OPEN_EPISODE
from atlas.people.models import Identifier, IdentifierKind

router = Router(tags=["Missing episodes"])
MOST = 200
NUMBER: str = Query(..., min_length=3, max_length=60)  # type: ignore[type-arg]


class ChildShown(Schema):
    """A child whom the person may see: who that is, and no more."""

    id: UUID
    name: str
    born: date | None
    responsible_authority: str
    host_authority: str


class EpisodeShown(Schema):
    """A missing episode: facts and codes."""

    id: UUID
    reference: str
    child: ChildShown
    state: str
    reported: MomentSaid | None
    last_seen: MomentSaid | None
    found: MomentSaid | None
    returned: MomentSaid | None
    police_reference: str
    police_status: str
    council_status: str
    police_grade: str
    version: int


class EpisodesShown(Schema):
    """A part of a list. `next`: give it as `after` for the part that follows; empty at the end."""

    episodes: list[EpisodeShown]
    next: str = ""


WRITTEN = {200: EpisodeShown, 409: Problem, 422: Problem}


class ReportSaid(Schema):
    """A report that a child is missing. Sending it tells no police force: ring 999 or 101."""

    reported: MomentSaid
    last_seen: MomentSaid | None = None
    last_seen_place: str = Field("", max_length=300)
    worry: str = Field(min_length=1, max_length=5000)
    intended: str = Field("", max_length=5000)
    tried: str = Field("", max_length=5000)
    clothing: str = Field("", max_length=300)
    taken: str = Field("", max_length=300)
    risk_factors: list[RiskFactor] = Field(default_factory=list, max_length=len(RiskFactor))
    reporter_name: str = Field("", max_length=120)
    reporter_contact: str = Field("", max_length=120)
    police_reference: str = Field("", max_length=60)


class ContactSaid(Schema):
    """A contact with the child, or a sighting; it ends no episode."""

    kind: ContactKind
    happened: MomentSaid
    source: str = Field(min_length=1, max_length=120)
    source_grade: SourceGrade = SourceGrade.UNTESTED
    place: str = Field("", max_length=300)
    words: str = Field("", max_length=5000)


class PoliceStatusSaid(Schema):
    """The police's own status of the episode, since when."""

    status: PoliceStatus
    changed_at: Instant
    reason: str = Field("", max_length=2000)


class PoliceGradeSaid(Schema):
    """A police grade, with who graded it and on what information."""

    grade: Grade
    graded_at: Instant
    scheme: GradeScheme = GradeScheme.APP2017
    grader: str = Field("", max_length=120)
    reasons: str = Field("", max_length=5000)
    named_reason: str = Field("", max_length=2000)


class PoliceReferenceSaid(Schema):
    """That the police were told, with their reference."""

    police_reference: str = Field(min_length=1, max_length=60)
    force: str = Field("", max_length=60)
    told: MomentSaid


class FoundSaid(Schema):
    """That the child was found. The child is back only with the return."""

    found: MomentSaid
    words: str = Field("", max_length=300)


class ReturnSaid(Schema):
    """That the child is back at home or in the care setting: from then on the return interview is due."""

    returned: MomentSaid
    returned_to: str = Field("", max_length=200)


def child_shown(child: Child) -> ChildShown:
    """A child as it leaves."""
    return ChildShown(
        id=child.pk, name=child.name, born=child.born_on, responsible_authority=child.responsible_authority.name,
        host_authority=child.host_authority.name,
    )  # fmt: skip


def episode_shown(episode: Episode) -> EpisodeShown:
    """An episode as it leaves."""
    reported, last_seen, found, returned = map(MomentSaid.of, (episode.reported, episode.last_seen, episode.found, episode.returned))
    return EpisodeShown(
        id=episode.pk, reference=episode.reference, child=child_shown(episode.child), state=episode.state, reported=reported,
        last_seen=last_seen, found=found, returned=returned, police_reference=episode.police_reference, police_status=episode.police_status,
        council_status=episode.council_status, police_grade=episode.grade, version=episode.version,
    )  # fmt: skip


_WITH = ("child__responsible_authority", "child__host_authority", "responsible_authority", "host_authority")


def _rows() -> Any:
    return episodes_with_child().select_related(*_WITH)


def _children() -> Any:
    return Child.objects.select_related("responsible_authority", "host_authority")


@router.get("/children", response=list[ChildShown])
@operation(needs=Permission.FIND_CHILD)
def find_child(request: PageRequest, kind: IdentifierKind, number: str = NUMBER) -> list[ChildShown]:
    """The child whom a system knows by this number, if the person may see that child. An empty list is no check that nothing is known."""
    held = Identifier.objects.visible_to(request.subject).filter(kind=kind, value=number.strip(), until_on__isnull=True)
    found = list(_children().filter(pk__in=held.values("person"))[:5])
    request.searched = terms_searched(number, found=[child.name for child in found])
    return [child_shown(child) for child in found]


@router.get("/episodes", response=EpisodesShown)
@operation(needs=Permission.VIEW_MISSING_NOW)
def view_episodes(request: PageRequest, is_open: bool = True, after: UUID | None = None) -> EpisodesShown:
    """The episodes that the person may see, 200 at a time: those still open, or with `is_open=false` those that have ended."""
    rows = Episode.objects.visible_to(request.subject).select_related(*_WITH).order_by("pk")
    rows = rows.filter(state__in=OPEN_EPISODE) if is_open else rows.exclude(state__in=OPEN_EPISODE)
    found = list((rows.filter(pk__gt=after) if after else rows)[: MOST + 1])
    return EpisodesShown(episodes=[episode_shown(one) for one in found[:MOST]], next=str(found[MOST - 1].pk) if len(found) > MOST else "")


@router.get("/episodes/{pk}", response={200: EpisodeShown})
@operation(about=Episode, needs=Permission.VIEW_EPISODE, rows=_rows)
def view_episode(request: PageRequest, episode: Episode) -> EpisodeShown:
    """One missing episode."""
    return episode_shown(episode)


@router.post("/children/{pk}/report_missing", response=WRITTEN)
@operation(about=Child, needs=Permission.REPORT_MISSING, rows=_children)
def report_missing(request: PageRequest, child: Child, said: ReportSaid) -> EpisodeShown:
    """Report a child missing. This does not report the child missing to the police: ring 999 or 101."""
    given = said.model_dump(exclude={"reported", "last_seen"})
    last_seen = said.last_seen.moment if said.last_seen else None
    made = report.report_missing(
        child=child, report=report.Report(reported=said.reported.moment, last_seen=last_seen, **given), **acting(request)
    )
    return _again(made)


@router.post("/episodes/{pk}/record_contact_or_sighting", response=WRITTEN)
@operation(about=Episode, needs=Permission.RECORD_CONTACT_OR_SIGHTING, rows=_rows)
def record_contact_or_sighting(request: PageRequest, episode: Episode, said: ContactSaid) -> EpisodeShown:
    """Record a contact or a sighting."""
    return _added(request, episode, add.record_contact_or_sighting, said, happened_at=said.happened.moment)


@router.post("/episodes/{pk}/record_police_status", response=WRITTEN)
@operation(about=Episode, needs=Permission.RECORD_POLICE_STATUS, rows=_rows)
def record_police_status(request: PageRequest, episode: Episode, said: PoliceStatusSaid) -> EpisodeShown:
    """Record the police's status."""
    return _added(request, episode, add.record_police_status, said)


@router.post("/episodes/{pk}/record_police_grade", response=WRITTEN)
@operation(about=Episode, needs=Permission.RECORD_POLICE_GRADE, rows=_rows)
def record_police_grade(request: PageRequest, episode: Episode, said: PoliceGradeSaid) -> EpisodeShown:
    """Record a police grade."""
    return _added(request, episode, add.record_police_grade, said)


@router.post("/episodes/{pk}/record_police_reference", response=WRITTEN)
@operation(about=Episode, needs=Permission.RECORD_POLICE_REFERENCE, rows=_rows)
def record_police_reference(request: PageRequest, episode: Episode, said: PoliceReferenceSaid) -> EpisodeShown:
    """Record that the police were told."""
    return _added(request, episode, add.record_police_reference, said, told_at=said.told.moment)


@router.post("/episodes/{pk}/record_found", response=WRITTEN)
@operation(about=Episode, needs=Permission.RECORD_FOUND, rows=_rows)
def record_found(request: PageRequest, episode: Episode, said: FoundSaid) -> EpisodeShown:
    """Record that the child was found."""
    return _added(request, episode, back.record_found, said, found_at=said.found.moment)


@router.post("/episodes/{pk}/record_return", response=WRITTEN)
@operation(about=Episode, needs=Permission.RECORD_RETURN, rows=_rows)
def record_return(request: PageRequest, episode: Episode, said: ReturnSaid) -> EpisodeShown:
    """Record that the child is back."""
    return _added(request, episode, back.record_return, said, returned_at=said.returned.moment)


def _added(request: PageRequest, episode: Episode, verb: Callable[..., object], said: Schema, **when: Moment) -> EpisodeShown:
    """Call a verb with what was sent; `when`: the moments, under the verb's names for them."""
    given = {name: value for name, value in said.model_dump().items() if f"{name}_at" not in when}
    verb(episode=episode, **given, **when, **acting(request))
    return _again(episode)


def _again(episode: object) -> EpisodeShown:
    """The episode as it stands now, also where this was sent before."""
    assert isinstance(episode, Episode)
    return episode_shown(_rows().get(pk=episode.pk))
