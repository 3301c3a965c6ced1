"""An answer is made from what was weighed, and released by two people."""

from datetime import datetime
from typing import Any

from atlas.agencies.models import Post
from atlas.design.words import day, plural, reference_of, when
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.gate.proposing import Proposed
from atlas.sealed.models import SealedLocation
from atlas.sharing.rules import MARKING
from atlas.subject_access.answer import Weighable, digest_of, removal_of, view_of
from atlas.subject_access.commands.requests import ANSWERED, NOT_OPEN, State
from atlas.subject_access.commands.weighing import bring_up_to_date
from atlas.subject_access.models import AnswerItem, SubjectAccessAnswer, SubjectAccessRequest
from atlas.subject_access.pdf import pdf_of_answer
from atlas.subject_access.rules import Asks, Ground

NOT_THE_LATEST = "Another answer was made after this one. Look at the latest."
RELEASED_WITHIN = 14  # days; by then the record may say something else


@command(needs=Permission.MAKE_SUBJECT_ANSWER)
def make_subject_answer(*, request: SubjectAccessRequest, by: Post, at: datetime) -> SubjectAccessAnswer:
    """Make the answer from what was weighed, and freeze it for the second person. The record is compared once more.

    Raises Invalid where the record has changed since it was gathered, and while something is undecided. What has changed is then there to be weighed.
    """
    if request.state not in ANSWERED:
        raise Invalid(NOT_OPEN)
    if request.gathered_at is None:
        raise Invalid("Gather the record first.")
    waiting = request.items.filter(outcome="", is_gone=False).count()
    if waiting:
        raise Invalid(f"{plural(waiting, 'item')} of the record still to decide about.")
    if bring_up_to_date(request, at):
        raise Invalid("The record has changed since it was gathered. Gather it again, and decide about what is new.")
    items = [_weighable(one) for one in request.items.filter(is_gone=False).order_by("number")]
    view = view_of(
        items, asks=Asks(request.asks), child=request.child.name, name=request.name, council=request.authority.name, asked=request.words,
        received=day(request.received_on), made=when(at), marking=MARKING,
    )  # fmt: skip
    removals = _log(request, items)
    row = SubjectAccessAnswer(
        child_id=request.child_id, request=request, number=request.answers.count() + 1, view=view, removals=removals,
        digest=digest_of(view, removals), made_by=by, made_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def _weighable(item: AnswerItem) -> Weighable:
    cuts = tuple((line, start, end, Ground(ground)) for line, start, end, ground in item.cuts)
    lines = tuple((name, text) for name, text in item.lines)
    return Weighable(
        item.number, item.heading, lines, item.happened, item.source, item.agency, item.outcome, cuts, item.ground, item.is_quiet
    )


def _log(request: SubjectAccessRequest, items: list[Weighable]) -> list[dict[str, Any]]:
    decided = {one.number: one for one in request.items.filter(is_gone=False).select_related("decided_by__user")}
    log = []
    for item in items:
        if found := removal_of(item):
            by = decided[item.number]
            log.append(found | {"because": by.because, "by": str(by.decided_by), "at": when(by.decided_at)})
    return log


def _release_words(answer: SubjectAccessAnswer, because: str) -> str:
    request = answer.request
    return (
        f"Answer {answer.number} to the request for a child’s record, of {plural(len(answer.view['items']), 'item')}, may be handed to {request.name} "
        f"({Asks(request.asks).label.lower()}): {request.get_how_display().lower()}."
    )


def _may_release(answer: SubjectAccessAnswer, because: str, by: Post, at: datetime) -> None:
    if answer.released_at is not None:
        raise Invalid("This answer was released already.")
    if answer.request.state not in ANSWERED:
        raise Invalid(NOT_OPEN)
    if answer.request.answers.filter(number__gt=answer.number).exists():
        raise Invalid(NOT_THE_LATEST)
    if (day_of(at) - day_of(answer.made_at)).days > RELEASED_WITHIN:
        raise Invalid(f"It was made more than {RELEASED_WITHIN} days ago. Make it anew: the record may have changed.")


@command(needs=Permission.RELEASE_SUBJECT_ANSWER, proposed=Proposed(_release_words, _may_release))
def release_subject_answer(*, answer: SubjectAccessAnswer, because: str, by: Post, at: datetime) -> SubjectAccessAnswer:
    """Release an answer: two people, one of them the privacy officer. From then on it can be printed and handed over, and is not altered any more."""
    answer.released_by, answer.released_at = by, at
    answer.save(update_fields=["released_by", "released_at"])
    request = answer.request
    request.state = State.RELEASED
    request.save(update_fields=["state"])
    return answer


def why_not_fetched(answer: SubjectAccessAnswer) -> str:
    """Why this answer cannot be handed over now, and what to do; empty where it can. Asked as whoever would fetch it."""
    request = answer.request
    if answer.released_at is None or request.state not in ANSWERED:
        return "Two people release an answer before it can be fetched; and one that was handed over is not handed over again."
    if request.answers.filter(number__gt=answer.number).exists():
        return NOT_THE_LATEST
    if SealedLocation.objects.filter(child_id=answer.child_id, since__gt=answer.made_at).exists():
        return "Where this child is was sealed after this answer was made. Gather the record again, and make the answer anew."
    return ""


@command(needs=Permission.DOWNLOAD_SUBJECT_ANSWER)
def download_subject_answer(*, answer: SubjectAccessAnswer, by: Post, at: datetime) -> bytes:
    """The released answer as a PDF, to be handed over. Raises Invalid before two people released it, where another was made since, and where something about where the
    child is was sealed after it was made: it may say what nobody may learn any more.
    """
    if problem := why_not_fetched(answer):
        raise Invalid(problem)
    assert answer.released_at is not None
    return pdf_of_answer(
        answer.view, f"Request {reference_of(answer.request_id)}, answer {answer.number}, released {when(answer.released_at)}"
    )
