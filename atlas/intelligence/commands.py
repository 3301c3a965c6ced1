"""The supplier writes intelligence down, proposes what partners may read, releases it by a second person, reviews and withdraws it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from atlas.children.models import Child
from atlas.connections.grades import Information, Source
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Permission, regime_of
from atlas.intelligence.models import Product, Raw
from atlas.intelligence.rules import (
    Capacity,
    Checked,
    FactOrOpinion,
    Handling,
    State,
    handling_of_old,
    is_wider,
    latest_review,
)

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@dataclass(frozen=True)
class Supplied:
    """What the supplier holds: its wording, its number, its reference to the source, the grading, when it came to know it (None: not
    known), and when it must be looked at again.
    """

    wording: str
    reference: str
    source_reference: str
    source: Source
    information: Information
    handling: Handling
    known_on: date | None
    review_on: date
    conditions: str = ""


@dataclass(frozen=True)
class OldGrading:
    """How an older item (5x5x5) was graded, letter by letter as it came."""

    source: str
    information: str
    handling: str


@dataclass(frozen=True)
class Sanitised:
    """What partners may read: the wording with its grading, and the checklist as it was answered, in words."""

    wording: str
    source: Source
    information: Information
    handling: Handling
    fact_or_opinion: FactOrOpinion
    capacity: Capacity
    month: date
    checked: Mapping[Checked, str]
    conditions: str = ""
    named_agencies: tuple[UUID, ...] = ()


@command(needs=Permission.RECORD_INTELLIGENCE)
def record_intelligence(*, child: Child, supplied: Supplied, by: "Post", at: datetime) -> Raw:
    """Write down what the supplier holds about a child, in its own wording. It makes no entry, task, alert or notice."""
    return _recorded(child, supplied, OldGrading("", "", ""), by, at)


@command(needs=Permission.RECORD_INTELLIGENCE)
def record_old_intelligence(*, child: Child, supplied: Supplied, old: OldGrading, by: "Post", at: datetime) -> Raw:
    """Take over an older item (5x5x5): its own grading is kept as it came, and its handling code says who may read it now.

    A code that is not known lets nobody outside the supplier read it (protection.md 4.7).
    """
    for value, field, words in (
        (old.source, "old_source", "Enter the grade of the source as it came"),
        (old.information, "old_information", "Enter the grade of the information as it came"),
        (old.handling, "old_handling", "Enter the handling code as it came"),
    ):
        if not value.strip():
            raise Invalid(words, field)
    return _recorded(child, replace(supplied, handling=handling_of_old(old.handling)), old, by, at)


def _recorded(child: Child, supplied: Supplied, old: OldGrading, by: "Post", at: datetime) -> Raw:
    agency, is_old = by.team.agency, bool(old.handling)
    _recordable(supplied, agency.kind, _day(at), is_old)
    if Raw.objects.filter(child=child, author=agency, reference=supplied.reference).exists():
        raise Invalid("Your agency has already recorded intelligence with this reference about this child", "reference")
    with_conditions = supplied.handling == Handling.CONDITIONS
    raw = Raw(
        child=child, author=agency, reference=supplied.reference, source_reference=supplied.source_reference, wording=supplied.wording,
        source=supplied.source, information=supplied.information, handling=supplied.handling,
        conditions=supplied.conditions if with_conditions else "", old_source=old.source, old_information=old.information,
        old_handling=old.handling, known_on=supplied.known_on, review_on=supplied.review_on, regime=_regime(), recorded_by=by,
        recorded_at=at,
    )  # fmt: skip
    raw.save(force_insert=True)
    return raw


def _recordable(supplied: Supplied, agency_kind: str, today: date, is_old: bool) -> None:
    """Raise Invalid where something that must be said is not, or a date cannot be."""
    for value, field, words in (
        (supplied.wording, "wording", "Enter the information"),
        (supplied.reference, "reference", "Enter your own reference for it"),
        (supplied.source_reference, "source_reference", "Enter your own reference to the source, never a name"),
    ):
        if not value.strip():
            raise Invalid(words, field)
    if supplied.handling == Handling.CONDITIONS and not supplied.conditions.strip():
        raise Invalid("Enter the conditions under which it may be shared", "conditions")
    if supplied.handling == Handling.AUTHOR_ONLY and not is_old:
        raise Invalid("Choose P or C", "handling")
    if supplied.known_on is None and not is_old:
        raise Invalid("Enter the day when your unit came to know it", "known_on")
    if supplied.known_on is not None and supplied.known_on > today:
        raise Invalid("Enter a day that is not after today", "known_on")
    _review_day(supplied.review_on, agency_kind, today)


def _review_day(review_on: date, agency_kind: str, today: date) -> None:
    latest = latest_review(agency_kind, today)
    if not today < review_on <= latest:
        raise Invalid(f"Enter a review date after today and no later than {latest.day} {latest:%B %Y}", "review_on")


@command(needs=Permission.PROPOSE_PRODUCT)
def propose_product(*, raw: Raw, sanitised: Sanitised, by: "Post", at: datetime) -> Product:
    """Propose what partners may read of a raw item. It stays with the supplier until a second person releases it."""
    _sayable(raw, sanitised)
    earlier = Product.objects.filter(raw=raw).count()
    with_conditions = sanitised.handling == Handling.CONDITIONS
    product = Product(
        raw=raw, child_id=raw.child_id, author_id=raw.author_id, edition=earlier + 1, wording=sanitised.wording, source=sanitised.source,
        information=sanitised.information, handling=sanitised.handling, conditions=sanitised.conditions if with_conditions else "",
        named_agencies=list(sanitised.named_agencies) if with_conditions else [], fact_or_opinion=sanitised.fact_or_opinion,
        capacity=sanitised.capacity, month=sanitised.month.replace(day=1), review_on=_review_of(raw, by, _day(at)), regime=_regime(),
        checklist={str(one): sanitised.checked[one] for one in Checked}, proposed_by=by, proposed_at=at,
    )  # fmt: skip
    product.save(force_insert=True)
    return product


def _review_of(raw: Raw, by: "Post", today: date) -> date:
    """The raw item's own review date goes with the product; where it has passed, the latest that the supplier may set."""
    return raw.review_on if raw.review_on > today else latest_review(by.team.agency.kind, today)


