"""Record what was said of somebody who works with children; receive it, decide, close it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from atlas.agencies.models import Post
from atlas.allegations.models import DECISIONS, OUTCOMES, Allegation, AllegationStep, WorksAs
from atlas.allegations.queries import is_worker_called, kind_of_employer, needs_block, receivers, who_decide
from atlas.allegations.rules import OFFICER, ROUTES, WITHIN, receivers_for
from atlas.children.models import Child
from atlas.clocks.queries import bank_holidays_changed
from atlas.gate.act import Invalid, Refused, command, lock
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.models import Block, BlockSource
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision
from atlas.tasks.jobs import send_email

Kind = AllegationStep.Kind
SUBJECT = "Atlas: something waits for you ({reference})"
WORDS = "Something in Atlas waits for you, to be received within one working day. Reference {reference}.\n\nSign in to read it: {address}\n"
ABOUT_YOU = "This would be about you, so somebody else must write it down. Ring {number} now and ask for the designated officer."
SAME_NAME = (
    "Somebody of this name works with Atlas. Look them up above and choose them. If it is somebody else, add what tells them apart, for example "
    "“Den Ash, the driver”."
)
NOBODY: list[UUID | None] = [None]
BECAUSE = "What was said is with the designated officer"


@dataclass(frozen=True)
class Alleged:
    """Of whom, and what: a worker of Atlas (`post`), or somebody who is not in it (`name` and `works_for`); in the child's words."""

    works_as: str
    words: str
    post: Post | None = None
    name: str = ""
    works_for: str = ""


def _check(said: Alleged, child: Child, by: Post, at: datetime) -> None:
    if said.post and said.name.strip():
        raise Invalid("You chose a worker and typed somebody else. Take one of the two out; write about each person by themselves.", "name")
    if not said.post and not said.name.strip():
        raise Invalid("Say who it is about: find the worker, or type who it is as the child named them.", "name")
    if not said.post and is_worker_called(said.name, at):
        raise Invalid(SAME_NAME, "name")
    if not said.post and not said.works_for.strip():
        raise Invalid("Say where they work: the home, the firm or the employer. “Not known” is an answer.", "works_for")
    if said.works_as not in WorksAs.values:
        raise Invalid("Choose what they do with children.", "works_as")
    if not said.words.strip():
        raise Invalid("Write what was said, in the child's words.", "words")
    if said.post and said.post.user_id == by.user_id:
        raise Invalid(ABOUT_YOU.format(number=child.responsible_authority.front_door_number), "worker")


