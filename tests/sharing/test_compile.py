"""What a recipient is given, word by word: each part's fields, where each comes from and as at when; what is chosen twice, wrongly, or of somebody else."""

from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from atlas.agencies.models import TeamPurpose
from atlas.allocation.models import Allocation
from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.missing.commands.episode import set_exploitation_marker
from atlas.missing.commands.report import Report, report_missing
from atlas.sharing.compile import (
    PARTS,
    PLACE,
    Item,
    compiled,
    compiled_for_guest,
    hash_of,
    items_of,
    offered,
    view_hash,
    written_in,
)
from atlas.sharing.rules import CONDITIONS
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import LegalStatus, Placement, Spell
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)
MARKED, SEEN_AT = "Picked up by unknown adults", "Seen at the arcade"


@pytest.fixture
def world() -> World:
    """A child about whom every part but numbers has something."""
    world, feed = make_world(), factories.feed_post()
    for model, key, until, columns in (
        (Spell, "S1", date(2026, 2, 1), (("status", "child_in_need"),)),
        (Spell, "S2", None, (("status", "looked_after"),)),
        (LegalStatus, "G1", None, (("code", "V2"),)),
        (Placement, "L1", None, (("kind", "K2"), ("provider", "P"), ("postcode", "QX1 1AA"))),
    ):
        said = Said(model, key, date(2026, 1, 5) if until else date(2026, 2, 2), until, NOW, columns)
        record_status(child=world.child, said=said, by=feed, at=NOW)
    set_exploitation_marker(child=world.child, words=MARKED, since=Moment(NOW), by=world.worker, at=NOW)
    report_missing(child=world.child, report=Report(reported=Moment(NOW), last_seen_place=SEEN_AT), by=world.coordinator, at=NOW)
    return world


def keys(world: World, part: str) -> list[str]:
    """What may be chosen of one part."""
    with acting_as(world.worker, LATER) as subject:
        return [key for key, _ in offered(subject, world.child.pk, {part})]


def ids(chosen: list[str]) -> list[UUID]:
    """The rows of what may be chosen."""
    return [UUID(key.partition(":")[2]) for key in chosen]


def given(world: World, *chosen: str) -> tuple[Item, ...]:
    """These, as a recipient gets them."""
    with acting_as(world.worker, LATER) as subject:
        return items_of(subject, world.child.pk, chosen)


def test_each_part_says_these_fields_and_whence_they_come(world: World) -> None:
    said = "5 May 2026 10:00"
    assert given(world, *keys(world, "who")) == (
        Item(
            "Who the child is", (("Name", "Ashby Example"), ("Born", "4 March 2011"), ("Responsible", "Fernleigh")), "Main case system", ""
        ),
    )
    assert given(world, *keys(world, "status")) == (
        Item("Statuses", (("Status", "Looked after"), ("When", "2 February 2026 to now")), "Main case system", said),
        Item("Statuses", (("Status", "Child in need"), ("When", "5 January 2026 to 1 February 2026")), "Main case system", said),
    )
    assert given(world, *keys(world, "legal")) == (
        Item("Legal statuses", (("Legal status", "V2"), ("When", "2 February 2026 to now")), "Main case system", said),
    )
    assert given(world, *keys(world, "placement")) == (
        Item("Placements", (("Placement", "2 February 2026 to now"), ("Where", PLACE)), "Main case system", said),
    )
    [who] = given(world, *keys(world, "worker"))
    team = (("Who", world.worker.user.name), ("Team", "Safeguarding 1"), ("As", "Allocated worker"))
    assert (who.kind, who.lines, who.as_at) == ("Who works with the child", team, "")
    with acting_as(factories.feed_post(), NOW):
        Allocation.objects.filter(child=world.child).update(as_at=NOW)
    [from_main] = given(world, *keys(world, "worker"))
    assert (who.source, from_main.source, from_main.as_at) == ("Atlas", "Main case system", said)


def test_what_may_be_chosen_is_named_by_its_part_and_all_that_it_says(world: World) -> None:
    with acting_as(world.worker, LATER) as subject:
        assert [words for _, words in offered(subject, world.child.pk, {"status"})] == [
            "Statuses: Looked after, 2 February 2026 to now", "Statuses: Child in need, 5 January 2026 to 1 February 2026",
        ]  # fmt: skip


