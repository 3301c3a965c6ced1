"""What of intelligence about a child somebody may read, and what waits for the supplier's unit."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value

from atlas.agencies.models import Agency
from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.policy import REGIME_WORDS, ROLE, Clearance, Permission, Regime, regime_of
from atlas.intelligence.models import Product, Raw
from atlas.intelligence.rules import SOON, Handling, State

MOST = 100


def readable_products(subject: Subject, child: Child) -> "QuerySet[Product]":
    """The products about a child that the subject may read, newest month first: released ones, and those its own unit proposed."""
    products = Product.objects.of_child(subject, child.pk).filter(state__in=(State.PROPOSED, State.RELEASED))
    return products.select_related("author").order_by("-month", "-edition", "pk")


def has_readable_products(subject: Subject | None, child: str) -> Exists | Value:
    """Whether there is any about the child in that column, for a query that reads the child; row security says which. Asks nothing for a post
    that is not vetted.
    """
    if subject is None or Permission.VIEW_INTELLIGENCE not in ROLE[subject.post.role].permissions:
        return Value(False)
    if subject.post.clearance_on(day_of(subject.at)) < Clearance.INTELLIGENCE:
        return Value(False)
    return any_products(child)


def any_products(child: str) -> Exists:
    """The same for a post that is vetted."""
    return Exists(Product.objects.filter(child=OuterRef(child), state__in=(State.PROPOSED, State.RELEASED)))


@dataclass(frozen=True)
class Shown:
    """A product with what must stand beside it wherever it is shown.

    `crosses`: it is kept under another regime than the reader acts under; both are then said, with the basis.
    """

    product: Product
    named: tuple[str, ...]
    is_own: bool
    is_late: bool
    kept_under: str
    crosses: bool


def shown_products(subject: Subject, child: Child) -> list[Shown]:
    """The products with the names of the agencies that may read those with conditions."""
    products = list(readable_products(subject, child))
    names = names_of(products)
    today, read_under = day_of(subject.at), regime_of(subject.purpose)
    return [
        Shown(
            product, names_in(names, product), product.author_id == subject.post.team.agency_id, product.review_on < today,
            REGIME_WORDS[Regime(product.regime)], product.regime != read_under,
        )
        for product in products
    ]  # fmt: skip


def names_of(products: "list[Product]") -> dict[object, str]:
    """The names of the agencies that products with conditions name; asks nothing where none does."""
    asked = {one for product in products for one in product.named_agencies}
    return dict(Agency.objects.filter(pk__in=asked).values_list("pk", "name")) if asked else {}


def names_in(names: dict[object, str], product: Product) -> tuple[str, ...]:
    """The agencies that one product names, in order."""
    return tuple(sorted(names[one] for one in product.named_agencies if one in names))


def agencies_to_name(child: Child, author: Agency) -> list[Agency]:
    """The agencies that serve the child's authorities, without the author: those that a product with conditions may name."""
    serving = Agency.objects.filter(authorities__in=(child.responsible_authority_id, child.host_authority_id)).exclude(pk=author.pk)
    return list(serving.distinct().order_by("name"))


def product_beside_raw() -> "QuerySet[Product]":
    """A product with what its two people look at: the raw item, and who proposed it."""
    return Product.objects.select_related("raw", "author", "child", "proposed_by__user", "proposed_by__team")


def raw_with_child() -> "QuerySet[Raw]":
    """A raw item with what its page shows."""
    return Raw.objects.select_related("child", "author", "recorded_by__user")


def _of_own_unit(subject: Subject) -> "QuerySet[Raw]":
    return Raw.objects.visible_to(subject).filter(author=subject.post.team.agency_id).select_related("child", "recorded_by__user")


def raw_without_product(subject: Subject) -> "QuerySet[Raw]":
    """The raw items that wait for a wording: none is proposed or released, and none was withdrawn. Oldest first.

    `sent_back`: why the last wording was not released, where one was. What nobody outside the unit may read waits for none.
    """
    stands = Product.objects.filter(raw=OuterRef("pk")).exclude(state=State.SENT_BACK)
    last = Product.objects.filter(raw=OuterRef("pk"), state=State.SENT_BACK).order_by("-edition")
    raws = _of_own_unit(subject).exclude(handling=Handling.AUTHOR_ONLY).filter(~Exists(stands))
    return raws.annotate(sent_back=Subquery(last.values("ended_because")[:1])).order_by("recorded_at", "pk")[:MOST]


def raw_kept(subject: Subject) -> "QuerySet[Raw]":
    """The raw items that nobody outside the unit may read, by an older handling code. Newest first."""
    return _of_own_unit(subject).filter(handling=Handling.AUTHOR_ONLY).order_by("-recorded_at", "pk")[:MOST]


def products_of_unit(subject: Subject) -> "QuerySet[Product]":
    """The products that the subject's own agency wrote, with what the desk shows of them."""
    products = Product.objects.visible_to(subject).filter(author=subject.post.team.agency_id)
    return products.select_related("child", "raw", "proposed_by__user")


def products_proposed(subject: Subject) -> "QuerySet[Product]":
    """The products that wait for the second person, oldest first."""
    return products_of_unit(subject).filter(state=State.PROPOSED).order_by("proposed_at", "pk")[:MOST]


def products_to_review(subject: Subject) -> "QuerySet[Product]":
    """The released products whose review date has passed or comes within 14 days, the most urgent first."""
    until: date = day_of(subject.at) + SOON
    return products_of_unit(subject).filter(Q(state=State.RELEASED), review_on__lte=until).order_by("review_on", "pk")[:MOST]
