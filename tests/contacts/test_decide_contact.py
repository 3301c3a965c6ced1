"""The front door decides by the thresholds in force and with its reasons; another person gives a second view; others are asked; the referrer answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from atlas.chronology.models import Entry
from atlas.clocks.models import Clock
from atlas.contacts.codes import HowAnswered, Level, NotAnswered, Outcome, SetAside
from atlas.contacts.commands.answering import Telling, answer_ask, answer_referrer, ask_agency
from atlas.contacts.commands.deciding import decide_contact, give_second_view
from atlas.contacts.commands.matching import set_aside_contact
from atlas.contacts.models import AgencyAsk, Contact, ContactAnswer, ContactDecision, SecondView
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Relationship
from atlas.guidance.commands import set_thresholds
from atlas.tasks.models import Task
from tests import factories
from tests.contacts.given import EDITION, Door, deciding, door, held
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=4)
TOLD = Telling(HowAnswered.SCREEN, "Thank you. Early help will ring you this week.")


@pytest.fixture
def there() -> Door:
    return door()


def test_no_reasons_no_decision_and_none_for_nobody(there: Door) -> None:
    with pytest.raises(Invalid, match="Say first which child this is about"):
        decide_contact(contact=there.raised(), decision=deciding(), by=there.screener, at=LATER)
    contact = there.matched()
    for field in ("rationale", "options", "criteria", "proportionate"):
        with pytest.raises(Invalid) as problem:
            decide_contact(contact=contact, decision=deciding(**{field: " "}), by=there.screener, at=LATER)
        assert problem.value.field == field
    for wrong in (there.school, there.world.worker, there.world.police):
        with pytest.raises(Refused):
            decide_contact(contact=contact, decision=deciding(), by=wrong, at=LATER)
    with acting_as(there.screener, LATER), pytest.raises(DatabaseError), transaction.atomic():
        ContactDecision(
            child=there.world.child, contact=contact, level=2, outcome="advice", criteria="x", decided_by=there.screener, decided_at=LATER
        ).save(force_insert=True)


def test_a_decision_keeps_the_thresholds_of_its_day_and_stops_the_clock(there: Door) -> None:
    made = decide_contact(contact=there.matched(), decision=deciding(dissent="The school sees level 3."), by=there.screener, at=LATER)
    assert made.document is not None
    assert (made.document.edition, made.level_given, made.is_other_level, made.dissent) == (
        "2026, version 1",
        3,
        True,
        "The school sees level 3.",
    )
    tomorrow = NOW + timedelta(days=1)
    set_thresholds(edition=replace(EDITION, edition="2026, version 2", valid_from=tomorrow.date()), by=there.head, at=NOW)
    again = decide_contact(contact=held(there.screener, made.contact), decision=deciding(level=Level.THREE), by=there.screener, at=tomorrow)
    assert again.document is not None
    assert again.document.edition == "2026, version 2"
    with acting_as(there.screener, tomorrow):
        assert ContactDecision.objects.count() == 2
        assert list(Clock.objects.filter(limit="contact_decision").values_list("outcome", flat=True)) == ["in_time"]
        assert not Task.objects.filter(name="Decide on the contact", state="open").exists()
        assert Task.objects.filter(name="Answer whoever raised the contact", state="open").exists()


def test_a_strategy_discussion_is_somebody_s_task_at_once(there: Door) -> None:
    there.decided(LATER, outcome=Outcome.STRATEGY, level=Level.FOUR)
    with acting_as(there.world.worker, LATER):
        assert Task.objects.get(name__startswith="Call the strategy discussion").owner_post == there.world.worker
        assert Entry.objects.filter(kind="strategy_wanted").exists()


def test_decided_again_what_is_needed_no_longer_ends_and_nothing_is_asked_twice(there: Door) -> None:
    made = there.decided(LATER, outcome=Outcome.ASSESSMENT, level=Level.FOUR)

    def open_tasks(moment: Any) -> list[str]:
        with acting_as(there.world.worker, moment):
            return [one.name.split(":")[0] for one in Task.objects.filter(owner_post=there.world.worker, state="open").order_by("name")]

    for number, (outcome, left) in enumerate((
        (Outcome.ASSESSMENT, ["Start the child and family assessment in the main case system"]),
        (Outcome.STRATEGY, ["Call the strategy discussion that the front door decided on"]),
        (Outcome.STRATEGY, ["Call the strategy discussion that the front door decided on"]),
        (Outcome.EARLY_HELP, []),
    )):  # fmt: skip
        moment = LATER + timedelta(minutes=number + 1)
        contact = held(there.screener, made.contact, moment)
        decide_contact(contact=contact, decision=deciding(outcome=outcome, level=Level.FOUR), by=there.screener, at=moment)
        assert [name for name in open_tasks(moment) if name.startswith(("Start", "Call"))] == left, outcome


def test_the_second_view_takes_another_person_and_stands_beside_the_decision(there: Door) -> None:
    made = there.decided(LATER)
    view: dict[str, Any] = {"agrees": False, "level": Level.THREE, "reasons": "Three days running is a pattern."}
    for said, by, given in (
        ("decided this yourself", there.screener, view),
        ("why you agree", there.lead, view | {"reasons": " "}),
        ("Choose the same level", there.lead, view | {"agrees": True}),
    ):
        with pytest.raises(Invalid, match=said):
            give_second_view(decision=made, by=by, at=LATER, **given)
    give_second_view(decision=made, by=there.lead, at=LATER, **view)
    with pytest.raises(Invalid, match="given your view"):
        give_second_view(decision=made, by=there.lead, at=LATER, **view)
    with acting_as(there.screener, LATER):
        assert SecondView.objects.get().level == 3
        assert ContactDecision.objects.get().level == 2


def test_an_agency_says_what_it_knows_and_sees_nothing_else(there: Door) -> None:
    contact, police = there.matched(), there.world.police
    asked: dict[str, Any] = {"team": police.team, "about": "Ashby Example, born 4 March 2011", "question": "Is the car known?"}
    for said, given in (
        ("Write who the child is", {"about": " "}),
        ("Write what you ask", {"question": ""}),
        (
            "another authority",
            {"team": factories.team("Elsewhere", of=factories.agency("Otherham Council", of=factories.authority("Otherham")))},
        ),
    ):
        with pytest.raises(Invalid, match=said):
            ask_agency(contact=contact, by=there.screener, at=NOW, **{**asked, **given})
    with pytest.raises(Invalid, match="Say first which child"):
        ask_agency(contact=there.raised(), by=there.screener, at=NOW, **asked)
    ask = ask_agency(contact=contact, by=there.screener, at=NOW, **asked)
    with acting_as(police, LATER):
        assert AgencyAsk.objects.get().question == "Is the car known?"
        assert not Contact.objects.exists()  # not who raised it, nor what was typed
        ask = AgencyAsk.objects.get()
    with pytest.raises(Invalid, match="what you know"):
        answer_ask(ask=ask, knows=AgencyAsk.Knows.KNOWS, reply=" ", by=police, at=LATER)
    with pytest.raises(Refused):
        answer_ask(ask=ask, knows=AgencyAsk.Knows.NOTHING, reply="", by=there.school, at=LATER)
    answer_ask(ask=ask, knows=AgencyAsk.Knows.KNOWS, reply="Stopped in March with two others.", by=police, at=LATER)
    with pytest.raises(Invalid, match="answered this already"):
        answer_ask(ask=ask, knows=AgencyAsk.Knows.NOTHING, reply="", by=police, at=LATER)
    with acting_as(there.screener, LATER):
        assert AgencyAsk.objects.get().reply.startswith("Stopped in March")
        assert Entry.objects.get(kind="agency_replied").recorded_by == police
    with acting_as(there.school, LATER):
        assert not AgencyAsk.objects.exists()


def test_whoever_raised_it_is_answered_or_it_is_written_down_why_not(there: Door) -> None:
    contact = there.matched()
    with pytest.raises(Invalid, match="Decide on it first"):
        answer_referrer(contact=contact, telling=TOLD, by=there.screener, at=LATER)
    decide_contact(contact=contact, decision=deciding(), by=there.screener, at=LATER)
    contact = held(there.screener, contact)
    for said, field, telling in (
        ("choose why not", "words", Telling(HowAnswered.SCREEN, " ")),
        ("choose why not", "words", Telling(None, "Thank you.")),
        ("why they get no answer", "because", Telling(not_answered=NotAnswered.NOT_SAFE)),
    ):
        with pytest.raises(Invalid, match=said) as problem:
            answer_referrer(contact=contact, telling=telling, by=there.screener, at=LATER)
        assert problem.value.field == field
    assert held(there.screener, contact).closed_at is None
    answer_referrer(contact=contact, telling=TOLD, by=there.screener, at=LATER)
    with acting_as(there.school, LATER):
        assert ContactAnswer.objects.get().words == TOLD.words
        assert not ContactDecision.objects.exists()
        assert not Entry.objects.exists()
    with acting_as(there.screener, LATER):
        assert Contact.objects.get().closed_at == LATER
        assert Clock.objects.get(limit="answer_referrer").outcome == "in_time"
        assert Relationship.objects.get(source_id=contact.pk).until_at == LATER + timedelta(hours=24)
    with acting_as(there.screener, LATER + timedelta(hours=25)):
        assert not Contact.objects.exists()  # the child is the worker's


def test_why_somebody_is_not_answered_they_do_not_read(there: Door) -> None:
    contact = there.raised()
    aside = set_aside_contact(contact=contact, why=SetAside.NOBODY, words="Rang the school.", by=there.screener, at=NOW)
    answer_referrer(
        contact=aside, telling=Telling(not_answered=NotAnswered.NOT_SAFE, because="Who wrote it lives there."), by=there.screener, at=LATER
    )
    with acting_as(there.screener, LATER):
        assert ContactAnswer.objects.get().because == "Who wrote it lives there."
    with acting_as(there.school, LATER):
        assert not ContactAnswer.objects.exists()


def test_a_worker_who_raised_it_reads_it_on_their_own_page(there: Door, signed_in: Any) -> None:
    contact = there.raised(by=there.world.stranger)
    mine = signed_in(there.world.stranger, LATER)
    assert mine.get(reverse("contacts:view_contact", args=[contact.pk])).status_code == 404
    assert "Ashby Example" in mine.get(reverse("contacts:view_my_contacts")).content.decode()
    about_theirs = there.matched(by=there.world.worker)
    assert signed_in(there.world.worker, LATER).get(reverse("contacts:view_contact", args=[about_theirs.pk])).status_code == 200


def test_the_pages_from_decision_to_answer(there: Door, signed_in: Any) -> None:
    contact = there.matched()
    client = signed_in(there.screener, LATER)
    page = reverse("contacts:decide_contact", args=[contact.pk])
    text = client.get(page).content.decode()
    assert "Right help, right time, 2026, version 1" in text
    assert "Whoever raised it sees: Level 3: Targeted help" in text
    given = {"level": "2", "outcome": "early_help", "criteria": "Level 2", "options": "An assessment", "proportionate": "She asked for it"}
    wrong = client.post(page, given)
    assert wrong.status_code == 422
    assert "She asked for it" in wrong.content.decode()
    done = client.post(page, given | {"rationale": "No harm known.", "key": "d" * 36})
    assert done.status_code == 302
    shown = client.get(done["Location"]).content.decode()
    assert "Level 2: Early help" in shown
    assert "is not answered yet" in client.get(reverse("contacts:view_contacts")).content.decode()
    answer = {"how": "screen", "words": "Early help rings you.", "key": "a" * 36}
    assert client.post(reverse("contacts:answer_referrer", args=[contact.pk]), answer).status_code == 302
    mine = signed_in(there.school, LATER).get(reverse("contacts:view_my_contacts")).content.decode()
    assert "Early help rings you." in mine
    assert "No harm known" not in mine
