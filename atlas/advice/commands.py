"""A child is referred to a team with a question; the team takes it on, or sends it back; advice is given, and somebody decides what to make of it.

The gate's functions write (`gate/referrals.sql`): whoever asks may be a school, which reads no chronology; whoever is asked reads no task.
"""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connections

from atlas.advice.models import Referral
from atlas.advice.queries import teams_to_ask
from atlas.advice.rules import DECIDE_WITHIN, GIVE_ADVICE, TAKE_REFERRAL
from atlas.agencies.models import Team
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import clock_of
from atlas.clocks.queries import bank_holidays_changed
from atlas.clocks.rules import TimeLimit
from atlas.flow import entry_of
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission

if TYPE_CHECKING:
    from atlas.agencies.models import Post

MOST_QUESTION, MOST_ANSWER, MOST_REASON = 1000, 2000, 500
NOT_NOW = "Somebody has moved this on meanwhile. Look at it again."


@command(needs=Permission.REFER_TO_TEAM)
def refer_to_team(*, child: Child, team: Team, wants: str, question: str, by: "Post", at: datetime) -> Referral:
    """Put a question about a child to a team across agencies. It opens the child to that team until somebody of it takes the question on.

    Raises Invalid without a question, for a team that serves neither of the child's authorities, and where nobody of the team may be
    told of the child. Source: real-life.md points 3 and 12.
    """
    if not question.strip():
        raise Invalid("Write what you ask.", "question")
    if not teams_to_ask(child).filter(pk=team.pk).exists():
        raise Invalid("This team serves neither of the child’s authorities. Choose one that does.", "team")
    held = _clock(TAKE_REFERRAL, child, Kind.REFERRED_TO_TEAM, at)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_refer(%s, %s, %s, %s, %s)", [child.pk, team.pk, wants, question.strip()[:MOST_QUESTION], held])
        made = cursor.fetchone()[0]
    if made is None:
        raise Invalid("Nobody of this team can be told of this child here. Ring the team.", "team")
    return Referral.objects.get(pk=made)


def _clock(limit: TimeLimit, child: Child, kind: Kind, at: datetime) -> str:
    """The clock of the next step, by the authority's own limit where it has one, as the gate's function takes it."""
    entry = entry_of(kind, child=child, at=Moment(at, Precision.MINUTE))
    clock = clock_of(limit=limit, entry=entry, about=None)
    assert clock.due_at is not None
    held = {name: getattr(clock, name) for name in ("limit", "limit_version", "limit_name", "why")}
    return json.dumps(held | {"due_at": clock.due_at.isoformat()})


def _moved(referral: Referral, step: str, words: str, coded: str = "", held: str = "{}") -> Referral:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_referral_step(%s, %s, %s, %s, %s)", [referral.pk, step, words, coded, held])
        if not cursor.fetchone()[0]:
            raise Invalid(NOT_NOW)
    return Referral.objects.filter(pk=referral.pk).first() or referral  # what goes back closes the child to whoever sent it back


def _expect(referral: Referral, *states: Referral.State) -> None:
    if referral.state not in states:
        raise Invalid(NOT_NOW)


@command(needs=Permission.REFER_TO_TEAM)
def record_advice(*, child: Child, asked_words: str, given_at: Moment, question: str, answer: str, by: "Post", at: datetime) -> Referral:
    """Write down advice that one gave by telephone: who rang, when, what they asked, what was advised. Whoever works with the child is asked what
    they make of it. It opens nothing: whoever writes it down has the child open already. Raises Invalid for a time to come or not known, and
    without words. Source: real-life.md point 3.
    """
    for words, field, said in (
        (asked_words, "asked_words", "Say who rang you."),
        (question, "question", "Write what they asked."),
        (answer, "answer", "Write what you advised, and why."),
    ):
        if not words.strip():
            raise Invalid(said, field)
    if given_at.earliest is None or given_at.earliest > at:
        raise Invalid("Give the time at which you spoke. It cannot be still to come.", "given_at")
    due_at = DECIDE_WITHIN.after(at, bank_holidays_changed())
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT gate_record_advice(%s, %s, %s, %s, %s, %s)",
            [child.pk, asked_words.strip()[:200], min(given_at.at or at, at), question.strip()[:MOST_QUESTION], answer.strip()[:MOST_ANSWER],
             json.dumps({"due_at": due_at.isoformat()})],
        )  # fmt: skip
        made = cursor.fetchone()[0]
    if made is None:
        raise Invalid("You may not write this down for this child. Ask whoever works with the child to do it.")
    return Referral.objects.get(pk=made)


@command(needs=Permission.ACCEPT_REFERRAL)
def accept_referral(*, referral: Referral, by: "Post", at: datetime) -> Referral:
    """Take on, by name, what the team was asked. From now on it is open to this adviser alone. Raises Invalid where somebody was quicker."""
    _expect(referral, Referral.State.ASKED)
    return _moved(referral, "accept", str(by), held=_clock(GIVE_ADVICE, referral.child, Kind.REFERRAL_ACCEPTED, at))


@command(needs=Permission.SEND_BACK_REFERRAL)
def send_back_referral(*, referral: Referral, reason: str, by: "Post", at: datetime) -> Referral:
    """Send a question back, with the reason; whoever works with the child has to read it. Closes the child to the team. Raises Invalid without one."""
    _expect(referral, Referral.State.ASKED, Referral.State.ACCEPTED)
    if not reason.strip():
        raise Invalid("Write why it goes back, and whom to ask instead.", "reason")
    return _moved(referral, "send_back", reason.strip()[:MOST_ANSWER])


@command(needs=Permission.GIVE_ADVICE)
def give_advice(*, referral: Referral, answer: str, by: "Post", at: datetime) -> Referral:
    """Answer what one took on. Whoever works with the child is asked what they make of it. Raises Invalid without words, and for anybody else."""
    _expect(referral, Referral.State.ACCEPTED)
    if not answer.strip():
        raise Invalid("Write what you advise, and why.", "answer")
    if referral.adviser_id != by.pk:
        raise Invalid("Somebody else of your team has taken this on. Ask them.")
    due_at = DECIDE_WITHIN.after(at, bank_holidays_changed())
    return _moved(referral, "answer", answer.strip()[:MOST_ANSWER], held=json.dumps({"due_at": due_at.isoformat()}))


@command(needs=Permission.DECIDE_ON_ADVICE)
def decide_on_advice(*, referral: Referral, outcome: str, words: str, by: "Post", at: datetime) -> Referral:
    """Say what is made of advice: taken, taken in part, or not, and why. Raises Invalid without a reason where it is not taken whole."""
    _expect(referral, Referral.State.ANSWERED)
    if outcome != Referral.Outcome.TAKEN and not words.strip():
        raise Invalid("Write why it is not taken, or not all of it.", "words")
    return _moved(referral, "decide", words.strip()[:MOST_REASON], outcome)
