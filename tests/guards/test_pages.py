"""Every page opens for somebody who may, with something in every part of it, and its template asks the database nothing.

That a template asks nothing is held in tests/conftest.py, for every page that any test opens.
"""

import ast
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.template import engines
from django.urls import reverse
from PIL import Image

from atlas.advice.commands import refer_to_team
from atlas.advice.models import Referral
from atlas.agencies.models import Agency, Authority, Post, Shift, Team, User
from atlas.allegations.commands import Alleged, receive_allegation, record_allegation
from atlas.allocation.commands import make_promise, name_trusted_adult, record_allocation
from atlas.allocation.models import Promise, TrustedAdult
from atlas.children.commands import Known, lift_restriction
from atlas.chronology.kinds import Kind as Happened
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.connections.commands import block_worker, record_tie
from atlas.connections.models import Tie
from atlas.copies.commands.channel import set_copy_channel
from atlas.copies.models import Channel, Copy
from atlas.desk.commands import Typed, ask_front_door
from atlas.desk.models import FrontDoorQuestion
from atlas.directwork.commands import WorkPlanned, start_programme
from atlas.directwork.models import Programme
from atlas.feeds.models import CodeMapping
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import Block, BlockSource, NamedHolder, Proposal, Restriction
from atlas.gate.policy import ROLE, Kind, Purpose
from atlas.intelligence.commands import propose_product, record_intelligence
from atlas.intelligence.models import Product, Raw
from atlas.linkage.models import Pair
from atlas.meetings.codes import Settles
from atlas.meetings.commands.kinds import add_meeting_kind
from atlas.meetings.rules.local_kinds import KindGiven
from atlas.missing.codes import Audience, ContactKind, Grade, HowTold, OfferMethod, PoliceStatus, Wish
from atlas.missing.commands import episode as add
from atlas.missing.commands.comparison import PoliceSays, ask_differences, record_police_report
from atlas.missing.commands.offer import book_interview, offer_interview
from atlas.missing.commands.photograph import add_photograph
from atlas.missing.commands.placed_in import NoticeOf, register_placed_in
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.step import take_step
from atlas.missing.commands.talk import Conversation, record_interview, share_part
from atlas.missing.commands.telling import do_not_tell_parent, record_told
from atlas.missing.commands.together import record_missing_together
from atlas.missing.commands.trigger import add_trigger_action, write_trigger_plan
from atlas.missing.models import (
    Difference,
    Episode,
    LocationMention,
    MissingTogether,
    NotToldYet,
    Photograph,
    PlacedInNotice,
    QualityCheck,
    RepeatTrigger,
    ReturnInterview,
    SecondReading,
    TriggerAction,
    TriggerPlan,
)
from atlas.missing.queries.comparison import Heard
from atlas.network.codes import Capacity
from atlas.network.commands import record_link
from atlas.network.models import Link, Together
from atlas.oversight.commands import record_leave
from atlas.plans.models import PlanLine, SafetyPlan
from atlas.returns.commands import check_return
from atlas.returns.models import ReturnCheck
from atlas.returns.queries.tables import collections
from atlas.running.models import Shelved
from atlas.sealed.commands import lift_seal, name_custodian, seal_set
from atlas.sealed.models import SealedSet, SealLift
from atlas.sharing import guest
from atlas.sharing.commands.carers import give_carer_page
from atlas.sharing.commands.disclosure import Grounds, disclose, refuse_to_share
from atlas.sharing.models import CarerWords, ChildWords, CopyGiven, Disclosure, Export, GuestAnswer, GuestRequest
from atlas.sharing.queries import clock_of_carer, clock_of_child
from atlas.sharing.rules import Ground
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import Spell
from atlas.systems.commands import let_system_act
from atlas.systems.models import ConnectedSystem, SystemGrant
from atlas.tasks.models import Alert, OvernightLine, Task
from atlas.transfers.commands.start import Offer, start_transfer
from atlas.transfers.models import Transfer
from tests import factories
from tests.break_glass.given import broken, carded
from tests.contacts.given import in_every_part
from tests.exploitation.given import exploited
from tests.factories import LONG_AGO
from tests.feeds.test_deliveries import GOOD, police_file, receive, rows_of
from tests.guards.reading import ATLAS, SOURCES, functions, gated_pages, pages
from tests.intelligence.given import desk, sanitised, supplied
from tests.linkage.given import pair_of, searched, twice
from tests.meetings.given import met
from tests.missing.test_spine import BACK, COMPLETE, returned
from tests.missing.test_trigger_plan import PLAN_WORDS
from tests.network.given import another_child, link_given, missing, papers, together_told
from tests.plans.given import agreed as agreed_plan
from tests.plans.given import tell
from tests.profile.given import profiled
from tests.retention.given import retained
from tests.returns.given import file as return_file
from tests.sealed.given import vetted_post
from tests.sharing.given import asked
from tests.sharing.guest_drill import SURGERY, ask
from tests.sharing.mine_drill import give
from tests.subject_access.given import asked_for
from tests.systems.given import Key, connected_system
from tests.world import World, make_world

