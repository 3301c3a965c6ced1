"""The police's and the council's half of an episode: laid side by side each day, asked about once, answered once, and put right."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.moments import LONDON, Moment, Precision
from atlas.clocks.models import Clock
from atlas.feeds.commands.delivery import commit_delivery, receive_delivery, undo_delivery
from atlas.feeds.queries import authorities_of
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.codes import CouncilStatus
from atlas.missing.commands.answer import answer_difference, correct_report
from atlas.missing.commands.back import correct_return, record_return
from atlas.missing.commands.comparison import PoliceSays, ask_differences, record_comparison, record_police_report, set_police_report_aside
from atlas.missing.commands.episode import record_council_status
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.jobs import compare_authority
from atlas.missing.models import Difference, Episode, PoliceReport, ReportCorrection, ReturnCorrection, ReturnInterview, Stands
from atlas.missing.queries.comparison import Heard
from atlas.missing.rules.agreement import RETURN_MAY_DIFFER, Differs, Side, agree, differences, is_same_episode
from atlas.missing.workflow import EpisodeState
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW, at
from tests.feeds.test_deliveries import police_file
from tests.world import World, make_world

WENT, BACK = NOW - timedelta(hours=60), NOW - timedelta(hours=50)
SAID = Side(Moment(WENT), Moment(BACK), True, "missing", "MED")


@pytest.mark.parametrize(
    ("police", "council", "found"),
    [
        (SAID, SAID, set()),
        (SAID, Side(Moment(WENT + timedelta(minutes=61)), Moment(BACK), True), {Differs.START}),
        (SAID, Side(Moment(WENT), Moment(BACK + timedelta(minutes=30)), True), set()),
        (SAID, Side(Moment(WENT), Moment(BACK + timedelta(minutes=31)), True), {Differs.RETURN}),
        # a return known by the day only contradicts no time of that day, and an about is half an hour wide
        (SAID, Side(Moment(WENT), Moment.on(BACK.date()), True), set()),
        (SAID, Side(Moment(WENT), Moment(BACK + timedelta(minutes=59), Precision.ABOUT), True), set()),
        (SAID, Side(Moment(WENT), Moment(None, Precision.UNKNOWN), True), set()),
        (SAID, Side(Moment(WENT)), {Differs.BACK_POLICE}),
        (Side(Moment(WENT)), Side(Moment(WENT), Moment(BACK), True), {Differs.BACK_COUNCIL}),
        (SAID, Side(Moment(WENT), Moment(BACK), True, "away"), {Differs.TYPE}),
        (SAID, Side(Moment(WENT), Moment(BACK), True, grade="HIGH"), {Differs.GRADE}),
    ],
)
def test_what_differs_between_two_records(police: Side, council: Side, found: set[Differs]) -> None:
    assert {one.differs for one in differences(police, council, police_had_time=True)} == found
    assert Differs.BACK_COUNCIL not in {one.differs for one in differences(police, council, police_had_time=False)}


def test_the_clocks_go_back_and_two_times_still_agree() -> None:
    first, second = at("25 October 2025 23:59"), datetime(2025, 10, 26, 1, 20, tzinfo=LONDON, fold=1)
    assert not agree(Moment(first), Moment(second), RETURN_MAY_DIFFER)  # an hour and more apart, though the wall clock says less
    assert is_same_episode(Side(Moment(first)), Side(Moment(second)))


def typed(world: World, *, returned: bool = True) -> Episode:
    """The council's own record of the episode, as the coordinator typed it."""
    by, report = world.coordinator, Report(reported=Moment(WENT), council_told=Moment(WENT))
    episode = report_missing(child=world.child, report=report, by=by, at=WENT)
    return record_return(episode=episode, returned_at=Moment(BACK), by=by, at=BACK) if returned else episode


def row(
    reference: str, went: datetime, back: datetime | None, *, forename: str = "Ashby", status: str = "", grade: str = "Medium"
) -> list[str]:
    """A line of Northmarch's file."""
    local = [f"{moment.astimezone(LONDON):%d/%m/%Y %H:%M}" if moment else "" for moment in (went - timedelta(hours=1), went, went, back)]
    return [
        reference, forename, "Example", "04/03/2011", "F", *local[:3], grade, status or ("Returned" if back else "Outstanding"), local[3], "Not home",
    ]  # fmt: skip


def deliver(folder: Path, world: World, *rows: list[str], when: datetime = NOW, historic: bool = False) -> Any:
    """Northmarch delivers, and the delivery is taken."""
    officer = factories.post("data_officer", of=factories.team("Data"))
    file = police_file(folder, *rows, name=f"{when:%d%H%M}{len(rows)}{historic}.csv")
    delivery = receive_delivery(
        file=file, layout="northmarch", authority=world.authority, carried_by=factories.feed_post(), as_at=when, is_historic=historic, by=officer, at=when,
    )  # fmt: skip
    return commit_delivery(delivery=delivery, by=officer, at=when), officer


