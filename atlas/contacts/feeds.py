"""What the main case system says of an assessment that the front door decided on: mirrored as a spell (statuses); here its clock stops by it."""

from atlas.contacts.commands.mirrored import finish_mirrored
from atlas.feeds.handling import Carrying, Takers

TAKES: Takers = {}


def follow(carrying: Carrying) -> None:
    """After a delivery: assessments that were authorised in the main case system."""
    if not carrying.is_historic:
        finish_mirrored(delivery=carrying.delivery, by=carrying.by, at=carrying.at)


FOLLOWS = (follow,)
