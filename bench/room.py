"""A full strategy discussion of six agencies about one child, on one screen, in a real browser: clicks, fields and seconds of machine time.

No peer has such a room (peers.md 8.1 to 8.3). Each agency opens the meeting's page and writes what it knows there; the manager who chairs says that it began
and who is there, answers the four points that a strategy discussion must settle, asks six agencies each to do something by a day, and closes the record; nobody leaves
the page. A field is a question that somebody answers; what is filled in beforehand and stands is none. A click is a press on a link, a button or a box
to tick. Seconds are what people wait for the machine: from each press to the page as it then stands. Typing and talking cost nothing here.
`--quick` walks it once with JavaScript; whole, also without, and on a telephone.
"""

import os
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.loading import wait_for
from bench.measuring import last_line, own_database, p95, table, the_cluster
from run import free_port, web

QUICK = "--quick" in sys.argv
cluster = the_cluster()
own_database("bench_room", cluster)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser is asked in the thread that asks the database

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import AgencyKind, Post  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.meetings.codes import Settles  # noqa: E402
from atlas.meetings.commands.inviting import Asked, invite  # noqa: E402
from atlas.meetings.models import AgencyAction, Meeting, MeetingContribution, MeetingDecision  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories import begin_session  # noqa: E402
from tests.journeys.conftest import ARGUMENTS, CHROMIUM  # noqa: E402
from tests.meetings.given import Table  # noqa: E402
from tests.meetings.given import table as sit_down  # noqa: E402

# (width, height, with JavaScript)
SCREENS = {"desk": (1280, 900, True), "telephone": (390, 844, True), "without JavaScript": (1280, 900, False)}
POINTS = (Settles.DECISION, Settles.PLAN, Settles.NRM, Settles.CHILD_TOLD)


@dataclass
class Count:
    """What a meeting took, of everybody together."""

    clicks: int = 0
    fields: int = 0
    waits: list[float] = field(default_factory=list)


@dataclass
class Seat:
    """Somebody at the table, at a screen of their own."""

    page: Page
    count: Count
    has_script: bool

    def open(self, address: str) -> None:
        """Open the meeting's page."""
        start = time.perf_counter()
        self.page.goto(address)
        self.count.waits.append(time.perf_counter() - start)

    def press(self, place: str, name: str, *, then: str) -> None:
        """Press something at a place, and wait until the form there is open ('open') or gone ('sent')."""
        self.count.clicks += 1
        at = self.page.locator(f"#{place}")
        button = at.get_by_role("button", name=name).first if then == "sent" else at.locator("a", has_text=name).first
        button.scroll_into_view_if_needed()
        start = time.perf_counter()
        with nullcontext() if self.has_script else self.page.expect_navigation():
            button.click()
        at.locator("form").first.wait_for(state="visible" if then == "open" else "detached")
        self.count.waits.append(time.perf_counter() - start)

    def write(self, place: str, **given: str) -> None:
        """Type into boxes."""
        for name, text in given.items():
            self.page.locator(f"#{place} [name={name}]").fill(text)
        self.count.fields += len({name.rstrip("0123456789_") for name in given})

    def tick(self, place: str, name: str, value: str) -> None:
        """Choose an answer."""
        self.page.locator(f"#{place} [name={name}][value={value}]").check()
        self.count.fields, self.count.clicks = self.count.fields + 1, self.count.clicks + 1

    def choose(self, place: str, name: str, value: str) -> None:
        """Choose one of a list."""
        self.page.locator(f"#{place} [name={name}]").select_option(value)
        self.count.fields, self.count.clicks = self.count.fields + 1, self.count.clicks + 1


def agencies(there: Table) -> list[Post]:
    """One of each of six agencies: social work, police, health, school, housing, a charity."""
    charity = factories.agency("The Harbour Project", AgencyKind.VOLUNTARY)
    return [there.world.worker, *there.people, factories.post("voluntary_worker", of=factories.team("Young people", of=charity))]


def called(there: Table, people: list[Post]) -> Meeting:
    """A strategy discussion that is about to begin, with everybody asked."""
    at = timezone.now()
    meeting = there.called(at=at, starts=at + timedelta(seconds=2))
    for post in people:
        invite(meeting=meeting, asked=Asked(post=post), by=there.world.manager, at=at)
    return meeting


