"""The child's own page: what stands on it, what the child says there and reads back, and what shuts it (real-life.md 7; protection.md 4.7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from atlas.agencies.models import Post, TeamPurpose
from atlas.allocation.commands import record_allocation
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, Refused
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind as RelationshipKind
from atlas.plans.commands.plan import start_plan
from atlas.sharing.commands.copies import answer_child, withdraw_child_page
from atlas.sharing.copy import Audience, CompiledCopy, CopyBlock, CopyLine
from atlas.sharing.models import ChildWords, CopyGiven, GuestRequest
from atlas.sharing.rules import PhoneGone
from atlas.tasks.models import Alert, OvernightLine, Task
from tests import factories
from tests.factories import NOW, at
from tests.sharing.guest_drill import LATER, ask, proved
from tests.sharing.mine_drill import COPY, MINE, NUMBER, SAFE_PEOPLE, code_for, follow_mine, give, giving, opened, prove_mine, say
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def page_of(client: Client) -> str:
    """The page as the child sees it."""
    return client.get(reverse("child_page")).content.decode()


def test_a_child_reads_their_plan_says_what_is_not_right_and_reads_what_was_done(world: World, texts: list[Any], clock: Any) -> None:
    given = give(world)
    client = opened(given, texts)
    assert texts[0][0] == "07700900321"
    assert "plan" not in texts[0][1].lower()
    shown = page_of(client)
    for words in (
        "My plan",
        "I send a text when I am late.",
        "Leave now",
        "We are not here at night",
        "0800 1111",
        "999",
        "Who reads what I send?",
    ):
        assert words in shown, words
    for words in (world.child.name, world.child.name.split()[0], "Atlas", "safeguarding", "Fernleigh", world.worker.user.last_name):
        assert words not in shown, words
    assert shown.count("<title>My page</title>") == 1
    assert say(client, "words").status_code == 422  # nothing written
    assert say(client, "not_right", "do-1", "My phone has no credit.").url == reverse("child_page")
    assert say(client, "not_right", "do-1", "My phone has no credit.").url == reverse("child_page")  # the same form, sent twice
    client.post(reverse("child_page"), {"kind": "right", "line": "view-1", "key": "right".ljust(36, "k")})
    shown = page_of(client)
    assert "Thank you." in shown and "Someone is looking at this." in shown
    assert "no credit" not in shown  # her words are not shown again: the phone may be in other hands
    with acting_as(world.worker, LATER):
        said = ChildWords.objects.get(kind="not_right")
        assert (said.words, said.line, said.line_words, said.written_by) == (
            "My phone has no credit.",
            "do-1",
            "I send a text when I am late.",
            None,
        )
        (task,) = Task.objects.filter(about_id=said.pk)
        running = Clock.objects.get(about_id=said.pk)
        assert (task.owner_post, task.clock, running.limit) == (world.worker, running, "child_answer")
        yes = ChildWords.objects.get(kind="right")
        assert not Task.objects.filter(about_id=yes.pk).exists()  # a yes asks for nothing
        assert Entry.objects.filter(kind=Kind.CHILD_SAID, recorded_by=None).count() == 2
        assert not Alert.objects.exists()
    with pytest.raises(Refused):
        answer_child(said=said, did="x", by=world.stranger, at=LATER)
    for did, acted in ((" ", True), ("", False)):
        with pytest.raises(Invalid):
            answer_child(said=said, did=did, is_acted_on=acted, by=world.worker, at=LATER)
    answer_child(said=said, did="We put credit on your phone.", by=world.worker, at=LATER)
    with pytest.raises(Invalid, match="already"):
        answer_child(said=said, did="again", by=world.worker, at=LATER)
    assert "We put credit on your phone." in page_of(client)
    with acting_as(world.worker, LATER):
        assert Clock.objects.get(about_id=said.pk).outcome == Clock.Outcome.IN_TIME
        assert not Task.objects.filter(about_id=said.pk, state="open").exists()
        with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE sharing_childwords SET words = 'other'")


def test_what_was_not_acted_on_says_why(world: World, texts: list[Any], clock: Any) -> None:
    client = opened(give(world), texts)
    say(client, "words", words="I want to live with Nan.")
    with acting_as(world.worker, LATER):
        said = ChildWords.objects.get()
    answer_child(said=said, did="Nan has no room until June. We ask again then.", is_acted_on=False, by=world.worker, at=LATER)
    shown = page_of(client)
    assert "We did not do it, because:" in shown and "Nan has no room until June." in shown
    with acting_as(world.worker, LATER):
        assert Entry.objects.get(kind=Kind.CHILD_ANSWERED).words.startswith("Not acted on, because")


def test_safe_people_stay_off_the_phone_until_it_is_recorded_who_else_can_open_it(world: World) -> None:
    whole = CompiledCopy(Audience.CHILD, "My plan", (*MINE, SAFE_PEOPLE))
    for who in ("", "  "):
        with pytest.raises(Invalid, match="People I can ring") as problem:
            give(world, copy=whole, who_else_can_open=who)
        assert problem.value.field == "who_else_can_open"
    assert not CopyGiven.objects.exists()
    given = give(world, copy=whole)
    assert given.who_else_can_open == "Nobody, she says"
    assert given.request is not None and "01632 960111" in str(given.request.view)
    # A copy without those parts may stand on any phone.
    assert give(world, who_else_can_open="").digest == COPY.digest


BAD: dict[str, dict[str, Any]] = {
    "a landline": {"telephone": "01632 960123"},
    "a number that was not confirmed with the child": {"is_number_confirmed": False},
    "no reason why it is safe": {"safe_reason": " "},
    "29 days": {"days": 29},
    "no day": {"days": 0},
    "nothing in it": {"copy": CompiledCopy(Audience.CHILD, "My plan", ())},
    "somebody else's copy": {"copy": CompiledCopy(Audience.POLICE, "Plan", MINE)},
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_whole_is_refused_in_words(world: World, what: str) -> None:
    with pytest.raises(Invalid):
        give(world, **BAD[what])
    assert not CopyGiven.objects.exists() and not GuestRequest.objects.exists()


def test_no_other_child_s_name_stands_on_it(world: World) -> None:
    other = factories.child("Birch Other")
    record_allocation(child=other, post=world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    lines = (CopyLine("a", "I text when I am late."), CopyLine("b", "I stay away from Birch Other."))
    with pytest.raises(Invalid, match=r"I stay away from Birch Other.*another child"):
        give(world, copy=CompiledCopy(Audience.CHILD, "My plan", (CopyBlock("my_actions", "What I will do", lines),)))


def test_it_names_no_place_no_worker_and_not_the_child(world: World, texts: list[Any], clock: Any) -> None:
    """Whoever holds the phone learns from the page neither where the child is nor who works with them (protection.md 8.3)."""
    shown = page_of(opened(give(world), texts))
    assert "My plan" in shown
    for word in (world.child.name, world.worker.user.last_name, world.manager.user.last_name, world.worker.team.name):
        assert word not in shown, word


def test_nobody_gives_it_who_may_not_and_no_page_of_a_hidden_child(world: World) -> None:
    for post in (world.stranger, world.coordinator, world.police):
        with pytest.raises(Refused):
            give(world, by=post)
    factories.guard(world.child, "hidden", at=NOW)
    factories.name(world.child, world.worker, at=NOW)
    with pytest.raises(Invalid, match="Rehearse"):
        give(world, at=LATER)


def test_it_is_shut_five_minutes_after_it_was_last_touched(world: World, texts: list[Any], clock: Any) -> None:
    client = opened(give(world), texts)
    for minutes in (4, 8, 12):
        clock(LATER + timedelta(minutes=minutes))
        assert client.get(reverse("child_page")).status_code == 200
    clock(LATER + timedelta(minutes=17))
    assert client.get(reverse("child_page")).url == reverse("open_child_page")  # type: ignore[attr-defined]
    # What was being written waits for a new code, and is not sent meanwhile.
    sent = say(client, "words", words="I am scared on the bus.")
    assert sent.url == reverse("open_child_page")
    assert "What you wrote is still here" in client.get(sent.url).content.decode()
    back = prove_mine(client, code_for(client, texts))
    assert "I am scared on the bus." in client.get(back.url).content.decode()
    with acting_as(world.worker, LATER):
        assert not ChildWords.objects.exists()
    say(client, "words", words="I am scared on the bus.")
    with acting_as(world.worker, LATER):
        assert ChildWords.objects.get().words == "I am scared on the bus."


def test_it_shuts_at_a_touch_and_what_was_typed_waits(world: World, texts: list[Any], clock: Any) -> None:
    client = opened(give(world), texts)
    assert "no-store" in client.get(reverse("child_page"))["Cache-Control"]
    assert client.get(reverse("exit_child_page")).url.startswith("https://www.bbc.co.uk/")  # type: ignore[attr-defined]
    assert client.get(reverse("child_page")).url == reverse("open_child_page")  # type: ignore[attr-defined]
    clock(LATER + timedelta(minutes=2))
    prove_mine(client, code_for(client, texts))
    client.post(reverse("say_as_child"), {"kind": "words", "line": "", "words": "Half a", "key": "k" * 36, "hide": "1"})
    assert client.get(reverse("child_page")).url == reverse("open_child_page")  # type: ignore[attr-defined]
    clock(LATER + timedelta(minutes=4))
    back = prove_mine(client, code_for(client, texts))
    assert "Half a" in client.get(back.url).content.decode()
    client.get(reverse("close_child_page"))
    assert "Your page is shut." in client.get(reverse("open_child_page")).content.decode()


KILLS: dict[str, Callable[[World, CopyGiven], object]] = {
    "the phone was taken": lambda w, page: withdraw_child_page(copy_given=page, why=PhoneGone.TAKEN, by=w.worker, at=NOW),
    "a newer page was given": lambda w, page: give(w),
    "the worker knows the family": lambda w, page: declare_connection(child=w.child, by=w.worker, at=NOW),
    "the worker has left": lambda w, page: Post.objects.filter(pk=w.worker.pk).update(until_on=NOW.date() - timedelta(days=1)),
    "the child was hidden": lambda w, page: factories.guard(w.child, "hidden", at=NOW + timedelta(minutes=1)),
}


@pytest.mark.parametrize("why", KILLS)
def test_it_dies_at_once_before_and_after_the_code(world: World, texts: list[Any], clock: Any, why: str) -> None:
    given = give(world)
    client = opened(given, texts)
    KILLS[why](world, given)
    assert client.get(reverse("child_page")).url == reverse("open_child_page")  # type: ignore[attr-defined]
    assert say(client, "words", words="Hello").url == reverse("open_child_page")
    clock(LATER + timedelta(minutes=5))
    client.post(reverse("open_child_page"), {"key": "k2"})
    assert len(texts) == 1  # no code is sent any more


def test_it_lapses_after_28_days_and_is_taken_back_once(world: World, texts: list[Any], clock: Any) -> None:
    given = give(world)
    clock(NOW + timedelta(days=28) - timedelta(minutes=1))
    assert code_for(follow_mine(given.request.token), texts)  # type: ignore[union-attr]
    clock(NOW + timedelta(days=28))
    code_for(follow_mine(given.request.token), texts)  # type: ignore[union-attr]
    assert len(texts) == 1
    fresh = give(world, at=LATER)
    for post in (world.stranger, world.police):
        with pytest.raises(Refused):
            withdraw_child_page(copy_given=fresh, why=PhoneGone.LOST, by=post, at=LATER)
    withdraw_child_page(copy_given=fresh, why=PhoneGone.LOST, by=world.manager, at=LATER)
    with pytest.raises(Invalid, match="ended already"):
        withdraw_child_page(copy_given=fresh, why=PhoneGone.LOST, by=world.worker, at=LATER)
    with acting_as(world.worker, LATER):
        assert Entry.objects.get(kind=Kind.GUEST_REQUEST_WITHDRAWN).words == "The child’s page: The phone is lost"


def test_five_wrong_codes_shut_it_and_the_worker_is_told(world: World, texts: list[Any], clock: Any) -> None:
    given = give(world)
    client = follow_mine(given.request.token)  # type: ignore[union-attr]
    code = code_for(client, texts)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        assert prove_mine(client, wrong).status_code == 422
    assert prove_mine(client, code).status_code == 422
    with acting_as(world.worker, LATER):
        told = Task.objects.get(about_id=given.pk)
        assert (told.owner_post, told.name) == (world.worker, "The child's page is shut: five wrong codes. See the child")


def test_a_wrong_link_and_a_page_that_has_ended_get_the_same_answers(world: World, texts: list[Any], clock: Any) -> None:
    ended = give(world)
    withdraw_child_page(copy_given=ended, why=PhoneGone.NEW, by=world.worker, at=NOW)
    good = give(world)
    answers = set()
    for token in ("A" * 43, "not a token", ended.request.token, good.request.token):  # type: ignore[union-attr]
        client = follow_mine(token)
        pages = [
            client.get(reverse("open_child_page")), client.post(reverse("open_child_page"), {"key": "k"}), client.get(reverse("prove_child_page")),
            client.post(reverse("prove_child_page"), {"code": "999999x"}), client.get(reverse("child_page")), say(client, "words", words="Hello"),
        ]  # fmt: skip
        answers.add(tuple((page.status_code, page.get("Location", "")) for page in pages))
    assert len(answers) == 1
    assert len(texts) == 1  # only the good one got a code


def test_two_tabs_are_one_page_and_a_proof_of_another_link_opens_nothing(world: World, texts: list[Any], clock: Any) -> None:
    given = give(world)
    client = opened(given, texts)
    say(client, "words", "do-1", "one", key="a")
    say(client, "words", "do-2", "two", key="b")  # from a second tab
    with acting_as(world.worker, LATER):
        assert ChildWords.objects.count() == 2
    guest = proved(ask(world), texts)
    assert guest.get(reverse("child_page")).url == reverse("open_child_page")  # type: ignore[attr-defined]
    assert say(guest, "words", words="Forged").url == reverse("open_child_page")
    # And the other way: the child's proof answers no question, and the generic address leads to the child's own page.
    assert client.get(reverse("answer_guest")).url == reverse("child_page")  # type: ignore[attr-defined]
    assert client.post(reverse("answer_guest"), {"kind": "words", "words": "x", "key": "k" * 36}).url == reverse("open_guest")  # type: ignore[attr-defined]


def test_a_line_that_is_not_there_or_takes_no_answer_is_not_answered(world: World, texts: list[Any], clock: Any) -> None:
    client = opened(give(world), texts)
    for line in ("told-1", "no-such-line"):
        say(client, "not_right", line, "Not so")
    say(client, "made_up", "do-1", "Not so")
    with acting_as(world.worker, LATER):
        assert not ChildWords.objects.exists()


def test_at_night_emergency_duty_is_alerted_once_and_answers(world: World, texts: list[Any], clock: Any) -> None:
    team = factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY)
    factories.duty(RelationshipKind.EMERGENCY_DUTY, world.authority, team=team)
    night = factories.post("emergency_duty", of=team)
    midnight = at("6 May 2026 00:30")
    factories.shift(night, midnight.date())
    given = give(world)
    clock(midnight)
    client = opened(given, texts)
    client.post(reverse("child_page"), {"kind": "right", "line": "view-1", "key": "r".ljust(36, "k")})
    say(client, "words", words="He is outside.", key="a")
    say(client, "not_right", "do-1", key="b")
    with acting_as(night, midnight):
        alert, said = Alert.objects.get(), ChildWords.objects.get(kind="words")
        assert (alert.reason, alert.owner_team, alert.about_id) == ("child_said", team, said.pk)
        assert {task.owner_team for task in Task.objects.filter(about_label="sharing.ChildWords")} == {team}
        line = OvernightLine.objects.filter(about_id=said.pk).get()
        assert (line.morning_on, line.owner_post) == (midnight.date(), world.worker)
    answer_child(said=said, did="We rang you at once.", by=night, at=midnight)
    with acting_as(night, midnight):
        assert Alert.objects.get().acknowledged_by == night
    assert "We rang you at once." in page_of(client)
    # The phone is taken in the night: whoever is on duty shuts the page, and reads nothing of its link.
    with acting_as(night, midnight):
        assert not GuestRequest.objects.exists()
        given = CopyGiven.objects.get()
    withdraw_child_page(copy_given=given, why=PhoneGone.TAKEN, by=night, at=midnight)
    assert client.get(reverse("child_page")).url == reverse("open_child_page")  # type: ignore[attr-defined]


def test_a_complaint_goes_to_the_manager_with_a_date_that_the_child_is_told(world: World, texts: list[Any], clock: Any) -> None:
    client = opened(give(world), texts)
    say(client, "complaint", words="Nobody came.", key="a")
    assert "You get an answer by 19 May 2026." in page_of(client)
    say(client, "wrong_about_me", key="b")
    with acting_as(world.manager, LATER):
        for said in ChildWords.objects.all():
            assert Task.objects.get(about_id=said.pk).owner_post == world.manager
            assert Clock.objects.get(about_id=said.pk).limit == "child_complaint"


def test_that_the_plan_does_not_help_asks_the_plan_itself_once(world: World, texts: list[Any], clock: Any) -> None:
    client = opened(give(world), texts)
    say(client, "does_not_help", key="a")
    with acting_as(world.worker, LATER):
        assert not Clock.objects.filter(limit__startswith="plan_").exists()  # there is no plan yet
    start_plan(child=world.child, by=world.worker, at=LATER)
    say(client, "does_not_help", words="It is all no.", key="b")
    say(client, "complaint", key="c")
    with acting_as(world.worker, LATER):
        assert Entry.objects.filter(kind=Kind.PLAN_DOES_NOT_HELP, event="EV-49", recorded_by=None).count() == 3
        asked = Clock.objects.get(limit="plan_decision")
        assert asked.started_by.event == "EV-49"
        assert Task.objects.get(clock=asked).owner_post == world.worker


def test_a_newer_page_says_what_was_done_but_not_the_lines_of_the_one_before(world: World, texts: list[Any], clock: Any) -> None:
    whole = CompiledCopy(Audience.CHILD, "My plan", (*MINE, SAFE_PEOPLE))
    client = opened(give(world, copy=whole), texts)
    say(client, "not_right", "safe-1", "Nan moved.")
    with acting_as(world.worker, LATER):
        said = ChildWords.objects.get()
    answer_child(said=said, did="We took her off.", by=world.worker, at=LATER)
    clock(LATER + timedelta(minutes=2))
    shown = page_of(opened(give(world, who_else_can_open="", at=LATER), texts))
    assert "We took her off." in shown
    assert "Nan" not in shown and "01632 960111" not in shown


def test_the_service_s_login_reads_and_forges_nothing_of_it_by_itself(world: World, texts: list[Any], clock: Any) -> None:
    given = give(world)
    say(opened(given, texts), "words", words="Mine")
    assert not ChildWords.objects.exists() and not CopyGiven.objects.exists()
    with acting_as(world.stranger, LATER):
        assert not ChildWords.objects.exists() and not CopyGiven.objects.exists()
    with acting_as(world.police, LATER):
        assert not CopyGiven.objects.exists()
    with acting_as(world.worker, LATER):
        said = ChildWords.objects.get()
        said.pk, said.words = uuid4(), "Forged, as from the phone"
        with pytest.raises(ProgrammingError), transaction.atomic():
            said.save(force_insert=True)
        with connection.cursor() as cursor:
            for change in ("words = 'x'", "sent_at = now()", "written_by_id = NULL"):
                with pytest.raises(DatabaseError), transaction.atomic():
                    cursor.execute(f"UPDATE sharing_childwords SET {change}")
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute("UPDATE sharing_copygiven SET title = 'x'")
            cursor.execute("SELECT gate_child_say('p', 'k', '', 'words', 'Forged', false, '{}')")
            assert cursor.fetchone()[0] is None


def test_nobody_who_is_signed_in_reads_as_the_child(world: World, texts: list[Any], clock: Any, signed_in: Any) -> None:
    client = signed_in(world.worker, LATER)
    for name in ("open_child_page", "child_page", "say_as_child"):
        assert "for people without an account" in client.get(reverse(name)).content.decode()


def test_the_number_is_kept_as_digits_and_confirmed_today(world: World) -> None:
    given = give(world)
    with acting_as(world.worker, LATER):
        page = GuestRequest.objects.get(asks="child")
        assert (page.number, page.checked_on, page.state(LATER)) == (NUMBER.replace(" ", ""), NOW.date(), "Waiting")
        assert page.expires_at == NOW + timedelta(days=28)
    assert given.digest == COPY.digest
    assert giving(world)["copy"].digest == CompiledCopy.of(given.copy).digest