AFTER = BACK + timedelta(hours=2)
AGAIN = AFTER + timedelta(days=1)
NOT_SHOWN = {
    "save_interview_draft",  # answers what a page's script sends, and shows no page of its own
    "view_sealed_set",  # shows what the unsealer hands out: tests/sealed/test_pages.py opens it
    "take_transfer_reply",  # about what a guest sent of a transfer: tests/transfers/test_transfers.py opens it
    "take_reply",  # about what a guest sent of an interview: tests/missing/test_responsible.py opens it
    "swap_shift",  # about a shift that is no leave: tests/oversight/test_rota.py opens it
    "take_off_shift",  # the same
    "close_odd_look",  # about what tick finds under its own login: tests/audit/test_odd_looks.py opens it
    "decide_suggestion",  # the same: tests/connections/test_suggestions.py opens it
}
TITLE = re.compile(r"<title[^>]*>([^<]*)</title>")
ASKS = re.compile(r"\.(objects|all|filter|exclude|exists|first|last|count|order_by|select_related|prefetch_related)\b(?=\s*\()")


TALK = Conversation(
    texts={**COMPLETE.texts, "places_answer": "mentioned", "people_answer": "mentioned", "during_words": "At the arcade."},
    answers=COMPLETE.answers,
    places=[{"words": "The arcade"}],
    people=[{"words": "Somebody called Jay"}],
)


def held(world: World) -> ReturnInterview:
    """A return interview that was offered, arranged, held, and passed on in part."""
    interview, by = returned(world), world.interviewer
    offer_interview(interview=interview, offered_at=Moment(AFTER), method=OfferMethod.IN_PERSON, by=by, at=AFTER)
    book_interview(interview=interview, meets_at=AFTER, place="The library", by=by, at=AFTER)
    record_interview(interview=interview, conversation=TALK, held_at=Moment(AFTER), by=by, at=AFTER)
    share_part(
        interview=interview,
        audience=Audience.POLICE,
        words="The arcade",
        wish=Wish.YES,
        is_shared=True,
        passed_to="Northmarch",
        by=by,
        at=AFTER,
    )
    return interview


def shared(world: World) -> Disclosure:
    """Something shared with the police; and something asked for that was not."""
    grounds = Grounds(Purpose.MISSING_RESPONSE, Ground.PUBLIC_TASK, "To look for the child", True, asked_words="A hotel rang")
    refuse_to_share(child=world.child, grounds=grounds, by=world.worker, at=AGAIN)
    return disclose(child=world.child, recipient=world.police, items=[f"who:{world.child.pk}"], grounds=grounds, by=world.worker, at=AGAIN)


