"""What is lost of what was typed (protection.md table F, F5), in a real browser. Needs `python3 run.py demo --once`, and Chromium.

No peer: the floor is ten seconds of typing, the goal nothing that was typed before the last pause. A person types in bursts into *record a contact or
sighting*; then the tab dies, is closed, sleeps and is thrown out, the signal goes and comes back, or the session ends. The page is opened again.
"""

import asyncio
import random
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from playwright.async_api import TimeoutError as TookTooLong

from bench.loading import wait_for
from bench.measuring import last_line, table, the_cluster, use
from run import free_port, web

QUICK = "--quick" in sys.argv
LOSSES, TABS = (12, 6) if QUICK else (200, 9)
NAME = "bench_autosave"
PAUSE = 3.0  # seconds without a key: whoever stops so long believes that the page has kept it
WORDS = "She was seen by the bus station with two older friends and rang her aunt from there before the last train "
WHO = "missing.coordinator"
cluster = the_cluster()
cluster.copy("atlas", NAME)
use(NAME, cluster)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.missing.models import Episode  # noqa: E402
from tests.factories import begin_session  # noqa: E402
from tests.journeys.conftest import ARGUMENTS, CHROMIUM  # noqa: E402


@dataclass
class Lost:
    """What one loss took: of so many letters typed how many, the seconds of typing, and letters from before the last pause."""

    typed: int
    letters: int
    seconds: float
    before_pause: int


