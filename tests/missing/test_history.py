"""A file of years is taken by sets: the same state as row by row, each awkward row left to the single form, and nobody told."""

import csv
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Model

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import LONDON, Moment
from atlas.feeds.commands.delivery import File, commit_delivery, receive_delivery
from atlas.feeds.handling import set_takers
from atlas.feeds.models import Delivery, Row
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Block
from atlas.gate.sets import save_all
from atlas.missing.codes import Grade
from atlas.missing.commands.episode import question_police_grade, set_exploitation_marker
from atlas.missing.commands.history import TABLES, Past, check_past, record_past_episodes
from atlas.missing.commands.report import Report
from atlas.missing.models import Episode
from atlas.tasks.models import Alert, Notice, Task
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
COLUMNS = ("MISPER REF", "Forename(s)", "Surname", "DOB", "PNC/Local ID", "Last Seen", "Last Seen Location", "Reported", "Recorded", "LA Notified", "Risk",
           "Status", "Found Date/Time", "Found Location", "Returned", "Circumstances")  # fmt: skip
MADE_UP = {"id", "version", "reference", "written_at", "row", "delivery", "tx"}  # drawn at random, or counted by the database


def written(days: float, **moments: float) -> dict[str, str]:
    """Times of a report `days` ago, each so many hours after the child was last seen."""
    seen = NOW - timedelta(days=days)
    return {name: f"{(seen + timedelta(hours=hours)).astimezone(LONDON):%d/%m/%Y %H:%M}" for name, hours in moments.items()}


def report(reference: str, **cells: str) -> dict[str, str]:
    """A report that is whole, but for what is said."""
    days = 20 + sum(map(ord, reference)) % 300
    times = written(days, seen=0, reported=1, recorded=1.2, told=2, returned=9)
    return {
        "MISPER REF": reference, "Forename(s)": "Ashby", "Surname": "Example", "DOB": "04/03/2011", "Last Seen": times["seen"], "Last Seen Location": "The park",
        "Reported": times["reported"], "Recorded": times["recorded"], "LA Notified": times["told"], "Risk": "Medium", "Status": "Returned",
        "Returned": times["returned"], "Circumstances": "Not home when expected.", **cells,
    }  # fmt: skip


def awkward() -> list[dict[str, str]]:
    """Rows of every kind that a file of years holds."""
    found = written(40, seen=0, reported=1, found=5, returned=9)
    dates = {name: value[:10] for name, value in found.items()}
    return [
        report("NM/1"), report("NM/2", Risk=""), report("NM/3", Returned=""), report("NM/4", **{"LA Notified": "", "Recorded": "", "Last Seen": ""}),
        report("NM/5", **{"Last Seen": found["seen"], "Reported": found["reported"], "Found Date/Time": found["found"], "Found Location": "Station",
                          "Returned": found["returned"]}),
        report("NM/6", **{"Last Seen": dates["seen"], "Reported": dates["reported"], "Returned": dates["returned"]}),
        report("NM/7", **{"Forename(s)": "Bryn", "DOB": "01/02/2012"}), report("NM/8", DOB="01/01/1980"), report("NM/9", **{"Forename(s)": "Nobody"}),
        report("NM/10", Risk="Amber"), report("NM/11", Status="Cancelled"), report("NM/12", Returned="01/01/2019 10:00"),
        report("NM/1", Circumstances="The same report again."), report("NM/13", Risk="No apparent risk", Circumstances=""),
        report("NM/14", **{"PNC/Local ID": "ZZ/9", "Surname": "Examples"}), report("NM/15", Reported=f"{NOW + timedelta(days=2):%d/%m/%Y %H:%M}"),
    ]  # fmt: skip


def deliver(world: World, path: Path, rows: list[dict[str, str]], *, is_historic: bool = True) -> Delivery:
    """The file is received and taken."""
    with path.open("w", newline="") as text:
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    officer = factories.post("data_officer", of=factories.team("Data"))
    given = receive_delivery(
        file=File(path, path.name), layout="northmarch", authority=world.authority, carried_by=factories.feed_post(), as_at=NOW,
        is_historic=is_historic, by=officer, at=NOW,
    )  # fmt: skip
    return commit_delivery(delivery=given, by=officer, at=NOW)