def test_of_what_happened_the_words_leave_where_they_say_no_place(world: World) -> None:
    events = {dict(one.lines)["What"]: one for one in given(world, *keys(world, "event"))}
    words = {what: dict(one.lines).get("In words", "") for what, one in events.items()}
    assert MARKED in words.values()
    with acting_as(world.worker, LATER):
        assert Entry.objects.filter(words__contains=SEEN_AT).exists()
    assert SEEN_AT not in str(words)
    assert {said for said in words.values() if said} == {MARKED}  # of all else that happened, no words
    assert {one.source for one in events.values()} == {"Fernleigh Council"}
    assert {one.as_at for one in events.values() if dict(one.lines).get("In words") == MARKED} == {"5 May 2026 10:00"}
    event = next(part for part in PARTS if part.key == "event")
    assert event.source(Entry()) == "Somebody without an account, through a one-time link"


def test_what_was_written_is_known_by_its_part_and_row(world: World) -> None:
    event, status = (next(part for part in PARTS if part.key == key) for key in ("event", "status"))
    pks = ids(keys(world, "event"))
    with acting_as(world.worker, LATER) as subject:
        written = written_in(subject, world.child.pk, [(event, pks), (status, [uuid4()])])
        assert len(written) == len(pks)
        assert sum(MARKED in text for text in written.values()) == 1
        assert written_in(subject, world.child.pk, [(status, ids(keys(world, "status")))]) == {}
        assert not {*written} & {*pks}


def test_what_is_chosen_twice_is_given_once_and_in_the_order_of_the_parts(world: World) -> None:
    who, status = keys(world, "who"), keys(world, "status")
    assert [one.kind for one in given(world, status[0], *who, *who, status[0])] == ["Who the child is", "Statuses"]


@pytest.mark.parametrize("chosen", [[], ["who:nothing"], [f"status:{uuid4()}"], ["intelligence:x"], ["who"]])
def test_what_is_not_there_is_refused_and_says_what_to_do(world: World, chosen: list[str]) -> None:
    for more in ([], keys(world, "who")) if chosen else ([],):
        with pytest.raises(Invalid, match="Choose what to share from the list") as refused:
            given(world, *more, *chosen)
        assert refused.value.field == "items"


def test_an_event_that_names_another_child_does_not_leave(world: World) -> None:
    other = factories.child("Wren Otherchild")
    set_exploitation_marker(child=world.child, words="With wren otherchild", since=Moment(LATER), by=world.worker, at=LATER)
    chosen = keys(world, "event")
    assert len(given(world, *chosen)) == len(chosen)  # the worker knows of no such child
    with acting_as(factories.feed_post(), LATER) as subject:
        assert Child.objects.visible_to(subject).filter(pk=other.pk).exists()
        with pytest.raises(Invalid, match="names another child") as refused:
            items_of(subject, world.child.pk, chosen)
    assert refused.value.field == "items"


def test_a_view_says_for_whom_for_what_by_whom_and_until_when(world: World) -> None:
    police, until = world.police, NOW + timedelta(days=7)
    with acting_as(world.worker, LATER) as subject:
        view = compiled(subject, world.child.pk, keys(world, "who"), recipient=police, purpose="Section 47 enquiry", until=until).as_json()
    assert view | {"items": 1} == {
        "marking": "OFFICIAL-SENSITIVE", "recipient": f"{police}, Northmarch Police", "purpose": "Section 47 enquiry",
        "shared_by": f"{world.worker}, Fernleigh Council", "compiled_at": "5 May 2026 13:00", "until": "12 May 2026 10:00", "items": 1,
        "conditions": list(CONDITIONS),
    }  # fmt: skip
    assert view_hash(view, police.pk) == view_hash(dict(reversed(view.items())), police.pk)
    assert view_hash(view, police.pk) != view_hash(view, world.worker.pk)
    assert view_hash(view, police.pk) != view_hash(view | {"until": "later"}, police.pk)
    assert hash_of("é", {"b": 1, "a": 2}) == sha256('["é", {"a": 2, "b": 1}]'.encode()).hexdigest()


def test_a_guest_is_shown_who_asks_where_to_ring_back_and_what_was_chosen(world: World) -> None:
    other = factories.authority("Otherham")
    factories.team("Front door", TeamPurpose.FRONT_DOOR, factories.agency("Otherham Council", of=other))
    with acting_as(world.worker, LATER) as subject:
        alone = compiled_for_guest(subject, world.child, [], "Is she at school?", LATER)
        carer = compiled_for_guest(subject, world.child, keys(world, "who"), "Is she home?", LATER, asks="carer", rings=other)
    assert alone == {
        "marking": "OFFICIAL-SENSITIVE", "asked_by": "Fernleigh Council, Safeguarding 1", "number": world.authority.front_door_number,
        "number_of": "Fernleigh front door", "question": "Is she at school?", "items": [], "until": "5 May 2026 13:00", "asks": "question",
    }  # fmt: skip
    assert (carer["number_of"], carer["any_hour"], carer["asks"]) == ("Otherham front door", other.staffed_number, "carer")
    assert [one["kind"] for one in carer["items"]] == ["Who the child is"]
