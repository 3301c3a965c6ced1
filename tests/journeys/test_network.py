"""A manager reads whom and what a child is tied to, by keyboard; the worker, on a phone without a script, what is open to a worker and no trace of the rest."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served, baseline

_CHILD = """
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.connections.models import PersonOfConcern
from atlas.gate.context import acting_as
from atlas.network.models import Link
with acting_as(Post.objects.select_related("user", "team__agency").get(user__username="team.manager"), timezone.now()):
    print(Link.objects.filter(person__isnull=False, drawn_in="by_other").values_list("child", flat=True).first())
"""


def seen(page: Page) -> None:
    """Accessible, wide and on a phone; nothing but the picture itself, which can be moved, runs out of a phone's screen."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        baseline(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)


def test_from_the_child_s_page_to_how_a_link_is_known(served: Served, sign_in: Any) -> None:
    # Given a child of Fernleigh whom an adult drew in
    child = served.manage("shell", "-c", _CHILD).strip().splitlines()[-1]
    page = sign_in("team.manager")
    page.goto(f"{served.address}/child/{child}/")
    # When the manager opens the child's connections
    page.get_by_role("link", name="Connections", exact=True).click()
    expect(page.get_by_role("group", name="Connections as of")).to_be_visible()
    seen(page)
    # Then a number of the picture leads, by keyboard, to how that link is known
    page.get_by_role("link", name="Link 1:").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("How do we know?").first).to_be_visible()
    expect(page.get_by_text("Shown until")).to_be_visible()
    seen(page)
    # And the way to the adult is told link by link
    page.goto(f"{served.address}/network/child/{child}/view_way/")
    page.get_by_label("To whom, or to what?").select_option(label="Dale Sample")
    page.get_by_role("button", name="Show the way").click()
    expect(page.get_by_text("The child, in a return interview")).to_be_visible()
    seen(page)
    page.goto(f"{served.address}/network/child/{child}/record_link/")
    seen(page)
    # But the worker, who reads no people of concern, sees no trace of the adult
    worker = sign_in("social.worker", phone=True, script=False)
    worker.goto(f"{served.address}/network/child/{child}/view_network/")
    expect(worker.get_by_role("group", name="Connections as of")).to_be_visible()
    expect(worker.get_by_text("Dale Sample")).to_have_count(0)
