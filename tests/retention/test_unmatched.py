"""What no child's record takes with it goes on a day of its own: rows of nobody a year after they came, questions six years after they were answered."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.agencies.models import AgencyKind
from atlas.desk.commands import Typed, answer_front_door_question, ask_front_door
from atlas.desk.models import FrontDoorQuestion
from atlas.feeds.commands.delivery import commit_delivery, decide_match
from atlas.feeds.models import Delivery, Row
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind
from atlas.retention.commands import hold_child, lift_hold, place_hold
from atlas.retention.ending import select_daily
from tests import factories
from tests.factories import NOW
from tests.feeds.test_deliveries import GOOD, police_file, receive, rows_of
from tests.retention.given import HELD, LATER, Keepers, agreed, keepers
from tests.tasks.test_tick import service

UNSURE, UNDATED = ["NM/3", "Ash", "Example", "04/03/2011", "F", *GOOD[5:]], ["NM/4", "Sample", "Nobody", "soon", "M", *GOOD[5:]]
YEAR, MINUTE = timedelta(days=365), timedelta(minutes=1)


def received(given: Keepers, folder: Path) -> Delivery:
    """One row that is taken, one of a child of whom nobody can be sure, and one that cannot be read."""
    officer = factories.post("data_officer", of=factories.team("Data"))
    delivery = receive(police_file(folder, GOOD, UNSURE, UNDATED), "northmarch", given.world, officer=officer)
    return commit_delivery(delivery=delivery, by=officer, at=NOW)


def ticked(by: Any, at: datetime, own_database: Any) -> None:
    own_database("tick")
    select_daily(by=by, at=at)
    own_database("app")


def states(delivery: Delivery) -> list[str]:
    return [row.state for row in rows_of(delivery)]


def test_what_nobody_was_found_for_is_emptied_after_a_year_unless_a_hold_is_on_more_than_one_child(
    own_database: Any, tmp_path: Path, signed_in: Any
) -> None:
    given, by = keepers(), service()
    delivery = received(given, tmp_path)
    came = [Row.State.APPLIED, Row.State.WAITING_MATCH, Row.State.QUARANTINED]
    ticked(by, NOW + YEAR - timedelta(days=1), own_database)
    assert states(delivery) == came
    hold = place_hold(given=HELD, by=given.privacy, at=LATER)
    ticked(by, NOW + YEAR, own_database)
    assert states(delivery) == came, "a hold did not win"
    agreed(lift_hold(hold=hold, because="It is over", by=given.privacy, at=NOW + YEAR), given.head, NOW + YEAR)
    ticked(by, NOW + YEAR + timedelta(days=1), own_database)
    taken, *emptied = rows_of(delivery)
    assert (taken.state, taken.values["forename"], taken.child_id) == (Row.State.APPLIED, "Ashby", given.world.child.pk)
    assert [(row.state, row.values, row.source_key, row.meaning, row.reason) for row in emptied] == [
        (Row.State.EMPTIED, {}, "", "", "")
    ] * 2
    officer = delivery.received_by
    page = signed_in(officer, LATER).get(reverse("feeds:view_delivery", args=[delivery.pk])).content.decode()
    assert "Emptied: nobody was found in a year" in page
    assert "Nobody" not in page.replace("Emptied: nobody", "")
    with pytest.raises(Invalid, match="not waiting for anybody"):
        decide_match(row=emptied[0], child_id=None, by=officer, at=NOW + YEAR)
    assert states(commit_delivery(delivery=delivery, by=officer, at=NOW + YEAR)) == states(delivery)
    assert (
        receive(police_file(tmp_path, GOOD, UNSURE, UNDATED), "northmarch", given.world, officer=officer) == delivery
    )  # once more is nothing


def test_a_hold_on_a_child_keeps_a_row_that_may_be_about_the_child_and_no_other(own_database: Any, tmp_path: Path) -> None:
    given, by = keepers(), service()
    delivery = received(given, tmp_path)
    hold_child(child=given.world.child, given=HELD, by=given.privacy, at=LATER)
    ticked(by, NOW + YEAR, own_database)
    assert states(delivery) == [Row.State.APPLIED, Row.State.WAITING_MATCH, Row.State.EMPTIED]


def test_a_question_to_the_front_door_goes_six_years_after_it_was_answered(own_database: Any) -> None:
    given, by = keepers(), service()
    factories.duty(Kind.MISSING_DUTY, given.world.authority, team=factories.team("Front door"))
    door = factories.post("front_door", of=factories.team("Front door"))
    school = factories.post("school", of=factories.team("Pastoral", of=factories.agency("Larkfield Academy", AgencyKind.SCHOOL)))
    for name in ("Rowan Sample", "Alex Ordinary"):
        ask_front_door(typed=Typed(name, None, ""), by=school, at=NOW)
    with acting_as(door, NOW):
        question = FrontDoorQuestion.objects.get(name="Rowan Sample")
    answer_front_door_question(question=question, outcome="nothing", words="Known to no team", by=door, at=NOW)

    def left() -> set[str]:
        with acting_as(door, NOW):
            return set(FrontDoorQuestion.objects.values_list("name", flat=True))

    years = NOW.replace(year=NOW.year + 6)
    ticked(by, years - timedelta(days=1), own_database)
    assert left() == {"Rowan Sample", "Alex Ordinary"}
    ticked(by, years, own_database)
    assert left() == {"Alex Ordinary"}  # nobody has answered this one


def test_no_other_login_empties_and_nobody_but_tick_has_it_done(own_database: Any, tmp_path: Path) -> None:
    given, by = keepers(), service()
    delivery = received(given, tmp_path)
    with pytest.raises(DatabaseError, match="permission denied"), acting_as(by, NOW + YEAR), connection.cursor() as cursor:
        cursor.execute("SELECT gate_empty_unmatched(%s)", [given.world.authority.pk])
    own_database("tick")
    with acting_as(given.head, NOW + YEAR), connection.cursor() as cursor:
        cursor.execute("SELECT gate_empty_unmatched(%s)", [given.world.authority.pk])
        assert cursor.fetchone() == (0,), "somebody else had it done by tick's login"
    for statement in ("UPDATE feeds_row SET state = 'emptied'", "DELETE FROM desk_frontdoorquestion", "SELECT values FROM feeds_row"):
        with pytest.raises(DatabaseError), acting_as(by, NOW + YEAR), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    own_database("app")
    assert Row.State.EMPTIED not in states(delivery)
