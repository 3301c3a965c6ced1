"""A talk with a child on a doorstep: an hour without signal, the tab killed, the sign-in over, and not one letter lost (real-life.md point 17)."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served, baseline, enter_on
from tests.journeys.test_spine import picture

BEFORE = "We had argued about the phone. I wanted to see my cousin, and nobody asked me where I was going. " * 9
AFTER = "I was cold. Next time somebody should ring my aunt first – she always knows, and I’d answer her. " * 7
# A child who was missing is back: the interview is owed, and nobody has taken it yet.
_BACK = """
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.chronology.moments import Moment
from atlas.gate.context import acting_as
from atlas.missing.commands.back import record_return
from atlas.missing.models import Episode, ReturnInterview
from atlas.missing.queries.episodes import missing_now
post = Post.objects.select_related("user", "team").get(user__username="missing.coordinator")
with acting_as(post, timezone.now()) as subject:
    episode = missing_now(subject)[-1].pk
    found = Episode.objects.get(pk=episode)
record_return(episode=found, returned_at=Moment(timezone.now()), by=post, at=timezone.now())
with acting_as(post, timezone.now()):
    print(ReturnInterview.objects.get(episode=episode).pk)
"""
_HELD = """async () => {
  const all = await new Promise((done) => { const asked = indexedDB.open("atlas-typed"); asked.onsuccess = () => done(asked.result); });
  if (!all.objectStoreNames.contains("typed")) { all.close(); return ""; }
  const rows = await new Promise((done) => { const asked = all.transaction("typed").objectStore("typed").getAll(); asked.onsuccess = () => done(asked.result); });
  all.close();
  return rows.map((one) => new TextDecoder("latin1").decode(one.sealed)).join("");
}"""
_DATABASES = "indexedDB.databases().then((all) => all.length)"


def on_the_phone(page: Page) -> str:
    """What rests on the telephone, byte by byte."""
    return str(page.evaluate(_HELD))


def rests(page: Page, least: int) -> int:
    """Wait until so much rests on the telephone, encrypted; gives how much does."""
    for _ in range(200):
        if (held := len(on_the_phone(page))) >= least:
            return held
        page.wait_for_timeout(100)
    raise AssertionError(f"Less than {least} letters rest on the telephone.")


def test_an_hour_without_signal_a_killed_tab_and_an_ended_sign_in_lose_nothing(served: Served, sign_in: Any) -> None:
    # Given an interviewer who opened the form while there was a signal
    page = sign_in("interviewer", phone=True)
    context = page.context
    page.clock.install()
    form = f"/missing/interview/{served.manage('shell', '-c', _BACK).strip().splitlines()[-1]}/record_interview/"
    page.goto(f"{served.address}{form}")
    page.wait_for_selector("html[data-ready]")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # When the network is cut for an hour while the child talks
    context.set_offline(True)
    page.locator("[name=before_words]").fill(BEFORE)
    expect(page.locator("[data-saved]")).to_contain_text("No signal")
    page.clock.fast_forward("01:00:00")
    page.locator("[name=after_words]").fill(AFTER)
    page.clock.fast_forward(3_000)  # the pause after the last key
    expect(page.locator("[data-saved]")).to_contain_text("No signal")
    rests(page, len(BEFORE + AFTER))
    page.clock.fast_forward(11_000)
    held = on_the_phone(page)
    assert len(held) > len(BEFORE + AFTER)
    assert "argued" not in held
    # And no page opens without a signal, which is said in words
    other = context.new_page()
    other.complaints = []
    other.goto(f"{served.address}/")
    expect(other.get_by_role("heading", name="No signal")).to_be_visible()
    picture(other, "no-signal-phone")
    # And the telephone kills the tab, and the sign-in is over when the signal is back
    page.close()
    context.clear_cookies()  # before the signal is back: a tab that is slow to die could still save
    context.set_offline(False)
    other.goto(f"{served.address}{form}")
    assert "/accounts/login/" in other.url
    enter_on(other, served, "interviewer")
    # Then the form offers what was typed, and it is whole
    other.goto(f"{served.address}{form}")
    offered = other.get_by_role("region", name="Not sent yet")
    expect(offered).to_contain_text("You had typed this")
    other.wait_for_selector("html[data-ready]")  # it reloads once, when what was held is on the server
    baseline(other)
    picture(other, "no-signal-offered-phone")
    other.get_by_role("button", name="Put it back").click()
    for name, words in (("before_words", BEFORE), ("after_words", AFTER)):
        expect(other.locator(f"[name={name}]")).to_have_value(words)
    assert on_the_phone(other) == ""
    # And signing out takes the place where it rested with it
    assert other.evaluate(_DATABASES) == 1
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/accounts/**")
    assert other.evaluate(_DATABASES) == 0
