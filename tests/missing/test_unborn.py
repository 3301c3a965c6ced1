"""A child who is not born yet: an expected date, a mother, no missing or exploitation record; at birth the same record (real-life.md point 20)."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from atlas.agencies.models import Post, TeamPurpose
from atlas.allocation.commands import IS_BORN, end_pregnancy, record_allocation, record_birth, register_unborn
from atlas.children.commands import Known
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.connections.commands import record_mother
from atlas.connections.models import Tie
from atlas.feeds.models import Row
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind as RelationshipKind
from atlas.missing.commands.episode import set_exploitation_marker
from atlas.missing.commands.history import Past, check_past
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.together import report_missing_together
from atlas.missing.models import Episode, MissingProfile
from atlas.people.models import Name
from atlas.sharing import guest
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.feeds.nights import PERSONS, Nights
from tests.sharing.guest_drill import ask
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
EXPECTED = date(2026, 8, 20)
TWO = timedelta(days=2)


def front_door() -> Post:
    """Somebody at the front door, which also reports children missing."""
    team = factories.team("Front door", TeamPurpose.FRONT_DOOR)
    factories.duty(RelationshipKind.MISSING_DUTY, factories.authority(), team=team)
    return factories.post("front_door", of=team)


@pytest.fixture
def world() -> World:
    made = make_world()
    made.child = expected(made)
    return made


def expected(world: World, **other: Any) -> Child:
    """A baby who is expected in August, recorded by the coordinator, with whom the worker works."""
    known = Known("", "", None, expected_on=EXPECTED, mother_name="Jo Sample")
    child = register_unborn(
        **{"known": known, "responsible": world.authority, "source": "The midwife", "by": front_door(), "at": NOW, **other}
    )
    record_allocation(child=child, post=world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    return child


def test_an_unborn_child_is_a_record_with_an_expected_date(world: World, signed_in: Any) -> None:
    child = world.child
    assert (child.name, child.born_on, child.expected_on, child.is_unborn) == ("Unborn baby Sample", None, EXPECTED, True)
    with acting_as(world.worker, NOW):
        assert Task.objects.get(name=IS_BORN).due_at == factories.at("20 August 2026 00:00")
    page = signed_in(world.worker).get(reverse("desk:view_child", args=[child.pk])).content.decode()
    assert "Not born yet. Expected 20 August 2026. Mother: Jo Sample." in page
    for absent in ("Report missing", "Missing episodes", "trigger plan", "Record a concern about exploitation", "Date of birth not known"):
        assert absent not in page, absent
    client = signed_in(front_door())
    found = client.post(reverse("desk:find_child"), {"name": "unborn baby sample"}).content.decode()
    assert "not born yet, expected 20 August 2026" in found and "Report missing" not in found
    assert reverse("allocation:register_unborn") in found


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Known("", "", None, mother_name="Jo Sample"), "expected"),
        (Known("", "", None, expected_on=date(2027, 6, 1), mother_name="Jo Sample"), "ten months"),
        (Known("", "", None, expected_on=date(2026, 3, 1), mother_name="Jo Sample"), "over a month past"),
        (Known("", " ", None, expected_on=EXPECTED), "mother’s name"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words(world: World, known: Known, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        register_unborn(known=known, responsible=world.authority, source="test", by=front_door(), at=NOW)


def test_nobody_who_is_not_born_is_missing_or_marked_whoever_says_so(world: World) -> None:
    child, sibling = world.child, factories.child("Ash Sample")
    report, feed = Report(reported=Moment(NOW), worry="Not home"), factories.feed_post()
    attempts: list[Callable[[], object]] = [
        lambda: report_missing(child=child, report=report, by=world.coordinator, at=NOW),
        lambda: report_missing_together(children=(sibling, child), report=report, by=world.coordinator, at=NOW),
        lambda: check_past(Past(child, report, Row(), "F:1"), NOW),
        lambda: set_exploitation_marker(child=child, words="A man waits outside", since=Moment(NOW), by=world.worker, at=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(Invalid, match="not born yet"):
            attempt()
    with acting_as(feed, NOW):
        assert not Episode.objects.exists()  # the brother or sister is not reported either: all of them or none
        row = MissingProfile(child=child)
        with pytest.raises(IntegrityError, match="not born yet"), transaction.atomic():
            row.save(force_insert=True)  # the database says the same


def test_the_birth_goes_on_in_the_same_record(world: World) -> None:
    child, later, by = world.child, NOW + timedelta(days=100), front_door()
    with pytest.raises(Invalid, match="still to come"):
        record_birth(child=child, born_on=later.date() + TWO, by=by, at=later)
    with pytest.raises(Refused):
        record_birth(child=child, born_on=later.date(), by=world.stranger, at=later)
    born = record_birth(child=child, born_on=later.date(), forename="Robin", by=by, at=later)
    assert (born.pk, born.name, born.is_unborn, born.expected_on) == (child.pk, "Robin Sample", False, EXPECTED)
    with acting_as(world.worker, later) as subject:
        assert Child.objects.visible_to(subject).get(pk=child.pk).age_on(later.date()) == 0  # who worked with it still does
        assert list(Entry.objects.filter(child=child).order_by("recorded_at").values_list("kind", flat=True)) == [
            Kind.REGISTERED, Kind.ALLOCATED, Kind.BORN,
        ]  # fmt: skip
        assert Task.objects.get(name=IS_BORN).state == "done"
        assert set(Name.objects.filter(person=child.pk).values_list("forename", "is_in_use")) == {("Unborn baby", False), ("Robin", True)}
        assert Relationship.objects.filter(child=child, kind=RelationshipKind.ALLOCATED, until_at=None).exists()
    with pytest.raises(Invalid, match="recorded already"):
        record_birth(child=born, born_on=later.date(), by=by, at=later)
    assert report_missing(child=born, report=Report(reported=Moment(later), worry="Taken"), by=world.coordinator, at=later).pk


def test_where_the_pregnancy_ends_without_a_birth_nothing_is_asked_or_sent_any_more(world: World, signed_in: Any) -> None:
    child, later, by = world.child, NOW + TWO, front_door()
    asked = ask(world)
    with pytest.raises(Invalid, match="still to come"):
        end_pregnancy(child=child, ended_on=later.date() + TWO, by=by, at=later)
    for _ in range(2):
        end_pregnancy(child=child, ended_on=later.date(), by=by, at=later)
    with pytest.raises(Invalid, match="was born"):
        end_pregnancy(child=factories.child("Ash Sample"), ended_on=later.date(), by=by, at=later)
    with acting_as(world.worker, later):
        assert Entry.objects.filter(kind=Kind.PREGNANCY_ENDED).count() == 1
        assert not Task.objects.filter(child=child, state="open").exists()
    guest.keep_code(asked.token_hash, "123456", later, {"network": "192.0.2.0/24"})
    assert guest.prove(asked.token_hash, "123456", later) is None
    page = signed_in(world.worker, later).get(reverse("desk:view_child", args=[child.pk])).content.decode()
    assert "This baby was not born." in page and "do not write to the family" in page and "The child is born" not in page


def test_the_main_system_brings_the_unborn_the_mother_the_birth_and_the_end(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    columns = [*PERSONS, "pers_expected_dob", "pers_death_date"]
    girl = ["P1", "Rowan", "Sample", "01/02/2011", "", "", ""]
    baby, other = ["P8", "", "Sample", "", "", "20/08/2026", ""], ["P9", "", "Ordinary", "", "", "20/09/2026", ""]
    mother: dict[str, Any] = {"ssd_mother": [["moth_table_id", "moth_person_id", "moth_childs_person_id"], ["M1", "P1", "P8"]]}
    nights.deliver(ssd_person=[columns, girl, baby, other], **mother)
    with nights.seen():
        first = Child.objects.get(name="Unborn baby Sample")
        assert (first.expected_on, first.born_on) == (EXPECTED, None)
        tie = Tie.objects.get(kind=Tie.Kind.MOTHER)
        girl_now = Child.objects.get(name="Rowan Sample")
        assert (tie.child_id, tie.tied_id) == (first.pk, girl_now.pk)
    with pytest.raises(Refused):
        record_mother(child=first, mother=girl_now, source="test", by=nights.world.worker, at=nights.later)
    record_mother(child=first, mother=girl_now, source="test", by=factories.feed_post(), at=nights.later)  # said again: still one tie
    with nights.seen():
        assert Tie.objects.filter(kind=Tie.Kind.MOTHER).count() == 1
    nights.deliver(
        ssd_person=[
            columns, girl, ["P8", "Robin", "Sample", "07/05/2026", "", "", ""], ["P9", "", "Ordinary", "", "", "20/09/2026", "06/05/2026"],
        ],
        **mother,
    )  # fmt: skip
    with nights.seen():
        born = Child.objects.get(pk=first.pk)
        assert (born.name, born.born_on, born.is_unborn) == ("Robin Sample", date(2026, 5, 7), False)
        assert Entry.objects.filter(child=born, kind=Kind.BORN).count() == 1
        ended = Child.objects.get(name="Unborn baby Ordinary")
        assert (ended.pregnancy_ended_on, ended.person.died_on) == (date(2026, 5, 6), None)
        assert not Entry.objects.filter(kind=Kind.DIED).exists()
