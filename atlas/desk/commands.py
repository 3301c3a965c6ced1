"""The front door is asked about a child who is not the searcher's, and answers."""

from dataclasses import dataclass
from datetime import date, datetime

from atlas.agencies.models import Post
from atlas.agencies.queries import front_door_of
from atlas.desk.models import FrontDoorQuestion
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission

MOST_WORDS = 1000


@dataclass(frozen=True)
class Typed:
    """What somebody typed to find a child."""

    name: str
    born_on: date | None
    number: str


@command(needs=Permission.ASK_FRONT_DOOR)
def ask_front_door(*, typed: Typed, by: Post, at: datetime) -> None:
    """Tell the front door that somebody asked after a child, with what was typed. The same whether or not the child is known.

    Returns nothing: what was typed is the front door's alone from now on. Raises Invalid where no authority is served.
    """
    authority = front_door_of(by)
    if authority is None:
        raise Invalid("There is no front door to tell. Ring the council.")
    question = FrontDoorQuestion(
        authority=authority, post=by, name=typed.name, born_on=typed.born_on, number=typed.number, asked_at=at,
    )  # fmt: skip
    question.save(force_insert=True)


@command(needs=Permission.ANSWER_FRONT_DOOR_QUESTION)
def answer_front_door_question(*, question: FrontDoorQuestion, outcome: str, words: str, by: Post, at: datetime) -> FrontDoorQuestion:
    """Say what came of a question. Raises Invalid where somebody has answered it already."""
    if question.answered_at is not None:
        raise Invalid("Somebody has answered this already. Go back to the list.")
    question.outcome, question.words, question.answered_at, question.answered_by = outcome, words.strip()[:MOST_WORDS], at, by
    question.save(update_fields=["outcome", "words", "answered_at", "answered_by"])
    return question
