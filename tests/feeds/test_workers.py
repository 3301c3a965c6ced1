"""Teams and workers, contact details and statuses, as the main system records them: each once, and changed only where it differs."""

from datetime import date

import pytest

from atlas.agencies.commands import record_team, record_worker
from atlas.agencies.models import Post
from atlas.allocation.commands import receive_child, record_allocation
from atlas.children.commands import Known, Reach, record_contact_detail
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.people.models import ContactDetail, ContactKind
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import Spell
from tests import factories
from tests.factories import NOW
from tests.world import make_world

pytestmark = pytest.mark.django_db


def test_a_team_takes_the_id_and_a_worker_stands_once() -> None:
    feed, made = factories.feed_post(), factories.team("Leaving care")
    team = record_team(agency=made.agency, reference="T9", name="Leaving care", by=feed, at=NOW)
    assert (team.pk, team.reference) == (made.pk, "T9")
    given = {"team": team, "reference": "W9", "name": "Sample Worker", "title": "", "from_on": date(2020, 1, 1), "by": feed, "at": NOW}
    first = record_worker(**given)  # type: ignore[arg-type]
    assert record_worker(**given) == first  # type: ignore[arg-type]
    assert not Post.objects.get(pk=first.pk).user.has_usable_password()
    with pytest.raises(Refused):
        record_team(agency=made.agency, reference="T10", name="x", by=factories.post("practitioner"), at=NOW)


def test_a_contact_detail_of_the_same_reference_is_changed_not_doubled() -> None:
    feed, child = factories.feed_post(), factories.child()
    for text in ("07700 900100", "07700 900200"):
        record_contact_detail(child=child, reach=Reach(ContactKind.TELEPHONE, text, reference="R1"), source="test", by=feed, at=NOW)
    with acting_as(feed, NOW):
        assert ContactDetail.objects.get().text == "07700 900200"


def test_a_status_is_taken_over_once_and_its_end_makes_an_entry() -> None:
    feed, child = factories.feed_post(), factories.child()
    for until in (None, None, date(2026, 4, 1)):
        record_status(child=child, said=Said(Spell, "S1", date(2026, 1, 1), until, NOW, (("status", "child_in_need"),)), by=feed, at=NOW)
    with acting_as(feed, NOW):
        assert Spell.objects.get().until_on == date(2026, 4, 1)
        # Both are recorded at one moment, so their order says nothing.
        assert sorted(Entry.objects.filter(kind__startswith="status").values_list("kind", flat=True)) == ["status_ended", "status_started"]
    with pytest.raises(Invalid, match="before it starts"):
        record_status(child=child, said=Said(Spell, "S2", date(2026, 1, 1), date(2025, 1, 1), NOW), by=feed, at=NOW)
    with pytest.raises(Invalid, match="start date is missing"):
        record_status(child=child, said=Said(Spell, "S3", None, None, NOW), by=feed, at=NOW)


def test_only_the_feed_allocates_and_every_child_received_has_a_team() -> None:
    world = make_world()
    with pytest.raises(Refused):
        record_allocation(child=world.child, post=world.stranger, from_at=Moment(NOW), by=world.manager, at=NOW)
    with pytest.raises(Invalid, match="no start date"):
        record_allocation(child=world.child, post=world.stranger, from_at=Moment(None, Precision.UNKNOWN), by=factories.feed_post(), at=NOW)
    factories.team("Front door")
    child = receive_child(
        known=Known("Rowan", "Sample", None), responsible=world.authority, source="test", by=factories.feed_post(), at=NOW
    )
    assert child.name == "Rowan Sample"
