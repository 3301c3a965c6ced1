"""Sharing with one named post: what it takes, who may open it, until when; refusing; sharing again; ending."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.urls import reverse

from atlas.agencies.models import Agency, Post
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Block, Look, Relationship
from atlas.missing.commands.episode import set_exploitation_marker
from atlas.sharing.commands.disclosure import NOT_TO_THEM, disclose, refuse_to_share, reshare_disclosure, withdraw_disclosure
from atlas.sharing.compile import offered, view_hash
from atlas.sharing.models import Disclosure
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.sharing.views_drill import GROUNDS
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


def share(world: World, recipient: Post | None = None, items: list[str] | None = None, **given: Any) -> Disclosure:
    return disclose(
        child=world.child, recipient=recipient or officer(), items=items or [f"who:{world.child.pk}"],
        **{"grounds": GROUNDS, "by": world.worker, "at": NOW, **given},
    )  # fmt: skip


def officer(role: str = "police_officer") -> Post:
    return factories.post(role, of=factories.team("Public protection", of=factories.agency("Northmarch Police")))


def readable(post: Post, disclosure: Disclosure, at: Any = LATER) -> bool:
    """Whether the database gives this post the row: asked under the service's login, with no filter of ours."""
    with acting_as(post, at):
        return Disclosure.objects.filter(pk=disclosure.pk).exists()


def test_the_recipient_opens_that_version_alone_and_nothing_else_of_the_child(world: World, signed_in: Any) -> None:
    police = officer()
    made = share(world, police)
    assert made.view is not None
    assert made.digest == view_hash(made.view, police.pk)
    client = signed_in(police, LATER)
    page = client.get(reverse("sharing:view_disclosure", args=[made.pk])).content.decode()
    assert world.child.name in page
    assert "OFFICIAL-SENSITIVE" in page
    assert made.reason not in page  # why is for those who may disclose
    assert client.get(reverse("desk:view_child", args=[world.child.pk])).status_code == 404
    assert client.get(reverse("sharing:view_disclosures", args=[world.child.pk])).status_code == 404
    assert reverse("sharing:view_disclosure", args=[made.pk]) in client.get(reverse("sharing:view_shared")).content.decode()
    with acting_as(police, LATER):
        assert not Child.objects.exists()
        assert Look.objects.filter(page="view_disclosure", children__contains=[world.child.pk]).exists()


def test_one_recipient_never_reads_what_went_to_another(world: World) -> None:
    one, two = officer(), officer("health")
    mine, theirs = share(world, one), share(world, two)
    assert readable(one, mine)
    assert readable(two, theirs)
    assert not readable(one, theirs)
    assert not readable(two, mine)
    refused = refuse_to_share(child=world.child, grounds=replace(GROUNDS, asked_words="A hotel rang"), by=world.worker, at=NOW)
    assert not readable(one, refused)
    assert readable(world.worker, refused)
    assert not readable(world.stranger, mine)


def test_a_longer_disclosure_does_not_keep_a_shorter_one_open(world: World) -> None:
    police = officer()
    short, long = share(world, police, days=7), share(world, police, days=60)
    after = NOW + timedelta(days=8)
    assert not readable(police, short, after)
    assert readable(police, long, after)


def test_nothing_is_read_after_it_ends_over_400_days(world: World, signed_in: Any) -> None:
    """Protection table A, A11, with the notice five days before."""
    police = officer()
    made = share(world, police)
    days = [day for day in range(401) if readable(police, made, NOW + timedelta(days=day))]
    assert days == list(range(28))
    for day, status in ((27, 200), (28, 404), (29, 404), (182, 404), (400, 404)):
        signed_in(police, NOW + timedelta(days=day))  # sets the clock; the session before has ended
        client = signed_in(police, NOW + timedelta(days=day))
        for page in ("view_disclosure", "print_disclosure"):
            assert client.get(reverse(f"sharing:{page}", args=[made.pk])).status_code == status, day
    assert made.until_at is not None
    with acting_as(world.worker, NOW):
        assert Task.objects.get(about_id=made.pk).due_at == made.until_at - timedelta(days=5)
        assert Relationship.objects.get(source_id=made.pk).until_at == made.until_at


@pytest.mark.parametrize("days", [0, 183])
def test_the_length_has_limits_in_words(world: World, days: int) -> None:
    with pytest.raises(Invalid, match="182"):
        share(world, days=days)


def test_a_conflict_at_sending_is_answered_without_saying_so(world: World) -> None:
    police, gone = officer(), officer()
    Post.objects.filter(pk=gone.pk).update(until_on=NOW.date() - timedelta(days=1))
    block(world, police)
    for recipient in (police, gone, world.worker, factories.administrator(), factories.feed_post()):
        with pytest.raises(Invalid) as problem:
            share(world, recipient)
        assert problem.value.message == NOT_TO_THEM


def test_a_conflict_after_sending_shuts_it(world: World) -> None:
    police = officer()
    made = share(world, police)
    assert readable(police, made)
    block(world, police)
    assert not readable(police, made)


def block(world: World, post: Post) -> None:
    with acting_as(post, NOW):
        Block(child=world.child, user=post.user, because="cousin", from_at=NOW, made_by=post).save(force_insert=True)


