"""The policy: who may do what, for which purpose, and through which relationship to a child. Data only; all else is made from it.

Source: shared/reference/protection.md sections 4.1 to 4.3, 4.6, 4.7; shared/reference/real-life.md points 3 and 5.
A permission says which kind of record it reads or writes. A role is a bundle of permissions and opens no child.
A relationship says which kinds of record it lets its holder read and write, for which purposes, for one child or for one authority.
Kinds whose source is not built yet (meetings, plans, disclosures) stand here already; who builds the source makes the relationship.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from functools import cache
from hashlib import sha256


class RecordKind(StrEnum):
    """The kinds of record about a child that a relationship opens, each as one."""

    CHILD = "child"  # who the child is: names, date of birth, identifiers, authorities
    CONTACT = "contact"  # where and how the child can be reached; stored apart
    RELATIONSHIP = "relationship"  # who works with the child, and so may see the child
    GUARD = "guard"  # that the child is restricted or hidden, and the list of names
    ALLOCATION = "allocation"
    STATUS = "status"
    CHRONOLOGY = "chronology"
    WORK = "work"  # clocks, tasks, alerts
    MISSING = "missing"
    INTERVIEW = "interview"
    SCREENING = "screening"  # contacts with the front door, what was asked of others, what was decided; child and family assessments
    EXPLOITATION = "exploitation"  # assessments of exploitation, harm, referrals to the National Referral Mechanism, measures
    PLAN = "plan"  # the safety plan, with its versions
    MEETING = "meeting"  # invitations, contributions, decisions, agency actions
    DISCLOSURE = "disclosure"  # what was compiled for, and released to, a named recipient
    INTELLIGENCE = "intelligence"  # the sanitised wording, graded, with a review date
    INTELLIGENCE_RAW = "intelligence_raw"  # the supplier's own wording; never shown outside the supplier
    SEALED = "sealed"  # which sealed sets a child has; what is in one leaves only by a process of its own
    CONFLICT = "conflict"  # who is shut out of the child, and why
    AUDIT = "audit"  # who looked at the child, and who did what


class Purpose(StrEnum):
    """What somebody acts for. One is active in a session; a relationship opens a child for certain purposes only."""

    SECTION_47 = "section_47"
    SECTION_17 = "section_17"
    LOOKED_AFTER = "looked_after"
    MISSING_RESPONSE = "missing_response"
    RETURN_INTERVIEW = "return_interview"
    PANEL = "panel"
    STRATEGY_DISCUSSION = "strategy_discussion"
    POLICE_INVESTIGATION = "police_investigation"  # law enforcement: Data Protection Act 2018 part 3
    INFORMATION_SHARING = "information_sharing"
    SUBJECT_ACCESS = "subject_access"
    COMPLAINT = "complaint"
    AUDIT = "audit"
    INSPECTION = "inspection"
    STATISTICS = "statistics"
    SYSTEM_REPAIR = "system_repair"  # service posts: what is delivered is kept in order, nobody reads


PURPOSE_WORDS = {
    Purpose.SECTION_47: "Enquiry into significant harm (section 47)",
    Purpose.SECTION_17: "Help for a child in need (section 17)",
    Purpose.LOOKED_AFTER: "Care of a looked-after child",
    Purpose.MISSING_RESPONSE: "Finding a missing child",
    Purpose.RETURN_INTERVIEW: "Return interview",
    Purpose.PANEL: "Multi-agency panel",
    Purpose.STRATEGY_DISCUSSION: "Strategy discussion",
    Purpose.POLICE_INVESTIGATION: "Police investigation",
    Purpose.INFORMATION_SHARING: "Answer to a request for information",
    Purpose.SUBJECT_ACCESS: "Subject access request",
    Purpose.COMPLAINT: "Complaint",
    Purpose.AUDIT: "Audit",
    Purpose.INSPECTION: "Inspection",
    Purpose.STATISTICS: "Statistics",
    Purpose.SYSTEM_REPAIR: "Keeping the system in order",
}


class Regime(StrEnum):
    """Which part of data protection law a record is kept and read under; it follows from what one acts for."""

    UK_GDPR = "uk_gdpr"
    PART_3 = "part_3"


REGIME_WORDS = {Regime.UK_GDPR: "UK GDPR", Regime.PART_3: "Law enforcement (Data Protection Act 2018 part 3)"}
LAW_ENFORCEMENT = frozenset({Purpose.POLICE_INVESTIGATION})


def regime_of(purpose: Purpose) -> Regime:
    """The regime of what is done for this purpose (protection.md 3.2, 4.1: regime)."""
    return Regime.PART_3 if purpose in LAW_ENFORCEMENT else Regime.UK_GDPR


class Sensitivity(StrEnum):
    """How guarded a child is (protection.md 4.2: S0, S1, H). What is guarded within a child (S2, S3) hangs on the kind of record."""

    STANDARD = "standard"
    RESTRICTED = "restricted"  # a relationship, and a place on the child's list of names
    HIDDEN = "hidden"  # only those on the list; for all others the child does not exist


class Clearance(IntEnum):
    """What a post is vetted for."""

    BASIC = 0
    RESTRICTED = 1
    INTELLIGENCE = 2
    CUSTODIAN = 3


class Mode(StrEnum):
    READ = "read"
    WRITE = "write"


class Kind(StrEnum):
    """Kinds of relationship between a worker (or a team) and a child (or an authority's children)."""

    ALLOCATED = "allocated"
    LINE = "line"  # derived: the manager of the allocated, up to two levels
    TEAM_DUTY = "team_duty"
    FRONT_DOOR = "front_door"
    MISSING_RESPONSE = "missing_response"
    MISSING_DUTY = "missing_duty"  # the duty teams of council and police: may report any child of the authority
    RETURN_INTERVIEW = "return_interview"
    MISSING_COORDINATOR = "missing_coordinator"
    EMERGENCY_DUTY = "emergency_duty"
    TRANSFER = "transfer"  # a manager of another authority, to whom the child is offered
    ADVICE = "advice"
    KNOWN_TO = "known_to"  # a partner agency's own child
    MEETING_MEMBER = "meeting_member"  # named on a dated meeting about this child
    REVIEWING = "reviewing"  # the reviewing officer, the chair
    SHARED = "shared"  # a disclosure to a named post
    INFORMATION_RIGHTS = "information_rights"
    INSPECTION = "inspection"
    BREAK_GLASS = "break_glass"
    SELF_OR_CARER = "self_or_carer"  # verified; only what was released to them
    INTELLIGENCE_DESK = "intelligence_desk"  # the supplier's own unit: keeps what it supplied
    CUSTODIAN = "custodian"  # a named custodian of the child's sealed sets
    PRIVACY = "privacy"
    FEED = "feed"  # a delivery carried by a service post


class Scope(StrEnum):
    CHILD = "child"
    AUTHORITY = "authority"


R = RecordKind
CASE = frozenset(
    {
        R.CHILD, R.CONTACT, R.RELATIONSHIP, R.ALLOCATION, R.STATUS, R.CHRONOLOGY, R.WORK, R.MISSING, R.INTERVIEW, R.SCREENING, R.EXPLOITATION,
    }
)  # fmt: skip
EVERYTHING = CASE | {R.PLAN, R.MEETING, R.DISCLOSURE, R.INTELLIGENCE}
CORE = frozenset({R.CHILD, R.CONTACT, R.RELATIONSHIP, R.ALLOCATION, R.STATUS, R.MISSING})  # what one needs at two in the morning
EFFECTS = frozenset({R.CHRONOLOGY, R.WORK, R.RELATIONSHIP})  # what any verb leaves behind it
# What counts by age, where a relationship opens only what is recent: what is not core, and not the list of names itself.
AGEING = frozenset({R.CHRONOLOGY, R.WORK, R.SCREENING, R.EXPLOITATION, R.PLAN, R.MEETING})
RECENT = timedelta(days=90)  # how long something is recent; what is still open is never old


@dataclass(frozen=True)
class Opening:
    """What one kind of relationship opens, and for which purposes. `grace`: how long before and after a shift it also holds;
    None: no shift needed. `most`: the longest that it may hold; None: as long as its source. `clearance`: what its holder must be vetted for.
    `recent`: of what it reads, that of which it opens only what is open or recent (RECENT); a child whom another kind opens too is open whole.
    """

    kind: Kind
    scope: Scope
    reads: frozenset[RecordKind]
    writes: frozenset[RecordKind]
    purposes: frozenset[Purpose]
    life: str
    grace: tuple[timedelta, timedelta] | None = None
    most: timedelta | None = None
    clearance: Clearance = Clearance.BASIC
    recent: frozenset[RecordKind] = frozenset()


U = Purpose
CASEWORK = frozenset(
    {
        U.SECTION_47,
        U.SECTION_17,
        U.LOOKED_AFTER,
        U.MISSING_RESPONSE,
        U.RETURN_INTERVIEW,
        U.PANEL,
        U.STRATEGY_DISCUSSION,
        U.INFORMATION_SHARING,
    }
)
IN_EMERGENCY = frozenset({U.SECTION_47, U.SECTION_17, U.LOOKED_AFTER, U.MISSING_RESPONSE, U.INFORMATION_SHARING})

_NO_ALLOCATION = EFFECTS | {R.MISSING, R.INTERVIEW, R.CONTACT, R.SCREENING, R.EXPLOITATION}
_ON_DUTY = CASE - {R.INTERVIEW} | {R.PLAN, R.MEETING, R.GUARD}

OPENINGS: tuple[Opening, ...] = (
    Opening(
        Kind.ALLOCATED,
        Scope.CHILD,
        EVERYTHING | {R.SEALED, R.GUARD},
        _NO_ALLOCATION | {R.PLAN, R.MEETING, R.DISCLOSURE, R.SEALED},
        CASEWORK,
        "until the allocation ends",
    ),
    Opening(
        Kind.LINE,
        Scope.CHILD,
        EVERYTHING | {R.AUDIT, R.CONFLICT, R.GUARD},
        _NO_ALLOCATION | {R.ALLOCATION, R.PLAN, R.MEETING, R.DISCLOSURE, R.CONFLICT, R.GUARD},
        CASEWORK,
        "as long as the allocation it stands on",
    ),
    Opening(
        Kind.TEAM_DUTY,
        Scope.CHILD,
        _ON_DUTY,
        EFFECTS | {R.MISSING, R.SCREENING, R.MEETING},
        CASEWORK,
        "on shift for the team that is responsible, two hours either side: the core record, and what is open or of the last 90 days",
        grace=(timedelta(hours=2), timedelta(hours=2)),
        recent=AGEING,
    ),
    Opening(
        Kind.FRONT_DOOR,
        Scope.CHILD,
        _ON_DUTY,
        EFFECTS | {R.MISSING, R.ALLOCATION, R.SCREENING, R.MEETING},
        CASEWORK,
        "until the child is allocated or the contact is closed, and 24 hours",
    ),
    Opening(
        Kind.MISSING_RESPONSE,
        Scope.CHILD,
        frozenset({R.CHILD, R.CONTACT, R.STATUS, R.RELATIONSHIP, R.MISSING, R.WORK}),
        EFFECTS | {R.MISSING, R.INTERVIEW},
        CASEWORK,
        "while the child is missing, and 72 hours",
    ),
    Opening(
        Kind.MISSING_DUTY,
        Scope.AUTHORITY,
        frozenset({R.CHILD}),
        EFFECTS | {R.MISSING, R.CHILD},
        CASEWORK,
        "held by the duty teams of council and police: finds a child and reports the child missing, opens nothing else",
    ),
    Opening(
        Kind.RETURN_INTERVIEW,
        Scope.CHILD,
        frozenset({R.CHILD, R.CONTACT, R.STATUS, R.ALLOCATION, R.RELATIONSHIP, R.CHRONOLOGY, R.MISSING, R.INTERVIEW, R.WORK, R.GUARD}),
        EFFECTS | {R.INTERVIEW},
        CASEWORK,
        "from due until closed and shared, and 28 days",
    ),
    Opening(
        Kind.MISSING_COORDINATOR,
        Scope.AUTHORITY,
        frozenset({R.CHILD, R.STATUS, R.ALLOCATION, R.RELATIONSHIP, R.MISSING, R.INTERVIEW, R.WORK}),
        EFFECTS | {R.MISSING, R.INTERVIEW},
        CASEWORK,
        "named posts, for every child whom the authority owes or hosts",
    ),
    Opening(
        Kind.EMERGENCY_DUTY,
        Scope.AUTHORITY,
        _ON_DUTY,
        EFFECTS | {R.MISSING, R.CHILD, R.SCREENING, R.MEETING},
        CASEWORK,
        "during the shift on the rota and four hours after",
        grace=(timedelta(0), timedelta(hours=4)),
    ),
    Opening(
        Kind.TRANSFER,
        Scope.CHILD,
        frozenset({R.CHILD, R.RELATIONSHIP, R.ALLOCATION, R.WORK}),
        EFFECTS | {R.ALLOCATION, R.CHILD},
        CASEWORK,
        "from the offer to another authority until it is answered, at most 56 days: who the child is, and what is due; nothing else",
        most=timedelta(days=56),
    ),
    Opening(
        Kind.ADVICE,
        Scope.CHILD,
        frozenset({R.CHILD, R.RELATIONSHIP, R.STATUS, R.CHRONOLOGY, R.GUARD}),
        EFFECTS,
        CASEWORK,
        "the dated consultation",
    ),
    Opening(
        Kind.KNOWN_TO, Scope.CHILD, frozenset({R.CHILD, R.RELATIONSHIP, R.MISSING}), frozenset(), CASEWORK, "while the child is theirs"
    ),
    Opening(
        Kind.MEETING_MEMBER,
        Scope.CHILD,
        frozenset({R.CHILD, R.MEETING, R.DISCLOSURE, R.RELATIONSHIP}),
        EFFECTS | {R.MEETING},
        CASEWORK | {U.POLICE_INVESTIGATION},
        "five working days before the meeting to ten after: who it is about, and what was released to that member",
    ),
    Opening(
        Kind.REVIEWING,
        Scope.CHILD,
        frozenset({R.CHILD, R.RELATIONSHIP, R.STATUS, R.PLAN, R.MEETING}),
        EFFECTS | {R.MEETING},
        CASEWORK,
        "until the appointment ends",
    ),
    Opening(
        Kind.SHARED,
        Scope.CHILD,
        frozenset({R.DISCLOSURE, R.RELATIONSHIP}),
        frozenset(),
        CASEWORK | {U.POLICE_INVESTIGATION},
        "28 days, at most 182: the disclosed version only",
        most=timedelta(days=182),
    ),
    Opening(
        Kind.INFORMATION_RIGHTS,
        Scope.CHILD,
        CASE | {R.PLAN, R.MEETING, R.DISCLOSURE},
        frozenset({R.DISCLOSURE}),
        frozenset({U.SUBJECT_ACCESS, U.COMPLAINT}),
        "the request, at most 90 days",
        most=timedelta(days=90),
    ),
    Opening(
        Kind.INSPECTION,
        Scope.CHILD,
        CASE | {R.PLAN, R.MEETING},
        frozenset(),
        frozenset({U.INSPECTION, U.AUDIT}),
        "the inspection, at most 90 days",
        most=timedelta(days=90),
    ),
    Opening(Kind.BREAK_GLASS, Scope.CHILD, CORE, frozenset(), IN_EMERGENCY, "four hours; core record, read only", most=timedelta(hours=4)),
    Opening(
        Kind.SELF_OR_CARER, Scope.CHILD, frozenset({R.DISCLOSURE}), frozenset(), frozenset({U.SUBJECT_ACCESS}), "as long as it is released"
    ),
    Opening(
        Kind.INTELLIGENCE_DESK,
        Scope.AUTHORITY,
        frozenset({R.CHILD, R.RELATIONSHIP, R.INTELLIGENCE, R.INTELLIGENCE_RAW}),
        EFFECTS | {R.INTELLIGENCE, R.INTELLIGENCE_RAW},
        frozenset({U.POLICE_INVESTIGATION}),
        "named posts of the supplier's unit",
    ),
    Opening(
        Kind.CUSTODIAN,
        Scope.CHILD,
        frozenset({R.CHILD, R.RELATIONSHIP, R.STATUS, R.SEALED}),
        frozenset({R.SEALED}),
        CASEWORK,
        "until somebody else is named in the custodian's place; only while the post is vetted as a custodian",
        clearance=Clearance.CUSTODIAN,
    ),
    Opening(
        Kind.PRIVACY,
        Scope.AUTHORITY,
        frozenset({R.CHILD, R.AUDIT, R.CONFLICT, R.GUARD}),
        frozenset({R.CONFLICT, R.GUARD}),
        frozenset({U.AUDIT, U.COMPLAINT}),
        "while in the post",
    ),
    Opening(
        Kind.FEED,
        Scope.AUTHORITY,
        CASE | {R.PLAN},  # what it copies back to the main case system (ADR 41)
        CASE - {R.EXPLOITATION} | {R.SEALED},
        frozenset({U.SYSTEM_REPAIR}),
        "a service post that carries deliveries, and what is copied back",
    ),
)
OPENING = {opening.kind: opening for opening in OPENINGS}

# S2: these kinds of record need a vetted post besides the relationship, and obey their author (protection.md 4.2, 4.7).
CLEARANCE_FOR = {R.INTELLIGENCE: Clearance.INTELLIGENCE, R.INTELLIGENCE_RAW: Clearance.INTELLIGENCE}
# Through these, a restricted child is open without a name on the list, to an agency that has a statutory duty (protection.md 4.6).
OPENS_RESTRICTED = frozenset({Kind.BREAK_GLASS})
STATUTORY = frozenset({"council", "police", "health"})  # kinds of agency
# Service posts: they carry and count, and show nothing to anybody, so no list of names holds them.
SERVICES = frozenset({"feed", "tick"})


class Shape(StrEnum):
    """What a search may say of children whom the searcher may not see (protection.md 4.5). Own children are shown in each of them."""

    OWN = "own"  # nothing
    SCREEN = "screen"  # the front door: who the child is and whom to ring; of a restricted child, whom to ring
    CARD = "card"  # another agency with a statutory duty: whom to ring
    ASK = "ask"  # schools and the voluntary sector: nothing; the front door is told what was typed


# Roles that screen for the front door of a council: the second only on shift.
SCREENS = frozenset({"front_door", "emergency_duty"})
# What somebody must act for, to be told that a child is known.
CARD_FOR = CASEWORK | {U.POLICE_INVESTIGATION}


class Permission(StrEnum):
    """Everything one may do. The word is also the command's, the page's, the path's and the audit entry's."""

    # pages
    VIEW_CHILD = "view_child"
    FIND_CHILD = "find_child"
    VIEW_MISSING_NOW = "view_missing_now"
    VIEW_NIGHT = "view_night"
    VIEW_MORNING = "view_morning"
    VIEW_EPISODE = "view_episode"
    VIEW_INTERVIEW = "view_interview"
    VIEW_MY_WORK = "view_my_work"
    VIEW_TEAM_WORK = "view_team_work"
    VIEW_HANDOVER = "view_handover"
    VIEW_TIMELINESS = "view_timeliness"
    VIEW_INTERVIEWERS = "view_interviewers"
    VIEW_UNALLOCATED = "view_unallocated"
    VIEW_LOOKS = "view_looks"
    VIEW_RELEASABLE_LOOKS = "view_releasable_looks"
    VIEW_ODD_LOOKS = "view_odd_looks"
    VIEW_FEEDS = "view_feeds"
    VIEW_RETURN_CHECKS = "view_return_checks"
    CHECK_RETURN = "check_return"
    VIEW_TIME_LIMITS = "view_time_limits"
    VIEW_FRONT_DOOR_QUESTIONS = "view_front_door_questions"
    # children, allocation, statuses
    REGISTER_CHILD = "register_child"
    REGISTER_UNBORN = "register_unborn"
    CORRECT_CHILD = "correct_child"
    RECORD_CONTACT_DETAIL = "record_contact_detail"
    RECORD_ALLOCATION = "record_allocation"
    COVER_CHILD = "cover_child"
    VIEW_PROMISES = "view_promises"
    VIEW_TRANSFERS = "view_transfers"
    VIEW_TRANSFER = "view_transfer"
    START_TRANSFER = "start_transfer"
    ANSWER_TRANSFER = "answer_transfer"
    MAKE_PROMISE = "make_promise"
    END_PROMISE = "end_promise"
    NAME_TRUSTED_ADULT = "name_trusted_adult"
    END_TRUSTED_ADULT = "end_trusted_adult"
    RECORD_TALK_WISH = "record_talk_wish"
    TELL_CHILD = "tell_child"
    RECORD_STATUS = "record_status"
    REPORT_WRONG_FACT = "report_wrong_fact"
    RECORD_DEATH = "record_death"
    # the front door
    ASK_FRONT_DOOR = "ask_front_door"
    ANSWER_FRONT_DOOR_QUESTION = "answer_front_door_question"
    # contacts, thresholds, child and family assessments
    RAISE_CONTACT = "raise_contact"
    VIEW_MY_CONTACTS = "view_my_contacts"
    VIEW_ASKS = "view_asks"
    ANSWER_ASK = "answer_ask"
    VIEW_THRESHOLDS = "view_thresholds"
    SET_THRESHOLDS = "set_thresholds"
    VIEW_CONTACTS = "view_contacts"
    VIEW_CONTACT = "view_contact"
    RATE_CONTACT = "rate_contact"
    MATCH_CONTACT = "match_contact"
    SET_ASIDE_CONTACT = "set_aside_contact"
    DECIDE_CONTACT = "decide_contact"
    GIVE_SECOND_VIEW = "give_second_view"
    ASK_AGENCY = "ask_agency"
    ANSWER_REFERRER = "answer_referrer"
    VIEW_CONSISTENCY = "view_consistency"
    VIEW_SCREENING = "view_screening"
    VIEW_ASSESSMENT = "view_assessment"
    START_ASSESSMENT = "start_assessment"
    RECORD_CHILD_SEEN = "record_child_seen"
    REVIEW_ASSESSMENT = "review_assessment"
    EXTEND_ASSESSMENT = "extend_assessment"
    AUTHORISE_ASSESSMENT = "authorise_assessment"
    # missing
    REPORT_MISSING = "report_missing"
    RECORD_CONTACT_OR_SIGHTING = "record_contact_or_sighting"
    RECORD_POLICE_STATUS = "record_police_status"
    RECORD_COUNCIL_STATUS = "record_council_status"
    RECORD_POLICE_GRADE = "record_police_grade"
    RECORD_POLICE_REFERENCE = "record_police_reference"
    RECORD_FOUND = "record_found"
    RECORD_RETURN = "record_return"
    REPORT_MISSING_TOGETHER = "report_missing_together"
    RECORD_RETURN_TOGETHER = "record_return_together"
    RECORD_MISSING_TOGETHER = "record_missing_together"
    SPLIT_MISSING_TOGETHER = "split_missing_together"
    CORRECT_RETURN = "correct_return"
    CORRECT_REPORT = "correct_report"
    WITHDRAW_EPISODE = "withdraw_episode"
    ADD_PHOTOGRAPH = "add_photograph"
    SET_EXPLOITATION_MARKER = "set_exploitation_marker"
    RECORD_PREVENTION_INTERVIEW = "record_prevention_interview"
    DECIDE_REPEAT = "decide_repeat"
    TAKE_STEP = "take_step"
    RECORD_TOLD = "record_told"
    DO_NOT_TELL_PARENT = "do_not_tell_parent"
    VIEW_TRIGGER_PLAN = "view_trigger_plan"
    WRITE_TRIGGER_PLAN = "write_trigger_plan"
    # exploitation
    START_EXPLOITATION_ASSESSMENT = "start_exploitation_assessment"
    VIEW_EXPLOITATION = "view_exploitation"
    VIEW_EQUALITY = "view_equality"
    VIEW_SHARING_REGISTER = "view_sharing_register"
    VIEW_DATA_QUALITY = "view_data_quality"
    VIEW_IMPACT_ASSESSMENTS = "view_impact_assessments"
    RECORD_IMPACT_ASSESSMENT = "record_impact_assessment"
    RUN_PROFILE = "run_profile"
    VIEW_PROFILES = "view_profiles"
    VIEW_PROFILE = "view_profile"
    DOWNLOAD_PROFILE = "download_profile"
    DECIDE_FINDING = "decide_finding"
    # how long records are kept
    VIEW_RETENTION = "view_retention"
    VIEW_CHILD_RETENTION = "view_child_retention"
    SET_RETENTION_CLASS = "set_retention_class"
    RECORD_RETENTION_DATE = "record_retention_date"
    PLACE_HOLD = "place_hold"
    REVIEW_HOLD = "review_hold"
    LIFT_HOLD = "lift_hold"
    SELECT_DUE = "select_due"
    SET_RUN_ASIDE = "set_run_aside"
    RESTORE_RECORD = "restore_record"
    # somebody asks for a child's record
    VIEW_SUBJECT_REQUESTS = "view_subject_requests"
    VIEW_SUBJECT_REQUEST = "view_subject_request"
    RECEIVE_SUBJECT_REQUEST = "receive_subject_request"
    ACCEPT_SUBJECT_REQUEST = "accept_subject_request"
    REFUSE_SUBJECT_REQUEST = "refuse_subject_request"
    ASK_CLARIFICATION = "ask_clarification"
    EXTEND_SUBJECT_REQUEST = "extend_subject_request"
    GATHER_RECORD = "gather_record"
    VIEW_ANSWER_ITEMS = "view_answer_items"
    WEIGH_ITEM = "weigh_item"
    RECORD_OPINION = "record_opinion"
    MAKE_SUBJECT_ANSWER = "make_subject_answer"
    VIEW_SUBJECT_ANSWER = "view_subject_answer"
    RELEASE_SUBJECT_ANSWER = "release_subject_answer"
    DOWNLOAD_SUBJECT_ANSWER = "download_subject_answer"
    RECORD_HANDED_OVER = "record_handed_over"
    AGREE_LOWER_LEVEL = "agree_lower_level"
    RECORD_HARM = "record_harm"
    VIEW_NETWORK = "view_network"
    RECORD_LINK = "record_link"
    ANSWER_TOGETHER = "answer_together"
    SEARCH_TOGETHER = "search_together"
    REFER_TO_NRM = "refer_to_nrm"
    START_MEASURE = "start_measure"
    RECORD_CONCERN_FOR_OTHERS = "record_concern_for_others"
    # the safety plan
    VIEW_PLAN = "view_plan"
    VIEW_PLANS = "view_plans"
    START_PLAN = "start_plan"
    ADD_LINE = "add_line"
    AGREE_PLAN = "agree_plan"
    CONFIRM_PLAN = "confirm_plan"
    DECIDE_NO_PLAN = "decide_no_plan"
    CLOSE_PLAN = "close_plan"
    RECORD_EVENT = "record_event"
    ANSWER_PATTERN = "answer_pattern"
    # meetings, and what agencies agree to do
    VIEW_MEETINGS = "view_meetings"
    VIEW_MEETING = "view_meeting"
    VIEW_CHILD_MEETINGS = "view_child_meetings"
    CALL_MEETING = "call_meeting"
    MOVE_MEETING = "move_meeting"
    CANCEL_MEETING = "cancel_meeting"
    PUT_ON_AGENDA = "put_on_agenda"
    INVITE = "invite"
    ANSWER_INVITATION = "answer_invitation"
    RECORD_ATTENDANCE = "record_attendance"
    HOLD_MEETING = "hold_meeting"
    CONTRIBUTE = "contribute"
    RECORD_MEETING_DECISION = "record_meeting_decision"
    AGREE_ACTION = "agree_action"
    VIEW_ACTIONS = "view_actions"
    VIEW_ACTION = "view_action"
    ANSWER_ACTION = "answer_action"
    END_ACTION = "end_action"
    JUDGE_ACTION = "judge_action"
    CLOSE_MEETING = "close_meeting"
    VIEW_STEP_DOWNS = "view_step_downs"
    STEP_DOWN = "step_down"
    TAKE_ON_REVIEW = "take_on_review"
    VIEW_CHALLENGES = "view_challenges"
    VIEW_CHALLENGE = "view_challenge"
    RAISE_CHALLENGE = "raise_challenge"
    ANSWER_CHALLENGE = "answer_challenge"
    CLIMB_CHALLENGE = "climb_challenge"
    CLOSE_CHALLENGE = "close_challenge"
    VIEW_MEETING_KINDS = "view_meeting_kinds"
    ADD_MEETING_KIND = "add_meeting_kind"
    CHANGE_MEETING_KIND = "change_meeting_kind"
    END_MEETING_KIND = "end_meeting_kind"
    VIEW_MISSING_BRIEFING = "view_missing_briefing"
    BEGIN_MISSING_BRIEFING = "begin_missing_briefing"
    VIEW_STANDING_LIST = "view_standing_list"
    HOLD_IN_VIEW = "hold_in_view"
    TAKE_OUT_OF_VIEW = "take_out_of_view"
    VIEW_PARTNERSHIP = "view_partnership"
    VIEW_PANELS = "view_panels"
    VIEW_PANEL = "view_panel"
    OPEN_PANEL = "open_panel"
    REVIEW_PANEL = "review_panel"
    NAME_PANEL_MEMBER = "name_panel_member"
    END_PANEL_MEMBER = "end_panel_member"
    CALL_PANEL_MEETING = "call_panel_meeting"
    # somebody who is no child, groups, places
    VIEW_PEOPLE_OF_CONCERN = "view_people_of_concern"
    RECORD_PERSON_OF_CONCERN = "record_person_of_concern"
    VIEW_PERSON_OF_CONCERN = "view_person_of_concern"
    RENEW_PERSON_OF_CONCERN = "renew_person_of_concern"
    REMOVE_PERSON_OF_CONCERN = "remove_person_of_concern"
    RECORD_GROUP = "record_group"
    VIEW_GROUP = "view_group"
    RENEW_GROUP = "renew_group"
    REMOVE_GROUP = "remove_group"
    VIEW_PLACES = "view_places"
    RECORD_PLACE = "record_place"
    VIEW_PLACE = "view_place"
    COMPARE_PLACE = "compare_place"
    PUT_PLACE_ON_MAP = "put_place_on_map"
    RENEW_PLACE = "renew_place"
    REMOVE_PLACE = "remove_place"
    # children placed here by other authorities
    VIEW_PLACED_IN = "view_placed_in"
    REGISTER_PLACED_IN = "register_placed_in"
    RECORD_PLACED_IN = "record_placed_in"
    END_PLACED_IN = "end_placed_in"
    # the two halves of an episode, the police's and the council's
    VIEW_DIFFERENCES = "view_differences"
    RECORD_POLICE_REPORT = "record_police_report"
    ASK_DIFFERENCES = "ask_differences"
    ANSWER_DIFFERENCE = "answer_difference"
    RECORD_COMPARISON = "record_comparison"
    # two records that may be of one child
    RECORD_PAIRS = "record_pairs"
    VIEW_PAIRS = "view_pairs"
    VIEW_PAIR = "view_pair"
    DECIDE_PAIR = "decide_pair"
    TAKE_BACK_PAIR = "take_back_pair"
    RECORD_JOINED = "record_joined"
    # the return interview
    ALLOCATE_INTERVIEW = "allocate_interview"
    OFFER_INTERVIEW = "offer_interview"
    BOOK_INTERVIEW = "book_interview"
    RECORD_NOT_MET = "record_not_met"
    RECORD_NOT_REACHED = "record_not_reached"
    RECORD_INTERVIEW = "record_interview"
    DECIDE_NOT_OFFERED = "decide_not_offered"
    SHARE_INTERVIEW = "share_interview"
    CLOSE_INTERVIEW = "close_interview"
    VIEW_MENTIONED_PLACES = "view_mentioned_places"
    SETTLE_MENTION = "settle_mention"
    VIEW_QUALITY_CHECKS = "view_quality_checks"
    CHECK_QUALITY = "check_quality"
    VIEW_SECOND_READINGS = "view_second_readings"
    VIEW_SECOND_READING = "view_second_reading"
    READ_AGAIN = "read_again"
    ASK_RESPONSIBLE = "ask_responsible"
    # intelligence
    VIEW_INTELLIGENCE = "view_intelligence"
    VIEW_INTELLIGENCE_DESK = "view_intelligence_desk"
    RECORD_INTELLIGENCE = "record_intelligence"
    PROPOSE_PRODUCT = "propose_product"
    RELEASE_PRODUCT = "release_product"
    DECLINE_PRODUCT = "decline_product"
    REVIEW_INTELLIGENCE = "review_intelligence"
    WITHDRAW_PRODUCT = "withdraw_product"
    # work
    ACKNOWLEDGE_ALERT = "acknowledge_alert"
    RECORD_CALL = "record_call"
    ACCEPT_OVERNIGHT = "accept_overnight"
    GIVE_MISSED_REASON = "give_missed_reason"
    COMPLETE_TASK = "complete_task"
    REASSIGN_WORK = "reassign_work"
    RECORD_LEAVE = "record_leave"
    END_LEAVE = "end_leave"
    VIEW_ROTA = "view_rota"
    PUT_ON_SHIFT = "put_on_shift"
    SWAP_SHIFT = "swap_shift"
    TAKE_OFF_SHIFT = "take_off_shift"
    VIEW_TRAY = "view_tray"
    RECORD_SKILL = "record_skill"
    NAME_CONTACT_POINT = "name_contact_point"
    # advice of a team across agencies
    VIEW_REFERRALS = "view_referrals"
    VIEW_REFERRAL = "view_referral"
    VIEW_ADVICE = "view_advice"
    REFER_TO_TEAM = "refer_to_team"
    ACCEPT_REFERRAL = "accept_referral"
    SEND_BACK_REFERRAL = "send_back_referral"
    GIVE_ADVICE = "give_advice"
    DECIDE_ON_ADVICE = "decide_on_advice"
    # sharing
    VIEW_DISCLOSURES = "view_disclosures"
    VIEW_DISCLOSURE = "view_disclosure"
    VIEW_SHARED = "view_shared"
    DISCLOSE = "disclose"
    RESHARE_DISCLOSURE = "reshare_disclosure"
    WITHDRAW_DISCLOSURE = "withdraw_disclosure"
    REFUSE_TO_SHARE = "refuse_to_share"
    EXPORT = "export"
    EXPORT_MANY = "export_many"
    VIEW_EXPORTS = "view_exports"
    DOWNLOAD_EXPORT = "download_export"
    TRACE_EXPORT = "trace_export"
    # sealed sets
    VIEW_SEALED_SETS = "view_sealed_sets"
    VIEW_CUSTODIANS = "view_custodians"
    SEAL_SET = "seal_set"
    OPEN_SEALED_SET = "open_sealed_set"
    LIFT_SEAL = "lift_seal"
    PUT_BACK_SET = "put_back_set"
    NAME_CUSTODIAN = "name_custodian"
    ASK_GUEST = "ask_guest"
    VIEW_GUEST_REQUEST = "view_guest_request"
    WITHDRAW_GUEST_REQUEST = "withdraw_guest_request"
    GIVE_CARER_PAGE = "give_carer_page"
    ANSWER_CARER = "answer_carer"
    # copies of a plan, and the child's own page
    VIEW_COPIES_GIVEN = "view_copies_given"
    VIEW_COPY_GIVEN = "view_copy_given"
    RECORD_COPY_GIVEN = "record_copy_given"
    GIVE_CHILD_PAGE = "give_child_page"
    WITHDRAW_CHILD_PAGE = "withdraw_child_page"
    RECORD_CHILD_WORDS = "record_child_words"
    ANSWER_CHILD = "answer_child"
    # direct work
    VIEW_DIRECT_WORK = "view_direct_work"
    START_PROGRAMME = "start_programme"
    RECORD_SESSION = "record_session"
    END_PROGRAMME = "end_programme"
    VIEW_YOU_SAID = "view_you_said"
    # time limits
    SET_LOCAL_LIMIT = "set_local_limit"
    CHANGE_BANK_HOLIDAY = "change_bank_holiday"
    # feeds and matching
    RECEIVE_DELIVERY = "receive_delivery"
    COMMIT_DELIVERY = "commit_delivery"
    UNDO_DELIVERY = "undo_delivery"
    MAP_CODE = "map_code"
    DECIDE_MATCH = "decide_match"
    SET_MASTER = "set_master"
    # copies for the main case system
    VIEW_COPIES = "view_copies"
    VIEW_COPY = "view_copy"
    SEND_COPY = "send_copy"
    SEND_COPY_AGAIN = "send_copy_again"
    RECORD_RECEIPT = "record_receipt"
    SET_COPY_CHANNEL = "set_copy_channel"
    # a guarded child
    VIEW_GUARD = "view_guard"
    RESTRICT_CHILD = "restrict_child"
    HIDE_CHILD = "hide_child"
    NAME_HOLDER = "name_holder"
    REMOVE_HOLDER = "remove_holder"
    LIFT_RESTRICTION = "lift_restriction"
    # two people for one act
    VIEW_PROPOSALS = "view_proposals"
    APPROVE_PROPOSAL = "approve_proposal"
    DECLINE_PROPOSAL = "decline_proposal"
    WITHDRAW_PROPOSAL = "withdraw_proposal"
    # audit
    CLOSE_ODD_LOOK = "close_odd_look"
    VIEW_BREAK_GLASSES = "view_break_glasses"
    REVIEW_BREAK_GLASS = "review_break_glass"
    EXPLAIN = "explain"
    # the gate itself
    DECLARE_CONNECTION = "declare_connection"
    BREAK_GLASS = "break_glass"
    VIEW_CORE_RECORD = "view_core_record"
    RECORD_WORKER = "record_worker"
    # connections
    VIEW_TIES = "view_ties"
    VIEW_BLOCKS = "view_blocks"
    BLOCK_WORKER = "block_worker"
    LIFT_BLOCK = "lift_block"
    VIEW_SUGGESTIONS = "view_suggestions"
    DECIDE_SUGGESTION = "decide_suggestion"
    RECORD_TIE = "record_tie"
    END_TIE = "end_tie"
    # allegations
    RECORD_ALLEGATION = "record_allegation"
    VIEW_ALLEGATIONS = "view_allegations"
    VIEW_ALLEGATION = "view_allegation"
    RECEIVE_ALLEGATION = "receive_allegation"
    DECIDE_ALLEGATION = "decide_allegation"
    CLOSE_ALLEGATION = "close_allegation"
    # accounts
    VIEW_ACCOUNTS = "view_accounts"
    OPEN_ACCOUNT = "open_account"
    SUSPEND_ACCOUNT = "suspend_account"
    CLOSE_ACCOUNT = "close_account"
    RESET_SECOND_FACTOR = "reset_second_factor"
    SET_COUNCIL_SUBJECT = "set_council_subject"
    END_POST = "end_post"
    CHANGE_CLEARANCE = "change_clearance"
    GIVE_POST = "give_post"
    EXTEND_POST = "extend_post"
    CHANGE_LINE = "change_line"
    # systems
    VIEW_SYSTEMS = "view_systems"
    REGISTER_SYSTEM = "register_system"
    END_SYSTEM = "end_system"
    VIEW_SYSTEM_GRANTS = "view_system_grants"
    LET_SYSTEM_ACT = "let_system_act"
    END_SYSTEM_GRANT = "end_system_grant"
    # running the service
    VIEW_RUNNING = "view_running"
    TRY_JOB_AGAIN = "try_job_again"
    GIVE_UP_JOB = "give_up_job"
    BEGIN_READ_ONLY = "begin_read_only"
    END_READ_ONLY = "end_read_only"
    ENTER_LOOKS = "enter_looks"
    # the emergency pack
    SET_PACK_KEY = "set_pack_key"
    ENTER_OPENINGS = "enter_openings"


P = Permission


@dataclass(frozen=True)
class Need:
    """What a permission needs beyond the role: a way to read or write one kind of record, through certain kinds if named."""

    record: RecordKind | None
    mode: Mode = Mode.READ
    through: frozenset[Kind] | None = None


def _reads(record: RecordKind, *through: Kind) -> Need:
    return Need(record, Mode.READ, frozenset(through) or None)


def _writes(record: RecordKind, *through: Kind) -> Need:
    return Need(record, Mode.WRITE, frozenset(through) or None)


# Through what somebody works with a child who is theirs; not through an offer of another authority's child, which only asks for an answer.
_KNOWS_WORKERS = tuple(o.kind for o in OPENINGS if R.ALLOCATION in o.reads and o.kind is not Kind.TRANSFER)
# Through what somebody does what is due for a child: not through an offer, which lets its holder answer the offer and nothing else; nor through
# a place at a meeting, or a review.
_DOES_WORK = tuple(o.kind for o in OPENINGS if R.WORK in o.writes and o.kind not in {Kind.TRANSFER, Kind.MEETING_MEMBER, Kind.REVIEWING})
# Through what somebody learns what happens in the child's life, and writes it down.
_SEES_LIFE = (
    Kind.ALLOCATED, Kind.LINE, Kind.TEAM_DUTY, Kind.FRONT_DOOR, Kind.MISSING_RESPONSE, Kind.RETURN_INTERVIEW, Kind.MISSING_COORDINATOR,
    Kind.EMERGENCY_DUTY,
)  # fmt: skip
# Through what somebody speaks with the child.
_WITH_THE_CHILD = (Kind.ALLOCATED, Kind.LINE, Kind.RETURN_INTERVIEW, Kind.EMERGENCY_DUTY)
# Through what somebody may put a question about the child to a team across agencies, and say what they make of the answer.
_MAY_REFER = (
    Kind.ALLOCATED, Kind.LINE, Kind.TEAM_DUTY, Kind.FRONT_DOOR, Kind.MISSING_RESPONSE, Kind.RETURN_INTERVIEW, Kind.MISSING_COORDINATOR,
    Kind.EMERGENCY_DUTY, Kind.KNOWN_TO,
)  # fmt: skip
# Through what somebody calls a meeting about a child.
_CALLS_MEETINGS = (Kind.ALLOCATED, Kind.LINE, Kind.TEAM_DUTY, Kind.FRONT_DOOR, Kind.EMERGENCY_DUTY, Kind.REVIEWING)
ROLE_ONLY = Need(None)  # lists that the gate filters row by row, or acts about no child

NEEDS: dict[Permission, Need] = {
    P.VIEW_CHILD: _reads(R.CHRONOLOGY),
    P.FIND_CHILD: ROLE_ONLY,
    P.VIEW_MISSING_NOW: ROLE_ONLY,
    P.VIEW_NIGHT: ROLE_ONLY,
    P.VIEW_MORNING: ROLE_ONLY,
    P.VIEW_EPISODE: _reads(R.MISSING),
    P.VIEW_INTERVIEW: _reads(R.INTERVIEW),
    P.VIEW_MY_WORK: ROLE_ONLY,
    P.VIEW_TEAM_WORK: ROLE_ONLY,
    P.VIEW_HANDOVER: ROLE_ONLY,
    P.VIEW_TIMELINESS: ROLE_ONLY,
    P.VIEW_INTERVIEWERS: ROLE_ONLY,
    P.VIEW_UNALLOCATED: ROLE_ONLY,
    P.VIEW_LOOKS: _reads(R.AUDIT),
    P.VIEW_RELEASABLE_LOOKS: _reads(R.AUDIT, Kind.PRIVACY),
    P.VIEW_ODD_LOOKS: ROLE_ONLY,
    P.VIEW_FEEDS: ROLE_ONLY,
    P.VIEW_RETURN_CHECKS: ROLE_ONLY,  # row security shows a check to whoever made it, and to nobody else
    P.CHECK_RETURN: ROLE_ONLY,
    P.VIEW_TIME_LIMITS: ROLE_ONLY,
    P.VIEW_FRONT_DOOR_QUESTIONS: ROLE_ONLY,
    P.ASK_FRONT_DOOR: ROLE_ONLY,
    P.ANSWER_FRONT_DOOR_QUESTION: ROLE_ONLY,
    P.RAISE_CONTACT: ROLE_ONLY,
    P.VIEW_MY_CONTACTS: ROLE_ONLY,
    P.VIEW_ASKS: ROLE_ONLY,
    P.ANSWER_ASK: ROLE_ONLY,  # row security shows a question to the team that is asked; the gate's function writes the reply
    P.VIEW_THRESHOLDS: ROLE_ONLY,
    P.SET_THRESHOLDS: ROLE_ONLY,
    P.VIEW_CONTACTS: ROLE_ONLY,
    # About nobody until it is matched; row security opens a contact to its front door, and from then on as the child's screening is open.
    P.VIEW_CONTACT: ROLE_ONLY,
    P.RATE_CONTACT: ROLE_ONLY,
    P.MATCH_CONTACT: ROLE_ONLY,
    P.SET_ASIDE_CONTACT: ROLE_ONLY,
    P.DECIDE_CONTACT: ROLE_ONLY,  # the verb asks for who may write the child's screening, once there is a child
    P.GIVE_SECOND_VIEW: _writes(R.SCREENING),
    P.ASK_AGENCY: ROLE_ONLY,  # as the decision is
    P.ANSWER_REFERRER: ROLE_ONLY,
    P.VIEW_CONSISTENCY: ROLE_ONLY,
    P.VIEW_SCREENING: _reads(R.SCREENING),
    P.VIEW_ASSESSMENT: _reads(R.SCREENING),
    P.START_ASSESSMENT: _writes(R.SCREENING, Kind.ALLOCATED, Kind.LINE),
    P.RECORD_CHILD_SEEN: _writes(R.SCREENING),
    P.REVIEW_ASSESSMENT: _writes(R.SCREENING, Kind.ALLOCATED, Kind.LINE),
    P.EXTEND_ASSESSMENT: _writes(R.SCREENING, Kind.LINE),
    P.AUTHORISE_ASSESSMENT: _writes(R.SCREENING, Kind.LINE),
    P.REGISTER_CHILD: _writes(R.CHILD),
    P.REGISTER_UNBORN: ROLE_ONLY,  # no child is here yet; the verb inside it judges the one that is made
    P.CORRECT_CHILD: _writes(R.CHILD),
    P.RECORD_CONTACT_DETAIL: _writes(R.CONTACT),
    P.RECORD_ALLOCATION: _writes(R.ALLOCATION, Kind.FEED),
    P.COVER_CHILD: _writes(R.ALLOCATION, Kind.LINE, Kind.FRONT_DOOR, Kind.FEED),
    P.VIEW_PROMISES: _reads(R.ALLOCATION, *_KNOWS_WORKERS),
    P.VIEW_TRANSFERS: ROLE_ONLY,
    P.VIEW_TRANSFER: _reads(R.ALLOCATION),
    P.START_TRANSFER: _writes(R.ALLOCATION, Kind.LINE),
    P.ANSWER_TRANSFER: _writes(R.CHILD, Kind.TRANSFER),  # whose the child is
    P.MAKE_PROMISE: _writes(R.WORK, *_WITH_THE_CHILD),
    P.END_PROMISE: _writes(R.WORK, *_WITH_THE_CHILD),
    P.NAME_TRUSTED_ADULT: _writes(R.WORK, *_WITH_THE_CHILD),
    P.END_TRUSTED_ADULT: _writes(R.WORK, *_WITH_THE_CHILD),
    P.RECORD_TALK_WISH: _writes(R.WORK, *_WITH_THE_CHILD),
    P.TELL_CHILD: _writes(R.WORK, *_WITH_THE_CHILD),
    P.RECORD_STATUS: _writes(R.STATUS, Kind.FEED),
    P.RECORD_DEATH: _writes(R.CHILD, Kind.FEED),  # the main case system is master of it
    # Through what opens the child's page: the fact is seen there.
    P.REPORT_WRONG_FACT: _writes(R.CHRONOLOGY, *(o.kind for o in OPENINGS if R.CHRONOLOGY in o.reads & o.writes)),
    P.REPORT_MISSING: _writes(R.MISSING),
    P.RECORD_CONTACT_OR_SIGHTING: _writes(R.MISSING),
    P.RECORD_POLICE_STATUS: _writes(R.MISSING),
    P.RECORD_COUNCIL_STATUS: _writes(R.MISSING),
    P.RECORD_POLICE_GRADE: _writes(R.MISSING),
    P.RECORD_POLICE_REFERENCE: _writes(R.MISSING),
    P.RECORD_FOUND: _writes(R.MISSING),
    P.RECORD_RETURN: _writes(R.MISSING),
    P.REPORT_MISSING_TOGETHER: ROLE_ONLY,  # of several children: the report inside it judges each
    P.RECORD_RETURN_TOGETHER: ROLE_ONLY,  # likewise the return
    P.RECORD_MISSING_TOGETHER: _writes(R.MISSING),
    P.SPLIT_MISSING_TOGETHER: _writes(R.MISSING),
    P.CORRECT_RETURN: _writes(R.MISSING),
    P.CORRECT_REPORT: _writes(R.MISSING),
    P.WITHDRAW_EPISODE: _writes(R.MISSING),
    P.VIEW_PLAN: _reads(R.PLAN),
    P.VIEW_PLANS: ROLE_ONLY,
    P.START_PLAN: _writes(R.PLAN),
    P.ADD_LINE: _writes(R.PLAN),
    P.AGREE_PLAN: _writes(R.PLAN),
    P.CONFIRM_PLAN: _writes(R.PLAN),
    P.DECIDE_NO_PLAN: _writes(R.PLAN),
    P.CLOSE_PLAN: _writes(R.PLAN, Kind.LINE),
    P.RECORD_EVENT: _writes(R.CHRONOLOGY, *_SEES_LIFE),
    P.ANSWER_PATTERN: _writes(R.PLAN),
    P.VIEW_MEETINGS: ROLE_ONLY,
    # About no child or several: row security shows a meeting to whoever is asked to it or works with a child on its agenda, each their part of it;
    # who leads it, writes (gate/own.py).
    P.VIEW_MEETING: ROLE_ONLY,
    P.VIEW_CHILD_MEETINGS: _reads(R.MEETING),
    P.CALL_MEETING: _writes(R.MEETING, *_CALLS_MEETINGS),
    P.MOVE_MEETING: ROLE_ONLY,
    P.CANCEL_MEETING: ROLE_ONLY,
    P.PUT_ON_AGENDA: ROLE_ONLY,
    P.INVITE: ROLE_ONLY,
    P.ANSWER_INVITATION: ROLE_ONLY,
    P.RECORD_ATTENDANCE: ROLE_ONLY,
    P.HOLD_MEETING: ROLE_ONLY,
    P.CONTRIBUTE: ROLE_ONLY,
    P.RECORD_MEETING_DECISION: ROLE_ONLY,
    P.AGREE_ACTION: ROLE_ONLY,
    P.VIEW_ACTIONS: ROLE_ONLY,
    P.VIEW_ACTION: ROLE_ONLY,  # to whoever it is for and their line, to whoever was at the meeting, to whoever works with the child
    P.ANSWER_ACTION: ROLE_ONLY,
    P.END_ACTION: ROLE_ONLY,
    P.JUDGE_ACTION: ROLE_ONLY,
    P.CLOSE_MEETING: ROLE_ONLY,
    P.VIEW_STEP_DOWNS: ROLE_ONLY,
    P.STEP_DOWN: _writes(R.MEETING, Kind.ALLOCATED, Kind.LINE),
    P.TAKE_ON_REVIEW: ROLE_ONLY,  # of a child who stands on the list: the gate's function judges, and opens it by name
    # To whoever raised it, to whom it is put, to whoever leads the meeting or works with the child (gate/own.py).
    P.VIEW_CHALLENGES: ROLE_ONLY,
    P.VIEW_CHALLENGE: ROLE_ONLY,
    P.RAISE_CHALLENGE: ROLE_ONLY,
    P.ANSWER_CHALLENGE: ROLE_ONLY,
    P.CLIMB_CHALLENGE: ROLE_ONLY,
    P.CLOSE_CHALLENGE: ROLE_ONLY,
    P.VIEW_MEETING_KINDS: ROLE_ONLY,
    P.ADD_MEETING_KIND: ROLE_ONLY,
    P.CHANGE_MEETING_KIND: ROLE_ONLY,
    P.END_MEETING_KIND: ROLE_ONLY,
    P.VIEW_MISSING_BRIEFING: ROLE_ONLY,
    P.BEGIN_MISSING_BRIEFING: ROLE_ONLY,  # of those whose missing episodes are open to whoever begins it (gate/missing_briefing.sql)
    # Of a child who stands on the list: the gate's functions judge, and open it by name (gate/standing.sql).
    P.VIEW_STANDING_LIST: ROLE_ONLY,
    P.HOLD_IN_VIEW: ROLE_ONLY,
    P.TAKE_OUT_OF_VIEW: ROLE_ONLY,
    P.VIEW_PARTNERSHIP: ROLE_ONLY,  # the database counts; no row about a child leaves it
    P.VIEW_PANELS: ROLE_ONLY,
    P.VIEW_PANEL: ROLE_ONLY,
    P.OPEN_PANEL: ROLE_ONLY,
    P.REVIEW_PANEL: ROLE_ONLY,
    P.NAME_PANEL_MEMBER: ROLE_ONLY,
    P.END_PANEL_MEMBER: ROLE_ONLY,
    P.CALL_PANEL_MEETING: ROLE_ONLY,  # whoever leads the panel, or names its members
    # To its own agency, and to whoever sits at a meeting on whose agenda it stands (gate/grounds.py).
    P.VIEW_PEOPLE_OF_CONCERN: ROLE_ONLY,
    P.RECORD_PERSON_OF_CONCERN: ROLE_ONLY,
    P.VIEW_PERSON_OF_CONCERN: ROLE_ONLY,
    P.RENEW_PERSON_OF_CONCERN: ROLE_ONLY,
    P.REMOVE_PERSON_OF_CONCERN: ROLE_ONLY,
    P.RECORD_GROUP: ROLE_ONLY,
    P.VIEW_GROUP: ROLE_ONLY,
    P.RENEW_GROUP: ROLE_ONLY,
    P.REMOVE_GROUP: ROLE_ONLY,
    P.VIEW_PLACES: ROLE_ONLY,
    P.RECORD_PLACE: ROLE_ONLY,
    P.VIEW_PLACE: ROLE_ONLY,
    P.COMPARE_PLACE: ROLE_ONLY,
    P.PUT_PLACE_ON_MAP: ROLE_ONLY,
    P.RENEW_PLACE: ROLE_ONLY,
    P.REMOVE_PLACE: ROLE_ONLY,
    P.VIEW_PLACED_IN: ROLE_ONLY,
    P.REGISTER_PLACED_IN: ROLE_ONLY,  # no child is here yet; the verbs inside it judge the one that is made or found
    P.RECORD_PLACED_IN: _writes(R.MISSING),
    P.END_PLACED_IN: _writes(R.MISSING),
    P.VIEW_DIFFERENCES: ROLE_ONLY,
    P.RECORD_POLICE_REPORT: _writes(R.MISSING, Kind.FEED),
    P.ASK_DIFFERENCES: _writes(R.MISSING, Kind.FEED),
    P.ANSWER_DIFFERENCE: _writes(R.MISSING),
    P.RECORD_COMPARISON: ROLE_ONLY,
    P.RECORD_PAIRS: ROLE_ONLY,  # row security judges each child
    P.VIEW_PAIRS: ROLE_ONLY,
    P.VIEW_PAIR: _reads(R.STATUS, Kind.LINE, Kind.FRONT_DOOR, Kind.MISSING_COORDINATOR),
    P.DECIDE_PAIR: _writes(R.WORK, Kind.LINE, Kind.FRONT_DOOR, Kind.MISSING_COORDINATOR),
    P.TAKE_BACK_PAIR: _writes(R.WORK, Kind.LINE, Kind.FRONT_DOOR, Kind.MISSING_COORDINATOR),
    P.RECORD_JOINED: _writes(R.WORK, Kind.LINE, Kind.FRONT_DOOR, Kind.MISSING_COORDINATOR, Kind.FEED),
    P.ADD_PHOTOGRAPH: _writes(R.MISSING),
    P.SET_EXPLOITATION_MARKER: _writes(R.CHRONOLOGY, Kind.ALLOCATED, Kind.LINE, Kind.FEED, Kind.EMERGENCY_DUTY),
    P.START_EXPLOITATION_ASSESSMENT: _writes(R.EXPLOITATION),
    P.AGREE_LOWER_LEVEL: _writes(R.EXPLOITATION, Kind.LINE),
    P.RECORD_HARM: _writes(R.EXPLOITATION),
    P.VIEW_EXPLOITATION: _reads(R.EXPLOITATION),
    P.VIEW_NETWORK: _reads(R.EXPLOITATION),
    P.RECORD_LINK: _writes(R.EXPLOITATION),
    P.ANSWER_TOGETHER: _writes(R.EXPLOITATION),
    P.VIEW_DATA_QUALITY: ROLE_ONLY,  # the same
    **dict.fromkeys(
        (
            P.VIEW_IMPACT_ASSESSMENTS,
            P.RECORD_IMPACT_ASSESSMENT,
            P.RUN_PROFILE,
            P.SEARCH_TOGETHER,
            P.VIEW_PROFILES,
            P.VIEW_PROFILE,
            P.DOWNLOAD_PROFILE,
            P.DECIDE_FINDING,
            P.VIEW_RETENTION,
            P.SET_RETENTION_CLASS,
            P.PLACE_HOLD,
            P.REVIEW_HOLD,
            P.LIFT_HOLD,
            P.SELECT_DUE,
            P.SET_RUN_ASIDE,
            P.RESTORE_RECORD,
        ),
        ROLE_ONLY,
    ),
    P.VIEW_SUBJECT_REQUESTS: ROLE_ONLY,  # row security shows those about children whom the reader may see
    P.VIEW_SUBJECT_REQUEST: _reads(R.CHILD, Kind.PRIVACY, Kind.INFORMATION_RIGHTS),
    P.RECEIVE_SUBJECT_REQUEST: _reads(R.CHILD, Kind.PRIVACY),  # of the request alone: nothing of the child's record is written
    P.ACCEPT_SUBJECT_REQUEST: _reads(R.CHILD, Kind.PRIVACY),
    P.REFUSE_SUBJECT_REQUEST: _reads(R.CHILD, Kind.PRIVACY),
    P.ASK_CLARIFICATION: _reads(R.CHILD, Kind.PRIVACY, Kind.INFORMATION_RIGHTS),
    P.EXTEND_SUBJECT_REQUEST: _reads(R.CHILD, Kind.PRIVACY),
    P.GATHER_RECORD: _writes(R.DISCLOSURE, Kind.INFORMATION_RIGHTS),
    P.VIEW_ANSWER_ITEMS: _writes(R.DISCLOSURE, Kind.INFORMATION_RIGHTS),
    P.WEIGH_ITEM: _writes(R.DISCLOSURE, Kind.INFORMATION_RIGHTS),
    P.RECORD_OPINION: _writes(R.DISCLOSURE, Kind.INFORMATION_RIGHTS),
    P.MAKE_SUBJECT_ANSWER: _writes(R.DISCLOSURE, Kind.INFORMATION_RIGHTS),
    P.VIEW_SUBJECT_ANSWER: _reads(R.CHILD, Kind.PRIVACY, Kind.INFORMATION_RIGHTS),
    P.RELEASE_SUBJECT_ANSWER: _reads(R.CHILD, Kind.PRIVACY, Kind.INFORMATION_RIGHTS),
    P.DOWNLOAD_SUBJECT_ANSWER: _writes(R.DISCLOSURE, Kind.INFORMATION_RIGHTS),
    P.RECORD_HANDED_OVER: _writes(R.DISCLOSURE, Kind.INFORMATION_RIGHTS),
    P.VIEW_CHILD_RETENTION: _reads(R.CHILD, Kind.PRIVACY),
    P.RECORD_RETENTION_DATE: _reads(R.CHILD, Kind.PRIVACY),  # of the date alone: nothing of the child's record is written
    P.VIEW_EQUALITY: ROLE_ONLY,  # the database counts; no row about a child leaves it
    P.VIEW_SHARING_REGISTER: ROLE_ONLY,  # likewise
    P.REFER_TO_NRM: _writes(R.EXPLOITATION),
    P.START_MEASURE: _writes(R.EXPLOITATION),
    P.RECORD_CONCERN_FOR_OTHERS: _writes(R.EXPLOITATION),
    P.RECORD_PREVENTION_INTERVIEW: _writes(R.MISSING),
    P.DECIDE_REPEAT: _writes(R.MISSING),
    P.VIEW_MENTIONED_PLACES: ROLE_ONLY,
    P.SETTLE_MENTION: _writes(R.INTERVIEW, Kind.MISSING_COORDINATOR),
    P.VIEW_QUALITY_CHECKS: ROLE_ONLY,
    P.CHECK_QUALITY: _writes(R.INTERVIEW, Kind.MISSING_COORDINATOR),
    P.VIEW_SECOND_READINGS: ROLE_ONLY,
    P.VIEW_SECOND_READING: _reads(R.INTERVIEW, Kind.MISSING_COORDINATOR),
    P.READ_AGAIN: _writes(R.INTERVIEW, Kind.MISSING_COORDINATOR),
    P.TAKE_STEP: _writes(R.MISSING),
    P.RECORD_TOLD: _writes(R.MISSING),
    P.DO_NOT_TELL_PARENT: _writes(R.MISSING),
    P.VIEW_TRIGGER_PLAN: _reads(R.MISSING),
    P.WRITE_TRIGGER_PLAN: _writes(R.MISSING),
    P.ALLOCATE_INTERVIEW: _writes(R.INTERVIEW, Kind.MISSING_COORDINATOR, Kind.LINE),
    P.OFFER_INTERVIEW: _writes(R.INTERVIEW),
    P.BOOK_INTERVIEW: _writes(R.INTERVIEW),
    P.RECORD_NOT_MET: _writes(R.INTERVIEW),
    P.RECORD_NOT_REACHED: _writes(R.INTERVIEW),
    P.RECORD_INTERVIEW: _writes(R.INTERVIEW),
    P.DECIDE_NOT_OFFERED: _writes(R.INTERVIEW, Kind.LINE, Kind.MISSING_COORDINATOR),
    P.SHARE_INTERVIEW: _writes(R.INTERVIEW),
    P.CLOSE_INTERVIEW: _writes(R.INTERVIEW, Kind.LINE, Kind.MISSING_COORDINATOR, Kind.FEED),
    P.ASK_RESPONSIBLE: _writes(R.INTERVIEW, Kind.LINE, Kind.MISSING_COORDINATOR),
    P.VIEW_INTELLIGENCE: _reads(R.INTELLIGENCE),
    P.VIEW_INTELLIGENCE_DESK: ROLE_ONLY,
    P.RECORD_INTELLIGENCE: _writes(R.INTELLIGENCE_RAW, Kind.INTELLIGENCE_DESK),
    P.PROPOSE_PRODUCT: _writes(R.INTELLIGENCE, Kind.INTELLIGENCE_DESK),
    P.RELEASE_PRODUCT: _writes(R.INTELLIGENCE, Kind.INTELLIGENCE_DESK),
    P.DECLINE_PRODUCT: _writes(R.INTELLIGENCE, Kind.INTELLIGENCE_DESK),
    P.REVIEW_INTELLIGENCE: _writes(R.INTELLIGENCE, Kind.INTELLIGENCE_DESK),
    P.WITHDRAW_PRODUCT: _writes(R.INTELLIGENCE, Kind.INTELLIGENCE_DESK),
    P.ACKNOWLEDGE_ALERT: _writes(R.WORK, *_DOES_WORK),
    P.RECORD_CALL: _writes(R.WORK, *_DOES_WORK),
    P.ACCEPT_OVERNIGHT: _writes(R.WORK, *_DOES_WORK),
    P.GIVE_MISSED_REASON: _writes(R.WORK),
    P.COMPLETE_TASK: _writes(R.WORK, *_DOES_WORK),
    P.REASSIGN_WORK: _writes(R.ALLOCATION, Kind.LINE),
    P.RECORD_LEAVE: ROLE_ONLY,  # about a post of one's own line: the page and the command ask; each child is opened to whoever covers as row security lets
    P.END_LEAVE: ROLE_ONLY,
    P.VIEW_ROTA: ROLE_ONLY,
    P.PUT_ON_SHIFT: ROLE_ONLY,  # of a post below, as leave is; the trigger of gate/rota.sql holds the same
    P.SWAP_SHIFT: ROLE_ONLY,
    P.TAKE_OFF_SHIFT: ROLE_ONLY,
    P.VIEW_TRAY: ROLE_ONLY,
    P.RECORD_SKILL: ROLE_ONLY,  # about a post of one's own line, as leave is
    P.NAME_CONTACT_POINT: ROLE_ONLY,
    P.VIEW_REFERRALS: ROLE_ONLY,
    P.VIEW_REFERRAL: ROLE_ONLY,  # row security shows one to whoever reads the chronology, and to whoever asked
    P.VIEW_ADVICE: _reads(R.CHRONOLOGY),
    P.REFER_TO_TEAM: _reads(R.MISSING, *_MAY_REFER),  # it writes by a function of its own: a school writes nothing else about the child
    P.ACCEPT_REFERRAL: _writes(R.CHRONOLOGY, Kind.ADVICE),
    P.SEND_BACK_REFERRAL: _writes(R.CHRONOLOGY, Kind.ADVICE),
    P.GIVE_ADVICE: _writes(R.CHRONOLOGY, Kind.ADVICE),
    P.DECIDE_ON_ADVICE: _reads(R.MISSING, *_MAY_REFER),  # of one's own question; of others', the function asks for who works with the child
    P.VIEW_DISCLOSURES: _writes(R.DISCLOSURE),  # who may disclose about the child sees what was disclosed; a recipient only their own
    P.VIEW_DISCLOSURE: _reads(R.DISCLOSURE),
    P.VIEW_SHARED: ROLE_ONLY,
    P.DISCLOSE: _writes(R.DISCLOSURE, Kind.ALLOCATED, Kind.LINE),
    P.RESHARE_DISCLOSURE: _writes(R.DISCLOSURE, Kind.ALLOCATED, Kind.LINE),
    P.WITHDRAW_DISCLOSURE: _writes(R.DISCLOSURE, Kind.ALLOCATED, Kind.LINE),
    P.REFUSE_TO_SHARE: _writes(R.DISCLOSURE, Kind.ALLOCATED, Kind.LINE),
    P.EXPORT: ROLE_ONLY,  # the rows are filtered one by one, when they are counted, compiled, delivered and fetched
    P.EXPORT_MANY: ROLE_ONLY,  # the same, on behalf of the first person
    P.VIEW_EXPORTS: ROLE_ONLY,
    P.DOWNLOAD_EXPORT: ROLE_ONLY,
    P.TRACE_EXPORT: ROLE_ONLY,
    P.VIEW_SEALED_SETS: ROLE_ONLY,
    P.VIEW_CUSTODIANS: _reads(R.STATUS),
    P.SEAL_SET: _writes(R.SEALED),
    P.OPEN_SEALED_SET: _reads(R.SEALED),
    P.LIFT_SEAL: _writes(R.SEALED),  # of the two, the second is a named custodian of the child: the database asks for it
    P.PUT_BACK_SET: _writes(R.SEALED),
    P.NAME_CUSTODIAN: _writes(R.RELATIONSHIP, Kind.LINE),
    P.ASK_GUEST: _writes(R.DISCLOSURE, Kind.ALLOCATED, Kind.LINE),
    P.VIEW_GUEST_REQUEST: _writes(R.DISCLOSURE, Kind.ALLOCATED, Kind.LINE),
    P.WITHDRAW_GUEST_REQUEST: _writes(R.DISCLOSURE, Kind.ALLOCATED, Kind.LINE),
    P.GIVE_CARER_PAGE: _writes(R.DISCLOSURE, Kind.ALLOCATED, Kind.LINE),
    P.ANSWER_CARER: _writes(R.WORK),
    P.VIEW_COPIES_GIVEN: _reads(R.PLAN),
    P.VIEW_COPY_GIVEN: _reads(R.PLAN),
    P.RECORD_COPY_GIVEN: _writes(R.PLAN, Kind.ALLOCATED, Kind.LINE),
    P.GIVE_CHILD_PAGE: _writes(R.DISCLOSURE, Kind.ALLOCATED, Kind.LINE),
    P.WITHDRAW_CHILD_PAGE: _writes(R.WORK, Kind.ALLOCATED, Kind.LINE, Kind.EMERGENCY_DUTY),
    P.RECORD_CHILD_WORDS: _writes(R.PLAN, Kind.ALLOCATED, Kind.LINE),
    P.ANSWER_CHILD: _writes(R.WORK),
    P.VIEW_DIRECT_WORK: _reads(R.PLAN),
    P.START_PROGRAMME: _writes(R.PLAN),
    P.RECORD_SESSION: _writes(R.PLAN),
    P.END_PROGRAMME: _writes(R.PLAN),
    P.VIEW_YOU_SAID: _reads(R.PLAN),
    P.SET_LOCAL_LIMIT: ROLE_ONLY,
    P.CHANGE_BANK_HOLIDAY: ROLE_ONLY,
    P.RECEIVE_DELIVERY: ROLE_ONLY,
    P.COMMIT_DELIVERY: ROLE_ONLY,
    P.UNDO_DELIVERY: ROLE_ONLY,
    P.MAP_CODE: ROLE_ONLY,
    P.DECIDE_MATCH: ROLE_ONLY,
    P.SET_MASTER: ROLE_ONLY,
    P.VIEW_COPIES: ROLE_ONLY,
    P.VIEW_COPY: _reads(R.WORK),  # that a copy is owed, and where it stands; what is in it, only who may see the record itself
    P.SEND_COPY: _writes(R.WORK, Kind.FEED),
    P.SEND_COPY_AGAIN: _writes(R.WORK),
    P.RECORD_RECEIPT: _writes(R.WORK),
    P.SET_COPY_CHANNEL: ROLE_ONLY,
    P.VIEW_GUARD: _reads(R.GUARD),
    P.RESTRICT_CHILD: _writes(R.GUARD),
    P.HIDE_CHILD: _writes(R.GUARD),
    P.NAME_HOLDER: _writes(R.GUARD),
    P.REMOVE_HOLDER: _writes(R.GUARD),
    P.LIFT_RESTRICTION: _writes(R.GUARD),
    P.VIEW_PROPOSALS: ROLE_ONLY,
    P.APPROVE_PROPOSAL: ROLE_ONLY,
    P.DECLINE_PROPOSAL: ROLE_ONLY,
    P.WITHDRAW_PROPOSAL: ROLE_ONLY,
    P.CLOSE_ODD_LOOK: ROLE_ONLY,
    P.VIEW_BREAK_GLASSES: ROLE_ONLY,
    P.REVIEW_BREAK_GLASS: ROLE_ONLY,  # row security lets nobody review themselves, or their line
    P.BREAK_GLASS: ROLE_ONLY,  # the child is unseen: `gate_break_glass` judges all of it
    P.VIEW_CORE_RECORD: _reads(R.CHILD, Kind.BREAK_GLASS),
    P.EXPLAIN: ROLE_ONLY,
    P.DECLARE_CONNECTION: ROLE_ONLY,
    P.RECORD_WORKER: ROLE_ONLY,
    P.VIEW_TIES: _reads(R.STATUS),
    P.VIEW_BLOCKS: _reads(R.CONFLICT),
    P.BLOCK_WORKER: _writes(R.CONFLICT, Kind.LINE, Kind.PRIVACY),
    P.LIFT_BLOCK: _writes(R.CONFLICT, Kind.LINE, Kind.PRIVACY),
    P.VIEW_SUGGESTIONS: ROLE_ONLY,
    P.DECIDE_SUGGESTION: _writes(R.CONFLICT, Kind.LINE, Kind.PRIVACY),
    P.RECORD_TIE: _writes(R.CONFLICT, Kind.LINE, Kind.PRIVACY),
    P.END_TIE: _writes(R.CONFLICT, Kind.LINE, Kind.PRIVACY),
    P.RECORD_ALLEGATION: _writes(R.INTERVIEW),
    P.VIEW_ALLEGATIONS: ROLE_ONLY,
    # Row security opens one to its receivers alone, who have no relationship with the child.
    P.VIEW_ALLEGATION: ROLE_ONLY,
    P.RECEIVE_ALLEGATION: ROLE_ONLY,
    P.DECIDE_ALLEGATION: ROLE_ONLY,
    P.CLOSE_ALLEGATION: ROLE_ONLY,
    P.VIEW_ACCOUNTS: ROLE_ONLY,
    P.VIEW_RUNNING: ROLE_ONLY,
    P.TRY_JOB_AGAIN: ROLE_ONLY,
    P.GIVE_UP_JOB: ROLE_ONLY,
    P.BEGIN_READ_ONLY: ROLE_ONLY,
    P.END_READ_ONLY: ROLE_ONLY,
    P.ENTER_LOOKS: ROLE_ONLY,
    P.SET_PACK_KEY: ROLE_ONLY,
    P.ENTER_OPENINGS: ROLE_ONLY,
    P.OPEN_ACCOUNT: ROLE_ONLY,
    P.SUSPEND_ACCOUNT: ROLE_ONLY,
    P.CLOSE_ACCOUNT: ROLE_ONLY,
    P.RESET_SECOND_FACTOR: ROLE_ONLY,
    P.SET_COUNCIL_SUBJECT: ROLE_ONLY,
    P.END_POST: ROLE_ONLY,
    P.CHANGE_CLEARANCE: ROLE_ONLY,
    P.GIVE_POST: ROLE_ONLY,
    P.EXTEND_POST: ROLE_ONLY,
    P.CHANGE_LINE: ROLE_ONLY,
    P.VIEW_SYSTEMS: ROLE_ONLY,
    P.REGISTER_SYSTEM: ROLE_ONLY,
    P.END_SYSTEM: ROLE_ONLY,
    P.VIEW_SYSTEM_GRANTS: ROLE_ONLY,  # one's own alone
    P.LET_SYSTEM_ACT: ROLE_ONLY,
    P.END_SYSTEM_GRANT: ROLE_ONLY,
}


@dataclass(frozen=True)
class Pair:
    """Two people for one act: another person, another post, not in the first one's line; both hold the permission when it is done.

    `one_is`: the roles one of which at least one of the two must hold; empty: any role that holds the permission.
    """

    one_is: frozenset[str] = frozenset()


# What one person alone only proposes (protection.md 4.3 step 8, 4.8; ASVS 2.3.5).
TWO_PERSONS: dict[Permission, Pair] = {
    P.LIFT_BLOCK: Pair(frozenset({"privacy_officer"})),
    P.HIDE_CHILD: Pair(),
    P.LIFT_RESTRICTION: Pair(),
    # One of the two is an administrator; a head of service of another line may be the other, where there is one administrator alone.
    P.CHANGE_CLEARANCE: Pair(frozenset({"system_administrator"})),
    P.GIVE_POST: Pair(frozenset({"system_administrator"})),
    P.EXTEND_POST: Pair(frozenset({"system_administrator"})),
    P.CHANGE_LINE: Pair(frozenset({"system_administrator"})),
    P.REGISTER_SYSTEM: Pair(frozenset({"system_administrator"})),
    P.LIFT_SEAL: Pair(),
    P.EXPORT_MANY: Pair(frozenset({"privacy_officer"})),
    P.SET_RETENTION_CLASS: Pair(frozenset({"privacy_officer"})),
    P.LIFT_HOLD: Pair(frozenset({"privacy_officer"})),
    P.SET_RUN_ASIDE: Pair(frozenset({"privacy_officer"})),
    P.RELEASE_SUBJECT_ANSWER: Pair(frozenset({"privacy_officer"})),
}
PROPOSAL_LIFE = timedelta(days=7)  # after that, what nobody approved is proposed anew


@dataclass(frozen=True)
class Role:
    """A bundle of permissions, what it is for in plain words, and the purposes it may act for: the first, unless another is chosen."""

    key: str
    name: str
    purpose: str
    permissions: frozenset[Permission]
    purposes: tuple[Purpose, ...]


_EVERYONE = frozenset({P.VIEW_MY_WORK, P.DECLARE_CONNECTION, P.VIEW_TIME_LIMITS})
# Whoever works with children of any agency: says that they are worried, and what they know when they are asked.
_RAISES = frozenset({P.RAISE_CONTACT, P.VIEW_MY_CONTACTS, P.VIEW_ASKS, P.ANSWER_ASK, P.VIEW_THRESHOLDS})
# Whoever works with children of any agency may be asked to a meeting, says what they know, and answers for what their agency will do.
_MEETS = frozenset(
    {
        P.VIEW_MEETINGS, P.VIEW_MEETING, P.VIEW_CHILD_MEETINGS, P.ANSWER_INVITATION, P.CONTRIBUTE, P.VIEW_ACTIONS, P.VIEW_ACTION, P.ANSWER_ACTION,
        P.END_ACTION,
        P.VIEW_CHALLENGES, P.VIEW_CHALLENGE, P.RAISE_CHALLENGE, P.ANSWER_CHALLENGE,
        P.CLIMB_CHALLENGE, P.CLOSE_CHALLENGE,
        P.VIEW_PANELS, P.VIEW_PANEL,
    }
)  # fmt: skip
# Who may lead a meeting: the database lets those alone who chair it, stand in, or take its minutes.
_LEADS = frozenset(
    {
        P.MOVE_MEETING, P.CANCEL_MEETING, P.PUT_ON_AGENDA, P.INVITE, P.RECORD_ATTENDANCE, P.HOLD_MEETING, P.RECORD_MEETING_DECISION, P.AGREE_ACTION,
        P.JUDGE_ACTION, P.CLOSE_MEETING, P.CALL_PANEL_MEETING,
    }
)  # fmt: skip
_CALLS = _LEADS | {P.CALL_MEETING}
# Whoever sits on panels reads of people of concern, groups and places; some write them down.
_SITS = frozenset({P.VIEW_PEOPLE_OF_CONCERN, P.VIEW_PERSON_OF_CONCERN, P.VIEW_GROUP, P.VIEW_PLACES, P.VIEW_PLACE, P.COMPARE_PLACE})
_NAMES = _SITS | {
    P.RECORD_PERSON_OF_CONCERN, P.RENEW_PERSON_OF_CONCERN, P.REMOVE_PERSON_OF_CONCERN, P.RECORD_GROUP, P.RENEW_GROUP, P.REMOVE_GROUP, P.RECORD_PLACE,
    P.PUT_PLACE_ON_MAP, P.RENEW_PLACE, P.REMOVE_PLACE, P.VIEW_PROFILES, P.VIEW_PROFILE, P.DOWNLOAD_PROFILE,
}  # fmt: skip
# Whoever answers for how long records are kept, and the second of two people.
_KEEPS = frozenset({P.VIEW_RETENTION, P.SET_RETENTION_CLASS, P.PLACE_HOLD, P.REVIEW_HOLD, P.LIFT_HOLD, P.SET_RUN_ASIDE, P.RESTORE_RECORD})
# Whoever lets requests for a record in, and whoever answers them; the second of two people is one of the first.
_LETS_IN = frozenset(
    {
        P.VIEW_SUBJECT_REQUESTS, P.VIEW_SUBJECT_REQUEST, P.RECEIVE_SUBJECT_REQUEST, P.ACCEPT_SUBJECT_REQUEST, P.REFUSE_SUBJECT_REQUEST, P.ASK_CLARIFICATION,
        P.EXTEND_SUBJECT_REQUEST, P.VIEW_SUBJECT_ANSWER, P.RELEASE_SUBJECT_ANSWER,
    }
)  # fmt: skip
_ANSWERS_REQUESTS = frozenset(
    {
        P.VIEW_SUBJECT_REQUESTS, P.VIEW_SUBJECT_REQUEST, P.ASK_CLARIFICATION, P.GATHER_RECORD, P.VIEW_ANSWER_ITEMS, P.WEIGH_ITEM, P.RECORD_OPINION,
        P.MAKE_SUBJECT_ANSWER, P.VIEW_SUBJECT_ANSWER, P.RELEASE_SUBJECT_ANSWER, P.DOWNLOAD_SUBJECT_ANSWER, P.RECORD_HANDED_OVER,
    }
)  # fmt: skip
# Who lets a panel be, and says who sits on it.
_PANELS = frozenset({P.VIEW_MEETING_KINDS, P.OPEN_PANEL, P.REVIEW_PANEL, P.NAME_PANEL_MEMBER, P.END_PANEL_MEMBER})
# Whoever answers for missing children meets about them every morning.
_BRIEFS = frozenset({P.VIEW_MISSING_BRIEFING, P.BEGIN_MISSING_BRIEFING})
_STANDING = frozenset({P.VIEW_STANDING_LIST, P.HOLD_IN_VIEW, P.TAKE_OUT_OF_VIEW})
_SEES = (
    _EVERYONE
    | _RAISES
    | _MEETS
    | {
        P.VIEW_CHILD,
        P.FIND_CHILD,
        P.VIEW_MISSING_NOW,
        P.VIEW_EPISODE,
        P.ACKNOWLEDGE_ALERT,
        P.RECORD_CALL,
        P.COMPLETE_TASK,
        P.REPORT_WRONG_FACT,
        P.VIEW_DISCLOSURE,
        P.VIEW_SHARED,
        P.VIEW_GUARD,
        P.ASK_FRONT_DOOR,
        P.VIEW_EXPORTS,
        P.DOWNLOAD_EXPORT,
        P.VIEW_HANDOVER,
        P.VIEW_CUSTODIANS,
        P.VIEW_SYSTEM_GRANTS,
        P.LET_SYSTEM_ACT,
        P.END_SYSTEM_GRANT,
        P.VIEW_REFERRALS,
        P.VIEW_REFERRAL,
        P.REFER_TO_TEAM,
        P.DECIDE_ON_ADVICE,
    }
)
# Of a team across agencies: takes on what it is asked, and answers.
_ADVISES = frozenset({P.VIEW_ADVICE, P.ACCEPT_REFERRAL, P.SEND_BACK_REFERRAL, P.GIVE_ADVICE})
_EMERGENCY = frozenset({P.BREAK_GLASS, P.VIEW_CORE_RECORD})
_DECIDES = frozenset(
    {
        P.VIEW_CONTACTS,
        P.VIEW_CONTACT,
        P.VIEW_SCREENING,
        P.VIEW_ASSESSMENT,
        P.DECIDE_CONTACT,
        P.GIVE_SECOND_VIEW,
        P.ASK_AGENCY,
        P.ANSWER_REFERRER,
    }
)
_KEEPS_ASSESSMENTS = frozenset(
    {P.VIEW_CONTACT, P.VIEW_SCREENING, P.VIEW_ASSESSMENT, P.START_ASSESSMENT, P.RECORD_CHILD_SEEN, P.REVIEW_ASSESSMENT}
)
_SCREENS = _DECIDES | {P.VIEW_FRONT_DOOR_QUESTIONS, P.ANSWER_FRONT_DOOR_QUESTION, P.RATE_CONTACT, P.MATCH_CONTACT, P.SET_ASIDE_CONTACT}
_MISSING = frozenset(
    {
        P.REPORT_MISSING,
        P.RECORD_CONTACT_OR_SIGHTING,
        P.RECORD_COUNCIL_STATUS,
        P.RECORD_POLICE_REFERENCE,
        P.RECORD_FOUND,
        P.RECORD_RETURN,
        P.CORRECT_RETURN,
        P.CORRECT_REPORT,
        P.ADD_PHOTOGRAPH,
    }
)
# One report, and one return, of several children; and which episodes belong together. A delivery tells of one child.
_SEVERAL = frozenset({P.REPORT_MISSING_TOGETHER, P.RECORD_RETURN_TOGETHER, P.RECORD_MISSING_TOGETHER, P.SPLIT_MISSING_TOGETHER})
# Before, during and after an episode: those who answer for the child, and not a delivery.
_LOOKS_FOR = frozenset({P.VIEW_TRIGGER_PLAN, P.WRITE_TRIGGER_PLAN, P.TAKE_STEP, P.RECORD_TOLD, P.RECORD_PREVENTION_INTERVIEW})
_INTERVIEW = frozenset(
    {
        P.VIEW_INTERVIEW,
        P.OFFER_INTERVIEW,
        P.BOOK_INTERVIEW,
        P.RECORD_NOT_MET,
        P.RECORD_NOT_REACHED,
        P.RECORD_INTERVIEW,
        P.SHARE_INTERVIEW,
        P.GIVE_MISSED_REASON,
        P.RECORD_ALLEGATION,
        P.VIEW_ALLEGATIONS,
    }
)
# Who assesses exploitation, records harm, and does what follows; a delivery does not.
_ASSESSES = frozenset(
    {
        P.VIEW_EXPLOITATION,
        P.VIEW_NETWORK,
        P.RECORD_LINK,
        P.ANSWER_TOGETHER,
        P.START_EXPLOITATION_ASSESSMENT,
        P.RECORD_HARM,
        P.REFER_TO_NRM,
        P.START_MEASURE,
        P.RECORD_CONCERN_FOR_OTHERS,
    }
)
# The safety plan of a child with whom one works.
_PLANS = frozenset(
    {P.VIEW_PLAN, P.START_PLAN, P.ADD_LINE, P.AGREE_PLAN, P.CONFIRM_PLAN, P.DECIDE_NO_PLAN, P.RECORD_EVENT, P.ANSWER_PATTERN}
)
# Who is named to receive what was said of somebody who works with children.
_RECEIVES = frozenset({P.VIEW_ALLEGATIONS, P.VIEW_ALLEGATION, P.RECEIVE_ALLEGATION, P.DECIDE_ALLEGATION, P.CLOSE_ALLEGATION})
_SHARES = frozenset(
    {
        P.VIEW_DISCLOSURES,
        P.DISCLOSE,
        P.RESHARE_DISCLOSURE,
        P.WITHDRAW_DISCLOSURE,
        P.REFUSE_TO_SHARE,
        P.ASK_GUEST,
        P.VIEW_GUEST_REQUEST,
        P.WITHDRAW_GUEST_REQUEST,
        P.GIVE_CARER_PAGE,
        P.VIEW_COPIES_GIVEN,
        P.VIEW_COPY_GIVEN,
        P.RECORD_COPY_GIVEN,
        P.GIVE_CHILD_PAGE,
        P.WITHDRAW_CHILD_PAGE,
        P.RECORD_CHILD_WORDS,
    }
)
_GUARDS = frozenset({P.RESTRICT_CHILD, P.HIDE_CHILD, P.NAME_HOLDER, P.REMOVE_HOLDER, P.LIFT_RESTRICTION})
# Who works directly with children, of whatever agency: those who are allocated write.
_DIRECT_WORK = frozenset({P.VIEW_DIRECT_WORK, P.START_PROGRAMME, P.RECORD_SESSION, P.END_PROGRAMME, P.VIEW_YOU_SAID})
# For every role that holds a permission of TWO_PERSONS.
_TOGETHER = frozenset({P.VIEW_PROPOSALS, P.APPROVE_PROPOSAL, P.DECLINE_PROPOSAL, P.WITHDRAW_PROPOSAL})
_SEALED = frozenset({P.VIEW_SEALED_SETS, P.SEAL_SET, P.OPEN_SEALED_SET, P.LIFT_SEAL, P.PUT_BACK_SET})
# The day takes over from the night.
_TAKES_OVER = frozenset({P.VIEW_MORNING, P.ACCEPT_OVERNIGHT, P.VIEW_ROTA, P.ANSWER_CARER, P.ANSWER_CHILD})
_SPEAKS = frozenset(
    {P.VIEW_PROMISES, P.MAKE_PROMISE, P.END_PROMISE, P.NAME_TRUSTED_ADULT, P.END_TRUSTED_ADULT, P.RECORD_TALK_WISH, P.TELL_CHILD}
)
# What is finished here is filed in the council's main system too.
_FILES = frozenset({P.VIEW_COPIES, P.VIEW_COPY, P.SEND_COPY_AGAIN, P.RECORD_RECEIPT})
_PRACTICE = _SEES | _MISSING | _SEVERAL | _INTERVIEW | _TAKES_OVER | _FILES | _SPEAKS | {P.SET_EXPLOITATION_MARKER, P.VIEW_TIES}
_MANAGES = frozenset(
    {
        P.VIEW_NIGHT,
        P.VIEW_TEAM_WORK,
        P.VIEW_TIMELINESS,
        P.VIEW_UNALLOCATED,
        P.COVER_CHILD,
        P.REASSIGN_WORK,
        P.RECORD_LEAVE,
        P.END_LEAVE,
        P.VIEW_TRAY,
        P.PUT_ON_SHIFT,
        P.SWAP_SHIFT,
        P.TAKE_OFF_SHIFT,
        P.RECORD_SKILL,
        P.NAME_CONTACT_POINT,
        P.ALLOCATE_INTERVIEW,
        P.DECIDE_NOT_OFFERED,
        P.CLOSE_INTERVIEW,
        P.ASK_RESPONSIBLE,
        P.WITHDRAW_EPISODE,
        P.VIEW_DIFFERENCES,
        P.ANSWER_DIFFERENCE,
        P.VIEW_LOOKS,
        P.EXPORT,
        P.EXPORT_MANY,
        P.VIEW_CONSISTENCY,
        P.VIEW_PARTNERSHIP,
        P.EXTEND_ASSESSMENT,
        P.AUTHORISE_ASSESSMENT,
    }
    | _GUARDS
    | _TOGETHER
    | _DECIDES
    | _KEEPS_ASSESSMENTS
)

# Who offers a child to another authority, and who answers for one.
_TRANSFERS = frozenset({P.VIEW_TRANSFERS, P.VIEW_TRANSFER, P.START_TRANSFER, P.ANSWER_TRANSFER})
# Who answers for conflicts of interest: the line, and the privacy officer. A feed does not.
_CONFLICTS = frozenset({P.VIEW_BLOCKS, P.BLOCK_WORKER, P.LIFT_BLOCK, P.VIEW_SUGGESTIONS, P.DECIDE_SUGGESTION, P.RECORD_TIE, P.END_TIE})
_LEAVES = frozenset({P.VIEW_DISCLOSURE, P.VIEW_SHARED, P.EXPORT, P.EXPORT_MANY, P.VIEW_EXPORTS, P.DOWNLOAD_EXPORT})
_DELIVERED = (_PRACTICE | _MANAGES) - _LEAVES - {
    P.VIEW_NIGHT,
    *_TAKES_OVER,
    *_SPEAKS,
    *_SEVERAL,
    P.RECORD_LEAVE,
    P.END_LEAVE,
    P.VIEW_TRAY,
    P.VIEW_ROTA,
    P.PUT_ON_SHIFT,
    P.SWAP_SHIFT,
    P.TAKE_OFF_SHIFT,
    P.RECORD_SKILL,
    P.NAME_CONTACT_POINT,
    P.VIEW_LOOKS,
    P.DECLARE_CONNECTION,
    P.ASK_FRONT_DOOR,
    P.VIEW_HANDOVER,
    P.REASSIGN_WORK,
    P.VIEW_CUSTODIANS,
    P.VIEW_GUARD,
    P.VIEW_SYSTEM_GRANTS,
    P.LET_SYSTEM_ACT,
    P.END_SYSTEM_GRANT,
    P.RECORD_ALLEGATION,
    P.VIEW_ALLEGATIONS,
    P.VIEW_DIFFERENCES,
    P.ANSWER_DIFFERENCE,
    P.ASK_RESPONSIBLE,
    P.VIEW_REFERRALS,
    P.VIEW_REFERRAL,
    P.REFER_TO_TEAM,
    P.DECIDE_ON_ADVICE,
    P.VIEW_COPIES,
    P.VIEW_COPY,
    P.SEND_COPY_AGAIN,
    *_GUARDS,
    *_TOGETHER,
    *_RAISES,
    *_MEETS,
    *_DECIDES,
    *_KEEPS_ASSESSMENTS,
    P.VIEW_CONSISTENCY,
    P.VIEW_PARTNERSHIP,
    P.EXTEND_ASSESSMENT,
    P.AUTHORISE_ASSESSMENT,
} | {
    P.SEND_COPY,
    P.VIEW_PLAN,
    P.VIEW_EXPLOITATION,
    P.REGISTER_CHILD,
    P.CORRECT_CHILD,
    P.RECORD_CONTACT_DETAIL,
    P.SEAL_SET,
    P.RECORD_ALLOCATION,
    P.RECORD_STATUS,
    P.RECORD_DEATH,
    P.RECORD_POLICE_STATUS,
    P.RECORD_POLICE_GRADE,
    P.RECORD_POLICE_REPORT,
    P.ASK_DIFFERENCES,
    P.RECORD_COMPARISON,
    P.RECORD_PAIRS,
    P.RECORD_JOINED,
    P.RECORD_WORKER,
    P.END_POST,
    P.VIEW_FEEDS,
    P.RECEIVE_DELIVERY,
    P.COMMIT_DELIVERY,
    P.UNDO_DELIVERY,
    P.MAP_CODE,
    P.DECIDE_MATCH,
}

_WITH_CHILDREN = (
    U.SECTION_17,
    U.SECTION_47,
    U.LOOKED_AFTER,
    U.MISSING_RESPONSE,
    U.RETURN_INTERVIEW,
    U.PANEL,
    U.STRATEGY_DISCUSSION,
    U.INFORMATION_SHARING,
)
_MISSING_CHILDREN = (U.MISSING_RESPONSE, U.RETURN_INTERVIEW, U.SECTION_47, U.STRATEGY_DISCUSSION, U.INFORMATION_SHARING)

_MATCHES = frozenset({P.VIEW_PAIRS, P.VIEW_PAIR, P.DECIDE_PAIR, P.TAKE_BACK_PAIR, P.RECORD_JOINED})
_POSTS = frozenset({P.GIVE_POST, P.EXTEND_POST, P.CHANGE_CLEARANCE, P.CHANGE_LINE, P.REGISTER_SYSTEM})
_ACCOUNTS = frozenset({P.VIEW_ACCOUNTS, P.OPEN_ACCOUNT, P.SUSPEND_ACCOUNT, P.CLOSE_ACCOUNT, P.RESET_SECOND_FACTOR, P.SET_COUNCIL_SUBJECT})
# A message that has not left may be an alert that nobody has seen: whoever is in charge sees it, by day and by night.
_RUNS = frozenset({P.VIEW_RUNNING, P.TRY_JOB_AGAIN, P.GIVE_UP_JOB, P.BEGIN_READ_ONLY, P.END_READ_ONLY, P.ENTER_LOOKS})
ROLES: tuple[Role, ...] = (
    Role(
        "practitioner",
        "Practitioner",
        "Works with the children allocated to them.",
        _PRACTICE
        | _LOOKS_FOR
        | _PLANS
        | _SHARES
        | _DIRECT_WORK
        | _SEALED
        | _EMERGENCY
        | _TOGETHER
        | _ADVISES
        | _ASSESSES
        | _KEEPS_ASSESSMENTS
        | _CALLS
        | {P.VIEW_INTELLIGENCE, P.VIEW_TRANSFER, P.STEP_DOWN},
        _WITH_CHILDREN,
    ),
    Role(
        "manager",
        "Manager",
        "Answers for a team, its children and its workers.",
        _PRACTICE
        | _MATCHES
        | _LOOKS_FOR
        | _SHARES
        | _DIRECT_WORK
        | _SEALED
        | _EMERGENCY
        | _BRIEFS
        | _MANAGES
        | _CONFLICTS
        | _TRANSFERS
        | _ADVISES
        | _ASSESSES
        | _CALLS
        | _NAMES
        | _RUNS
        | _PLANS
        | {
            P.VIEW_INTELLIGENCE,
            P.NAME_CUSTODIAN,
            P.DO_NOT_TELL_PARENT,
            P.DECIDE_REPEAT,
            P.AGREE_LOWER_LEVEL,
            P.VIEW_PLANS,
            P.CLOSE_PLAN,
            P.STEP_DOWN,
        },
        _WITH_CHILDREN,
    ),
    Role(
        "head_of_service",
        "Head of service",
        "Answers for several teams, and for the authority's own time limits.",
        _PRACTICE
        | _MATCHES
        | _LOOKS_FOR
        | _SHARES
        | _DIRECT_WORK
        | _SEALED
        | _EMERGENCY
        | _BRIEFS
        | _MANAGES
        | _CONFLICTS
        | _TRANSFERS
        | _POSTS
        | _CALLS
        | _PANELS
        | _RUNS
        | _NAMES
        | _PLANS
        | _RECEIVES
        | _ADVISES
        | _ASSESSES
        | _KEEPS
        | {
            P.VIEW_EQUALITY,
            P.VIEW_DATA_QUALITY,
            P.VIEW_IMPACT_ASSESSMENTS,
            P.RUN_PROFILE,
            P.SEARCH_TOGETHER,
            P.DECIDE_FINDING,
            P.AGREE_LOWER_LEVEL,
            P.VIEW_INTELLIGENCE,
            P.NAME_CUSTODIAN,
            P.DO_NOT_TELL_PARENT,
            P.DECIDE_REPEAT,
            P.SET_THRESHOLDS,
            P.SET_LOCAL_LIMIT,
            P.ADD_MEETING_KIND,
            P.CHANGE_MEETING_KIND,
            P.END_MEETING_KIND,
            P.CHANGE_BANK_HOLIDAY,
            P.VIEW_PLANS,
            P.CLOSE_PLAN,
            P.STEP_DOWN,
            P.VIEW_STEP_DOWNS,
        },
        _WITH_CHILDREN,
    ),
    Role(
        "front_door",
        "Front door",
        "Takes what comes in and finds who should know.",
        _SEES
        | _MATCHES
        | _MISSING
        | _BRIEFS
        | _SEVERAL
        | _CALLS
        | _SCREENS
        | _EMERGENCY
        | _TAKES_OVER
        | {
            P.REGISTER_CHILD,
            P.REGISTER_UNBORN,
            P.VIEW_CONSISTENCY,
            P.VIEW_NIGHT,
            P.VIEW_UNALLOCATED,
            P.VIEW_TEAM_WORK,
            P.COVER_CHILD,
            P.VIEW_TRIGGER_PLAN,
            P.VIEW_PLAN,
            P.RECORD_EVENT,
            P.TAKE_STEP,
            P.RECORD_TOLD,
            P.VIEW_EXPLOITATION,
            P.VIEW_ADVICE,
        },
        _WITH_CHILDREN,
    ),
    Role(
        "missing_coordinator",
        "Missing coordinator",
        "Sees that every missing child is found, offered an interview and heard.",
        _SEES
        | _MATCHES
        | _MISSING
        | _BRIEFS
        | _SEVERAL
        | _LEADS
        | _NAMES
        | _LOOKS_FOR
        | _INTERVIEW
        | _TAKES_OVER
        | _FILES
        | {
            P.RECORD_EVENT,
            P.VIEW_PROMISES,
            P.VIEW_TRANSFERS,
            P.VIEW_TRANSFER,
            P.VIEW_TRAY,
            P.VIEW_NIGHT,
            P.VIEW_TEAM_WORK,
            P.VIEW_TIMELINESS,
            P.VIEW_INTERVIEWERS,
            P.VIEW_MENTIONED_PLACES,
            P.SETTLE_MENTION,
            P.VIEW_QUALITY_CHECKS,
            P.CHECK_QUALITY,
            P.VIEW_SECOND_READINGS,
            P.VIEW_SECOND_READING,
            P.READ_AGAIN,
            P.DECIDE_REPEAT,
            P.ALLOCATE_INTERVIEW,
            P.DECIDE_NOT_OFFERED,
            P.CLOSE_INTERVIEW,
            P.ASK_RESPONSIBLE,
            P.WITHDRAW_EPISODE,
            P.VIEW_DIFFERENCES,
            P.ANSWER_DIFFERENCE,
            P.VIEW_DATA_QUALITY,
            P.VIEW_PLACED_IN,
            P.REGISTER_PLACED_IN,
            P.RECORD_PLACED_IN,
            P.END_PLACED_IN,
            P.REGISTER_CHILD,  # of a child placed here by others: who the child is, and no more
            P.EXPORT,
            P.EXPORT_MANY,
        }
        | _ADVISES
        | _TOGETHER,
        _MISSING_CHILDREN,
    ),
    Role(
        "emergency_duty",
        "Emergency duty worker",
        "Answers for the councils covered out of hours.",
        _SEES
        | _RUNS
        | _MISSING
        | _SEVERAL
        | _CALLS
        | _LOOKS_FOR
        | _SCREENS
        | _EMERGENCY
        | _SPEAKS
        | {
            P.REGISTER_CHILD,
            P.SET_EXPLOITATION_MARKER,
            P.VIEW_NIGHT,
            P.VIEW_MORNING,
            P.VIEW_ROTA,
            P.ANSWER_CARER,
            P.ANSWER_CHILD,
            P.VIEW_COPIES_GIVEN,
            P.VIEW_COPY_GIVEN,
            P.WITHDRAW_CHILD_PAGE,
            P.VIEW_DIRECT_WORK,
            P.VIEW_YOU_SAID,
            P.VIEW_TEAM_WORK,
            P.VIEW_PLACED_IN,
        }
        | {P.VIEW_ADVICE, P.VIEW_EXPLOITATION, P.VIEW_PLAN, P.RECORD_EVENT},
        _WITH_CHILDREN,
    ),
    Role(
        "return_interviewer",
        "Return interviewer",
        "Offers and has the conversation after a child is back.",
        _SEES | _INTERVIEW | _SPEAKS | _ADVISES | {P.VIEW_TEAM_WORK, P.VIEW_ROTA, P.VIEW_TRAY, P.VIEW_TRIGGER_PLAN, P.RECORD_EVENT},
        _WITH_CHILDREN,
    ),
    Role(
        "police_missing",
        "Police missing persons officer",
        "Looks for missing children and speaks with them on return.",
        _SEES
        | _EMERGENCY
        | (_MISSING - {P.RECORD_COUNCIL_STATUS})
        | _BRIEFS
        | _SEVERAL
        | _LEADS
        | _NAMES
        | _ADVISES
        | {
            P.RECORD_POLICE_STATUS,
            P.RECORD_POLICE_GRADE,
            P.VIEW_ROTA,
            P.VIEW_NIGHT,
            P.VIEW_TEAM_WORK,
            P.VIEW_TRIGGER_PLAN,
            P.RECORD_TOLD,
            P.RECORD_PREVENTION_INTERVIEW,
            P.RECORD_EVENT,
            P.VIEW_DIFFERENCES,
        },
        (*_MISSING_CHILDREN, U.POLICE_INVESTIGATION),
    ),
    Role(
        "police_officer",
        "Police officer",
        "Works with the children of an enquiry.",
        _SEES | _EMERGENCY | _LEADS | _NAMES,
        (U.SECTION_47, U.STRATEGY_DISCUSSION, U.INFORMATION_SHARING, U.POLICE_INVESTIGATION),
    ),
    Role(
        "intelligence_officer",
        "Intelligence officer",
        "Keeps what the supplier holds, and says what partners may read of it.",
        _EVERYONE
        | {
            P.FIND_CHILD,
            P.VIEW_INTELLIGENCE,
            P.VIEW_INTELLIGENCE_DESK,
            P.RECORD_INTELLIGENCE,
            P.PROPOSE_PRODUCT,
            P.RELEASE_PRODUCT,
            P.DECLINE_PRODUCT,
            P.REVIEW_INTELLIGENCE,
            P.WITHDRAW_PRODUCT,
        },
        (U.POLICE_INVESTIGATION,),
    ),
    Role("health", "Health practitioner", "Sees the agency's own children.", _SEES | _EMERGENCY | _SITS, _WITH_CHILDREN),
    Role("school", "School safeguarding lead", "Sees the school's own children.", _SEES | _SITS, _WITH_CHILDREN),
    Role(
        "voluntary_worker",
        "Voluntary sector worker",
        "Works with the children referred.",
        _SEES | _SITS | _DIRECT_WORK | {P.VIEW_PLAN, P.RECORD_EVENT},
        _WITH_CHILDREN,
    ),
    Role(
        "housing",
        "Housing officer",
        "Answers for homes: what housing knows, and what housing does.",
        _EVERYONE | _RAISES | _MEETS | _SITS,
        _WITH_CHILDREN,
    ),
    Role(
        "director",
        "Director of children’s services",
        "Chairs the discussions about the children at the highest level, and asks what every agency does.",
        _EVERYONE
        | _RAISES
        | _MEETS
        | _CALLS
        | _PANELS
        | _NAMES
        | {P.VIEW_PARTNERSHIP}
        | {P.VIEW_STEP_DOWNS, P.DECIDE_FINDING, P.VIEW_IMPACT_ASSESSMENTS, *_STANDING},
        _WITH_CHILDREN,
    ),
    Role(
        "chair",
        "Independent chair",
        "Chairs child in need meetings and panels, apart from whoever works with the child, and follows what was agreed.",
        _EVERYONE | _RAISES | _MEETS | _CALLS | _PANELS | _NAMES | {P.VIEW_PARTNERSHIP} | {P.VIEW_STEP_DOWNS, P.TAKE_ON_REVIEW},
        _WITH_CHILDREN,
    ),
    Role(
        "business_support",
        "Business support",
        "Helps a team with its lists, and takes minutes.",
        _EVERYONE | _MEETS | _LEADS | _SITS,
        _WITH_CHILDREN,
    ),
    Role(
        "data_officer",
        "Data officer",
        "Keeps deliveries, codes and matches in order.",
        _EVERYONE
        | {P.VIEW_FEEDS, P.RECEIVE_DELIVERY, P.COMMIT_DELIVERY, P.UNDO_DELIVERY, P.MAP_CODE, P.DECIDE_MATCH, P.SET_MASTER}
        | {P.SET_COPY_CHANNEL, P.VIEW_DATA_QUALITY}
        | {P.VIEW_RETURN_CHECKS, P.CHECK_RETURN},
        (U.SYSTEM_REPAIR,),
    ),
    Role(
        "privacy_officer",
        "Privacy officer",
        "Answers for who looks at whom.",
        _EVERYONE
        | _CONFLICTS
        | _TOGETHER
        | _GUARDS
        | _KEEPS
        | _LETS_IN
        | {
            P.VIEW_LOOKS,
            P.VIEW_CHILD_RETENTION,
            P.RECORD_RETENTION_DATE,
            P.SELECT_DUE,
            P.VIEW_RELEASABLE_LOOKS,
            P.VIEW_ODD_LOOKS,
            P.CLOSE_ODD_LOOK,
            P.VIEW_BREAK_GLASSES,
            P.REVIEW_BREAK_GLASS,
            P.EXPLAIN,
            P.FIND_CHILD,
            P.VIEW_SHARING_REGISTER,
            P.VIEW_IMPACT_ASSESSMENTS,
            P.RECORD_IMPACT_ASSESSMENT,
            P.TRACE_EXPORT,
            P.EXPORT_MANY,
            P.VIEW_GUARD,
        },
        (U.AUDIT, U.COMPLAINT),
    ),
    Role(
        "information_rights",
        "Information rights officer",
        "Answers whoever asks for a child’s record; opens it for one request alone, and for 90 days at most.",
        _EVERYONE | _TOGETHER | _ANSWERS_REQUESTS,
        (U.SUBJECT_ACCESS, U.COMPLAINT),
    ),
    Role(
        "caldicott_guardian",
        "Caldicott guardian",
        "Answers for what was opened in an emergency and not reviewed in time.",
        _EVERYONE | {P.VIEW_BREAK_GLASSES, P.REVIEW_BREAK_GLASS},
        (U.AUDIT, U.COMPLAINT),
    ),
    Role(
        "designated_officer",
        "Designated officer",
        "Receives what is said of people who work with children; sees no child's record.",
        _EVERYONE | _RECEIVES,
        (U.SECTION_47,),
    ),
    Role(
        "professional_standards",
        "Professional standards",
        "Receives what is said of officers and staff of the police; sees no child's record.",
        _EVERYONE | _RECEIVES,
        (U.SECTION_47,),
    ),
    Role(
        "system_administrator",
        "System administrator",
        "Keeps accounts; sees no child.",
        _ACCOUNTS
        | {P.END_POST, P.VIEW_TIME_LIMITS, P.VIEW_SYSTEMS, P.END_SYSTEM}
        | _TOGETHER
        | _POSTS
        | _RUNS
        | {P.SET_PACK_KEY, P.ENTER_OPENINGS},
        (U.SYSTEM_REPAIR,),
    ),
    Role(
        "feed",
        "Feed",
        "A service post: carries what partners deliver.",
        _DELIVERED,
        (U.SYSTEM_REPAIR,),
    ),
    Role("tick", "Tick", "A service post: does what follows with time.", frozenset(), (U.SYSTEM_REPAIR,)),
)
ROLE = {role.key: role for role in ROLES}


@cache
def role_opens(role: Role) -> frozenset[tuple[RecordKind, Mode]]:
    """The kinds of record that a role may read or write at all, once a relationship opens them.

    Writing brings reading of the same kind, and whatever the role writes leaves its effects behind.
    """
    opened: set[tuple[RecordKind, Mode]] = set()
    for permission in role.permissions:
        need = NEEDS[permission]
        if need.record is None:
            continue
        opened.add((need.record, need.mode))
        if need.mode is Mode.WRITE:
            opened.add((need.record, Mode.READ))
            opened.update((effect, Mode.WRITE) for effect in EFFECTS)
            opened.update((effect, Mode.READ) for effect in EFFECTS)
    if P.VIEW_CHILD in role.permissions or P.REGISTER_CHILD in role.permissions:
        seen = (R.CHILD, R.CONTACT, R.RELATIONSHIP, R.GUARD, R.ALLOCATION, R.STATUS, R.CHRONOLOGY, R.WORK)
        opened.update((record, Mode.READ) for record in seen)
    if P.GATHER_RECORD in role.permissions:  # whatever a request opens is what is asked for
        opened.update((record, Mode.READ) for record in OPENING[Kind.INFORMATION_RIGHTS].reads)
    if {P.FIND_CHILD, P.VIEW_MEETING} & role.permissions:
        opened.add((R.CHILD, Mode.READ))
    # Whoever takes minutes, or is challenged, leaves the effects of what was decided or answered, and reads nothing for it.
    if {P.RECORD_MEETING_DECISION, P.RAISE_CHALLENGE} & role.permissions:
        opened.update((effect, Mode.WRITE) for effect in EFFECTS)
    if opened:
        opened.add((R.RELATIONSHIP, Mode.READ))  # to know how one stands towards a child
    return frozenset(opened)


def fingerprint() -> str:
    """The policy's hash: 16 hex digits that every act and look carries, so that one can say which policy judged it."""
    openings = [
        (o.kind, o.scope, sorted(o.reads), sorted(o.writes), sorted(o.purposes), str(o.grace), str(o.most), o.clearance, sorted(o.recent))
        for o in OPENINGS
    ]
    needs = [(key, need.record, need.mode, sorted(need.through or ())) for key, need in sorted(NEEDS.items())]
    roles = [(role.key, sorted(role.permissions), role.purposes) for role in ROLES]
    guarded = (
        sorted(CLEARANCE_FOR.items()),
        sorted(OPENS_RESTRICTED),
        sorted(STATUTORY),
        sorted(SERVICES),
        sorted(SCREENS),
        sorted(CARD_FOR),
    )
    pairs = [(key, sorted(pair.one_is)) for key, pair in sorted(TWO_PERSONS.items())], str(PROPOSAL_LIFE)
    return sha256(repr((openings, needs, roles, guarded, pairs, str(RECENT))).encode()).hexdigest()[:16]


FINGERPRINT = fingerprint()
