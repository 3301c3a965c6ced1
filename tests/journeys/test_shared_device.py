"""What stays on a computer that others use: after signing out, by *Back*, by the address, without signal, on the disk, and on tabs left open
(protection.md table A15, as far as pages of staff can show it; OWASP ASVS 5.0.0, 14.3.2). Forty cases, and what shows that they can fail.
"""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect

from tests.journeys.conftest import ARGUMENTS, CHROMIUM, Served, baseline, enter_on, leave
from tests.journeys.test_spine import picture

_MISSING = """
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.missing.queries.episodes import missing_now
with acting_as(Post.objects.get(user__username="team.manager"), timezone.now()) as subject:
    one = next(one for one in missing_now(subject))
    print("|".join((one.name.split()[-1], str(one.child_id), str(one.pk))))
"""


def _pages(served: Served) -> tuple[str, list[str]]:
    """A missing child's surname, and eight pages that show it."""
    name, child, episode = served.manage("shell", "-c", _MISSING).strip().splitlines()[-1].split("|")
    about = [f"/child/{child}/", f"/missing/episode/{episode}/", f"/missing/episode/{episode}/record_contact_or_sighting/",
             f"/missing/episode/{episode}/record_return/", f"/connections/{child}/view_ties/", f"/allocation/child/{child}/view_promises/",
             f"/child/{child}/view_guard/", f"/sharing/child/{child}/view_disclosures/"]  # fmt: skip
    return name, [served.address + one for one in about]


def _says(page: Page, name: str) -> bool:
    """Whether somebody who looks at this screen, or at the tab's title, reads the name."""
    return name in page.locator("body").inner_text() or name in page.title()


def _holding(folder: Path, name: str) -> set[str]:
    """The files of a folder in which the name stands."""
    written = (name.encode(), name.encode("utf-16-le"))
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and any(word in path.read_bytes() for word in written)
    }


