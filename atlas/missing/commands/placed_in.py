"""A notice that another authority has placed a child here is recorded, and ends, without opening a full record."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from atlas.agencies.models import Authority, Team
from atlas.agencies.queries import authority_served
from atlas.children.commands import Known, register_child
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.days import day_of
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.linkage.queries import Asked, match
from atlas.missing.commands.report import response_teams
from atlas.missing.models import PlacedInNotice
from atlas.people.rules import ADULT_AGE
from atlas.sealed.queries import is_location_sealed

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@dataclass(frozen=True)
class NoticeOf:
    """What is known of a placement by another authority."""

    placed_on: date
    notified_on: date | None = None
    is_emergency: bool = False
    heard_from: str = PlacedInNotice.HeardFrom.AUTHORITY
    risk_told: str = ""
    home_name: str = ""
    home_telephone: str = ""
    worker_name: str = ""
    worker_telephone: str = ""
    out_of_hours_telephone: str = ""


@command(needs=Permission.REGISTER_PLACED_IN)
def register_placed_in(
    *, known: Known, responsible: Authority, notice: NoticeOf, is_new: bool = False, by: "Post", at: datetime
) -> PlacedInNotice:
    """Record that another authority has placed a child here. Who the child is is recorded where that is not known yet; no more is opened.

    Raises Invalid for one's own authority, for a child who may be recorded already (unless `is_new` says that somebody looked), and as
    `record_placed_in` does.
    """
    host = authority_served(by)
    if host is None:
        raise Invalid("Your agency serves no authority, so it hosts no child. Ask the missing coordinator.")
    if responsible == host:
        raise Invalid(f"{host} is your own authority. Choose the one that placed the child here.", "responsible")
    found = match(Asked(f"{known.forename} {known.surname}".strip(), known.born_on))
    if found.child is not None:
        return record_placed_in(child=found.child, responsible=responsible, notice=notice, by=by, at=at)
    if found.candidates and not is_new:
        raise Invalid(
            f"A child who may be this one is recorded already: {found.candidates[0].name}. Find the child first; if it is another, tick that it is.",
            "is_new",
        )
    check_notice(notice, at)
    child = register_child(known=known, responsible=responsible, host=host, source=f"notice of {responsible}"[:60], by=by, at=at)
    return record_placed_in(child=child, responsible=responsible, notice=notice, by=by, at=at)


@command(needs=Permission.RECORD_PLACED_IN)
def record_placed_in(*, child: Child, responsible: Authority, notice: NoticeOf, by: "Post", at: datetime) -> PlacedInNotice:
    """Record the notice of a child who is known here. The council's missing team answers for the child from then on.

    Raises Invalid for a child whom the other authority does not owe or who does not live here, for a second notice, for days that cannot
    be, and for a home whose place is sealed.
    """
    check_notice(notice, at)
    if child.responsible_authority_id != responsible.pk or child.host_authority_id == responsible.pk:
        raise Invalid(
            f"{child.name} is recorded as {child.responsible_authority}’s child, living in {child.host_authority}. "
            "The main case system says who is responsible: ask for it to be put right there.", "responsible",
        )  # fmt: skip
    if PlacedInNotice.objects.filter(child=child, ended_on__isnull=True).exists():
        raise Invalid("A notice of this child stands already. End it first, if the child has moved.", "placed_on")
    if is_location_sealed(child.pk) and (notice.home_name or notice.home_telephone):
        raise Invalid("Where this child lives is sealed. Leave the home and its number out.", "home_name")
    age = child.age_on(notice.placed_on)
    if age is not None and age >= ADULT_AGE:
        raise Invalid("By the date of birth recorded this person was no child any more on that day. Check both dates.", "placed_on")
    return hold_notice(child, responsible, notice, by, at)


def hold_notice(child: Child, responsible: Authority, notice: NoticeOf, by: "Post", at: datetime) -> PlacedInNotice:
    """Keep a notice, and let the council's missing team answer for the child, as a part of the command that runs now."""
    team = missing_team(child)
    words = f"From {responsible}" + ("" if notice.notified_on else "; that authority gave no notice")
    held = PlacedInNotice(
        child=child, responsible_authority=responsible, host_authority_id=child.host_authority_id, recorded_by=by, **asdict(notice)
    )
    if team is not None:
        relate(kind=RelationshipKind.TEAM_DUTY, because=f"placed here by {responsible}", source=held, from_at=at, child=child, team=team)
    held.entry = happened(Kind.PLACED_IN, child=child, at=Moment.on(notice.placed_on), about=held, words=words[:300])
    held.save(force_insert=True)
    return held


def check_notice(notice: NoticeOf, at: datetime) -> None:
    """Raise Invalid where the notice cannot be."""
    if notice.notified_on is not None and notice.notified_on > day_of(at):
        raise Invalid("The notice cannot have come later than today. Check the date.", "notified_on")
    if not (notice.worker_telephone.strip() or notice.out_of_hours_telephone.strip()):
        raise Invalid(
            "Give at least one number of the authority that placed the child: somebody will need it at night.", "out_of_hours_telephone"
        )


def missing_team(child: Child) -> Team | None:
    """The team of the host council that answers for missing children."""
    teams = response_teams(child.host_authority)
    return next(iter(Team.objects.filter(pk__in=[team.pk for team in teams], agency__kind="council").order_by("name")[:1]), None)


@command(needs=Permission.END_PLACED_IN)
def end_placed_in(*, notice: PlacedInNotice, ended_on: date, reason: str, by: "Post", at: datetime) -> PlacedInNotice:
    """Record that the child lives here no longer. What was recorded stays."""
    if notice.ended_on is not None:
        raise Invalid("This notice has ended already. Reload the page.")
    if ended_on < notice.placed_on or ended_on > day_of(at):
        raise Invalid("The day must lie between the start of the placement and today.", "ended_on")
    if not reason.strip():
        raise Invalid(
            "Say where the child’s care went on, as far as it may be known: for example, back to the authority’s own area.", "reason"
        )
    close_notice(notice, ended_on, reason, at)
    return notice


def close_notice(notice: PlacedInNotice, ended_on: date, reason: str, at: datetime) -> None:
    """Let a notice stand no longer, as a part of the command that runs now."""
    notice.ended_on, notice.ended_reason = ended_on, reason
    notice.save(update_fields=["ended_on", "ended_reason"])
    happened(Kind.PLACED_IN_ENDED, child=notice.child, at=Moment.on(ended_on), about=notice, words=reason[:300])
    end_relationships(source=notice, until_at=at, because="lives here no longer")
