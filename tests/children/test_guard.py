"""A child is restricted to a list of names, or hidden from all but those on it: by whom, with whom, and what everybody else then sees."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.children.commands import Names, hide_child, lift_restriction, name_holder, remove_holder, restrict_child
from atlas.children.models import Child
from atlas.children.queries import who_answers
from atlas.gate.act import Invalid, Refused
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import NamedHolder, Proposal, Restriction
from atlas.gate.policy import OPENINGS, ROLES, Kind, Scope
from tests import factories
from tests.factories import NOW
from tests.gate import oracle
from tests.gate.test_matrix import relate
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
WHY = "The family is in the newspapers"
LATER = NOW + timedelta(hours=1)


def officer(world: World) -> Post:
    post = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=post)
    return post


def restricted(world: World, privacy: Post, by: Post | None = None) -> Restriction:
    names = Names((world.worker, world.manager, privacy))
    return restrict_child(child=world.child, names=names, because=WHY, by=by or world.manager, at=NOW)


def hidden(world: World, privacy: Post) -> Proposal:
    names = Names((world.worker, world.manager))
    made = hide_child(child=world.child, names=Names((*names.posts, privacy)), because=WHY, by=world.manager, at=NOW)
    assert isinstance(made, Proposal)
    return approve_proposal(proposal=made, by=privacy, at=NOW)


def sees(post: Post, world: World) -> bool:
    with acting_as(post, LATER) as subject:
        in_database = Child.objects.filter(pk=world.child.pk).exists()
        assert Child.objects.visible_to(subject).filter(pk=world.child.pk).exists() == in_database
    return in_database


def test_who_answers_is_offered_for_the_list() -> None:
    world = make_world()
    privacy, second = officer(world), factories.post("head_of_service", of=factories.team("Leadership"))
    world.manager.line_manager = second
    world.manager.save()
    with acting_as(world.manager, NOW):
        offered = {(str(one.who), one.why) for one in who_answers(world.child)}
    assert offered == {
        (str(world.worker), "works with the child"), (str(world.manager), "is in the line"), (str(second), "is in the line"),
        (str(privacy), "is the privacy officer"), ("Safeguarding 1", "answers for the child"),
    }  # fmt: skip
    with acting_as(privacy, NOW):
        assert {(str(one.who), one.why) for one in who_answers(world.child)} == offered
    for by in (world.stranger, world.police, factories.administrator()):
        with acting_as(by, NOW):
            assert who_answers(world.child) == []


def test_a_restricted_child_is_seen_by_those_on_the_list_alone_from_the_next_statement_on() -> None:
    world = make_world()
    privacy = officer(world)
    cover = factories.post("practitioner", of=world.worker.team)
    relate(cover, world.child, Kind.ALLOCATED, Scope.CHILD, factories.feed_post())
    with acting_as(cover, NOW):
        assert Child.objects.filter(pk=world.child.pk).exists()
        with acting_as(world.manager, NOW):
            restricted(world, privacy)
        assert not Child.objects.filter(pk=world.child.pk).exists()
    assert [sees(post, world) for post in (world.worker, world.manager, privacy)] == [True, True, True]
    assert not sees(cover, world)
    assert not sees(world.coordinator, world)
    (row,) = name_holder(child=world.child, names=Names((cover,)), because="Covers for the worker", by=world.manager, at=NOW)
    assert sees(cover, world)
    remove_holder(holder=row, because="The worker is back", by=world.manager, at=NOW)
    assert not sees(cover, world)


def test_a_name_alone_opens_nothing() -> None:
    world = make_world()
    restricted(world, officer(world))
    name_holder(child=world.child, names=Names((world.stranger,)), because="May work with the child", by=world.manager, at=NOW)
    assert not sees(world.stranger, world)


def test_what_would_leave_an_alert_with_nobody_is_refused() -> None:
    world = make_world()
    privacy = officer(world)
    for names, words in (
        (Names((world.worker, privacy)), "Name yourself too"),
        (Names((world.manager,)), "Name a privacy officer"),
    ):
        with pytest.raises(Invalid, match=words):
            restrict_child(child=world.child, names=names, because=WHY, by=world.manager, at=NOW)
    with pytest.raises(Invalid, match="Name somebody who works with the child"):
        restrict_child(child=world.child, names=Names((privacy,)), because=WHY, by=privacy, at=NOW)
    with pytest.raises(Invalid, match="Say why"):
        restrict_child(child=world.child, names=Names((world.manager, privacy)), because=" ", by=world.manager, at=NOW)
    with acting_as(world.manager, NOW):
        assert not NamedHolder.objects.exists()
    restricted(world, privacy)
    with pytest.raises(Invalid, match="is restricted already"):
        restricted(world, privacy)
    with acting_as(world.manager, NOW):
        rows = {row.holder_post_id: row for row in NamedHolder.objects.all()}
    remove_holder(holder=rows[world.worker.pk], because="Has left", by=world.manager, at=NOW)
    for post, words in ((world.manager, "Name somebody who works"), (privacy, "Name a privacy officer")):
        with pytest.raises(Invalid, match=words):
            remove_holder(holder=rows[post.pk], because="Has left", by=world.manager, at=NOW)
    with pytest.raises(Invalid, match="taken off the list already"):
        remove_holder(holder=rows[world.worker.pk], because="Has left", by=world.manager, at=LATER)
    with pytest.raises(Invalid, match="on the list already"):
        name_holder(child=world.child, names=Names((privacy,)), because="Again", by=world.manager, at=LATER)
    with pytest.raises(Invalid, match="no list of names"):
        name_holder(child=other_child(), names=Names((privacy,)), because="None", by=privacy, at=LATER)


def other_child() -> Child:
    return factories.child("Elm Example")


def test_to_hide_a_child_takes_two_people_and_both_are_named() -> None:
    world = make_world()
    privacy = officer(world)
    names = Names((world.worker, world.manager, privacy))
    proposal = hide_child(child=world.child, names=names, because=WHY, by=world.manager, at=NOW)
    assert isinstance(proposal, Proposal)
    assert sees(world.coordinator, world)
    approver = officer(world)
    approve_proposal(proposal=proposal, by=approver, at=NOW)
    assert not sees(world.coordinator, world)
    assert [sees(post, world) for post in (world.worker, world.manager, privacy, approver)] == [True] * 4
    with acting_as(approver, LATER):
        restriction = Restriction.objects.get()
        assert (restriction.sensitivity, restriction.because, restriction.made_by) == ("hidden", WHY, approver)
    other = other_child()
    with pytest.raises(Invalid, match="Name yourself too"):
        hide_child(child=other, names=Names((approver,), answering(other, privacy)), because=WHY, by=privacy, at=NOW)


def test_to_lift_takes_two_people_and_opens_the_child_again() -> None:
    world = make_world()
    privacy = officer(world)
    restriction = restricted(world, privacy)
    proposal = lift_restriction(restriction=restriction, because="It is over", by=world.manager, at=NOW)
    assert not sees(world.coordinator, world)
    assert isinstance(proposal, Proposal)
    approve_proposal(proposal=proposal, by=privacy, at=NOW)
    assert sees(world.coordinator, world)


def test_a_hidden_child_does_not_exist_for_anybody_else(signed_in: Any) -> None:
    """Every page that others may open is the same, byte for byte, as in a world without the child."""
    world = make_world()
    privacy = officer(world)
    paths = ["/", "/missing/", "/find_child/?", "/oversight/team_work/", "/oversight/timeliness/", "/allocation/unallocated/"]
    head = factories.post("head_of_service", of=factories.team("Elsewhere"))
    posts = (world.coordinator, world.police, head, world.stranger)
    without = pages(signed_in, posts, paths, world)
    child = factories.child("Rowan Hidden", when=NOW - timedelta(days=2))
    assert pages(signed_in, posts, paths, world) != without, "somebody must see the child before it is hidden, or this shows nothing"
    front = answering(child, privacy)
    proposal = hide_child(child=child, names=Names((privacy, factories.guardian(world.authority)), front), because=WHY, by=privacy, at=NOW)
    assert isinstance(proposal, Proposal)
    approve_proposal(proposal=proposal, by=factories.guardian(world.authority), at=NOW)
    assert pages(signed_in, posts, paths, world) == without
    for post in posts:
        client = signed_in(post, LATER)
        gone = client.get(reverse("desk:view_child", args=[uuid4()]))
        for name in ("desk:view_child", "desk:view_guard", "missing:report_missing", "audit:view_looks", "desk:hide_child"):
            answer = client.get(reverse(name, args=[child.pk]))
            assert (answer.status_code, same(answer.content.decode())) == (404, same(gone.content.decode())), name


def answering(child: Child, by: Post) -> tuple[Any, ...]:
    with acting_as(by, NOW):
        return tuple(one.who for one in who_answers(child) if not one.is_privacy)


def same(text: str) -> str:
    """A page without what is new at every request."""
    import re

    return re.sub(r'(value|nonce|content)="[^"]{20,}"', "", text)


def pages(signed_in: Any, posts: tuple[Post, ...], paths: list[str], world: World) -> list[str]:
    shown = []
    for post in posts:
        client = signed_in(post, LATER)
        shown += [same(client.get(path).content.decode()) for path in paths]
        found = client.post("/find_child/", {"name": "Rowan Hidden", "key": "k"})
        shown.append(same(found.content.decode()))
    return shown


@pytest.mark.parametrize("role", [role.key for role in ROLES])
def test_who_may_guard_in_the_database_is_who_the_oracle_says(role: str) -> None:
    """Under the service's own login: insert a name and a restriction, end a name; never lift, never hide, never in another's name."""
    feed, authority = factories.feed_post(), factories.authority()
    may = "restrict_child" in oracle.MAY[role]
    for opening in OPENINGS:
        child, post = factories.child(f"Ashby {opening.kind}"), factories.post(role, of=factories.team(f"{role} {opening.kind}"))
        relate(post, child, opening.kind, opening.scope, feed)
        kind = "line" if role == "manager" and opening.kind is Kind.TEAM_DUTY else opening.kind.value
        with acting_as(post, LATER) as subject:
            case = oracle.Case(role, frozenset({kind}), subject.purpose.value)
            expected = may and oracle.decide(case, role_may=may, record="guard", mode="write")
            name = NamedHolder(child=child, holder_post=post, from_at=LATER, named_by=post)
            assert is_let(name) == expected, (role, opening.kind)
            assert not is_let(NamedHolder(child=child, holder_post=post, from_at=LATER, named_by=feed))
            assert not is_let(Restriction(child=child, sensitivity="hidden", because="x", from_at=LATER, made_by=post))
            assert is_let(Restriction(child=child, sensitivity="restricted", because="x", from_at=LATER, made_by=post)) == expected
            assert Restriction.objects.filter(child=child).update(until_at=LATER) == 0
            if not expected:
                assert NamedHolder.objects.filter(child=child).update(until_at=LATER) == 0
        if expected:
            assert off_the_list_ends_nothing(child, feed)
    assert authority


def is_let(row: Any) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except ProgrammingError as problem:
        if "row-level security" not in str(problem):
            raise
        return False
    return True


def off_the_list_ends_nothing(child: Child, feed: Post) -> bool:
    """A manager in the line who is not on the list changes nothing of it."""
    other = factories.post("manager", of=factories.team("Other line"))
    relate(other, child, Kind.LINE, Scope.CHILD, feed)
    with acting_as(other, LATER + timedelta(minutes=1)):
        return not NamedHolder.objects.exists() and not is_let(NamedHolder(child=child, holder_post=other, from_at=LATER, named_by=other))


def test_the_case_holder_and_whoever_is_off_the_list_cannot_guard() -> None:
    world = make_world()
    privacy = officer(world)
    with pytest.raises(Refused):
        restricted(world, privacy, by=world.worker)
    restriction = restricted(world, privacy)
    unnamed = officer(world)
    names = Names((unnamed,))
    with pytest.raises(Refused):
        name_holder(child=world.child, names=names, because="I want to look", by=unnamed, at=NOW)
    with pytest.raises(Refused):
        lift_restriction(restriction=restriction, because="x", by=unnamed, at=NOW)


def test_the_pages(signed_in: Any) -> None:
    world = make_world()
    privacy = officer(world)
    client = signed_in(world.manager)
    path = reverse("desk:view_guard", args=[world.child.pk])
    assert path in client.get(reverse("desk:view_child", args=[world.child.pk])).content.decode()
    assert "This child is not restricted" in client.get(path).content.decode()
    form = client.get(path.replace("view_guard", "restrict_child")).content.decode()
    for post in (world.worker, world.manager, privacy):
        assert f'value="post:{post.pk}"' in form
    typed = {"names": [f"post:{post.pk}" for post in (world.worker, world.manager, privacy)], "because": WHY, "key": str(uuid4())}
    assert client.post(path.replace("view_guard", "restrict_child"), typed).headers["Location"] == path
    shown = client.get(path).content.decode()
    assert WHY in shown
    assert world.worker.user.name in shown
    assert (
        "Only those on the list of names see this child" in client.get(reverse("desk:view_child", args=[world.child.pk])).content.decode()
    )
    assert "Hide this child" in client.get(path.replace("view_guard", "hide_child")).content.decode()
    named = {"names": f"post:{world.stranger.pk}", "because": "Will take over", "key": str(uuid4())}
    assert client.post(path.replace("view_guard", "name_holder"), named).headers["Location"] == path
    with acting_as(world.manager, NOW):
        holder = NamedHolder.objects.get(holder_post=world.stranger)
    taken = client.post(reverse("desk:remove_holder", args=[holder.pk]), {"because": "Will not", "key": str(uuid4())})
    assert taken.headers["Location"] == path
    assert "Earlier on the list" in client.get(path).content.decode()
    client = signed_in(world.worker)
    shown = client.get(path).content.decode()
    assert WHY in shown
    assert "Name somebody" not in shown
    assert signed_in(world.stranger).get(path).status_code == 404
    shown = signed_in(privacy).post("/find_child/", {"name": world.child.name, "key": "k"}).content.decode()
    assert path in shown
