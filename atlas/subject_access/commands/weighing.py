"""The record is gathered, and each part of it weighed; who was asked about it is written down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.moments import start_of_day
from atlas.design.words import day as day_words
from atlas.design.words import when
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.gate.sets import save_all
from atlas.subject_access.commands.requests import ANSWERED, NOT_OPEN
from atlas.subject_access.marks import Known, common_words, marks, name_words
from atlas.subject_access.models import AnswerItem, Opinion, SubjectAccessRequest
from atlas.subject_access.record import Held, held_about
from atlas.subject_access.rules import ASKED_BEFORE, FROM_PARENT_ALONE, OPINION_WITHIN, Asked, Asks, Ground
from atlas.subject_access.whole import whole_mark

Outcome = AnswerItem.Outcome


@dataclass(frozen=True)
class Weighed:
    """What was decided about an item: the cuts as (line, from, to, ground), or the ground on which all of it stays behind."""

    outcome: Outcome
    cuts: tuple[tuple[int, int, int, Ground], ...] = ()
    ground: Ground | None = None
    is_quiet: bool = False
    because: str = ""


@command(needs=Permission.GATHER_RECORD)
def gather_record(*, request: SubjectAccessRequest, by: Post, at: datetime) -> SubjectAccessRequest:
    """Gather what Atlas holds about the child, in the order of the child's life, with what the helper marks. Gathered again, what has changed is to be weighed
    anew, what is new is added, and what has gone from the record is in no answer. What was decided of the rest stands.
    """
    _expect_open(request)
    bring_up_to_date(request, at)
    return request


def bring_up_to_date(request: SubjectAccessRequest, at: datetime) -> int:
    """Compare what was gathered with the record as it is now, and take over what differs. Returns how many items differed."""
    held = sorted(held_about(acting_subject(), request.child_id), key=lambda one: (_order(one.at), one.label, str(one.pk)))
    known, before = _known(request.child, held), {(one.label, one.source_id): one for one in request.items.all()}
    there: set[tuple[str, Any]] = set()
    added, changed = [], []
    for number, one in enumerate(held, 1):
        key = (one.label, one.pk)
        there.add(key)
        item = before.get(key)
        if item is None:
            added.append(
                _filled(
                    AnswerItem(child_id=request.child_id, request=request, label=one.label, source_id=one.pk), one, number, known, request
                )
            )
        elif item.digest != one.digest or item.is_gone:
            changed.append(_filled(item, one, number, known, request))
        elif item.number != number:
            item.number = number
            item.save(update_fields=["number"])
    gone = [item for key, item in before.items() if key not in there and not item.is_gone]
    for item in gone:
        item.is_gone = True
        item.save(update_fields=["is_gone"])
    save_all(added)
    for item in changed:
        item.save()
    request.gathered_at = at
    request.save(update_fields=["gathered_at"])
    return len(added) + len(changed) + len(gone)


def _order(at: datetime | date | None) -> float:
    if at is None:
        return 0.0
    return at.timestamp() if isinstance(at, datetime) else start_of_day(at).timestamp()


def _filled(item: AnswerItem, held: Held, number: int, known: Known, request: SubjectAccessRequest) -> AnswerItem:
    """The item as the record is now; nothing is decided about it."""
    item.number, item.heading, item.lines, item.digest = number, held.heading[:120], [list(line) for line in held.lines], held.digest
    item.source, item.agency, item.is_gone = held.source[:300], held.agency[:200], False
    item.happened = "" if held.at is None else when(held.at) if isinstance(held.at, datetime) else day_words(held.at)
    item.marks = whole_mark(held.label, Asks(request.asks)) + [
        [one.line, one.start, one.end, one.why] for one in marks(held.lines, known) if one.line in held.free
    ]
    item.outcome, item.cuts, item.ground, item.is_quiet, item.because, item.decided_by, item.decided_at = "", [], "", False, "", None, None
    return item


def _known(child: Child, held: Sequence[Held]) -> Known:
    own = {child.name} | {line[1] for one in held if one.label == "people.Name" for line in one.lines if line[0] in {"Forename", "Surname"}}
    staff = {one.source for one in held} | {one.agency for one in held}
    own_words = name_words(own)
    others = name_words(name for one in held for name in one.others)
    common = common_words(text for one in held for _, text in one.lines)
    return Known(own_words, name_words(staff), others - own_words - common, common)


def _expect_open(request: SubjectAccessRequest) -> None:
    if request.state not in ANSWERED:
        raise Invalid(NOT_OPEN)


@command(needs=Permission.WEIGH_ITEM)
def weigh_item(*, item: AnswerItem, weighed: Weighed, by: Post, at: datetime) -> AnswerItem:
    """Decide about one item: give it, give it without some words, or leave it out, on a ground of law.

    Raises Invalid for a ground that does not hold for whoever asks, for one on which nobody was asked who must be, and for a removal without its reason.
    """
    _expect_open(item.request)
    cuts = _checked(item, weighed, at)
    item.outcome, item.cuts, item.ground = (
        weighed.outcome,
        cuts,
        weighed.ground if weighed.outcome == Outcome.LEAVE_OUT and weighed.ground else "",
    )
    item.is_quiet, item.because = weighed.is_quiet and weighed.outcome != Outcome.GIVE, weighed.because.strip()
    item.decided_by, item.decided_at = by, at
    item.save()
    return item


def _checked(item: AnswerItem, weighed: Weighed, at: datetime) -> list[list[Any]]:
    """The cuts as they are kept. Raises Invalid as `weigh_item` says."""
    if weighed.outcome == Outcome.GIVE:
        return []
    if weighed.outcome == Outcome.LEAVE_OUT and weighed.ground is None:
        raise Invalid("Choose the ground on which it is left out.", "ground")
    if weighed.outcome == Outcome.PART and not weighed.cuts:
        raise Invalid("Tick the words to take out, or write them; or give all of it.", "words")
    grounds = {weighed.ground} if weighed.outcome == Outcome.LEAVE_OUT and weighed.ground else {cut[3] for cut in weighed.cuts}
    for ground in grounds:
        _may_stand(item.request, Ground(ground), at)
    if not weighed.because.strip():
        raise Invalid("Write why, for the second person and for whoever looks into a complaint.", "because")
    return [list(cut) for cut in weighed.cuts] if weighed.outcome == Outcome.PART else []


def _may_stand(request: SubjectAccessRequest, ground: Ground, at: datetime) -> None:
    if ground in FROM_PARENT_ALONE and request.asks != Asks.PARENT:
        raise Invalid("That ground holds only where a parent asks. It is the child’s own record.", "ground")
    asked = ASKED_BEFORE.get(ground)
    if asked and not request.opinions.filter(asked=asked, given_on__gte=day_of(at - OPINION_WITHIN)).exists():
        raise Invalid(f"Ask first, and write down what they said: {asked.label.lower()}, within the last six months.", "ground")


@command(needs=Permission.WEIGH_ITEM)
def give_unmarked(*, request: SubjectAccessRequest, numbers: Iterable[int], by: Post, at: datetime) -> int:
    """Give the items of one page of the list in which nothing is marked and about which nobody has decided. Returns how many. They were shown to the person."""
    _expect_open(request)
    rows = list(request.items.filter(number__in=list(numbers), outcome="", marks=[], is_gone=False))
    for item in rows:
        item.outcome, item.decided_by, item.decided_at = Outcome.GIVE, by, at
        item.save()
    return len(rows)


@command(needs=Permission.RECORD_OPINION)
def record_opinion(
    *, request: SubjectAccessRequest, asked: Asked, who_words: str, words: str, given_on: date, by: Post, at: datetime
) -> Opinion:  # fmt: skip
    """Write down what somebody said who was asked. Raises Invalid for a day to come, and where the request is over."""
    _expect_open(request)
    if given_on > day_of(at):
        raise Invalid("That day is still to come.", "given_on")
    row = Opinion(
        child_id=request.child_id, request=request, asked=asked, who_words=who_words.strip(), words=words.strip(), given_on=given_on, recorded_by=by, recorded_at=at
    )  # fmt: skip
    row.save(force_insert=True)
    return row
