"""Somebody without an account answers one question: what it takes, what opens, what kills the link, and what a wrong link is told."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from atlas.agencies.models import Post
from atlas.allocation.commands import record_allocation
from atlas.children.commands import Reach, record_contact_detail
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.chronology.queries import chronology
from atlas.gate.act import Invalid, Refused
from atlas.gate.commands import declare_connection
from atlas.gate.context import GUEST_SETTING, acting_as, as_guest, guest_token
from atlas.gate.models import Act
from atlas.intelligence.commands import propose_product, record_intelligence, release_product
from atlas.people.models import ContactDetail, ContactKind
from atlas.sharing import guest as door
from atlas.sharing.commands.disclosure import Guest, ask_guest, disclose, withdraw_guest_request
from atlas.sharing.models import GuestAnswer, GuestRequest
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.intelligence.given import desk, sanitised, supplied
from tests.sharing.guest_drill import GROUNDS, LATER, QUESTION, SURGERY, ask, asking, follow, proved, send_code
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def fresh(asked: GuestRequest, by: Post) -> GuestRequest:
    with acting_as(by, LATER):
        return GuestRequest.objects.get(pk=asked.pk)


def test_a_guest_answers_once_and_it_stands_in_the_record(world: World, texts: list[Any], clock: Any) -> None:
    asked = ask(world)
    client = proved(asked, texts)
    assert texts[0][0] == "07700900123"
    page = client.get(reverse("answer_guest"))
    shown = page.content.decode()
    assert QUESTION in shown
    assert world.child.name in shown
    assert "Fernleigh Council, Safeguarding 1" in shown
    assert "020 7946 0101" in shown
    assert page["Cache-Control"].count("no-store")
    answered = client.post(reverse("answer_guest"), {"kind": "words", "words": "Seen on 3 April, with a bruise.", "key": "one"})
    assert answered.url == reverse("guest_receipt")  # type: ignore[attr-defined]
    receipt = client.get(reverse("guest_receipt")).content.decode()
    with acting_as(world.worker, LATER) as subject:
        answer = GuestAnswer.objects.get(request=asked)
        entry = Entry.objects.get(kind=Kind.GUEST_ANSWERED)
        (task,) = Task.objects.filter(about_id=asked.pk, state=Task.State.OPEN)
        assert chronology(subject, world.child)[0].written_by == "Somebody without an account"  # type: ignore[attr-defined]
    assert answer.words == "Seen on 3 April, with a bruise."
    assert answer.child_id == entry.child_id == world.child.pk
    assert entry.recorded_by is None
    assert entry.words == "Dr Sample Doctor, Elm Surgery"
    assert (task.owner_post_id, task.name) == (world.worker.pk, "Your question was answered: read it")
    assert answer.reference in receipt
    assert world.child.name not in receipt
    assert "bruise" not in receipt
    assert client.get(reverse("answer_guest")).status_code == 302  # nothing is shown back


def test_the_same_form_sent_twice_is_one_answer_and_a_second_answer_is_refused(world: World, texts: list[Any], clock: Any) -> None:
    asked = ask(world)
    client = proved(asked, texts)
    given = {"kind": "words", "words": "Seen in April.", "key": "one"}
    first = client.post(reverse("answer_guest"), given)
    again = client.post(reverse("answer_guest"), given)
    assert first.url == again.url == reverse("guest_receipt")  # type: ignore[attr-defined]
    other = client.post(reverse("answer_guest"), {**given, "words": "Something else", "key": "two"})
    assert other.url == reverse("open_guest")  # type: ignore[attr-defined]
    with acting_as(world.worker, LATER):
        assert GuestAnswer.objects.get().words == "Seen in April."


def test_a_photograph_is_made_anew_and_what_cannot_be_is_refused_in_words(
    world: World, texts: list[Any], clock: Any, signed_in: Any
) -> None:
    asked = ask(world)
    client = proved(asked, texts)
    page = BytesIO(b"%PDF-1.7 a document with who knows what")
    page.name = "letter.pdf"
    refused = client.post(reverse("answer_guest"), {"kind": "file", "words": "See page", "file": page, "key": "one"})
    assert refused.status_code == 422
    assert "Send a JPEG or a PNG" in refused.content.decode()
    assert "See page" in refused.content.decode()  # what was typed is kept
    picture, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "taken at the refuge"
    Image.new("RGB", (3000, 40), "teal").save(picture, "JPEG", exif=exif)
    picture.seek(0)
    picture.name = "letter.jpg"
    assert client.post(reverse("answer_guest"), {"kind": "file", "file": picture, "key": "two"}).url == reverse("guest_receipt")  # type: ignore[attr-defined]
    with acting_as(world.worker, LATER):
        answer = GuestAnswer.objects.get()
    assert b"refuge" not in bytes(answer.file or b"")
    worker = signed_in(world.worker, LATER)
    shown = worker.get(reverse("sharing:view_guest_file", args=[answer.pk]))
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "no-store")
    assert Image.open(BytesIO(shown.content)).size == (2400, 32)


def test_the_message_the_link_and_the_text_name_no_child(world: World, texts: list[Any], clock: Any, signed_in: Any) -> None:
    form = {
        "guest_name": SURGERY.name, "organisation": SURGERY.organisation, "number": SURGERY.number, "checked_by": SURGERY.checked_by,
        "checked_on_0": NOW.day, "checked_on_1": NOW.month, "checked_on_2": NOW.year, "question": QUESTION, "items": [f"who:{world.child.pk}"],
        "purpose": "section_17", "reason": "Seen last there", "ground": "public_task", "family_told": "yes", "days": "7", "key": "k1",
    }  # fmt: skip
    client = signed_in(world.worker, NOW)
    address = reverse("sharing:ask_guest", args=[world.child.pk])
    shown = client.post(address, form)
    text = shown.content.decode()
    assert shown.status_code == 200, text
    (token,) = re.findall(r"/guest/link/([\w-]{43})/", text)
    assert world.child.name not in text.split("<main")[1].split("</main")[0]
    assert "no-store" in shown["Cache-Control"]
    again = client.post(address, form)
    assert again.status_code == 302  # the same submission again shows no link
    assert token not in client.get(again.url).content.decode()
    with acting_as(world.worker, NOW):
        asked = GuestRequest.objects.get()
    assert asked.token_hash == door.hash_of_token(token)
    assert token not in str(GuestRequest.objects.filter(pk=asked.pk).values())
    guest = follow(token)
    assert send_code(guest, texts)
    assert world.child.name not in texts[0][1]
    for name in ("open_guest", "prove_guest"):
        assert world.child.name not in guest.get(reverse(name)).content.decode()


KILLS: dict[str, Callable[[World, GuestRequest], object]] = {
    "withdrawn": lambda w, asked: withdraw_guest_request(request=asked, reason="Asked by telephone", by=w.worker, at=NOW),
    "the asker knows the family": lambda w, asked: declare_connection(child=w.child, by=w.worker, at=NOW),
    "the asker has left": lambda w, asked: Post.objects.filter(pk=w.worker.pk).update(until_on=NOW.date() - timedelta(days=1)),
    "the asker's account is shut": lambda w, asked: w.worker.user.__class__.objects.filter(pk=w.worker.user_id).update(is_active=False),
    "the child was restricted": lambda w, asked: guard(w, "restricted"),
    "the child was hidden": lambda w, asked: guard(w, "hidden"),
}


def guard(world: World, sensitivity: str) -> None:
    factories.guard(world.child, sensitivity, at=NOW + timedelta(minutes=1))


@pytest.mark.parametrize("why", KILLS)
def test_the_link_dies_at_once_before_and_after_the_code(world: World, texts: list[Any], clock: Any, why: str) -> None:
    asked = ask(world)
    client = proved(asked, texts)
    assert client.get(reverse("answer_guest")).status_code == 200
    KILLS[why](world, asked)
    assert client.get(reverse("answer_guest")).status_code == 302
    assert client.post(reverse("answer_guest"), {"kind": "words", "words": "Seen.", "key": "one"}).url == reverse("open_guest")  # type: ignore[attr-defined]
    clock(LATER + timedelta(minutes=5))
    assert len(texts) == 1
    client.post(reverse("open_guest"), {"key": "k2"})
    assert len(texts) == 1  # no code is sent any more
    assert client.get(reverse("guest_receipt")).url == reverse("open_guest")  # type: ignore[attr-defined]


def test_a_link_ends_with_its_days_and_lasts_at_most_twenty_eight(world: World, texts: list[Any], clock: Any) -> None:
    with pytest.raises(Invalid):
        ask(world, days=29)
    asked = ask(world, days=28)
    clock(NOW + timedelta(days=28) - timedelta(minutes=1))
    assert send_code(follow(asked), texts)
    clock(NOW + timedelta(days=28))
    follow(asked).post(reverse("open_guest"), {"key": "k"})
    assert len(texts) == 1


def test_five_wrong_codes_shut_the_link_and_the_asker_is_told(world: World, texts: list[Any], clock: Any) -> None:
    asked = ask(world)
    client = follow(asked)
    code = send_code(client, texts)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        assert client.post(reverse("prove_guest"), {"code": wrong}).status_code == 422
    assert client.post(reverse("prove_guest"), {"code": code}).status_code == 422
    with acting_as(world.worker, LATER):
        told = Task.objects.filter(about_id=asked.pk, name__startswith="Your question is shut").get()
    assert told.owner_post_id == world.worker.pk
    assert fresh(asked, world.worker).state(LATER) == "Shut after wrong codes"


def test_a_code_works_once_for_ten_minutes_and_the_newest_alone(world: World, texts: list[Any], clock: Any) -> None:
    asked = ask(world)
    client = follow(asked)
    first = send_code(client, texts)
    client.post(reverse("open_guest"), {"key": "soon"})
    assert len(texts) == 1  # one a minute
    clock(LATER + timedelta(minutes=2))
    second = send_code(client, texts)
    if first != second:
        assert client.post(reverse("prove_guest"), {"code": first}).status_code == 422
    clock(LATER + timedelta(minutes=12))
    assert client.post(reverse("prove_guest"), {"code": second}).status_code == 422  # out of date
    third = send_code(client, texts)
    assert client.post(reverse("prove_guest"), {"code": third}).status_code == 302
    assert follow(asked).post(reverse("prove_guest"), {"code": third}).status_code == 422  # used
    for minutes in range(15, 40, 2):
        clock(LATER + timedelta(minutes=minutes))
        client.post(reverse("open_guest"), {"key": f"k{minutes}"})
    assert len(texts) == 5  # at most five codes


def test_what_was_typed_is_kept_when_the_proof_runs_out(world: World, texts: list[Any], clock: Any) -> None:
    asked = ask(world)
    client = proved(asked, texts)
    clock(LATER + timedelta(minutes=31))
    sent = client.post(reverse("answer_guest"), {"kind": "words", "words": "A long answer about April.", "key": "one"})
    assert sent.url == reverse("open_guest")  # type: ignore[attr-defined]
    code = send_code(client, texts)
    back = client.post(reverse("prove_guest"), {"code": code})
    page = client.get(back.url).content.decode()  # type: ignore[attr-defined]
    assert "A long answer about April." in page
    client.post(reverse("answer_guest"), {"kind": "words", "words": "A long answer about April.", "key": "one"})
    with acting_as(world.worker, LATER):
        assert GuestAnswer.objects.get().words == "A long answer about April."


def plain(page: Any) -> str:
    """A page without what is new in each: the form's own token and key."""
    return re.sub(r'value="[\w-]{20,}"', "", page.content.decode())


