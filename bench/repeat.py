"""Each form, file and row delivered one to five times, in any order: the same state as once each (table D, D2).

One seed is one transaction that is undone at its end: a child missing, then sightings, a police reference, a council status and a
delivery of a police force, each sent as often as the seed says. The state is the hash of what people and clocks would see.
"""

import hashlib
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.measuring import last_line, own_database, table, the_cluster

QUICK = "--quick" in sys.argv
SEEDS = 10 if QUICK else 1_000
cluster = the_cluster()
own_database("bench_repeat", cluster)

from django.db import transaction  # noqa: E402

from atlas.chronology.models import Entry  # noqa: E402
from atlas.chronology.moments import Moment  # noqa: E402
from atlas.clocks.models import Clock  # noqa: E402
from atlas.feeds.commands.delivery import commit_delivery  # noqa: E402
from atlas.gate.act import Invalid  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.gate.models import Act, Outcome  # noqa: E402
from atlas.missing.codes import ContactKind, CouncilStatus  # noqa: E402
from atlas.missing.commands.episode import record_contact_or_sighting, record_council_status, record_police_reference  # noqa: E402
from atlas.missing.models import ContactOrSighting, Episode, StatusChange  # noqa: E402
from atlas.tasks.models import Alert, Task  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories import NOW  # noqa: E402
from tests.feeds.test_deliveries import GOOD, police_file, receive  # noqa: E402
from tests.missing.test_spine import reported  # noqa: E402
from tests.world import World, make_world  # noqa: E402

AT = NOW + timedelta(hours=1)
see: Any = record_contact_or_sighting  # the checker knows the verb without the key that every command takes
tell_police: Any = record_police_reference
tell_status: Any = record_council_status
take: Any = commit_delivery
SEEN = (
    (Episode, "police_reference police_force council_status state version"), (ContactOrSighting, "words source"), (StatusChange, "to_status reason"),
    (Entry, "kind words happened_at"), (Clock, "limit due_at outcome version"), (Task, "name state due_at"), (Alert, "reason rung"),
)  # fmt: skip


def state(world: World) -> str:
    """The hash of what is there, without ids, as a coordinator and the feed see it."""
    text = []
    for post in (world.coordinator, factories.feed_post()):
        with acting_as(post, AT):
            for model, columns in SEEN:
                text.append(sorted(map(str, model._default_manager.values_list(*columns.split()))))
            text.append(sorted(map(str, Act.objects.filter(outcome=Outcome.DONE).values_list("command", "key"))))
    return hashlib.sha256(repr(text).encode()).hexdigest()


def sendings(world: World, folder: Path) -> list[Callable[[], object]]:
    """What is sent, each as its own thing that may arrive again; none depends on another."""
    episode = reported(world)
    common: dict[str, Any] = {"episode": episode, "by": world.coordinator, "at": AT}
    officer = factories.post("data_officer", of=factories.team("Data"))
    seen = [
        lambda number=number: see(
            **common,
            kind=ContactKind.values[0],
            happened_at=Moment(NOW),
            source="Aunt",
            words=f"Seen {number}",
            key=f"s{number}",
            content="c",
        )
        for number in range(3)
    ]

    def deliver() -> None:
        row = [
            "NM/7",
            *GOOD[1:5],
            "02/05/2026 18:00",
            "02/05/2026 20:00",
            "02/05/2026 20:10",
            *GOOD[8:9],
            "Returned",
            "03/05/2026 09:00",
            "x",
        ]
        try:
            take(delivery=receive(police_file(folder, row), "northmarch", world, officer=officer), by=officer, at=AT, key="d1")
        except Invalid:
            return  # the same file is told apart by its bytes, and refused in words

    return [
        *seen,
        lambda: tell_police(**common, police_reference="N/1", told_at=Moment(NOW), key="p", content="c"),
        lambda: tell_status(**common, status=CouncilStatus.values[0], changed_at=NOW, key="c", content="c"),
        deliver,
    ]


def once(seed: int | None) -> str:
    """The state after one seed's sendings; None: each once, in order."""
    draw = random.Random(seed)
    factories._numbers = itertools.count(1)  # the same people in every seed
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        world = make_world()
        sent = sendings(world, Path(folder))
        if seed is not None:
            sent = [one for one in sent for _ in range(draw.randint(1, 5))]
            draw.shuffle(sent)
        for send in sent:
            send()
        found = state(world)
        transaction.set_rollback(True)
    return found


def main() -> None:
    """Send, compare, undo; seed by seed."""
    began = time.perf_counter()
    expected = once(None)
    differences = sum(once(seed) != expected for seed in range(SEEDS))
    table(("seeds", "differences", "seconds"), [(SEEDS, differences, round(time.perf_counter() - began, 1))])
    last_line(seeds=SEEDS, differences=differences)


if __name__ == "__main__":
    main()
