"""What was typed outlives its tab; and what two people changed is put before the second, in a real browser, wide and narrow."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served, baseline
from tests.journeys.test_spine import picture

LONG = "She was seen by the bus station with two older friends, and rang her aunt from there. " * 12
_CHANGE = """
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.chronology.moments import Moment
from atlas.gate.context import acting_as
from atlas.missing.commands.episode import record_police_reference
from atlas.missing.models import Episode
from atlas.agencies.models import User
post = Post.objects.select_related("user", "team").get(user__username={who!r})
with acting_as(post, timezone.now()):
    episode = Episode.objects.get(pk={pk!r})
record_police_reference(episode=episode, police_reference={reference!r}, force={force!r}, told_at=Moment(episode.reported_at), by=post, at=timezone.now())
"""


def first_episode(page: Page, served: Served) -> str:
    """The address of an episode of a child who is missing now."""
    page.goto(f"{served.address}/missing/")
    link = page.locator('a[href^="/missing/episode/"]').first
    return str(link.get_attribute("href"))


def test_what_was_typed_outlives_its_tab_and_a_clash_loses_nothing(served: Served, sign_in: Any) -> None:
    # Given a coordinator who types on a phone
    page = sign_in("missing.coordinator", phone=True)
    episode = first_episode(page, served)
    form = f"{served.address}{episode}record_contact_or_sighting/"
    page.goto(form)
    page.get_by_label("What was seen or said?").fill(LONG)
    expect(page.locator("[data-saved]")).to_contain_text("Kept for you", timeout=20_000)
    baseline(page)
    picture(page, "later-phone")
    # When the tab is gone, with a line typed since that was not kept yet
    page.get_by_label("Where?").fill("Bus station")
    again = page.context.new_page()
    page.goto("about:blank")
    page.close()
    again.complaints = []
    # Then a new one offers all of it, once the browser has sent what the old one left
    offered = again.get_by_role("region", name="Not sent yet")
    for _ in range(40):
        again.goto(form)
        expect(offered).to_contain_text("You had typed this")
        if "Bus station" in offered.inner_text():
            break
        again.wait_for_timeout(250)
    baseline(again)
    picture(again, "draft-phone")
    again.set_viewport_size({"width": 1280, "height": 900})
    picture(again, "draft-wide")
    again.get_by_role("button", name="Put it back").click()
    expect(again.get_by_label("What was seen or said?")).to_have_value(LONG.strip() + " ")
    expect(again.get_by_label("Where?")).to_have_value("Bus station")
    # And when somebody else changes what one is changing too
    again.goto(f"{served.address}{episode}record_police_reference/")
    again.get_by_label("Police reference").fill("OURS/1, " + "told by telephone " * 2)
    again.get_by_label("Police force").fill("Northmarch")
    for label, value in (("Day", "1"), ("Month", "1"), ("Year", "2026"), ("Time, 24 hours", "10:00")):
        again.get_by_label(label, exact=True).fill(value)
    change = _CHANGE.format(
        who="missing.coordinator", pk=episode.split("/")[3], reference="THEIRS/2", force="Eastmoor Constabulary, rural division"
    )
    served.manage("shell", "-c", change)
    again.get_by_role("button", name="Save", exact=True).click()
    expect(again.get_by_role("group", name="Police reference: which is right?")).to_be_visible()
    expect(again.locator("main")).to_contain_text("Since you opened this page")
    baseline(again)
    picture(again, "clash-wide")
    again.set_viewport_size({"width": 390, "height": 844})
    picture(again, "clash-phone")
    # Then one chooses by keyboard, field by field, and both are kept as chosen
    again.locator('[id="chosen-police_reference-mine"]').focus()
    again.keyboard.press("Space")
    again.locator('[id="chosen-force-theirs"]').focus()
    again.keyboard.press("Space")
    again.get_by_role("button", name="Save", exact=True).click()
    expect(again.locator("main")).to_contain_text("OURS/1")
    again.goto(f"{served.address}{episode}record_police_reference/")
    expect(again.get_by_label("Police force")).to_have_value("Eastmoor Constabulary, rural division")


def test_a_page_that_outlives_its_sign_in_keeps_what_is_typed_once_one_is_back(served: Served, sign_in: Any) -> None:
    page = sign_in("missing.coordinator", phone=True)
    form = f"{served.address}{first_episode(page, served)}record_police_reference/"
    page.goto(form)
    # Given the session ends while somebody types
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("Police reference").fill("OURS/3, told by telephone")
    said = page.locator("[data-saved]")
    expect(said).to_contain_text("You are signed out. What you typed is still on this page.")
    baseline(page)
    picture(page, "signed-out-phone")
    # When the same person signs in again in another tab: a new sign-in has a new token
    page.context.add_cookies([one for one in cookies if one["name"] != "atlas-form"])
    with page.context.expect_page() as coming:
        said.get_by_role("link", name="Sign in again in a new tab").click()
    coming.value.wait_for_load_state()
    # Then the page that stayed open has kept it, and can be sent
    expect(said).to_contain_text("Kept for you")
    coming.value.reload()
    expect(coming.value.get_by_role("region", name="Not sent yet")).to_contain_text("OURS/3, told by telephone")
