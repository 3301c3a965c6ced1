"""The intelligence unit words what partners may read, a second person releases it, and a vetted social worker reads it: wide and narrow."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served, baseline, go_to
from tests.journeys.test_spine import picture

DESK = "/intelligence/view_intelligence_desk/"


def seen(page: Page, name: str) -> None:
    """Accessible, and kept as a picture, wide and on a phone; nothing runs out of a phone's screen."""
    for size, width in (("wide", 1280), ("phone", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        baseline(page)
        picture(page, f"intelligence-{name}-{size}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, size)


def test_from_an_entry_to_the_child_s_page_of_a_vetted_worker(served: Served, sign_in: Any) -> None:
    # Given the desk of the unit, with something in every part of it
    page = sign_in("intelligence.officer")
    go_to(page, "Intelligence")
    seen(page, "desk")
    # When the officer words the entry that waits, and forgets the checklist
    page.get_by_role("link", name="NM-INT-0104").click()
    page.get_by_label("What partners will read").fill("A shopkeeper thinks that he carries things for older children.")
    page.get_by_role("button", name="Propose this wording").click()
    expect(page.get_by_role("alert")).to_contain_text("Have you checked all of this?")
    seen(page, "propose-errors")
    # Then what was typed is there, and the rest is filled in
    expect(page.get_by_label("What partners will read")).to_have_value("A shopkeeper thinks that he carries things for older children.")
    page.get_by_label("In which month did it happen?").fill("4 2026")
    page.get_by_label("Child at risk").check()
    page.get_by_label("Fact", exact=True).check()
    for name in ("No exact time", "No exact place", "No phrase of the source’s own", "Nothing that only one person could know"):
        page.get_by_label(name, exact=True).check()
        page.get_by_label(f"{name}: what did you look at or change?").fill("Read again")
    page.get_by_role("button", name="Propose this wording").click()
    # And both wordings stand side by side, with what was taken over from the original
    expect(page.get_by_text("A shopkeeper thinks that he carries”")).to_be_visible()
    expect(page.get_by_text("Ask a second person to release it")).to_be_visible()
    seen(page, "proposed")
    page.goto(f"{served.address}/find_child/")
    # When the second person opens it on a phone, with no script
    other = sign_in("intelligence.second", phone=True, script=False)
    other.goto(f"{served.address}{DESK}")
    other.get_by_role("link", name="NM-INT-0103").click()
    expect(other.get_by_text("An exact time: “22:15”")).to_be_visible()
    other.get_by_role("link", name="Send it back").click()
    other.get_by_label("What must be changed before it can be released?").fill("Take the time out")
    other.get_by_role("button", name="Send it back").click()
    expect(other.get_by_text("The last wording was sent back: Take the time out")).to_be_visible()
    other.get_by_role("link", name="NM-INT-0104").click()
    other.get_by_role("button", name="Release this wording").click()
    assert other.url.endswith(DESK)
    # Then a vetted social worker finds what is released on the child's page, with its conditions, on the screen and on paper
    worker = sign_in("social.worker")
    worker.goto(f"{served.address}/find_child/")
    address = served.manage("shell", "-c", _CHILD).strip().splitlines()[-1]
    worker.goto(f"{served.address}/child/{address}/")
    worker.get_by_role("link", name="There is intelligence that you may read").click()
    expect(worker.get_by_text("For the strategy discussion only")).to_be_visible()
    expect(worker.get_by_text("Northmarch Police keeps it for law enforcement").first).to_be_visible()
    seen(worker, "read")
    worker.emulate_media(media="print")
    expect(worker.get_by_text("For the strategy discussion only")).to_be_visible()
    expect(worker.get_by_text("Only for: Fernleigh Council")).to_be_visible()
    picture(worker, "intelligence-read-print")


def test_an_entry_is_recorded_and_what_is_missing_is_said(served: Served, sign_in: Any) -> None:
    page = sign_in("intelligence.officer")
    address = served.manage("shell", "-c", _CHILD).strip().splitlines()[-1]
    page.goto(f"{served.address}/intelligence/child/{address}/record_intelligence/")
    seen(page, "record")
    page.get_by_label("What is known?").fill("A neighbour says so.")
    page.get_by_label("C: sharing permitted with conditions").check()
    page.get_by_role("button", name="Record this intelligence").click()
    expect(page.get_by_role("alert")).to_be_visible()
    seen(page, "record-errors")
    page.goto(f"{served.address}/intelligence/child/{address}/record_old_intelligence/")
    seen(page, "record-old")
    page.goto(f"{served.address}{DESK}")
    page.get_by_role("link", name="NM-INT-0101").click()
    seen(page, "review")


_CHILD = """
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.intelligence.models import Raw
post = Post.objects.select_related("user", "team").get(user__username="intelligence.officer")
with acting_as(post, timezone.now()):
    print(Raw.objects.get(reference="NM-INT-0102").child_id)
"""
