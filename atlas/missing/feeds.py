"""Missing episodes as the police report them, and as the main case system holds them; by the same commands as typed ones."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Q

from atlas.allocation.commands import end_pregnancy, receive_child
from atlas.children.commands import Known
from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision, from_iso
from atlas.copies.queries import record_filed_as
from atlas.feeds.handling import Carrying, Waits
from atlas.feeds.models import Row
from atlas.feeds.rules import Mastered, System
from atlas.gate.act import Invalid, may_all
from atlas.gate.context import acting_as
from atlas.linkage.queries import Asked, match, sure_matches, the_child
from atlas.missing.beside import fill_in, typed_here
from atlas.missing.codes import CouncilStatus, Grade, PoliceStatus
from atlas.missing.commands.back import record_found, record_return
from atlas.missing.commands.comparison import PoliceSays, record_police_report, set_police_report_aside
from atlas.missing.commands.death import record_death, take_back_death
from atlas.missing.commands.episode import has_live_marker, question_police_grade, record_police_grade
from atlas.missing.commands.history import VERBS, Past, check_past, record_past_episodes
from atlas.missing.commands.report import Report, report_missing, withdraw_episode
from atlas.missing.copies import MISSING_EPISODE
from atlas.missing.models import Episode, PoliceReport
from atlas.missing.rules.grades import may_grade
from atlas.missing.workflow import EpisodeState
from atlas.people.models import IdentifierKind, Sex
from atlas.people.rules import age_on

OLDEST_CHILD = 18


def take_police_report(row: Row, carrying: Carrying) -> Episode | None:
    """One police report: the episode, its grade, found and returned, each as a typed one. A later delivery adds what is new."""
    values = row.values
    reported = _moment(values, "reported_at")
    if reported is None:
        raise Invalid("The time of the report is missing.")
    _check(values, carrying.at)
    episode = _held(row, carrying) or _first_told(row, reported, carrying)
    is_theirs = episode.source_key == _source_key(row)
    episode = _bring_up_to_date(episode, row, carrying) if is_theirs else fill_in(episode, says_of(row), carrying)
    if not episode.is_historic:
        record_police_report(episode=episode, says=says_of(row), row=row, by=carrying.by, at=carrying.at)
    return episode


def _first_told(row: Row, reported: Moment, carrying: Carrying) -> Episode:
    """The episode of a report that is new here: one that was typed already, or else a new one. Of a cancelled report none is made."""
    is_cancelled = row.values.get("status") == PoliceStatus.CANCELLED
    try:
        child = None if is_cancelled and carrying.is_historic else _child(row, carrying)
    except Waits:
        if not is_cancelled:
            raise
        child = None
    typed = typed_here(child, says_of(row), carrying) if child and not carrying.is_historic else None
    if typed is not None:
        return typed
    if child is None or is_cancelled:
        raise Invalid("The police cancelled this report, so no episode was made of it.")
    return report_missing(
        child=child, report=_report(row.values, reported, row.delivery.source), row=row, source_key=_source_key(row),
        is_historic=carrying.is_historic, by=carrying.by, at=carrying.at,
    )  # fmt: skip


def _held(row: Row, carrying: Carrying) -> Episode | None:
    """The episode that this report made, or beside whose own record it was put."""
    with acting_as(carrying.by, carrying.at):
        found = Episode.objects.filter(Q(source_key=_source_key(row)) | Q(police_reports__source_key=_source_key(row)))
        return found.select_related("child").first()


def says_of(row: Row) -> PoliceSays:
    """What a row says, as it is kept beside ours."""
    values, reported = row.values, _moment(row.values, "reported_at")
    assert reported is not None
    return PoliceSays(
        force=row.delivery.source, source_key=_source_key(row), force_reference=values["force_reference"][:60], reported=reported,
        as_at=row.delivery.as_at, returned=_moment(values, "returned_at"), status=values.get("status", ""), grade=values.get("grade", ""),
    )  # fmt: skip


def take_past_reports(rows: Sequence[Row], carrying: Carrying) -> dict[Row, Episode]:
    """The set form, for files of years: the new reports of a historic delivery whose child is sure and in which nothing is wrong.

    Gives what was made of each row taken. Every other row is left for `take_police_report`, which says why it must wait.
    """
    if not carrying.is_historic:
        return {}
    new = {_source_key(row): row for row in reversed(rows) if row.state == Row.State.NEW and "_decided" not in row.values}
    held = set(Episode.objects.filter(source_key__in=new).values_list("source_key", flat=True))
    asked = [row for key, row in reversed(new.items()) if key not in held and row.values.get("status") != PoliceStatus.CANCELLED]
    children = sure_matches([_asked(row) for row in asked])
    open_ones = may_all(carrying.subject, {child.pk for child in children if child}, *VERBS)
    pasts: list[Past] = []
    for row, child in zip(asked, children, strict=True):
        if child is not None and child.pk in open_ones and (past := _past(row, child, carrying)) is not None:
            pasts.append(past)
    episodes = record_past_episodes(pasts=pasts, by=carrying.by, at=carrying.at) if pasts else []
    return {past.row: episode for past, episode in zip(pasts, episodes, strict=True)}


def _past(row: Row, child: Child, carrying: Carrying) -> Past | None:
    """What a row tells of an episode; None where something is wrong with it."""
    values = row.values
    try:
        reported = _moment(values, "reported_at")
        if reported is None:
            return None
        _check(values, carrying.at)
        past = Past(
            child=child, report=_report(values, reported, row.delivery.source), row=row, source_key=_source_key(row),
            **(_graded(values, row.delivery.source, carrying) if values.get("grade") else {}),
            found=_moment(values, "found_at"), found_words=values.get("found_place", ""), returned=_moment(values, "returned_at"),
        )  # fmt: skip
        check_past(past, carrying.at)
    except Invalid:
        return None
    return past


def _graded(values: dict[str, str], force: str, carrying: Carrying) -> dict[str, Any]:
    graded, grade = _moment(values, "police_recorded_at") or _moment(values, "reported_at"), Grade(values["grade"])
    is_past = carrying.is_historic and grade is Grade.NO_APPARENT_RISK
    return {
        "grade": grade, "graded_at": (graded.at if graded else None) or carrying.at, "grader": force,
        "named_reason": "As the police had recorded it, before Atlas" if is_past else "",
    }  # fmt: skip


def _grade(episode: Episode, graded: dict[str, Any], carrying: Carrying) -> Episode:
    """Take the grade over; the one that is barred for this child is questioned instead, and the report is taken all the same."""
    acting: dict[str, Any] = {"by": carrying.by, "at": carrying.at}
    with acting_as(carrying.by, carrying.at):
        is_barred = not may_grade(
            graded["grade"], has_exploitation_marker=has_live_marker(episode.child), named_reason=graded["named_reason"]
        )
    if is_barred:
        question_police_grade(episode=episode, graded_at=graded["graded_at"], grader=graded["grader"], **acting)
        return episode
    record_police_grade(episode=episode, **graded, **acting)
    return _again(episode, carrying)


def _bring_up_to_date(episode: Episode, row: Row, carrying: Carrying) -> Episode:
    values = row.values
    acting: dict[str, Any] = {"by": carrying.by, "at": carrying.at}
    if values.get("grade") and values["grade"] != episode.grade:
        episode = _grade(episode, _graded(values, row.delivery.source, carrying), carrying)
    found, returned = _moment(values, "found_at"), _moment(values, "returned_at")
    if found is not None and episode.state == EpisodeState.MISSING:
        episode = record_found(episode=episode, found_at=found, words=values.get("found_place", ""), **acting)
    if returned is not None and episode.state in {EpisodeState.MISSING, EpisodeState.FOUND}:
        episode = record_return(episode=episode, returned_at=returned, row=row, is_historic=carrying.is_historic, **acting)
    return episode


def _again(episode: Episode, carrying: Carrying) -> Episode:
    with acting_as(carrying.by, carrying.at):
        return Episode.objects.get(pk=episode.pk)


def _source_key(row: Row) -> str:
    return f"{row.delivery.source}:{row.source_key}"[:100]


def _check(values: dict[str, str], at: datetime) -> None:
    """What no single column can say: the order of the times, nothing to come, and a child's age."""
    times = [(name, words, moment) for name, words in _TIMES if (moment := _moment(values, name)) is not None]
    for _, words, moment in times:
        if moment.earliest is not None and moment.earliest > at:
            raise Invalid(f"The time when the child was {words} is still to come ({moment.words()}). Ask the force to check it.")
    first = _moment(values, "last_seen_at") or _moment(values, "reported_at")
    for name, words, moment in times:
        if name in ("found_at", "returned_at") and first and moment.latest and first.earliest and moment.latest < first.earliest:
            raise Invalid(f"The child was {words} ({moment.words()}) before going missing ({first.words()}). Ask the force to check it.")
    born = date.fromisoformat(values["born_on"]) if values.get("born_on") else None
    if born is not None and first is not None and first.day is not None:
        age = age_on(born, first.day)
        if age >= OLDEST_CHILD or age < 0:
            raise Invalid(
                f"By the date of birth ({values['born_on']}) this person was {age}, and not a child. Ask the force to check the date of birth."
            )


