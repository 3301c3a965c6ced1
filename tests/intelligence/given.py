"""A supplier's desk with two officers in different lines, and what they write."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from atlas.agencies.models import AgencyKind, Post
from atlas.connections.grades import Information, Source
from atlas.gate.policy import Kind
from atlas.intelligence.commands import Sanitised, Supplied
from atlas.intelligence.rules import Capacity, Checked, FactOrOpinion, Handling, latest_review
from tests import factories
from tests.factories import NOW

CANARY, SOURCE = "heron at the ninth lamp", "SRC-7731-QX"


@dataclass
class Desk:
    child: Any
    officer: Post
    second: Post
    below: Post


def desk(name: str, child: Any = None) -> Desk:
    """The intelligence desk of a police force, for the children of Fernleigh."""
    team = factories.team("Intelligence", of=factories.agency(name, AgencyKind.POLICE))
    officer = factories.post("intelligence_officer", of=team)
    posts = officer, factories.post("intelligence_officer", of=team), factories.post("intelligence_officer", of=team, line_manager=officer)
    for post in posts:
        post.clearance, post.vetted_until = 2, date(2030, 1, 1)
        post.save()
        factories.duty(Kind.INTELLIGENCE_DESK, factories.authority(), post=post)
    return Desk(child or factories.child(), *posts)


def supplied(number: int = 1, handling: Handling = Handling.PERMITTED, **other: Any) -> Supplied:
    conditions = "Ask the author before you act on it" if handling == Handling.CONDITIONS else ""
    said = Supplied(
        f"Item {number}: {CANARY}", f"INT-{number}", SOURCE, Source.UNTESTED, Information.NOT_CORROBORATED, handling, date(2026, 4, 18),
        latest_review("police", NOW.date()), conditions,
    )  # fmt: skip
    return replace(said, **other)


def sanitised(number: int = 1, handling: Handling = Handling.PERMITTED, named: tuple[UUID, ...] = (), **other: Any) -> Sanitised:
    values: dict[str, Any] = {
        "wording": f"Adults known to the police may have met the child ({number})", "source": Source.UNTESTED,
        "information": Information.NOT_CORROBORATED, "fact_or_opinion": FactOrOpinion.FACT, "capacity": Capacity.CHILD_AT_RISK,
        "month": date(2026, 4, 17), "checked": dict.fromkeys(Checked, "Read again, and changed"), "conditions": "Ask the author before you act on it" if named else "",
    }  # fmt: skip
    return Sanitised(handling=handling, named_agencies=named, **{**values, **other})
