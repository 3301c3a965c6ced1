"""A kind of meeting that a council adds: what it may hold, and what it may not loosen: pure.

Source: the issue's own list (*kinds are data: a council adds one without code*); what a strategy discussion needs, as `rules/kinds.py` holds it.
"""

from dataclasses import dataclass

from atlas.meetings.codes import About, Answer, Group, Settles
from atlas.meetings.rules.kinds import OF_GROUP, OF_PANEL, OF_PLAN, OF_STRATEGY, SHIPPED, SHIPPED_BY_KEY

STRATEGY = SHIPPED_BY_KEY["strategy_discussion"]
AGREED = (Answer.AGREED, Answer.NOT_AGREED, Answer.STEP_UP, Answer.REFER)
MOST_DAYS = 5  # working days until the record is out: the time limit of every meeting
YOUNGEST, OLDEST = 18, 25  # the birthday after which nobody is taken there


@dataclass(frozen=True)
class Answers:
    """One set of what a meeting may decide, and what such a meeting is about."""

    name: str
    about: About
    answers: tuple[Answer, ...]


ANSWERS = {
    "strategy": Answers("As a strategy discussion decides: section 47 enquiry or not, and why", About.CHILD, OF_STRATEGY),
    "plan": Answers("As a child in need meeting decides: the plan goes on, changes or ends", About.CHILD, OF_PLAN),
    "agreed": Answers("About one child: agreed or not agreed", About.CHILD, AGREED),
    "panel": Answers("As a panel decides: taken on, kept, less is needed, agencies act", About.PANEL, OF_PANEL),
    "group": Answers("As a strategic group decides, with no child by name", About.STRATEGIC, OF_GROUP),
}


@dataclass(frozen=True)
class KindGiven:
    """What is said of a kind. `decides`: a key of ANSWERS. `chaired_by`: roles."""

    name: str
    decides: str
    chaired_by: tuple[str, ...]
    quorum: tuple[Group, ...]
    settles: tuple[Settles, ...]
    is_independent: bool = False
    with_family: bool = False
    record_within: int = MOST_DAYS
    until_age: int = YOUNGEST


def what_is_wrong(given: KindGiven, may_chair: frozenset[str], taken: frozenset[str]) -> tuple[str, str] | None:
    """The first thing that is wrong with it, in words, and the field; None where nothing is. `may_chair`: the roles that may lead a meeting at all; `taken`: the names
    of the other kinds, folded.
    """
    if not given.name.strip():
        return "Give it the name by which people call it.", "name"
    if given.name.strip().casefold() in taken | {kind.name.casefold() for kind in SHIPPED}:
        return "There is a kind of this name already. Change that one, or choose another name.", "name"
    if given.decides not in ANSWERS:
        return "Choose what such a meeting decides.", "decides"
    if not given.chaired_by:
        return "Choose who may chair it. A meeting has a chair.", "chaired_by"
    if not set(given.chaired_by) <= may_chair:
        return "Choose roles that lead meetings.", "chaired_by"
    if Settles.DECISION not in given.settles:
        return "What is decided must be answered before the record closes. Tick it too.", "settles"
    if not 1 <= given.record_within <= MOST_DAYS:
        return f"The record of every meeting is out within {MOST_DAYS} working days. Set 1 to {MOST_DAYS}.", "record_within"
    if not YOUNGEST <= given.until_age <= OLDEST:
        return f"Set an age from {YOUNGEST} to {OLDEST}.", "until_age"
    if given.until_age > YOUNGEST and ANSWERS[given.decides].about is not About.PANEL:
        return "Only a panel goes on after the 18th birthday.", "until_age"
    if Group.FAMILY in given.quorum:
        return "A quorum counts agencies. Say below whether the family is asked.", "quorum"
    if given.with_family and ANSWERS[given.decides].about is not About.CHILD:
        return "A family comes to a meeting about its own child, and to no panel.", "with_family"
    return _looser_than_national(given) if given.decides == "strategy" else None


def _looser_than_national(given: KindGiven) -> tuple[str, str] | None:
    """A discussion that decides on a section 47 enquiry is a strategy discussion, whatever it is called."""
    if lacking := [one for one in STRATEGY.quorum if one not in given.quorum]:
        return (
            f"It decides on section 47 enquiries, so {', '.join(one.label.lower() for one in lacking)} must be there. Tick them too.",
            "quorum",
        )
    if open_points := [one for one in STRATEGY.settles if one not in given.settles]:
        return f"A strategy discussion also answers “{open_points[0].label}”. Tick it too.", "settles"
    if given.record_within > STRATEGY.record_within:
        return (
            f"The record of a strategy discussion is out within {STRATEGY.record_within} working day. Set {STRATEGY.record_within}.",
            "record_within",
        )
    return None