def _regime() -> str:
    subject = acting_subject()
    return regime_of(subject.purpose)


def _sayable(raw: Raw, sanitised: Sanitised) -> None:
    """Raise Invalid where the proposal could give the source away, or would be wider than its own or an older handling code lets it be."""
    for one in Checked:
        if not sanitised.checked.get(one, "").strip():
            raise Invalid(f"{one.label}: enter what you looked at or changed", f"{one.value}_words")
    said = sanitised.wording.casefold()
    if not said.strip():
        raise Invalid("Enter the wording that partners will read", "wording")
    if raw.wording.strip().casefold() in said or raw.source_reference.casefold() in said:
        raise Invalid("Write it in new words, without the original wording or the reference to the source", "wording")
    if sanitised.handling == Handling.CONDITIONS and not sanitised.conditions.strip():
        raise Invalid("Enter the conditions under which it may be read", "conditions")
    if sanitised.handling == Handling.CONDITIONS and not sanitised.named_agencies:
        raise Invalid("Choose the agencies that may read it", "named_agencies")
    if is_wider(sanitised.handling, raw.handling):
        code = f"handling code {raw.old_handling} of the older scheme" if raw.old_handling else raw.get_handling_display()
        raise Invalid(f"The original came with {code}, which does not allow this. Choose a narrower one", "handling")


@command(needs=Permission.RELEASE_PRODUCT)
def release_product(*, product: Product, by: "Post", at: datetime) -> Product:
    """Release a proposed product: a second person of the supplier, outside the proposer's line. It takes the place of an earlier version."""
    if problem := why_not_release(product, by, _day(at)):
        raise Invalid(problem)
    for earlier in Product.objects.filter(raw_id=product.raw_id, state=State.RELEASED):
        _end(earlier, State.WITHDRAWN, "A newer wording took its place", by, at)
    product.state, product.released_by, product.released_at = State.RELEASED, by, at
    product.save(update_fields=["state", "released_by", "released_at"])
    return product


def why_not_release(product: Product, by: "Post", today: date) -> str:
    """Why this person may not release this product, in words that say what to do; empty where they may."""
    if product.state != State.PROPOSED:
        return "This has already been released, sent back or withdrawn"
    if by.user_id == product.proposed_by.user_id:
        return "You proposed this wording. Ask a second person to release it"
    if by.pk in _line_of(product.proposed_by) or product.proposed_by_id in _line_of(by):
        return "You and the person who proposed this wording are in the same line. Ask somebody outside it to release it"
    return "The review date of this wording has passed. Propose it again" if product.review_on < today else ""


def _line_of(post: "Post") -> set[UUID]:
    """The posts above a post, to the top."""
    above: set[UUID] = set()
    while post.line_manager is not None and post.line_manager.pk not in above:
        post = post.line_manager
        above.add(post.pk)
    return above


@command(needs=Permission.DECLINE_PRODUCT)
def decline_product(*, product: Product, reason: str, by: "Post", at: datetime) -> Product:
    """Do not release a proposed product, with the reason: another person than the proposer. The raw item waits for a new wording."""
    if product.state != State.PROPOSED:
        raise Invalid("This has already been released, sent back or withdrawn")
    if by.user_id == product.proposed_by.user_id:
        raise Invalid("You proposed this wording. If it should not be released, withdraw it")
    if not reason.strip():
        raise Invalid("Enter what must be changed before it can be released", "reason")
    return _end(product, State.SENT_BACK, reason, by, at)


@command(needs=Permission.REVIEW_INTELLIGENCE)
def review_intelligence(*, product: Product, review_on: date, by: "Post", at: datetime) -> Product:
    """Keep a product until a new review date, no later than its kind of supplier may set."""
    _review_day(review_on, by.team.agency.kind, _day(at))
    if product.state not in {State.PROPOSED, State.RELEASED}:
        raise Invalid("This was withdrawn or sent back. Propose it again")
    product.review_on = review_on
    product.save(update_fields=["review_on"])
    return product


@command(needs=Permission.WITHDRAW_PRODUCT)
def withdraw_product(*, product: Product, reason: str, by: "Post", at: datetime) -> Product:
    """Withdraw a product, with the reason: from now on nobody but its author reads it."""
    if not reason.strip():
        raise Invalid("Enter why it is withdrawn", "reason")
    if product.state in {State.WITHDRAWN, State.SENT_BACK}:
        raise Invalid("This has already been withdrawn or sent back")
    return _end(product, State.WITHDRAWN, reason, by, at)


def _end(product: Product, state: State, reason: str, by: "Post", at: datetime) -> Product:
    product.state, product.ended_because, product.ended_by, product.ended_at = state, reason, by, at
    product.save(update_fields=["state", "ended_because", "ended_by", "ended_at"])
    return product


def _day(at: datetime) -> date:
    return day_of(at)
