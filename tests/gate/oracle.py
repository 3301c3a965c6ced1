"""The oracle: protection.md sections 4.1 to 4.3, 4.6, 4.7 and real-life.md point 3 put down by hand, as tables to be read by a person.

It imports nothing of Atlas, neither evaluator nor SQL; words are the words of the policy. `r` read, `w` read and write, `.` nothing.
"""

from dataclasses import dataclass

from tests.gate.oracle_permissions import MAY, NEEDS, TWO_PERSONS

__all__ = ["MAY", "NEEDS", "TWO_PERSONS", "Case", "decide", "may_second", "opens"]

#                        child    relationsh status     work     interview exploitation disclosure raw       conflict guard
#                           contact   allocation chronology missing  screening plan meeting intelligence  sealed  audit
COLUMNS = (
    "child contact relationship allocation status chronology work missing interview screening exploitation plan meeting disclosure intelligence "
    "intelligence_raw sealed conflict audit guard"
).split()
GRID = """
allocated            r w w r r w w w w w w w w w r . w . . r
line                 r w w w r w w w w w w w w w r . . w r w
team_duty            r r w r r n n w . n o o n . . . . . . r
front_door           r r w w r w w w . w r r w . . . . . . r
missing_response     r r w . r W w w W . . . . . . . . . . .
missing_duty         w . W . . W W W . . . . . . . . . . . .
return_interview     r r w r r w w r w . . . . . . . . . . r
missing_coordinator  r . w r r W w w w . . . . . . . . . . .
emergency_duty       w r w r r w w w . w r r w . . . . . . r
transfer             w . w w . W w . . . . . . . . . . . . .
advice               r . w . r w W . . . . . . . . . . . . r
known_to             r . r . . . . r . . . . . . . . . . . .
meeting_member       r . w . . W W . . . . . w r . . . . . .
reviewing            r . w . r W W . . . . r w . . . . . . .
shared               . . r . . . . . . . . . . r . . . . . .
information_rights   r r r r r r r r r r r r r w . . . . . .
inspection           r r r r r r r r r r r r r . . . . . . .
break_glass          r r r r r . . r . . . . . . . . . . . .
self_or_carer        . . . . . . . . . . . . . r . . . . . .
intelligence_desk    r . w . . W W . . . . . . . w w . . . .
custodian            r . r . r . . . . . . . . . . . w . . .
privacy              r . . . . . . . . . . . . . . . . w r w
feed                 w w w w w w w w w w r r . . . . W . . .
"""  # W: writes what it may not read (an effect that a verb leaves behind); o: reads what is open or of the last 90 days, n: and writes
BY_AUTHORITY = {"missing_duty", "missing_coordinator", "emergency_duty", "intelligence_desk", "privacy", "feed"}
NEEDS_SHIFT = {"team_duty": (2, 2), "emergency_duty": (0, 4)}  # hours before and after
LONGEST_HOURS = {"break_glass": 4, "transfer": 56 * 24, "shared": 182 * 24, "information_rights": 90 * 24, "inspection": 90 * 24}

_CASEWORK = set(
    "section_47 section_17 looked_after missing_response return_interview panel strategy_discussion information_sharing".split()
)
PURPOSES = {
    **dict.fromkeys(
        "allocated line team_duty front_door missing_response missing_duty return_interview missing_coordinator emergency_duty transfer advice known_to "
        "reviewing custodian".split(),
        _CASEWORK,
    ),
    **dict.fromkeys(("meeting_member", "shared"), _CASEWORK | {"police_investigation"}),
    "information_rights": {"subject_access", "complaint"},
    "inspection": {"inspection", "audit"},
    "break_glass": {"section_47", "section_17", "looked_after", "missing_response", "information_sharing"},
    "self_or_carer": {"subject_access"},
    "intelligence_desk": {"police_investigation"},
    "privacy": {"audit", "complaint"},
    "feed": {"system_repair"},
}
# What each role may act for; the first counts unless another is chosen.
_WITH_CHILDREN = (
    "section_17 section_47 looked_after missing_response return_interview panel strategy_discussion information_sharing".split()
)
_MISSING = "missing_response return_interview section_47 strategy_discussion information_sharing".split()
ACTS_FOR = {
    **dict.fromkeys(
        (
            "practitioner manager head_of_service front_door emergency_duty return_interviewer health school voluntary_worker business_support housing director "
            "chair"
        ).split(),
        _WITH_CHILDREN,
    ),
    "missing_coordinator": _MISSING,
    "police_missing": [*_MISSING, "police_investigation"],
    "police_officer": "section_47 strategy_discussion information_sharing police_investigation".split(),
    "intelligence_officer": ["police_investigation"],
    "designated_officer": ["section_47"],
    "professional_standards": ["section_47"],
    "privacy_officer": ["audit", "complaint"],
    "caldicott_guardian": ["audit", "complaint"],
    "information_rights": ["subject_access", "complaint"],
    **{role: ["system_repair"] for role in ("data_officer", "system_administrator", "feed", "tick")},
}
CLEARANCE_FOR = {"intelligence": 2, "intelligence_raw": 2}
VETTED_FOR = {"custodian": 3}  # a relationship that holds only for posts vetted so far
OPENS_RESTRICTED = {"break_glass"}
STATUTORY = {"council", "police", "health"}
SHOWS_NOTHING = {"feed", "tick"}

