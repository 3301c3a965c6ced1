"""Searching by the shapes of protection.md 4.5: what each searcher must type, and what each is told; and that hidden is as absent (A7)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from atlas.agencies.models import AgencyKind, Post, Team, TeamPurpose
from atlas.allocation.commands import receive_child, record_allocation
from atlas.children.commands import Known
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.desk.commands import Typed, answer_front_door_question, ask_front_door
from atlas.desk.models import FrontDoorQuestion, SilentNotice
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Block, Look, Relationship
from atlas.gate.policy import Kind, Purpose
from atlas.people.models import IdentifierKind
from tests import factories
from tests.factories import NOW
from tests.world import make_world

pytestmark = pytest.mark.django_db
NAME, BORN, NHS = "Rowan Sample", date(2012, 5, 6), "9434765919"
BOTH = {"name": NAME, "born_on_0": "6", "born_on_1": "5", "born_on_2": "2012"}
BY_NUMBER = {"number": "943 476 5919", **{part: value for part, value in BOTH.items() if part != "name"}}
NOT_FOUND = "Not found. This is not a check that nothing is known: ring the front door on 020 7946 0101."
THANK_YOU = "Thank you. The front door has been told that you asked, with what you typed, and rings you."
EVERYBODY = ["front door", "emergency duty", "council, not related", "police", "health", "school", "charity", "housing"]
FRESH = re.compile(
    r'(name="csrfmiddlewaretoken" value|name="key"[^>]*value|name="base"[^>]*value)="[^"]*"|value="[\w-]{36}"|/break_glass/[^"]*"'
)


def searched(name: str = NAME, worker: Post | None = None) -> Child:
    """A child whom nobody here is related to, with an NHS number; allocated to a worker of a team with a telephone."""
    child = receive_child(
        known=Known("Rowan", "Sample", BORN, identifiers=((IdentifierKind.NHS, "", NHS),)), responsible=factories.authority(), host=None,
        source="main case system", by=factories.feed_post(), at=NOW - timedelta(days=90),
    )  # fmt: skip
    Team.objects.filter(name="Safeguarding 9").update(telephone="020 7946 0909")
    holder = worker or factories.post("practitioner", of=factories.team("Safeguarding 9"))
    Team.objects.filter(pk=holder.team_id).update(telephone="020 7946 0909")
    record_allocation(
        child=child, post=holder, from_at=Moment(NOW - timedelta(days=80)), by=factories.feed_post(), at=NOW - timedelta(days=80)
    )
    return child


def guard(child: Child, sensitivity: str) -> None:
    factories.guard(child, sensitivity, at=NOW - timedelta(hours=1))


def unguard(child: Child) -> None:
    factories.unguard(child, NOW - timedelta(minutes=1))


def block(child: Child, post: Post) -> None:
    with acting_as(post, NOW):
        Block(child=child, user=post.user, because="test", from_at=NOW - timedelta(hours=1), made_by=post).save(force_insert=True)


def name_holder(child: Child, post: Post) -> None:
    factories.name(child, post, at=NOW - timedelta(hours=1))


def searchers() -> dict[str, Post]:
    """One of each shape, none related to the child."""
    factories.authority()
    police = factories.agency("Northmarch Police", AgencyKind.POLICE)
    trust, school = factories.agency("Northmarch Health", AgencyKind.HEALTH), factories.agency("Beacon School", AgencyKind.SCHOOL)
    charity, homes = factories.agency("Lantern Trust", AgencyKind.VOLUNTARY), factories.agency("Fern Homes", AgencyKind.HOUSING)
    duty = factories.post("emergency_duty", of=factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY))
    factories.shift(duty, NOW.date())
    return {
        "front door": factories.post("front_door", of=factories.team("Front door", TeamPurpose.FRONT_DOOR)), "emergency duty": duty,
        "council, not related": factories.post("practitioner", of=factories.team("Safeguarding 2")),
        "police": factories.post("police_officer", of=factories.team("Child protection unit", of=police)),
        "health": factories.post("health", of=factories.team("School nursing", of=trust)),
        "school": factories.post("school", of=factories.team("Pastoral", of=school)),
        "charity": factories.post("voluntary_worker", of=factories.team("Outreach", of=charity)),
        "housing": factories.post("practitioner", of=factories.team("Tenancies", of=homes)),
    }  # fmt: skip


def text_of(client: Any, typed: dict[str, str]) -> str:
    answer = client.post("/find_child/", typed)
    assert answer.status_code == 200, answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def bytes_of(client: Any, typed: dict[str, str]) -> bytes:
    answer = client.post("/find_child/", typed)
    body = FRESH.sub("", answer.content.decode())
    return f"{answer.status_code} {sorted((name, value) for name, value in answer.headers.items() if name != 'Content-Security-Policy')} {body}".encode()


def test_the_front_door_is_told_who_the_child_is_and_whom_to_ring(signed_in: Any) -> None:
    who = searchers()
    searched()
    for by in ("front door", "emergency duty"):
        for typed in ({"name": "sample ROWAN"}, {"number": NHS}, BOTH):
            text = text_of(signed_in(who[by]), typed)
            assert "Rowan Sample , 13 years old, Fernleigh, no current status. Lead worker: Sample Person" in text, (by, typed, text)
            assert "Safeguarding 9. Ring 020 7946 0909." in text
            assert "Protected" not in text


def test_of_a_restricted_child_the_front_door_is_told_whom_to_ring_and_one_on_the_list_who_it_is(signed_in: Any) -> None:
    who = searchers()
    child = searched()
    guard(child, "restricted")
    text = text_of(signed_in(who["front door"]), BOTH)
    assert "Protected record. Ring the lead team, Safeguarding 9, on 020 7946 0909." in text
    assert "years old" not in text
    name_holder(child, who["front door"])
    assert "Rowan Sample , 13 years old" in text_of(signed_in(who["front door"]), BOTH)


@pytest.mark.parametrize("by", ["police", "health", "council, not related"])
def test_another_statutory_agency_is_told_whom_to_ring_and_no_more_and_the_same_of_a_restricted_child(signed_in: Any, by: str) -> None:
    who = searchers()
    child = searched()
    client = signed_in(who[by])
    plain = bytes_of(client, BOTH)
    assert b"<strong>Known.</strong> Ring Safeguarding 9 on 020 7946 0909." in plain
    assert not re.search(rb"Fernleigh<|13 year|Sample Person\d+, Safeguarding|Looked after", plain)
    for typed in (BY_NUMBER, {"name": NAME, "number": NHS}):
        assert "Known. Ring Safeguarding 9" in text_of(client, typed), typed
    for typed in ({"name": NAME}, {"number": NHS}, {**BOTH, "born_on_2": "2011"}, {**BOTH, "name": "Rowan Samples"}):
        assert NOT_FOUND in text_of(client, typed), typed
    guard(child, "restricted")
    assert bytes_of(client, BOTH) == plain


def test_a_number_that_is_not_the_nhs_s_stands_in_for_nothing(signed_in: Any) -> None:
    who = searchers()
    receive_child(
        known=Known("Rowan", "Sample", BORN, identifiers=((IdentifierKind.COUNCIL, "main case system", "12345"),)),
        responsible=factories.authority(), host=None, source="main case system", by=factories.feed_post(), at=NOW,
    )  # fmt: skip
    assert NOT_FOUND in text_of(signed_in(who["police"]), {"name": NAME, "number": "12345"})
    assert "Known." in text_of(signed_in(who["police"]), {**BY_NUMBER, "number": "12345"})


@pytest.mark.parametrize("by", ["school", "charity", "housing"])
def test_a_school_and_the_voluntary_sector_see_their_own_and_the_front_door_is_told_of_any_other(signed_in: Any, by: str) -> None:
    who = searchers()
    client = signed_in(who[by])
    assert client.post("/find_child/", {"name": NAME}).status_code == 422
    absent = bytes_of(client, BOTH)
    child = searched()
    assert THANK_YOU in text_of(client, BOTH)
    assert bytes_of(client, BOTH) == absent
    guard(child, "restricted")
    assert bytes_of(client, BOTH) == absent
    unguard(child)
    with acting_as(factories.feed_post(), NOW):
        Relationship(
            child=child, kind=Kind.KNOWN_TO, holder_post=who[by], from_at=NOW - timedelta(days=1), because="pupil", source_label="tests"
        ).save(force_insert=True)
    text = text_of(client, BOTH)
    assert "Rowan Sample , born 6 May 2012" in text
    assert THANK_YOU not in text
    with acting_as(who[by], NOW):
        assert not FrontDoorQuestion.objects.exists()  # what was typed is not shown back
    with acting_as(who["front door"], NOW):
        asked = FrontDoorQuestion.objects.get()  # the same words on the same day are one question
        assert (asked.name, asked.born_on, asked.post) == (NAME, BORN, who[by])


def test_the_front_door_answers_a_question_and_nobody_else_does(signed_in: Any) -> None:
    who = searchers()
    signed_in(who["school"]).post("/find_child/", BOTH)
    client = signed_in(who["front door"])
    assert "1 question to answer" in client.get("/").content.decode()
    page = client.get("/view_front_door_questions/").content.decode()
    assert NAME in page
    assert "6 May 2012" in page
    with acting_as(who["front door"], NOW):
        question = FrontDoorQuestion.objects.get()
    address = f"/view_front_door_questions/{question.pk}/answer_front_door_question/"
    assert signed_in(who["police"]).get(address).status_code == 404
    assert signed_in(who["front door"]).post(address, {"outcome": "rang", "words": "Spoke with the lead"}).status_code == 302
    elsewhere = factories.post(
        "front_door", of=factories.team("Front door", of=factories.agency("Otherham Council", of=factories.authority("Otherham")))
    )
    with acting_as(elsewhere, NOW):
        assert not FrontDoorQuestion.objects.exists()
    with acting_as(who["front door"], NOW):
        assert FrontDoorQuestion.objects.get().outcome == "rang"
    with pytest.raises(Invalid, match="answered this already"):
        answer_front_door_question(question=question, outcome="rang", words="", by=who["front door"], at=NOW)
    with pytest.raises(Refused):
        ask_front_door(typed=Typed(NAME, BORN, ""), by=factories.administrator(), at=NOW)


@pytest.mark.parametrize("by", EVERYBODY)
def test_hidden_blocked_and_absent_are_the_same_bytes(signed_in: Any, by: str) -> None:
    who = searchers()
    client = signed_in(who[by])
    typed = [
        BOTH,
        BY_NUMBER,
        {**BOTH, "number": NHS},
        *([{"name": NAME}, {"number": NHS}] if by not in ("school", "charity", "housing") else []),
    ]
    absent = [bytes_of(client, one) for one in typed]
    assert all(b"020 7946 0101" in one for one in absent)
    child = searched()
    guard(child, "hidden")
    assert [bytes_of(client, one) for one in typed] == absent
    unguard(child)
    block(child, who[by])
    assert [bytes_of(client, one) for one in typed] == absent
    with acting_as(who[by], NOW):
        looks = Look.objects.filter(page="find_child")
        assert len(looks) == 3 * len(typed)
        assert {(tuple(look.children), look.event) for look in looks} == {((), "search")}
        assert all(term.startswith("#") for look in looks for term in look.terms or [])


def test_those_on_the_list_of_a_guarded_child_are_told_of_a_search_and_the_searcher_is_not(signed_in: Any) -> None:
    who, world = searchers(), make_world()
    child = searched(worker=world.worker)
    guard(child, "hidden")
    name_holder(child, world.worker)
    for by in ("police", "school", "front door"):
        signed_in(who[by]).post("/find_child/", BOTH)
    signed_in(who["police"]).post("/find_child/", {**BOTH, "name": "Somebody Else"})
    page = signed_in(world.worker).get("/").content.decode()
    assert page.count("searched for Rowan Sample") == 3
    assert "Northmarch Police" in page
    for post in (*who.values(), world.manager):
        assert "searched for" not in signed_in(post).get("/").content.decode()
    with acting_as(who["police"], NOW):
        assert not SilentNotice.objects.exists()


def test_a_card_names_its_child_in_the_look_and_who_looked_shows_the_search(signed_in: Any) -> None:
    who = searchers()
    child = searched()
    signed_in(who["police"]).post("/find_child/", BOTH)
    with acting_as(who["police"], NOW):
        look = Look.objects.get(page="find_child")
        assert (look.children, look.through) == ([child.pk], [])
    privacy = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, factories.authority(), post=privacy)
    page = signed_in(privacy).get(reverse("audit:view_looks", args=[child.pk])).content.decode()
    assert "A search that found the child" in page
    assert "Northmarch Police" in page


def test_a_related_worker_sees_the_own_child_in_full_and_no_card_of_it(signed_in: Any) -> None:
    world = make_world()
    typed = {"name": "example", "born_on_0": "4", "born_on_1": "3", "born_on_2": "2011"}
    for one in (typed, {**typed, "name": "Ashby Example"}):
        text = text_of(signed_in(world.worker), one)
        assert "Ashby Example , born 4 March 2011" in text
        assert "Known." not in text


def test_a_card_opens_nothing(signed_in: Any) -> None:
    who = searchers()
    child = searched()
    client = signed_in(who["police"])
    text = client.post("/find_child/", BOTH).content.decode()
    assert str(child.pk) not in text
    assert client.get(f"/child/{child.pk}/").status_code == 404


def test_a_wrong_purpose_a_lapsed_post_and_a_shift_that_is_over_get_no_card() -> None:
    who = searchers()
    searched()

    def cards(post: Post, **context: Any) -> int:
        with acting_as(post, context.pop("at", NOW), **context), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM gate_match(ARRAY['rowan sample'], '2012-05-06', '{}')")
            return int(cursor.fetchone()[0])

    def shape(post: Post, at: Any) -> str:
        with acting_as(post, at), connection.cursor() as cursor:
            cursor.execute("SELECT gate_search_shape()")
            return str(cursor.fetchone()[0])

    assert cards(who["police"]) == 1
    assert cards(who["police"], purpose=Purpose.AUDIT) == 0
    assert cards(who["police"], purpose=Purpose.SECTION_17) == 0  # a purpose for cards, but not the role's
    assert cards(factories.post("privacy_officer")) == 0
    assert cards(factories.administrator()) == 0
    assert (shape(who["emergency duty"], NOW), shape(who["emergency duty"], NOW + timedelta(days=2))) == ("screen", "card")
    Post.objects.filter(pk=who["police"].pk).update(until_on=NOW.date() - timedelta(days=1))
    assert cards(who["police"]) == 0


def test_ids_in_addresses_are_random() -> None:
    assert {factories.child(name).pk.version for name in ("Ash One", "Ash Two")} == {4}
