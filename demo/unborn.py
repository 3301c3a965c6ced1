"""A child who is expected, and one who was and is born by now. Invented, so that the pages can be seen."""

from datetime import datetime, timedelta

from atlas.agencies.models import Authority, Post
from atlas.allocation.commands import record_birth, register_unborn
from atlas.children.commands import Known
from atlas.gate.days import day_of

DOOR = "front.door"


def expect(authority: Authority, named: dict[str, Post], now: datetime) -> None:
    """The midwife told the front door of both; one was born nine days ago."""
    by = named[DOOR]
    for mother, told, due in (("Maya Brook", 40, 75), ("Erin Vale", 60, -4)):
        child = register_unborn(
            known=Known("", "", None, expected_on=day_of(now + timedelta(days=due)), mother_name=mother), responsible=authority,
            source="The midwife, Fernleigh Hospital", by=by, at=now - timedelta(days=told),
        )  # fmt: skip
        if due < 0:
            record_birth(child=child, born_on=day_of(now - timedelta(days=9)), forename="Rowan", by=by, at=now - timedelta(days=8))