def left_behind(world: World) -> Counter[Any]:
    """Every row that the delivery left, without what is drawn at random: ids become what they name."""
    with acting_as(factories.feed_post(), NOW):
        keys: dict[UUID, str] = {row.pk: f"row {row.number}" for row in Row.objects.all()}
        keys |= {episode.pk: f"episode {episode.source_key}" for episode in Episode.objects.all()}
        found: list[Any] = []
        models: tuple[type[Model], ...] = (*TABLES, Row)
        for model in models:
            found += [(model._meta.label, *_said(row, keys)) for row in model._default_manager.all()]
    return Counter(found)


def _said(row: Model, keys: dict[UUID, str]) -> tuple[Any, ...]:
    if getattr(row, "command", "") in {"record_past_episodes", "receive_delivery", "commit_delivery"}:
        return ("an act about the file",)
    said = []
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in MADE_UP:
            continue
        if field.attname.endswith("_id") and isinstance(value, UUID | str) and value:
            value = keys.get(
                UUID(str(value)), "another" if field.name in {"entry", "started_by", "stopped_by", "result_id"} else str(value)
            )
        said.append((field.name, str(value)))
    return tuple(said)


@pytest.fixture
def world() -> World:
    made = make_world()
    bryn = factories.child("Bryn Example", born_on=None)
    set_exploitation_marker(child=bryn, words="A concern.", since=Moment(NOW), by=factories.feed_post(), at=NOW)
    set_exploitation_marker(child=made.child, words="A concern.", since=Moment(NOW), by=factories.feed_post(), at=NOW)
    return made