@dataclass
class Typing:
    """A page with its box, and when each letter went in (seconds)."""

    page: Page
    box: Any
    text: str = ""
    at: list[float] = field(default_factory=list)
    lost_at: float = 0.0

    async def type(self, seconds: float, choose: random.Random) -> None:
        """Go on in bursts of some seconds, with pauses of up to five between them."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            burst = min(until, time.monotonic() + choose.uniform(1, 6))
            while time.monotonic() < burst:
                letter = WORDS[len(self.text) % len(WORDS)]
                await self.box.press_sequentially(letter)
                self.text, self.at = self.text + letter, [*self.at, time.monotonic()]
                await asyncio.sleep(choose.uniform(0.04, 0.16))
            if choose.random() < 0.6:
                await asyncio.sleep(choose.uniform(0.3, 5))

    def lost(self, kept: str) -> Lost:
        """What is not in the text that was kept."""
        same = next((place for place, letter in enumerate(self.text) if kept[place : place + 1] != letter), len(self.text))
        gone = self.at[same:]
        moments = [*self.at, self.lost_at]
        pauses = [place for place in range(len(self.at)) if moments[place + 1] - moments[place] >= PAUSE]
        return Lost(len(self.text), len(gone), self.at[-1] - gone[0] if gone else 0.0, max(0, pauses[-1] + 1 - same) if pauses else 0)


def new_cookie() -> dict[str, str]:
    """The cookie of a session that has just passed the second factor."""
    client = Client(HTTP_HOST="127.0.0.1")
    begin_session(client, Post.objects.select_related("user").get(user__username=WHO), timezone.now())
    return {"name": settings.SESSION_COOKIE_NAME, "value": str(client.session.session_key), "domain": "127.0.0.1", "path": "/"}


async def tab_dies(typing: Typing, context: BrowserContext, choose: random.Random) -> None:
    """The tab is killed where it stands: no event tells the page."""
    devtools = await context.new_cdp_session(typing.page)
    typing.lost_at = typing.lost_at or time.monotonic()
    crash = asyncio.ensure_future(devtools.send("Page.crash"))
    with suppress(Exception):  # the answer never comes, or says that the tab is gone
        await asyncio.wait_for(crash, 2)


async def tab_closes(typing: Typing, context: BrowserContext, choose: random.Random) -> None:
    """The person closes it."""
    typing.lost_at = time.monotonic()
    await typing.page.close()


async def sleeps(typing: Typing, context: BrowserContext, choose: random.Random) -> None:
    """The telephone freezes the page while another is looked at, then throws it out."""
    devtools = await context.new_cdp_session(typing.page)
    other = await context.new_page()
    await other.bring_to_front()
    typing.lost_at = time.monotonic()
    await devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    await asyncio.sleep(1)
    await tab_dies(typing, context, choose)
    await other.close()


async def signal_goes(typing: Typing, context: BrowserContext, choose: random.Random) -> None:
    """No signal while the person types on; it comes back; half a minute later the tab dies."""
    await context.set_offline(True)
    await typing.type(choose.uniform(3, 12), choose)
    await context.set_offline(False)
    await typing.type(choose.uniform(1, 12), choose)
    await tab_dies(typing, context, choose)


async def session_ends(typing: Typing, context: BrowserContext, choose: random.Random) -> None:
    """Signed out while typing; the person types on, signs in again in another tab, as the page says, and leaves the first open until it has kept it."""
    await context.clear_cookies()
    await typing.type(choose.uniform(1, 8), choose)
    await typing.page.locator("[data-saved]", has_text="You are signed out").wait_for(timeout=20_000)
    await context.add_cookies([await asyncio.to_thread(new_cookie)])  # type: ignore[arg-type]
    other = await context.new_page()
    await other.goto(typing.page.url)
    with suppress(TookTooLong):
        await typing.page.locator("[data-saved]", has_text="Kept for you").wait_for(timeout=15_000)
    typing.lost_at = time.monotonic()
    await typing.page.close()
    await other.close()


LOSSES_OF = (tab_dies, tab_closes, sleeps, signal_goes, session_ends)


async def one_loss(browser: Browser, address: str, turn: int) -> tuple[str, Lost]:
    """Type, lose, open again, compare."""
    choose, happens = random.Random(turn), LOSSES_OF[turn % len(LOSSES_OF)]
    # a session belongs to its kind of device: begin_session names none
    context = await browser.new_context(viewport={"width": 390, "height": 844}, user_agent="autosave")
    await context.add_cookies([await asyncio.to_thread(new_cookie)])  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(address)
    if await page.get_by_role("button", name="Throw it away").count():
        await page.get_by_role("button", name="Throw it away").click()
        await page.goto(address)
    await page.wait_for_selector("html[data-ready=yes]")
    typing = Typing(page, page.get_by_label("What was seen or said?"))
    await typing.type(choose.uniform(3, 25), choose)
    await happens(typing, context, choose)
    await asyncio.sleep(0.5)  # a beacon is on its way
    again = await context.new_page()
    await again.goto(address)
    kept = ""
    if await again.get_by_role("button", name="Put it back").count():
        await again.get_by_role("button", name="Put it back").click()
        kept = await again.get_by_label("What was seen or said?").input_value()
    await context.close()
    return happens.__name__.replace("_", " "), typing.lost(kept)


async def all_losses(address: str, forms: list[str]) -> dict[str, list[Lost]]:
    """So many tabs at once, each with a form of its own."""
    found: dict[str, list[Lost]] = defaultdict(list)
    turns = iter(range(LOSSES))

    async def one_tab(form: str, browser: Browser) -> None:
        for turn in turns:
            kind, lost = await one_loss(browser, address + form, turn)
            found[kind].append(lost)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        await asyncio.gather(*(one_tab(form, browser) for form in forms))
        await browser.close()
    return found


def main() -> None:
    """Serve, lose, and print what was lost."""
    if CHROMIUM is None:
        raise SystemExit("This needs Chromium. On Debian: sudo apt-get install chromium")
    post = Post.objects.select_related("user", "team").get(user__username=WHO)
    with acting_as(post, timezone.now()):
        forms = [
            f"/missing/episode/{one}/record_contact_or_sighting/"
            for one in Episode.objects.values_list("pk", flat=True).order_by("-reported_at", "pk")[:TABS]
        ]
    port = free_port()
    server = subprocess.Popen(web(port, workers=1))
    try:
        wait_for(port)
        found = asyncio.run(all_losses(f"http://127.0.0.1:{port}", forms))
    finally:
        server.terminate()
        server.wait(timeout=20)
    rows = [
        (kind, len(lost), sum(one.typed for one in lost), sum(one.letters for one in lost), f"{max(one.seconds for one in lost):.1f}",
         sum(one.before_pause for one in lost))
        for kind, lost in sorted(found.items())
    ]  # fmt: skip
    table(("what happened", "times", "letters typed", "lost", "worst, seconds of typing", "lost from before the last pause"), rows)
    every = [one for lost in found.values() for one in lost]
    last_line(
        losses=len(every), worst_seconds=max(one.seconds for one in every), letters=sum(one.typed for one in every),
        lost=sum(one.letters for one in every), before_pause=sum(one.before_pause for one in every),
    )  # fmt: skip


main()