_TIMES = (("last_seen_at", "last seen"), ("reported_at", "reported missing"), ("found_at", "found"), ("returned_at", "back"))


def _moment(values: dict[str, str], name: str) -> Moment | None:
    try:
        return from_iso(values[name]) if values.get(name) else None
    except ValueError as problem:
        raise Invalid(f"{name}: {problem}") from problem


def _report(values: dict[str, str], reported: Moment, force: str) -> Report:
    recorded, told = _moment(values, "police_recorded_at"), _moment(values, "council_told_at")
    return Report(
        reported=reported, last_seen=_moment(values, "last_seen_at"), police_recorded_at=recorded.at if recorded else None, council_told=told,
        police_reference=values["force_reference"], police_force=force, police_status=PoliceStatus.MISSING, council_status=CouncilStatus.MISSING,
        last_seen_place=values.get("last_seen_place", "")[:300], worry=values.get("worry", ""), reporter_role="Police",
    )  # fmt: skip


def _child(row: Row, carrying: Carrying) -> Child:
    """The child of a police report: sure, or decided by a person; a person may also say that the child is not yet recorded."""
    values, force, asked = row.values, row.delivery.source, _asked(row)
    with acting_as(carrying.by, carrying.at):
        decided = values.get("_decided")
        if decided and decided != "new":
            return Child.objects.get(pk=decided)
        found = match(asked) if not decided else None
    if found is not None and found.child is not None:
        return found.child
    if found is not None:
        raise Waits("The police do not give enough to be sure which child this is.", tuple(str(child.pk) for child in found.candidates))
    identifiers = tuple((IdentifierKind(kind), system, value) for kind, system, value in asked.identifiers)
    known = Known(values.get("forename", ""), values["surname"], asked.born_on, Sex(values.get("sex") or "U"), identifiers=identifiers)
    return receive_child(known=known, responsible=carrying.delivery.authority, source=force, row=row, by=carrying.by, at=carrying.at)