def test_record_past_episodes_leaves_the_same_state_as_row_by_row(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    states = []
    for takers in (set_takers, dict):
        monkeypatch.setattr("atlas.feeds.commands.delivery.set_takers", takers)
        with transaction.atomic():
            deliver(world, tmp_path / "years.csv", awkward())
            states.append(left_behind(world))
            transaction.set_rollback(True)
    by_sets, one_by_one = (Counter({key: count for key, count in state.items() if "file" not in str(key)}) for state in states)
    assert by_sets - one_by_one == Counter()
    assert one_by_one - by_sets == Counter()
    assert sum(key[0] == "missing.Episode" for key in by_sets) == 7


def test_the_set_takes_what_is_sure_and_leaves_the_rest_with_its_reason(world: World, tmp_path: Path) -> None:
    delivery = deliver(world, tmp_path / "years.csv", awkward())
    with acting_as(factories.feed_post(), NOW):
        rows = {(row.number, row.source_key): row for row in Row.objects.filter(delivery=delivery)}
        assert rows[9, "NM/8"].reason.endswith("Ask the force to check the date of birth.")
        assert rows[10, "NM/9"].state == Row.State.WAITING_MATCH
        assert rows[11, "NM/10"].state == Row.State.WAITING_CODE
        assert "before going missing" in rows[13, "NM/12"].reason
        assert Act.objects.filter(command="record_past_episodes").count() == 1
        assert not Alert.objects.exists()
        assert not Task.objects.exists()
        assert not Notice.objects.exists()


def test_a_live_delivery_is_never_taken_by_sets(world: World, tmp_path: Path) -> None:
    with acting_as(factories.feed_post(), NOW):
        before = Alert.objects.count()
    deliver(world, tmp_path / "live.csv", [report("NM/1", Returned="", Status="Outstanding")], is_historic=False)
    with acting_as(factories.feed_post(), NOW):
        assert Alert.objects.count() == before + 1


def test_question_police_grade_takes_the_report_and_asks_about_the_grade(world: World, tmp_path: Path) -> None:
    missing = report("NM/1", Returned="", Status="Outstanding", Risk="No apparent risk")
    for number, words in enumerate(("First.", "More is known.")):
        deliver(world, tmp_path / f"live{number}.csv", [missing | {"Circumstances": words}], is_historic=False)
    with acting_as(factories.feed_post(), NOW):
        episode = Episode.objects.get(child=world.child)
    assert episode.grade == ""
    asked_again = question_police_grade(episode=episode, graded_at=NOW, grader="Northmarch Police", by=factories.feed_post(), at=NOW)
    assert asked_again is None
    with acting_as(factories.feed_post(), NOW):
        task = Task.objects.get(entry__kind=Kind.POLICE_GRADE_QUESTIONED)
        assert task.owner_post == world.worker
        assert not Entry.objects.filter(kind=Kind.POLICE_GRADED).exists()
    deliver(world, tmp_path / "years.csv", [report("NM/2", Risk="No apparent risk")])
    with acting_as(factories.feed_post(), NOW):
        assert Episode.objects.get(source_key__endswith="NM/2").grade == Grade.NO_APPARENT_RISK
        assert Task.objects.filter(entry__kind=Kind.POLICE_GRADE_QUESTIONED).count() == 1


def test_a_child_who_is_shut_off_is_not_taken_by_a_set(world: World, tmp_path: Path) -> None:
    feed = factories.feed_post()
    with acting_as(feed, NOW):
        Block(child=world.child, user=feed.user, because="test", from_at=NOW - timedelta(days=1), made_by=feed).save(force_insert=True)
    past = Past(world.child, Report(reported=Moment(NOW - timedelta(days=9))), Row(), "x")
    with pytest.raises(ValueError, match="one by one"):
        record_past_episodes(pasts=[past], by=feed, at=NOW)


def test_check_past_says_what_the_single_verbs_say(world: World) -> None:
    gone = Moment(NOW - timedelta(days=9))
    with pytest.raises(Invalid, match="before the child went missing"):
        check_past(Past(world.child, Report(reported=gone), Row(), "x", returned=Moment(NOW - timedelta(days=12))), NOW)
    with pytest.raises(Invalid, match="still to come"):
        check_past(Past(world.child, Report(reported=gone), Row(), "x", found=Moment(NOW + timedelta(days=1))), NOW)


def test_save_all_keeps_every_value_and_cuts_none(world: World) -> None:
    delivery = Delivery(
        source="x", layout="northmarch", file_name="x", digest="d", authority=world.authority, received_at=NOW, received_by=world.manager,
        carried_by=factories.feed_post(), as_at=NOW,
    )  # fmt: skip
    delivery.save()
    drawn = random.Random(7)
    texts = ["", "NULL", "{}", '"', "\\", "a,b", "Łoś\nO’Brien", "{a,b}", "\t", "'", "%s", "\\N"]
    texts += ["".join(chr(drawn.choice((*range(1, 128), 0x1F600, 0x2019))) for _ in range(20)) for _ in range(50)]
    rows = [
        Row(delivery=delivery, table="t", number=number, source_key="k", meaning="m", values={text: [text, None, 1]}, reason=text)
        for number, text in enumerate(texts)
    ]
    with acting_as(factories.feed_post(), NOW):
        save_all(rows)
        kept = list(Row.objects.filter(delivery=delivery).order_by("number"))
        assert [(row.reason, row.values) for row in kept] == [(row.reason, row.values) for row in rows]
        assert [row.pk for row in kept] == [row.pk for row in rows]
        long = Row(delivery=delivery, table="t", number=1, source_key="k" * 101, meaning="m", values={})
        with pytest.raises(Exception, match="too long"), transaction.atomic():
            save_all([long])
        save_all([])


def test_save_all_is_judged_by_row_security(world: World) -> None:
    row = Row(delivery_id=UUID(int=1), table="t", number=1, source_key="k", meaning="m", values={})
    with acting_as(world.worker, NOW), pytest.raises(Exception, match="row-level security"), transaction.atomic():
        save_all([row])
