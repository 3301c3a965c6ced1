"""The head of service puts a version of the threshold document into force; what was decided keeps its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.guidance.commands import set_thresholds
from atlas.guidance.models import ThresholdDocument
from atlas.guidance.queries import thresholds_on
from tests.contacts.given import EDITION, Door, door
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def there() -> Door:
    return door()


def test_each_day_has_the_version_that_was_in_force(there: Door) -> None:
    authority = there.world.authority
    later = TODAY + timedelta(days=30)
    set_thresholds(edition=replace(EDITION, edition="2", valid_from=later), by=there.head, at=NOW)
    found = [thresholds_on(authority.pk, day) for day in (TODAY - timedelta(days=1), TODAY, later - timedelta(days=1), later)]
    assert [one.edition if one else None for one in found] == [None, "2026, version 1", "2026, version 1", "2"]
    assert found[1] is not None
    assert found[1].name_of(3) == "Level 3: Targeted help"


def test_what_is_refused_and_who_may_not(there: Door) -> None:
    other = replace(EDITION, edition="2", valid_from=TODAY + timedelta(days=1))
    for said, given in (
        ("what it is called", replace(other, title=" ")),
        ("four levels", replace(other, levels=other.levels[:3])),
        ("four levels", replace(other, levels=(*other.levels[:3], ("Statutory", " ")))),
        ("day that is past", replace(other, valid_from=TODAY - timedelta(days=1))),
        ("looked at again", replace(other, review_on=other.valid_from)),
        ("called so already", replace(other, edition="2026, version 1")),
        ("holds from that day already", replace(other, valid_from=TODAY)),
    ):
        with pytest.raises(Invalid, match=said):
            set_thresholds(edition=given, by=there.head, at=NOW)
    for wrong in (there.lead, there.screener, there.school):
        with pytest.raises(Refused):
            set_thresholds(edition=other, by=wrong, at=NOW)
    with acting_as(there.head, NOW), pytest.raises(DatabaseError), transaction.atomic():
        ThresholdDocument.objects.update(title="Altered")


def test_everybody_reads_them_and_a_new_version_opens_with_the_old_words(there: Door, signed_in: Any) -> None:
    page = signed_in(there.school, NOW).get(reverse("guidance:view_thresholds")).content.decode()
    assert "Level 2: Early help" in page
    assert "A new version" not in page
    client = signed_in(there.head, NOW)
    form = client.get(reverse("guidance:set_thresholds")).content.decode()
    assert "One agency gives more help." in form
    given = {"title": "T", "edition": "2", "owner": "O", "valid_from_0": "1", "valid_from_1": "6", "valid_from_2": "2026", "key": "t" * 36}
    given |= {"review_on_0": "1", "review_on_1": "6", "review_on_2": "2027"}
    given |= {f"{part}_{n}": f"{part} {n}" for part in ("name", "words") for n in range(1, 5)}
    assert client.post(reverse("guidance:set_thresholds"), given).status_code == 302
    assert "from 1 June 2026" in client.get(reverse("guidance:view_thresholds")).content.decode()