def compared(world: World, when: datetime = NOW) -> list[Difference]:
    """The day's comparison; what is open then."""
    compare_authority(world.authority, factories.feed_post(), when)
    with acting_as(world.coordinator, when):
        return list(Difference.objects.filter(state="open").select_related("episode", "police_report", "child").order_by("differs"))


@pytest.mark.django_db
def test_a_police_report_stands_beside_what_was_typed_and_changes_nothing_of_it(tmp_path: Path) -> None:
    world = make_world()
    episode = typed(world)
    told = WENT + timedelta(hours=2)
    delivery, officer = deliver(
        tmp_path, world, row("NM/8", told, BACK + timedelta(hours=3)), row("NM/9", WENT - timedelta(days=3), None, forename="A")
    )
    with acting_as(world.coordinator, NOW):
        assert [one.pk for one in Episode.objects.all()] == [episode.pk]  # the same time away counts once
        held = Episode.objects.get()
        assert (held.reported_at, held.returned_at, held.police_reference, held.grade) == (WENT, BACK, "NM/8", "MED")
    start, back = sorted(compared(world), key=lambda one: one.differs, reverse=True)
    assert (start.differs, start.police_at, start.council_at) == ("start", told, WENT)
    assert (back.differs, back.police_at, back.council_at) == ("return", BACK + timedelta(hours=3), BACK)
    assert len(compared(world)) == 2  # asked once, however often it is compared
    with acting_as(world.coordinator, NOW):
        assert {task.name for task in Task.objects.filter(about_label="missing.Difference", state="open")} == {
            "Police and council records differ: Time of the report", "Police and council records differ: Time of the return",
        }  # fmt: skip
    undo_delivery(delivery=delivery, by=officer, at=NOW)
    assert compared(world) == []
    with acting_as(world.coordinator, NOW):
        assert Episode.objects.get().state == EpisodeState.RETURNED
        assert PoliceReport.objects.get().is_undone


@pytest.mark.django_db
def test_one_answer_is_recorded_and_moves_the_clock_and_keeps_what_was(tmp_path: Path, signed_in: Any) -> None:
    world = make_world()
    typed(world)
    deliver(tmp_path, world, row("NM/8", WENT + timedelta(hours=2), BACK + timedelta(hours=3)))
    back, start = compared(world)
    with pytest.raises(Refused):
        answer_difference(difference=back, stands=Stands.POLICE, reason="Log", by=world.police, at=NOW)
    for wrong, field in (({"reason": " "}, "reason"), ({"stands": Stands.ERROR}, "stands"), ({"stands": Stands.OTHER}, "time")):
        with pytest.raises(Invalid) as problem:
            answer_difference(**{"difference": back, "stands": Stands.POLICE, "reason": "Log", "by": world.coordinator, "at": NOW, **wrong})  # type: ignore[arg-type]
        assert problem.value.field == field
    # Two people open the same question; the second reads what the first recorded, and keeps what was typed.
    address = reverse("missing:answer_difference", args=[back.pk])
    sent = [form_of(signed_in(post, NOW).get(address).content.decode()) for post in (world.manager, world.coordinator)]
    assert signed_in(world.coordinator, NOW).post(address, {**sent[1], "stands": "police", "reason": "The home’s log"}).status_code == 302
    late = signed_in(world.manager, NOW).post(address, {**sent[0], "stands": "council", "reason": "She rang us"})
    assert late.status_code == 422
    assert "The home’s log" in late.content.decode() and "She rang us" in late.content.decode()
    with acting_as(world.coordinator, NOW):
        answered = Difference.objects.get(pk=back.pk)
        assert (answered.stands, answered.answered_by, answered.reason) == ("police", world.coordinator, "The home’s log")
        assert ReturnCorrection.objects.get().from_at == BACK
        assert Clock.objects.get(limit="return_interview").due_at == BACK + timedelta(hours=75)
        assert ReturnInterview.objects.get().due_at == BACK + timedelta(hours=75)
    with pytest.raises(Invalid, match="settled already"):
        answer_difference(difference=back, stands=Stands.COUNCIL, reason="Again", by=world.manager, at=NOW)
    answer_difference(
        difference=start, stands=Stands.OTHER, time=Moment(WENT - timedelta(minutes=5)), reason="Call log", by=world.manager, at=NOW
    )
    with acting_as(world.coordinator, NOW):
        assert (Episode.objects.get().reported_at, ReportCorrection.objects.get().from_at) == (WENT - timedelta(minutes=5), WENT)
    assert compared(world) == []  # what a person answered is not asked again
    deliver(tmp_path, world, row("NM/8", WENT + timedelta(hours=4), BACK + timedelta(hours=3)), when=NOW + timedelta(minutes=1))
    assert [one.differs for one in compared(world, NOW + timedelta(minutes=2))] == ["start"]  # until the police say something else


def form_of(text: str) -> dict[str, str]:
    """The hidden fields of the page's own form."""
    import re

    inputs = re.findall(r"<input[^>]*>", text)
    named = {match[1]: tag for tag in inputs if (match := re.search(r'name="(key|base)"', tag))}
    return {name: re.search(r'value="([^"]*)"', tag)[1] for name, tag in named.items()}  # type: ignore[index]