def test_wrong_expired_and_unknown_links_get_the_same_answers_for_the_same_work(world: World, texts: list[Any], clock: Any) -> None:
    expired, withdrawn = ask(world, days=1), ask(world)
    withdraw_guest_request(request=withdrawn, reason="Rang", by=world.worker, at=NOW)
    clock(NOW + timedelta(days=2))
    answers, works = set(), set()
    good = ask(
        world,
        at=NOW + timedelta(days=2) - timedelta(hours=1),
        guest=Guest(SURGERY.name, SURGERY.organisation, SURGERY.number, "Sample", date(2026, 5, 1)),
    )
    for asked in ("A" * 43, "not a token", expired, withdrawn, good):
        client = follow(asked)
        with CaptureQueriesContext(connection) as work:
            pages = [
                client.get(reverse("open_guest")), client.post(reverse("open_guest"), {"key": "k"}), client.get(reverse("prove_guest")),
                client.post(reverse("prove_guest"), {"code": "999999x"}), client.get(reverse("answer_guest")), client.get(reverse("guest_receipt")),
            ]  # fmt: skip
        answers.add(tuple((page.status_code, page.get("Location", ""), plain(page), len(plain(page))) for page in pages))
        works.add(len([one for one in work.captured_queries if "gate_guest_code" not in one["sql"]]))
    assert len(answers) == 1
    assert len(works) == 1
    assert len(texts) == 1  # only the good one got a code


