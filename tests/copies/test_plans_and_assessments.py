"""Each version of a safety plan that is agreed, and each finished assessment of exploitation, goes back to the main system, once, as it was."""

import json
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from atlas.agencies.models import Post
from atlas.copies.models import Channel, Copy
from atlas.copies.workflow import CopyState
from atlas.exploitation.codes import HarmKind, Level
from atlas.exploitation.commands.judge import agree_lower_level, send_back_level
from atlas.exploitation.models import ExploitationAssessment
from atlas.feeds.commands.master import set_master
from atlas.feeds.rules import Mastered, System
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.commands.telling import do_not_tell_parent
from atlas.plans.commands.lines import LineGiven, add_line, rewrite_line
from atlas.plans.commands.plan import agree_plan, close_plan, confirm_plan
from atlas.plans.models import PlanLine, PlanVersion, SafetyPlan
from tests import factories
from tests.copies.given import NUMBER, copying, over, served, to_file
from tests.desk.test_pages import asked_by
from tests.exploitation.given import begun, finished, harmed, judged
from tests.exploitation.given import written as assessed
from tests.factories import NOW
from tests.plans.given import AGREED, agreed, answers, fresh, written
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where whoever runs Atlas lets copies be laid."""
    settings.ATLAS_COPIES_FOLDER = str(tmp_path / "copies")
    return tmp_path / "copies"


def owed(world: World, at: Any) -> list[Copy]:
    """All copies, the longest owed first, as the worker sees them."""
    with acting_as(world.worker, at):
        return list(Copy.objects.order_by("owed_at", "pk").select_related("authority", "child"))


def filed(folder: Path, world: World, copy: Copy) -> tuple[dict[str, Any], str]:
    """The note and the words of the PDF of one copy."""
    where = folder / world.authority.code / "to_file"
    document = PdfReader(BytesIO((where / f"{copy.pk}.pdf").read_bytes()))
    text = " ".join(page.extract_text() for page in document.pages).replace("\n", " ")
    return json.loads((where / f"{copy.pk}.json").read_bytes()), text


def second_version(world: World, plan: SafetyPlan, at: Any) -> None:
    """One line is written anew, and the version is agreed."""
    with acting_as(world.worker, at):
        line = PlanLine.objects.select_related("plan__child", "child").get(plan=plan, section="safe_people", until_number=None)
    given = LineGiven("safe_people", "Uncle Ben, at any hour.", telephone="07700 900112")
    rewrite_line(line=line, given=given, by=world.worker, at=at)
    agree_plan(plan=fresh(world, plan, at), answers=answers(world, plan, at), agreed=AGREED, by=world.worker, at=at)


def test_a_version_goes_once_and_stays_what_it_was(folder: Path) -> None:
    world = make_world()
    feed = copying(world, Channel.FOLDER)
    plan = agreed(world)
    (copy,) = owed(world, NOW)
    assert (copy.kind, copy.state, copy.about_label, copy.screened_at) == ("safety_plan", CopyState.WAITING, "plans.PlanVersion", None)
    served(world, feed, NOW + timedelta(minutes=5))
    files = {path.name: path.read_bytes() for path in to_file(folder, world)}
    assert sorted(files) == [f"{copy.pk}.json", f"{copy.pk}.pdf"]
    served(world, feed, NOW + timedelta(minutes=10))
    with pytest.raises(Invalid, match="Nothing has been changed"):
        agree_plan(plan=plan, answers=answers(world, plan, NOW + DAY), agreed=AGREED, by=world.worker, at=NOW + DAY)
    assert {path.name: path.read_bytes() for path in to_file(folder, world)} == files and len(owed(world, NOW + DAY)) == 1

    note, text = filed(folder, world, copy)
    assert (note["kind"], note["version"], note["replaces"], note["person"]) == ("safety_plan", 1, None, NUMBER)
    said = note["atlas_safety_plan"]
    assert (said["person"], said["plan"], said["plan_version"], said["with_child"]) == (NUMBER, str(plan.pk), "1", "agreed")
    assert said["review_on"] == plan.review_on.isoformat() if plan.review_on else False
    for words in (
        world.child.name, NUMBER, "The child agrees", "Older adults wait outside school on Fridays.", "Aunt Ola, evenings.", "The library on Moss Lane",
        "Safe people", "It is okay. I picked the word.", "School meets the bus at the gate.", "Criminal exploitation", "Read again by",
    ):  # fmt: skip
        assert words in text, words
    assert "07700" not in text and world.child.name not in json.dumps(note) and "Ola" not in json.dumps(note)

    second_version(world, plan, NOW + DAY)
    served(world, feed, NOW + DAY + timedelta(minutes=5))
    first, second = owed(world, NOW + DAY)
    assert (first.pk, second.kind) == (copy.pk, "safety_plan") and first.about_id != second.about_id
    now_there = {path.name: path.read_bytes() for path in to_file(folder, world)}
    assert len(now_there) == 4 and all(now_there[name] == files[name] for name in files)  # the first is as it was
    note, text = filed(folder, world, second)
    assert note["atlas_safety_plan"]["plan_version"] == "2" and "Uncle Ben, at any hour." in text and "Aunt Ola" not in text


def test_a_plan_that_is_confirmed_or_closed_says_so_there(folder: Path) -> None:
    world = make_world()
    feed = copying(world, Channel.FOLDER)
    plan = agreed(world)
    served(world, feed, NOW)
    confirm_plan(plan=plan, answers=answers(world, plan, NOW + DAY), by=world.worker, at=NOW + DAY)
    served(world, feed, NOW + DAY)
    first, confirmed = owed(world, NOW + DAY)
    note, text = filed(folder, world, confirmed)
    assert (note["version"], note["replaces"], note["record"]) == (2, str(first.pk), str(first.about_id))
    assert datetime.fromisoformat(note["atlas_safety_plan"]["confirmed_at"]) == NOW + DAY and "Last said to be true" in text
    end = {"because": "Three months without worry.", "child_words": "I am fine.", "opens_again": "Missing again", "told": "Her aunt"}
    close_plan(plan=fresh(world, plan, NOW + 2 * DAY), by=world.manager, at=NOW + 2 * DAY, **end)
    served(world, feed, NOW + 2 * DAY)
    note, text = filed(folder, world, owed(world, NOW + 2 * DAY)[-1])
    assert (
        datetime.fromisoformat(note["atlas_safety_plan"]["closed_at"]) == NOW + 2 * DAY and note["atlas_safety_plan"]["review_on"] is None
    )
    assert "Three months without worry." in text and "Missing again" in text and "Read again by" not in text


def test_a_line_kept_from_others_says_so_or_stays(folder: Path) -> None:
    world = make_world()
    feed = copying(world, Channel.FOLDER)
    plan = agreed(world)
    at = NOW + DAY
    for given in (
        LineGiven("worries", "Her uncle waits too.", left_out_of=("child", "carer")),
        LineGiven("worries", "For one professional alone.", left_out_of=("professional",)),
        LineGiven("disruption", "A visit to the shop.", whose="post", owner_post=world.worker, due_on=(at + 9 * DAY).date()),
    ):
        add_line(plan=plan, given=given, by=world.worker, at=at)
    agree_plan(plan=fresh(world, plan, at), answers=answers(world, plan, at), agreed=AGREED, by=world.worker, at=at)
    served(world, feed, at)
    _, text = filed(folder, world, owed(world, at)[-1])
    assert "Her uncle waits too." in text and "Not for the copy of the child, a parent or carer" in text.replace(":", "")
    assert "For one professional alone" not in text and "A visit to the shop" not in text


def test_a_finished_assessment_goes_once_and_one_that_waits_does_not(folder: Path) -> None:
    world = make_world()
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    world.worker.refresh_from_db()
    feed = copying(world, Channel.FOLDER)
    harm = harmed(world, HarmKind.TOLD_CRIMINAL)
    waiting = judged(world, assessed(world, begun(world)), Level.MODERATE, is_harm=True)
    assert waiting.state == "waiting" and not owed(world, NOW)
    agree_lower_level(assessment=waiting, reason="Her aunt keeps her safe now.", by=world.manager, at=NOW + timedelta(hours=1))
    (copy,) = owed(world, NOW + timedelta(hours=1))
    served(world, feed, NOW + timedelta(hours=1))
    files = {path.name: path.read_bytes() for path in to_file(folder, world)}
    served(world, feed, NOW + timedelta(hours=2))
    assert {path.name: path.read_bytes() for path in to_file(folder, world)} == files and len(owed(world, NOW + DAY)) == 1
    note, text = filed(folder, world, copy)
    said = note["atlas_exploitation_assessment"]
    assert (said["level"], said["is_harm"], said["types"], said["kind"]) == ("2", "Y", "criminal", "full")
    for words in (
        world.child.name, NUMBER, "2: moderate", "They are my friends. Mostly.", "Made to carry", "New company since May", harm.words, "Police told 14:10",
        "Her aunt keeps her safe now.", "Did not want to say", "What other agencies gave",
    ):  # fmt: skip
        assert words in text, words
    assert "friends" not in json.dumps(note) and world.child.name not in json.dumps(note)


def test_why_a_manager_sent_it_back_is_no_part_of_what_was_judged_anew(folder: Path) -> None:
    world = make_world()
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    world.worker.refresh_from_db()
    feed = copying(world, Channel.FOLDER)
    harmed(world)
    low = judged(world, assessed(world, begun(world)), Level.MODERATE, is_harm=True)
    back = send_back_level(assessment=low, reason="You have not rung the school.", by=world.manager, at=NOW + timedelta(hours=1))
    judged(world, back, Level.SIGNIFICANT, is_harm=True, at=NOW + timedelta(hours=2))
    served(world, feed, NOW + timedelta(hours=2))
    _, text = filed(folder, world, owed(world, NOW + DAY)[0])
    assert "3: significant" in text and "rung the school" not in text and "agreed by a manager" not in text


@pytest.mark.parametrize("more", [0, 25])
def test_a_copy_asks_no_more_for_more_lines(more: int, signed_in: Any) -> None:
    world = make_world()
    feed = copying(world, Channel.PASTE)
    plan = written(world)
    for number in range(more):
        add_line(plan=plan, given=LineGiven("worries", f"Worry {number}"), by=world.worker, at=NOW)
    agree_plan(plan=plan, answers=answers(world, plan, NOW), agreed=AGREED, by=world.worker, at=NOW)
    served(world, feed, NOW)
    (copy,) = owed(world, NOW)
    assert len(asked_by(signed_in(world.worker, NOW), reverse("copies:view_copy", args=[copy.pk]))) <= 30


def test_what_was_added_since_belongs_to_the_next(folder: Path) -> None:
    world = make_world()
    feed = copying(world, Channel.FOLDER)
    finished(world)
    harmed(world, words="Threatened on the bus", at=NOW + timedelta(minutes=2), last_seen_on=NOW.date())
    served(world, feed, NOW + timedelta(minutes=5))
    _, text = filed(folder, world, owed(world, NOW + DAY)[0])
    assert "Waiting by a grey van" in text and "Threatened on the bus" not in text


def test_nothing_is_owed_where_nothing_is_copied_and_atlas_stays_master() -> None:
    world = make_world()
    agreed(world)
    finished(world)
    assert not owed(world, NOW)
    officer = factories.post("data_officer", of=factories.team("Data"))
    for record in (Mastered.SAFETY_PLAN, Mastered.EXPLOITATION_ASSESSMENT):
        with pytest.raises(Invalid):
            set_master(authority=world.authority, record=record, system=System.MAIN, by=officer, at=NOW)


def test_the_pages_say_where_they_stand_and_whoever_may_not_read_the_record_reads_no_copy(signed_in: Any) -> None:
    world = make_world()
    feed = copying(world, Channel.PASTE)
    episode = over(world)
    plan, assessment = agreed(world), finished(world)
    do_not_tell_parent(
        episode=episode,
        whom="Her father",
        reason="He may be part of it, and would stop her from telling",
        by=world.manager,
        at=NOW + timedelta(hours=6),
    )
    at = NOW + timedelta(hours=6, minutes=5)
    client = signed_in(world.worker, at)
    copy_of = {copy.kind: copy for copy in owed(world, at)}
    page = client.get(reverse("copies:view_copy", args=[copy_of["safety_plan"].pk])).content.decode()
    assert "being checked before it leaves" in page and "Aunt Ola" not in page
    served(world, feed, at)
    for kind, words in (("safety_plan", "Aunt Ola, evenings."), ("exploitation_assessment", "They are my friends. Mostly.")):
        where = reverse("copies:view_copy", args=[copy_of[kind].pk])
        page = client.get(where).content.decode()
        assert words in page and "Do not tell a parent yet" in page and len(asked_by(client, where)) <= 30
        coordinator = signed_in(world.coordinator, at).get(where).content.decode()  # who answers for missing children
        assert "not yours to see" in coordinator and words not in coordinator
        client = signed_in(world.worker, at)
    for where in (
        reverse("plans:view_plan", args=[world.child.pk]), reverse("exploitation:view_exploitation_assessment", args=[assessment.pk]),
    ):  # fmt: skip
        assert "In the main system: not sent yet" in client.get(where).content.decode()
    assert "safety plan" in client.get(reverse("copies:view_copies")).content.decode() and plan.number == 1


def test_the_feed_reads_them_and_writes_neither() -> None:
    world = make_world()
    feed = factories.feed_post()
    plan, assessment = agreed(world), finished(world)
    with acting_as(feed, NOW):
        assert PlanVersion.objects.filter(plan=plan).exists() and PlanLine.objects.filter(plan=plan).exists()
        assert ExploitationAssessment.objects.filter(pk=assessment.pk).exists()
        assert PlanLine.objects.filter(plan=plan).update(words="Changed") == 0
        assert ExploitationAssessment.objects.filter(pk=assessment.pk).update(level_words="Changed") == 0
    with pytest.raises(Refused):
        confirm_plan(plan=plan, answers=answers(world, plan, NOW), by=feed, at=NOW)
    with pytest.raises(Refused):
        judged(world, begun(world, at=NOW + DAY), Level.NONE, by=feed, at=NOW + DAY)
