"""Counts behind the measures, the list behind each number, every correction of a return, and the answers that interviewers had."""

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from atlas.agencies.models import Authority, Team, User
from atlas.gate.context import Subject
from atlas.gate.policy import RecordKind
from atlas.missing.codes import DID_NOT_WANT_TO_SAY, NONE_SAID, OfferAnswer
from atlas.missing.commands.talk import judged
from atlas.missing.models import BITS, COUNTS, Offer, ReturnCorrection, ReturnInterview
from atlas.oversight.rules import LEAST_INTERVIEWS, Share

GROUPS = {
    "ours": "All ours",
    "ours_here": "Ours, living here",
    "ours_elsewhere": "Ours, living elsewhere",
    "others_here": "Others’, living here",
}
RETURNED = "returned"
COUNTED = (RETURNED, *BITS)  # what is left out is counted too, apart
LATENCIES = {"offer_latency": "offer_minutes", "told_latency": "told_minutes"}
# How exactly a return is known: which bit it has, or has not. A measure is shown for all, for exact times only, and beside them how
# many are known by the day only.
TIMES: dict[str, dict[str, bool]] = {"all": {}, "exact": {"estimated": False}, "day": {"by_the_day": True}}
BREAKDOWNS = {"recorded": "return_team", "agency": "team__agency"}
# The answers that are counted by interviewer. Each is a full answer of the child's; many from one interviewer are a question to ask.
ANSWERS = {
    "Places: none said": Q(places_answer=NONE_SAID),
    "Places: did not want to say": Q(places_answer=DID_NOT_WANT_TO_SAY),
    "People: none said": Q(people_answer=NONE_SAID),
    "People: did not want to say": Q(people_answer=DID_NOT_WANT_TO_SAY),
}
Counts = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a page about return interviews is asked: by whom, for which authority, for returns from when until when (end not included)."""

    subject: Subject
    authority: Authority
    from_at: datetime
    until_at: datetime

    @property
    def concerned(self) -> Q:
        """What the authority owes or hosts."""
        return Q(responsible_authority=self.authority) | Q(host_authority=self.authority)

    def of_group(self, group: str) -> Q:
        """One of `GROUPS`."""
        return {
            "ours": Q(responsible_authority=self.authority),
            "ours_here": Q(responsible_authority=self.authority, host_authority=self.authority),
            "ours_elsewhere": Q(responsible_authority=self.authority) & ~Q(host_authority=self.authority),
            "others_here": ~Q(responsible_authority=self.authority),
        }[group]


@dataclass(frozen=True)
class Tally:
    """What was counted. `groups`: group -> one of TIMES -> count -> number.

    For the one group that was asked for: `latencies`: one of TIMES -> latency -> timedelta, or None; `recorded` and `given`: team
    (None: no team) -> count -> number, by the team that recorded the return as it stands, and by the one given the interview.
    """

    groups: dict[str, dict[str, Counts]]
    latencies: dict[str, dict[str, timedelta | None]]
    recorded: dict[UUID | None, Counts]
    given: dict[UUID | None, Counts]


def owed_interviews(asked: Asked) -> "QuerySet[ReturnInterview]":
    """The interviews that the subject may see, owed for returns in the period, for one authority that owes or hosts the child:
    one row for each return, those left out of the measures included.
    """
    interviews = ReturnInterview.objects.visible_to(asked.subject)
    return interviews.filter(asked.concerned, returned_at__gte=asked.from_at, returned_at__lt=asked.until_at)


def tally(asked: Asked, group: str) -> Tally:
    """Every count for each group and each of TIMES, and for one group also every median, and the counts of each team; in one statement."""
    bits: dict[str, Counter[int]] = {name: Counter() for name in GROUPS}
    minutes: dict[tuple[str, str], Counter[int]] = {(times, latency): Counter() for times in TIMES for latency in LATENCIES}
    teams: tuple[defaultdict[UUID | None, Counter[int]], ...] = (defaultdict(Counter), defaultdict(Counter))
    for place, column, recorded, given, value, rows in _tally(asked):
        if column == "counted":
            for name in _groups_of(place):
                bits[name][value] += rows
        if group not in _groups_of(place) or value is None:  # a return without hours is in no median
            continue
        if column == "counted":
            teams[0][recorded][value] += rows
            teams[1][given][value] += rows
        else:
            minutes["all", column][value] += rows
            if not place & BITS["estimated"]:
                minutes["exact", column][value] += rows
    return Tally(
        {name: {times: _counts(_known(times, counted)) for times in TIMES} for name, counted in bits.items()},
        {times: {latency: _median(minutes[times, latency]) for latency in LATENCIES} for times in TIMES},
        *({pk: _counts(counted) for pk, counted in of_teams.items()} for of_teams in teams),
    )


# One pass over an index gives the counts, by team, and both latencies: what the database computed when each row was written.
# A place says in one number who owes the interview (0: the authority, 1: another), and by its bits whether the child lives elsewhere and
# whether the time of the return is estimated.
_TALLY = """
SELECT place, CASE grouping(bits, offer, told) WHEN 3 THEN 'counted' WHEN 5 THEN 'offer_latency' ELSE 'told_latency' END,
       recorded, given, coalesce(bits, offer, told), count(*)
