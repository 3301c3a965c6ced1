"""The kinds of meeting that Atlas comes with: what each is about, who may chair it, who must be heard, what must be settled. A council adds its own
as rows (`LocalMeetingKind`); one list shows both.

Sources: practice.md 4.7 (panels) and 6 (strategy discussions), process-and-data.md 3; quorum and settled points of a strategy discussion from
Working Together to Safeguard Children as practice.md 6.1 and 6.3 hold them; the rest is a product default that a partnership sets.
"""

from dataclasses import dataclass

from atlas.clocks.rules import PRODUCT_DEFAULT
from atlas.meetings.codes import About, Answer, Group, Settles

A = Answer
OF_STRATEGY = (
    A.S47_JOINT, A.S47_SINGLE, A.NO_S47_CIN, A.NO_S47_EARLY_HELP, A.NO_FURTHER, A.CP_CONFERENCE, A.ROTH_CONFERENCE, A.LAC_PLAN, A.CONTEXT_PLAN,
    A.POLICE_ONLY, A.TRANSFER_AREA,
)  # fmt: skip
STARTS_SECTION_47 = frozenset({A.S47_JOINT, A.S47_SINGLE})
OF_PLAN = (A.PLAN_GOES_ON, A.PLAN_CHANGES, A.PLAN_ENDS, A.STEP_UP, A.TRANSFER_AREA)
OF_PANEL = (
    A.ADOPT, A.KEEP, A.STEP_UP, A.STEP_DOWN, A.TRANSFER_AREA, A.DISRUPT, A.ORDER, A.REFER, A.ASSESS, A.ACTION, A.INSPECT, A.MONITOR, A.WORK,
    A.COMMISSION, A.TRAIN, A.REPORT, A.PASS_ON, A.CLOSE,
)  # fmt: skip
OF_GROUP = (A.WORK, A.COMMISSION, A.TRAIN, A.REPORT, A.PASS_ON, A.MONITOR, A.CLOSE)
MANAGERS = frozenset({"manager", "head_of_service", "director"})


@dataclass(frozen=True)
class MeetingKind:
    """One kind of meeting. `chaired_by`: roles. `quorum`: for whom somebody must be there. `settles`: what must be settled before the record is
    closed. `is_independent`: the chair is neither who carries the case nor in the line above. `record_within`: working days until the record is out.
    `until_age`: the birthday after which a child is no longer taken there.
    """

    key: str
    name: str
    about: About
    chaired_by: frozenset[str]
    quorum: tuple[Group, ...]
    answers: tuple[Answer, ...]
    settles: tuple[Settles, ...] = (Settles.DECISION,)
    is_independent: bool = False
    with_family: bool = False
    record_within: int = 5
    until_age: int = 18
    source: str = PRODUCT_DEFAULT

    @property
    def opens_child(self) -> bool:
        """Whether a child may stand on its agenda."""
        return self.about is not About.STRATEGIC


S, G = Settles, Group
_THREE = (G.SOCIAL_WORK, G.POLICE, G.HEALTH)
_STRATEGY = (S.DECISION, S.PLAN, S.NRM, S.CHILD_TOLD)
_WT = "Working Together to Safeguard Children (HM Government): who takes part"
SHIPPED = (
    MeetingKind("strategy_discussion", "Strategy discussion", About.CHILD, MANAGERS, _THREE, OF_STRATEGY, _STRATEGY, record_within=1, source=_WT),
    MeetingKind("review_strategy_discussion", "Review strategy discussion", About.CHILD, MANAGERS, _THREE, OF_STRATEGY, _STRATEGY, record_within=1, source=_WT),
    MeetingKind(
        "child_in_need_meeting", "Child in need meeting", About.CHILD, MANAGERS | {"chair"}, (G.SOCIAL_WORK,), OF_PLAN, (S.DECISION, S.FAMILY, S.CONTINGENCY),
        with_family=True,
    ),
    MeetingKind(
        "first_child_in_need_meeting", "First child in need meeting after child protection", About.CHILD, frozenset({"chair"}), (G.SOCIAL_WORK,), OF_PLAN,
        (S.DECISION, S.FAMILY, S.CONTINGENCY), is_independent=True, with_family=True,
    ),
    MeetingKind("core_group", "Core group", About.CHILD, MANAGERS | {"practitioner", "chair"}, (G.SOCIAL_WORK,), OF_PLAN, (S.DECISION, S.FAMILY), with_family=True),
    MeetingKind(
        "professionals_meeting", "Mapping or professionals’ meeting", About.CHILD, MANAGERS | {"practitioner", "chair", "missing_coordinator", "police_officer"}, (),
        (A.AGREED, A.NOT_AGREED, A.STEP_UP, A.REFER), (S.DECISION, S.FAMILY),
    ),
    MeetingKind(
        "panel", "Multi-agency panel", About.PANEL, MANAGERS | {"chair", "police_officer"}, (G.SOCIAL_WORK, G.POLICE, G.HEALTH, G.EDUCATION), OF_PANEL,
        is_independent=True, record_within=1,
    ),
    MeetingKind(
        "exploitation_group", "Exploitation group", About.STRATEGIC, frozenset({"director", "head_of_service", "chair", "police_officer"}),
        (G.SOCIAL_WORK, G.POLICE, G.HEALTH), OF_GROUP,
    ),
    MeetingKind(
        "missing_briefing", "Daily missing briefing", About.BRIEFING, MANAGERS | {"missing_coordinator", "police_missing", "front_door"},
        (G.SOCIAL_WORK, G.POLICE), (A.AGREED, A.STEP_UP, A.REFER), record_within=1,
    ),
)  # fmt: skip
SHIPPED_BY_KEY = {kind.key: kind for kind in SHIPPED}
