"""The papers of a panel: 40 items for 12 agencies, each recipient's own version compiled by row security, as a PDF's content.

No peer: nobody that we could read compiles papers by recipient (reference/peers.md 2.2, 8.1). What is printed is the time and the statements of one recipient's papers,
and their growth with items and with agencies: a page that asks a query per row shows it at once.
"""

import sys
import time
from datetime import timedelta

from bench.measuring import last_line, own_database, sign_in_as, table, the_cluster

QUICK = "--quick" in sys.argv
SIZES = ((5, 3), (10, 3), (10, 6)) if QUICK else ((10, 12), (20, 12), (40, 3), (40, 6), (40, 12), (80, 12))
SAYS = 3  # agencies that wrote down what they know of each item
cluster = the_cluster()
own_database("bench_papers", cluster)

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from atlas.agencies.models import AgencyKind, Post  # noqa: E402
from atlas.allocation.commands import record_allocation  # noqa: E402
from atlas.chronology.moments import Moment  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.meetings.codes import Audience, ItemKind, Part  # noqa: E402
from atlas.meetings.commands.calling import Called, put_on_agenda  # noqa: E402
from atlas.meetings.commands.panels import MemberNamed, PanelOpened, call_panel_meeting, name_panel_member, open_panel  # noqa: E402
from atlas.meetings.commands.recording import Said, contribute  # noqa: E402
from atlas.meetings.models import Meeting, MeetingItem  # noqa: E402
from atlas.meetings.queries.papers import paper_of  # noqa: E402
from atlas.meetings.queries.room import room_of  # noqa: E402
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories import NOW  # noqa: E402
from tests.meetings.given import SAID, grounds  # noqa: E402
from tests.world import World, make_world  # noqa: E402

KINDS = list(AgencyKind)[1:]
ROLES = {AgencyKind.POLICE: "police_officer", AgencyKind.HEALTH: "health", AgencyKind.SCHOOL: "school", AgencyKind.HOUSING: "housing"}


def met(world: World, number: int, items: int, agencies: int) -> tuple[Meeting, list[Post]]:
    """A panel of so many agencies meets about so many items: three in four are children, the rest are places; the whole by commands."""
    chair = factories.post("chair")
    panel = open_panel(authority=world.authority, opened=PanelOpened(SHIPPED_BY_KEY["panel"], f"Panel {number}", SAID), by=chair, at=NOW)
    members = []
    for one in range(agencies):
        kind = KINDS[one % len(KINDS)]
        team = factories.team(f"Team {number}.{one}", of=factories.agency(f"Agency {number}.{one}", kind))
        members.append(factories.post(ROLES.get(kind, "voluntary_worker"), of=team))
    for post, part in ((chair, Part.CHAIR), *((one, Part.MEMBER) for one in members)):
        name_panel_member(panel=panel, named=MemberNamed(post, part), by=chair, at=NOW)
    called = Called(SHIPPED_BY_KEY["panel"], NOW + timedelta(days=3), chair)
    meeting = call_panel_meeting(panel=panel, called=called, by=chair, at=NOW)
    for one in range(items):
        item = _item(world, meeting, chair, one)
        for who in range(min(SAYS, agencies)):
            writer = members[(one + who) % agencies]
            audience = Audience.NAMED if who == 0 else Audience.PROFESSIONALS
            contribute(item=item, said=Said("Seen twice near the station.", "Officer, 2 May 2026", audience), by=writer, at=NOW)
    return meeting, members


def _item(world: World, meeting: Meeting, chair: Post, number: int) -> MeetingItem:
    if number % 4 == 3:
        return put_on_agenda(meeting=meeting, kind=ItemKind.PLACE, title=f"Place {number}", why=grounds().why, by=chair, at=NOW)
    child = factories.child(f"Sample Child{number}")
    record_allocation(child=child, post=world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    return put_on_agenda(meeting=meeting, kind=ItemKind.CHILD, child=child, why="Missing again.", by=world.worker, at=NOW)


def compiled(meeting: Meeting, members: list[Post]) -> tuple[float, float, list[int], set[str]]:
    """(seconds for all recipients, the slowest one's, statements of each, the digests): each in a transaction of their own, as a page is."""
    slowest, asked, digests, start = 0.0, [], set(), time.perf_counter()
    for post in members:
        began = time.perf_counter()
        with transaction.atomic(), acting_as(post, NOW) as subject, CaptureQueriesContext(connection) as statements:
            digests.add(paper_of(room_of(subject, meeting)).digest)
        asked.append(len(statements))
        slowest = max(slowest, time.perf_counter() - began)
    return time.perf_counter() - start, slowest, asked, digests


def main() -> None:
    """Each size in turn; the growth between the largest and the smaller ones."""
    world, rows = make_world(), []
    found: dict[tuple[int, int], float] = {}
    statements: dict[tuple[int, int], int] = {}
    for number, (items, agencies) in enumerate(SIZES):
        meeting, members = met(world, number, items, agencies)
        sign_in_as(cluster, "atlas_app")
        compiled(meeting, members[:1])  # what the first one pays for all
        took, slowest, asked, digests = compiled(meeting, members)
        found[items, agencies], statements[items, agencies] = took, max(asked)
        rows.append((items, agencies, f"{took:.2f}", f"{slowest * 1000:.0f}", f"{min(asked)} to {max(asked)}", len(digests)))
    table(("items", "agencies", "seconds for all", "slowest, ms", "statements each", "different versions"), rows)
    most_items, most_agencies = (10, 6) if QUICK else (40, 12)
    fewer_items, fewer_agencies = (5, 3) if QUICK else (10, 12), (10, 3) if QUICK else (40, 3)
    largest = found[most_items, most_agencies]
    last_line(
        items=most_items, agencies=most_agencies, seconds=round(largest, 2), statements=statements[most_items, most_agencies],
        growth_with_items=round(largest / found[fewer_items], 2),
        growth_with_agencies=round(largest / found[fewer_agencies], 2),
    )  # fmt: skip


main()
