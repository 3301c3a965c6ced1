"""What of intelligence about a child somebody may read."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from atlas.agencies.models import Agency
from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.gate.policy import Clearance
from atlas.intelligence.models import Product
from atlas.intelligence.rules import State


def readable_products(subject: Subject, child: Child) -> "QuerySet[Product]":
    """The products about a child that the subject may read, newest month first: released ones, and those its own unit proposed."""
    products = Product.objects.of_child(subject, child.pk).exclude(state=State.WITHDRAWN)
    return products.select_related("author").order_by("-month", "-edition", "pk")


def has_readable_products(subject: Subject, child: Child) -> bool:
    """Whether there is any. Asks nothing of the database for a post that is not vetted."""
    is_vetted = subject.post.clearance_on(subject.at.date()) >= Clearance.INTELLIGENCE
    return is_vetted and readable_products(subject, child).exists()


@dataclass(frozen=True)
class Shown:
    """A product with what must stand beside it wherever it is shown."""

    product: Product
    named: tuple[str, ...]
    is_own: bool
    is_late: bool


def shown_products(subject: Subject, child: Child) -> list[Shown]:
    """The products with the names of the agencies that may read those with conditions."""
    products = list(readable_products(subject, child))
    names = dict(Agency.objects.filter(pk__in={one for product in products for one in product.named_agencies}).values_list("pk", "name"))
    today: date = subject.at.date()
    return [
        Shown(
            product, tuple(sorted(names[one] for one in product.named_agencies if one in names)),
            product.author_id == subject.post.team.agency_id, product.review_on < today,
        )
        for product in products
    ]  # fmt: skip
