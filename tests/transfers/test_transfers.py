"""A transfer: offered, read, refused or accepted; what is open follows in one transaction; outside Atlas by a link."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Authority, Post, TeamPurpose
from atlas.allocation.commands import cover_child
from atlas.allocation.models import Allocation
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.connections.commands import block_worker
from atlas.feeds.models import Row
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource, Relationship
from atlas.gate.policy import Kind
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.trigger import write_trigger_plan
from atlas.missing.models import Episode, PlacedInNotice, ReturnInterview
from atlas.sealed.commands import seal_set
from atlas.sealed.queries import sets_to_open
from atlas.sharing import guest
from atlas.sharing.commands.disclosure import Guest
from atlas.sharing.models import GuestRequest
from atlas.tasks.models import Alert, Task
from atlas.transfers.commands.answer import answer_transfer, take_transfer_reply
from atlas.transfers.commands.handing import NAME_CUSTODIANS, READ_THE_PLAN
from atlas.transfers.commands.start import ANSWER_IT, REFUSED, Offer, send_transfer, start_transfer, withdraw_transfer
from atlas.transfers.models import Transfer
from atlas.transfers.queries import others_shown, request_of, waiting_for
from tests import factories
from tests.feeds.nights import EVERYTHING, PERSONS, Nights
from tests.missing.test_spine import BACK, returned
from tests.missing.test_trigger_plan import PLAN_WORDS
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
AT = BACK + timedelta(hours=3)
LATER = AT + timedelta(hours=2)


@dataclass
class There:
    """The other authority, which works in Atlas."""

    authority: Authority
    manager: Post
    worker: Post
    coordinator: Post


def there() -> There:
    """Southmere, with a front door, a missing team, a manager and a worker."""
    authority = factories.authority("Southmere")
    council = factories.agency("Southmere Council", of=authority)
    factories.team("Southmere front door", TeamPurpose.FRONT_DOOR, of=council)
    missing, team = factories.team("Southmere missing", TeamPurpose.MISSING, of=council), factories.team("Southmere one", of=council)
    manager = factories.post("manager", of=team)
    coordinator = factories.post("missing_coordinator", of=missing)
    factories.duty(Kind.MISSING_COORDINATOR, authority, post=coordinator)
    return There(authority, manager, factories.post("practitioner", of=team, line_manager=manager), coordinator)


def offer_of(child: Child, **changed: Any) -> Offer:
    """What is said of it."""
    return replace(Offer("The family moves", "Likes to be rung first", True, True, items=(f"who:{child.pk}",)), **changed)


def busy() -> World:
    """A child with an interview owed, missing again, with a trigger plan."""
    world = make_world()
    returned(world)
    report_missing(child=world.child, report=Report(reported=Moment(AT), worry="Not home"), by=world.coordinator, at=AT)
    write_trigger_plan(child=world.child, words=PLAN_WORDS, by=world.worker, at=AT)
    return world


def started(world: World, other: There, **changed: Any) -> Transfer:
    """The manager offers the child to the manager there."""
    return start_transfer(child=world.child, to_post=other.manager, offer=offer_of(world.child, **changed), by=world.manager, at=AT)


def of(post: Post, transfer: Transfer, at: Any = LATER) -> Transfer:
    """The transfer as a post reads it."""
    with acting_as(post, at):
        return Transfer.objects.select_related("child__responsible_authority", "to_authority", "host_after", "from_authority").get(
            pk=transfer.pk
        )


def test_until_the_answer_nothing_moves_and_whoever_is_asked_reads_what_was_compiled() -> None:
    world, other = busy(), there()
    transfer = started(world, other)
    opened = dict(transfer.view["open"])
    assert len(opened["Missing now"]) == len(opened["Return interviews owed"]) == len(opened["Trigger plan"]) == 1
    assert [item["lines"][0] for item in transfer.view["items"]] == [["Name", "Ashby Example"]]
    with acting_as(other.manager, AT) as subject:
        assert [one.pk for one in waiting_for(subject)] == [transfer.pk]
        task = Task.objects.get(name=ANSWER_IT)
        assert (task.owner_post, task.due_at) == (
            other.manager,
            factories.at("12 May 2026 23:59") + timedelta(seconds=59),
        )  # they read it too
        assert Child.objects.visible_to(subject).count() == 1
        assert not Episode.objects.exists() and not ReturnInterview.objects.exists()
    with pytest.raises(Refused):  # an offer lets nobody work with the child
        cover_child(child=world.child, post=other.manager, by=other.manager, at=AT)
    with acting_as(world.worker, AT):
        assert Allocation.objects.get(until_at=None).post == world.worker
        clock = Clock.objects.get(limit="transfer_answer")
        assert clock.due_at == factories.at("12 May 2026 23:59") + timedelta(seconds=59)  # 5 working days from Tuesday; the product's own
        assert Task.objects.get(clock=clock).owner_post == world.worker  # it climbs the ladder of whoever offers
    with acting_as(world.coordinator, AT) as subject:
        assert [one.pk for one in others_shown(subject, AT)] == [transfer.pk]
    for shut in (world.stranger, other.worker, other.coordinator):
        with acting_as(shut, AT):
            assert not Transfer.objects.exists()


def test_with_a_yes_everything_that_is_open_follows_at_once() -> None:
    world, other = busy(), there()
    transfer = started(world, other)
    answer_transfer(transfer=of(other.manager, transfer), is_accepted=True, lead=other.worker, by=other.manager, at=LATER)
    with acting_as(other.worker, LATER):
        child = Child.objects.get()
        assert (child.responsible_authority, child.host_authority) == (other.authority, other.authority)
        assert Allocation.objects.get(until_at=None).post == other.worker
        episode, interview = Episode.objects.get(state="missing"), ReturnInterview.objects.get()
        assert episode.responsible_authority == interview.responsible_authority == interview.host_authority == other.authority
        assert set(Clock.objects.filter(outcome="running").values_list("authority", flat=True)) == {other.authority.pk}
        assert Clock.objects.get(limit="transfer_answer").outcome == "in_time"
        owners = set(Task.objects.filter(state="open", owner_team=None).values_list("owner_post", flat=True))
        assert owners == {other.worker.pk}
        assert Task.objects.filter(name=READ_THE_PLAN).exists()
        alert = Alert.objects.get(reason="child_missing", acknowledged_at=None)
        assert (alert.authority, alert.owner_post, alert.rung) == (other.authority, other.worker, 0)
        assert not Relationship.objects.filter(kind=Kind.TRANSFER, until_at__gt=LATER).exists()
    for now_shut in (world.worker, world.manager):
        with acting_as(now_shut, LATER):
            assert not Child.objects.exists() and not Episode.objects.exists()
    with acting_as(other.coordinator, LATER):
        assert Episode.objects.filter(state="missing").count() == 1
    # What was before stays theirs to count, and how the offer ended; once the 72 hours of the return before are over, no more.
    after = LATER + timedelta(hours=72)
    with acting_as(world.coordinator, after) as subject:
        assert list(Episode.objects.values_list("state", flat=True)) == ["returned"]
        assert Transfer.objects.get().state == "accepted" and others_shown(subject, after) == []  # whose the child is not shown any more


def test_what_is_sealed_goes_to_who_works_with_the_child_who_is_asked_to_let_custodians_be_named() -> None:
    world, other = make_world(), there()
    seal_set(child=world.child, kind="location", values={"address": "9 Fen Row"}, by=world.worker, at=AT)
    transfer = started(world, other)
    assert len(dict(transfer.view["open"])["What is sealed"]) == 1 and "Fen Row" not in str(transfer.view)
    answer_transfer(transfer=of(other.manager, transfer), is_accepted=True, lead=other.worker, by=other.manager, at=LATER)
    with acting_as(other.worker, LATER) as subject:
        assert Task.objects.get(name=NAME_CUSTODIANS).owner_post == other.worker
        assert len(sets_to_open(subject)) == 1
    with acting_as(world.worker, LATER) as subject:
        assert not sets_to_open(subject)


def test_a_no_goes_back_with_its_reason_and_of_two_answers_the_second_is_told() -> None:
    world, other = busy(), there()
    transfer = started(world, other)
    stale = of(other.manager, transfer)
    with pytest.raises(Invalid, match="Say why"):
        answer_transfer(transfer=stale, is_accepted=False, by=other.manager, at=LATER)
    with pytest.raises(Invalid, match="whose manager you are"):
        answer_transfer(transfer=stale, is_accepted=True, lead=world.worker, by=other.manager, at=LATER)
    answer_transfer(transfer=stale, is_accepted=False, words="The family is not known to live here", by=other.manager, at=LATER)
    with pytest.raises(Refused):  # what the offer opened has ended with it
        answer_transfer(transfer=stale, is_accepted=True, lead=other.worker, by=other.manager, at=LATER)
    with pytest.raises(Invalid, match="answered or taken back already"):
        withdraw_transfer(transfer=transfer, reason="Too late", by=world.manager, at=LATER)
    with acting_as(world.manager, LATER):
        assert Child.objects.get().responsible_authority == world.authority
        assert Task.objects.get(name=REFUSED).owner_post == world.manager
        assert Clock.objects.get(limit="transfer_answer").outcome == "in_time"
    again = start_transfer(child=world.child, to_post=other.manager, offer=offer_of(world.child), by=world.manager, at=LATER)
    withdraw_transfer(transfer=again, reason="They stay after all", by=world.manager, at=LATER)
    with acting_as(other.manager, LATER + timedelta(minutes=1)):
        assert not Transfer.objects.exists() and not Child.objects.exists()


def test_who_may_offer_and_who_may_not_be_asked() -> None:
    world, other = make_world(), there()
    child, offer = world.child, offer_of(world.child)
    for by in (world.worker, world.coordinator, factories.post("manager", of=world.stranger.team)):
        with pytest.raises(Refused):
            start_transfer(child=child, to_post=other.manager, offer=offer, by=by, at=AT)
    for to in (world.manager, other.worker, factories.post("manager", of=world.stranger.team)):
        with pytest.raises(Invalid, match="a manager of another authority"):
            start_transfer(child=child, to_post=to, offer=offer, by=world.manager, at=AT)
    for wrong, words in ((replace(offer, reason=" "), "why the child moves"), (replace(offer, is_family_told=False), "why the family")):
        with pytest.raises(Invalid, match=words):
            start_transfer(child=child, to_post=other.manager, offer=wrong, by=world.manager, at=AT)
    shut = factories.post("manager", of=other.manager.team)
    block_worker(child=child, user=shut.user, source=BlockSource.WISH, by=factories.guardian(world.authority), at=AT)
    factories.guard(child, "hidden", world.manager, world.worker, at=AT)
    for to in (shut, other.manager):  # a conflict, and a list of names that leaves them out: the same words
        with pytest.raises(Invalid, match="Atlas cannot share this"):
            start_transfer(child=child, to_post=to, offer=offer, by=world.manager, at=AT)
    harwick = factories.authority("Harwick")
    with pytest.raises(Invalid, match="Nobody outside is asked"):
        send_transfer(child=child, to_authority=harwick, guest=guest_there(), offer=offer, by=world.manager, at=AT)
    factories.name(child, other.manager, at=AT)
    transfer = start_transfer(child=child, to_post=other.manager, offer=offer, by=world.manager, at=AT)
    with pytest.raises(Invalid, match="offered to an authority already"):
        start_transfer(child=child, to_post=other.manager, offer=offer, by=world.manager, at=AT)
    with pytest.raises(Invalid, match="Atlas cannot share this"):  # nor is the child given to a worker whom the list leaves out
        answer_transfer(transfer=of(other.manager, transfer), is_accepted=True, lead=other.worker, by=other.manager, at=LATER)
    with acting_as(world.worker, LATER):
        assert Child.objects.get().responsible_authority == world.authority


def test_a_child_who_lives_on_here_stands_in_the_placed_in_register() -> None:
    world, other = busy(), there()
    transfer = started(world, other, moves_home=False)
    answer_transfer(transfer=of(other.manager, transfer), is_accepted=True, lead=other.manager, by=other.manager, at=LATER)
    with acting_as(world.coordinator, LATER):  # the host's: the child lives here
        notice = PlacedInNotice.objects.get(ended_on=None)
        assert (notice.responsible_authority, notice.host_authority) == (other.authority, world.authority)
        assert Episode.objects.get(state="missing").host_authority == world.authority
    back = start_transfer(
        child=world.child, to_post=world.manager, offer=offer_of(world.child, moves_home=False), by=lead_of(other), at=LATER
    )
    answer_transfer(transfer=of(world.manager, back), is_accepted=True, lead=world.worker, by=world.manager, at=LATER + timedelta(hours=1))
    with acting_as(world.worker, LATER + timedelta(hours=1)):
        assert Child.objects.get().responsible_authority == world.authority
        assert PlacedInNotice.objects.get().ended_on == LATER.date()


def lead_of(other: There) -> Post:
    """Who stands above the manager who has the child: a head of service there."""
    head = factories.post("head_of_service", of=other.manager.team)
    Post.objects.filter(pk=other.manager.pk).update(line_manager=head)
    return head


def guest_there(day: Any = AT) -> Guest:
    """Somebody without an account."""
    return Guest("Sample Harwicker", "Harwick Council, children in care", "07700 900457", "Sample Manager", day.date())


def replied(transfer: Transfer, asked: GuestRequest, kind: str, at: Any, manager: Post) -> Any:
    """What the guest answers, as the manager reads it."""
    guest.keep_code(asked.token_hash, "123456", at, {"network": "192.0.2.0/24"})
    proof = guest.prove(asked.token_hash, "123456", at) or ""
    view = guest.shown_to(asked.token_hash, proof, at)
    assert view is not None and "Does Harwick take over responsibility" in view["question"] and view["asks"] == "transfer"
    assert guest.give_answer(asked.token_hash, proof, at, key="k", kind=kind, words="Sam Lee, 01632 960111", file=None, file_kind="")
    with acting_as(manager, at):
        found = request_of(transfer)
        assert found is not None
        return found.answer


def test_outside_atlas_by_a_link_and_the_first_main_system_is_not_heard_of_the_child_any_more(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.deliver(**EVERYTHING)
    world, child, at = nights.world, nights.child(), nights.later
    report_missing(child=child, report=Report(reported=Moment(at), worry="Not home"), by=world.coordinator, at=at)
    harwick, offer = factories.authority("Harwick"), offer_of(child)
    asked = send_transfer(child=child, to_authority=harwick, guest=guest_there(at), offer=offer, by=world.manager, at=at)
    with acting_as(world.manager, at):
        transfer = Transfer.objects.get()
    answer = replied(transfer, asked, "accepted", at, world.manager)
    with acting_as(world.worker, at):
        assert Child.objects.get(pk=child.pk).responsible_authority == world.authority  # until somebody here takes it over
    take_transfer_reply(transfer=of(world.manager, transfer, at), answer=answer, by=world.manager, at=at)
    with pytest.raises((Invalid, Refused)):
        take_transfer_reply(transfer=transfer, answer=answer, by=world.manager, at=at)
    front_door = factories.post("front_door", of=factories.team("Front door", TeamPurpose.FRONT_DOOR))
    with acting_as(front_door, at):
        assert Child.objects.get(pk=child.pk).responsible_authority == harwick
        assert (Episode.objects.get(child=child).state, Episode.objects.get(child=child).ended_because) == ("ended", "moved")
        assert not Clock.objects.filter(child=child, outcome="running").exists()
        assert not Allocation.objects.filter(child=child, until_at=None).exists()
    with acting_as(world.worker, at):
        assert not Child.objects.filter(pk=child.pk).exists()
    delivery = nights.deliver(**{**EVERYTHING, "ssd_person": [PERSONS, ["P1", "Rowan", "Sampler", "01/02/2012", ""]]})
    said = nights.rows(delivery)["ssd_person", "P1"]
    assert said.state == Row.State.QUARANTINED
    assert said.reason.startswith("This child was transferred to Harwick")


def test_a_no_from_outside_goes_back(signed_in: Any) -> None:
    world, harwick = make_world(), factories.authority("Harwick")
    asked = send_transfer(
        child=world.child, to_authority=harwick, guest=guest_there(), offer=offer_of(world.child), by=world.manager, at=AT
    )
    with acting_as(world.manager, AT):
        transfer = Transfer.objects.get()
    answer = replied(transfer, asked, "refused", AT, world.manager)
    for page in ("view_transfer", "take_transfer_reply"):  # in the words of this question, not of the return interview
        shown = signed_in(world.manager, LATER).get(reverse(f"transfers:{page}", args=[transfer.pk])).content.decode()
        assert "No: it does not" in shown
    assert "Fernleigh stays responsible" in shown  # what follows is said before it is done
    take_transfer_reply(transfer=of(world.manager, transfer), answer=answer, by=world.manager, at=LATER)
    assert of(world.manager, transfer).state == "refused"


def test_the_pages(signed_in: Any) -> None:
    world, other = busy(), there()
    ours, start = signed_in(world.manager, AT), reverse("transfers:start_transfer", args=[world.child.pk])
    assert start in ours.get(f"/child/{world.child.pk}/").content.decode()
    assert ours.post(start, {}).status_code == 422
    given = {
        "to_post": str(other.manager.pk),
        "moves_home": "yes",
        "reason": "The family moves",
        "must_know": "Rings",
        "family_told": "yes",
    }
    sent = ours.post(start, {**given, "items": [f"who:{world.child.pk}"], "key": "a"})
    assert sent.status_code == 302 and "Take the offer back" in ours.get(sent.url).content.decode()
    theirs = signed_in(other.manager, LATER)
    assert world.child.name in theirs.get(reverse("transfers:view_transfers")).content.decode()
    seen = theirs.get(sent.url).content.decode()
    assert "Rings" in seen and "Missing: reported missing" in seen and "Take the offer back" not in seen
    assert theirs.get(f"/child/{world.child.pk}/").status_code == 404
    answer = sent.url + "answer_transfer/"
    wrong = theirs.post(answer, {"answer": "no", "words": "", "key": "b"})
    assert wrong.status_code == 422 and "Say why your authority does not take the child over" in wrong.content.decode()
    page = theirs.get(answer).content.decode()
    base = page.split('name="base"')[1].split('value="')[1].split('"')[0]
    done = theirs.post(answer, {"answer": "yes", "lead": str(other.worker.pk), "words": "", "key": "c", "base": base})
    assert done.status_code == 302
    factories.authority("Harwick")
    assert "Harwick" in theirs.get(reverse("transfers:send_transfer", args=[world.child.pk])).content.decode()
    assert signed_in(world.manager, LATER).get(f"/child/{world.child.pk}/").status_code == 404