def answered_by_guest(world: World) -> dict[type[object], object]:
    """A question that somebody without an account answered with a photograph."""
    asked, picture = ask(world, at=AGAIN, guest=replace(SURGERY, checked_on=AGAIN.date())), BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "JPEG")
    by_door, code, proof = {"network": "192.0.2.0/24"}, "123456", "proof"
    guest.keep_code(asked.token_hash, code, AGAIN, by_door)
    proof = guest.prove(asked.token_hash, code, AGAIN) or ""
    sent = {"key": "k", "kind": "file", "words": "From March", "file": picture.getvalue(), "file_kind": "image/jpeg"}
    assert guest.give_answer(asked.token_hash, proof, AGAIN, **sent)  # type: ignore[arg-type]
    with acting_as(world.worker, AGAIN):
        return {GuestRequest: asked.pk, GuestAnswer: GuestAnswer.objects.get(request=asked.pk).pk}


def said_by_carer(world: World) -> dict[type[object], object]:
    """What a carer said on the page that was given to them."""
    page = give_carer_page(child=world.child, guest=replace(SURGERY, checked_on=AGAIN.date()), by=world.worker, at=AGAIN)
    guest.keep_code(page.token_hash, "123456", AGAIN, {"network": "192.0.2.0/24"})
    proof = guest.prove(page.token_hash, "123456", AGAIN) or ""
    given = {"words": "She is 20 minutes late", "kind": "late", "key": "k"}
    assert guest.say_as_carer(page.token_hash, proof, AGAIN, given=given, held=clock_of_carer(AGAIN), is_night=False)
    with acting_as(world.worker, AGAIN):
        return {CarerWords: CarerWords.objects.get().pk}


def said_by_child(world: World) -> dict[type[object], object]:
    """What the child said on the page that was given to them."""
    given = give(world, at=AGAIN)
    assert given.request is not None
    link = given.request.token_hash
    guest.keep_code(link, "123456", AGAIN, {"network": "192.0.2.0/24"})
    proof = guest.prove(link, "123456", AGAIN) or ""
    said = {"kind": "not_right", "line": "do-1", "words": "No credit", "key": "k"}
    assert guest.say_as_child(link, proof, AGAIN, given=said, held=clock_of_child("not_right", AGAIN), is_night=False)
    with acting_as(world.worker, AGAIN):
        return {CopyGiven: given.pk, ChildWords: ChildWords.objects.get().pk}


def looked_for(world: World) -> Episode:
    """A second episode, still open, with everything that can be added to it."""
    add.set_exploitation_marker(child=world.child, words="Older adults wait outside", since=Moment(AGAIN), by=world.worker, at=AGAIN)
    episode = report_missing(child=world.child, report=Report(reported=Moment(AGAIN), worry="Not home"), by=world.coordinator, at=AGAIN)
    add.record_contact_or_sighting(
        episode=episode,
        kind=ContactKind.SIGHTING,
        happened_at=Moment(AGAIN),
        source="A bus driver",
        place="Station",
        by=world.worker,
        at=AGAIN,
    )
    add.record_police_status(episode=episode, status=PoliceStatus.MISSING, changed_at=AGAIN, by=world.police, at=AGAIN)
    add.record_police_grade(episode=episode, grade=Grade.MEDIUM, graded_at=AGAIN, by=world.police, at=AGAIN)
    take_step(episode=episode, step="step_plan", by=world.coordinator, at=AGAIN)
    record_told(episode=episode, who="social_worker", name="Sam", how=HowTold.TELEPHONE, by=world.coordinator, at=AGAIN)
    do_not_tell_parent(episode=episode, whom="Father", reason="An uncle of his was named by the child.", by=world.manager, at=AGAIN)
    plan = write_trigger_plan(child=world.child, words=PLAN_WORDS, by=world.worker, at=AGAIN)
    add_trigger_action(
        plan=plan, trigger="30 minutes late", actor="Carer", action="Ring her friend", within_minutes=30, by=world.worker, at=AGAIN
    )
    picture = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "JPEG")
    picture.seek(0)
    add_photograph(episode=episode, photograph=picture, by=world.coordinator, at=AGAIN)
    return episode


