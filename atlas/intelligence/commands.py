"""The supplier writes intelligence down, proposes what partners may read, releases it by a second person, reviews and withdraws it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from atlas.children.models import Child
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.intelligence.models import Product, Raw
from atlas.intelligence.rules import Capacity, Checked, FactOrOpinion, Handling, Information, Source, State, handling_of_old, latest_review

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@dataclass(frozen=True)
class Supplied:
    """What the supplier holds: its wording, its number, its reference to the source, and an older item's handling code if it has one."""

    wording: str
    reference: str
    source_reference: str
    old_handling: str = ""


@dataclass(frozen=True)
class Sanitised:
    """What partners may read: the wording with its grading, and the checklist as it was answered."""

    wording: str
    source: Source
    information: Information
    handling: Handling
    fact_or_opinion: FactOrOpinion
    capacity: Capacity
    month: date
    checked: frozenset[Checked]
    conditions: str = ""
    named_agencies: tuple[UUID, ...] = ()


@command(needs=Permission.RECORD_INTELLIGENCE)
def record_intelligence(*, child: Child, supplied: Supplied, by: "Post", at: datetime) -> Raw:
    """Write down what the supplier holds about a child, in its own wording. It makes no entry, task, alert or notice."""
    for value, field, words in (
        (supplied.wording, "wording", "Enter the information"),
        (supplied.reference, "reference", "Enter your own reference for it"),
        (supplied.source_reference, "source_reference", "Enter your own reference to the source, never a name"),
    ):
        if not value.strip():
            raise Invalid(words, field)
    if Raw.objects.filter(child=child, author=by.team.agency, reference=supplied.reference).exists():
        raise Invalid("Your agency has already recorded intelligence with this reference about this child", "reference")
    raw = Raw(
        child=child, author=by.team.agency, reference=supplied.reference, source_reference=supplied.source_reference,
        wording=supplied.wording, old_handling=supplied.old_handling, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    raw.save(force_insert=True)
    return raw


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
        capacity=sanitised.capacity, month=sanitised.month.replace(day=1), review_on=latest_review(by.team.agency.kind, _day(at)),
        proposed_by=by, proposed_at=at,
    )  # fmt: skip
    product.save(force_insert=True)
    return product


def _sayable(raw: Raw, sanitised: Sanitised) -> None:
    """Raise Invalid where the proposal could give the source away, or would be wider than an older handling code lets it be."""
    if missing := [str(one.label) for one in Checked if one not in sanitised.checked]:
        raise Invalid(f"Check the wording and confirm: {'; '.join(missing)}", "checked")
    said = sanitised.wording.casefold()
    if not said.strip():
        raise Invalid("Enter the wording that partners will read", "wording")
    if raw.wording.strip().casefold() in said or raw.source_reference.casefold() in said:
        raise Invalid("Write it in new words, without the original wording or the reference to the source", "wording")
    if sanitised.handling == Handling.CONDITIONS and not (sanitised.conditions.strip() and sanitised.named_agencies):
        raise Invalid("Enter the conditions and name the agencies that may read it", "conditions")
    if raw.old_handling and sanitised.handling not in {handling_of_old(raw.old_handling), Handling.AUTHOR_ONLY}:
        raise Invalid("It came with a handling code that does not allow this. Choose what that code means", "handling")


@command(needs=Permission.RELEASE_PRODUCT)
def release_product(*, product: Product, by: "Post", at: datetime) -> Product:
    """Release a proposed product: a second person of the supplier, outside the proposer's line. It takes the place of an earlier version."""
    if product.state != State.PROPOSED:
        raise Invalid("This has already been released or withdrawn")
    if by.user_id == product.proposed_by.user_id:
        raise Invalid("You proposed this wording. Ask a second person to release it")
    if by.pk in _line_of(product.proposed_by) or product.proposed_by_id in _line_of(by):
        raise Invalid("You and the person who proposed this wording are in the same line. Ask somebody outside it to release it")
    if product.review_on < _day(at):
        raise Invalid("The review date of this wording has passed. Propose it again")
    for earlier in Product.objects.filter(raw_id=product.raw_id, state=State.RELEASED):
        earlier.state = State.WITHDRAWN
        earlier.save(update_fields=["state"])
    product.state, product.released_by, product.released_at = State.RELEASED, by, at
    product.save(update_fields=["state", "released_by", "released_at"])
    return product


def _line_of(post: "Post") -> set[UUID]:
    """The posts above a post, to the top."""
    above: set[UUID] = set()
    while post.line_manager is not None and post.line_manager.pk not in above:
        post = post.line_manager
        above.add(post.pk)
    return above


@command(needs=Permission.REVIEW_INTELLIGENCE)
def review_intelligence(*, product: Product, review_on: date, by: "Post", at: datetime) -> Product:
    """Keep a product until a new review date, no later than its kind of supplier may set."""
    latest = latest_review(by.team.agency.kind, _day(at))
    if not _day(at) < review_on <= latest:
        raise Invalid(f"Enter a review date after today and no later than {latest.day} {latest:%B %Y}", "review_on")
    if product.state == State.WITHDRAWN:
        raise Invalid("This was withdrawn. Propose it again")
    product.review_on = review_on
    product.save(update_fields=["review_on"])
    return product


@command(needs=Permission.WITHDRAW_PRODUCT)
def withdraw_product(*, product: Product, by: "Post", at: datetime) -> Product:
    """Withdraw a product: from now on nobody but its author reads it."""
    product.state = State.WITHDRAWN
    product.save(update_fields=["state"])
    return product


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()  # as the gate counts days
