"""A manager restricts a child and proposes to lift that; a second person looks at it and does it. On a desk, and on a phone."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served, baseline, go_to
from tests.journeys.test_spine import picture


def _guard_page(page: Page) -> None:
    page.get_by_role("link", name="Who may see this child?").click()
    baseline(page)


def test_a_child_is_restricted_and_two_people_lift_it(sign_in: Any, served: Served) -> None:
    page = sign_in("team.manager")
    go_to(page, "Team's work")
    page.goto(_first_child(page, served))
    _guard_page(page)
    child_page = page.url
    expect(page.locator("main")).to_contain_text("This child is not restricted")
    page.get_by_role("button", name="Restrict who may see this child").click()
    baseline(page)
    assert page.get_by_label("Hamish Ruiz", exact=False).is_checked()  # the privacy officer is offered
    picture(page, "restrict-wide")
    page.get_by_label("Why?").fill("The family is in the newspapers")
    page.get_by_role("button", name="Restrict the child now").click()
    baseline(page)
    expect(page.locator("main")).to_contain_text("The family is in the newspapers")
    picture(page, "guard-wide")
    page.get_by_role("link", name="This is no longer needed").click()
    page.get_by_label("Why?").fill("The newspapers have lost interest")
    page.get_by_role("button", name="Propose it to a second person").click()
    baseline(page)
    expect(page.locator("main")).to_contain_text("You proposed this yourself")
    second = sign_in("privacy.officer", phone=True)
    go_to(second, "Waiting for a second person")
    baseline(second)
    picture(second, "proposals-narrow")
    second.locator("main a[href*=view_proposal]").first.click()
    baseline(second)
    picture(second, "proposal-narrow")
    second.get_by_role("button", name="Approve").first.click()
    baseline(second)
    second.get_by_role("button", name="Approve it, and do it now").click()
    expect(second.locator("main")).to_contain_text("Approved and done")
    expect(second.locator("main")).not_to_contain_text("Nothing has changed yet")
    page.goto(child_page)
    expect(page.locator("main")).to_contain_text("This child is not restricted")


def _first_child(page: Page, served: Served) -> str:
    """A child of the manager's team, by the number that the front page of the team's work shows."""
    page.goto(f"{served.address}/find_child/")
    page.get_by_label("Name", exact=True).fill("a")
    page.get_by_role("button", name="Find").click()
    found = page.locator("main a[href^='/child/']").first.get_attribute("href")
    assert found
    return f"{served.address}{found}"