def differing(world: World, episode: Episode) -> Difference:
    """The police say of this episode that the child is back; nobody has answered which stands."""
    says = PoliceSays("Northmarch Police", "Northmarch Police:NM/7", "NM/7", Moment(AGAIN), AGAIN, returned=Moment(AGAIN))
    feed = factories.feed_post(world.authority)
    record_police_report(episode=episode, says=says, by=feed, at=AGAIN)
    (asked_now,) = ask_differences(episode=episode, heard=Heard(), by=feed, at=AGAIN)
    return asked_now


def waiting(folder: Path, world: World) -> tuple[Post, dict[str, object]]:
    """A data officer, and a delivery with a row that waits for a match and another with a code that nobody has explained."""
    officer = factories.post("data_officer", of=factories.team("Data"))
    rows = ["NM/3", "Ash", *GOOD[2:]], ["NM/4", *GOOD[1:8], "Amber", *GOOD[9:]]
    delivery = receive(police_file(folder, *rows), "northmarch", world, officer=officer)
    return officer, {"delivery": delivery.pk, "row": rows_of(delivery)[0].pk, "mapping": CodeMapping.objects.get(code="Amber").pk}


def opened(client_of: Any, address: str, view: Any, posts: list[Post]) -> HttpResponse:
    """The page, as the first of the posts that may open it."""
    for post in posts:
        if view.needs in ROLE[post.role].permissions:
            answer: HttpResponse = client_of(post, AGAIN + timedelta(hours=1)).get(address)
            if answer.status_code != 404:
                return answer
    raise AssertionError(f"Nobody in this test may open {address}: give it somebody who may.")


def checked(folder: Path, officer: Post) -> object:
    """A return with something wrong in it, as a data officer checked it."""
    given = return_file(folder, "Missing", [["C1", "01/05/2010", "M", "02/05/2025", "01/05/2025"]])
    return check_return(files=[given], year=2026, by=officer, at=AGAIN).pk


@dataclass
class Filled:
    """A world with something in every part: of each model that a page is about, a record of the one child; what other paths name; who may open."""

    world: World
    about: dict[Any, Any]
    named: dict[str, object]
    may: list[Post]

    def address(self, where: str, name: str, view: Any) -> str:
        """The path of a page, filled in by the kind of record that it is about and by the names that stand in it."""
        given = {}
        for word in re.findall(r"<\w+:(\w+)>", where):
            held: dict[Any, object] = self.about if word == "pk" else self.named
            key = view.about if word == "pk" else word
            assert key in held, f"Nothing fills <{word}> of {where}: make one in filled() of tests/guards/test_pages.py ({key})."
            given[word] = held[key]
        return reverse(name, kwargs=given)


