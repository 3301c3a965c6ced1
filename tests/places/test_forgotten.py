"""What nobody looked at again in time is deleted by tick, under its own login, which reads nothing of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from atlas.connections.models import Group, PersonOfConcern
from atlas.gate.context import acting_as
from atlas.meetings.codes import ItemKind
from atlas.meetings.models import MeetingItem
from atlas.places.models import Place
from atlas.tick import tick
from tests.connections.test_people_of_concern import on_agenda
from tests.factories import NOW
from tests.meetings.given import entries, table
from tests.tasks.test_tick import service


def test_entries_that_nobody_looked_at_again_are_deleted(own_database: Any) -> None:
    there, by = table(), service()
    person, _, _ = entries(there.chair)
    _, item = on_agenda(there, person, ItemKind.PERSON)
    own_database("tick")
    stale, gone = NOW + timedelta(days=183), NOW + timedelta(days=182 + 28 + 1)
    with acting_as(by, gone), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM connections_personofconcern")
    done = tick(by=by, at=stale)
    assert (done.people_of_concern, done.places) == (0, 0)
    done = tick(by=by, at=gone)
    assert (done.people_of_concern, done.places) == (2, 1)
    own_database("app")
    with acting_as(there.chair, NOW):
        assert not any(model.objects.exists() for model in (PersonOfConcern, Group, Place))
        assert MeetingItem.objects.get(pk=item.pk).person_id is None