def _asked(row: Row) -> Asked:
    values, force = row.values, row.delivery.source
    return Asked(
        name=f"{values.get('forename', '')} {values['surname']}",
        born_on=date.fromisoformat(values["born_on"]) if values.get("born_on") else None,
        identifiers=((IdentifierKind.POLICE, force, values["police_person"]),) if values.get("police_person") else (),
    )


def undo_police_report(row: Row, carrying: Carrying) -> None:
    """Withdraw the episode that a row made. Raises Invalid where anybody else has added to it since."""
    with acting_as(carrying.by, carrying.at):
        episode = Episode.objects.filter(pk=row.result_id or row.pk).first()
        touched = Entry.objects.filter(about_id=row.result_id).exclude(recorded_by=carrying.by).exists()
    if episode is None or episode.state == EpisodeState.WITHDRAWN:
        return
    if episode.source_key != _source_key(row):
        with acting_as(carrying.by, carrying.at):
            report = PoliceReport.objects.get(source_key=_source_key(row))
        set_police_report_aside(report=report, by=carrying.by, at=carrying.at)
        return
    if touched:
        raise Invalid(
            f"Somebody has added to the missing episode {episode.reference} since, so the delivery cannot be undone. Withdraw its episodes one by one."
        )
    withdraw_episode(episode=episode, reason=f"Delivery of {row.delivery.source} undone", by=carrying.by, at=carrying.at)