def test_nothing_is_read_after_signing_out_and_nothing_stays_on_the_disk(served: Served, chromium: Browser, tmp_path: Path) -> None:
    name, pages = _pages(served)

    def opened() -> BrowserContext:
        """A browser as people have it: with a profile, and with whole pages kept in memory for *Back*, which automation turns off."""
        return chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path=CHROMIUM, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
        )

    context = opened()
    page = context.new_page()
    enter_on(page, served, "team.manager")
    for address in pages:
        page.goto(address)
        assert _says(page, name), address
    page.go_back()
    assert _says(page, name)
    page.go_forward()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    # When somebody else sits down and goes back, page by page (half the way: what is asked for again is no longer on the disk)
    for _ in range(len(pages) // 2):
        page.go_back()
        assert not _says(page, name), page.url
    # Or reads what the browser wrote down: its cache, its history, its storage
    leave(context)
    assert _holding(tmp_path, "accounts/login")
    assert not _holding(tmp_path, name)
    # Or types the address, with a signal and without
    context = opened()
    page = context.new_page()
    for offline, address in ((offline, address) for offline in (True, False) for address in pages):
        context.set_offline(offline)
        with suppress(Error):  # the browser's own page: no connection
            page.goto(address)
        assert not _says(page, name), (offline, page.url)
    leave(context)


def test_tabs_left_open_are_covered_until_the_same_person_is_back(served: Served, chromium: Browser) -> None:
    name, pages = _pages(served)
    first = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    first.complaints = []  # type: ignore[attr-defined]
    enter_on(first, served, "team.manager")
    context, tabs = first.context, [first]
    for address in pages:
        tabs.append(context.new_page())
        tabs[-1].goto(address)
        assert _says(tabs[-1], name), address
    form = tabs[3]
    form.get_by_label("What was seen or said?").fill("Seen at the bus station")
    # When the session is over, and somebody opens a page in another tab
    context.clear_cookies()
    other = context.new_page()
    other.goto(served.address)
    # Then every tab is covered, says so, and keeps what was typed
    for tab in tabs:
        expect(tab.get_by_role("alertdialog", name="You are signed out")).to_be_visible()
        assert not _says(tab, name), tab.url
    form.complaints = []  # type: ignore[attr-defined]
    baseline(form)
    picture(form, "covered-phone")
    # And stays covered while somebody else is signed in
    enter_on(other, served, "night.worker")
    other.reload()
    for tab in tabs:
        expect(tab.get_by_role("alertdialog", name="You are signed out")).to_be_visible()
        assert not _says(tab, name), tab.url
    other.get_by_role("button", name="Sign out").click()
    # And opens again for the person whose it was, with what they had typed
    enter_on(other, served, "team.manager")
    for tab, address in zip(tabs[1:], pages, strict=True):
        expect(tab.get_by_role("alertdialog")).to_have_count(0)
        assert _says(tab, name), address
    expect(form.get_by_label("What was seen or said?")).to_have_value("Seen at the bus station")
    leave(context)


_MINE = """
from datetime import timedelta
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.sharing import guest
from atlas.sharing.commands.copies import give_child_page, withdraw_child_page
from atlas.sharing.models import CopyGiven
from atlas.sharing.rules import PhoneGone
from demo import mine
worker, now = Post.objects.get(user__username="social.worker"), timezone.now()
def newest():
    with acting_as(worker, now):
        return CopyGiven.objects.filter(how="phone").select_related("child__responsible_authority", "request").latest("given_at")
"""
_GIVE = """
given = give_child_page(child=newest().child, copy=mine.MINE, telephone="07700 900654", is_number_confirmed=True, safe_reason="Locks by itself", by=worker, at=now)
print(given.request.token)
"""
_CODE = "guest.keep_code(newest().request.token_hash, '204816', now + timedelta(seconds={after}), dict())"
_TAKEN = "withdraw_child_page(copy_given=newest(), why=PhoneGone.TAKEN, by=worker, at=now)"
READS = "get off the bus by the library"


def test_the_child_s_page_leaves_nothing_on_a_phone_that_others_hold(served: Served, chromium: Browser, tmp_path: Path) -> None:
    """A15 for the child's own page: *Leave now*, *Back*, the address, idle, other programs, a page taken back, what the disk holds."""

    def tell(words: str) -> str:
        return (
            served.manage("shell", "-c", _MINE + words).strip().splitlines()[-1:][0]
            if words == _GIVE
            else served.manage("shell", "-c", _MINE + words)
        )

    token, home = tell(_GIVE), f"{served.address}/guest/mine/"
    context = chromium.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=CHROMIUM,
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
        viewport={"width": 390, "height": 844},
    )
    context.route(
        "https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<title>Weather</title>Rain at times", content_type="text/html")
    )
    page = context.new_page()
    complaints: list[str] = []
    page.complaints = complaints  # type: ignore[attr-defined]

    def complain(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            complaints.append(said.text)

    page.on("console", complain)

    def enter(after: int) -> None:
        tell(_CODE.format(after=after))
        page.goto(f"{home}code/")
        page.get_by_label("The code from the text").fill("204 816")
        page.get_by_role("button", name="Go on").click()

    def gone() -> bool:
        return READS not in page.locator("body").inner_text() and page.title() in {"My page", "Weather"}

    page.clock.install()
    page.goto(f"{home}link/{token}/")
    baseline(page)
    assert token not in page.url
    enter(0)
    expect(page.locator("p").filter(has_text=READS)).to_be_visible()
    baseline(page)
    page.get_by_role("button", name="Leave now").click()
    expect(page).to_have_title("Weather")
    page.go_back()
    assert gone()
    for address in ("", "page/", "page/say/?kind=words"):
        page.goto(home + address)
        assert gone()
    # Nobody touches it for five minutes: it shuts, and what was being written waits for a new code.
    enter(61)
    page.get_by_role("button", name="Say what you think").click()
    baseline(page)
    page.get_by_label("What do you want to say?").fill("Only half of")
    page.clock.fast_forward("05:10")
    expect(page.get_by_text("What you wrote is still here")).to_be_visible()
    assert gone() and "Only half of" not in page.locator("body").inner_text()
    enter(122)
    expect(page.get_by_label("What do you want to say?")).to_have_value("Only half of")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Thank you. We have it.")).to_be_visible()
    assert "Only half of" not in page.locator("body").inner_text()
    # Taken back: it shuts while it is open.
    tell(_TAKEN)
    page.clock.fast_forward("01:05")
    page.mouse.wheel(0, 100)
    page.clock.fast_forward("01:05")
    expect(page.get_by_text("Your page is shut.")).to_be_visible()
    page.go_back()
    assert gone()
    leave(context)
    assert not _holding(tmp_path, READS) and not _holding(tmp_path, "Only half of")
