"""The policy: who may do what, and through which relationship to a child. Data only; everything else is made from it.

Source: shared/reference/protection.md sections 4.1 and 4.3; shared/reference/real-life.md points 3 and 5.
A permission says which kind of record it reads or writes. A role is a bundle of permissions and opens no child.
A relationship says which kinds of record it lets its holder read and write, for one child or for one authority.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from hashlib import sha256


class RecordKind(StrEnum):
    """The kinds of record about a child that a relationship opens, each as one."""

    CHILD = "child"  # who the child is: names, date of birth, identifiers, authorities
    CONTACT = "contact"  # where and how the child can be reached; stored apart
    RELATIONSHIP = "relationship"  # who may see the child, and who may not
    ALLOCATION = "allocation"
    STATUS = "status"
    CHRONOLOGY = "chronology"
    WORK = "work"  # clocks, tasks, alerts
    MISSING = "missing"
    INTERVIEW = "interview"
    AUDIT = "audit"  # who looked at the child, and who did what


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
    ADVICE = "advice"
    KNOWN_TO = "known_to"  # a partner agency's own child
    PRIVACY = "privacy"
    FEED = "feed"  # a delivery carried by a service post


class Scope(StrEnum):
    CHILD = "child"
    AUTHORITY = "authority"


R = RecordKind
EVERYTHING = frozenset(R) - {R.AUDIT}
EFFECTS = frozenset({R.CHRONOLOGY, R.WORK, R.RELATIONSHIP})  # what any verb leaves behind it


@dataclass(frozen=True)
class Opening:
    """What one kind of relationship opens. `grace`: how long before and after a shift it also holds; None: no shift needed."""

    kind: Kind
    scope: Scope
    reads: frozenset[RecordKind]
    writes: frozenset[RecordKind]
    life: str
    grace: tuple[timedelta, timedelta] | None = None


_NO_ALLOCATION = EFFECTS | {R.MISSING, R.INTERVIEW, R.CONTACT}

OPENINGS: tuple[Opening, ...] = (
    Opening(Kind.ALLOCATED, Scope.CHILD, EVERYTHING, _NO_ALLOCATION, "until the allocation ends"),
    Opening(Kind.LINE, Scope.CHILD, EVERYTHING | {R.AUDIT}, _NO_ALLOCATION | {R.ALLOCATION}, "as long as the allocation it stands on"),
    Opening(
        Kind.TEAM_DUTY,
        Scope.CHILD,
        EVERYTHING - {R.INTERVIEW},
        EFFECTS | {R.MISSING},
        "on shift for the team that is responsible, two hours either side",
        grace=(timedelta(hours=2), timedelta(hours=2)),
    ),
    Opening(
        Kind.FRONT_DOOR,
        Scope.CHILD,
        EVERYTHING - {R.INTERVIEW},
        EFFECTS | {R.MISSING, R.ALLOCATION},
        "until the child is allocated or the contact is closed, and 24 hours",
    ),
    Opening(
        Kind.MISSING_RESPONSE,
        Scope.CHILD,
        frozenset({R.CHILD, R.CONTACT, R.STATUS, R.RELATIONSHIP, R.MISSING, R.WORK}),
        EFFECTS | {R.MISSING, R.INTERVIEW},
        "while the child is missing, and 72 hours",
    ),
    Opening(
        Kind.MISSING_DUTY,
        Scope.AUTHORITY,
        frozenset({R.CHILD}),
        EFFECTS | {R.MISSING, R.CHILD},
        "held by the duty teams of council and police: finds a child and reports the child missing, opens nothing else",
    ),
    Opening(
        Kind.RETURN_INTERVIEW,
        Scope.CHILD,
        frozenset({R.CHILD, R.CONTACT, R.STATUS, R.ALLOCATION, R.RELATIONSHIP, R.CHRONOLOGY, R.MISSING, R.INTERVIEW, R.WORK}),
        EFFECTS | {R.INTERVIEW},
        "from due until closed and shared, and 28 days",
    ),
    Opening(
        Kind.MISSING_COORDINATOR,
        Scope.AUTHORITY,
        frozenset({R.CHILD, R.STATUS, R.ALLOCATION, R.RELATIONSHIP, R.MISSING, R.INTERVIEW, R.WORK}),
        EFFECTS | {R.MISSING, R.INTERVIEW},
        "named posts, for every child whom the authority owes or hosts",
    ),
    Opening(
        Kind.EMERGENCY_DUTY,
        Scope.AUTHORITY,
        EVERYTHING - {R.INTERVIEW},
        EFFECTS | {R.MISSING, R.CHILD},
        "during the shift on the rota and four hours after",
        grace=(timedelta(0), timedelta(hours=4)),
    ),
    Opening(Kind.ADVICE, Scope.CHILD, frozenset({R.CHILD, R.RELATIONSHIP, R.STATUS, R.CHRONOLOGY}), EFFECTS, "the dated consultation"),
    Opening(Kind.KNOWN_TO, Scope.CHILD, frozenset({R.CHILD, R.RELATIONSHIP, R.MISSING}), frozenset(), "while the child is theirs"),
    Opening(Kind.PRIVACY, Scope.AUTHORITY, frozenset({R.CHILD, R.AUDIT}), frozenset(), "while in the post"),
    Opening(Kind.FEED, Scope.AUTHORITY, frozenset(R) - {R.AUDIT}, frozenset(R) - {R.AUDIT}, "a service post that carries deliveries"),
)
OPENING = {opening.kind: opening for opening in OPENINGS}


class Permission(StrEnum):
    """Everything one may do. The word is also the command's, the page's, the path's and the audit entry's."""

    # pages
    VIEW_CHILD = "view_child"
    FIND_CHILD = "find_child"
    VIEW_MISSING_NOW = "view_missing_now"
    VIEW_EPISODE = "view_episode"
    VIEW_INTERVIEW = "view_interview"
    VIEW_MY_WORK = "view_my_work"
    VIEW_TEAM_WORK = "view_team_work"
    VIEW_TIMELINESS = "view_timeliness"
    VIEW_INTERVIEWERS = "view_interviewers"
    VIEW_UNALLOCATED = "view_unallocated"
    VIEW_LOOKS = "view_looks"
    VIEW_RELEASABLE_LOOKS = "view_releasable_looks"
    VIEW_ODD_LOOKS = "view_odd_looks"
    VIEW_FEEDS = "view_feeds"
    VIEW_TIME_LIMITS = "view_time_limits"
    # children, allocation, statuses
    REGISTER_CHILD = "register_child"
    CORRECT_CHILD = "correct_child"
    RECORD_CONTACT_DETAIL = "record_contact_detail"
    RECORD_ALLOCATION = "record_allocation"
    COVER_CHILD = "cover_child"
    RECORD_STATUS = "record_status"
    REPORT_WRONG_FACT = "report_wrong_fact"
    # missing
    REPORT_MISSING = "report_missing"
    RECORD_CONTACT_OR_SIGHTING = "record_contact_or_sighting"
    RECORD_POLICE_STATUS = "record_police_status"
    RECORD_COUNCIL_STATUS = "record_council_status"
    RECORD_POLICE_GRADE = "record_police_grade"
    RECORD_POLICE_REFERENCE = "record_police_reference"
    RECORD_FOUND = "record_found"
    RECORD_RETURN = "record_return"
    CORRECT_RETURN = "correct_return"
    WITHDRAW_EPISODE = "withdraw_episode"
    ADD_PHOTOGRAPH = "add_photograph"
    SET_EXPLOITATION_MARKER = "set_exploitation_marker"
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
    # work
    ACKNOWLEDGE_ALERT = "acknowledge_alert"
    RECORD_CALL = "record_call"
    GIVE_MISSED_REASON = "give_missed_reason"
    COMPLETE_TASK = "complete_task"
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
    # audit
    CLOSE_ODD_LOOK = "close_odd_look"
    # the gate itself
    DECLARE_CONNECTION = "declare_connection"
    RECORD_WORKER = "record_worker"
    MANAGE_ACCOUNTS = "manage_accounts"


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


ROLE_ONLY = Need(None)  # lists that the gate filters row by row, or acts about no child

NEEDS: dict[Permission, Need] = {
    P.VIEW_CHILD: _reads(R.CHRONOLOGY),
    P.FIND_CHILD: ROLE_ONLY,
    P.VIEW_MISSING_NOW: ROLE_ONLY,
    P.VIEW_EPISODE: _reads(R.MISSING),
    P.VIEW_INTERVIEW: _reads(R.INTERVIEW),
    P.VIEW_MY_WORK: ROLE_ONLY,
    P.VIEW_TEAM_WORK: ROLE_ONLY,
    P.VIEW_TIMELINESS: ROLE_ONLY,
    P.VIEW_INTERVIEWERS: ROLE_ONLY,
    P.VIEW_UNALLOCATED: ROLE_ONLY,
    P.VIEW_LOOKS: _reads(R.AUDIT),
    P.VIEW_RELEASABLE_LOOKS: _reads(R.AUDIT, Kind.PRIVACY),
    P.VIEW_ODD_LOOKS: ROLE_ONLY,
    P.VIEW_FEEDS: ROLE_ONLY,
    P.VIEW_TIME_LIMITS: ROLE_ONLY,
    P.REGISTER_CHILD: _writes(R.CHILD),
    P.CORRECT_CHILD: _writes(R.CHILD),
    P.RECORD_CONTACT_DETAIL: _writes(R.CONTACT),
    P.RECORD_ALLOCATION: _writes(R.ALLOCATION, Kind.FEED),
    P.COVER_CHILD: _writes(R.ALLOCATION),
    P.RECORD_STATUS: _writes(R.STATUS, Kind.FEED),
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
    P.CORRECT_RETURN: _writes(R.MISSING),
    P.WITHDRAW_EPISODE: _writes(R.MISSING),
    P.ADD_PHOTOGRAPH: _writes(R.MISSING),
    P.SET_EXPLOITATION_MARKER: _writes(R.CHRONOLOGY, Kind.ALLOCATED, Kind.LINE, Kind.FEED, Kind.EMERGENCY_DUTY),
    P.ALLOCATE_INTERVIEW: _writes(R.INTERVIEW, Kind.MISSING_COORDINATOR, Kind.LINE),
    P.OFFER_INTERVIEW: _writes(R.INTERVIEW),
    P.BOOK_INTERVIEW: _writes(R.INTERVIEW),
    P.RECORD_NOT_MET: _writes(R.INTERVIEW),
    P.RECORD_NOT_REACHED: _writes(R.INTERVIEW),
    P.RECORD_INTERVIEW: _writes(R.INTERVIEW),
    P.DECIDE_NOT_OFFERED: _writes(R.INTERVIEW, Kind.LINE, Kind.MISSING_COORDINATOR),
    P.SHARE_INTERVIEW: _writes(R.INTERVIEW),
    P.CLOSE_INTERVIEW: _writes(R.INTERVIEW, Kind.LINE, Kind.MISSING_COORDINATOR, Kind.FEED),
    P.ACKNOWLEDGE_ALERT: _writes(R.WORK),
    P.RECORD_CALL: _writes(R.WORK),
    P.GIVE_MISSED_REASON: _writes(R.WORK),
    P.COMPLETE_TASK: _writes(R.WORK),
    P.SET_LOCAL_LIMIT: ROLE_ONLY,
    P.CHANGE_BANK_HOLIDAY: ROLE_ONLY,
    P.RECEIVE_DELIVERY: ROLE_ONLY,
    P.COMMIT_DELIVERY: ROLE_ONLY,
    P.UNDO_DELIVERY: ROLE_ONLY,
    P.MAP_CODE: ROLE_ONLY,
    P.DECIDE_MATCH: ROLE_ONLY,
    P.SET_MASTER: ROLE_ONLY,
    P.CLOSE_ODD_LOOK: ROLE_ONLY,
    P.DECLARE_CONNECTION: ROLE_ONLY,
    P.RECORD_WORKER: ROLE_ONLY,
    P.MANAGE_ACCOUNTS: ROLE_ONLY,
}


@dataclass(frozen=True)
class Role:
    """A bundle of permissions with its purpose in plain words."""

    key: str
    name: str
    purpose: str
    permissions: frozenset[Permission]


_EVERYONE = frozenset({P.VIEW_MY_WORK, P.DECLARE_CONNECTION, P.VIEW_TIME_LIMITS})
_SEES = _EVERYONE | {
    P.VIEW_CHILD,
    P.FIND_CHILD,
    P.VIEW_MISSING_NOW,
    P.VIEW_EPISODE,
    P.ACKNOWLEDGE_ALERT,
    P.RECORD_CALL,
    P.COMPLETE_TASK,
    P.REPORT_WRONG_FACT,
}
_MISSING = frozenset(
    {
        P.REPORT_MISSING,
        P.RECORD_CONTACT_OR_SIGHTING,
        P.RECORD_COUNCIL_STATUS,
        P.RECORD_POLICE_REFERENCE,
        P.RECORD_FOUND,
        P.RECORD_RETURN,
        P.CORRECT_RETURN,
        P.ADD_PHOTOGRAPH,
    }
)
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
    }
)
_PRACTICE = _SEES | _MISSING | _INTERVIEW | {P.SET_EXPLOITATION_MARKER}
_MANAGES = frozenset(
    {
        P.VIEW_TEAM_WORK,
        P.VIEW_TIMELINESS,
        P.VIEW_UNALLOCATED,
        P.COVER_CHILD,
        P.ALLOCATE_INTERVIEW,
        P.DECIDE_NOT_OFFERED,
        P.CLOSE_INTERVIEW,
        P.WITHDRAW_EPISODE,
        P.VIEW_LOOKS,
    }
)

ROLES: tuple[Role, ...] = (
    Role("practitioner", "Practitioner", "Works with the children allocated to them.", _PRACTICE),
    Role("manager", "Manager", "Answers for a team, its children and its workers.", _PRACTICE | _MANAGES),
    Role(
        "head_of_service",
        "Head of service",
        "Answers for several teams, and for the authority's own time limits.",
        _PRACTICE | _MANAGES | {P.SET_LOCAL_LIMIT, P.CHANGE_BANK_HOLIDAY},
    ),
    Role(
        "front_door",
        "Front door",
        "Takes what comes in and finds who should know.",
        _SEES | _MISSING | {P.REGISTER_CHILD, P.VIEW_UNALLOCATED, P.VIEW_TEAM_WORK, P.COVER_CHILD},
    ),
    Role(
        "missing_coordinator",
        "Missing coordinator",
        "Sees that every missing child is found, offered an interview and heard.",
        _SEES
        | _MISSING
        | _INTERVIEW
        | {
            P.VIEW_TEAM_WORK,
            P.VIEW_TIMELINESS,
            P.VIEW_INTERVIEWERS,
            P.ALLOCATE_INTERVIEW,
            P.DECIDE_NOT_OFFERED,
            P.CLOSE_INTERVIEW,
            P.WITHDRAW_EPISODE,
        },
    ),
    Role(
        "emergency_duty",
        "Emergency duty worker",
        "Answers for the councils covered out of hours.",
        _SEES | _MISSING | {P.REGISTER_CHILD, P.SET_EXPLOITATION_MARKER, P.VIEW_TEAM_WORK},
    ),
    Role(
        "return_interviewer",
        "Return interviewer",
        "Offers and has the conversation after a child is back.",
        _SEES | _INTERVIEW | {P.VIEW_TEAM_WORK},
    ),
    Role(
        "police_missing",
        "Police missing persons officer",
        "Looks for missing children and speaks with them on return.",
        _SEES | (_MISSING - {P.RECORD_COUNCIL_STATUS}) | {P.RECORD_POLICE_STATUS, P.RECORD_POLICE_GRADE, P.VIEW_TEAM_WORK},
    ),
    Role("police_officer", "Police officer", "Works with the children of an enquiry.", _SEES),
    Role("health", "Health practitioner", "Sees the agency's own children.", _SEES),
    Role("school", "School safeguarding lead", "Sees the school's own children.", _SEES),
    Role("voluntary_worker", "Voluntary sector worker", "Works with the children referred.", _SEES),
    Role("business_support", "Business support", "Helps a team with its lists.", _EVERYONE),
    Role(
        "data_officer",
        "Data officer",
        "Keeps deliveries, codes and matches in order.",
        _EVERYONE | {P.VIEW_FEEDS, P.RECEIVE_DELIVERY, P.COMMIT_DELIVERY, P.UNDO_DELIVERY, P.MAP_CODE, P.DECIDE_MATCH, P.SET_MASTER},
    ),
    Role(
        "privacy_officer",
        "Privacy officer",
        "Answers for who looks at whom.",
        _EVERYONE | {P.VIEW_LOOKS, P.VIEW_RELEASABLE_LOOKS, P.VIEW_ODD_LOOKS, P.CLOSE_ODD_LOOK, P.FIND_CHILD},
    ),
    Role(
        "system_administrator",
        "System administrator",
        "Keeps accounts; sees no child.",
        frozenset({P.MANAGE_ACCOUNTS, P.RECORD_WORKER, P.VIEW_TIME_LIMITS}),
    ),
    Role(
        "feed",
        "Feed",
        "A service post: carries what partners deliver.",
        frozenset(NEEDS)
        - {
            P.VIEW_LOOKS,
            P.VIEW_RELEASABLE_LOOKS,
            P.VIEW_ODD_LOOKS,
            P.CLOSE_ODD_LOOK,
            P.VIEW_INTERVIEWERS,
            P.MANAGE_ACCOUNTS,
            P.DECLARE_CONNECTION,
        }
        - {P.SET_LOCAL_LIMIT, P.CHANGE_BANK_HOLIDAY, P.SET_MASTER},
    ),
    Role("tick", "Tick", "A service post: does what follows with time.", frozenset()),
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
        seen = (R.CHILD, R.CONTACT, R.RELATIONSHIP, R.ALLOCATION, R.STATUS, R.CHRONOLOGY, R.WORK)
        opened.update((record, Mode.READ) for record in seen)
    if P.FIND_CHILD in role.permissions:
        opened.add((R.CHILD, Mode.READ))
    if opened:
        opened.add((R.RELATIONSHIP, Mode.READ))  # to know how one stands towards a child
    return frozenset(opened)


def fingerprint() -> str:
    """The policy's hash: 16 hex digits that every act and look carries, so that one can say which policy judged it."""
    openings = [(o.kind, o.scope, sorted(o.reads), sorted(o.writes), str(o.grace)) for o in OPENINGS]
    needs = [(key, need.record, need.mode, sorted(need.through or ())) for key, need in sorted(NEEDS.items())]
    roles = [(role.key, sorted(role.permissions)) for role in ROLES]
    return sha256(repr((openings, needs, roles)).encode()).hexdigest()[:16]


FINGERPRINT = fingerprint()
