"""What stands in the main case system is never typed in Atlas, and what its own tables ask of an episode goes back as it was typed
(real-life.md point 1). Free words about places and people stay in Atlas: `missing/copies.py` says which parts go.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from atlas.chronology.moments import LONDON
from tests.journeys.conftest import Served
from tests.journeys.test_spine import fill_moment, picture, settled_child

# What the tables of `data/ssd-schema` bring of a child: no form about a known child asks for it.
BROUGHT = re.compile(
    r"\b(first name|forename|surname|date of birth|born|sex|gender|ethnic\w*|NHS number|pupil number|unit?que pupil|nationality|legal status|placement type"
    r"|allocated worker|social worker’s name|child protection plan|address of the child|postcode)\b",
    re.IGNORECASE,
)
OF_THE_CHILD = re.compile(
    r"^/(missing|allocation|sharing|transfers|advice|sealed|connections|child|plans|exploitation|directwork|meetings)/"
)


def forms_from(page: Page, served: Served) -> dict[str, str]:
    """Every form that the links of this page lead to, with what it asks."""
    page.wait_for_load_state()  # links are read at once: the page must be whole
    links = {one.get_attribute("href") or "" for one in page.locator("main a[href]").all()}
    found = {}
    for link in sorted(link for link in links if OF_THE_CHILD.match(link)):
        page.goto(f"{served.address}{link}")
        asked = page.locator("main form label, main form legend").all_inner_texts()
        if asked:
            found[link] = "\n".join(asked)
    return found


def test_nothing_is_typed_that_the_main_system_brought_and_what_was_typed_goes_back(served: Served, sign_in: Any) -> None:
    forename, surname, _ = settled_child(served)
    now = datetime.now(LONDON)
    gone, back = now - timedelta(hours=5), now - timedelta(minutes=10)
    page = sign_in("missing.coordinator")
    # Given a child whom the main system brought: found by name, and shown with all that is known
    page.goto(f"{served.address}/find_child/")
    page.get_by_label("Name").first.fill(f"{forename} {surname}")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=f"Report missing {forename} {surname}").click()
    expect(page.locator("main")).to_contain_text(surname)
    fill_moment(page, "When was the child last seen?", gone)
    page.get_by_label("Where, and by whom?").fill("At the tram stop, by a teacher")
    page.get_by_label("Why are you worried?").fill("Left without a coat after a quarrel")
    page.get_by_label("Who is reporting?").fill("Night carer")
    page.get_by_label("Their telephone number").fill("01632 960177")
    page.get_by_label("Where may the child be, and with whom?").fill("With an older cousin")
    fill_moment(page, "When were the police told?", now - timedelta(hours=4))
    page.get_by_label("Police reference").fill("NM/7781/26")
    page.get_by_role("button", name="Report missing in Atlas").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(surname)
    episode = page.url
    page.get_by_role("button", name="Record the return").click()
    fill_moment(page, "When was the child back", back)
    page.get_by_role("button", name="Record the return").click()
    expect(page.locator("main")).to_contain_text("Return interview")
    # Then no form that leads on from the child, the episode or the interview asks for what the main system holds
    asked: dict[str, str] = {}
    for start in (episode, "interview"):
        page.goto(episode)
        if start == "interview":
            page.get_by_role("link", name="Return interview", exact=False).first.click()
            expect(page.locator("main .govuk-caption-l")).to_contain_text("Return interview")
        asked |= forms_from(page, served)
    assert len(asked) > 12, sorted(asked)
    assert {link: found for link, words in asked.items() if (found := BROUGHT.findall(words))} == {}
    # And what its table of missing episodes asks waits for it, to be sent or pasted
    page.goto(f"{served.address}/copies/view_copies/")
    page.get_by_role("link", name=f"{forename} {surname}: missing episode").click()
    pasted = page.get_by_label("What the copy says").input_value()
    for typed in ("NM/7781/26", f"{gone:%H:%M}", f"{back:%H:%M}"):
        assert typed in pasted
    picture(page, "typed-once")
