"""A strategy discussion needs social work, police and health, each by somebody who may decide. Where one was not there, what they know is on the record and so
is the reason. Before its record is closed it has settled what is decided, what follows for the safety plan, the National Referral Mechanism, and who tells the child.

Working Together to Safeguard Children, as practice.md 6.1 and 6.3 hold it. The other kinds: a product default that a partnership sets.
"""

import pytest

from atlas.chronology.moments import when_words, written
from atlas.meetings.codes import Attended, Group, Settles
from atlas.meetings.rules.clocks import HOLD_STRATEGY, MEETING_RECORD, STRATEGY_RECORD
from atlas.meetings.rules.kinds import SHIPPED, SHIPPED_BY_KEY
from atlas.meetings.rules.needed import Heard, absent, still_needed

WHOLE, NOT, UNKNOWN = Attended.WHOLE, Attended.NOT, Attended.UNKNOWN
STRATEGY = SHIPPED_BY_KEY["strategy_discussion"]
ALL = {"Ashby": set(STRATEGY.settles)}

QUORUM = [
    #   social work      police           health                       absent
    ((WHOLE, True),     (WHOLE, True),   (WHOLE, True),                []),
    ((WHOLE, True),     (WHOLE, True),   (NOT, True),                  [Group.HEALTH]),
    ((WHOLE, True),     (WHOLE, False),  (WHOLE, True),                [Group.POLICE]),      # there, but may not decide
    ((WHOLE, True),     (Attended.PARTLY, True), (UNKNOWN, True),      [Group.HEALTH]),
]  # fmt: skip

DUE = [
    #   decided or held          held by                  record out by
    ("1 May 2026 16:00",        "2 May 2026 16:00",      "5 May 2026 23:59"),      # a bank holiday on 4 May
    ("24 October 2026 23:00",   "25 October 2026 22:00", "26 October 2026 23:59"),  # the clocks go back
]  # fmt: skip


def heard(*people: tuple[Attended, bool], said: Group | None = None) -> list[Heard]:
    groups = (Group.SOCIAL_WORK, Group.POLICE, Group.HEALTH)
    return [Heard(group, attended, able, group is said) for group, (attended, able) in zip(groups, people, strict=True)]


@pytest.mark.parametrize(("social", "police", "health", "missing"), QUORUM)
def test_quorum(social: tuple[Attended, bool], police: tuple[Attended, bool], health: tuple[Attended, bool], missing: list[Group]) -> None:
    """For whom nobody was there who could decide."""
    assert absent(STRATEGY, heard(social, police, health)) == missing


@pytest.mark.parametrize(("decided", "held", "out"), DUE)
def test_due(decided: str, held: str, out: str) -> None:
    """The time to hold it from the decision, and to send its record from when it was held."""
    hold, record = HOLD_STRATEGY.due(written(decided)), STRATEGY_RECORD.due(written(decided))
    assert hold is not None and record is not None
    assert (when_words(hold.latest), when_words(record.latest)) == (held, out)
    assert MEETING_RECORD.due(written(decided)) is not None


def test_who_was_absent_is_heard_and_the_reason_is_given() -> None:
    """Neither the reason alone nor the words alone: both."""
    people = ((WHOLE, True), (WHOLE, True), (NOT, True))

    def needs(reason: str = "", said: Group | None = None) -> list[str]:
        return [
            one.where for one in still_needed(STRATEGY, heard=heard(*people, said=said), quorum_reason=reason, settled=ALL, is_held=True)
        ]

    assert needs() == ["people", "quorum_reason"]
    assert needs(reason="Nobody at the surgery could be reached at night") == ["people"]
    assert needs(said=Group.HEALTH) == ["quorum_reason"]
    assert needs("Nobody could be reached", Group.HEALTH) == []


def test_nobody_is_said_to_be_absent_of_whom_it_is_not_known_yet() -> None:
    """Somebody was asked, and nobody has said whether they were there: that is asked, and no reason for holding it without them."""
    people = heard((WHOLE, True), (WHOLE, True), (UNKNOWN, True))
    assert [one.where for one in still_needed(STRATEGY, heard=people, quorum_reason="", settled=ALL, is_held=True)] == ["people"]


def test_everything_is_settled_for_each_child_and_everybody_counted() -> None:
    """Two children: each has its own decision. Somebody of whom nobody said whether they were there is asked about."""
    there = heard((WHOLE, True), (WHOLE, True), (WHOLE, True))
    two = {"Ashby": set(STRATEGY.settles), "Rowan": {Settles.DECISION, Settles.PLAN}}
    words = [one.words for one in still_needed(STRATEGY, heard=there, quorum_reason="", settled=two, is_held=True)]
    assert words == [f"Rowan: {point.label}" for point in (Settles.NRM, Settles.CHILD_TOLD)]
    extra = [*there, Heard(Group.HOUSING, UNKNOWN, True, False)]
    assert [one.where for one in still_needed(STRATEGY, heard=extra, quorum_reason="", settled=ALL, is_held=False)] == ["held", "people"]
    assert [one.where for one in still_needed(STRATEGY, heard=there, quorum_reason="", settled={}, is_held=True)] == ["agenda"]


def test_every_kind_names_what_it_needs() -> None:
    """Keys are distinct; each says who chairs it and settles a decision; a first meeting after child protection is chaired apart from the case."""
    assert len(SHIPPED_BY_KEY) == len(SHIPPED) == 9
    assert all(kind.chaired_by and Settles.DECISION in kind.settles and kind.answers for kind in SHIPPED)
    assert SHIPPED_BY_KEY["first_child_in_need_meeting"].is_independent
    assert not SHIPPED_BY_KEY["exploitation_group"].opens_child