@pytest.mark.django_db
def test_what_one_side_alone_has_or_closed_is_asked_when_the_other_had_its_time(tmp_path: Path) -> None:
    """Four children: only the council; only the police; back by the police alone; back by the council alone. And what is nobody's fault."""
    world = make_world()
    others = {name: factories.child(f"{name} Example") for name in ("Bay", "Cove", "Dale", "Elder")}
    by = world.coordinator
    typed(world)  # only the council has it
    for name in ("Cove", "Dale"):
        episode = report_missing(child=others[name], report=Report(reported=Moment(WENT), council_told=Moment(WENT)), by=by, at=WENT)
        if name == "Dale":
            record_return(episode=episode, returned_at=Moment(BACK), by=by, at=BACK)
    away = report_missing(child=others["Elder"], report=Report(reported=Moment(WENT)), by=by, at=WENT)
    record_council_status(episode=away, status=CouncilStatus.AWAY, changed_at=WENT, by=by, at=WENT)  # the police keep no report of it
    rows = [
        row("NM/1", WENT, BACK, forename="Bay"), row("NM/2", WENT, BACK, forename="Cove"), row("NM/3", WENT, None, forename="Dale"),
        row("NM/4", WENT - timedelta(days=1), WENT - timedelta(hours=20), forename="Ash", grade="Amber"),
    ]  # fmt: skip
    deliver(tmp_path, world, *rows)
    found = {one.child.name.split()[0]: one for one in compared(world)}
    assert {name: one.differs for name, one in found.items()} == {"Ashby": "only_council", "Cove": "back_police", "Dale": "back_council"}
    found = {one.child.name.split()[0]: one for one in compared(world, NOW + timedelta(hours=25))}
    assert found["Bay"].differs == "only_police"
    at_last = NOW + timedelta(hours=26)
    answer_difference(difference=found["Cove"], stands=Stands.POLICE, reason="Rang the home", by=by, at=at_last)
    answer_difference(difference=found["Bay"], stands=Stands.ERROR, reason="Was at school", by=by, at=at_last)
    answer_difference(difference=found["Dale"], stands=Stands.COUNCIL, reason="PC 11 told", by=by, at=at_last)
    answer_difference(difference=found["Ashby"], stands=Stands.COUNCIL, police_reference="NM/77", reason="Rang 101", by=by, at=at_last)
    assert compared(world, at_last) == []
    with acting_as(by, at_last):
        states = dict(Episode.objects.values_list("child__name", "state"))
        assert (states["Cove Example"], states["Bay Example"]) == ("returned", "withdrawn")
        assert Clock.objects.get(child=others["Cove"], limit="return_interview").due_at == BACK + timedelta(hours=72)
        assert Episode.objects.get(child=world.child).police_reference == "NM/77"
        assert not Task.objects.filter(about_label="missing.Difference", state="open").exists()


@pytest.mark.django_db
def test_nothing_historic_is_asked_and_nobody_sees_what_is_not_theirs(tmp_path: Path, signed_in: Any) -> None:
    world = make_world()
    deliver(tmp_path, world, row("NM/1", WENT, BACK), historic=True)
    assert compared(world) == []
    assert [one.name for one in authorities_of(factories.feed_post(), NOW)] == ["Fernleigh"]
    feed, episode = factories.feed_post(), typed(world)
    says = PoliceSays("Northmarch Police", "N:5", "NM/5", Moment(WENT), NOW, Moment(BACK - timedelta(hours=2)), grade="HIGH")
    report = record_police_report(episode=episode, says=says, by=feed, at=NOW)
    (asked,) = ask_differences(episode=episode, heard=Heard(), by=feed, at=NOW)
    elsewhere = factories.post("missing_coordinator", of=factories.team("Elsewhere"))
    for post, shown in ((world.coordinator, True), (world.police, True), (elsewhere, False)):
        text = signed_in(post, NOW).get(reverse("missing:view_differences")).content.decode()
        assert ("Ashby Example" in text) == shown, post.role
    assert signed_in(elsewhere, NOW).get(reverse("missing:answer_difference", args=[asked.pk])).status_code == 404
    correct_return(episode=episode, returned_at=Moment(BACK - timedelta(hours=2)), reason="Carer's log", by=world.coordinator, at=NOW)
    assert compared(world) == []  # they agree again, and the question goes by itself
    with acting_as(world.coordinator, NOW):
        assert Difference.objects.get().state == "agreed"
    with pytest.raises(Invalid, match="still to come"):
        correct_report(episode=episode, reported=Moment(NOW + timedelta(days=1)), reason="x", by=world.coordinator, at=NOW)
    set_police_report_aside(report=report, by=feed, at=NOW)
    counted = record_comparison(authority=world.authority, day=NOW.date(), episodes=3, agreed=3, asked=[], by=feed, at=NOW)
    assert (counted.episodes, counted.agreed) == (3, 3)