def test_an_agreement_that_lapses_shuts_it(world: World) -> None:
    police = officer()
    made = share(world, police)
    Agency.objects.filter(pk=police.team.agency_id).update(agreement_until=NOW.date())
    assert not readable(Post.objects.get(pk=police.pk), made, NOW + timedelta(days=2))


def test_a_restricted_child_is_shared_with_the_named_alone_and_an_earlier_version_shuts(world: World) -> None:
    police = officer()
    made = share(world, police)
    restrict(world)
    assert not readable(police, made)
    with pytest.raises(Invalid) as problem:
        share(world, police, at=LATER)
    assert problem.value.message == NOT_TO_THEM


def restrict(world: World) -> None:
    at = NOW + timedelta(hours=2)
    factories.guard(world.child, "restricted", world.worker, at=at)


def test_an_old_version_is_not_shared_again_after_a_restriction(world: World) -> None:
    made = share(world)
    restrict(world)
    with pytest.raises(Invalid, match="restricted since"):
        reshare_disclosure(disclosure=made, by=world.worker, at=LATER)


def test_an_old_version_is_not_shared_again_after_the_record_has_changed(world: World) -> None:
    from atlas.children.commands import Known, correct_child

    made = share(world)
    again = reshare_disclosure(disclosure=made, days=10, by=world.worker, at=LATER)
    assert again.repeats == made
    assert again.content_digest == made.content_digest
    correct_child(child=world.child, known=Known("Ashby", "Sample", None), source="test", by=factories.feed_post(), at=LATER)
    with pytest.raises(Invalid, match="changed since"):
        reshare_disclosure(disclosure=made, by=world.worker, at=LATER)


def test_it_is_ended_at_once(world: World) -> None:
    police = officer()
    made = share(world, police)
    withdraw_disclosure(disclosure=made, reason="Sent to the wrong team", by=world.worker, at=NOW + timedelta(hours=1))
    assert not readable(police, made)
    with pytest.raises(Invalid, match="ended already"):
        withdraw_disclosure(disclosure=made, reason="Again", by=world.worker, at=LATER)


def test_a_version_cannot_be_rewritten_by_the_service(world: World) -> None:
    made = share(world)
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(world.worker, NOW):
        Disclosure.objects.filter(pk=made.pk).update(view={"items": []})


def test_who_does_not_work_with_the_child_shares_nothing(world: World) -> None:
    for by in (world.stranger, world.police, world.coordinator):
        with pytest.raises(Refused):
            share(world, by=by)
    with connection.cursor() as cursor, acting_as(world.stranger, NOW):
        cursor.execute("SELECT gate_may_receive(%s, %s)", [world.police.pk, world.child.pk])
        assert cursor.fetchone() == (False,)


def test_what_cannot_be_chosen_cannot_be_shared(world: World) -> None:
    other = factories.child("Brook Example")
    for items in ([f"who:{other.pk}"], ["contact:" + str(world.child.pk)], ["who:nonsense"], ["who:" + str(world.child.pk), "raw:1"]):
        with pytest.raises(Invalid, match="Choose what to share"):
            share(world, items=items)


def test_words_that_name_another_child_are_not_shared(world: World) -> None:
    from atlas.allocation.commands import record_allocation

    other = factories.child("Brook Example")
    record_allocation(child=other, post=world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    set_exploitation_marker(child=world.child, words="Seen with Brook Example", since=Moment(NOW), by=world.worker, at=NOW)
    with acting_as(world.worker, NOW) as subject:
        key = next(key for key, words in offered(subject, world.child.pk) if "Seen with" in words)
    with pytest.raises(Invalid, match="names another child"):
        share(world, items=[key])


def test_the_grounds_are_whole(world: World) -> None:
    for given, words in (
        ({"reason": " "}, "Say why"), ({"is_family_told": False}, "Say why the family"), ({"purpose": "audit"}, "Choose what it is for"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=words):
            share(world, grounds=replace(GROUNDS, **given))
    with pytest.raises(Invalid, match="Say who asked"):
        refuse_to_share(child=world.child, grounds=GROUNDS, by=world.worker, at=NOW)


def test_the_form_shares_and_keeps_what_was_typed(world: World, signed_in: Any) -> None:
    police = officer()
    client, address = signed_in(world.worker), reverse("sharing:disclose", args=[world.child.pk])
    typed = {
        "recipient": str(police.pk), "purpose": "section_47", "reason": "They look for the child", "ground": "public_task",
        "items": [f"who:{world.child.pk}"], "family_told": "no", "family_reason": "", "days": "28", "key": "k1",
    }  # fmt: skip
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "Say why the family has not been told." in answer.content.decode()
    assert "They look for the child" in answer.content.decode()
    whole = {**typed, "family_reason": "It could put the child in danger"}
    assert client.post(address, whole).status_code == 302
    other = client.post(address, {**whole, "reason": "They asked for it"})
    assert other.status_code == 422
    assert "sent already" in other.content.decode()
    assert "They asked for it" in other.content.decode()
    page = client.get(reverse("sharing:view_disclosures", args=[world.child.pk])).content.decode()
    assert "It could put the child in danger" in page
