"""Links: a child is a child first; each is known from somewhere, lapses, is put right; and what is hidden is no bridge and leaves no trace."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from atlas.chronology.moments import Moment
from atlas.connections.commands import block_worker, remove_person_of_concern
from atlas.connections.grounds import Grounds
from atlas.exploitation.codes import AssessmentKind
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource
from atlas.missing.commands.back import record_return
from atlas.missing.commands.report import Report, report_missing
from atlas.network.codes import Capacity, Confidence, DrawnIn, LinkKind
from atlas.network.commands import correct_link, end_link, record_link, renew_link
from atlas.network.models import Link
from atlas.network.picture import picture_of
from atlas.network.queries import key_of, links_around, missing_at_same_time, way_between
from tests.connections.test_ties import privacy_officer
from tests.exploitation.given import finished
from tests.factories import NOW
from tests.network.given import GROUNDS, Linked, another_child, link_given, linked
from tests.profile.given import assessed, privacy

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def there() -> Linked:
    return linked()


def seen(there: Linked, by: Any = None, at: Any = LATER) -> list[str]:
    """The other ends of the links within two of the child, as a post sees them."""
    with acting_as(by or there.world.manager, at) as subject:
        return sorted(f"{one.child} {one.end}" for one in links_around(subject, key_of(there.world.child)))


def test_record_link_keeps_how_it_is_known_and_until_when(there: Linked) -> None:
    link = there.tie(there.world.child, there.adult, drawn_in=DrawnIn.BY_OTHER, drawn_in_words="the child")
    assert (link.review_on - NOW.date()).days == 182
    assert (link.capacity, link.confidence, link.is_concern_too) == (Capacity.AT_RISK, Confidence.MODERATE, False)
    only_seen = there.tie(there.world.child, there.friend, kind=LinkKind.SEEN, confidence=Confidence.HIGH)
    assert only_seen.confidence == Confidence.LOW
    assert seen(there) == ["Ashby Example Beech Lane", "Ashby Example Dez Sample"]


def test_what_is_wrong_is_said(there: Linked) -> None:
    child, tie = there.world.child, there.tie
    for given, sentence in (
        ({"grounds": Grounds("", "Safety", "A teacher")}, "Write what is known"),
        ({"capacity": Capacity.ASSOCIATE, "concern_words": "She took another along"}, "A child is a child first. Say"),
        ({"drawn_in": DrawnIn.BY_OTHER}, "Write who said so"),
        ({"concern_words": "She took another along"}, "do a screen now"),
        ({"first_seen_on": NOW.date() + timedelta(days=2)}, "first day is after"),
    ):
        with pytest.raises(Invalid, match=sentence):
            tie(child, there.adult, **given)
    with pytest.raises(Invalid, match="same child"):
        tie(child, child)
    with pytest.raises(Invalid, match="other child stands"):
        record_link(child=child, end=there.friend, given=link_given(), by=there.world.manager, at=NOW)
    with pytest.raises(Invalid, match="do a screen now"):
        tie(child, there.group)
    tie(child, there.friend)
    with pytest.raises(Invalid, match="already"):
        tie(there.friend, child)  # the same, from the other side
    with pytest.raises(Refused):
        record_link(child=child, end=there.adult, given=link_given(), by=there.world.stranger, at=NOW)
    with pytest.raises(Invalid, match="Choose whom"):  # not open to a practitioner
        record_link(child=child, end=there.adult, given=link_given(), by=there.world.worker, at=NOW)


def test_no_link_before_its_papers_nor_in_the_database() -> None:
    there = linked(with_papers=False)
    with pytest.raises(Invalid, match=r"data protection impact assessment and the equality impact assessment"):
        there.tie(there.world.child, there.adult)
    assessed(privacy(), NOW, "network")
    link = there.tie(there.world.child, there.adult)
    lapsed = NOW + timedelta(days=366)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("atlas_app",)  # the service's own login
    with acting_as(there.world.manager, lapsed), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Link.objects.create(**_columns(link))
    with acting_as(there.world.manager, LATER):
        assert Link.objects.create(**_columns(link)).pk != link.pk
    with pytest.raises(Invalid, match="read again in time"):
        there.tie(there.world.child, there.friend, lapsed)


def _columns(link: Link) -> dict[str, Any]:
    """What another link like it would hold."""
    return {field.attname: getattr(link, field.attname) for field in Link._meta.fields if field.name not in {"id", "version"}}


def test_a_group_and_a_concern_need_a_current_screen_and_the_first_is_never_hidden(there: Linked) -> None:
    finished(there.world, kind=AssessmentKind.SCREEN)
    link = there.tie(there.world.child, there.group, capacity=Capacity.COERCED, concern_words="She took another along")
    assert (link.get_capacity_display(), link.is_concern_too) == ("Made to take part", True)
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(there.world.manager, LATER):
        Link.objects.filter(pk=link.pk).update(capacity=Capacity.ASSOCIATE)  # nor in the database


def test_renew_link_correct_link_and_end_link(there: Linked) -> None:
    child, by = there.world.child, there.world.manager
    link = there.tie(child, there.adult)
    again = renew_link(link=link, grounds=GROUNDS, last_seen_on=LATER.date(), by=by, at=LATER)
    assert (again.last_seen_on, again.review_on - LATER.date()) == (LATER.date(), timedelta(days=182))
    right = correct_link(link=link, given=link_given(capacity=Capacity.HARMED), words="She told us more.", by=by, at=LATER)
    assert right.instead_of == link.pk
    with acting_as(by, LATER):
        assert Link.objects.get(pk=link.pk).is_error
    with pytest.raises(Invalid, match="ended already"):
        renew_link(link=link, grounds=GROUNDS, by=by, at=LATER)
    with pytest.raises(Invalid, match="why"):
        end_link(link=right, words=" ", is_error=False, by=by, at=LATER)
    ended = end_link(link=right, words="He is in prison.", is_error=False, by=by, at=LATER)
    with acting_as(by, LATER):
        assert ended.stands_on(NOW.date())
        assert not ended.stands_on(LATER.date())
    assert seen(there) == ["Ashby Example Dez Sample"]  # what was written in error is in no list


def test_what_lapses_is_on_no_picture(there: Linked) -> None:
    link = there.tie(there.world.child, there.adult)
    with acting_as(there.world.manager, LATER) as subject:
        links = links_around(subject, key_of(there.world.child))
    day = link.review_on
    assert picture_of(there.world.child, links, day, NOW.date()).edges
    assert not picture_of(there.world.child, links, day + timedelta(days=1), NOW.date()).edges


def test_removing_a_person_of_concern_deletes_what_was_linked_to_them(there: Linked) -> None:
    there.tie(there.world.child, there.adult)
    remove_person_of_concern(person=there.adult, by=there.world.manager, at=LATER)
    assert seen(there) == []


def test_a_hidden_child_is_no_bridge_and_leaves_no_trace(there: Linked) -> None:
    world = there.world
    far = another_child(world, "Cedar Lane")
    there.tie(world.child, there.friend)
    there.tie(there.friend, far)
    assert seen(there) == ["Ashby Example Beech Lane", "Beech Lane Cedar Lane"]
    with acting_as(world.manager, LATER) as subject:
        way = way_between(subject, key_of(world.child), key_of(far), LATER.date())
        assert way is not None
        assert [str(one.end) for one in way] == ["Beech Lane", "Cedar Lane"]
        assert way_between(subject, key_of(world.child), key_of(world.child), LATER.date()) == []
    block_worker(child=there.friend, user=world.manager.user, source=BlockSource.MANAGER, by=privacy_officer(world), at=LATER)
    assert seen(there) == []
    with acting_as(world.manager, LATER) as subject:
        assert way_between(subject, key_of(world.child), key_of(far), LATER.date()) is None
        assert Link.objects.count() == 0  # in the database
    with connection.cursor() as cursor, acting_as(world.manager, LATER):
        cursor.execute("SELECT count(*) FROM network_link")
        assert cursor.fetchone() == (0,)


def test_an_adult_who_is_not_open_to_the_reader_is_no_bridge(there: Linked) -> None:
    there.tie(there.world.child, there.adult)
    there.tie(there.friend, there.adult)
    there.tie(there.world.child, there.friend, kind=LinkKind.SEEN)
    assert len(seen(there)) == 3
    assert seen(there, there.world.worker) == ["Ashby Example Beech Lane"]  # a practitioner reads no people of concern
    assert seen(there, there.world.stranger) == []


def test_missing_at_the_same_time_is_counted_and_is_no_link(there: Linked) -> None:
    world = there.world
    for days in (20, 10):
        begun = NOW - timedelta(days=days)
        for child in (world.child, there.friend):
            episode = report_missing(child=child, report=Report(reported=Moment(begun)), by=world.worker, at=begun)
            back = begun + timedelta(hours=5)
            record_return(episode=episode, returned_at=Moment(back), by=world.worker, at=back)
    with acting_as(world.manager, NOW) as subject:
        (one,) = missing_at_same_time(subject, world.child)
    assert (one.other, one.occasions, one.of, one.is_said) == (there.friend, 2, 2, False)
    assert seen(there) == []
    with acting_as(world.stranger, NOW) as subject:
        assert missing_at_same_time(subject, world.child) == []


def test_the_picture_stays_where_it_is_from_one_day_to_another_and_says_what_changed(there: Linked) -> None:
    world = there.world
    there.tie(world.child, there.friend, first_seen_on=NOW.date() - timedelta(days=200))
    there.tie(world.child, there.adult)
    with acting_as(world.manager, LATER) as subject:
        links = links_around(subject, key_of(world.child))
    now = picture_of(world.child, links, LATER.date(), LATER.date() - timedelta(days=91))
    before = picture_of(world.child, links, LATER.date() - timedelta(days=91), LATER.date() - timedelta(days=182))
    assert [str(link.end) for link in now.new] == ["Dez Sample"]
    at = {point.name: (point.x, point.y) for point in now.points}
    assert {point.name: (point.x, point.y) for point in before.points}.items() <= at.items()
    assert len(before.edges) == 1
    assert before.new == ()