def walk(seat_of: Any, address: str, there: Table, meeting: Meeting, people: list[Post], count: Count) -> None:
    """The whole of it."""
    item = there.item(meeting, at=timezone.now()).pk
    page = f"{address}{reverse('meetings:view_meeting', args=[meeting.pk])}"
    chair: Seat = seat_of(there.world.manager, count)
    chair.open(page)
    chair.press("held", "It was held", then="open")
    chair.press("held", "It was held", then="sent")
    said = f"said-{item}"
    for post in people:
        seat: Seat = seat_of(post, count)
        seat.open(page)
        seat.press(said, "Write what your agency knows", then="open")
        seat.write(said, words=f"{post.team.agency.name} knows the flat, and who waits there.", source_words="Our own record, today")
        seat.press(said, "Keep it", then="sent")
        seat.page.context.close()
    with acting_as(there.world.manager, timezone.now()):
        asked = [str(one.pk) for one in meeting.invitations.filter(withdrawn_at=None)]
    for pk in asked:
        chair.press(f"there-{pk}", "There", then="sent")
    for point in POINTS:
        place = f"decided-{item}-{point.value}"
        chair.press(place, "Write", then="open")
        if point is Settles.DECISION:
            chair.tick(place, "answer", "s47_joint")
        else:
            chair.write(place, words="As agreed in the room.")
        chair.write(place, reason="What the school and the police know together.")
        chair.press(place, "Write it down", then="sent")
    due, place = timezone.localdate() + timedelta(days=7), f"action-{item}"
    for post in people:
        chair.press(place, "Ask an agency to do something", then="open")
        chair.write(place, words="See that nobody waits at the door.", due_on_0=str(due.day), due_on_1=str(due.month), due_on_2=str(due.year),
                    intended="Ashby comes and goes unafraid.", evidence_wanted="No report for a month.")  # fmt: skip
        chair.choose(place, "owner", str(post.pk))
        chair.press(place, "Ask for it", then="sent")
    chair.press("close", "Close the record", then="open")
    chair.press("close", "Close the record and send it", then="sent")
    chair.page.context.close()
    with acting_as(there.world.manager, timezone.now()):
        found = [model.objects.filter(meeting=meeting).count() for model in (MeetingContribution, MeetingDecision, AgencyAction)]
        assert found == [len(people), len(POINTS), len(people)], found
        assert Meeting.objects.get(pk=meeting.pk).closed_at


def seats(browser: Browser, address: str, screen: str) -> Any:
    """How somebody takes a seat at such a screen."""
    wide, high, script = SCREENS[screen]

    def seat(post: Post, count: Count) -> Seat:
        client = Client(headers={"host": "127.0.0.1"})
        begin_session(client, post, timezone.now())
        # a session belongs to its kind of device: begin_session names none
        context = browser.new_context(viewport={"width": wide, "height": high}, java_script_enabled=script, user_agent="room")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key or "", "url": address}])
        return Seat(context.new_page(), count, script)

    return seat


def main() -> None:
    """Sit down, walk through it on each screen, print what it took."""
    there, port, found = sit_down(), free_port(), {}
    people = agencies(there)
    server = subprocess.Popen(web(port, workers=1))
    try:
        wait_for(port)
        address = f"http://127.0.0.1:{port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            walk(seats(browser, address, "desk"), address, there, called(there, people), people, Count())  # the first asks pay for imports
            for screen in ["desk"] if QUICK else list(SCREENS):
                found[screen] = Count()
                walk(seats(browser, address, screen), address, there, called(there, people), people, found[screen])
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=20)
    rows = [
        (screen, len(people), one.clicks, one.fields, len(one.waits), f"{sum(one.waits):.2f}", f"{p95(one.waits):.2f}")
        for screen, one in found.items()
    ]
    table(("screen", "agencies", "clicks", "fields", "waits", "seconds together", "95th percentile of one"), rows)
    desk = found["desk"]
    last_line(
        agencies=len(people), clicks=desk.clicks, fields=desk.fields, seconds=sum(desk.waits), waits=len(desk.waits), p95=p95(desk.waits)
    )


if __name__ == "__main__":
    main()