def take_main_system_episode(row: Row, carrying: Carrying) -> Episode:
    """A missing episode of the main case system: dates only, and it must not stand twice beside the police's own report.

    Where Atlas is master of the missing response, one that does not stand here yet becomes Atlas's own. Where the main system
    is, it is mirrored: its clocks run there, so here it makes closed ones.
    """
    values = row.values
    is_closed = carrying.is_historic or carrying.masters[Mastered.MISSING_RESPONSE] == System.MAIN
    child, start, end = (
        the_child(values["miss_person_id"], carrying),
        _moment(values, "miss_missing_episode_start_date"),
        _moment(values, "miss_missing_episode_end_date"),
    )
    if start is None or start.day is None:
        raise Invalid("The start of the missing episode is missing.")
    with acting_as(carrying.by, carrying.at):
        held = Episode.objects.filter(source_key=_source_key(row)).first() or _copied(child, row) or _same_day(child, start)
    if held is None:
        status = CouncilStatus.AWAY if values.get("miss_missing_episode_type") == "A" else CouncilStatus.MISSING
        report = Report(reported=start, council_told=start, council_status=status, reporter_role="Main case system")
        held = report_missing(
            child=child,
            report=report,
            row=row,
            source_key=_source_key(row),
            is_historic=is_closed,
            by=carrying.by,
            at=carrying.at,
        )
    if end is not None and held.state in {EpisodeState.MISSING, EpisodeState.FOUND}:
        held = record_return(episode=held, returned_at=end, row=row, is_historic=is_closed, by=carrying.by, at=carrying.at)
    return held


def _copied(child: Child, row: Row) -> Episode | None:
    """Each fact counts once: the row that the main system made of our own copy, by the key that we gave it or the reference that it gave us."""
    ours = record_filed_as(MISSING_EPISODE, row.source_key)
    return Episode.objects.filter(pk=ours, child=child).first() if ours else None


def _same_day(child: Child, start: Moment) -> Episode | None:
    """Each fact counts once: an episode reported on the same day is the same one."""
    if start.earliest is None:
        return None
    day = Moment(start.at, Precision.DATE)
    episodes = Episode.objects.filter(child=child, reported_at__gte=day.earliest, reported_at__lte=day.latest)
    return episodes.exclude(state=EpisodeState.WITHDRAWN).first()


def take_death(row: Row, carrying: Carrying, child: Model) -> None:
    """That a child has died, which the row about the person says; or that it says so no longer, where the delivery gives days of death at all:
    one that lacks the column takes nothing back.
    """
    assert isinstance(child, Child)
    said = row.values.get("pers_death_date")
    if said and child.is_unborn:
        end_pregnancy(
            child=child, ended_on=date.fromisoformat(said), row=row, is_historic=carrying.is_historic, by=carrying.by, at=carrying.at
        )
    elif said:
        record_death(
            child=child, died_on=date.fromisoformat(said), row=row, is_historic=carrying.is_historic, by=carrying.by, at=carrying.at
        )
    else:
        with acting_as(carrying.by, carrying.at):
            has_died = child.person.died_on is not None
            gives_days = (
                has_died and Row.objects.filter(delivery=carrying.delivery, table=row.table, values__has_key="pers_death_date").exists()
            )
        if gives_days:
            take_back_death(child=child, by=carrying.by, at=carrying.at)


TAKES_TOO = {"ssd_person": take_death}
TAKES = {"police_missing": take_police_report, "ssd_missing": take_main_system_episode}
TAKES_SETS = {"police_missing": take_past_reports}
UNDOES = {"police_missing": undo_police_report}
