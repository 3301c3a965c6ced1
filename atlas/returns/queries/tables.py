"""The missing episodes of looked-after children, as the return of one collection holds them; what a check of a return found."""

import csv
import gzip
import io
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from atlas.agencies.models import Authority
from atlas.chronology.moments import Moment, end_of_day, start_of_day
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.missing.codes import CouncilStatus
from atlas.missing.models import Episode
from atlas.missing.workflow import OPEN_EPISODE, EpisodeState
from atlas.people.models import Identifier, IdentifierKind
from atlas.returns.checking.check import finding
from atlas.returns.layouts import collection_of, year_of
from atlas.returns.missing_table import Away, MissingRow, in_order, known_day, row_of
from atlas.returns.models import ReturnCheck
from atlas.returns.rules import Finding
from atlas.sharing.exports.store import opened
from atlas.statuses.models import Spell


def missing_rows(subject: Subject, year: int) -> list[MissingRow]:
    """The Missing table of a collection: episodes of children for whom this post's authority is responsible, and who were looked after on the day on
    which the episode began; of those whom the post may see. An episode that was open on 1 April keeps its first day. Three statements.
    """
    first, last = year_of(year)
    own = Authority.objects.filter(agencies=subject.post.team.agency_id)
    episodes = list(
        Episode.objects.visible_to(subject)
        .filter(responsible_authority__in=own, reported_at__lte=end_of_day(last))
        .filter(Q(state__in=OPEN_EPISODE) | Q(returned_at__gte=start_of_day(first)) | Q(returned_at__isnull=True))
        .exclude(state=EpisodeState.ENDED, ended_at__lt=start_of_day(first))
        .exclude(state=EpisodeState.WITHDRAWN)
        .exclude(council_status=CouncilStatus.NOT_MISSING)
        .select_related("child__person")
    )
    children = {episode.child_id for episode in episodes}
    care, keys = _care(subject, children), _keys(children)
    rows = (row_of(away, year) for away in (_away(episode, keys) for episode in episodes) if _is_looked_after(away, care))
    return in_order(row for row in rows if row is not None)


def return_checks() -> "QuerySet[ReturnCheck]":
    """The acting post's own checks that have not ended, the latest first; without what they found."""
    return ReturnCheck.objects.defer("content", "secret").order_by("-checked_at", "pk")


def found_by(check: ReturnCheck, *, rule: str = "", child: str = "") -> Iterator[Finding]:
    """What a check found, in the order of rules, children and rows: of one rule, or of one child, where either is named."""
    text = gzip.decompress(opened(bytes(check.content), bytes(check.secret), check.pk)).decode()
    for row in csv.reader(io.StringIO(text, newline="")):
        if (not rule or row[0] == rule) and (not child or row[4] == child):
            yield finding(row)


def collections(today: date, count: int = 3) -> list[int]:
    """The collections for which a table may be asked: the one that runs, and those before it."""
    return [collection_of(today) - back for back in range(count)]


def _away(episode: Episode, keys: dict[UUID, str]) -> Away:
    # One that ended without a return, because the child died or is another authority's now, ends on that day: care ends on it, and after that
    # no period may stay open (rules 575 and 577 of the sector's validator, 2024/25).
    ended = Moment.on(episode.child.person.died_on or day_of(episode.ended_at)) if episode.ended_at else None
    return Away(
        child_id=episode.child_id, episode_id=episode.pk, reference=episode.reference, key=keys.get(episode.child_id, ""), born_on=episode.child.born_on,
        status=episode.council_status, last_seen=episode.last_seen, reported=episode.reported, found=episode.found,
        returned=episode.returned or ended,
        is_found=episode.state != EpisodeState.MISSING, is_back=episode.state in {EpisodeState.RETURNED, EpisodeState.ENDED},
        sex=episode.child.person.sex, ethnicity=episode.child.person.ethnicity,
    )  # fmt: skip


def _is_looked_after(away: Away, care: dict[UUID, list[tuple[date, date | None]]]) -> bool:
    day = known_day(away.last_seen) or known_day(away.reported)
    return (
        any(from_on <= day and (until_on is None or day <= until_on) for from_on, until_on in care.get(away.child_id, [])) if day else False
    )


def _care(subject: Subject, children: set[UUID]) -> dict[UUID, list[tuple[date, date | None]]]:
    found: dict[UUID, list[tuple[date, date | None]]] = {}
    spells = Spell.objects.visible_to(subject).filter(child__in=children, status=Spell.Status.LOOKED_AFTER)
    for child, from_on, until_on in spells.values_list("child_id", "from_on", "until_on"):
        found.setdefault(child, []).append((from_on, until_on))
    return found


def _keys(children: set[UUID]) -> dict[UUID, str]:
    held = Identifier.objects.filter(person__in=children, kind=IdentifierKind.COUNCIL, until_on__isnull=True).order_by("-pk")
    return dict(held.values_list("person_id", "value"))