def filled(tmp_path: Path) -> Filled:
    """That world, by commands."""
    world = make_world()
    factories.authority()
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    data = factories.post("data_officer", of=factories.team("Data"))
    set_copy_channel(authority=world.authority, channel=Channel.PASTE, by=data, at=factories.NOW)
    interview, episode = held(world), looked_for(world)
    officer, named = waiting(tmp_path, world)
    with acting_as(world.coordinator, AGAIN):
        drawn = QualityCheck(child=world.child, interview=interview, drawn_at=AGAIN, drawn_words="drawn")
        drawn.save(force_insert=True)
        reading = SecondReading(
            child=world.child,
            interview=interview,
            codes={"push": ["P15"]},
            had_seen=False,
            recorded_at=AGAIN,
            recorded_by=world.coordinator,
        )
        reading.save(force_insert=True)
    with acting_as(world.worker, AGAIN):
        kinds = (Alert, Task, Clock, Photograph, TriggerPlan, TriggerAction, OvernightLine, NotToldYet, RepeatTrigger, LocationMention)
        firsts = [model.objects.filter(child=world.child).first() for model in kinds]
    about = {type(record): record.pk for record in (world.child, episode, interview, drawn, reading, *firsts) if record}
    with acting_as(world.worker, AGAIN):
        about[Copy] = Copy.objects.earliest("owed_at").pk
    about[Difference] = differing(world, episode).pk
    about[PlacedInNotice] = register_placed_in(
        known=Known("Birch", "Placed", LONG_AGO), responsible=factories.authority("Southmere"), is_new=True,
        notice=NoticeOf(AGAIN.date(), worker_telephone="01632 960333"), by=world.coordinator, at=AGAIN,
    ).pk  # fmt: skip
    plan = agreed_plan(world, AGAIN)
    for hours in (1, 0):  # unanswered, and a change of pace
        tell(world, Happened.SUSPENDED, AGAIN - timedelta(hours=hours))
    with acting_as(world.worker, AGAIN):
        line = plan.lines.get(section="child")
    work = {"line": line, "planned": WorkPlanned("Two safe ways home"), "worker": world.worker}
    about[Programme] = start_programme(child=world.child, **work, by=world.worker, at=AGAIN).pk  # type: ignore[arg-type]
    with acting_as(world.worker, AGAIN):
        about |= {
            SafetyPlan: plan.pk,
            PlanLine: plan.lines.earliest("pk").pk,
            Entry: Entry.objects.filter(child=world.child).earliest("pk").pk,
        }
    about[Disclosure] = shared(world).pk
    about[Export] = asked(world.coordinator, AGAIN).pk
    about |= answered_by_guest(world) | said_by_carer(world) | said_by_child(world)
    named |= {
        "holder": world.worker.pk,
        "step": "step_plan",
        "audience": "police",
        "who": "social_worker",
        "count": "held",
        "group": "ours",
        "limit": "return_interview",
        "kind": "missing_response",
        "listed": "missing_episodes",
        "year": collections((AGAIN + timedelta(hours=1)).date())[0],
        "which": "location",
        "pattern": "school",
    }
    about |= sealed_and_lifted(world)
    about[ReturnCheck] = checked(tmp_path, officer)
    said = Said(
        model=Spell,
        source_key="ssd_cin_plans:1",
        from_on=LONG_AGO,
        until_on=None,
        as_at=AGAIN,
        columns=(("status", "child_in_need"),),
        words="",
    )
    named["record"] = record_status(child=world.child, said=said, by=factories.feed_post(), at=AGAIN).pk
    head = factories.post("head_of_service", of=factories.team("Leadership"))
    privacy = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=privacy)
    supplier = desk("Northmarch Police", world.child)
    raw = record_intelligence(child=world.child, supplied=supplied(), by=supplier.officer, at=AGAIN)
    product = propose_product(raw=raw, sanitised=sanitised(), by=supplier.officer, at=AGAIN)
    other = factories.child("Robin Rowan")
    tie = record_tie(
        child=world.child, other=other, kind=Tie.Kind.HOUSEHOLD, grade=Tie.Grade.TOLD, source="A neighbour", by=privacy, at=AGAIN
    )
    theirs = report_missing(child=other, report=Report(reported=Moment(AGAIN), worry="Not home"), by=world.coordinator, at=AGAIN)
    about[MissingTogether] = record_missing_together(episode=episode, other=theirs, by=world.coordinator, at=AGAIN).pk
    about[Block] = block_worker(
        child=world.child, user=factories.post("practitioner").user, source=BlockSource.WISH, by=privacy, at=AGAIN
    ).pk
    about |= {User: world.worker.user_id, Post: world.worker.pk, Raw: raw.pk, Product: product.pk, Tie: tie.pk}
    front_door = factories.post("front_door", of=factories.team("Front door"))
    ask_front_door(typed=Typed("Rowan Sample", LONG_AGO, "12"), by=world.interviewer, at=AGAIN)
    with acting_as(front_door, AGAIN):
        about[FrontDoorQuestion] = FrontDoorQuestion.objects.get().pk
    about[Pair] = paired(world)
    about |= going_on(world) | tied(world) | in_every_part(world, front_door, AGAIN)
    opened_in_emergency = broken(world.stranger, world.child.pk, at=AGAIN)
    assert opened_in_emergency is not None
    named["reviewed"] = opened_in_emergency.pk
    named["reference"] = carded(world.worker, world.child.pk, AGAIN).signed()
    may = [
        world.worker,
        world.manager,
        world.coordinator,
        world.police,
        officer,
        head,
        privacy,
        factories.administrator(),
        supplier.second,
        front_door,
        world.stranger,
    ]
    named["allegation"], receiver = alleged(world)
    may.append(receiver)
    about |= connected(world)
    about |= offered(world, may)
    about |= guarded(world, may)
    about |= exploited(world, AGAIN)
    rows, posts = met(world, AGAIN)
    about |= rows
    may += posts
    named["point"] = "decision"
    given = KindGiven("Transition meeting", "agreed", ("chair",), (), (Settles.DECISION,))
    named["meeting_kind"] = add_meeting_kind(authority=world.authority, given=given, by=head, at=AGAIN).key
    named["child"] = world.child.pk
    named |= {"item_kind": "indicator", "about": "profile", "paper": "equality", "form": "data", "rows": "episodes"}
    about |= profiled(head, privacy, AGAIN)
    about[Shelved] = on_the_shelf()
    about |= retained(world, privacy, head, AGAIN)
    about |= asked_for(world, privacy, AGAIN, may)
    about |= missing_together(world, head)
    return Filled(world, about, named, may)


