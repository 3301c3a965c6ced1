"""Copies of a plan that were given: one as a page on the child's phone, with what the child said there, and two on paper. Invented, so that the pages
can be seen.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.sharing import guest
from atlas.sharing.commands.copies import Given, answer_child, give_child_page, record_copy_given
from atlas.sharing.copy import Audience, CompiledCopy, CopyBlock, CopyLine
from atlas.sharing.models import ChildWords, CopyGiven
from atlas.sharing.queries import clock_of_child

GIVES, CODE = "social.worker", "204816"
MINE = CompiledCopy(
    Audience.CHILD, "My plan",
    (
        CopyBlock("my_view", "What I think", (
            CopyLine("view-1", "I like it when Priya texts before she comes."), CopyLine("view-2", "I worry most on Fridays, on the way home."),
        )),
        CopyBlock("my_actions", "What I will do", (
            CopyLine("do-1", "I send a text when I will be late."), CopyLine("do-2", "I keep my phone charged."),
            CopyLine("do-3", "I get off the bus by the library, where it is light."),
        )),
        CopyBlock("strengths", "What is good", (CopyLine("good-1", "I am back in the swim team."), CopyLine("good-2", "I made it to school each day last week."))),
        CopyBlock("we_do", "What we do for you", (CopyLine("we-1", "Priya rings you each Monday after school.", False),)),
    ),
)  # fmt: skip
THEIRS = CompiledCopy(
    Audience.CARER, "What we agreed",
    (CopyBlock("carer_will", "What you do", (CopyLine("c-1", "Ring us when she is 30 minutes late."), CopyLine("c-2", "When she is back: food, a wash, sleep."))),),
)  # fmt: skip
SAID = (
    ("right", "view-1", "", 1, ""),
    ("not_right", "do-2", "My charger broke.", 1, "We gave you a new charger on Tuesday."),
    ("words", "", "Can Nan come to the next meeting?", 2, "Nan is coming on Thursday. We asked her."),
    ("does_not_help", "", "I told you about Fridays and nothing changed.", 5, ""),
)


def give(named: dict[str, Post], children: Sequence[Child], now: datetime) -> None:
    """The first of these children has the page since six days ago, and said four things, of which two are answered and one waits."""
    worker, at, child = named[GIVES], now - timedelta(days=6), children[0]
    given = give_child_page(
        child=child, copy=MINE, telephone="07700 900654", is_number_confirmed=True, who_else_can_open="Nobody: it has a code, and her foster carer agrees",
        safe_reason="She showed us that it locks by itself.", by=worker, at=at,
    )  # fmt: skip
    safe = Given(CopyGiven.How.PAPER, "Mo Sample, foster carer", True, "It hangs inside the kitchen cupboard.")
    record_copy_given(child=child, copy=THEIRS, given=safe, by=worker, at=at)
    if len(children) > 1:
        unsafe = Given(CopyGiven.How.REHEARSED, "The child, in the car after school", False, "A cousin goes through her things.")
        record_copy_given(child=children[1], copy=MINE, given=unsafe, by=worker, at=at)
    assert given.request is not None
    for number, (kind, line, words, after, did) in enumerate(SAID):
        sent_at = (at + timedelta(days=after)).replace(hour=15, minute=number * 10)
        link = given.request.token_hash
        guest.keep_code(link, CODE, sent_at, {})
        proof = guest.prove(link, CODE, sent_at) or ""
        typed = {"kind": kind, "line": line, "words": words, "key": f"demo-{number}"}
        guest.say_as_child(link, proof, sent_at, given=typed, held=clock_of_child(kind, sent_at), is_night=False)
        if did:
            with acting_as(worker, now):
                said = ChildWords.objects.get(key=f"demo-{number}")
            answer_child(said=said, did=did, by=worker, at=sent_at + timedelta(hours=18))
