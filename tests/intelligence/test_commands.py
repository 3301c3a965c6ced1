"""Recording, proposing, releasing by a second person, reviewing and withdrawing intelligence, and what none of it leaves behind."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection

from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.intelligence.commands import (
    OldGrading,
    decline_product,
    propose_product,
    record_intelligence,
    record_old_intelligence,
    release_product,
    review_intelligence,
    withdraw_product,
)
from atlas.intelligence.models import Raw
from atlas.intelligence.queries import raw_without_product
from atlas.intelligence.rules import Checked, Handling, State, handling_of_old, latest_review
from tests import factories
from tests.factories import NOW
from tests.intelligence.given import CANARY, SOURCE, Desk, desk, sanitised, supplied

pytestmark = pytest.mark.django_db


@pytest.fixture
def given() -> Desk:
    return desk("Northmarch Police")


def raw_of(given: Desk, **said: Any) -> Raw:
    return record_intelligence(child=given.child, supplied=supplied(1, **said), by=given.officer, at=NOW)


def old_of(given: Desk, code: str, **said: Any) -> Raw:
    words = supplied(1, conditions="Only for the meeting", **said)
    return record_old_intelligence(child=given.child, supplied=words, old=OldGrading("E", "4", code), by=given.officer, at=NOW)


@pytest.mark.parametrize(
    ("code", "means"),
    [("1", "N"), ("2", "P"), ("3", "N"), ("4", "N"), ("5", "C"), ("", "N"), ("6", "N"), ("P", "N"), ("2a", "N"), (" 2 ", "P")],
)
def test_an_older_handling_code_fails_closed(code: str, means: str) -> None:
    assert handling_of_old(code) == means


def test_the_review_is_due_after_six_months_or_three_from_the_police() -> None:
    assert latest_review("council", date(2026, 8, 31)) == date(2027, 2, 28)
    assert latest_review("police", date(2026, 11, 30)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("old", "asked", "allowed"),
    [(code, asked, False) for code in ("1", "3", "4", "9", "P", "2a") for asked in ("P", "C")]
    + [("2", "P", True), ("2", "C", True), ("2", "N", True), ("5", "P", False), ("5", "C", True), ("5", "N", True), ("1", "N", True)],
)
def test_an_older_item_is_not_shared_more_widely_than_its_code(given: Desk, old: str, asked: str, allowed: bool) -> None:
    raw, words = old_of(given, old), sanitised(1, Handling(asked), (given.child.responsible_authority_id,) if asked == "C" else ())
    assert (raw.old_source, raw.old_information, raw.old_handling) == ("E", "4", old)
    if allowed:
        assert propose_product(raw=raw, sanitised=words, by=given.officer, at=NOW).handling == asked
    else:
        with pytest.raises(Invalid):
            propose_product(raw=raw, sanitised=words, by=given.officer, at=NOW)


@pytest.mark.parametrize("missing", list(Checked))
def test_every_question_of_the_checklist_is_answered(given: Desk, missing: Checked) -> None:
    with pytest.raises(Invalid):
        propose_product(
            raw=raw_of(given), sanitised=sanitised(checked=dict.fromkeys(Checked, "Changed") | {missing: " "}), by=given.officer, at=NOW
        )


@pytest.mark.parametrize(
    "words", [{"wording": " "}, {"wording": f"See {SOURCE}"}, {"wording": f"So: Item 1: {CANARY}"}, {"handling": Handling.CONDITIONS}]
)
def test_what_gives_the_source_away_or_lacks_its_conditions_is_sent_back(given: Desk, words: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        propose_product(raw=raw_of(given), sanitised=sanitised(**words), by=given.officer, at=NOW)


def test_release_takes_a_second_person_outside_the_line(given: Desk) -> None:
    product = propose_product(raw=raw_of(given), sanitised=sanitised(), by=given.officer, at=NOW)
    for post in (given.officer, given.below):
        with pytest.raises(Invalid):
            release_product(product=product, by=post, at=NOW)
    with pytest.raises(Invalid):  # nor the one above
        release_product(product=propose_product(raw=product.raw, sanitised=sanitised(2), by=given.below, at=NOW), by=given.officer, at=NOW)
    released = release_product(product=product, by=given.second, at=NOW)
    assert (released.state, released.released_by, released.month) == (State.RELEASED, given.second, date(2026, 4, 1))
    with pytest.raises(Invalid):
        release_product(product=released, by=given.second, at=NOW)


def test_a_new_version_takes_the_place_of_the_released_one(given: Desk) -> None:
    raw = raw_of(given)
    first = release_product(product=propose_product(raw=raw, sanitised=sanitised(1), by=given.officer, at=NOW), by=given.second, at=NOW)
    second = release_product(product=propose_product(raw=raw, sanitised=sanitised(2), by=given.officer, at=NOW), by=given.second, at=NOW)
    with acting_as(given.officer, NOW):
        first.refresh_from_db()
    assert (first.state, second.edition) == (State.WITHDRAWN, 2)


def test_review_keeps_it_no_longer_than_allowed(given: Desk) -> None:
    product = propose_product(raw=raw_of(given), sanitised=sanitised(), by=given.officer, at=NOW)
    later, latest = NOW + timedelta(days=30), latest_review("police", NOW.date() + timedelta(days=30))
    for day in (later.date(), latest + timedelta(days=1)):
        with pytest.raises(Invalid):
            review_intelligence(product=product, review_on=day, by=given.officer, at=later)
    assert review_intelligence(product=product, review_on=latest, by=given.officer, at=later).review_on == latest
    with pytest.raises(Invalid):
        withdraw_product(product=product, reason=" ", by=given.officer, at=later)
    withdrawn = withdraw_product(product=product, reason="It was another child", by=given.officer, at=later)
    assert (withdrawn.ended_because, withdrawn.ended_by, withdrawn.ended_at) == ("It was another child", given.officer, later)
    with pytest.raises(Invalid):
        withdraw_product(product=withdrawn, reason="Again", by=given.officer, at=later)
    with pytest.raises(Invalid):
        review_intelligence(product=withdrawn, review_on=latest, by=given.officer, at=later)


def test_what_is_recorded_keeps_its_grading_its_dates_and_its_regime(given: Desk) -> None:
    raw = raw_of(given, handling=Handling.CONDITIONS, conditions="Only for the meeting")
    kept = (raw.source, raw.information, raw.handling, raw.conditions, raw.known_on, raw.regime, raw.controller)
    assert kept == ("2", "C", "C", "Only for the meeting", date(2026, 4, 18), "part_3", given.officer.team.agency)
    product = propose_product(raw=raw, sanitised=sanitised(handling=Handling.AUTHOR_ONLY), by=given.officer, at=NOW)
    assert (product.regime, product.controller, product.review_on) == ("part_3", given.officer.team.agency, raw.review_on)
    assert product.checklist == {one.value: "Read again, and changed" for one in Checked}
    with pytest.raises(Invalid):  # P would be wider than what came with conditions
        propose_product(raw=raw, sanitised=sanitised(), by=given.officer, at=NOW)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"wording": " "}, "wording"), ({"reference": ""}, "reference"), ({"source_reference": " "}, "source_reference"),
        ({"handling": Handling.CONDITIONS, "conditions": " "}, "conditions"), ({"handling": Handling.AUTHOR_ONLY}, "handling"),
        ({"known_on": None}, "known_on"), ({"known_on": NOW.date() + timedelta(days=1)}, "known_on"), ({"review_on": NOW.date()}, "review_on"),
        ({"review_on": NOW.date() + timedelta(days=93)}, "review_on"),
    ],
)  # fmt: skip
def test_what_is_missing_or_cannot_be_is_said_at_its_field(given: Desk, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as problem:
        record_intelligence(child=given.child, supplied=replace(supplied(), **said), by=given.officer, at=NOW)
    assert problem.value.field == field


def test_an_older_item_may_be_of_an_unknown_day_and_must_have_its_own_grading(given: Desk) -> None:
    assert old_of(given, "4", known_on=None).known_on is None
    with pytest.raises(Invalid) as problem:
        old_of(given, " ")
    assert problem.value.field == "old_handling"


def test_a_wording_that_is_not_released_says_why_and_lets_the_original_wait_again(given: Desk) -> None:
    raw = raw_of(given)
    product = propose_product(raw=raw, sanitised=sanitised(), by=given.officer, at=NOW)
    with acting_as(given.second, NOW) as subject:
        assert not raw_without_product(subject).exists()
    for by, reason in ((given.officer, "I changed my mind"), (given.second, " ")):
        with pytest.raises(Invalid):
            decline_product(product=product, reason=reason, by=by, at=NOW)
    declined = decline_product(product=product, reason="The place shows who said it", by=given.second, at=NOW)
    assert (declined.state, declined.ended_by) == (State.SENT_BACK, given.second)
    with pytest.raises(Invalid):
        decline_product(product=declined, reason="Again", by=given.second, at=NOW)
    with pytest.raises(Invalid):
        release_product(product=declined, by=given.second, at=NOW)
    with acting_as(given.second, NOW) as subject:
        waiting: Any = raw_without_product(subject)
        assert [one.sent_back for one in waiting] == ["The place shows who said it"]


def test_nobody_but_the_desk_records(given: Desk) -> None:
    for role in ("manager", "practitioner", "police_officer", "feed"):
        with pytest.raises(Refused):
            record_intelligence(child=given.child, supplied=supplied(), by=factories.post(role), at=NOW)


def test_neither_wording_nor_source_leaves_the_raw_table(given: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Canaries: every column of every other table that the supplier's own post may read, the log and the mail hold none of them."""
    raw = raw_of(given)
    release_product(product=propose_product(raw=raw, sanitised=sanitised(), by=given.officer, at=NOW), by=given.second, at=NOW)
    found, asked = set(), 0
    with acting_as(given.officer, NOW), connection.cursor() as cursor:
        tables = {
            model._meta.db_table
            for model in apps.get_models(include_auto_created=True)
            if model._meta.app_label not in {"procrastinate", "audit"}
        }
        for table in sorted(tables):
            cursor.execute(
                f'SELECT count(*) FILTER (WHERE t::text LIKE %s OR t::text LIKE %s) FROM "{table}" t', [f"%{CANARY}%", f"%{SOURCE}%"]
            )
            asked += 1
            if cursor.fetchone()[0]:
                found.add(table)
    assert found == {"intelligence_raw"} and asked > 40
    assert not mail.outbox and CANARY not in caplog.text and SOURCE not in caplog.text
