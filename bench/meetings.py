"""Eight people write at once in one meeting, through its pages: each in an entry of their own, two of them the decisions too. No character that was
acknowledged is lost, and nobody's words are written over. No peer has such a room (peers.md 8.1 to 8.3).
"""

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from bench.measuring import last_line, own_database, table, the_cluster

QUICK = "--quick" in sys.argv
LASTS = 15 if QUICK else 600  # seconds
cluster = the_cluster()
own_database("bench_meetings", cluster)

from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.gate.context import acting_as  # noqa: E402
from atlas.meetings.codes import Settles  # noqa: E402
from atlas.meetings.commands.inviting import Asked, invite  # noqa: E402
from atlas.meetings.commands.recording import Said, contribute  # noqa: E402
from atlas.meetings.models import MeetingContribution, MeetingDecision  # noqa: E402
from atlas.meetings.rules.kinds import OF_STRATEGY  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories import begin_session  # noqa: E402
from tests.meetings.given import table as sit_down  # noqa: E402
from tests.writes.forms import opened  # noqa: E402


class Writer:
    """One person at the table, who writes on and on in an entry of their own; who leads it writes decisions too."""

    def __init__(self, number: int, post: Any, entry: Any, item: Any, leads: bool) -> None:
        self.draw, self.leads, self.entry, self.item, self.number = random.Random(number), leads, entry, item, number
        self.client = Client(headers={"host": "127.0.0.1"})
        begin_session(self.client, post, timezone.now())
        self.decided: list[str] = []
        self.last, self.clashed, self.sent = "", 0, 0

    def run(self) -> "Writer":
        """Write until the time is over, and keep what was acknowledged."""
        ends = time.monotonic() + LASTS
        while time.monotonic() < ends:
            self._write()
            if self.leads:
                self._decide()
            connections["default"].close()  # handed back to the pool, as the end of a request does: the test client tells nobody of it
            time.sleep(self.draw.random() / 5)
        return self

    def _write(self) -> None:
        address = reverse("meetings:rewrite_contribution", args=[self.entry.pk])
        words = f"{self.last} {self.number}.{self.sent}"[-3000:].strip()
        answer = self.client.post(address, opened(self.client, address) | {"words": words})
        assert answer.status_code == 302, (answer.status_code, answer.content[:2000])
        self.last, self.sent = words, self.sent + 1

    def _decide(self) -> None:
        point = self.draw.choice([Settles.DECISION, Settles.PLAN, Settles.NRM])
        address = reverse("meetings:record_meeting_decision", args=[self.item.pk, point.value])
        given = {
            "reason": f"{self.number}.{self.sent}",
            "answer": self.draw.choice(OF_STRATEGY).value,
            "words": f"{self.number}.{self.sent}",
        }
        while True:
            answer = self.client.post(address, opened(self.client, address) | given)
            if answer.status_code == 302:
                self.decided.append(given["reason"])
                return
            self.clashed += 1  # somebody wrote a version meanwhile: read it, and send once more


def main() -> None:
    """Let eight write, and count."""
    there, at = sit_down(), timezone.now()
    meeting = there.called(at=at, starts=at + timedelta(minutes=1))
    more = [factories.post("school", of=there.school.team), *there.people]
    for post in (there.world.worker, *more):
        invite(meeting=meeting, asked=Asked(post=post), by=there.world.manager, at=at)
    people = [there.world.manager, there.taker, there.world.worker, *more]
    item = there.item(meeting, at=at)
    entries = [contribute(item=item, said=Said("Begun.", "In the room"), by=post, at=at) for post in people]
    writers = [Writer(number, post, entry, item, number < 2) for number, (post, entry) in enumerate(zip(people, entries, strict=True))]
    connections["default"].close()
    with ThreadPoolExecutor(len(writers)) as pool:
        done = list(pool.map(Writer.run, writers))
    with acting_as(there.world.manager, timezone.now()):
        stands = dict(MeetingContribution.objects.values_list("pk", "words"))
        by = dict(MeetingContribution.objects.values_list("pk", "written_by"))
        decisions = list(MeetingDecision.objects.values_list("reason", "replaces"))
    lost = sum(len(one.last) for one in done if stands[one.entry.pk] != one.last)
    overwritten = sum(by[one.entry.pk] != post.pk for one, post in zip(done, people, strict=True))
    acknowledged = [reason for one in done for reason in one.decided]
    lost += sum(len(reason) for reason in acknowledged if reason not in {said for said, _ in decisions})
    overwritten += (
        len(decisions) - len({replaced for _, replaced in decisions if replaced}) - 3
    )  # each but the first of a point replaces one of its own
    table(
        ("what", "count"),
        [("writers", len(done)), ("seconds", LASTS), ("entries sent", sum(one.sent for one in done)), ("decisions acknowledged", len(acknowledged)),
         ("sent again, since somebody had decided meanwhile", sum(one.clashed for one in done)), ("characters lost", lost), ("written over", overwritten)],
    )  # fmt: skip
    last_line(
        writers=len(done),
        seconds=LASTS,
        sent=sum(one.sent for one in done),
        decisions=len(acknowledged),
        clashed=sum(one.clashed for one in done),
        lost=lost,
        overwritten=overwritten,
    )


if __name__ == "__main__":
    main()