def on_the_shelf() -> object:
    """A job that failed and waits for somebody."""
    job = {"job": 1, "task": "tasks.send_text", "queue": "urgent", "tries": 120, "since_at": AGAIN, "shelved_at": AGAIN}
    return Shelved.objects.create(state="waiting", **job).pk


def missing_together(world: World, head: Post) -> dict[Any, Any]:
    """What a search told of the child and another, who was missing once too."""
    other = another_child(world, "Cedar Friend")
    missing(other, world.worker, AGAIN)
    search = together_told(world.child, other, head, AGAIN)
    with acting_as(world.manager, AGAIN):
        return {Together: Together.objects.get(search=search).pk}


def tied(world: World) -> dict[Any, Any]:
    """A child who is tied to a friend, by the manager."""
    friend = another_child(world, "Beech Friend")
    papers(AGAIN)
    given = link_given(other_capacity=Capacity.ASSOCIATE)
    return {Link: record_link(child=world.child, end=friend, given=given, by=world.manager, at=AGAIN).pk}


def going_on(world: World) -> dict[Any, Any]:
    """What was promised to the child, whom the child trusts, and that the worker will be away."""
    promise = make_promise(child=world.child, words="I ring on Friday", by=world.worker, at=AGAIN)
    adult = name_trusted_adult(child=world.child, name="Aunt Rosa", who="an aunt", by=world.worker, at=AGAIN)
    colleague = factories.post("practitioner", of=world.worker.team)
    begins = AGAIN + timedelta(days=5)
    away = {"covered_by": colleague, "from_at": begins, "until_at": begins + timedelta(days=5)}
    leave = record_leave(post=world.worker, by=world.manager, at=AGAIN, **away)  # type: ignore[arg-type]
    asked = refer_to_team(
        child=world.child, team=world.missing_team, wants="advice", question="What is the arcade?", by=world.worker, at=AGAIN
    )
    return {
        Referral: asked.pk,
        Agency: world.worker.team.agency_id,
        Promise: promise.pk,
        TrustedAdult: adult.pk,
        Shift: leave.pk,
        Team: world.worker.team_id,
    }


def paired(world: World) -> object:
    """Two records that may be of one child, waiting for somebody to say which."""
    one, _ = twice()
    searched(world, AGAIN)
    return pair_of(world, one, AGAIN).pk


def alleged(world: World) -> tuple[object, Post]:
    """What the child said of a driver, and the designated officer who received it."""
    officer = factories.post("designated_officer", of=factories.team("Designated officers"))
    said = Alleged("escort", "He took my phone", name="Den", works_for="A taxi firm")
    sent = record_allegation(child=world.child, said=said, by=world.coordinator, at=AGAIN)
    receive_allegation(allegation=sent.allegation_id, by=officer, at=AGAIN)
    return sent.allegation_id, officer


