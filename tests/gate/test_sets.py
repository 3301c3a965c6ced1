"""Thousands of rows that are named one by one: more than a statement has parameters."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.clocks.models import Clock
from atlas.connections.models import Tie
from atlas.gate.context import acting_as
from atlas.gate.models import Act
from atlas.people.models import Name
from tests.factories import NOW
from tests.world import make_world

MORE = [uuid4() for _ in range(66_000)]  # PostgreSQL has room for 65,535


@pytest.mark.django_db
def test_as_many_as_there_are_can_be_named() -> None:
    world = make_world()
    with acting_as(world.worker, NOW):
        children = [*MORE, world.child.pk]
        assert set(Child.objects.filter(pk__in=children)) == {world.child}
        assert not Child.objects.filter(pk__in=MORE).exists() and Child.objects.exclude(pk__in=MORE).exists()
        assert not Child.objects.exclude(pk__in=children).filter(pk=world.child.pk).exists()
        named = Name.objects.filter(person__in=children)
        assert named.exists() and set(named) == set(Name.objects.filter(person=world.child.pk))
        assert set(Post.objects.filter(role__in=[*map(str, MORE), world.worker.role])) == set(Post.objects.filter(role=world.worker.role))
        assert set(Act.objects.filter(pk__in=range(70_000))) == set(Act.objects.filter(pk__lt=70_000))
        assert not Tie.objects.filter(child__in=children, tied__in=children).exists()  # as the nightly search asks it
        assert not Clock.objects.filter(due_at__in=[NOW] * 2_000, child__in=[world.child, None] * 2_000).exists()


@pytest.mark.django_db
def test_a_short_list_goes_as_it_always_did() -> None:
    world = make_world()
    with acting_as(world.worker, NOW), CaptureQueriesContext(connection) as asked:
        assert set(Child.objects.filter(pk__in=[*MORE[:999], world.child.pk])) == {world.child}
        assert set(Child.objects.filter(pk__in=[*MORE[:1_000], world.child.pk])) == {world.child}
        assert not Child.objects.filter(pk__in=[]).exists()
    short, long = [one["sql"] for one in asked.captured_queries]
    assert " IN (" in short and "= ANY(" not in short and "= ANY(" in long and " IN (" not in long
