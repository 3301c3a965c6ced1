"""A place before and after a panel looked at it: counted alike on both sides, without a child, not where few were counted, and with what such a count cannot say."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.meetings.codes import ItemKind
from atlas.meetings.commands.calling import hold_meeting
from atlas.meetings.queries.places import before_after_place, looked_at_since
from atlas.meetings.rules.before_after import BeforeAfter
from atlas.missing.codes import ContactKind
from atlas.missing.commands.episode import record_contact_or_sighting
from atlas.missing.commands.report import Report, report_missing
from atlas.places.commands import PlaceGiven, record_place
from atlas.places.models import Place
from tests.connections.test_people_of_concern import on_agenda
from tests.factories import NOW
from tests.meetings.given import Table, grounds, table

pytestmark = pytest.mark.django_db
MET = NOW + timedelta(days=3)
LOOKS = NOW + timedelta(days=33)


@pytest.fixture
def there() -> Table:
    return table()


def arcade(there: Table, *named: str) -> Place:
    """An arcade, named so, that a panel met about."""
    given = PlaceGiven("An arcade by the station", "shop", grounds(), "Sample Amusements, Station Road", "the owner", named_as=named)
    place = record_place(given=given, by=there.chair, at=NOW)
    meeting, _ = on_agenda(there, place, ItemKind.PLACE)
    hold_meeting(meeting=meeting, held_at=MET, by=there.chair, at=MET)
    return place


def seen(there: Table, *when: datetime, place: str = "Outside the Arcade, Station Road") -> None:
    """The child was seen there."""
    coordinator, left = there.world.coordinator, NOW - timedelta(days=40)
    report = Report(reported=Moment(left), worry="Not home")
    episode = report_missing(child=there.world.child, report=report, by=coordinator, at=left)
    for at in when:
        record_contact_or_sighting(
            episode=episode, kind=ContactKind.SIGHTING, happened_at=Moment(at), source="A bus driver", place=place, by=coordinator, at=LOOKS
        )


def compared(place: Place, post: Post) -> BeforeAfter | None:
    """The comparison as a post reads it."""
    with acting_as(post, LOOKS):
        since = looked_at_since(place)
        return before_after_place(place, since, LOOKS) if since else None


def test_both_sides_are_counted_without_a_child(there: Table, signed_in: Any) -> None:
    place = arcade(there, "the arcade", "Sample Amus")
    early, late = [MET - timedelta(days=day) for day in (1, 2, 3, 10, 20, 31, 39)], [MET + timedelta(days=5)]
    seen(there, *early, *late)
    found = compared(place, there.chair)
    assert found is not None
    assert (found.days, found.before.episodes, found.after.episodes) == (30, 5, 1)  # no more days before than have passed
    assert "does not show a change" in found.says
    assert compared(place, there.officer) == found
    shown = signed_in(there.chair, LOOKS).get(reverse("meetings:compare_place", args=[place.pk])).content.decode()
    assert "named 5 times" in shown
    assert "some of a fall comes by itself" in shown
    assert there.world.child.name not in shown
    nurse = signed_in(there.nurse, LOOKS).get(reverse("meetings:compare_place", args=[place.pk])).content.decode()
    assert "by the words that" in nurse  # a business is named to those alone who may act
    assert "Sample Amus" not in nurse


def test_few_are_not_said_and_nothing_is_counted_without_words(there: Table, signed_in: Any) -> None:
    with pytest.raises(Invalid, match="at least 4 letters"):
        arcade(there, "Jo")
    place = arcade(there, "arcade")
    seen(there, *[MET - timedelta(days=day) for day in (1, 2, 3)], MET + timedelta(days=1))
    assert compared(place, there.chair) is None
    page = reverse("meetings:compare_place", args=[place.pk])
    assert "Fewer than 5 times" in signed_in(there.chair, LOOKS).get(page).content.decode()
    assert signed_in(there.world.worker, LOOKS).get(page).status_code == 404


def test_a_place_that_nobody_named_in_words(there: Table, signed_in: Any) -> None:
    place = arcade(there)
    page = signed_in(there.chair, LOOKS).get(reverse("meetings:compare_place", args=[place.pk])).content.decode()
    assert "Nobody has written down by which words it is named" in page
