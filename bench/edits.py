"""Eight people edit the same few records at once, field by field, as forms do: no change that was acknowledged is lost (table D, D1).

Each opens the form of the police reference, waits a little, changes one field or both, and sends; where the page puts a clash before
them, they choose at random and send again. The checker then follows every record's history: each acknowledged value must have been
seen by whoever wrote the next one (as what the page showed, or as the other's in a clash), or stand at the end.
"""

import random
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from bench.measuring import last_line, own_database, table, the_cluster

QUICK = "--quick" in sys.argv
EDITORS, EDITS = 8, 160 if QUICK else 10_000
cluster = the_cluster()
own_database("bench_edits", cluster)

from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.chronology.moments import Moment  # noqa: E402
from atlas.design.edits import Base  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.missing.commands.episode import record_police_reference  # noqa: E402
from atlas.missing.models import Episode  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories import NOW, begin_session  # noqa: E402
from tests.missing.test_spine import reported  # noqa: E402
from tests.world import World, make_world  # noqa: E402
from tests.writes.forms import boxes_of, opened  # noqa: E402

FIELDS = ("police_reference", "force")
# (record, field, what the writer last saw there, what was written), as acknowledged
Written = tuple[str, str, str, str]


class Editor:
    """One person with a browser, who edits until enough has been done."""

    def __init__(self, number: int, post: Any, addresses: list[str], quota: int) -> None:
        self.number, self.addresses, self.quota, self.draw = number, addresses, quota, random.Random(number)
        self.client = Client(headers={"host": "127.0.0.1"})
        begin_session(self.client, post, timezone.now())
        self.written: list[Written] = []
        self.clashed = 0

    def run(self) -> "Editor":
        """Edit, and keep what was acknowledged."""
        for turn in range(self.quota):
            address = self.draw.choice(self.addresses)
            sent = opened(self.client, address) | _told()
            mine = dict.fromkeys(self.draw.sample(FIELDS, self.draw.choice((1, 1, 2))), f"{self.number}.{turn}")
            time.sleep(self.draw.random() / 100)
            self._send(address, sent | mine, set(mine))
        connections["default"].close()
        return self

    def _send(self, address: str, sent: dict[str, Any], mine: set[str]) -> None:
        while True:
            answer = self.client.post(address, sent)
            base = Base.of(sent["base"])
            assert base is not None
            if answer.status_code == 302:
                for name in mine:
                    chosen = sent.get(f"chosen-{name}")
                    if chosen != "theirs":
                        stands = base.before[name] if chosen == "before" else sent[name]
                        self.written.append((address, name, str(base.values[name]), str(stands)))
                return
            assert answer.status_code == 409, (answer.status_code, sent)
            self.clashed += 1
            text = answer.content.decode()
            sent = boxes_of(text[text.index("<main") :])
            again = Base.of(sent["base"])
            assert again is not None
            sent |= {f"chosen-{name}": self.draw.choice(("theirs", "mine", "mine")) for name in again.before}


def _told() -> dict[str, str]:
    at = NOW - timedelta(days=1)
    return {f"told_at_{n}": value for n, value in enumerate((str(at.day), str(at.month), str(at.year), "10:00", "minute"))}


def lost(written: list[Written], ends: dict[tuple[str, str], str]) -> int:
    """How many acknowledged values neither stand at the end nor were seen by whoever wrote the next one.

    Each value is written once, so the writings of one field form a chain: from the value that stood first, each next writer saw the
    last one. A fork is a change that was written over unseen.
    """
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record, name, before, _ in written:
        seen[record, name].add(before)
    return sum(value not in seen[record, name] and ends[record, name] != value for record, name, _, value in written)


def made(world: World) -> tuple[list[str], list[Any]]:
    """Four missing episodes, and eight people who may all edit them."""
    addresses, posts = [], [factories.post("missing_coordinator", of=world.missing_team) for _ in range(EDITORS)]
    for number in range(4):
        if number:
            world.child = factories.child(f"Child Number{number}")
        episode = record_police_reference(
            episode=reported(world), police_reference="first", force="first", told_at=Moment(NOW), by=world.coordinator, at=NOW
        )
        addresses.append(reverse("missing:record_police_reference", args=[episode.pk]))
    from atlas.gate.policy import Kind

    for post in posts:
        factories.duty(Kind.MISSING_COORDINATOR, world.authority, post=post)
    return addresses, posts


def main() -> None:
    """Let them edit, then check."""
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    world = make_world()
    addresses, posts = made(world)
    first = {"police_reference": "", "force": ""}
    began = time.perf_counter()
    editors = [Editor(number, post, addresses, EDITS // EDITORS) for number, post in enumerate(posts)]
    connections["default"].close()  # the service keeps eight at most
    with ThreadPoolExecutor(EDITORS) as pool:
        editors = list(pool.map(Editor.run, editors))
    took = time.perf_counter() - began
    written = [one for editor in editors for one in editor.written]
    with acting_as(posts[0], NOW):
        episodes = {str(one.pk): one for one in Episode.objects.all()}
    ends = {
        (address, name): getattr(episodes[address.split("/")[3]], column)
        for address in addresses
        for name, column in zip(first, ("police_reference", "police_force"), strict=True)
    }
    gone, clashed = lost(written, ends), sum(editor.clashed for editor in editors)
    table(("edits", "values acknowledged", "clashes shown", "lost", "seconds"), [(EDITS, len(written), clashed, gone, round(took, 1))])
    last_line(edits=EDITS, values=len(written), clashes=clashed, lost=gone)


if __name__ == "__main__":
    main()
