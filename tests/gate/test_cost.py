"""What row security reads for a statement does not grow with a council's years: shifts that are over, relationships that ended, and blocks of others.

Counted in the database's own pages (`EXPLAIN (ANALYZE, BUFFERS)`), not in time: the same on a busy machine. `bench gate` measures the time.
"""

from datetime import timedelta
from typing import Any

from django.db import connection

from atlas.agencies.models import Shift
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.gate.models import Block, Relationship
from atlas.gate.policy import Kind
from atlas.people.models import Person
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import reported
from tests.world import World, make_world

YEARS, DAY = 10, timedelta(days=1)
GROWS_BY = 50  # pages; 16 to 19 on 30 November 2026 (indexes grow a level), and over 100 without the index that the gate's question of shifts is made for
ASKED = ("missing_episode", "clocks_clock", "chronology_entry", "tasks_task")


def pages_read(table: str, world: World) -> int:
    """How many pages of the database a statement about the child reads, whose functions have their plans already."""
    with acting_as(world.worker, NOW), connection.cursor() as cursor:
        for _ in range(7):  # a function's plan is general from the sixth time on
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM {table} WHERE child_id = %s", [world.child.pk])
            [[plan]] = cursor.fetchone()
    return int(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"])


def years_pass(world: World) -> None:
    """A shift a day that is over, of the worker and of a colleague; a relationship a week that ended, and another's block."""
    feed, colleague = factories.feed_post(), factories.post("practitioner", of=world.worker.team)
    for post in (world.worker, colleague):
        Shift.objects.bulk_create(
            Shift(post=post, team=post.team, from_at=NOW - DAY * day, until_at=NOW - DAY * day + timedelta(hours=8))
            for day in range(2, 365 * YEARS)
        )
    others = Person.objects.bulk_create(Person() for _ in range(52 * YEARS))
    children = [
        Child(person=one, name=f"Other {number}", responsible_authority=world.authority, host_authority=world.authority)
        for number, one in enumerate(others)
    ]
    for child in children:
        child.save(force_insert=True)
    ended = {"because": "test", "source_label": "tests", "from_at": NOW - DAY * 365 * YEARS, "until_at": NOW - DAY * 9}
    Relationship.objects.bulk_create(Relationship(kind=Kind.ALLOCATED, child=one, holder_post=world.worker, **ended) for one in children)
    Block.objects.bulk_create(Block(child=one, user=colleague.user, because="test", made_by=feed, from_at=NOW - DAY) for one in children)


def all_read(world: World, own_database: Any) -> dict[str, int]:
    """The same of each table, once the planner knows what is there."""
    own_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    own_database("app")
    return {table: pages_read(table, world) for table in ASKED}


def test_it_reads_as_little_after_years(own_database: Any) -> None:
    world = make_world()
    reported(world)
    before = all_read(world, own_database)
    own_database("postgres")
    years_pass(world)
    after = all_read(world, own_database)  # of one copy: how full of gaps its pages are is the same
    assert max(after[table] - before[table] for table in ASKED) <= GROWS_BY, (before, after)
