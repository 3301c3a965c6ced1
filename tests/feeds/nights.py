"""The main case system night after night, for tests: what it holds, and the delivery of each night."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.feeds.commands.delivery import commit_delivery, receive_delivery
from atlas.feeds.models import Delivery, Row
from atlas.gate.context import acting_as
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.feeds.test_deliveries import main_system
from tests.world import make_world

PERSONS = ["pers_person_id", "pers_forename", "pers_surname", "pers_dob", "pers_legacy_id"]
INVOLVEMENTS = [
    "invo_involvements_id",
    "invo_professional_id",
    "invo_person_id",
    "invo_involvement_start_date",
    "invo_involvement_end_date",
]
PLACEMENTS = ["clap_cla_placement_id", "clap_person_id", "clap_cla_placement_start_date", "clap_cla_placement_type"]
PLANS = ["cppl_cp_plan_id", "cppl_person_id", "cppl_cp_plan_start_date"]
ROWAN, ALEX = ["P1", "Rowan", "Sample", "01/02/2012", ""], ["P2", "Alex", "Ordinary", "03/04/2013", ""]
WORKS = ["I1", "W1", "P1", "2026-01-05", ""]
EVERYTHING: dict[str, Any] = {
    "ssd_person": [PERSONS, ROWAN, ALEX],
    "ssd_involvements": [INVOLVEMENTS, WORKS],
    "ssd_cla_placement": [PLACEMENTS, ["L1", "P1", "2026-01-06", "K2"], ["L2", "P2", "2026-01-07", "U4"]],
    "ssd_cp_plans": [PLANS, ["K1", "P1", "2026-02-01"]],
}


class Nights:
    """The deliveries of one main case system, one a night."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count, self.world = folder, 0, make_world()
        Post.objects.filter(pk=self.world.worker.pk).update(reference="W1")
        self.officer = factories.post("data_officer", of=factories.team("Data"))

    def deliver(self, *, as_at: datetime | None = None, part: bool = False, historic: bool = False, **tables: Any) -> Delivery:
        """Receive and take the next night's file."""
        self.count += 1
        at = NOW + timedelta(days=self.count)
        delivery = receive_delivery(
            file=main_system(self.folder, f"{self.count}.zip", **{"ssd_version_log": [["n"], [str(self.count)]], **tables}), layout="ssd",
            authority=self.world.authority, carried_by=factories.feed_post(), as_at=as_at or at, is_historic=historic, is_partial=part,
            by=self.officer, at=at,
        )  # fmt: skip
        return commit_delivery(delivery=delivery, by=self.officer, at=at)

    @property
    def later(self) -> datetime:
        """A moment after the last delivery."""
        return NOW + timedelta(days=self.count, hours=1)

    def seen(self) -> Any:
        """What the feed sees, which is all of it."""
        return acting_as(factories.feed_post(), self.later)

    def asked(self) -> list[tuple[str, str, str]]:
        """Every question: who is asked, what, and whether it is open."""
        with self.seen():
            tasks = Task.objects.filter(entry__kind=Kind.FACT_VANISHED).order_by("name").select_related("owner_post__user", "owner_team")
            return [(str(task.owner_post or task.owner_team), task.name, task.state) for task in tasks]

    def rows(self, delivery: Delivery) -> dict[tuple[str, str], Row]:
        """The rows of a delivery by table and key."""
        with self.seen():
            return {(row.table, row.source_key): row for row in delivery.rows.all()}

    def child(self, name: str = "Rowan Sample") -> Child:
        """A child by name."""
        with self.seen():
            found: Child = Child.objects.get(name=name)
        return found


def without(table: str, *keys: str) -> dict[str, Any]:
    """Everything, less these rows of one table."""
    return {**EVERYTHING, table: [row for row in EVERYTHING[table] if row[0] not in keys]}