_READS = {
    (kind, column)
    for kind, *marks in (line.split() for line in GRID.split("\n") if line)
    for column, mark in zip(COLUMNS, marks, strict=True)
    if mark in "rwon"
}
_WRITES = {
    (kind, column)
    for kind, *marks in (line.split() for line in GRID.split("\n") if line)
    for column, mark in zip(COLUMNS, marks, strict=True)
    if mark in "wWn"
}
_NOTHING_OLD = {
    (kind, column)
    for kind, *marks in (line.split() for line in GRID.split("\n") if line)
    for column, mark in zip(COLUMNS, marks, strict=True)
    if mark in "on"
}


@dataclass(frozen=True)
class Case:
    """One subject towards one child, in plain words."""

    role: str
    kinds: frozenset[str]
    purpose: str
    live: bool = True
    blocked: bool = False
    tied_to_blocked: bool = False  # a brother or sister of, or in the household of, a child from whom the person is shut out (4.4)
    sensitivity: str = "standard"
    named: bool = False
    agency: str = "council"
    clearance: int = 0
    released: bool = True  # what the author of the record at hand allows (4.7)
    seconded: bool = False  # a second person approves this very act now
    old: bool = False  # the record at hand is closed, and its own date is more than 90 days ago


def opens(kind: str, record: str, mode: str) -> bool:
    """Whether that kind of relationship opens that kind of record."""
    return (kind, record) in (_READS if mode == "read" else _WRITES)


def may_second(first: "dict[str, str]", second: "dict[str, str]", above: "dict[str, set[str]]", permission: str) -> bool:
    """4.3 step 8. `first`, `second`: the person and the role of each; `above`: for each person, everybody above them in any post."""
    if first["person"] == second["person"]:
        return False
    if second["person"] in above[first["person"]] or first["person"] in above[second["person"]]:
        return False
    one_is = TWO_PERSONS[permission]
    return not one_is or first["role"] in one_is or second["role"] in one_is


def decide(
    case: Case, *, role_may: bool, record: str | None, mode: str = "read", through: "frozenset[str] | None" = None, two: bool = False
) -> bool:
    """4.3, step by step: a live post; no block (on the child, a brother or sister, or the household, 4.4); not hidden from this subject; the role;
    a relationship (4.1: team duty reads core and the last 90 days); its purpose; S1; S2; the author; a second person, where the act takes `two`.
    """
    if not case.live:
        return False
    if case.blocked or case.tied_to_blocked:
        return False
    on_list = case.named or case.role in SHOWS_NOTHING
    if case.sensitivity == "hidden" and not on_list:
        return False
    if not role_may:
        return False
    opening = {kind for kind in case.kinds if (through is None or kind in through) and (record is None or opens(kind, record, mode))}
    if case.old:
        opening = {kind for kind in opening if (kind, record) not in _NOTHING_OLD}
    fitting = {kind for kind in opening if case.purpose in PURPOSES[kind]} if case.purpose in ACTS_FOR[case.role] else set()
    if record is not None and not fitting:
        return False
    if case.sensitivity == "restricted" and not on_list and not (case.agency in STATUTORY and fitting & OPENS_RESTRICTED):
        return False
    if record is not None and not any(case.clearance >= VETTED_FOR.get(kind, 0) for kind in fitting):
        return False
    if case.clearance < CLEARANCE_FOR.get(record or "", 0) or not case.released:
        return False
    return case.seconded or not two
