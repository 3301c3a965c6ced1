"""A panel asks less of agencies for a child on evidence, never because time has passed, and never at the meeting that heard something new. It lets a child go with a
reason. A strategic group and a panel give each other places, groups and themes; a child never goes to a strategic group.

practice.md 4.7.3 and 4.7.4; a product default that a partnership sets.
"""

import pytest

from atlas.meetings.codes import About, Answer, Evidence
from atlas.meetings.rules.panel import lacks_evidence, may_not_pass_on

ALL = tuple(Evidence.values)
LESS = [
    # decided          evidence  in words             let go because         heard new   what is asked at
    (Answer.STEP_DOWN, ALL,      "",                  "",                    False,      None),
    (Answer.STEP_DOWN, ALL[1:],  "",                  "",                    False,      "evidence"),
    (Answer.STEP_DOWN, ALL[1:],  "Safe since it …",   "",                    False,      None),
    (Answer.STEP_DOWN, ALL,      "",                  "",                    True,       "answer"),
    (Answer.CLOSE,     (),       "",                  "",                    False,      "closed_as"),
    (Answer.CLOSE,     (),       "",                  "safe_plan_holding",   False,      None),
    (Answer.CLOSE,     (),       "",                  "safe_plan_holding",   True,       "answer"),
    (Answer.KEEP,      (),       "",                  "",                    True,       None),
]  # fmt: skip
PASSED = [
    # what      to                  what is asked at
    ("child",   About.PANEL,        "answer"),
    ("child",   About.STRATEGIC,    "answer"),
    ("person",  About.STRATEGIC,    "passed_to"),
    ("person",  About.PANEL,        None),
    ("place",   About.STRATEGIC,    None),
    ("theme",   About.PANEL,        None),
    ("theme",   None,               "passed_to"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "evidence", "words", "closed_as", "heard_new", "asked"), LESS)
def test_less_is_asked_on_evidence(
    answer: str, evidence: tuple[str, ...], words: str, closed_as: str, heard_new: bool, asked: str | None
) -> None:
    lacks = lacks_evidence(answer, evidence=evidence, words=words, closed_as=closed_as, heard_new=heard_new)
    assert (lacks[1] if lacks else None) == asked


@pytest.mark.parametrize(("kind", "to", "asked"), PASSED)
def test_what_goes_to_whom(kind: str, to: About | None, asked: str | None) -> None:
    lacks = may_not_pass_on(kind, to)
    assert (lacks[1] if lacks else None) == asked
