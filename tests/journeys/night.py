"""A night as a journey plays it: a service whose clock it sets, the texts that telephones received, and the jobs of the product."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Page, expect

from atlas.chronology.moments import LONDON, day_words
from atlas.clocks.calendar import is_working_day
from tests.journeys.conftest import Made, Served, entering, serving

SETTINGS = "tests.journeys.night_settings"


@dataclass
class Night:
    """The service by night; `evening`: the day on which it begins; the next is a working day."""

    served: Served
    enter: Any
    ahead: Path
    evening: date
    texts: list[tuple[str, str]] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)  # what a later step needs of an earlier one

    def when(self, hours: str, *, days: int = 0) -> datetime:
        """A moment of London time, on the evening's day or `days` after it."""
        return datetime.combine(self.evening + timedelta(days=days), time.fromisoformat(hours), LONDON)

    def at(self, hours: str, *, days: int = 0) -> None:
        """Set the clock of the service to that moment; it goes on from there."""
        self.set_to(self.when(hours, days=days))

    def set_to(self, moment: datetime) -> None:
        """The same, of any moment."""
        self.ahead.write_text(str((moment - datetime.now(UTC)).total_seconds()))

    def now(self) -> datetime:
        """What the clock of the service shows."""
        return datetime.now(UTC) + timedelta(seconds=float(self.ahead.read_text()))

    def go(self, page: Page, path: str) -> None:
        """Open a page by its address, as a bookmark or a link in a message does."""
        page.goto(f"{self.served.address}{path}")

    def run(self, code: str) -> str:
        """What the product's own job says, run now."""
        return self.served.manage("shell", "-c", code).strip().splitlines()[-1]

    def tick(self) -> None:
        """What follows with time, as it runs every minute."""
        self.served.manage("tick", login="tick")

    def received(self, page: Page, number: str, pattern: str) -> str:
        """Wait until the telephone of this number has a text like this, and give what it says."""
        for _ in range(200):
            found = [words for to, words in self.texts if to.replace(" ", "") == number.replace(" ", "") and re.search(pattern, words)]
            if found:
                return found[-1]
            page.wait_for_timeout(100)
        raise AssertionError(f"No text like “{pattern}” reached {number}: {self.texts}")


def next_evening(now: datetime) -> date:
    """The evening of the first working day from tomorrow on that another follows."""
    day = now.astimezone(LONDON).date() + timedelta(days=1)
    while not (is_working_day(day) and is_working_day(day + timedelta(days=1))):
        day += timedelta(days=1)
    return day


@contextmanager
def nights(made: Made, chromium: Browser, folder: Path) -> Iterator[Night]:
    """Serve a Fernleigh of its own whose clock is set, beside a telephone that receives every text."""
    texts: list[tuple[str, str]] = []
    receiver = ThreadingHTTPServer(("127.0.0.1", 0), _telephone(texts))
    Thread(target=receiver.serve_forever, daemon=True).start()
    ahead = folder / "ahead"
    ahead.write_text("0")
    told = {
        "DJANGO_SETTINGS_MODULE": SETTINGS, "ATLAS_CLOCK_AHEAD": str(ahead), "ATLAS_TEXT_HOOK": f"http://127.0.0.1:{receiver.server_port}/",
    }  # fmt: skip
    try:
        with serving(made, "night", folder / "served", **told) as running, entering(running, chromium) as enter:
            night = Night(running, enter, ahead, next_evening(datetime.now(UTC)), texts)
            running.now = night.now
            yield night
    finally:
        receiver.shutdown()


def _telephone(texts: list[tuple[str, str]]) -> type[BaseHTTPRequestHandler]:
    class Telephone(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            texts.append((said["to"], said["words"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    return Telephone


def says(page: Page, *words: str) -> None:
    """The page says all of this."""
    for one in words:
        expect(page.locator("main")).to_contain_text(one)


def fits(page: Page) -> None:
    """Nothing of the page stands outside a narrow screen."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def said(day: date) -> str:
    """A day as the return writes it."""
    return f"{day:%d/%m/%Y}"


def zipped(file: Path, tables: dict[str, dict[str, str]]) -> Path:
    """A delivery of a main system: a zip of tables, here of one row each."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, row in tables.items():
            text = io.StringIO()
            csv.writer(text).writerows([row.keys(), row.values()])
            archive.writestr(f"{name}.csv", text.getvalue())
    return file


def ask_for_table(page: Page, last: date) -> None:
    """Ask for the Missing table of the year that ended on this day, for whoever sends it in."""
    page.get_by_role("button", name="Make the file").click()
    page.get_by_label("Or for somebody outside: their name").fill("Robin Sample")
    page.get_by_label("Where they work").fill("Data collection")
    page.locator("fieldset", has_text="What is it for?").get_by_role("radio").first.check()
    page.get_by_label("Why do they need it?").fill("The return of looked-after children")
    page.locator("fieldset", has_text="For which collection?").get_by_label(day_words(last), exact=False).check()
    page.get_by_label("Text table (CSV)").check()
    page.get_by_role("button", name="Export", exact=True).click()


def fetched(page: Page) -> list[list[str]]:
    """The rows of the file that was asked for, as anybody reads CSV, once it is made."""
    while "Being made" in page.locator("main").inner_text():
        page.wait_for_timeout(300)
        page.reload()
    says(page, "Ready")
    page.locator("main a[href*=download_export]").first.click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Fetch the file").click()
    heading, *rows = csv.reader(io.StringIO(Path(coming.value.path()).read_text(encoding="utf-8-sig")))
    assert heading == ["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"]
    return rows
