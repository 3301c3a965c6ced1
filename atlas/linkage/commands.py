"""Pairs are found; a person says whether two records are of one child, or takes that back. Nothing is joined of itself, and no row is moved."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from atlas.agencies.models import Authority
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment
from atlas.flow import happened, lead
from atlas.gate.act import Invalid, command, lock_all
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.linkage.models import Pair, PairDecision, PairSearch
from atlas.linkage.pairs import is_to_join
from atlas.linkage.queries import known_to_main_system
from atlas.linkage.rules import JOIN_IN_MAIN, MAIN_SYSTEM, Reason, is_news, may_ask_again
from atlas.sealed.models import SealedLocation
from atlas.tasks.commands import end_tasks_about, make_task

if TYPE_CHECKING:
    from atlas.agencies.models import Post

S = Pair.State
MOST_BECAUSE, MOST_SETTLES = 1000, 500
WRITE_THERE = "This child has a second record here: ask the missing coordinator which one to write on"


@dataclass(frozen=True)
class Found:
    """Two records of children that a search found alike, the smaller id first, and why."""

    child_id: UUID
    other_id: UUID
    reasons: tuple[Reason, ...]

    @property
    def is_joined(self) -> bool:
        """Whether the main case system has joined the two."""
        return any(reason.term == MAIN_SYSTEM for reason in self.reasons)


@command(needs=Permission.RECORD_PAIRS)
def record_pairs(
    *, authority: Authority, found: Sequence[Found], records: int, compared: int, is_whole: bool = True, by: "Post", at: datetime
) -> PairSearch | None:
    """Keep what a search among an authority's children found: new pairs wait, what waits and is no longer alike is let go.

    What a person kept apart is asked again only where the two have come closer since; what nobody could tell, from the day on which somebody wanted to be
    asked. `is_whole`: all children were compared; otherwise the search was of one new record, lets nothing go, and is not the day's.
    """
    owed = Child.objects.filter(Q(responsible_authority=authority) | Q(host_authority=authority)).values("pk")
    pairs = {(pair.child_id, pair.other_child_id): pair for pair in Pair.objects.filter(child__in=owed, other_child__in=owed)}
    asked = sum(_keep(pairs.get((one.child_id, one.other_id)), one, by, at, is_whole=is_whole) for one in found)
    if not is_whole:
        return None
    alike, today = {(one.child_id, one.other_id) for one in found}, day_of(at)
    for pair in (pair for key, pair in pairs.items() if key not in alike and pair.state == S.WAITING):
        pair.state = S.LET_GO
        pair.save(update_fields=["state"])
    search = PairSearch.objects.filter(authority=authority, day=today).first() or PairSearch(authority=authority, day=today)
    search.searched_at, search.records, search.compared, search.asked = at, records, compared, asked + (search.asked or 0)
    search.save(force_insert=search._state.adding)
    return search


def _keep(pair: Pair | None, one: Found, by: "Post", at: datetime, *, is_whole: bool) -> bool:
    """Keep one pair that was found; gives whether somebody is newly asked about it, or anew."""
    if pair is None:
        found_from = Pair.From.MAIN_SYSTEM if one.is_joined else Pair.From.NIGHTLY if is_whole else Pair.From.NEW_RECORD
        made = Pair(child_id=one.child_id, other_child_id=one.other_id, found_at=at, found_from=found_from, reasons=_kept(one.reasons))
        made.save(force_insert=True)
        return True
    if _again(pair, one.reasons, day_of(at)):
        _wait(pair, one.reasons, at)
        return True
    if pair.state == S.SAME and one.is_joined and is_to_join(pair):
        record_joined(pair=pair, by=by, at=at)
    elif pair.state == S.WAITING and pair.reasons != _kept(one.reasons):
        pair.reasons = _kept(one.reasons)
        pair.save(update_fields=["reasons"])
    return False


def _kept(reasons: Sequence[Reason]) -> list[list[str]]:
    return [list(asdict(reason).values()) for reason in reasons]


def _again(pair: Pair, reasons: Sequence[Reason], today: date) -> bool:
    if pair.state == S.LET_GO:
        return True
    if pair.state == S.UNSURE:
        return pair.ask_again_on is not None and pair.ask_again_on <= today
    return pair.state == S.DIFFERENT and is_news(reasons, pair.why)


def _wait(pair: Pair, reasons: Sequence[Reason], at: datetime) -> None:
    """Let a pair wait anew. What was decided before stands in its decisions."""
    pair.state, pair.found_at, pair.reasons = S.WAITING, at, _kept(reasons)
    pair.because, pair.settles, pair.ask_again_on, pair.decided_at, pair.decided_by = "", "", None, None, None
    pair.save()


@dataclass(frozen=True)
class Decided:
    """What somebody says of a pair: which it is, why; where nobody can tell yet, what would settle it and when to ask again; which record stands."""

    outcome: str
    because: str
    settles: str = ""
    ask_again_on: date | None = None
    stands: UUID | None = None


@command(needs=Permission.DECIDE_PAIR)
def decide_pair(*, pair: Pair, decided: Decided, by: "Post", at: datetime) -> Pair:
    """Say that two records are of one child, that they are of two, or that nobody can tell yet.

    One child: no row is moved or changed. Both records stand, each says of the other, the one that stands is written on, and the stricter protection of
    the two holds for both from this moment (`gate/linkage.sql`). Raises Invalid without a reason, where the pair is decided already, and, for what nobody
    can tell yet, without what would settle it and a day on which to ask again. Source: protection.md 8, risk 26; peers.md row 10.1.
    """
    outcome = PairDecision.Outcome(decided.outcome)
    if pair.is_decided:
        raise Invalid("Somebody has decided this already. Look at it again; a decision can be taken back.")
    if not decided.because.strip():
        raise Invalid("Write how you know it.", "because")
    if outcome == PairDecision.Outcome.UNSURE:
        _may_wait(decided, at)
    if outcome == PairDecision.Outcome.SAME and decided.stands not in {pair.child_id, pair.other_child_id}:
        raise Invalid("Choose the record to write on from now on.", "stands")
    children = _both(pair)
    if (
        outcome == PairDecision.Outcome.SAME
        and len(set(SealedLocation.objects.filter(child__in=children, until_at__isnull=True).values_list("child"))) == 1
    ):
        raise Invalid(
            "Where the child is is sealed on one of the two records. Seal it on the other one first, then say that they are one child."
        )
    is_unsure, is_same = outcome == PairDecision.Outcome.UNSURE, outcome == PairDecision.Outcome.SAME
    pair.state, pair.because = S(outcome.value), decided.because.strip()[:MOST_BECAUSE]
    pair.settles = decided.settles.strip()[:MOST_SETTLES] if is_unsure else ""
    pair.ask_again_on = decided.ask_again_on if is_unsure else None
    pair.stands_id = decided.stands if is_same else None
    pair.decided_at, pair.decided_by = at, by
    if is_same:  # before it holds: the stricter protection may shut one of the two to whoever decides
        _say_of_both(pair, children, at)
    _write(pair, outcome, pair.because, at, by)
    pair.save()
    return pair


def _say_of_both(pair: Pair, children: list[Child], at: datetime) -> None:
    """Both chronologies say that there are two records, and nothing of the other. Whoever works with the record that is set aside is asked to find out where
    to write; where the main case system knows both, whoever works with the one that stands has them joined there, in time.
    """
    is_in_main = len(known_to_main_system(children)) == len(children)
    for child in children:
        stands = child.pk == pair.stands_id
        entry = happened(
            Kind.RECORDED_TWICE, child=child, at=Moment(at), about=pair, starts=[JOIN_IN_MAIN] if stands and is_in_main else []
        )
        if not stands:
            post, team = lead(child, at)
            make_task(name=WRITE_THERE, entry=entry, about=pair, post=post, team=team)


@command(needs=Permission.RECORD_JOINED)
def record_joined(*, pair: Pair, by: "Post", at: datetime) -> Pair:
    """Record that the main case system has joined the two records there: the time limit ends. Raises Invalid where that is not waited for."""
    if pair.state != S.SAME or not is_to_join(pair) or pair.stands is None:
        raise Invalid("Nobody waits for the main case system to join these two records.")
    happened(Kind.JOINED_IN_MAIN, child=pair.stands, at=Moment(at), about=pair, stops=[JOIN_IN_MAIN])
    return pair


def _may_wait(decided: Decided, at: datetime) -> None:
    if not decided.settles.strip():
        raise Invalid("Write what would settle it: whom to ask, or what to look up.", "settles")
    if decided.ask_again_on is None or not may_ask_again(decided.ask_again_on, day_of(at)):
        raise Invalid("Give a day within the next six months on which this is asked again.", "ask_again_on")


@command(needs=Permission.TAKE_BACK_PAIR)
def take_back_pair(*, pair: Pair, because: str, by: "Post", at: datetime) -> Pair:
    """Take back a decision that two records are of one child, or of two: the pair waits again, and both records are as if it had not been.

    However long ago it was. Nothing was moved, so nothing has to be put back. Raises Invalid without a reason, and where nothing is decided.
    """
    if not pair.is_decided:
        raise Invalid("Nothing is decided here that could be taken back.")
    if not because.strip():
        raise Invalid("Write why it is taken back.", "because")
    was_same = pair.state == S.SAME
    for child in _both(pair) if was_same else ():
        happened(Kind.TWICE_TAKEN_BACK, child=child, at=Moment(at), about=pair, stops=[JOIN_IN_MAIN], answers=False)
    end_tasks_about(about_id=pair.pk, at=at)
    _write(pair, PairDecision.Outcome.TAKEN_BACK, because.strip()[:MOST_BECAUSE], at, by)
    pair.stands = None
    _wait(pair, pair.why, at)
    return pair


def _both(pair: Pair) -> list[Child]:
    """Both children, locked. Raises Invalid where one of the two is not open to whoever acts, which the database has said before."""
    lock_all([pair.child_id, pair.other_child_id])
    found = Child.objects.in_bulk([pair.child_id, pair.other_child_id])
    if len(found) != 2:
        raise Invalid("You may not decide this. Ask the missing coordinator of the child’s authority.")
    return [found[pair.child_id], found[pair.other_child_id]]


def _write(pair: Pair, outcome: PairDecision.Outcome, because: str, at: datetime, by: "Post") -> None:
    PairDecision(
        pair=pair, child_id=pair.child_id, other_child_id=pair.other_child_id, outcome=outcome, because=because,
        settles=pair.settles if outcome == PairDecision.Outcome.UNSURE else "", stands_id=pair.stands_id if outcome == PairDecision.Outcome.SAME else None,
        decided_at=at, decided_by=by,
    ).save(force_insert=True)  # fmt: skip
