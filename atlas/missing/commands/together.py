"""One report may concern several children, and so may one return: typed once, recorded for each; and which episodes belong together."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING
from uuid import UUID

from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, command, judge, lock, may_all
from atlas.gate.context import acting_subject
from atlas.gate.policy import Permission
from atlas.missing.commands.back import record_return
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import Episode, MissingTogether
from atlas.missing.rules.together import MOST_CHILDREN, names_one
from atlas.missing.workflow import EpisodeState

if TYPE_CHECKING:
    from atlas.agencies.models import Post

NAMELESS = (
    "Leave the children’s names out here: this is written down for each of them, and each record tells of one child only. "
    "Write “they”, or report the children one by one."
)
OF_ONE = "This names another of the children. It is written down for one child only: leave the other’s name out."
SHARED = ("last_seen_place", "worry", "intended", "tried", "risk_words", "reporter_name", "reporter_role")


@command(needs=Permission.REPORT_MISSING_TOGETHER)
def report_missing_together(
    *, children: tuple[Child, ...], report: Report, wore: Mapping[UUID, str] | None = None, by: "Post", at: datetime
) -> Episode:
    """Report several children missing by what is typed once. Each gets an episode, clocks and words of its own, as if reported alone; the
    episodes are linked for whoever may see both. Gives the first child's.

    `wore`: what each of the others wore and took. All of them or none: each is judged, and must be one who can be reported. Raises
    Invalid as `report_missing` does, saying of which child; and for words that name one of them.
    """
    of = list(dict.fromkeys(children))
    if not 2 <= len(of) <= MOST_CHILDREN:
        raise Invalid(f"Choose between two and {MOST_CHILDREN} children. Report a single child alone.")
    _names_nobody(of, report, wore or {})
    for child_id in sorted(child.pk for child in of):  # in one order, so that two such reports wait for each other and neither fails
        lock(child_id, None)
    episodes = {}
    for child in of:
        own = report if child == of[0] else replace(report, clothing=(wore or {}).get(child.pk, ""), taken="")
        episodes[child.pk] = _reported(child, own, by, at)
    _link_all(episodes, by, at)
    return episodes[of[0].pk]


def _names_nobody(children: list[Child], report: Report, wore: Mapping[UUID, str]) -> None:
    """What goes into several records names none of the children; what goes into one, none of the others."""
    for field in SHARED:
        if names_one(getattr(report, field), [child.name for child in children]):
            raise Invalid(NAMELESS, field)
    own = [(children[0], "clothing", report.clothing), (children[0], "taken", report.taken)]
    own += [(child, f"wore_{child.pk}", wore.get(child.pk, "")) for child in children[1:]]
    for child, field, text in own:
        if names_one(text, [other.name for other in children if other != child]):
            raise Invalid(OF_ONE, field)


def _reported(child: Child, report: Report, by: "Post", at: datetime) -> Episode:
    try:
        return report_missing(child=child, report=report, by=by, at=at)
    except Invalid as problem:
        raise Invalid(f"{child.name}: {problem.message}", None if problem.field == "child" else problem.field) from problem


def _link_all(episodes: Mapping[UUID, Episode], by: "Post", at: datetime) -> None:
    """Link those of whom whoever reports may read both: a report may be made by somebody who reads nothing of what comes of it."""
    subject = acting_subject()
    subject.known.clear()  # the reports opened the children
    may = may_all(subject, episodes, Permission.RECORD_MISSING_TOGETHER, Permission.VIEW_EPISODE)
    for one, other in combinations(sorted(episodes), 2):
        if {one, other} <= may:
            record_missing_together(episode=episodes[one], other=episodes[other], by=by, at=at)


@command(needs=Permission.RECORD_MISSING_TOGETHER)
def record_missing_together(*, episode: Episode, other: Episode, because: str = "", by: "Post", at: datetime) -> MissingTogether:
    """Say that two children are, or were, missing together. Judged for both; it stands on each other's page, for whoever may see both.

    Changes nothing of either episode. Raises Invalid for one child twice, for an episode that was withdrawn, and where it is said already.
    """
    subject = acting_subject()
    for one in (episode, other):  # whoever may only report children may not say what came of it
        judge("record_missing_together", subject, Permission.VIEW_EPISODE, one.child_id, one)
    if episode.child_id == other.child_id:
        raise Invalid("Choose another child: these are two episodes of one.", "other")
    if EpisodeState.WITHDRAWN in (episode.state, other.state):
        raise Invalid("One of the two missing episodes was withdrawn as recorded in error.", "other")
    if _live(episode.pk, other.pk) is not None:
        raise Invalid("It is written down already that they are missing together. Reload the page.", "other")
    row = MissingTogether(
        child=episode.child, episode=episode, other_child=other.child, other_episode=other, because=because.strip(), made_at=at, made_by=by
    )
    row.save(force_insert=True)
    if _live(other.pk, episode.pk) is None:
        record_missing_together(episode=other, other=episode, because=because, by=by, at=at)
    return row


@command(needs=Permission.SPLIT_MISSING_TOGETHER)
def split_missing_together(*, together: MissingTogether, because: str, by: "Post", at: datetime) -> MissingTogether:
    """Say that two children were not missing together after all. Judged for both; each keeps its own episode, clocks and words.

    It can be said anew that they were. Raises Invalid without a reason, and where it was said already.
    """
    if not because.strip():
        raise Invalid("Say how it is known that they were not together.", "because")
    if together.ended_at is not None:
        raise Invalid("It was said already that they were not together. Reload the page.")
    together.ended_at, together.ended_because, together.ended_by = at, because.strip(), by
    together.save(update_fields=["ended_at", "ended_because", "ended_by"])
    twin = _live(together.other_episode_id, together.episode_id)
    if twin is not None:
        split_missing_together(together=twin, because=because, by=by, at=at)
    return together


def _live(episode: UUID, other: UUID) -> MissingTogether | None:
    held = MissingTogether.objects.filter(episode=episode, other_episode=other, ended_at__isnull=True)
    return held.select_related("child", "episode", "other_episode").first()


@command(needs=Permission.RECORD_RETURN_TOGETHER)
def record_return_together(
    *, episodes: tuple[Episode, ...], returned_at: Moment, returned_to: str = "", by: "Post", at: datetime
) -> Episode:
    """Record that several children who were missing together are back, by what is typed once: a return, a clock and an interview for each,
    and each is talked with apart. Those who are not named here stay missing. Gives the first one's episode.

    Raises Invalid as `record_return` does, saying of which child; for one that is not said to be together with the first; and for a place
    that names one of them.
    """
    first = episodes[0]
    for child_id in sorted({episode.child_id for episode in episodes}):
        lock(child_id, None)
    linked = set(MissingTogether.objects.filter(episode=first, ended_at__isnull=True).values_list("other_episode", flat=True))
    if any(episode.pk not in linked for episode in episodes[1:]):
        raise Invalid("It was said meanwhile that they were not together. Record each return by itself.")
    if names_one(returned_to, [episode.child.name for episode in episodes]):
        raise Invalid(NAMELESS, "returned_to")
    # As they stand now that nobody else can change them.
    fresh = {one.pk: one for one in _episodes(episode.pk for episode in episodes)}
    for episode in episodes:
        try:
            record_return(episode=fresh[episode.pk], returned_at=returned_at, returned_to=returned_to, by=by, at=at)
        except Invalid as problem:
            raise Invalid(f"{episode.child.name}: {problem.message}", problem.field) from problem
    return fresh[first.pk]


def _episodes(pks: Iterable[UUID]) -> list[Episode]:
    return list(Episode.objects.filter(pk__in=list(pks)).select_related("child", "responsible_authority", "host_authority"))
