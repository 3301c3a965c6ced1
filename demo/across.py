"""What was asked across agencies lately: one question answered and taken, one that waits for the team. Invented, so that the pages can be seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from atlas.advice.commands import accept_referral, decide_on_advice, give_advice, refer_to_team
from atlas.advice.models import Referral
from atlas.agencies.codes import Sex
from atlas.agencies.models import Post
from atlas.allocation.commands import record_talk_wish
from atlas.children.models import Child

ASKS, ANSWERS = "social.worker", "missing.coordinator"


def ask(named: dict[str, Post], children: Sequence[Child], now: datetime) -> None:
    """The social worker asks the team about two of these children: about the first four days ago, about the last this morning."""
    worker, adviser = named[ASKS], named[ANSWERS]
    first, last, at = children[0], children[-1], now - timedelta(days=4)
    asked = refer_to_team(
        child=first, team=adviser.team, wants=Referral.Wants.ADVICE, by=worker, at=at,
        question="A new telephone and lifts after school. I know nobody in the car. What should I ask, and whom else?",
    )  # fmt: skip
    accept_referral(referral=asked, by=adviser, at=at + timedelta(hours=2))
    give_advice(
        referral=asked, by=adviser, at=at + timedelta(hours=5),
        answer="Ask who gave the telephone before you ask about the car. The school nurse is trusted: let her be there. We look at the number plate.",
    )  # fmt: skip
    decide_on_advice(referral=asked, outcome=Referral.Outcome.TAKEN, words="", by=worker, at=at + timedelta(hours=22))
    record_talk_wish(child=first, sex=Sex.WOMAN, words="Walking, not in a room.", by=worker, at=at + timedelta(hours=23))
    refer_to_team(
        child=last, team=adviser.team, wants=Referral.Wants.WORK, by=worker, at=now - timedelta(hours=3),
        question="Stayed away twice this month with the same friend. Could somebody of yours meet them together with me?",
    )  # fmt: skip
