"""Children who are missing together are looked for, on behalf of whoever asked; and what was told of them is answered by somebody who knows them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from procrastinate.contrib.django import app

from atlas.agencies.queries import expect_served
from atlas.exploitation.commands.checks import expect_words
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.network.models import Together, TogetherSearch
from atlas.network.together import METHOD, PERIOD, SEED, SHUFFLES, Row, fingerprint_of, is_linked, keep_told, times_of

if TYPE_CHECKING:
    from atlas.agencies.models import Post

State = TogetherSearch.State
AGAIN_AFTER = timedelta(hours=1)  # one that still waits or runs after so long has died
LINK_FIRST = "Write the link down first: the lines above this form lead there, and back here. Or say that it is not so, and why."


@command(needs=Permission.SEARCH_TOGETHER)
def search_together(*, by: "Post", at: datetime) -> TogetherSearch:
    """Look which children of the last year are missing together more often than chance explains; the service looks, on behalf of whoever asked.

    Raises Invalid while another such search waits or runs.
    """
    authority, today = expect_served(by), day_of(at)
    if TogetherSearch.objects.filter(authority=authority, state__in=(State.WAITING, State.RUNNING), asked_at__gt=at - AGAIN_AFTER).exists():
        raise Invalid("Somebody has asked for this already, and it is being made. Look here again in some minutes.")
    search = TogetherSearch(
        authority=authority, from_on=today - PERIOD, until_on=today, asked_by=by, asked_at=at,
        parameters={"method": METHOD, "seed": SEED, "shuffles": SHUFFLES},
    )  # fmt: skip
    search.save(force_insert=True)
    behalf = Behalf(by.pk, acting_subject().purpose, str(search.pk))
    app.configure_task("network.search_together", queue="bulk").defer(search=str(search.pk), **behalf.as_arguments())
    return search


@command(needs=Permission.SEARCH_TOGETHER)
def begin_search(*, search: TogetherSearch, by: "Post", at: datetime) -> list[Row]:
    """Begin to look, or again after a job that died: times by keys, in memory only. Raises Invalid if it is finished."""
    if search.state not in {State.WAITING, State.RUNNING}:
        raise Invalid("This was looked for already.")
    search.state, search.progress = State.RUNNING, 1
    search.save()
    return times_of(search.pk)


@command(needs=Permission.SEARCH_TOGETHER)
def finish_search(
    *, search: TogetherSearch, rows: Sequence[Row], told: Sequence[dict[str, object]], by: "Post", at: datetime
) -> TogetherSearch:
    """Keep what was told, for whoever may read of every child of it."""
    if search.state != State.RUNNING:
        raise Invalid("This was looked for already.")
    keep_told(search.pk, told)
    search.input_fingerprint, search.state, search.progress, search.finished_at = fingerprint_of(rows), State.FINISHED, 100, at
    search.save()
    return search


def tell_search_progress(search: UUID, percent: int) -> int:
    """Say how far a search is. No command: it is the job's, many times; row security lets the acting post write to its own search."""
    return TogetherSearch.objects.filter(pk=search, state=State.RUNNING).update(progress=percent)


def fail_search(search: UUID, problem: Refused | Invalid) -> int:
    """Say why a search came to nothing. No command: whoever has lost the right may do nothing."""
    words = str(problem)[:300] if isinstance(problem, Invalid) else "Whoever asked for it may not ask any more."
    return TogetherSearch.objects.filter(pk=search, finished_at=None).update(state=State.FAILED, failed_words=words)


@command(needs=Permission.ANSWER_TOGETHER)
def answer_together(*, together: Together, answer: str, words: str, by: "Post", at: datetime) -> Together:
    """Answer what was told: they are linked, which is written down; or it is not so, and why. Raises Invalid for no words, for linked without a link."""
    expect_words((words, "words", "Write in a sentence what you know, and from whom."))
    if answer not in Together.Answer.values:
        raise Invalid("Choose whether they are linked.", "answer")
    if answer == Together.Answer.LINKED and not is_linked(together):
        raise Invalid(LINK_FIRST, "answer")
    together.answer, together.answer_words, together.answered_by, together.answered_at = answer, words.strip()[:300], by, at
    together.save()
    return together
