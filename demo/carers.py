"""A carers' page that was given, and what the carer said on it: one thing answered, one that waits. Invented, so that the pages can be seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.sharing import guest
from atlas.sharing.commands.carers import answer_carer, give_carer_page
from atlas.sharing.commands.disclosure import Guest
from atlas.sharing.models import CarerWords
from atlas.sharing.queries import clock_of_carer

GIVES, CODE = "social.worker", "204815"


def give(named: dict[str, Post], children: Sequence[Child], now: datetime) -> None:
    """The foster carer of the first of these children has the page since five days ago, and said something twice."""
    worker, at = named[GIVES], now - timedelta(days=5)
    carer = Guest("Mo Sample", "her foster carer", "07700 900456", "Priya Okonkwo", day_of(at))
    page = give_carer_page(
        child=children[0], guest=carer, agreed="Ring us when she is 30 minutes late, before you go out to look.", by=worker, at=at
    )
    said = (
        ("question", "She asks if she may stay at a friend's on Friday. What do I say?", at + timedelta(days=1)),
        ("late", "She should be back from school since half past four.", now - timedelta(hours=2)),
    )
    for number, (kind, words, sent_at) in enumerate(said):
        guest.keep_code(page.token_hash, CODE, sent_at, {})
        proof = guest.prove(page.token_hash, CODE, sent_at) or ""
        given = {"words": words, "kind": kind, "key": f"demo-{number}"}
        guest.say_as_carer(page.token_hash, proof, sent_at, given=given, held=clock_of_carer(sent_at), is_night=False)
    with acting_as(worker, now):
        first = CarerWords.objects.order_by("sent_at").first()
    assert first is not None
    answer_carer(
        said=first,
        did="We rang the friend's mother and said yes, until nine. You fetch her.",
        by=worker,
        at=at + timedelta(days=1, hours=1),
    )