def offered(world: World, may: list[Post]) -> dict[Any, Any]:
    """The child is offered to a manager of another authority, who has not answered."""
    council = factories.agency("Eastmere Council", of=factories.authority("Eastmere"))
    there = factories.post("manager", of=factories.team("Eastmere team", of=council))
    offer = Offer("The family moves", "Likes to be rung first", True, True, items=(f"who:{world.child.pk}",))
    may.append(there)
    return {Transfer: start_transfer(child=world.child, to_post=there, offer=offer, by=world.manager, at=AGAIN).pk}


def connected(world: World) -> dict[Any, Any]:
    """A system of the worker's agency that two people connected, and that may act for the worker."""
    system = connected_system(world.worker.team.agency, Key(), at=AGAIN)
    return {ConnectedSystem: system.pk, SystemGrant: let_system_act(system=system, by=world.worker, at=AGAIN).pk}


def sealed_and_lifted(world: World) -> dict[Any, Any]:
    """Two sealed sets, the seal of one of which two people have lifted."""
    custodian = vetted_post()
    name_custodian(child=world.child, post=custodian, by=world.manager, at=AGAIN)
    kept, lifted = (
        seal_set(child=world.child, kind=kind, values={"name": "A neighbour"}, by=world.worker, at=AGAIN)
        for kind in ("source", "whistle_blower")
    )
    proposal = lift_seal(sealing=lifted, is_put_back=False, because="It is known to everybody", by=world.worker, at=AGAIN)
    assert isinstance(proposal, Proposal)
    approve_proposal(proposal=proposal, by=custodian, at=AGAIN)
    with acting_as(world.worker, AGAIN):
        return {SealedSet: kept.pk, SealLift: SealLift.objects.get().pk}


def guarded(world: World, may: list[Post]) -> dict[Any, Any]:
    """Another child of the same worker, restricted, with a proposal to lift that."""
    child = factories.child("Elm Guarded")
    record_allocation(child=child, post=world.worker, from_at=Moment(AFTER), by=factories.feed_post(), at=AFTER)
    restriction = factories.guard(child, "restricted", *may, at=AGAIN)
    lift_restriction(restriction=restriction, because="No longer needed", by=world.manager, at=AGAIN)
    with acting_as(world.manager, AGAIN):
        return {
            Restriction: restriction.pk, Proposal: Proposal.objects.get().pk, NamedHolder: NamedHolder.objects.filter(child=child)[0].pk,
        }  # fmt: skip


@pytest.mark.django_db
def test_every_page_opens_with_something_in_every_part_of_it(signed_in: Any, tmp_path: Path) -> None:
    full = filled(tmp_path)
    for where, name, view in gated_pages():
        if view.__name__ not in NOT_SHOWN:
            answer = opened(signed_in, full.address(where, name, view), view, full.may)
            assert answer.status_code == 200, (where, answer.status_code)
            titled = TITLE.search(answer.getvalue().decode(errors="replace"))
            assert titled is None or full.world.child.name not in titled[1], where  # a title stays in the browser's history


@pytest.mark.django_db
def test_a_template_that_asks_the_database_fails(no_query_in_a_template: None) -> None:
    with pytest.raises(AssertionError, match="A template asked the database"):
        engines["jinja2"].from_string("{% for one in rows %}{% endfor %}").render({"rows": Authority.objects.all()})


def test_every_page_has_an_address_and_every_link_leads_to_one() -> None:
    names, routed = {name for _, name, _ in pages()}, {view.__name__ for _, _, view in pages() if hasattr(view, "__name__")}
    for path in SOURCES:
        for function in functions(path):
            called = [one.func for one in function.decorator_list if isinstance(one, ast.Call)]
            if any(isinstance(one, ast.Name) and one.id == "page" for one in called):
                assert function.name in routed, f"{path}: no path of urls.py leads to {function.name}"
    for path in ATLAS.rglob("*.html"):
        for name in re.findall(r"\burl\(['\"]([a-z_]+:[a-z_]+)['\"]", path.read_text()):
            assert name in names or name.startswith("api:"), f"{path} leads to {name}, which no path of urls.py answers"


def test_no_template_writes_a_question() -> None:
    for path in ATLAS.rglob("*.html"):
        assert not ASKS.search(path.read_text()), path
