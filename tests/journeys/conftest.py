"""A served Fernleigh in miniature: its own database, the service as run.py starts it, a mailbox, and a real browser."""

import hmac
import os
import shutil
import subprocess
import sys
from base64 import b32decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as TookTooLong

import run
from tests.migrated import cluster, migrated, recreate

ROOT = run.ROOT
ARGUMENTS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-gpu",
]  # fmt: skip
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Served:
    """Where the service is, and how to run a command of it."""

    address: str
    environment: dict[str, str]
    folder: Path
    secrets: dict[str, str] = field(default_factory=dict)  # of each person's telephone, by which it makes codes
    sessions: dict[str, Any] = field(default_factory=dict)  # the cookies of who has signed in: a code can be used once in half a minute
    now: Callable[[], datetime] = _now

    def code(self, username: str) -> str:
        """The code that the person's telephone shows now."""
        return code_at(self.secrets[username], self.now())

    def manage(self, *words: str, login: str = "service") -> str:
        """Run one of Django's commands and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "django", *words],
            cwd=ROOT,
            env={**self.environment, "ATLAS_AS": login},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@dataclass
class Made:
    """A small Fernleigh that nobody serves: its database, and the folder of what it made beside."""

    database: str
    folder: Path
    secrets: dict[str, str]


_SECRETS = """
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
for one in Authenticator.objects.filter(type="totp").select_related("user"):
    print(one.user.username, get_adapter().decrypt(one.data["secret"]))
"""


def code_at(secret: str, moment: datetime) -> str:
    """The code that a telephone with this secret shows (RFC 6238)."""
    proof = hmac.digest(b32decode(secret), int(moment.timestamp() // 30).to_bytes(8), "sha1")
    at = proof[-1] & 15
    return f"{(int.from_bytes(proof[at : at + 4]) & 0x7FFFFFFF) % 10**6:06}"


# Each worker makes a Fernleigh of its own: two files of journeys may be walked at once.
OWN = os.environ.get("ATLAS_TEST_SUFFIX", "") + os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make the small authority by its own commands, once; whoever serves it serves a copy."""
    name = f"fernleigh{OWN}"
    recreate(name, migrated())
    folder = tmp_path_factory.mktemp("fernleigh")
    running = Served("", environment_of(name, folder, run.free_port()), folder)
    running.manage("gate", "install", login="owner")
    running.manage("demo", "make", "--small")
    cluster().sql(name, "ANALYZE")
    told = running.manage("shell", "-c", _SECRETS).splitlines()
    return Made(name, folder, dict(line.split() for line in told if line.count(" ") == 1))


def environment_of(database: str, folder: Path, port: int) -> dict[str, str]:
    """What every process of a served Fernleigh is told."""
    addresses = cluster()
    environment = {
        **os.environ, "ATLAS_DEMO": "1", "ATLAS_TEST": "0", "ATLAS_PLANTED": str(folder / "planted.json"), "ATLAS_MAILBOX": str(folder / "mailbox"),
        "ATLAS_COPIES_FOLDER": str(folder / "copies"), "ATLAS_ADDRESS": f"http://127.0.0.1:{port}/", "ATLAS_EMAIL_PORT": str(run.free_port()),
        "DATABASE_URL": addresses.url("atlas_app", database), "DATABASE_OWNER_URL": addresses.url("atlas_owner", database),
        "DATABASE_TICK_URL": addresses.url("atlas_tick", database),
    }  # fmt: skip
    environment.pop("PYTEST_CURRENT_TEST", None)
    return environment


@contextmanager
def serving(made: Made, name: str, folder: Path, **more: str) -> Iterator[Served]:
    """Serve a copy of the small authority; `more`: what else its processes are told."""
    recreate(f"{name}{OWN}", made.database)
    shutil.copytree(made.folder, folder, dirs_exist_ok=True)
    port = run.free_port()
    running = Served(f"http://127.0.0.1:{port}", {**environment_of(f"{name}{OWN}", folder, port), **more}, folder, made.secrets)
    service = {**running.environment, "ATLAS_AS": "service"}
    children = [subprocess.Popen(run.web(port, workers=1), cwd=ROOT, env=service)]
    children += [
        subprocess.Popen(
            [sys.executable, "-m", "django", *words], cwd=ROOT, env=service, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for words in (("demo", "mailbox"), *run.JOBS)
    ]
    try:
        run.wait_for(f"{running.address}/health")
        yield running
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=20)


@pytest.fixture(scope="session")
def served(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small authority, served."""
    with serving(made, "journeys", tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One real browser."""
    if CHROMIUM is None:
        pytest.fail("The journeys need Chromium. On Debian: sudo apt-get install chromium")
    expect.set_options(timeout=20_000)  # a busy machine is no fault of a page
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(served: Served, chromium: Browser) -> Iterator[Any]:
    """Sign in as one of the named people, with password and second factor; gives the page. `phone` makes it a narrow one."""
    with entering(served, chromium) as enter:
        yield enter


@contextmanager
def entering(served: Served, chromium: Browser) -> Iterator[Any]:
    """How one signs in at this service, each time in a browser of one's own; with no name, nobody is signed in. Whoever signed in before need not again."""
    contexts: list[BrowserContext] = []

    def enter(username: str = "", *, phone: bool = False, script: bool = True) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = chromium.new_context(viewport=size, java_script_enabled=script)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.complaints = []  # type: ignore[attr-defined]

        def complain(message: ConsoleMessage) -> None:
            if "Content Security Policy" in message.text:
                page.complaints.append(message.text)  # type: ignore[attr-defined]

        page.on("console", complain)
        if username and not _still_in(page, served, username):
            enter_on(page, served, username)
            served.sessions[username] = context.cookies()
        return page

    try:
        yield enter
    finally:
        for context in contexts:
            leave(context)


def leave(context: BrowserContext) -> None:
    """Close a browser of one's own. Chromium may never answer whoever closes one of which a page is on its way (seen in 1 of 30 tries): each is brought to rest first."""
    for page in context.pages:
        for _ in range(5):  # where it was going may come in between
            with suppress(Error):
                page.goto("about:blank")
                break
    context.close()


def _still_in(page: Page, served: Served, username: str) -> bool:
    """Whether the session that the person began in another browser still stands, in this one."""
    if username not in served.sessions:
        return False
    page.context.add_cookies(served.sessions[username])
    page.goto(f"{served.address}/")
    if "/accounts/" in page.url:
        page.context.clear_cookies()
        return False
    return True


def enter_on(page: Page, served: Served, username: str) -> None:
    """Sign in on this page, as one of the named people."""
    from demo.authority import PASSWORD

    page.goto(f"{served.address}/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    for _ in range(7):
        page.get_by_label("Code").fill(served.code(username))
        page.get_by_role("button", name="Sign in", exact=True).click()
        try:  # a code can be used once; the next comes within half a minute
            page.wait_for_url(lambda url: "/accounts/" not in url, timeout=6_000)
        except TookTooLong:
            continue
        break
    assert "/accounts/" not in page.url


def go_to(page: Page, place: str) -> None:
    """Follow the navigation as a person would: what stands in its line, or under *More*."""
    navigation = page.get_by_role("navigation", name="Main")
    link = navigation.get_by_role("link", name=place, exact=True)
    if not link.count():
        navigation.get_by_text("More").click()
    link.click()


# Told of what is wrong alone: to say of everything else where it stands takes as long again.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


def baseline(page: Page) -> None:
    """Accessible by axe, and no complaint of the content security policy."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()  # a click ends when the next page is on its way: of that, nothing may stand yet
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.complaints == [], page.complaints  # type: ignore[attr-defined]
