"""What Atlas holds of the children of a workbook for Ofsted, and which of its own children no list of it names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from atlas.agencies.models import Authority
from atlas.children.models import Child
from atlas.chronology.moments import end_of_day, start_of_day
from atlas.gate.context import Subject
from atlas.missing.codes import CouncilStatus
from atlas.missing.models import Episode, ReturnInterview
from atlas.missing.workflow import EpisodeState
from atlas.oversight.rules import periods
from atlas.people.models import Identifier, IdentifierKind
from atlas.returns.annex_a.beside import Held, Period
from atlas.returns.annex_a.found import ListFound, ListRead, found
from atlas.returns.annex_a.lists import ABSENT, ACCEPTED, MISSING, OFFERED
from atlas.statuses.models import Conference, Disability, LegalStatus, Spell

LISTED = {7: Spell.Status.CHILD_PROTECTION, 8: Spell.Status.LOOKED_AFTER}


def lists_found(subject: Subject, lists: Sequence[ListRead], day: date) -> list[ListFound]:
    """What is to be said of the lists of a workbook that was made for `day`, beside what Atlas holds. Ten statements."""
    children = annex_children(subject, {key for one in lists for key in one.keys}, day)
    missing = unlisted(subject, {one.of.number: one.keys for one in lists}, day)
    return [found(one, children, missing.get(one.of.number, [])) for one in lists]


def annex_children(subject: Subject, keys: Iterable[str], day: date) -> dict[str, Held]:
    """What Atlas holds, by the child's number in the main case system, of those whom the post may see. Eight statements.

    Missing episodes of the twelve months that end on `day`; the interview after the last missing episode, where there was one.
    """
    held = Identifier.objects.filter(kind=IdentifierKind.COUNCIL, value__in=set(keys), until_on__isnull=True)
    numbers = {value.upper(): person for value, person in held.values_list("value", "person_id")}
    shown = Child.objects.visible_to(subject).filter(pk__in=numbers.values())
    people = list(shown.values_list("pk", "born_on", "person__sex", "person__ethnicity"))
    seen = {pk for pk, *_ in people}
    counted, spells = _counted(subject, seen, day), _spells(subject, seen)
    legal, disabled, met = _legal(subject, seen, day), _disabled(subject, seen), _conferences(subject, seen)
    held_of = {
        pk: Held(pk, born_on, sex, ethnicity, disabled.get(pk), spells.get(pk, {}), legal.get(pk), met.get(pk, {}), counted[pk])
        for pk, born_on, sex, ethnicity in people
    }
    return {key: held_of[pk] for key, pk in numbers.items() if pk in held_of}


def unlisted(subject: Subject, listed: Mapping[int, Iterable[str]], day: date) -> dict[int, list[tuple[UUID, str]]]:
    """Children of the post's authority whom it may see, who by Atlas were on a child protection plan or looked after on `day`, and whose number the
    list does not hold: by list, (child, number). Two statements.
    """
    own = Authority.objects.filter(agencies=subject.post.team.agency_id)
    open_then = Q(until_on__isnull=True) | Q(until_on__gte=day)
    then = (
        Spell.objects.visible_to(subject)
        .filter(
            open_then,
            from_on__lte=day,
            status__in=[LISTED[number] for number in listed if number in LISTED],
            child__responsible_authority__in=own,
        )
        .order_by("child_id")
        .values_list("child_id", "status")
        .distinct()
    )
    held = [(number, child) for child, status in then for number in listed if LISTED.get(number) == status]
    values = Identifier.objects.filter(person__in={child for _, child in held}, kind=IdentifierKind.COUNCIL, until_on__isnull=True)
    numbers = dict(values.values_list("person_id", "value"))
    named = {number: {key.upper() for key in keys} for number, keys in listed.items()}
    answer: dict[int, list[tuple[UUID, str]]] = {}
    for number, child in held:
        if numbers.get(child, "").upper() not in named[number]:
            answer.setdefault(number, []).append((child, numbers.get(child, "")))
    return answer


def _counted(subject: Subject, seen: set[UUID], day: date) -> dict[UUID, dict[str, int | bool | None]]:
    from_at, until_at = start_of_day(periods(day)["Last 12 months"][0]), end_of_day(day)
    episodes = Episode.objects.visible_to(subject).filter(child__in=seen, reported_at__gte=from_at, reported_at__lte=until_at)
    of: dict[UUID, list[Episode]] = {child: [] for child in seen}
    for episode in episodes.exclude(state=EpisodeState.WITHDRAWN).order_by("reported_at", "pk"):
        of[episode.child_id].append(episode)
    last = {
        child: found[-1].pk
        for child, all_of in of.items()
        if (found := [one for one in all_of if one.council_status != CouncilStatus.AWAY])
    }
    asked = ReturnInterview.objects.visible_to(subject).filter(episode__in=last.values())
    answered = asked.values_list("episode_id", "first_offered_at", "accepted_at")
    answers = {episode: (offered is not None, accepted is not None) for episode, offered, accepted in answered}
    return {child: _counts(of[child], answers.get(last[child]) if child in last else None) for child in seen}


def _counts(episodes: list[Episode], answer: tuple[bool, bool] | None) -> dict[str, int | bool | None]:
    away = sum(episode.council_status == CouncilStatus.AWAY for episode in episodes)
    others = sum(episode.council_status in (CouncilStatus.UNAUTHORISED, CouncilStatus.NOT_MISSING) for episode in episodes)
    offered, accepted = answer or (None, None)
    return {MISSING: len(episodes) - away - others, ABSENT: away, OFFERED: offered, ACCEPTED: accepted if offered else None}


def _spells(subject: Subject, seen: set[UUID]) -> dict[UUID, dict[str, tuple[Period, ...]]]:
    found: dict[UUID, dict[str, tuple[Period, ...]]] = {}
    held = Spell.objects.visible_to(subject).filter(child__in=seen).order_by("from_on", "pk")
    for child, status, from_on, until_on in held.values_list("child_id", "status", "from_on", "until_on"):
        of = found.setdefault(child, {})
        of[status] = (*of.get(status, ()), (from_on, until_on))
    return found


def _legal(subject: Subject, seen: set[UUID], day: date) -> dict[UUID, tuple[str, date]]:
    """The legal status of each on `day`: the latest that had begun."""
    held = LegalStatus.objects.visible_to(subject).filter(Q(until_on__isnull=True) | Q(until_on__gte=day), child__in=seen, from_on__lte=day)
    return {child: (code, from_on) for child, code, from_on in held.order_by("from_on", "pk").values_list("child_id", "code", "from_on")}


def _disabled(subject: Subject, seen: set[UUID]) -> dict[UUID, bool]:
    held = Disability.objects.visible_to(subject).filter(child__in=seen).values_list("child_id", "code")
    found: dict[UUID, bool] = {}
    for child, code in held:
        found[child] = found.get(child, False) or code != Disability.Code.NONE
    return found


def _conferences(subject: Subject, seen: set[UUID]) -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    held = Conference.objects.visible_to(subject).filter(child__in=seen, held_on__isnull=False).order_by("held_on", "pk")
    for child, kind, held_on in held.values_list("child_id", "kind", "held_on"):
        of = found.setdefault(child, {})
        of[kind] = (*of.get(kind, ()), held_on)
    return found