def test_too_many_wrong_tries_from_one_network_open_nothing(world: World, texts: list[Any], clock: Any) -> None:
    asked = ask(world)
    code = send_code(follow(asked), texts)
    for number in range(30):
        follow(f"guess {number}").post(reverse("prove_guest"), {"code": "123456"})
    client = follow(asked)
    assert client.post(reverse("prove_guest"), {"code": code}).status_code == 422
    clock(LATER + timedelta(minutes=16))
    code = send_code(client, texts)
    assert client.post(reverse("prove_guest"), {"code": code}).status_code == 302


def test_a_proof_of_one_link_opens_no_other(world: World, texts: list[Any], clock: Any) -> None:
    other = factories.child("Birch Other")
    record_allocation(child=other, post=world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    mine, theirs = ask(world), ask(world, child=other, items=[f"who:{other.pk}"])
    proof = proved(mine, texts).session["guest_proof"]
    client = follow(theirs)
    session = client.session
    session["guest_proof"] = proof
    session.save()
    assert client.get(reverse("answer_guest")).status_code == 302
    assert client.post(reverse("answer_guest"), {"kind": "words", "words": "Forged", "key": "x"}).url == reverse("open_guest")  # type: ignore[attr-defined]
    with acting_as(world.worker, LATER):
        assert not GuestAnswer.objects.exists()


def test_nobody_who_does_not_sign_with_the_service_s_key_acts_as_a_guest(world: World, texts: list[Any], clock: Any) -> None:
    asked = ask(world)
    client = proved(asked, texts)
    link, proof = asked.token_hash, door.hash_of_token(client.session["guest_proof"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    good = guest_token(link, LATER, {}, pid)
    forged = [
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        good.replace(link, "0" * 64),
        guest_token(link, LATER, {}, pid + 1),
        link,
        "",
        "|" * 10,
    ]
    for text in forged:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true), gate_guest_view(%s)", [GUEST_SETTING, text, proof])
            assert cursor.fetchone()[1] is None, text
            cursor.execute("SELECT gate_guest_answer(%s, 'k', 'words', 'Forged', NULL, '')", [proof])
            assert cursor.fetchone()[0] is None, text
    with pytest.raises(LookupError), acting_as(world.worker, LATER), as_guest(link, LATER, {}):
        pass


def test_the_service_s_login_reads_and_writes_nothing_of_it_by_itself(world: World, texts: list[Any], clock: Any) -> None:
    asked = ask(world)
    proved(asked, texts)
    assert not GuestRequest.objects.exists()  # nobody acts
    with as_guest(asked.token_hash, LATER, {}):
        assert not GuestRequest.objects.exists()
        assert not Child.objects.exists()
        assert not ContactDetail.objects.exists()
    with acting_as(world.stranger, LATER):
        assert not GuestRequest.objects.exists()
    with acting_as(world.worker, LATER):
        row = GuestRequest.objects.get()
        for change in ({"proof_hash": "x"}, {"wrong_tries": 0}, {"expires_at": LATER + timedelta(days=1)}, {"number": "07700900999"}):
            with pytest.raises(ProgrammingError), transaction.atomic():
                GuestRequest.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(ProgrammingError), transaction.atomic():
            GuestAnswer(child=world.child, request=row, kind="words", words="Forged", answered_at=LATER, entry=row.entry).save(
                force_insert=True
            )
        for forged in ({"post": None, "guest": row.pk, "event": "guest"}, {"post": None, "event": "guest"}):
            act = Act(
                command="answer_guest", outcome="done", decision="allowed", child_id=world.child.pk, acted_at=LATER, policy="", **forged
            )
            with pytest.raises(ProgrammingError), transaction.atomic():
                act.save(force_insert=True)
    row.pk, row.token_hash = uuid4(), "other"
    with acting_as(world.manager, LATER), pytest.raises(ProgrammingError), transaction.atomic():
        row.save(force_insert=True)  # in the worker's name


def test_a_recipient_of_something_else_about_the_child_reads_no_question(world: World) -> None:
    asked = ask(world)
    disclose(child=world.child, recipient=world.police, items=[f"who:{world.child.pk}"], grounds=GROUNDS, by=world.worker, at=NOW)
    with acting_as(world.police, LATER):
        assert not GuestRequest.objects.filter(pk=asked.pk).exists()
    with acting_as(world.manager, LATER):
        assert GuestRequest.objects.filter(pk=asked.pk).exists()


BAD: dict[str, dict[str, Any]] = {
    "a landline": {"guest": Guest("Dr A", "Elm", "01632 960123", "Me", NOW.date())},
    "a number that nobody checked lately": {"guest": Guest("Dr A", "Elm", "07700 900123", "Me", NOW.date() - timedelta(days=91))},
    "a number checked tomorrow": {"guest": Guest("Dr A", "Elm", "07700 900123", "Me", NOW.date() + timedelta(days=1))},
    "nobody checked it": {"guest": Guest("Dr A", "Elm", "07700 900123", " ", NOW.date())},
    "no question": {"question": " "},
    "no day": {"days": 0},
    "a part that is not who the child is": {"items": ["event:1"]},
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_whole_is_refused_in_words(world: World, what: str) -> None:
    with pytest.raises(Invalid):
        ask_guest(**asking(world, **BAD[what]))
    assert not GuestRequest.objects.exists()


def test_a_question_names_no_other_child_no_place_and_no_intelligence(world: World) -> None:
    other = factories.child("Birch Other")
    record_allocation(child=other, post=world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    reach = Reach(ContactKind.ADDRESS, "4 Sample Row", "ZZ1 1ZZ", "r1")
    record_contact_detail(child=world.child, reach=reach, source="main", by=factories.feed_post(), at=NOW)
    police = desk("Northmarch Police", world.child)
    raw = record_intelligence(child=world.child, supplied=supplied(), by=police.officer, at=NOW)
    product = propose_product(raw=raw, sanitised=sanitised(), by=police.officer, at=NOW)
    release_product(product=product, by=police.second, at=NOW)
    Post.objects.filter(pk=world.worker.pk).update(clearance=2, vetted_until=date(2030, 1, 1))
    world.worker.refresh_from_db()
    for words, why in (
        ("Was birch other with the child?", "another child"), ("Is the child at 4, sample row?", "can be reached"),
        ("Do you know zz11zz?", "can be reached"), (f"Is it so that {sanitised().wording.lower()}?", "intelligence"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=why):
            ask(world, question=words)
    assert ask(world).view["question"] == QUESTION


def test_nobody_asks_who_may_not_disclose_and_nobody_about_a_hidden_child(world: World) -> None:
    for post in (world.stranger, world.coordinator, world.police):
        with pytest.raises(Refused):
            ask(world, by=post)
    guard(world, "hidden")
    with pytest.raises(Refused):
        ask(world, at=LATER)
    factories.name(world.child, world.worker, at=LATER)
    with pytest.raises(Invalid, match="Nobody outside is asked"):
        ask(world, at=LATER)


def test_a_form_from_another_site_is_refused(world: World, texts: list[Any], clock: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("guest_link", args=[ask(world).token]))
    assert client.post(reverse("open_guest"), {"key": "k"}).status_code == 403
    assert not texts


def test_nobody_who_is_signed_in_answers_as_a_guest(world: World, texts: list[Any], clock: Any, signed_in: Any) -> None:
    asked = ask(world)
    client = signed_in(world.stranger, LATER)
    for address in (reverse("guest_link", args=[asked.token]), reverse("open_guest"), reverse("answer_guest")):
        assert "for people without an account" in client.get(address).content.decode()
        client.post(address, {"key": "k", "kind": "words", "words": "Seen."})
    assert not texts


def test_the_link_leaves_no_referrer(world: World) -> None:
    answered = Client().get(reverse("guest_link", args=[ask(world).token]))
    assert answered["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answered["Cache-Control"]