@command(needs=Permission.RECORD_ALLEGATION)
def record_allegation(*, child: Child, said: Alleged, by: Post, at: datetime) -> AllegationStep:
    """Pass on what a child said of somebody who works with children, and shut a worker of Atlas out of the child, at once and in silence.

    It goes to those who are named to receive it, each with one working day. Returns the first sending: whoever records it reads no more than
    that it was sent and received. Raises Invalid where nobody, or two, are named; for oneself; and where a word is missing.
    """
    _check(said, child, by, at)
    accused = said.post.user if said.post else None
    made = Allegation(
        child=child, accused=accused, accused_name=(accused.name if accused else said.name.strip())[:120],
        works_for=(f"{said.post.title}, {said.post.team.agency.name}" if said.post else said.works_for.strip())[:200],
        works_as=said.works_as, words=said.words.strip(), child_name=child.name, child_born_on=child.born_on, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    sent = _send(made, kind_of_employer(said.post, said.works_as), by, at)
    if accused is not None and needs_block(child.pk, accused):
        Block(child=child, user=accused, source=BlockSource.ALLEGATION, because=BECAUSE, from_at=at, made_by=by).save(force_insert=True)
    return sent


def _send(made: Allegation, works_for: str, by: Post, at: datetime) -> AllegationStep:
    """Send it to one receiver of each role that has it at once. Where no designated officer, nor anybody in their stead, is left, it also goes to
    nobody: so it waits for one, and whoever recorded it rings.
    """
    to: list[UUID | None] = []
    for role in receivers_for(works_for):
        able = [post for one in ROUTES[role] for post in receivers(made.child_id, one, made.accused_id)]
        to += [post for post in able if post not in to][:1] or (NOBODY if role == OFFICER else [])
    due_at = WITHIN.after(at, bank_holidays_changed())
    steps = [
        AllegationStep(
            child_id=made.child_id, allegation=made, kind=Kind.SENT, to_post_id=post, due_at=due_at, made_by=by, made_at=at, recorded_by=by
        )
        for post in to
    ]
    for step in steps:
        step.save(force_insert=True)
    tell(made.reference, [post for post in to if post])
    return steps[0]


def tell(reference: str, to: list[UUID]) -> None:
    """Tell receivers, by e-mail, that something waits: with a reference only, neither what it is nor about whom."""
    facts = {"reference": reference, "address": settings.ATLAS_ADDRESS}
    for post in Post.objects.filter(pk__in=to).select_related("user").only("user", "user__email"):  # tick reads no more of a person
        if post.user.email:
            send_email.defer(to=post.user.email, subject=SUBJECT.format(**facts), words=WORDS.format(**facts))


@command(needs=Permission.RECEIVE_ALLEGATION)
def receive_allegation(*, allegation: UUID, by: Post, at: datetime) -> AllegationStep:
    """Say that one has it. `allegation`: by its id, since its child may be shut to the receiver by a list of names. Once for each receiver."""
    made = _of_receiver("receive_allegation", allegation, by, at)
    if _has(made, Kind.RECEIVED, by):
        raise Invalid("You have received this already. Go back to it.")
    return _step(made, Kind.RECEIVED, "", "", by, at)


@command(needs=Permission.DECIDE_ALLEGATION)
def decide_allegation(*, allegation: UUID, answer: str, words: str, meets_on: date | None = None, by: Post, at: datetime) -> AllegationStep:
    """Say whether the threshold is met, or that a strategy meeting is called and for which day (`meets_on`), and what was advised. A later
    decision stands beside an earlier one.
    """
    made = _of_receiver("decide_allegation", allegation, by, at)
    if answer not in DECISIONS:
        raise Invalid("Choose what you decide.", "answer")
    if answer == AllegationStep.Answer.MEETING and meets_on is None:
        raise Invalid("Say on which day the strategy meeting is.", "meets_on")
    if answer != AllegationStep.Answer.MEETING and meets_on is not None:
        raise Invalid("Choose that a strategy meeting is called, or take the day out.", "meets_on")
    if meets_on and meets_on < day_of(made.recorded_at):
        raise Invalid("The meeting cannot be before this was passed on. Check the day.", "meets_on")
    return _answered(made, Kind.DECIDED, answer, words, by, at, meets_on)


@command(needs=Permission.CLOSE_ALLEGATION)
def close_allegation(*, allegation: UUID, answer: str, words: str, by: Post, at: datetime) -> AllegationStep:
    """Say what it came to. It follows a decision. A worker of Atlas stays shut out until two people lift that."""
    made = _of_receiver("close_allegation", allegation, by, at)
    if answer not in OUTCOMES:
        raise Invalid("Choose what it came to.", "answer")
    if not made.steps.filter(kind=Kind.DECIDED).exists():
        raise Invalid("Decide first whether the threshold is met. Go back and choose “Decide”.")
    return _answered(made, Kind.CLOSED, answer, words, by, at)


def _answered(made: Allegation, kind: str, answer: str, words: str, by: Post, at: datetime, meets_on: date | None = None) -> AllegationStep:
    if not words.strip():
        raise Invalid("Say why, and what was advised.", "words")
    if not _has(made, Kind.RECEIVED, by):
        raise Invalid("Say first that you have received it. Go back and choose “I have received this”.")
    if by.pk not in who_decide(made.steps.filter(kind=Kind.SENT).select_related("to_post")):
        raise Invalid("The designated officer decides this and closes it. Ring them with what you know.")
    if made.steps.filter(kind=Kind.CLOSED).exists():
        raise Invalid("This is closed. If something new was said, it is passed on anew.")
    return _step(made, kind, answer, words.strip(), by, at, meets_on)


def _of_receiver(name: str, allegation: UUID, by: Post, at: datetime) -> Allegation:
    """The allegation, where row security shows it to the acting post: a receiver who is neither the person nor of their team or line."""
    lock(None, f"allegation {allegation}")
    made = Allegation.objects.filter(pk=allegation).first()
    if made is None:
        raise Refused(name, Subject.of(by, at), Decision.NO_RELATIONSHIP, None)
    return made


def _has(made: Allegation, kind: str, by: Post) -> bool:
    return made.steps.filter(kind=kind, made_by=by).exists()


def _step(made: Allegation, kind: str, answer: str, words: str, by: Post, at: datetime, meets_on: date | None = None) -> AllegationStep:
    step = AllegationStep(
        child_id=made.child_id, allegation=made, kind=kind, answer=answer, words=words, made_by=by, made_at=at,
        meets_on=meets_on, recorded_by_id=made.recorded_by_id,
    )  # fmt: skip
    step.save(force_insert=True)
    return step