FROM (SELECT (bits & %s) + (owes <> %s)::integer, bits, recorded, given, offer, told
      FROM ({}) interview (owes, bits, recorded, given, offer, told)) measured (place, bits, recorded, given, offer, told)
GROUP BY GROUPING SETS ((bits, recorded, given, place), (offer, place), (told, place))
"""
_PLACE = BITS["elsewhere"] | BITS["estimated"]


def _tally(asked: Asked) -> "list[tuple[int, str, UUID | None, UUID | None, int, int]]":
    columns = ("responsible_authority", "counted", "return_team", "team", *LATENCIES.values())
    statement, values = owed_interviews(asked).order_by().values_list(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_TALLY.format(statement), (_PLACE, asked.authority.pk, *values))
        return list(cursor.fetchall())


@cache
def _groups_of(place: int) -> tuple[str, ...]:
    if place & 1:
        return ("others_here",)
    return ("ours", "ours_elsewhere" if place & BITS["elsewhere"] else "ours_here")


def _known(times: str, counted: Counter[int]) -> Counter[int]:
    wanted = TIMES[times].items()
    return Counter({bits: rows for bits, rows in counted.items() if all(bool(bits & BITS[name]) == is_set for name, is_set in wanted)})


def _counts(counted: Counter[int]) -> Counts:
    found: Counts = dict.fromkeys(COUNTED, 0)
    for bits, rows in counted.items():
        for name in ("left_out",) if bits & BITS["left_out"] else (RETURNED, *(name for name, bit in BITS.items() if bits & bit)):
            found[name] += rows
    return found


def _median(minutes: Counter[int]) -> timedelta | None:
    """The middle of so many values; between the two middle ones where their number is even."""
    if not minutes:
        return None
    values = sorted(minutes)
    passed = list(accumulate(minutes[value] for value in values))
    lower, upper = (values[bisect_left(passed, place)] for place in ((passed[-1] + 1) // 2, passed[-1] // 2 + 1))
    return timedelta(minutes=(lower + upper) / 2)


def by_agency(given: dict[UUID | None, Counts], teams: dict[UUID, Team]) -> dict[UUID | None, Counts]:
    """The counts of teams, put together for each agency (None: given to no team)."""
    found: dict[UUID | None, Counts] = {}
    for team, counted in given.items():
        agency = teams[team].agency_id if team else None
        found[agency] = {name: number + found.get(agency, {}).get(name, 0) for name, number in counted.items()}
    return found


def interviews_behind(asked: Asked, count: str, group: str, times: str = "all") -> "QuerySet[ReturnInterview]":
    """The interviews that one count counted, of a group and one of TIMES."""
    wanted = {"left_out": count == "left_out", **TIMES[times]}
    if count != RETURNED and not wanted.setdefault(count, True):
        return ReturnInterview.objects.none()  # an estimated time among the exact ones
    mask, value = (sum(BITS[name] for name, is_set in wanted.items() if is_set or every) for every in (True, False))
    counted = owed_interviews(asked).filter(asked.of_group(group)).annotate(bits=F("counted").bitand(mask)).filter(bits=value)
    return counted.select_related("child", "episode").order_by("returned_at", "pk")


def of_team(breakdown: str, pk: UUID | None) -> Q:
    """One line of a breakdown (a key of BREAKDOWNS): the interviews of one team or agency; None: of none."""
    column = BREAKDOWNS[breakdown]
    return Q(**{column: pk}) if pk else Q(**{f"{column}__isnull": True})


@dataclass(frozen=True)
class Corrected:
    """One correction of a return, and how the interview is judged by the time before it and by the time after it."""

    correction: ReturnCorrection
    before: str
    after: str

    @property
    def changed_outcome(self) -> bool:
        """Whether the interview is judged otherwise because of it."""
        return self.before != self.after


def corrections(asked: Asked, group: str) -> "QuerySet[ReturnCorrection]":
    """Every correction of a return that counts in the period, and every one that moved a return out of it; latest first."""
    counts_now = Q(episode__interview__returned_at__gte=asked.from_at, episode__interview__returned_at__lt=asked.until_at)
    counted_before = Q(from_at__gte=asked.from_at, from_at__lt=asked.until_at)
    rows = ReturnCorrection.objects.visible_to(asked.subject, RecordKind.INTERVIEW).filter(asked.concerned, asked.of_group(group))
    named = rows.select_related("child", "episode__interview", "recorded_by__user", "recorded_by__team__agency")
    return named.filter(counts_now | counted_before).order_by("-corrected_at", "pk")


def judged_both_ways(correction: ReturnCorrection) -> Corrected:
    """A correction with the outcome before and after it; empty outcomes where the interview was not held (yet)."""
    held = correction.episode.interview.held
    return Corrected(correction, judged(correction.before, held), judged(correction.after, held))


@dataclass(frozen=True)
class Interviewer:
    """What the children told one interviewer, and how many said no for now to this person's offers; in one period.

    `shares`: in words, and of how many: of the conversations for each of ANSWERS, and last of the returns offered by this person.
    """

    name: str
    conversations: int
    shares: tuple[tuple[str, Share], ...]


def interviewers(asked: Asked) -> tuple[list[Interviewer], int]:
    """Each interviewer with enough conversations to say anything (LEAST_INTERVIEWS), by name; and how many have fewer."""
    interviews = owed_interviews(asked).exclude(COUNTS["left_out"])
    told = {f"answer_{n}": Count("pk", filter=answer) for n, answer in enumerate(ANSWERS.values())}
    held = interviews.filter(COUNTS["conversations"]).order_by().values(_user=F("held_by__user")).annotate(of=Count("pk"), **told)
    offers = Offer.objects.filter(to_child=True, interview__in=interviews.values("pk")).order_by()
    said_no = Count("interview", distinct=True, filter=Q(answer=OfferAnswer.NO))
    offered = offers.values(_user=F("offered_by__user")).annotate(of=Count("interview", distinct=True), said_no=said_no)
    heard, asked_child = ({row["_user"]: dict(row) for row in rows} for rows in (held, offered))
    shown = [pk for pk, row in heard.items() if row["of"] >= LEAST_INTERVIEWS]
    people = [
        Interviewer(user.name, heard[user.pk]["of"], _shares(heard[user.pk], asked_child.get(user.pk, {"said_no": 0, "of": 0})))
        for user in User.objects.filter(pk__in=shown)
    ]
    return sorted(people, key=lambda person: person.name.casefold()), len(heard.keys() | asked_child.keys()) - len(people)


def _shares(heard: Counts, asked_child: Counts) -> tuple[tuple[str, Share], ...]:
    told = ((words, Share(heard[f"answer_{n}"], heard["of"])) for n, words in enumerate(ANSWERS))
    return (*told, ("Said no for now", Share(asked_child["said_no"], asked_child["of"])))
