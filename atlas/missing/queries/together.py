"""Who is missing together with a child, and who else may be: always only of children whom the reader may see as well."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from atlas.children.models import Child
from atlas.children.queries import found_children
from atlas.connections.queries import ties_of
from atlas.gate.act import may_all
from atlas.gate.context import Subject
from atlas.gate.policy import Permission
from atlas.missing.models import Episode, MissingTogether
from atlas.missing.workflow import OPEN_EPISODE, EpisodeState

MOST = 20


@dataclass(frozen=True)
class Other:
    """Another child who may be missing too; `why`: what the two are to each other, as far as it is written down; `episode`: already missing."""

    child: Child
    why: str
    episode: Episode | None


def together_with(episode: Episode) -> list[MissingTogether]:
    """Which episodes are said to be together with this one, the first said first. Row security shows those of whom the reader may see both."""
    rows = MissingTogether.objects.filter(episode=episode, ended_at__isnull=True).exclude(other_episode__state=EpisodeState.WITHDRAWN)
    return list(rows.select_related("other_child", "other_episode").order_by("made_at", "pk"))


def together_rows() -> "QuerySet[MissingTogether]":
    """Links with both children and both episodes."""
    return MissingTogether.objects.select_related("child", "episode", "other_child", "other_episode")


def back_with(subject: Subject, episode: Episode) -> list[Episode]:
    """The episodes together with this one whose child is not back yet, and whose return the reader may record too."""
    waiting = [one for one in together_with(episode) if one.other_episode.is_open]
    may = may_all(subject, [one.other_child_id for one in waiting], Permission.RECORD_RETURN) if waiting else set()
    for one in waiting:
        one.other_episode.child = one.other_child
    return [one.other_episode for one in waiting if one.other_child_id in may]


def reportable(subject: Subject, child: Child, chosen: Iterable[str]) -> list[Child]:
    """Of these children (by id, as a form names them), those whom the reader may see and report missing too, in that order."""
    ids = [pk for text in chosen if (pk := _uuid(text)) is not None and pk != child.pk]
    found = Child.objects.visible_to(subject).filter(pk__in=ids).in_bulk() if ids else {}
    may = may_all(subject, found, Permission.REPORT_MISSING) if found else set()
    return [found[pk] for pk in dict.fromkeys(ids) if pk in may]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def others_of(subject: Subject, child: Child, *, chosen: Iterable[Child], name: str) -> tuple[list[Other], list[Other]]:
    """Who may be missing too: those tied to the child first; then, where a name was typed, those who are called so. Only children whom the
    reader may report missing; one who already is, is said so.
    """
    tied: dict[UUID, tuple[Child, str]] = {}
    for tie in ties_of(subject, child):
        if tie.stands:
            tied.setdefault(tie.other.pk, (tie.other, tie.tie.get_kind_display()))
    named = {one.pk: one for one in found_children(subject, name=name, born_on=None, number="")} if name.strip() else {}
    left_out = {child.pk, *(one.pk for one in chosen)}
    wanted = {*tied, *named} - left_out
    may = may_all(subject, wanted, Permission.REPORT_MISSING) if wanted else set()
    missing = (
        {one.child_id: one for one in Episode.objects.visible_to(subject).filter(child__in=may, state__in=OPEN_EPISODE)} if may else {}
    )
    return (
        [Other(one, why, missing.get(pk)) for pk, (one, why) in tied.items() if pk in may],
        [Other(one, "", missing.get(pk)) for pk, one in named.items() if pk in may and pk not in tied],
    )


def may_belong(subject: Subject, episode: Episode) -> list[tuple[Episode, str]]:
    """Episodes of other children that may belong together with this one: of those tied to the child, their latest; and of others, those open."""
    linked = {one.other_episode_id for one in together_with(episode)}
    tied = {tie.other.pk: tie.tie.get_kind_display() for tie in ties_of(subject, episode.child) if tie.stands}
    rows = Episode.objects.visible_to(subject).exclude(child=episode.child_id).exclude(pk__in=linked).exclude(state=EpisodeState.WITHDRAWN)
    of_tied = list(rows.filter(child__in=tied).select_related("child").order_by("-reported_at", "pk")[:MOST])
    of_others = list(
        rows.filter(state__in=OPEN_EPISODE).exclude(child__in=tied).select_related("child").order_by("-reported_at", "pk")[:MOST]
    )
    found = [(one, tied.get(one.child_id, "")) for one in (*of_tied, *of_others)]
    may = may_all(subject, {one.child_id for one, _ in found}, Permission.RECORD_MISSING_TOGETHER) if found else set()
    return [(one, why) for one, why in found if one.child_id in may]
