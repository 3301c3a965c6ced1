"""The rows that a profile counts, as the database gives them to its job (`gate/profile.sql`): what each holds, and where it comes from.

`FACTS` is also what the impact assessments are written from; a test holds it against what the database gives.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from hmac import new as keyed
from typing import Any, Final
from uuid import UUID

from django.db import connections

Row = Mapping[str, Any]
MARK = 16  # bytes by which a child, with all that is counted of it, is told from others
KEYS = {"child": "a key of this run alone", "interview": "a key of this run alone"}


@dataclass(frozen=True)
class Fact:
    """One kind of row: what one row stands for, which analysis counts it, and where each of its fields comes from."""

    of: str
    about: str
    fields: Mapping[str, str]


FACTS: Final[Mapping[str, Fact]] = {
    "child": Fact("a child who went missing, or was assessed for exploitation", "profile", {
        "is_ours": "children.Child.responsible_authority", "lives_here": "children.Child.host_authority", "years": "children.Child.born_on",
        "sex": "people.Person.sex", "ethnicity": "people.Person.ethnicity", "is_disabled": "statuses.Disability.code", "is_disability_asked": "statuses.Disability.code",
        "is_looked_after": "statuses.Spell.status", "level": "exploitation.ExploitationAssessment.level", "was": "exploitation.ExploitationAssessment.level",
        "is_harmed": "exploitation.ExploitationAssessment.is_harm", "types": "exploitation.ExploitationAssessment.types", "plan_on": "plans.SafetyPlan.decided_at",
    }),
    "episode": Fact("a missing episode", "profile", {
        "on": "missing.Episode.reported_at", "hour": "missing.Episode.reported_at", "hours": "missing.Episode.returned_at",
        "is_elsewhere": "missing.Episode.host_authority", "grade": "missing.Episode.grade",
    }),
    "interview": Fact("a return interview that was owed", "profile", {
        "on": "missing.ReturnInterview.returned_at", "held_on": "missing.ReturnInterview.held_at", "is_offered": "missing.ReturnInterview.first_offered_at",
        "timeliness": "missing.ReturnInterview.timeliness",
    }),
    "answer": Fact("a coded answer of a child in a return interview", "profile", {
        "on": "missing.ReturnInterview.held_at", "question": "missing.Answer.question", "code": "missing.Answer.code",
    }),
    "reading": Fact("an answer in a return interview that somebody else, who did not know the first coding, coded once more", "profile", {
        "on": "missing.ReturnInterview.held_at", "question": "missing.SecondReading.codes", "code": "missing.SecondReading.codes",
    }),
    "mention": Fact("a place that a child named in a return interview, where somebody has said which it is", "places", {
        "on": "missing.ReturnInterview.held_at", "place": "missing.LocationMention.place", "settled": "missing.LocationMention.settled",
    }),
    "item": Fact("something cited in an assessment of exploitation", "profile", {
        "kind": "exploitation.AssessmentItem.kind", "code": "exploitation.AssessmentItem.code",
    }),
    "harm": Fact("a harm that a child came to", "profile", {"code": "exploitation.Harm.code", "certainty": "exploitation.Harm.certainty"}),
    "measure": Fact("a measure in force against those who harm", "profile", {"kind": "exploitation.Measure.kind"}),
    "nrm_referral": Fact("a referral to the National Referral Mechanism", "profile", {
        "on": "exploitation.NrmReferral.decided_on", "state": "exploitation.NrmReferral.state",
    }),
    "programme": Fact("a programme of direct work", "profile", {
        "on": "directwork.Programme.began_at", "theme": "directwork.Programme.theme", "outcome": "directwork.Programme.outcome",
    }),
    "action": Fact("what a meeting asked of an agency", "profile", {
        "agency": "agencies.Agency.kind", "due_on": "meetings.AgencyAction.due_on", "state": "meetings.AgencyAction.state",
        "ended_on": "meetings.AgencyAction.ended_at", "worked": "meetings.AgencyAction.worked",
    }),
    "person_of_concern": Fact("an adult whose contact with children worries those who work with them", "profile", {
        "capacity": "connections.PersonOfConcern.capacity", "years": "connections.PersonOfConcern.born_on", "on": "connections.PersonOfConcern.added_at",
    }),
    "group": Fact("a group that agencies look at", "profile", {"kind": "connections.Group.kind", "on": "connections.Group.added_at"}),
    "place": Fact("a place that agencies look at", "places", {
        "place": "places.Place.id", "name": "places.Place.name", "type": "places.Place.type", "easting": "places.Place.easting", "northing": "places.Place.northing",
        "on": "places.Place.added_at", "is_answered_for": "places.Place.responsible",
    }),
}  # fmt: skip
DAYS = {"on", "held_on", "due_on", "ended_on", "plan_on"}


@dataclass(frozen=True)
class Facts:
    """What is counted, by kind, for the period and the one before it; days are days of London."""

    rows: Mapping[str, Sequence[Row]]
    from_on: date
    until_on: date

    def of(self, kind: str) -> Sequence[Row]:
        """All rows of a kind, the period before included."""
        return self.rows.get(kind, ())

    def within(self, kind: str, field: str = "on", *, before: bool = False) -> list[Row]:
        """The rows of a kind whose day lies within the period, or within the one before it."""
        first, after = (self.from_on - (self.until_on - self.from_on), self.from_on) if before else (self.from_on, self.until_on)
        return [row for row in self.of(kind) if row[field] and first <= row[field] < after]


def facts_of(run: UUID, from_on: date, until_on: date) -> Facts:
    """The rows for an analysis run that is being made; none for anybody else, and none while an impact assessment is missing."""
    rows: dict[str, list[Row]] = defaultdict(list)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT kind, facts FROM gate_profile(%s)", [run])
        for kind, facts in cursor.fetchall():
            given = json.loads(facts) if isinstance(facts, str) else facts
            rows[kind].append({key: date.fromisoformat(value) if key in DAYS and value else value for key, value in given.items()})
    return Facts(rows, from_on, until_on)


def fingerprint(facts: Facts) -> str:
    """The same for the same rows, whatever the order in which they came and the keys of the run: which rows hang together is part of it."""
    together = sorted(sha256(lines.encode()).hexdigest() for lines in _by_child(facts))
    return sha256("\n".join(together).encode()).hexdigest()


def told_of(facts: Facts, key: bytes) -> frozenset[bytes]:
    """Whom a profile tells of: a mark of 16 bytes for each child with all that is counted of it, which nobody without the key comes back from.

    Of children of whom the very same is counted, each has its own; what belongs to no child has one too. Two profiles differ by the children in whose bytes they do.
    """
    seen: Counter[str] = Counter()
    marks = set()
    for lines in _by_child(facts):
        marks.add(keyed(key, f"{seen[lines]} {lines}".encode(), sha256).digest()[:MARK])
        seen[lines] += 1
    return frozenset(marks)


def _by_child(facts: Facts) -> list[str]:
    """All rows of each child, interview by interview, and each row of no child, without the keys of the run."""
    of_child = {row["interview"]: row["child"] for row in facts.of("interview")}
    by_child: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for kind in sorted(facts.rows):
        for number, row in enumerate(facts.rows[kind]):
            talk = row.get("interview", "")
            child = row.get("child") or of_child.get(talk) or talk or f"{kind} {number}"
            plain = json.dumps({key: value for key, value in row.items() if key not in KEYS}, sort_keys=True, default=str)
            by_child[child][talk].append(f"{kind} {plain}")
    return ["\n\n".join(sorted("\n".join(sorted(lines)) for lines in talks.values())) for talks in by_child.values()]
